package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// answerRules read what people said to what they were asked ("accepted",
// "refused", "did not say"), and what nobody knows of them ("left blank").
func answerRules() map[pair]rule {
	said := func(yes bool) rule {
		return func(p *parse, a, b *node) []*node {
			if b.cat == cField {
				return p.answered(b, yes)
			}
			return p.answered(a, yes)
		}
	}
	unknown := func(p *parse, a, b *node) []*node {
		if b.cat == cField {
			return p.unanswered(b)
		}
		return p.unanswered(a)
	}
	return map[pair]rule{
		{"said_yes", cField}: said(true),
		{cField, "said_yes"}: said(true),
		{"said_no", cField}:  said(false),
		{cField, "said_no"}:  said(false),

		{"unknown_of", cField}: unknown,
		{cField, "unknown_of"}: unknown,
		{"not_given", cField}:  func(p *parse, _, b *node) []*node { return p.fieldSet(b, true) },
		{"unknown_of", cCond}: func(_ *parse, _, b *node) []*node { // "we do not know whether they want it"
			if isNeither(b) { // "we know neither": one negation
				x := *b
				x.cost = 0
				return one(&x)
			}
			c, ok := b.cond.(*syntax.Compare)
			if !ok || c.Op != syntax.Eq || !b.simple {
				return nil
			}
			if v, ok := c.Right.(*syntax.Bool); !ok || !v.Value {
				return nil
			}
			return one(condNode(&syntax.IsSet{Value: c.Left, Not: true}))
		},
		{"known", cCond}: func(_ *parse, _, b *node) []*node { // "we know neither"
			if !isNeither(b) {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		},
		{"including", "unanswered"}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: "included", text: "unanswered", cost: -0.1}) },

		// "accept e-mails", "consent to newsletters": of all that they agreed to.
		{cField, "message"}: func(p *parse, a, b *node) []*node { return p.consentTo(a.fields, a.form, b) },
		{"message", cField}: func(p *parse, a, b *node) []*node { return p.consentTo(b.fields, b.form, a) },
		{"said_yes", "message"}: func(p *parse, _, b *node) []*node {
			return p.answeredAll(p.consentTo(p.consents(), "noun", b), true)
		},
		{"said_no", "message"}: func(p *parse, _, b *node) []*node {
			return p.answeredAll(p.consentTo(p.consents(), "noun", b), false)
		},
		{cPart, cField}:    func(p *parse, a, b *node) []*node { return p.joinSets(a, b) },
		{cPart, "message"}: func(p *parse, a, b *node) []*node { return p.joinConsents(a, b) },
		{cCond, "both_of"}: func(_ *parse, a, _ *node) []*node { // "e-mail and phone, both of them"
			if _, ok := a.cond.(*syntax.And); !ok {
				return nil
			}
			x := *a
			x.cost = 0
			return one(&x)
		},
	}
}

// answered is a yes-or-no field of people with an answer.
func (p *parse) answered(b *node, yes bool) []*node {
	var out []*node
	for _, fi := range b.fields {
		if f := p.ix.fields[fi]; f.event == "" && f.kind == "bool" {
			n := condNode(&syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: yes}})
			n.cost = 0.02
			out = append(out, n)
		}
	}
	return out
}

func (p *parse) answeredAll(list []*node, yes bool) (out []*node) {
	for _, n := range list {
		for _, x := range p.answered(n, yes) {
			x.cost += n.cost
			out = append(out, x)
		}
	}
	return out
}

// unanswered is a field of people that has nothing in it, a yes-or-no one too.
func (p *parse) unanswered(b *node) []*node {
	var out []*node
	for _, fi := range b.fields {
		if f := p.ix.fields[fi]; f.event == "" {
			n := condNode(&syntax.IsSet{Value: &syntax.Name{Name: f.name}, Not: true})
			n.cost = 0.03
			out = append(out, n)
		}
	}
	return out
}

// consentTo narrows what people agree to by the kind of message that is named.
func (p *parse) consentTo(fields []int, form string, message *node) []*node {
	if message.neg || message.qty != nil {
		return nil
	}
	var all, named []int
	for _, fi := range fields {
		if f := p.ix.fields[fi]; f.event != "" || f.kind != "bool" || !slices.Contains(p.consents(), fi) {
			continue
		}
		all = append(all, fi)
		if p.namesMessage(fi, message) {
			named = append(named, fi)
		}
	}
	if len(all) > 1 {
		all = named
	}
	if len(all) != 1 {
		return nil
	}
	return one(&node{cat: cField, fields: all, form: form, cost: -0.05})
}

