package planner

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
)

// A question that is not understood is tried again with the words that nothing
// knows replaced by those they may be slips of, anywhere in it: in the frame of
// a tool's question, an order, a name, a word without weight. What makes the
// mended question be understood decides between several; where two of them ask
// for different figures the reader is asked which.

const (
	mostMended  = 3 // words of a question
	mostMeant   = 4 // that one of them may stand for
	mostMending = 8 // ways to mend a question that are read
	mostChoices = 3
)

// slipped is a word of the question and what it may have been meant as.
type slipped struct {
	from, to int // bytes
	text     string
	meant    []sense // in the order of trying
}

// sense is a word that a slip may stand for. It is sure where the slip is
// plain, or the word says something: of a word that may well be another one it
// is not sure that it says nothing.
type sense struct {
	word string
	slip int // see slipOf
	sure bool
}

// mended reads the question at place q with its slips mended; the decision is
// nil where it has none, or is not understood so.
func (p *Planner) mended(ctx context.Context, r model.Request, q int) ([]model.Call, *model.Decision, error) {
	toks := p.ix.tokens(r.Messages[q].Text)
	if len(toks) == 0 || len(toks) > maxTokens {
		return nil, nil, nil
	}
	langs, _ := p.likely(toks, spoken(r.Messages[:q]))
	slips := p.slipped(r.Messages[q].Text, toks, langs)
	if len(slips) == 0 || len(slips) > mostMended {
		return nil, nil, nil
	}
	var best []mending
	var likeliest *mending
	sure := false
	for _, w := range ways(slips) {
		if len(best) > 0 && w.unlikely > best[0].unlikely && best[0].calls == nil {
			break // a likelier slip makes a question that is to be asked back
		}
		m, err := p.mend(ctx, r, q, slips, w)
		if err != nil {
			return nil, nil, err
		}
		if m.understood() {
			sure = sure || !w.unsure
		}
		if likeliest == nil {
			likeliest = &m
		}
		if m.understood() && !slices.ContainsFunc(best, func(o mending) bool { return o.calls != nil && sameCalls(o.calls, m.calls) }) {
			best = append(best, m)
		}
	}
	best = slices.DeleteFunc(best, func(m mending) bool { return m.calls == nil && best[0].calls != nil })
	switch {
	case len(best) == 0 && likeliest != nil && likeliest.unlikely <= slipDoubled*len(slips) && len(likeliest.dec.Unknown) > 0:
		return nil, likeliest.dec, nil // a plain slip of a word that says nothing here is none of another word
	case !sure:
		return nil, nil, nil
	case !likeliest.understood() && best[0].unlikely > likeliest.unlikely:
		return nil, likeliest.dec, nil // what fingers rather do is not understood: no guess at what is
	case len(best) == 1 || best[0].calls == nil:
		return best[0].calls, best[0].dec, nil
	}
	dec := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Language: best[0].dec.Language}
	for _, m := range best[:min(len(best), mostChoices)] {
		c := p.offer(dec.Language, m.calls[0].Name, m.calls[0].Args)
		if c.Label == "" {
			return nil, nil, nil // what cannot be said cannot be chosen
		}
		dec.Choices = append(dec.Choices, c)
	}
	return nil, dec, nil
}

// mendedMove is the move that a text is once its slips are mended in the
// likeliest way that makes one, nil for none.
func (p *Planner) mendedMove(text, lang string) *said {
	toks := p.ix.tokens(text)
	if len(toks) == 0 || len(toks) > longestMove {
		return nil
	}
	langs, _ := p.likely(toks, lang)
	slips := p.slipped(text, toks, langs)
	if len(slips) == 0 || len(slips) > mostMended {
		return nil
	}
	for _, w := range ways(slips) {
		if move := p.moveOf(rewritten(text, slips, w.meant), lang); move != nil {
			return move
		}
	}
	return nil
}

// mending is a question with its slips mended in some way, as it was read.
type mending struct {
	unlikely int // of the way
	calls    []model.Call
	dec      *model.Decision
}

