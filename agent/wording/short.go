package wording

import (
	"slices"
	"strings"
)

// Short is a result's figures in a few words of plain text, as beside a choice:
// "31 (1.6%)", "€1,204.50"; "" where it has none.
func (l *Language) Short(c Call) string {
	var parts []string
	share := ""
	facts := slices.DeleteFunc(l.Values(c), func(f Fact) bool { return f.Key == "base" })
	for _, f := range facts {
		if f.Key == "share" && len(facts) == 2 {
			share = " (" + f.Value + ")"
			continue
		}
		parts = append(parts, f.Value)
	}
	return strings.Join(parts, ", ") + share
}
