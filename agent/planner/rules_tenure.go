package planner

import (
	"math/big"
	"slices"
	"strconv"

	"tesela/segment/syntax"
)

// The categories of how long people have been customers, and of tens of years.
const (
	cTenure cat = "tenure of"   // "with us for over two years"
	cDecade cat = "decade of"   // "the 40s"
	cMark   cat = "decade_mark" // the "s" of "40s"
)

// tenureRules read how long people have been customers ("with us for over two
// years", "clientes desde antes de 2020") and ages by tens ("in their 30s").
func tenureRules() map[pair]rule {
	long := func(p *parse, d *syntax.Duration, op string) []*node {
		w := &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: d}}
		if op == "<" || op == "<=" {
			w = &syntax.Window{Kind: syntax.WindowLast, Duration: *d}
		}
		return p.joined(w)
	}
	return map[pair]rule{
		{"tenure", cQtyDur}:       func(p *parse, _, b *node) []*node { return long(p, b.dur, b.attr) },
		{"tenure", cDur}:          func(p *parse, _, b *node) []*node { return long(p, b.dur, ">=") },
		{cQtyDur, "tenure_after"}: func(p *parse, a, _ *node) []*node { return long(p, a.dur, a.attr) },
		{cDur, "tenure_after"}:    func(p *parse, a, _ *node) []*node { return long(p, a.dur, ">=") },
		{"since_before", cSpan}: func(p *parse, _, b *node) []*node {
			if b.text == rangeText {
				return nil
			}
			return p.joined(p.beforeWindow(b.start).win)
		},
		{"since_before", cDur}: func(p *parse, _, b *node) []*node { return long(p, b.dur, ">=") },
		{cCust, "age of event"}: func(p *parse, a, b *node) []*node { // "clientes há mais de um ano"
			return long(p, b.dur, b.attr)
		},
		{"count customers", "age of event"}: func(p *parse, a, b *node) []*node { return long(p, b.dur, b.attr) },
		{"age of event", cClause}: func(p *parse, a, b *node) []*node { // "há mais de um ano sem comprar"
			if !b.clause.neg || a.attr != ">" && a.attr != ">=" {
				return nil
			}
			return p.clauseWindow(b, lastWindow(*a.dur), 0.05)
		},
		{cNum, cMark}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cDecade, num: a.num, form: "marked"})
		},
		{"decade_before", cNum}: func(p *parse, a, b *node) []*node {
			if !p.standsAlone(b.to) {
				return nil // "in their 20 orders"
			}
			return p.tens(b.num)
		},
		{"decade_before", cDecade}: func(p *parse, _, b *node) []*node { return p.tens(b.num) },
		{"decade_before", cDur}: func(p *parse, _, b *node) []*node { // "na casa dos 30 anos"
			if b.dur.Unit != syntax.Year {
				return nil
			}
			return p.tens(big.NewRat(int64(b.dur.N), 1))
		},
		{cQty, cMark}: func(p *parse, a, _ *node) []*node { // "over 65s"
			if a.qty.op == "" {
				return nil
			}
			return p.age(figure(a))
		},
	}
}

// joined is that people became customers in a time; what is missing where the
// data do not tell when.
func (p *parse) joined(w *syntax.Window) []*node {
	for _, fi := range p.signups() {
		n := condNode(&syntax.Within{Value: &syntax.Name{Name: p.ix.fields[fi].name}, Window: w})
		n.cost = plainGain
		return one(n)
	}
	return one(&node{cat: cMissing, attr: "signup", word: "signup", cost: costMissing})
}

// addTens enters an age by tens, or that the data do not tell it.
func (p *parse) addTens(i, j int, cost float64, ten *big.Rat) {
	list := p.tens(ten)
	if len(list) == 0 {
		list = one(&node{cat: cMissing, attr: "age", word: p.typed(i, j), cost: costMissing})
	}
	for _, n := range list {
		n.from, n.to = i, j
		n.cost += cost
		p.add(n)
	}
}

// standsAlone tells whether what ends before a token counts nothing behind it.
func (p *parse) standsAlone(i int) bool {
	if i == len(p.toks) {
		return true
	}
	for _, n := range p.cells[i][i+1] {
		if n.cat == cGlue || n.cat == cBreak || n.cat == "and" || n.cat == "or" || n.cat == "but" || n.cat == "units" && n.attr == "y" {
			return true
		}
	}
	return false
}

// tens is an age from a full ten of years to before the next.
func (p *parse) tens(n *big.Rat) []*node {
	if !n.IsInt() || !n.Num().IsInt64() {
		return nil
	}
	k := n.Num().Int64()
	if k < 20 || k > 90 || k%10 != 0 {
		return nil
	}
	return p.age(&qty{op: syntax.Ge, lo: strconv.FormatInt(k, 10), hi: strconv.FormatInt(k+9, 10), isHi: true})
}

// signups are the dates that people became customers on.
func (p *parse) signups() []int {
	return slices.DeleteFunc(slices.Clone(p.ix.concepts["signup"]), func(fi int) bool {
		f := p.ix.fields[fi]
		return f.event != "" || !f.isTime()
	})
}
