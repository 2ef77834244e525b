package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// Of "women who bought shoes or men who bought books" the chart joins "shoes or
// men", the nearest two. But where what stands behind the "or" is another value of
// a trait that was told before it, two kinds of people are told of, each with what
// is said of it: "men under 25 or women over 60".

// kindsApart gives the readings of parts that tell of several kinds of people; nil
// where they do not.
func (p *parse) kindsApart(d derivation) []derivation {
	for k, x := range d.parts {
		if len(x.sides) != 2 {
			continue
		}
		for i, y := range d.parts[:k] {
			c := p.asCond(y)
			if c == nil || !anotherKind(c.cond, x.sides[1].cond) || saysTraitOf(x.sides[0].cond, x.sides[1].cond) {
				continue
			}
			return p.kindsFrom(d, i, k)
		}
	}
	return nil
}

// kindsFrom parts people from the kind that part i names, of which the "or" of part
// k tells the second.
func (p *parse) kindsFrom(d derivation, i, k int) []derivation {
	whole := &node{cat: cCond, from: d.parts[i].from, to: d.parts[k].to}
	kinds, rest := [][]*node{nil}, []*node(nil)
	add := func(n *node) bool {
		c := p.asCond(n)
		if c == nil {
			return false
		}
		last := len(kinds) - 1
		kinds[last] = append(kinds[last], c)
		whole.bare = append(whole.bare, c.bare...)
		return true
	}
	before := false
	for j, x := range d.parts {
		switch {
		case j < i:
			rest = append(rest, x)
			before = before || p.asCond(x) != nil
			continue
		case len(x.sides) == 2 && (j == k || anotherKind(kinds[0][0].cond, x.sides[1].cond)):
			if !add(x.sides[0]) {
				return nil
			}
			kinds = append(kinds, nil)
			if !add(x.sides[1]) {
				return nil
			}
		case j > k && x.cat == cQty:
			of := kinds[len(kinds)-2]
			n := p.sameFigure(of[len(of)-1], x)
			if n == nil {
				rest = append(rest, x)
				continue
			}
			add(n)
		case p.asCond(x) != nil:
			add(x)
		default:
			rest = append(rest, x)
			continue
		}
		whole.to, whole.assume = x.to, joinAssumptions(whole.assume, x.assume)
	}
	read := func(kinds [][]*node, cost float64) derivation {
		n := *whole
		n.cond = syntax.Any(eachKind(kinds)...)
		at := slices.IndexFunc(rest, func(x *node) bool { return x.from > n.from })
		if at < 0 {
			at = len(rest)
		}
		return derivation{parts: slices.Insert(slices.Clone(rest), at, &n), cost: d.cost + cost, loose: d.loose}
	}
	for _, f := range kinds {
		if contradict(conditions(f)) {
			return nil
		}
	}
	out := []derivation{read(kinds, 0)}
	if spread := inItsTime(kinds); spread != nil {
		out = append(out, read(spread, 0.05))
	}
	// "Spanish women over 50 or men over 60": of all men, or of Spanish ones.
	if more := factors(kinds[0][0].cond); !before && len(more) > len(factors(kinds[1][0].cond)) {
		own := slices.DeleteFunc(slices.Clone(more), func(f syntax.Formula) bool { return !saysTraitOf(f, kinds[1][0].cond) })
		shared := slices.DeleteFunc(slices.Clone(more), func(f syntax.Formula) bool { return saysTraitOf(f, kinds[1][0].cond) })
		again := slices.Clone(kinds)
		again[0] = append([]*node{condNode(syntax.All(own...))}, kinds[0][1:]...)
		x := read(again, 0.05)
		at := slices.IndexFunc(x.parts, func(n *node) bool { return n.from == whole.from && n.cat == cCond })
		x.parts = slices.Insert(x.parts, at, &node{cat: cCond, from: whole.from, to: whole.from, cond: syntax.All(shared...)})
		out = append(out, x)
	}
	return out
}

