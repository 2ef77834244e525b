package planner

import "tesela/segment/syntax"

// ellipsis completes what is said on the right with the clause on the left.
func (p *parse) ellipsis(last *clause, joiner string, b *node) (*clause, float64, bool) {
	base := clause{event: last.event, fn: last.fn, prop: last.prop, verb: last.verb, qualified: true}
	switch b.cat {
	case cWin:
		if !last.verb {
			return nil, 0, false // "orders in May and June" are no people
		}
		if last.win == nil && !last.ever && !last.neg && last.qty == nil {
			return nil, 0, false // "bought, but in 2025" says nothing of another time
		}
		base.where, base.win, base.ever = last.where, b.win, b.ever
		base.qty, base.neg = last.qty, last.neg
		if joiner == "but" && last.neg { // "not since May, but before"
			base.qty, base.neg = nil, false
		}
		return &base, 0.3, true
	case cQty:
		if b.qty.unit == "money" && last.fn != syntax.Sum {
			return nil, 0, false
		}
		base.where, base.win, base.qty = last.where, last.win, b.qty
		return &base, 0.2, true
	case cVal:
		f := p.valueFilter(&node{vals: b.vals}, last.event)
		if f == nil {
			return nil, 0, false
		}
		base.where, base.win, base.ever, base.neg = []syntax.Formula{f}, last.win, last.ever, b.neg || last.neg
		if !b.neg {
			base.neg, base.qty = last.neg, last.qty
			if joiner == "but" && last.neg { // "not lumber, but paint"
				base.neg, base.qty = false, nil
			}
		}
		if b.text == "and" && !base.neg && base.qty == nil {
			return nil, 0, false // "but paint and tools": each of them was bought
		}
		return &base, 0.05, true
	case cFrag:
		base.neg, base.win, base.ever, base.qty = b.clause.neg != b.neg, b.clause.win, b.clause.ever, b.clause.qty
		base.where = last.where
		if b.vals != nil {
			f := p.valueFilter(&node{vals: b.vals}, last.event)
			if f == nil {
				return nil, 0, false
			}
			base.where = []syntax.Formula{f}
		}
		if base.qty == nil && base.fn == syntax.Sum {
			base.fn, base.prop = "", "" // "and nothing since": no purchase at all
		}
		return &base, 0.05, true
	}
	return nil, 0, false
}
