package planner

import (
	"encoding/json"
	"sort"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// margin is how much cheaper the best reading must be than the next that
// means something else; within it the reader is asked.
const margin = 0.12

// plans assembles derivations into readings, cheapest first, each meaning
// once. Where nothing accounts for all words, parts are left out one at a
// time and named.
func (p *parse) plans(ds []derivation) []*plan {
	var out []*plan
	seen := map[string]bool{}
	keep := func(pl *plan) {
		k := pl.key()
		if !pl.whole() {
			k = "incomplete " + pl.gaps() + k
		}
		if !seen[k] {
			seen[k] = true
			out = append(out, pl)
		}
	}
	for _, d := range ds {
		for _, pl := range p.assemble(d) {
			keep(pl)
		}
	}
	if len(out) == 0 {
		p.withoutGroup(keep)
	}
	if len(out) == 0 {
		for _, d := range ds[:min(len(ds), 40)] {
			p.without(d, keep)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].cost < out[b].cost })
	return out
}

// without assembles a derivation less the parts that have no place in it: those
// that no plan takes, and if need be one more.
func (p *parse) without(d derivation, keep func(*plan)) {
	var known, alien []*node
	for _, x := range d.parts {
		if topLevel[x.cat] {
			known = append(known, x)
		} else {
			alien = append(alien, x)
		}
	}
	try := func(parts, left []*node) bool {
		rest := derivation{parts: parts, cost: d.cost}
		for _, x := range left {
			rest.cost += costUnknown - x.cost - costPart
			if x.cat == cCust || x.cat == "ask_count" || x.cat == "ask_list" {
				rest.cost += 3 // what the question is about is not what is odd
			}
		}
		list := p.assemble(rest)
		for _, pl := range list {
			for _, x := range left {
				pl.unknown = append(pl.unknown, p.typed(x.from, x.to))
			}
			keep(pl)
		}
		return len(list) > 0
	}
	if len(alien) > 0 && try(known, alien) {
		return
	}
	for i, x := range known {
		rest := append(append([]*node(nil), known[:i]...), known[i+1:]...)
		try(rest, append(alien[:len(alien):len(alien)], x))
	}
}

// withoutGroup reads a question whose last "by …" leads to nothing: what stands
// after it is a field that the data lacks.
func (p *parse) withoutGroup(keep func(*plan)) {
	for k := len(p.toks) - 2; k > 0; k-- {
		by := false
		for _, n := range p.cells[k][k+1] {
			by = by || n.cat == "by"
		}
		for _, n := range p.cells[k+1][k+2] {
			by = by && n.cat != "units" // times are no fields
		}
		for j := k + 2; j <= min(k+3, len(p.toks)); j++ {
			for _, n := range p.cells[k][j] {
				by = by && n.cat != cGlue // "por favor"
			}
		}
		if !by {
			continue
		}
		for _, d := range p.derivationsTo(k) {
			for _, pl := range p.assemble(d) {
				if pl.whole() {
					pl.missing = append(pl.missing, &node{cat: cMissing, word: strings.TrimRight(p.typed(k+1, len(p.toks)), "?!. ")})
					keep(pl)
					return
				}
			}
		}
	}
}

// whole tells whether the plan accounts for all that was asked.
func (pl *plan) whole() bool {
	return pl.tool != "" && len(pl.unknown) == 0 && len(pl.missing) == 0 && len(pl.vague) == 0 && !pl.out
}

func (pl *plan) gaps() string {
	s := ""
	for _, w := range pl.unknown {
		s += w + "?"
	}
	for _, n := range pl.missing {
		s += n.word + "!"
	}
	for _, w := range pl.vague {
		s += w + "~"
	}
	return s
}

// decide picks the plan to carry out, or fills the decision with why there is
// none and returns nil.
func (p *Planner) decide(ps *parse, question string, plans []*plan, dec *model.Decision) *plan {
	var whole []*plan
	for _, pl := range plans {
		if pl.whole() {
			whole = append(whole, pl)
		}
	}
	// An order to do something is no question, even where its words could be
	// read as one.
	for i, pl := range plans {
		if pl.out && len(whole) > 0 && pl.cost <= whole[0].cost+0.2 {
			p.refuse(ps, plans[i:i+1], dec)
			return nil
		}
	}
	if len(whole) == 0 || len(plans) > 0 && !plans[0].whole() && plans[0].cost+1 < whole[0].cost {
		p.refuse(ps, plans, dec)
		return nil
	}
	whole = p.plausible(whole)
	best := whole[0]
	var rivals []*plan
	for _, pl := range whole {
		if samePeople(best, pl) {
			continue
		}
		if (pl.cost-best.cost < margin || pl.cost-best.cost < thin && (meansElse(best, pl) || ps.sameWordElsewhere(best, pl))) && len(rivals) < 3 {
			rivals = append(rivals, pl)
		}
	}
	if len(rivals) > 1 {
		for _, pl := range withCounts(rivals) {
			dec.Choices = append(dec.Choices, p.offer(dec.Language, pl.tool, marshal(pl.args)))
		}
		dec.Status, dec.Reason = model.Clarify, model.Ambiguous
		return nil
	}
	if q := bareCount(best); q != nil {
		dec.Status, dec.Reason = model.Clarify, model.Ambiguous
		dec.Choices = p.countChoices(ps, question, dec.Language, q)
		return nil
	}
	if next := nearlyAsGood(whole); next != nil {
		best.assume = joinAssumptions(best.assume, []assumption{p.orElse(dec.Language, callOf(best), callOf(next))})
	}
	return best
}

