package planner

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// taught is a word of the business with what it was said to mean.
type taught struct {
	word, meaning string
	explicit      bool // "by … I mean …": it is to be kept
}

// asked is the word that a turn was asked back for, "" where it was for
// something else.
func (t talkTurn) asked() string {
	d := t.reply()
	if !t.unclear() || d == nil || d.Reason != model.UnknownWords || len(d.Choices) > 0 || len(d.Unknown) != 1 {
		return ""
	}
	return d.Unknown[0]
}

// answerWord reads what a word was to mean that was just asked back: then the
// question before is answered with it.
func (t *talking) answerWord() ([]model.Call, *model.Decision) {
	last := len(t.turns) - 1
	if last < 0 || t.turns[last].asked() == "" {
		return nil, nil
	}
	what := t.definition(t.turns[:last], t.turns[last].asked(), t.question)
	if what == nil || t.err != nil || !what.explicit && t.asksAnew(t.turns[last]) {
		return nil, nil
	}
	return t.answerWith(what, t.turns[:last], t.turns[last].text())
}

// asksAnew tells whether a text that could say what a word means asks for
// something by itself: in another language than the question before, or with
// what is to be shown of people.
func (t *talking) asksAnew(before talkTurn) bool {
	if d := before.reply(); d != nil && d.Language != t.lang {
		return true
	}
	calls, dec := t.readAs(t.p, nil, t.question)
	if dec == nil || dec.Status != model.Answered || len(calls) != 1 || calls[0].Name != "list_customers" {
		return false
	}
	var a tools.ListCustomersArgs
	return json.Unmarshal(calls[0].Args, &a) == nil && len(a.With) > 0
}

// answerWith answers a question with a word in it that is known now.
func (t *talking) answerWith(what *taught, turns []talkTurn, question string) ([]model.Call, *model.Decision) {
	calls, dec := t.readAs(t.p.withWord(what.word, what.meaning), turns, question)
	if t.err != nil || dec == nil || dec.Status != model.Answered || len(calls) == 0 || isOrder(calls[0].Name) {
		return nil, nil
	}
	if !slices.ContainsFunc(calls, func(c model.Call) bool { return usesMeaning(c, what) }) {
		return nil, nil
	}
	// A measure goes by its name in a call, which only a kept word has.
	calls = expanded(calls, what)
	if what.explicit {
		calls = append(calls, model.Call{ID: strconv.Itoa(len(calls) + 1), Name: "set_word", Args: marshal(tools.SetWordArgs{Word: what.word, Meaning: what.meaning})})
		return calls, dec
	}
	notes := with(notesOf(dec), t.p.texts.notes(dec.Language, []assumption{{"keep_word", map[string]string{"word": what.word}}})...)
	say(notes, dec)
	return calls, dec
}

// usesMeaning tells whether a call leans on what the word means.
func usesMeaning(c model.Call, what *taught) bool {
	args := string(c.Args)
	quoted := strings.Trim(string(marshal(what.meaning)), `"`)
	return strings.Contains(args, quoted) || strings.Contains(args, strings.Trim(string(marshal(what.word)), `"`))
}

// expanded puts a measure in the place of the word that stands for it.
func expanded(calls []model.Call, what *taught) []model.Call {
	for i, c := range calls {
		var a tools.MeasureArgs
		if c.Name != "measure" || json.Unmarshal(c.Args, &a) != nil || !slices.Contains(a.Measures, what.word) {
			continue
		}
		for k, m := range a.Measures {
			if m == what.word {
				a.Measures[k] = what.meaning
			}
		}
		calls[i].Args = marshal(a)
	}
	return calls
}

// definition is what a text says that a word means; nil where it says no such
// thing, as another question does not.
func (t *talking) definition(turns []talkTurn, word, text string) *taught {
	o := &ordering{p: t.p, ctx: t.ctx, r: t.r, q: t.q, toks: tokenize(text), lang: t.lang, question: text}
	// "by VIP I mean …"
	r := t.r
	r.Messages = append(withTurns(nil, turns), model.Message{Role: model.User, Text: text})
	if calls, _, ok, err := t.p.order(t.ctx, r, len(r.Messages)-1, o.toks, t.lang); err != nil {
		t.err = err
		return nil
	} else if ok && len(calls) == 1 && calls[0].Name == "set_word" {
		var a tools.SetWordArgs
		if json.Unmarshal(calls[0].Args, &a) == nil && a.Meaning != "" {
			if t.sameWord(a.Word, word) {
				return &taught{a.Word, a.Meaning, true}
			}
			return nil
		}
	}
	w := t.p.talk[t.lang]
	if w == nil || strings.Contains(text, "?") {
		return nil
	}
	toks := o.toks
	named := len(tokenize(word))
	for going := true; going && len(toks) > 0; {
		going = false
		switch n := matchAny(toks, w.opens); {
		case toks[0].kind == tokBreak:
			toks, going = toks[1:], true
		case n > 0 && n < len(toks):
			toks, going = toks[n:], true
		case named > 0 && named < len(toks) && t.sameWord(text[toks[0].from:toks[named-1].to], word):
			toks, going, named = toks[named:], true, 0
		}
	}
	if len(toks) == 0 || matchAny(toks, w.asks) > 0 || t.takesUp(text[toks[0].from:]) {
		return nil
	}
	// "los que compraron", of which the first words were left out, reads as
	// well with them.
	for _, from := range []int{toks[0].from, o.toks[0].from} {
		if meaning := t.meaningOf(text[from:]); meaning != "" {
			return &taught{word: word, meaning: meaning}
		}
		if t.err != nil {
			return nil
		}
	}
	return nil
}

