package tools

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/segment/column"
)

// What tells of somebody is taken out of a text and the rest is left as it is,
// whether the values are gone through or looked up.
func TestMask(t *testing.T) {
	search := func() *PersonalSearch {
		return &PersonalSearch{ids: column.NewDict([]string{"c-0042", "17850", "bob", "2011"}), values: []*column.Dict{
			column.NewDict([]string{"Rosa Lima Quintana", "BENÍCIO PRADO", "ana torres", "May", "Paris", "Grace"}),
			column.NewDict([]string{"Quintana", "Prado", "Hopper"}),
			column.NewDict([]string{"rosa.lima", "ben@example.net", "ana92"}),
			column.NewDict([]string{"+34 655 010 203", "655 77 88 99", "4711"}),
			column.NewDict([]string{"12 Main Street", "Calle Mayor 3, 2º B"}),
		}}
	}
	const x = Masked
	for _, p := range []*PersonalSearch{search(), search()} {
		for i, c := range [][2]string{
			{"what did Rosa Lima Quintana buy?", "what did " + x + " buy?"},
			{"what did rosa  lima quintana buy?", "what did " + x + " buy?"},
			{"¿Qué compró Benício Prado, y cuándo?", "¿Qué compró " + x + ", y cuándo?"},
			{"(ANA TORRES)", "(" + x + ")"},
			{"who is Grace Hopper?", "who is " + x + "?"},
			{"Grace, Hopper", "Grace, Hopper"},
			{"quién vive en Calle Mayor 3, 2º B.", "quién vive en " + x + "."},
			{`name = "Ana Torres" and city = "Paris"`, `name = "` + x + `" and city = "Paris"`},
			{"orders of ana92", "orders of " + x},
			{"mail ben@example.net or x.y+z@other.example.org!", "mail " + x + " or " + x + "!"},
			{"it is rosa.lima", "it is " + x},
			{"call 655 77 88 99 now", "call " + x + " now"},
			{"call +34 655 010 203 now", "call " + x + " now"},
			{"call +55 11 4444 5555 please", "call " + x + " please"},
			{"call (91) 655-010-203 now", "call " + x + " now"},
			{"call 655010203", "call " + x},
			{"what did bob buy, and c-0042 and 17850?", "what did " + x + " buy, and " + x + " and " + x + "?"},
			{"revenue in May in Paris", "revenue in May in Paris"},
			{"in 2011, since 2011-01-01T08:00:00Z, to 2011-12-09", "in 2011, since 2011-01-01T08:00:00Z, to 2011-12-09"},
			{"more than 1.000.000.000 or 100,000,000 or 123456789.25", "more than 1.000.000.000 or 100,000,000 or 123456789.25"},
			{"2010 2011 2012 2013, 4711", "2010 2011 2012 2013, 4711"},
			{"", ""},
		} {
			got, n := p.Mask([]string{c[0], "how many?"}, true)
			if got[0] != c[1] || got[1] != "how many?" || (n > 0) != (c[0] != c[1]) {
				t.Errorf("%d: %q becomes %q, %d; want %q", i, c[0], got, n, c[1])
			}
		}
	}
	if got, _ := search().Mask([]string{"what did bob buy for 17850?"}, false); got[0] != "what did bob buy for 17850?" {
		t.Errorf("without ids: %q", got)
	}
	if got := MaskPatterns("Ana Torres is at a@b.example, +34 655 010 203"); got != "Ana Torres is at "+x+", "+x {
		t.Errorf("%q", got)
	}
}

// A question among a million names takes a moment.
func TestMaskAmongMany(t *testing.T) {
	words := make([]string, 300_000)
	for i := range words {
		words[i] = fmt.Sprintf("Name%d Surname%d", i%1000, i)
	}
	p := &PersonalSearch{ids: column.NewDict(nil), values: []*column.Dict{column.NewDict(words)}}
	question := "how many orders did name7 surname7 place in Spain since January, and what about the others?"
	for range 3 {
		start := time.Now()
		got, _ := p.Mask([]string{question}, true)
		if strings.Contains(got[0], "surname7") || !strings.Contains(got[0], "place in Spain since January") {
			t.Error(got)
		}
		t.Log(time.Since(start))
	}
}
