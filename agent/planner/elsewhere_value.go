package planner

import (
	"regexp"
	"slices"

	"tesela/tools"
)

// isText finds the comparisons of a formula with a text.
var isText = regexp.MustCompile("(`[^`]+`|[\\pL_][\\pL\\pN_]*) = (\"(?:[^\"\\\\]|\\\\.)*\")")

// sameWordElsewhere tells whether two plans take a value that two fields know for
// one of each, "orders of Porto" for those of the brand and of the city, and are
// the same otherwise: neither is likely enough, whatever time is said with it.
// Where people are named, the word is theirs.
func (p *parse) sameWordElsewhere(a, b *plan) bool {
	x, ok := a.args.(tools.MeasureArgs)
	y, both := b.args.(tools.MeasureArgs)
	if !ok || !both || !slices.Equal(x.Measures, y.Measures) || len(x.GroupBy)+len(y.GroupBy) > 0 || x.Per != y.Per || x.Window != y.Window || (x.Where == "") == (y.Where == "") {
		return false
	}
	for i := range p.toks {
		if slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool { return n.cat == cCust && n.cost < costFuzzy }) {
			return false
		}
	}
	one, other := isText.FindAllStringSubmatch(x.Where+" "+x.Formula, -1), isText.FindAllStringSubmatch(y.Where+" "+y.Formula, -1)
	return len(one) == 1 && len(other) == 1 && one[0][2] == other[0][2] && one[0][1] != other[0][1]
}
