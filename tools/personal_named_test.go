package tools

import (
	"testing"

	"tesela/segment/column"
)

// Who is named in a question is found by what their personal fields hold,
// however it is written; words that are somebody's name among others are not.
func TestNames(t *testing.T) {
	p := &PersonalSearch{ids: column.NewDict(nil), values: []*column.Dict{
		column.NewDict([]string{"Rosa Lima Quintana", "BENÍCIO PRADO", "ana torres", "May", "Paris", "Grace"}),
		column.NewDict([]string{"Quintana", "Prado", "Hopper"}),
		column.NewDict([]string{"rosa.lima", "ben@example.net", "ana92"}),
		column.NewDict([]string{"+34 655 010 203", "11 91234-5678", "4711"}),
		column.NewDict([]string{"12 Main Street", "Calle Mayor 3, 2º B"}),
	}}
	for text, want := range map[string]bool{
		"what did Rosa Lima Quintana buy?":               true,
		"what did rosa  lima quintana buy?":              true,
		"¿Qué compró Benício Prado?":                     true,
		"ANA TORRES, please":                             true,
		"who is (Ana Torres)":                            true,
		"who is Grace Hopper?":                           true,
		"who lives at 12 main street?":                   true,
		"quién vive en Calle Mayor 3, 2º B":              true,
		"orders of ana92":                                true,
		"who has the phone +34 655 010 203":              true,
		"call 11 91234-5678":                             true,
		"call +55 11 4444 5555 please":                   true, // nobody's here, but somebody's
		"call 655010203":                                 true,
		"call (91) 655-010-203 now":                      true,
		"revenue in May":                                 false,
		"customers in Paris":                             false,
		"customers in Paris, May and Grace":              false,
		"revenue by month from 2011-01-01 to 2011-12-09": false,
		"since 2011-01-01T08:00:00Z":                     false,
		"customers who spent more than 1.000.000.000":    false,
		"customers who spent more than 100,000,000":      false,
		"2010 2011 2012 2013":                            false,
		"more than 4711":                                 false,
		"+10% more than 5 orders":                        false,
		"how many customers ordered at least twice?":     false,
		"": false,
	} {
		if got := p.names(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if got := p.In(text, nil).Any(); got != want {
			t.Errorf("%q is looked through: %v", text, got)
		}
	}
}
