package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// The categories of agreeing to be written to.
const (
	cChannels    cat = "channels"     // "e-mail and SMS"
	cChannelPart cat = "channel part" // "e-mail and"
)

// consentRules read who agreed to be written to, and by what: "said yes to
// e-mails", "allow SMS but not e-mail".
func consentRules() map[pair]rule {
	return map[pair]rule{
		{"said_yes", cChannels}: func(p *parse, _, b *node) []*node { return p.agreed(b, true) },
		{"said_no", cChannels}:  func(p *parse, _, b *node) []*node { return p.agreed(b, false) },
		{cChannels, "said_yes"}: func(p *parse, a, _ *node) []*node { return p.agreed(a, true) },
		{cChannels, "said_no"}:  func(p *parse, a, _ *node) []*node { return p.agreed(a, false) },
		{cChannels, cField}:     func(p *parse, a, b *node) []*node { return p.consentBy(b, a) }, // "SMS consent"
		{cField, cChannels}:     func(p *parse, a, b *node) []*node { return p.consentBy(a, b) },
		{"not", cChannels}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.neg, x.cost = !b.neg, 0
			return one(&x)
		},
		{cChannels, "and"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cChannelPart, attr: a.attr, joiner: "and"})
		},
		{cChannels, "or"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cChannelPart, attr: a.attr, joiner: "or"})
		},
		{cChannelPart, cChannels}: func(_ *parse, a, b *node) []*node {
			if b.neg || b.attr == a.attr {
				return nil
			}
			return one(&node{cat: cChannels, attr: a.attr + " " + b.attr, joiner: a.joiner})
		},
		{cPart, cChannels}: func(p *parse, a, b *node) []*node { // "said yes to SMS but not to e-mail"
			left := p.consentSaid(a.left, b.neg)
			if left == nil || a.joiner == "or" {
				return nil
			}
			by := *b
			by.neg = false
			var out []*node
			for _, x := range p.agreed(&by, left.attr == "agreed") {
				f := x.cond
				if b.neg {
					if traitOf(f) == traitOf(left.cond) {
						continue // "opted in and without e-mail" have given no address
					}
					f = complement(f)
				}
				out = append(out, &node{cat: cCond, cond: syntax.All(left.cond, f), cost: x.cost - 0.1})
			}
			return out
		},
		{cUnset, "agree"}: func(_ *parse, a, b *node) []*node { return one(&node{cat: cUnset}) }, // "don't know whether they want"
		{cUnset, cChannels}: func(p *parse, _, b *node) []*node {
			var out []*node
			for _, fi := range p.consentsBy(b.attr) {
				n := condNode(&syntax.IsSet{Value: &syntax.Name{Name: p.ix.fields[fi].name}, Not: true})
				n.cost = 0.5 // the address comes first
				out = append(out, n)
			}
			return out
		},
	}
}

// consentSaid is the condition of having agreed that a node is; a consent named by a
// noun is one only where another is denied behind it, "SMS consent but not e-mail".
// Nil where it is none.
func (p *parse) consentSaid(n *node, denied bool) *node {
	switch {
	case n.cat == cCond && strings.HasPrefix(n.attr, "agreed"):
		return n
	case n.cat == cField && denied && len(n.fields) > 0 && p.asksConsent(n.fields[0]):
		return p.agreedTo(n.fields[0], true)
	}
	return nil
}

// agreed is that people said yes, or no, to be written to by each of some
// channels.
func (p *parse) agreed(ch *node, yes bool) []*node {
	if ch.neg {
		return nil
	}
	var all []syntax.Formula
	for _, c := range strings.Fields(ch.attr) {
		list := p.consentsBy(c)
		if len(list) == 0 {
			return nil
		}
		if len(list) > 1 && (c == "any" || len(strings.Fields(ch.attr)) > 1) {
			return p.eitherConsent(list, yes)
		}
		all = append(all, p.agreedTo(list[0], yes).cond)
	}
	n := &node{cat: cCond, attr: "agreed", cond: syntax.All(all...), simple: len(all) == 1, cost: -0.05}
	if ch.joiner == "or" {
		n.cond = syntax.Any(all...)
	}
	if !yes {
		n.attr = "agreed not"
	}
	return one(n)
}

// eitherConsent offers each of several consents: the asker has to say.
func (p *parse) eitherConsent(list []int, yes bool) []*node {
	var out []*node
	for _, fi := range list {
		out = append(out, p.agreedTo(fi, yes))
	}
	return out
}

// agreedTo is that people said yes, or no, as a field tells it: one that is
// called opt_out tells it the other way round.
func (p *parse) agreedTo(fi int, yes bool) *node {
	name := p.ix.fields[fi].name
	n := condNode(&syntax.Compare{Left: &syntax.Name{Name: name}, Op: syntax.Eq, Right: &syntax.Bool{Value: yes != p.refuses(fi)}})
	n.attr, n.cost = "agreed", -0.05
	if !yes {
		n.attr = "agreed not"
	}
	return n
}

// consentBy is "SMS consent": the consent of a channel, as a field.
func (p *parse) consentBy(field, ch *node) []*node {
	if ch.neg || len(field.fields) == 0 || !p.asksConsent(field.fields[0]) || strings.Contains(ch.attr, " ") {
		return nil
	}
	list := p.consentsBy(ch.attr)
	if len(list) != 1 {
		return nil
	}
	n := &node{cat: cField, fields: list, form: field.form}
	if field.form != "verb" {
		return one(n)
	}
	return one(p.agreedTo(list[0], true))
}

// consentsBy are the yes-or-no traits that say whether people may be written to
// by a channel: those that name it, else those that name none.
func (p *parse) consentsBy(channel string) []int {
	var named, general []int
	for fi, f := range p.ix.fields {
		if !p.asksConsent(fi) {
			continue
		}
		switch of := p.channelsOf(f.name); {
		case slices.Contains(of, channel) || channel == "any":
			named = append(named, fi)
		case len(of) == 0:
			general = append(general, fi)
		}
	}
	if len(named) == 0 && channel == "email" {
		return general
	}
	return named
}

// asksConsent tells whether a field says if people may be written to.
func (p *parse) asksConsent(fi int) bool {
	f := p.ix.fields[fi]
	if f.event != "" || f.kind != "bool" {
		return false
	}
	if slices.Contains(p.ix.concepts["consent"], fi) {
		return true
	}
	if p.refuses(fi) {
		return true
	}
	words := strings.Fields(fold(f.name))
	channels := 0
	for i, w := range words {
		for _, lx := range append([]*lexicon{p.lex}, p.others...) {
			if has(lx.exact[w], entry{"concepts", "consent", "noun"}) || i+1 < len(words) && has(lx.exact[w+" "+words[i+1]], entry{"concepts", "consent", "noun"}) {
				return true
			}
		}
		if len(p.channelsOf(w)) > 0 {
			channels++
		}
	}
	return channels == len(words)
}

// channelsOf are the channels that a name speaks of.
func (p *parse) channelsOf(name string) []string {
	var out []string
	for _, w := range strings.Fields(fold(name)) {
		for _, lx := range append([]*lexicon{p.lex}, p.others...) {
			for _, e := range lx.exact[w] {
				if e.cat == string(cChannels) && e.attr != "any" && !slices.Contains(out, e.attr) {
					out = append(out, e.attr)
				}
			}
		}
	}
	return out
}
