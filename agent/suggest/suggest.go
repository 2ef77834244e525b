// Package suggest offers what can be asked next: first questions made from the
// data, three more after an answer, and the names and values that complete
// what is being typed. Which questions make sense after which tool is data
// (prompts/suggest). Each is put in plain words, given to whoever reads
// questions here, and offered only where it is read back to the same call, so
// that nothing is offered that would be asked back or refused. Nothing is
// computed, and no customer is looked at.
package suggest

import (
	"context"
	"slices"

	"tesela/agent/model"
	"tesela/tools"
	"tesela/tools/restate"
)

// Reader gives the calls that a question asks for; false where it would be
// asked back or refused.
type Reader func(ctx context.Context, c *model.Catalogue, language, question string) ([]model.Call, bool)

// Step is a call of the last answer and what came of it.
type Step struct {
	Call   model.Call
	Result *tools.Result
}

// Suggester is safe for concurrent use where its Reader is.
type Suggester struct {
	moves *moves
	words map[string]words
	say   *restate.Restater
	read  Reader
	same  func(a, b []model.Call, c *model.Catalogue) bool
}

// New makes a suggester that puts calls into words and has them read back;
// same tells whether calls mean the same.
func New(say *restate.Restater, read Reader, same func(a, b []model.Call, c *model.Catalogue) bool) (*Suggester, error) {
	s := &Suggester{say: say, read: read, same: same}
	var err error
	s.moves, s.words, err = readMoves()
	return s, err
}

// most is how many questions are offered after an answer, mostFirst how many
// before the first.
const (
	most      = 3
	mostFirst = 4
)

// After offers up to three next questions after an answer with these steps, in
// a language: each label says it in a few words, each question can be asked as
// it is. asked are the calls of the session so far, which are not offered
// again.
func (s *Suggester) After(ctx context.Context, c *model.Catalogue, language string, steps []Step, asked []model.Call) []model.Choice {
	w, ok := s.words[language]
	if !ok || c == nil || len(steps) == 0 {
		return nil
	}
	last := newLast(c, s.say, language, steps[len(steps)-1])
	var list []model.Choice
	var taken []string
	for _, m := range slices.Concat(s.moves.Next[last.tool], s.moves.Always) {
		if len(list) == most || ctx.Err() != nil {
			break
		}
		if slices.Contains(taken, m.Say) || !last.meets(m.Needs) {
			continue
		}
		call, ok := last.call(m, s.moves.Layers)
		if !ok || slices.ContainsFunc(asked, func(a model.Call) bool { return s.same([]model.Call{a}, []model.Call{call}, c) }) {
			continue
		}
		question, _ := s.say.Call(language, call.Name, call.Args, c)
		read, ok := s.read(ctx, c, language, question)
		if !ok || !s.same(read, []model.Call{call}, c) {
			continue
		}
		taken = append(taken, m.Say)
		list = append(list, model.Choice{Label: last.words(w.Texts[m.Say]), Question: question})
	}
	return list
}

// First offers questions to begin with, in a language.
func (s *Suggester) First(ctx context.Context, c *model.Catalogue, language string) []model.Choice {
	w, ok := s.words[language]
	if !ok || c == nil || c.Customers == 0 {
		return nil
	}
	d := newData(c, s.say, language, w)
	var list []model.Choice
	for _, m := range s.moves.First {
		if len(list) == mostFirst || ctx.Err() != nil {
			break
		}
		question, ok := d.fill(w.Texts[m.Say], m.Needs)
		if !ok {
			continue
		}
		if _, ok := s.read(ctx, c, language, question); ok {
			list = append(list, model.Choice{Label: question, Question: question})
		}
	}
	return list
}