// withCounts adds, beside each reading with a bare count, the one with "at
// least".
func withCounts(list []*plan) []*plan {
	var out []*plan
	for _, pl := range list {
		out = append(out, pl)
		q := bareCount(pl)
		a, ok := pl.args.(tools.CountSegmentArgs)
		if q == nil || !ok {
			continue
		}
		if f := rethreshold(parseOr(a.Formula), &qty{op: syntax.Ge, lo: q.lo}); f != nil {
			out = append(out, &plan{tool: pl.tool, args: tools.CountSegmentArgs{Formula: f.String()}})
		}
	}
	return out
}

// bareCount is the first count of two or more that was said without "exactly"
// or "at least": people mean either.
func bareCount(pl *plan) *qty {
	for _, q := range pl.bare {
		if !q.once && !q.isHi && q.lo != "0" && q.unit != "money" {
			return q
		}
	}
	return nil
}

// countChoices asks the question again with the count made plain.
func (p *Planner) countChoices(ps *parse, question, lang string, q *qty) []model.Choice {
	at := ps.toks[q.at].from
	var out []model.Choice
	for _, word := range []string{"exactly", "at_least"} {
		w := p.texts.get(lang, word)
		again := question[:at] + w + " " + question[at:]
		out = append(out, model.Choice{Label: again, Question: again})
	}
	return out
}

// refuse says which words stand in the way of an answer.
func (p *Planner) refuse(ps *parse, plans []*plan, dec *model.Decision) {
	dec.Params = map[string]string{}
	if len(plans) == 0 {
		dec.Status, dec.Reason = model.Cannot, model.OutOfScope
		dec.Unknown = ps.strangers()
		if len(dec.Unknown) > 0 && ps.speaksOfData() {
			dec.Status, dec.Reason = model.Clarify, model.UnknownWords
			dec.Params["word"] = dec.Unknown[0]
		}
		odd := ps.misfits()
		if len(dec.Unknown) == 0 && len(odd) > 0 && ps.speaksOfData() {
			dec.Status, dec.Reason, dec.Unknown = model.Clarify, model.UnknownWords, odd
			dec.Params["word"] = odd[0]
		}
		p.refuseUnsaid(ps, append(odd, dec.Unknown...), dec)
		return
	}
	pl := plans[0]
	switch {
	case pl.before:
		dec.Status, dec.Reason, dec.Unknown = model.Clarify, model.NothingBefore, pl.unknown
		if pl.last != nil {
			text, _ := p.say.Call(dec.Language, pl.last.Name, pl.last.Args, p.ix.cat)
			dec.Reason, dec.Params["last"] = model.DoesNotFit, text
		}
	case pl.ahead && !ps.orders() && ps.ofPeople(pl):
		p.refuseForecast(ps, pl, dec)
	case pl.analysis != nil && !ps.orders():
		p.refuseAnalysis(ps, pl, dec)
	case pl.out:
		dec.Status, dec.Reason, dec.Unknown = model.Cannot, model.OutOfScope, pl.unknown
	case ps.aboutOne(pl.unknown):
		dec.Status, dec.Reason = model.Cannot, model.Personal
	case len(pl.missing) > 0:
		dec.Status, dec.Reason = model.Cannot, model.MissingField
		for _, n := range pl.missing {
			dec.Unknown = append(dec.Unknown, n.word)
		}
		n := pl.missing[0]
		dec.Params["word"], dec.Params["field"] = n.word, n.word
		if n.attr != "" {
			dec.Params["role"] = n.attr
		}
		if n.form == "role" { // a measure of what nothing here plays
			dec.Reason = model.NoRole
		}
		dec.Nearest = p.fieldNames()
	case len(pl.vague) > 0:
		dec.Status, dec.Reason, dec.Unknown = model.Clarify, model.UnknownWords, pl.vague
		dec.Params["word"] = pl.vague[0]
	case p.refuseUnsaid(ps, pl.unknown, dec):
	default:
		dec.Unknown = pl.unknown
		dec.Status, dec.Reason = model.Clarify, model.UnknownWords
		if len(pl.unknown) > 0 {
			dec.Params["word"] = pl.unknown[0]
		}
		if pl.tool == "" && !ps.speaksOfData() {
			dec.Status, dec.Reason = model.Cannot, model.OutOfScope
		}
	}
}

// speaksOfData tells whether some word is of customers, what they do or what is
// known of them.
func (p *parse) speaksOfData() bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			for _, n := range p.cells[i][j] {
				switch n.cat {
				case cCust, cClause, cMeas, cVal:
					if n.cost < 0.3 {
						return true
					}
				}
			}
		}
	}
	return false
}

// strangers are the words that nothing knows.
func (p *parse) strangers() []string {
	var out []string
	for i := range p.toks {
		for _, n := range p.cells[i][i+1] {
			if n.cat == cUnknown {
				out = append(out, n.word)
			}
		}
	}
	return out
}

// misfits are the words that are known, and that no part of a question is made
// of.
func (p *parse) misfits() []string {
	var out []string
	for i := range p.toks {
		odd := len(p.cells[i][i+1]) > 0
		for _, n := range p.cells[i][i+1] {
			odd = odd && !topLevel[n.cat]
		}
		if odd {
			out = append(out, p.toks[i].text)
		}
	}
	return out
}

// fieldNames are the traits and properties there are, for a refusal to name.
func (p *Planner) fieldNames() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range p.ix.fields {
		if !seen[f.name] {
			seen[f.name] = true
			out = append(out, f.name)
		}
	}
	return out
}

func marshal(args any) json.RawMessage {
	b, err := json.Marshal(args)
	if err != nil {
		return json.RawMessage("{}")
	}
	return b
}
