package planner

import "tesela/segment/syntax"

// kindRules read "form of payment": the field that is told apart, whatever its
// name says of kinds.
func kindRules() map[pair]rule {
	return map[pair]rule{
		{"kind_of", cField}: func(p *parse, _, b *node) []*node {
			x := *b
			x.cost, x.fields = 0.05, nil
			for _, fi := range b.fields {
				if f := p.ix.fields[fi]; f.isText() {
					x.fields = append(x.fields, fi)
				}
			}
			if len(x.fields) == 0 || p.core(b) > b.from && !p.holds(b, "of") {
				return nil
			}
			return one(&x)
		},
	}
}

// aside tells whether a node stands in brackets, right behind what it says
// again.
func (p *parse) aside(from int, n *node) bool {
	return from < n.to && p.toks[from].kind == tokBreak && p.toks[from].folded == "("
}

// repeats tells whether a value is but the one before in the data's own words:
// "North America (north_america)".
func (p *parse) repeats(a, b *node) bool {
	if b.neg || !p.aside(a.to, b) {
		return false
	}
	for _, v := range b.vals {
		for _, w := range a.vals {
			if v == w {
				return true
			}
		}
	}
	return false
}

// isObjectOf tells whether a bare event is what the verb before it is said of:
// two events, and what is said of the second is as well of the first.
func (p *parse) isObjectOf(a, b *node) bool {
	if a.cat != cClause || b.cat != cClause || b.from < a.to || b.from > a.to+1 || a.clause.event == b.clause.event {
		return false
	}
	if b.from > a.to && (!p.isGlue(a.to) || p.toks[a.to].kind == tokBreak) {
		return false
	}
	x, y := a.clause, b.clause
	return x.verb && !x.weak && !x.person && (!y.verb || y.weak) && !y.neg && y.fn == "" && (y.qty == nil || y.qty.unit == "" || y.qty.unit == "times") &&
		x.win == nil && x.qty == nil && len(x.where) == 0 && !p.had(b) && p.core(b)-b.from < 2 && !p.breaks(a.to, b)
}

// doneTo is "opened a case", where e-mails are opened too: the verb says only
// that there was one.
func (p *parse) doneTo(a, b *node) bool {
	x, y := a.clause, b.clause
	if x.event == y.event || !x.verb || x.qualified || y.verb || y.fn != "" || p.isMessageEvent(y.event) || p.core(b)-a.to > 1 || p.breaks(a.to, b) {
		return false
	}
	folded, _, ok := p.phrase(p.core(a), a.to)
	if !ok {
		return false
	}
	for _, e := range p.lex.exact[folded] {
		if e.cat == "light_else" && p.ix.events[e.attr] == x.event {
			return true
		}
	}
	return false
}

// oneOf tells whether people are named in the singular, as one who is asked
// for: "which customer", "o cliente".
func (p *parse) oneOf(n *node) bool {
	w := p.toks[n.to-1].folded
	if n.num != nil || len(w) < 3 || w[len(w)-1] == 's' {
		return false
	}
	at := n.to - 2
	if at < 0 {
		return false
	}
	for _, e := range p.lex.exact[p.toks[at].folded] {
		if e.cat == "one_of" {
			return true
		}
	}
	return false
}

// holds tells whether some word of a node is one of a category by itself.
func (p *parse) holds(n *node, cat string) bool {
	for _, t := range p.toks[n.from:n.to] {
		for _, e := range p.meanings(t.folded) {
			if e.cat == cat {
				return true
			}
		}
	}
	return false
}

// namesAccount tells whether a word is one for businesses that are customers.
func (p *parse) namesAccount(folded string) bool {
	for _, form := range []string{folded, folded[:len(folded)-1]} {
		for _, e := range p.lex.exact[form] {
			if e.cat == "concepts" && e.attr == "account" {
				return true
			}
		}
	}
	return false
}

func assumes(list []assumption, code string) bool {
	for _, a := range list {
		if a.code == code {
			return true
		}
	}
	return false
}

// ofPeople tells whether a thing is said to be people's: "orders of customers
// who accept e-mails", "orders placed by customers who visited".
func (s *parts) ofPeople(c *node) bool {
	if s.custAt < c.to || s.asks["ask_list"] && c.cat != cField && c.cat != cFields {
		return false
	}
	for k := c.to; k < len(s.p.toks); k++ {
		if s.p.toks[k].kind != tokWord {
			return false
		}
		if s.p.holdsOneOf(k, "of", "by", "from_people") {
			return true
		}
		if !s.p.isGlue(k) && !s.p.holdsOneOf(k, "light") && !s.p.participle(k) && !s.p.participles(k) {
			return false
		}
	}
	return false
}

// onlyElsewhere tells whether a name goes by a word in other languages only, as
// a statement: "pagos" of the Portuguese verb, in a Spanish question.
func (p *parse) onlyElsewhere(refs []nameRef) bool {
	for _, r := range refs {
		if !r.verb || r.lang == "" || r.lang == p.lang {
			return false
		}
	}
	return true
}

// begins tells whether a phrase is but the beginning of a longer one of a
// category.
func (p *parse) begins(i, j int, cat string, lx *lexicon) bool {
	if j >= len(p.toks) {
		return false
	}
	folded, _, ok := p.phrase(i, j+1)
	if !ok {
		return false
	}
	for _, e := range lx.exact[folded] {
		if e.cat == cat {
			return true
		}
	}
	return false
}

// addedUp is "redeemed more than 1,000 points": so many in all, which is not
// said to be at once; nil where a row is spoken of.
func (p *parse) addedUp(a, b *node) *node {
	c := a.clause
	if b.attr != "figure" || !c.verb || c.weak || c.person || c.qty != nil || c.fn != "" || b.from != a.to {
		return nil
	}
	f, ok := b.cond.(*syntax.Compare)
	if !ok || f.Op == syntax.Eq || f.Op == syntax.Ne {
		return nil
	}
	name, ok := f.Left.(*syntax.Name)
	if !ok {
		return nil
	}
	fi := p.ix.find(c.event, name.Name)
	if fi < 0 || p.ix.fields[fi].kind != "number" || overlaps([]int{fi}, p.ix.concepts["score"]) || overlaps([]int{fi}, p.ix.concepts["price"]) {
		return nil
	}
	if p.holds(&node{from: b.from, to: b.from + 1}, "of") || p.had(b) {
		return nil
	}
	v, ok := f.Right.(*syntax.Number)
	if !ok {
		return nil
	}
	x := c.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Sum, name.Name, &qty{op: f.Op, lo: v.Text} })
	return &node{cat: cClause, clause: x, cost: 0.02}
}
