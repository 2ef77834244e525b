package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// Customers "acquired online" are those whose channel says so: no purchase is
// told of, nor is it said since when they are customers.

// broughtBy tells whether a bare word for a purchase, which says as well how
// somebody was come by, stands right before the way that people came.
func (p *parse) broughtBy(a, b *node) bool {
	if a.cat != cClause || a.clause.qualified || a.clause.neg || b.cat != cVal || b.from != a.to || !p.isWord(a.to-1, "light") {
		return false
	}
	return slices.ContainsFunc(b.vals, func(v valueRef) bool { return p.wayOfComing(v.field) })
}

// cameBy tells whether new buyers are told by the way that they came, the value
// of a trait for it: that is said of people, whenever they bought.
func (s *parts) cameBy() bool {
	m := s.meas[0].meas
	if !slices.Equal(m.exprs, []string{"new_buyers"}) {
		return false
	}
	return slices.ContainsFunc(s.conds, func(c *node) bool {
		return c.cat == cVal && slices.ContainsFunc(c.vals, func(v valueRef) bool { return s.p.wayOfComing(v.field) })
	}) || slices.ContainsFunc(m.base, func(f syntax.Formula) bool {
		c, ok := f.(*syntax.Compare)
		if !ok {
			return false
		}
		name, ok := c.Left.(*syntax.Name)
		return ok && s.p.wayOfComing(s.p.ix.find("", name.Name))
	})
}

// wayOfComing tells whether a field is the channel that people came by, or
// called after it: canal_entrada.
func (p *parse) wayOfComing(field int) bool {
	if field < 0 || p.ix.fields[field].event != "" {
		return false
	}
	if overlaps([]int{field}, p.ix.concepts["channel"]) {
		return true
	}
	words := strings.Fields(fold(p.ix.fields[field].name))
	return slices.ContainsFunc(append(p.others[:len(p.others):len(p.others)], p.lex), func(lx *lexicon) bool {
		return slices.ContainsFunc(words, func(w string) bool { return has(lx.exact[w], entry{"concepts", "channel", "noun"}) })
	})
}
