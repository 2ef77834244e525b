package planner

import "tesela/segment/syntax"

// The categories of what is known of people.
const (
	cFields cat = "fields"     // "phone and birthday"
	cUnset  cat = "unknown_of" // "not known", "missing"

	cNotGiven cat = "not_given" // "have not given us"
)

// knownRules read whether something is known of people at all: "home club is
// blank", "whose industry we don't know", "both phone and birthday on file".
func knownRules() map[pair]rule {
	unset := func(_ *parse, _, b *node) []*node {
		if b.attr == "given" { // what was not agreed to may be known well enough
			return one(&node{cat: cNotGiven, cost: 0.02})
		}
		return one(&node{cat: cUnset, cost: 0.02})
	}
	too := func(_ *parse, _, _ *node) []*node { return one(&node{cat: "included", text: "unanswered", cost: -0.1}) }
	m := map[pair]rule{
		{"not", "known"}:                unset,
		{"none", "known"}:               unset, // "never told us"
		{"including", cUnset}:           too,
		{cUnset, "including_too"}:       too,
		{"unanswered", "including_too"}: too,
		{cField, "and"}:                 fieldPart,
		{cField, "or"}:                  fieldPart,
		{cFields, "and"}:                fieldPart,
		{cPart, cField}: func(p *parse, a, b *node) []*node {
			if a.left.cat != cField && a.left.cat != cFields || a.joiner != "and" && a.joiner != "or" || a.left.joiner != "" && a.left.joiner != a.joiner || p.had(b) || p.after(b, "by") {
				return nil
			}
			return one(&node{cat: cFields, left: a.left, fields: b.fields, joiner: a.joiner})
		},
	}
	for word, not := range map[cat]bool{"known": false, cUnset: true, cNotGiven: true, "none": true, "not": true, "is_set": false} {
		before := func(p *parse, a, b *node) []*node { return p.fieldKnown(b, not, word) }
		behind := func(p *parse, a, b *node) []*node {
			out := p.fieldKnown(a, not, word)
			for _, n := range out {
				if !not {
					n.cost += 0.25 // "no city on file" is none
				}
			}
			return out
		}
		for _, c := range []cat{cField, cFields} {
			if c == cFields || word == "known" {
				m[pair{word, c}] = before
			}
			if (c == cFields || word != "none" && word != cUnset) && word != "not" && word != "is_set" {
				m[pair{c, word}] = behind
			}
		}
	}
	return m
}

func fieldPart(_ *parse, a, b *node) []*node {
	if a.cat == cField && a.num != nil {
		return nil
	}
	return one(&node{cat: cPart, left: a, joiner: string(b.cat), attr: b.attr})
}

// fieldKnown is that a trait, or each of several, is known, or not. A consent
// that was given is more than known.
func (p *parse) fieldKnown(n *node, not bool, how cat) []*node {
	var all []syntax.Formula
	for x := n; x != nil; x = x.left {
		if p.asksConsent(x.fields[0]) && !p.refuses(x.fields[0]) && (!not || how == cNotGiven) {
			return nil
		}
		f := p.traitSet(x, not)
		if yes := p.yesOf(x); yes != nil && how != "known" && how != cUnset {
			if f = yes; not {
				f = &syntax.Not{X: yes}
			}
		}
		if f == nil {
			return nil
		}
		all = append([]syntax.Formula{f}, all...)
	}
	if n.left != nil && n.joiner == "or" {
		if not {
			return nil // "without a city or a phone": either, or both
		}
		return one(&node{cat: cCond, cond: syntax.Any(all...), cost: 0.05})
	}
	_, none := all[0].(*syntax.Compare)
	return one(&node{cat: cCond, cond: syntax.All(all...), simple: n.left == nil && !(not && none), cost: 0.05})
}

// yesOf is that a yes-or-no trait holds, nil for other ones: who has "a card and
// insurance" is not of whom it is known.
func (p *parse) yesOf(n *node) syntax.Formula {
	for _, fi := range n.fields {
		if f := p.ix.fields[fi]; f.event == "" {
			if f.kind != "bool" {
				return nil
			}
			return &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}}
		}
	}
	return nil
}

// traitSet tests whether the trait that a field names is set; nil where it
// names none.
func (p *parse) traitSet(n *node, not bool) syntax.Formula {
	for _, fi := range n.fields {
		if f := p.ix.fields[fi]; f.event == "" {
			return p.fieldIs(f, not)
		}
	}
	return nil
}
