package planner

import (
	"slices"
	"strings"
)

// averages are the measures that are averages as they stand: "on average" adds
// nothing to them.
var averages = []string{"aov", "orders_per_buyer", "revenue_per_buyer", "days_between", "repeat_rate"}

// meanWithin reads a phrase for an average that has "average" amid its words:
// "días promedio entre compras" is "días entre compras".
func (p *parse) meanWithin(i, j int) {
	if j-i < 3 {
		return
	}
	for k := i + 1; k < j-1; k++ {
		if p.statAt(k) != "mean" {
			continue
		}
		folded, _, ok := p.phrase(i, k)
		rest, _, rok := p.phrase(k+1, j)
		if !ok || !rok {
			return
		}
		for _, e := range p.lex.exact[strings.Join([]string{folded, rest}, " ")] {
			if e.cat == "measures" && slices.Contains(averages, e.attr) {
				p.lexLeaf(i, j, e, p.lex, costStem)
			}
		}
		return
	}
}