// anotherKind tells whether two conditions say a trait to be different things.
func anotherKind(a, b syntax.Formula) bool {
	for _, f := range factors(a) {
		for _, g := range factors(b) {
			if t := saidToBe(f); t != "" && t == saidToBe(g) && !syntax.Equal(f, g) {
				return true
			}
		}
	}
	return false
}

// saysTraitOf tells whether a condition speaks of a trait that another tells of.
func saysTraitOf(f, of syntax.Formula) bool {
	traits := map[string]bool{}
	for _, g := range factors(of) {
		if t := saidToBe(g); t != "" {
			traits[t] = true
		}
	}
	found := false
	syntax.Walk(f, func(n syntax.Node) bool {
		if g, ok := n.(syntax.Formula); ok {
			found = found || traits[saidToBe(g)]
		}
		return !found
	})
	return found
}

// sameFigure takes a bare comparison for one of what the kind before was compared
// by: "gold ones with more than 5 orders or silver ones with more than 10", "over
// 60 or under 25".
func (p *parse) sameFigure(of, q *node) *node {
	if of.last != nil {
		if c, cost, ok := p.ellipsis(of.last, "or", q); ok {
			return &node{cat: cClause, from: q.from, to: q.to, clause: c, cost: cost, assume: q.assume}
		}
		return nil
	}
	if c, ok := of.cond.(*syntax.Compare); ok && traitOf(c) != "" && q.qty.unit == "" {
		if _, isNumber := c.Right.(*syntax.Number); isNumber {
			return condNode(figure(q).condition(c.Left))
		}
	}
	if assumes(of.assume, "age") || assumes(of.assume, "as_age") {
		if list := p.age(figure(q)); list != nil {
			return list[0]
		}
	}
	return nil
}

// inItsTime gives what was said of the kinds before the last the time of the last
// one, where they have none; nil where it has none to give.
func inItsTime(kinds [][]*node) [][]*node {
	last := kinds[len(kinds)-1]
	tail := last[len(last)-1].last
	if tail == nil || tail.win == nil {
		return nil
	}
	given := false
	out := slices.Clone(kinds)
	for k, list := range kinds[:len(kinds)-1] {
		out[k] = slices.Clone(list)
		for i, n := range list {
			for _, w := range n.windows {
				x := *n
				x.cond = replaceFormula(x.cond, w.formula(), w.with(func(c *clause) { c.win = tail.win }).formula())
				n, out[k][i], given = &x, &x, true
			}
		}
	}
	if !given {
		return nil
	}
	return out
}

// eachKind is what is said of each kind as one condition.
func eachKind(kinds [][]*node) []syntax.Formula {
	var out []syntax.Formula
	for _, list := range kinds {
		out = append(out, syntax.All(dropImplied(conditions(list))...))
	}
	return out
}

func conditions(list []*node) []syntax.Formula {
	var out []syntax.Formula
	for _, n := range list {
		out = append(out, n.cond)
	}
	return out
}

// deadSide tells whether one side of an "or" cannot be beside the other conditions,
// or says no more than the other: nobody says such a side.
func deadSide(all []syntax.Formula) bool {
	for i, f := range all {
		or, ok := f.(*syntax.Or)
		if !ok {
			continue
		}
		rest := slices.Delete(slices.Clone(all), i, i+1)
		for k, t := range or.Terms {
			if contradict(append(rest[:len(rest):len(rest)], factors(t)...)) {
				return true
			}
			for _, u := range or.Terms[:k] {
				a, ok1 := t.(*syntax.Compare)
				b, ok2 := u.(*syntax.Compare)
				if ok1 && ok2 && a.Op == b.Op && a.Op != syntax.Eq && a.Op != syntax.Ne && syntax.Equal(a.Left, b.Left) {
					return true // "more than 5 or more than 10"
				}
			}
		}
	}
	return false
}
