package planner

import (
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/tools"
)

// thin is how much dearer the next different reading may be for the best one
// to be in doubt. Within margin the reader is asked instead.
const thin = 3 * margin

// doubtful are the assumptions that make a reading less than certain: what was
// typed is not what it is read as.
var doubtful = map[string]bool{"mended": true, "foreign": true, "as_age": true, "or_else": true, "or_namesake": true}

// marking attaches an assumption to all meanings that f enters.
func (p *parse) marking(a assumption, f func()) {
	was := p.marks
	p.marks = append(was[:len(was):len(was)], a)
	f()
	p.marks = was
}

// note is a sentence about how a question was read; doubt tells that it makes
// the reading less than certain.
type note struct {
	text  string
	doubt bool
}

// notesOf are what a decision assumes and doubts.
func notesOf(d *model.Decision) []note {
	var out []note
	for _, s := range d.Assumptions {
		out = append(out, note{text: s})
	}
	for _, s := range d.Doubt {
		out = append(out, note{s, true})
	}
	return out
}

// with adds notes that are not there yet.
func with(list []note, more ...note) []note {
	out := list[:len(list):len(list)]
	for _, n := range more {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// say puts notes into a decision.
func say(list []note, dec *model.Decision) {
	dec.Assumptions, dec.Doubt = nil, nil
	for _, n := range list {
		if n.doubt {
			dec.Doubt = append(dec.Doubt, n.text)
		} else {
			dec.Assumptions = append(dec.Assumptions, n.text)
		}
	}
}

// notes words what was assumed, each once.
func (t texts) notes(lang string, list []assumption) []note {
	var out []note
	for _, a := range list {
		s := t[lang][a.code]
		for k, v := range a.args {
			s = strings.ReplaceAll(s, "{"+k+"}", v)
		}
		if s != "" {
			out = with(out, note{s, doubtful[a.code]})
		}
	}
	return out
}

// mended are the slips in words of the form that a question was read by.
func (a *asking) mended() []note {
	var out []note
	for _, t := range a.toks {
		if near := a.heard.near[t.folded]; len(near) > 0 && !a.inSlot(t) {
			out = with(out, a.p.texts.notes(a.lang, []assumption{{"mended", map[string]string{"text": t.text, "as": near[0]}}})...)
		}
	}
	return out
}

// inSlot tells whether a token stands in a part that is read by itself.
func (a *asking) inSlot(t token) bool {
	if a.found == nil {
		return false
	}
	for name, at := range a.found.spans {
		if !slices.Contains(toolSlots, name) {
			continue
		}
		for _, other := range a.toks[at[0]:at[1]] {
			if other.from == t.from {
				return true
			}
		}
	}
	return false
}

// orElse is the doubt that another call may be what was meant.
func (p *Planner) orElse(lang string, own, other model.Call) assumption {
	said, _ := p.say.Call(lang, other.Name, other.Args, p.ix.cat)
	if same, _ := p.say.Call(lang, own.Name, own.Args, p.ix.cat); said == same || said == "" {
		return assumption{"or_namesake", nil}
	}
	return assumption{"or_else", map[string]string{"text": said}}
}

// callOf is a plan as a call.
func callOf(pl *plan) model.Call { return model.Call{Name: pl.tool, Args: marshal(pl.args)} }

// saysJust tells whether a question is, word by word, what calls are restated
// as in some language: then there is nothing to doubt.
func (p *Planner) saysJust(question string, calls []model.Call) bool {
	if len(calls) != 1 {
		return false
	}
	end := func(s string) string { return strings.TrimRight(strings.TrimSpace(s), ".?! ") }
	return slices.ContainsFunc(languages, func(lang string) bool {
		said, _ := p.say.Call(lang, calls[0].Name, calls[0].Args, p.ix.cat)
		return said != "" && strings.EqualFold(end(said), end(question))
	})
}

// nearlyAsGood is the next reading with other figures where it is not much
// dearer than the best, nil else.
func nearlyAsGood(whole []*plan) *plan {
	for _, pl := range whole[1:] {
		switch {
		case pl.cost-whole[0].cost >= thin:
			return nil
		case !sameFigures(whole[0], pl):
			return pl
		}
	}
	return nil
}

// sameFigures tells whether two plans are of the same group, which one counts
// and the other lists.
func sameFigures(a, b *plan) bool {
	of := func(pl *plan) string {
		switch args := pl.args.(type) {
		case tools.CountSegmentArgs:
			return args.Formula
		case tools.ListCustomersArgs:
			if args.Limit == 0 && args.By == "" {
				return args.Formula
			}
		}
		return ""
	}
	return of(a) != "" && of(a) == of(b) && a.beside == nil && b.beside == nil
}
