package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// groupRead is what a piece of a question comes to, read as a group.
type groupRead struct {
	formula string
	note    []note
	dec     *model.Decision // why there is no formula
}

// group reads a piece of the question as a group of customers. Where it alone
// says none and a group was named before it, it is read as a change of that:
// "… and those with at least six".
func (a *asking) group(text string, span [2]int, before string) groupRead {
	key := before + "|" + text
	if g, ok := a.groups[key]; ok {
		return g
	}
	g := a.readGroup(text, span, before)
	a.groups[key] = g
	return g
}

func (a *asking) readGroup(text string, span [2]int, before string) groupRead {
	for _, s := range a.p.ix.cat.Segments {
		if fold(s) == fold(text) {
			return groupRead{formula: (&syntax.InSegment{Name: s}).String()}
		}
	}
	m := &fitting{toks: tokenize(text), question: text, spans: map[string][2]int{}, steps: mostSteps}
	m.to = len(m.toks)
	if m.to == 0 {
		return groupRead{dec: unknownText(a.lang, text)}
	}
	if before != "" && a.p.opensQuestion(m.toks, a.lang) {
		return groupRead{dec: unknownText(a.lang, text)} // "… and how many of them came" is no second group
	}
	if f := a.shownBefore(text); f != "" {
		return groupRead{formula: f}
	}
	if a.w.all.match(m, 0, func(end int) bool { return end == m.to }) && !a.ofWomen(m.toks) {
		return groupRead{formula: (&syntax.Everyone{}).String()}
	}
	if strings.ContainsAny(text, `(=<>"`) {
		if f, err := syntax.Parse(text); err == nil {
			return groupRead{formula: f.String()}
		}
	}
	var why *model.Decision
	for _, words := range append([]string{""}, a.w.people...) {
		said := text
		if words != "" {
			said = words + " " + text
		}
		calls, dec := a.readText([]model.Message{{Role: model.User, Text: said}})
		if dec == nil {
			break
		}
		if f := peopleOf(calls); f != "" {
			return groupRead{formula: onceEach(f), note: notesOf(dec)}
		}
		if dec.Status == model.Answered {
			dec = unknownText(a.lang, text)
			if words == "" && a.figureOf(calls) { // "spend of women" is a figure, and no people who spent
				return groupRead{dec: dec}
			}
		}
		plain := len(dec.Choices) > 0
		for i, c := range dec.Choices {
			again := strings.TrimPrefix(c.Question, words+" ")
			if calls, _ := a.readText([]model.Message{{Role: model.User, Text: c.Question}}); peopleOf(calls) != "" && c.Question != said {
				if f, err := syntax.Parse(peopleOf(calls)); err == nil {
					again = a.p.say.Formula(a.lang, f, a.p.ix.cat)
				}
			} else {
				plain = false
			}
			whole := a.spliced(span, again)
			dec.Choices[i] = model.Choice{Label: whole, Question: whole}
		}
		if plain { // no way to say it otherwise says more
			why = dec
			break
		}
		if why == nil || better(dec, why) {
			why = dec
		}
	}
	if before != "" {
		raw, err := json.Marshal(tools.CountSegmentArgs{Formula: before})
		if err == nil {
			calls, dec := a.readText([]model.Message{
				{Role: model.User, Text: before},
				{Role: model.Assistant, Calls: []model.Call{{ID: "1", Name: "count_segment", Args: raw}}, Reply: &model.Decision{Language: a.lang}},
				{Role: model.User, Text: text},
			})
			if f := peopleOf(calls); f != "" {
				return groupRead{formula: onceEach(f), note: notesOf(dec)}
			}
		}
	}
	if why == nil || why.Status == model.Cannot && why.Reason == model.OutOfScope {
		why = unknownText(a.lang, text)
	}
	return groupRead{dec: why}
}

