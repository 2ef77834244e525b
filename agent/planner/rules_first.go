package planner

import "tesela/segment/syntax"

// firstRules read what the first or the last of something was: "whose first
// order was shoes", "cuya última compra fue de más de 50 euros".
func firstRules() map[pair]rule {
	return map[pair]rule{
		{cLastOf, cVal}: func(p *parse, a, b *node) []*node { return p.wasOf(a, b) },
		{cLastOf, "row filter"}: func(p *parse, a, b *node) []*node {
			f, ok := b.cond.(*syntax.Compare)
			if b.text != a.clause.event || !ok || p.tied(a.clause.event) {
				return nil
			}
			name, ok := f.Left.(*syntax.Name)
			if !ok {
				return nil
			}
			return one(condNode(&syntax.Compare{Left: edgeCall(a, name.Name), Op: f.Op, Right: f.Right}))
		},
		{cLastOf, cQty}:   func(p *parse, a, b *node) []*node { return p.wasWorth(a, b) },
		{cLastOf, cMoney}: func(p *parse, a, b *node) []*node { return p.wasWorth(a, b) },
	}
}

// edgeCall is a property of somebody's first or last row.
func edgeCall(a *node, prop string) *syntax.Call {
	fn := syntax.Earliest
	if a.attr == string(syntax.Last) {
		fn = syntax.Latest
	}
	return &syntax.Call{Fn: fn, Event: a.clause.event, Property: prop, Where: whereOf(a.clause)}
}

// wasOf is that the first or last of something was of a value.
func (p *parse) wasOf(a, b *node) []*node {
	if len(a.clause.where) > 0 || b.text == "and" {
		return nil
	}
	var c syntax.Formula
	switch f := p.valueFilter(b, a.clause.event).(type) {
	case *syntax.Compare:
		name, ok := f.Left.(*syntax.Name)
		if !ok {
			return nil
		}
		c = &syntax.Compare{Left: edgeCall(a, name.Name), Op: f.Op, Right: f.Right}
	case *syntax.In:
		name, ok := f.Value.(*syntax.Name)
		if !ok {
			return nil
		}
		c = &syntax.In{Value: edgeCall(a, name.Name), Not: f.Not, List: f.List}
	default:
		return nil
	}
	n := condNode(c)
	n.simple = !b.neg
	return one(n)
}

// wasWorth is that the first or last of something came to so much.
func (p *parse) wasWorth(a, b *node) []*node {
	q := figure(b)
	if q.unit == "times" || q.unit == "percent" || q.op == "" && !q.isHi || p.tied(a.clause.event) {
		return nil
	}
	sum := p.spendOf(a.clause.event)
	if sum == nil {
		return nil
	}
	return one(condNode(q.condition(edgeCall(a, sum.prop))))
}
