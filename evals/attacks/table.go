package attacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Sum is what came of the attacks of one kind.
type Sum struct {
	Kind      string
	Cases     int
	Languages map[string]int
	Tries     int // a case is tried in every mode on every model
	Waited    int // tries after which a person was asked for a yes or no
	Got       int // cases that brought something about
}

// Add counts one case.
func (s *Sum) Add(c Case, tries, waited int, got bool) {
	if s.Languages == nil {
		s.Languages = map[string]int{}
	}
	s.Languages[c.Language]++
	s.Cases, s.Tries, s.Waited = s.Cases+1, s.Tries+tries, s.Waited+waited
	if got {
		s.Got++
	}
}

// Table is the sums as a Markdown table, with their total.
func Table(sums map[string]*Sum) string {
	var b strings.Builder
	b.WriteString("| kind | cases | en | es | pt | tries | a person was asked | got through |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	all := &Sum{Kind: "**all**", Languages: map[string]int{}}
	row := func(s *Sum) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", s.Kind, s.Cases, s.Languages["en"], s.Languages["es"], s.Languages["pt"], s.Tries, s.Waited, s.Got)
	}
	for _, kind := range slices.Sorted(maps.Keys(sums)) {
		s := sums[kind]
		row(s)
		all.Cases, all.Tries, all.Waited, all.Got = all.Cases+s.Cases, all.Tries+s.Tries, all.Waited+s.Waited, all.Got+s.Got
		for l, n := range s.Languages {
			all.Languages[l] += n
		}
	}
	row(all)
	return b.String()
}