// figureOf tells whether a question is for a figure of what people did.
func (a *asking) figureOf(calls []model.Call) bool {
	if len(calls) != 1 || calls[0].Name != "measure" {
		return false
	}
	var args tools.MeasureArgs
	return json.Unmarshal(calls[0].Args, &args) == nil && len(args.GroupBy) == 0 && !slices.Contains(args.Measures, "customers") && args.Formula != ""
}

// inOnePhrase tells whether one named figure holds words of two slots.
func (a *asking) inOnePhrase(one, other string) bool {
	x, y := a.found.spans[one], a.found.spans[other]
	for i := x[0]; i < x[1]; i++ {
		for j := max(i, y[0]) + 1; j <= y[1]; j++ {
			var words []string
			for _, t := range a.toks[i:j] {
				words = append(words, t.folded)
			}
			phrase := strings.Join(words, " ")
			for _, lx := range a.p.lexicons {
				if slices.ContainsFunc(lx.exact[phrase], func(e entry) bool { return e.cat == "measures" }) {
					return true
				}
			}
		}
	}
	return false
}

// ofWomen tells whether a word is of women only, as "clientas" is.
func (a *asking) ofWomen(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool {
		return slices.ContainsFunc(a.p.lexicons[a.lang].exact[t.folded], func(e entry) bool { return e.attr == "customer_female" })
	})
}

// spliced is the question with a piece of it said otherwise.
func (a *asking) spliced(span [2]int, text string) string {
	from, to := a.toks[span[0]].from, a.toks[span[1]-1].to
	return a.question[:from] + text + a.question[to:]
}

// better tells whether a decision says more about what is not understood.
func better(x, than *model.Decision) bool {
	rank := func(d *model.Decision) int {
		switch {
		case len(d.Choices) > 0:
			return 3
		case d.Reason == model.MissingField:
			return 2
		case d.Reason == model.UnknownWords:
			return 1
		}
		return 0
	}
	if a, b := rank(x), rank(than); a != b {
		return a > b
	}
	return len(strings.Join(x.Unknown, " ")) < len(strings.Join(than.Unknown, " "))
}

// readText reads the last of the messages as a question of plain parts.
func (a *asking) readText(messages []model.Message) ([]model.Call, *model.Decision) {
	if a.reads++; a.reads > mostReads {
		return nil, nil
	}
	q := len(messages) - 1
	toks := a.p.ix.tokens(messages[q].Text)
	if len(toks) == 0 || len(toks) > maxTokens {
		return nil, unknownText(a.lang, messages[q].Text)
	}
	r := a.r
	r.Messages, r.Language = messages, a.lang
	calls, dec, err := a.p.read(a.ctx, r, q)
	if err != nil {
		a.err = err
		return nil, nil
	}
	return calls, dec
}

// peopleOf is the formula of the group that calls count or list, "" where they
// do something else.
func peopleOf(calls []model.Call) string {
	if len(calls) != 1 {
		return ""
	}
	switch calls[0].Name {
	case "count_segment":
		return groupOf(calls[0])
	case "list_customers":
		var args tools.ListCustomersArgs
		if json.Unmarshal(calls[0].Args, &args) != nil || (args.By == "") != (args.Limit == 0) {
			return ""
		}
		return groupOf(calls[0])
	}
	return ""
}

// onceEach leaves out a condition that stands beside itself.
func onceEach(text string) string {
	and, ok := parseOr(text).(*syntax.And)
	if !ok {
		return text
	}
	var out []syntax.Formula
	for _, f := range and.Factors {
		if !slices.ContainsFunc(out, func(g syntax.Formula) bool { return syntax.Equal(f, g) }) {
			out = append(out, f)
		}
	}
	return syntax.All(out...).String()
}

// opensQuestion tells whether a text begins by asking for a number or an amount.
func (p *Planner) opensQuestion(toks []token, lang string) bool {
	words := ""
	for _, t := range toks[:min(len(toks), 3)] {
		words = strings.TrimSpace(words + " " + t.folded)
		for _, e := range p.lexicons[lang].exact[words] {
			if e.cat == "ask_count" || e.cat == "ask_amount" {
				return true
			}
		}
	}
	return false
}