// takesUp tells whether a text begins as a change of the last question does:
// "only Germany" defines nothing.
func (t *talking) takesUp(text string) bool {
	ps := newParse(tokenize(text), t.p.lexicons[t.lang], nil, t.p.ix, t.r.AsOf, t.zone)
	if t.err = ps.build(t.ctx); t.err != nil {
		return true
	}
	return ps.opens("only") || ps.opens("followup")
}

// meaningOf is the formula or measure that a text says, "" for none.
func (t *talking) meaningOf(text string) string {
	o := &ordering{
		p: t.p, ctx: t.ctx, r: t.r, q: t.q, toks: tokenize(text), lang: t.lang, question: text,
		found: found{form: orderForm{parts: []string{"meaning"}}, spans: map[string][2]int{"meaning": {0, len(tokenize(text))}}},
	}
	if len(o.toks) == 0 {
		return ""
	}
	meaning, ok := o.meaning()
	if o.err != nil {
		t.err = o.err
	}
	if !ok || meaning == (&syntax.Everyone{}).String() {
		return ""
	}
	return meaning
}

// sameWord tells whether two texts are one word, but for case and number.
func (t *talking) sameWord(a, b string) bool {
	x, y := fold(a), fold(b)
	return x == y || stem(t.lang, x) == stem(t.lang, y) || strings.TrimSuffix(x, "s") == strings.TrimSuffix(y, "s")
}

// withWord is the planner over data in which a word has a meaning.
func (p *Planner) withWord(word, meaning string) *Planner {
	cat, ix, next := *p.ix.cat, *p.ix, *p
	cat.Words = maps.Clone(cat.Words)
	if cat.Words == nil {
		cat.Words = map[string]string{}
	}
	cat.Words[word] = meaning
	ix.cat, ix.names = &cat, maps.Clone(ix.names)
	f := fold(word)
	keys := []string{f}
	for _, lang := range languages {
		keys = append(keys, "~"+lang+" "+stem(lang, f))
	}
	for _, k := range keys {
		ix.names[k] = append(slices.Clip(ix.names[k]), nameRef{field: -1, word: word})
	}
	next.ix, next.others = &ix, nil
	return &next
}

// passing reads a question that says in passing what a word of it means: "how
// many VIPs, meaning the top 5% by spend, …".
func (t *talking) passing() ([]model.Call, *model.Decision) {
	what, question := t.inPassing(t.turns, t.question)
	if what == nil || t.err != nil {
		return nil, nil
	}
	return t.answerWith(what, t.turns, question)
}

// inPassing finds such a word, its meaning and the question without it.
func (t *talking) inPassing(turns []talkTurn, text string) (*taught, string) {
	w := t.p.talk[t.lang]
	toks := tokenize(text)
	if w == nil || len(toks) > maxTokens {
		return nil, ""
	}
	for i := 2; i < len(toks)-1; i++ {
		n := matchAny(toks[i:], w.meaning)
		if n == 0 || i+n >= len(toks) {
			continue
		}
		from := toks[i].from
		before := strings.TrimRight(text[:from], " ,;:(–-")
		end := i + n
		for end < len(toks) && toks[end].kind == tokBreak && !isEnd(toks[end]) {
			end++
		}
		start := end
		for end < len(toks) && !isEnd(toks[end]) {
			end++
		}
		if start >= end {
			continue
		}
		after := ""
		if end < len(toks) && toks[end].text != "?" && toks[end].text != "." {
			after = " " + strings.Trim(text[toks[end].to:], " ,")
		}
		question := strings.TrimRight(before+after, " ")
		_, dec := t.readAs(t.p, turns, question)
		if t.err != nil || dec == nil || dec.Status != model.Clarify && dec.Status != model.Cannot || len(dec.Unknown) != 1 || len(dec.Choices) > 0 {
			return nil, ""
		}
		meaning := t.meaningOf(text[toks[start].from:toks[end-1].to])
		if meaning == "" {
			return nil, ""
		}
		return &taught{word: dec.Unknown[0], meaning: meaning}, question
	}
	return nil, ""
}

// isEnd tells whether a definition in passing ends before a token.
func isEnd(t token) bool {
	return t.kind == tokBreak && strings.Contains(",;)?.", t.text)
}

// keepWord keeps the word that the last answer was given with, once the asker
// says so.
func (t *talking) keepWord() ([]model.Call, *model.Decision) {
	last := len(t.turns) - 1
	if last < 0 || len(t.turns[last].calls()) == 0 {
		return nil, nil
	}
	was := *t
	was.question = t.turns[last].text()
	var what *taught
	if last > 0 && t.turns[last-1].asked() != "" {
		what = was.definition(t.turns[:last-1], t.turns[last-1].asked(), was.question)
	}
	if what == nil {
		what, _ = was.inPassing(t.turns[:last], was.question)
	}
	if t.err = was.err; what == nil || t.err != nil {
		return nil, nil
	}
	return []model.Call{{ID: "1", Name: "set_word", Args: marshal(tools.SetWordArgs{Word: what.word, Meaning: what.meaning})}}, t.answers("", nil)
}