// namesMessage tells whether a field's name has a word of the kind of message.
func (p *parse) namesMessage(field int, message *node) bool {
	name := strings.ReplaceAll(fold(p.ix.fields[field].name), " ", "")
	for k := p.core(message); k < message.to; k++ {
		if w := strings.TrimSuffix(p.toks[k].folded, "s"); len(w) > 2 && strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// joinSets is "without a city and a phone": what is said of the first field
// holds for the next.
func (p *parse) joinSets(a, b *node) []*node {
	l := a.left
	if l.cat != cCond || a.joiner == "versus" || a.joiner == "but" || b.num != nil || p.after(b, "by") {
		return nil // "without an e-mail, by city" is told apart by it
	}
	last, ok := edge(l.cond, false).(*syntax.IsSet)
	if !ok || last.Not && a.joiner == "or" {
		return nil // "without a city or a phone": either, or both
	}
	var out []*node
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != "" || f.kind == "bool" {
			continue
		}
		c := &syntax.IsSet{Value: &syntax.Name{Name: f.name}, Not: last.Not}
		n := &node{cat: cCond, cost: 0.05}
		if a.joiner == "or" {
			n.cond = syntax.Any(l.cond, c)
		} else {
			n.cond = syntax.All(l.cond, c)
		}
		out = append(out, n)
	}
	return out
}

// joinConsents is "accept text messages and e-mails".
func (p *parse) joinConsents(a, b *node) []*node {
	l := a.left
	if l.cat != cCond || a.joiner == "versus" || a.joiner == "but" || b.neg || b.qty != nil {
		return nil
	}
	last, ok := edge(l.cond, false).(*syntax.Compare)
	if !ok {
		return nil
	}
	v, ok := last.Right.(*syntax.Bool)
	if !ok || !p.isConsent(last.Left) {
		return nil
	}
	var out []*node
	for _, n := range p.consentTo(p.consents(), "noun", b) {
		for _, x := range p.answered(n, v.Value) {
			if syntax.Equal(x.cond, last) {
				continue
			}
			if a.joiner == "or" {
				x.cond = syntax.Any(l.cond, x.cond)
			} else {
				x.cond = syntax.All(l.cond, x.cond)
			}
			x.simple = false
			out = append(out, x)
		}
	}
	return out
}

// isConsent tells whether a value is what people agreed to.
func (p *parse) isConsent(v syntax.Value) bool {
	name, ok := v.(*syntax.Name)
	if !ok {
		return false
	}
	fi := p.ix.find("", name.Name)
	return fi >= 0 && slices.Contains(p.consents(), fi)
}

// consents are the yes-or-no fields of people for what they agree to: those
// that play that part, and those whose names share a word with them.
func (p *parse) consents() []int {
	var out []int
	known := p.ix.concepts["consent"]
	for fi, f := range p.ix.fields {
		if f.event == "" && f.kind == "bool" && (slices.Contains(known, fi) || p.sameNotion(fi, asValues(known))) {
			out = append(out, fi)
		}
	}
	return out
}

func asValues(fields []int) []valueRef {
	out := make([]valueRef, len(fields))
	for i, fi := range fields {
		out[i].field = fi
	}
	return out
}

// contrasted is "accept text messages but not e-mail": what is not agreed to,
// where by its word alone it might be a contact that is not known.
func (p *parse) contrasted(l, r *node) *node {
	if l.cond == nil || r.cond == nil {
		return nil
	}
	last, ok := edge(l.cond, false).(*syntax.Compare)
	if !ok || !p.isConsent(last.Left) {
		return nil
	}
	set, ok := r.cond.(*syntax.IsSet)
	if !ok {
		return nil
	}
	name, ok := set.Value.(*syntax.Name)
	if !ok {
		return nil
	}
	fi := p.ix.find("", name.Name)
	if fi < 0 || !slices.Contains(p.ix.concepts["email"], fi) && !slices.Contains(p.ix.concepts["phone"], fi) {
		return nil
	}
	var found *node
	for _, ci := range p.consents() {
		f := p.ix.fields[ci]
		if f.event != "" || f.kind != "bool" || !p.namesMessage(ci, r) || f.name == last.Left.String() {
			continue
		}
		if found != nil {
			return nil
		}
		var c syntax.Formula = &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}}
		if set.Not {
			c = complement(c)
		}
		found = condNode(c)
	}
	return found
}

// withUnanswered counts in those who gave no answer to what a condition asks
// for; nil where it asks for none.
func (p *parse) withUnanswered(n *node) *node {
	f, denied := n.cond, false
	if not, ok := f.(*syntax.Not); ok { // whoever has not said so is in it already
		f, denied = not.X, true
	}
	c, ok := f.(*syntax.Compare)
	if !ok {
		return nil
	}
	if _, ok := c.Right.(*syntax.Bool); !ok {
		return nil
	}
	if denied {
		return n
	}
	return condNode(syntax.Any(c, &syntax.IsSet{Value: c.Left, Not: true}))
}

// isNeither tells whether a condition is that fields, joined by "neither" and
// "nor", have nothing in them.
func isNeither(n *node) bool {
	if n.text != "nor" {
		return false
	}
	list := []syntax.Formula{n.cond}
	if both, ok := n.cond.(*syntax.And); ok {
		list = both.Factors
	}
	return !slices.ContainsFunc(list, func(f syntax.Formula) bool {
		is, ok := f.(*syntax.IsSet)
		return !ok || !is.Not
	})
}
