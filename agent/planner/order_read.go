package planner

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/tools"
)

// order reads a question that orders something to be kept, forgotten or
// written. Ok is false where it is no such order.
func (p *Planner) order(ctx context.Context, r model.Request, q int, toks []token, lang string) (calls []model.Call, dec *model.Decision, ok bool, err error) {
	langs := []string{lang}
	for _, l := range languages {
		if l != lang {
			langs = append(langs, l)
		}
	}
	for _, l := range langs {
		w := p.orders.langs[l]
		from, to := w.bare(toks)
		if from >= to {
			continue
		}
		w.match(p.orders, toks, from, to, func(f found) bool {
			o := &ordering{p: p, ctx: ctx, r: r, q: q, toks: toks, found: f, lang: l, question: r.Messages[q].Text}
			ok = o.read()
			calls, dec, err = o.calls, o.dec, o.err
			return ok || err != nil
		})
		if ok || err != nil {
			break
		}
	}
	if !ok || err != nil {
		return nil, nil, false, err
	}
	// Read in the language that the answer is to be in, whatever it is said in.
	if r.Language != "" {
		dec.Language = r.Language
	}
	if len(calls) > 0 && len(r.Tools) > 0 && !slices.ContainsFunc(r.Tools, func(t model.Tool) bool { return t.Name == calls[0].Name }) {
		dec.Status, dec.Reason, dec.Params = model.Cannot, model.NotYet, map[string]string{"tool": calls[0].Name}
		return nil, dec, true, nil
	}
	return calls, dec, true, nil
}

// bare leaves out what has no weight before and behind an order.
func (w *orderWords) bare(toks []token) (from, to int) {
	from, to = 0, len(toks)
	for going := true; going && from < to; {
		going = false
		if isPause(toks[from]) {
			from, going = from+1, true
			continue
		}
		if ends, _ := w.lists["leave"].at(toks[:to], from); len(ends) > 0 {
			from, going = ends[0], true
		}
	}
	for going := true; going && to > from; {
		going = false
		if isPause(toks[to-1]) {
			to, going = to-1, true
			continue
		}
		for k := to - 1; k > from && k >= to-5; k-- {
			end, _ := w.lists["end"].at(toks[:to], k)
			closing, _ := w.lists["close"].at(toks[:to], k)
			if slices.Contains(end, to) || slices.Contains(closing, to) && isPause(toks[k-1]) {
				to, going = k, true
				break
			}
		}
	}
	return from, to
}

// ordering is a form that fits, being read.
type ordering struct {
	p        *Planner
	ctx      context.Context
	r        model.Request
	q        int
	question string
	toks     []token
	found    found
	lang     string

	calls []model.Call
	dec   *model.Decision
	err   error
}

// read turns the form into a call, or into why there is none; false where it
// is something else after all.
func (o *ordering) read() bool {
	o.dec = &model.Decision{Status: model.Answered, Language: o.lang}
	switch o.found.form.of {
	case "save_segment":
		formula, ok := o.group()
		name := o.slot("name")
		if !ok || name == "" {
			return o.settled()
		}
		return o.call("save_segment", tools.SaveSegmentArgs{Name: name, Formula: formula})
	case "delete_segment":
		name, ok := o.savedName()
		if !ok {
			return o.settled()
		}
		return o.call("delete_segment", tools.DeleteSegmentArgs{Name: name})
	case "forget_word":
		word := o.kept(o.slot("word"))
		if _, known := o.p.ix.cat.Words[word]; !known {
			o.unknown(word, glossary(o.p.ix.cat))
			return o.settled()
		}
		return o.call("set_word", tools.SetWordArgs{Word: word})
	case "set_word":
		if _, called := o.has("icall"); called && o.namesPeople("word") {
			return false // "we call customers who …" calls them nothing yet
		}
		meaning, ok := o.meaning()
		if !ok {
			return o.settled()
		}
		return o.call("set_word", tools.SetWordArgs{Word: o.kept(o.slot("word")), Meaning: meaning})
	case "tag_customers":
		formula, ok := o.group()
		tag := o.slot("name")
		if !ok || tag == "" {
			return o.settled()
		}
		return o.call("tag_customers", tools.TagCustomersArgs{Formula: formula, Tag: tag})
	case "export_segment":
		formula, ok := o.exported()
		if !ok {
			return o.settled()
		}
		with, ok := o.fields()
		if !ok {
			return o.settled()
		}
		return o.call("export_segment", tools.ExportSegmentArgs{Formula: formula, Format: o.found.format, With: with})
	}
	return false
}

func (o *ordering) call(tool string, args any) bool {
	raw, err := json.Marshal(args)
	if err != nil {
		o.err = fmt.Errorf("write the call: %w", err)
		return false
	}
	o.calls = []model.Call{{ID: "1", Name: tool, Args: raw}}
	return true
}

// settled tells whether the decision stands that was made in the place of a
// call. A weak form that did not hold is no order.
func (o *ordering) settled() bool {
	return o.err == nil && !o.found.form.weak && o.dec.Status != model.Answered
}

// namesPeople tells whether a slot has a word in it that opens what is said of
// people.
func (o *ordering) namesPeople(part string) bool {
	span, _ := o.has(part)
	return slices.ContainsFunc(o.toks[span[0]:span[1]], func(t token) bool {
		return slices.ContainsFunc(o.p.lexicons[o.lang].exact[t.folded], func(e entry) bool { return e.cat == "relatives" || e.cat == "people_words" })
	})
}

// has tells whether the form has a part, and where it stands.
func (o *ordering) has(part string) ([2]int, bool) {
	span, ok := o.found.spans[part]
	return span, ok && slices.Contains(o.found.form.parts, part)
}

// slot is the text of a slot as it was typed.
func (o *ordering) slot(part string) string {
	span, ok := o.has(part)
	if !ok {
		return ""
	}
	if span[1]-span[0] == 1 && o.toks[span[0]].kind == tokQuoted {
		return strings.TrimSpace(o.toks[span[0]].text)
	}
	from, to := o.bounds(span)
	text := strings.TrimSpace(o.question[from:to])
	for _, pair := range [][2]string{{"'", "'"}, {"‘", "’"}, {"`", "`"}} {
		if inner, ok := strings.CutPrefix(text, pair[0]); ok && strings.HasSuffix(inner, pair[1]) {
			return strings.TrimSpace(strings.TrimSuffix(inner, pair[1]))
		}
	}
	return text
}

// bounds are the bytes of a span, with signs beside it that are no tokens.
func (o *ordering) bounds(span [2]int) (from, to int) {
	if span[0] > 0 {
		from = o.toks[span[0]-1].to
	}
	to = len(o.question)
	if span[1] < len(o.toks) {
		to = o.toks[span[1]].from
	}
	from += len(o.question[from:to]) - len(strings.TrimLeft(o.question[from:to], " \t\n,:;.¿¡-–"))
	to = from + len(strings.TrimRight(o.question[from:to], " \t\n,:;.!?…"))
	return from, to
}