// understood tells whether the question is answered, or asked back or refused
// for what it says, not for a word or as saying nothing.
func (m mending) understood() bool {
	return len(m.calls) > 0 || len(m.dec.Choices) > 0 || m.dec.Status != model.Answered && len(m.dec.Unknown) == 0 && m.dec.Reason != model.OutOfScope
}

func (p *Planner) mend(ctx context.Context, r model.Request, q int, slips []slipped, w way) (mending, error) {
	r.Messages = slices.Clone(r.Messages[:q+1])
	r.Messages[q].Text = rewritten(r.Messages[q].Text, slips, w.meant)
	again := *p
	again.mendedTo = w.meant
	calls, dec, err := again.readAll(ctx, r, q)
	if err != nil {
		return mending{}, err
	}
	notes := notesOf(dec)
	for i, s := range slips {
		notes = with(notes, p.texts.notes(dec.Language, []assumption{{"mended", map[string]string{"text": s.text, "as": w.meant[i]}}})...)
	}
	say(notes, dec)
	for i, c := range calls {
		for k, s := range slips {
			if p.ix.guessesName(c.Args, w.meant[k]) {
				return mending{dec: &model.Decision{Status: model.Cannot, Reason: model.OutOfScope}}, nil
			}
			calls[i].Args = unmended(c.Args, s.text, w.meant[k])
			if c.Name == deleting && !bytes.Equal(c.Args, calls[i].Args) {
				return mending{dec: &model.Decision{Status: model.Cannot, Reason: model.OutOfScope}}, nil
			}
			c = calls[i]
		}
	}
	return mending{w.unlikely, calls, dec}, nil
}

// givenNames are the arguments that are texts of whoever asks, and no slips of
// others. What is deleted is never guessed.
var givenNames = []string{"name", "tag", "word", "text", "goal"}

const deleting = "delete_segment"

// unmended puts what was typed back into the names that a call gives.
func unmended(args json.RawMessage, typed, meant string) json.RawMessage {
	var all map[string]any
	if json.Unmarshal(args, &all) != nil {
		return args
	}
	changed := false
	for _, key := range givenNames {
		name, _ := all[key].(string)
		words := strings.Split(name, " ")
		for i, w := range words {
			if fold(w) == fold(meant) {
				words[i], changed = typed, true
				all[key] = strings.Join(words, " ")
			}
		}
	}
	if !changed {
		return args
	}
	return marshal(all)
}

// way is a way to mend all slips.
type way struct {
	meant    []string
	unlikely int  // the more, the less likely fingers slip so
	unsure   bool // contests other ways and says nothing itself
}

// ways are the ways to mend all slips, the likeliest first.
func ways(slips []slipped) []way {
	all := []way{{}}
	for _, s := range slips {
		var next []way
		for _, w := range all {
			for _, m := range s.meant {
				next = append(next, way{append(slices.Clone(w.meant), m.word), w.unlikely + m.slip, w.unsure || !m.sure})
			}
		}
		all = next
	}
	slices.SortStableFunc(all, func(a, b way) int { return a.unlikely - b.unlikely })
	return all[:min(len(all), mostMending)]
}

// rewritten is the question with its slips replaced.
func rewritten(question string, slips []slipped, meant []string) string {
	var b strings.Builder
	at := 0
	for i, s := range slips {
		b.WriteString(question[at:s.from])
		b.WriteString(meant[i])
		at = s.to
	}
	b.WriteString(question[at:])
	return b.String()
}

// meansElse tells whether two plans take the same slip for different words:
// what is likelier then is not likely enough.
func meansElse(a, b *plan) bool {
	for _, x := range a.assume {
		for _, y := range b.assume {
			if x.code == "mended" && y.code == "mended" && x.args["text"] == y.args["text"] && x.args["as"] != y.args["as"] {
				return !sameFigures(a, b)
			}
		}
	}
	return false
}
