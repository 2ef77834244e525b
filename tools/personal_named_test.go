package tools

import (
	"testing"

	"tesela/segment"
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

// What a result tells in its rows can be left out of it; what it tells in its
// values, title, notes and segments cannot.
func TestNamesInResults(t *testing.T) {
	names, err := loadPersonal()
	if err != nil {
		t.Fatal(err)
	}
	schema := &segment.Schema{Traits: []segment.Field{{Name: "name", Kind: column.Text}, {Name: "email", Kind: column.Text}, {Name: "country", Kind: column.Text}}}
	p := &PersonalSearch{
		ids: column.NewDict(nil), call: call{box: &Box{personal: names}, schema: schema},
		values: []*column.Dict{column.NewDict([]string{"Rosa Lima", "Spain"}), column.NewDict([]string{"rosa@example.org"})},
	}
	table := func(cells ...any) *Result {
		r := &Result{Columns: []Column{{Name: "what", Kind: "text"}, {Name: "count", Kind: "count"}}}
		for _, c := range cells {
			r.Rows = append(r.Rows, []any{c, 1})
		}
		return r
	}
	for name, c := range map[string]struct {
		r         *Result
		rows, all bool
	}{
		"countries":              {table("Spain", "Portugal", "5012345678900"), false, false},
		"a name":                 {table("Spain", "Rosa Lima"), true, false},
		"an address":             {table("write to rosa@example.org"), true, false},
		"a definition":           {table(`email = "somebody@example.org"`), true, false},
		"a harmless definition":  {table(`country = "Spain" and email is set`), false, false},
		"a title":                {&Result{Title: "Save the segment “Rosa Lima”"}, false, true},
		"a note":                 {&Result{Notes: []string{"as rosa lima, say"}}, false, true},
		"a value":                {&Result{Values: map[string]any{"who": "Rosa Lima"}}, false, true},
		"a segment's name":       {&Result{Segments: []Segment{{Name: "Rosa Lima"}}}, false, true},
		"a segment's definition": {&Result{Segments: []Segment{{Name: "VIP", Formula: `name in ("A B", "C D")`}}}, false, true},
		"what it overlaps":       {&Result{Segments: []Segment{{Name: "VIP", Overlaps: []Overlap{{Name: "Rosa Lima"}}}}}, false, true},
		"a segment":              {&Result{Segments: []Segment{{Name: "VIP", Formula: `country = "Spain"`, Text: "customers of Spain"}}}, false, false},
	} {
		got := p.In("what is there", []Told{{Result: c.r}})
		if got.Rows[0] != c.rows || (got.Elsewhere != "") != c.all {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
