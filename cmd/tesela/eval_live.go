package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"tesela/agent/model"
	"tesela/evals"
)

// mostRefused is how many turns in a row a language model may be denied or not
// reached before a run over it is broken off: its figures would be nobody's.
const mostRefused = 3

// live watches the language models of a run of evals: what they had a hand in,
// whether they answer at all, and what they cost.
type live struct {
	stop context.CancelCauseFunc
	most float64 // dollars of the whole run; 0 is no bound

	mu     sync.Mutex
	models map[string]*liveModel
	spent  float64
}

// liveModel is what became of the turns of a model of --model.
type liveModel struct {
	asked    string // the language model behind it; "" where there is none
	turns    int
	with     int // of them: decided by the language model, alone or too
	without  int // of them: done without it, as it failed
	refused  int // in a row
	answered bool
}

// watch notes what becomes of a model's turns.
func (l *live) watch(name string, m model.Model) model.Model {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.models == nil {
		l.models = map[string]*liveModel{}
	}
	if l.models[name] == nil {
		of := &liveModel{asked: name}
		if name == "" || name == "auto" {
			// check has let it pass: there is no error to tell.
			of.asked, _ = configured().second()
		}
		l.models[name] = of
	}
	return &watched{Model: m, live: l, of: l.models[name]}
}

// watched is a model whose turns are noted.
type watched struct {
	model.Model
	live *live
	of   *liveModel
}

// Generate asks the model.
func (w *watched) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		first := len(r.Messages) > 0 && r.Messages[len(r.Messages)-1].Role == model.User
		var said *model.Decision
		var failed error
		for d, err := range w.Model.Generate(ctx, r) {
			if d.Decision != nil {
				said = d.Decision
			}
			failed = err
			if !yield(d, err) || err != nil {
				break
			}
		}
		if ctx.Err() == nil {
			w.live.note(w.of, first, said, failed)
		}
	}
}

// note counts a reply.
func (l *live) note(of *liveModel, first bool, said *model.Decision, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fault *model.Fault
	if said != nil && said.Without != nil {
		fault = said.Without
		of.without++
	} else if !errors.As(failed, &fault) && failed == nil && (said == nil || said.Outside || strings.Contains(said.By, "+")) {
		of.answered = true
	}
	if first {
		of.turns++
		if fault == nil && failed == nil && said != nil && (said.Outside || strings.Contains(said.By, "+")) {
			of.with++
		}
	}
	switch {
	case fault != nil && (fault.Cause == model.Denied || fault.Cause == model.Unreachable):
		if of.refused++; of.refused >= mostRefused && !of.answered {
			l.stop(fault)
		}
	case fault == nil && failed == nil && (said == nil || said.By != "offline"):
		of.refused = 0
	}
}

// cost adds what a case cost and breaks the run off at its bound.
func (l *live) cost(at evals.Progress) {
	if at.Record == nil || at.Record.Cost == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.spent += *at.Record.Cost; l.most > 0 && l.spent >= l.most {
		l.stop(fmt.Errorf("--max-total-cost: the cases so far have cost %.4g dollars", l.spent))
	}
}

// notes say whose the figures are.
func (l *live) notes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var names []string
	for name := range l.models {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		of := l.models[name]
		switch {
		case of.turns == 0: // all was in the journal
		case of.asked == "":
			out = append(out, fmt.Sprintf("%s: no language model is configured (%s), so its figures are the planner's", name, envModel))
		case of.asked == name && of.with == 0:
			out = append(out, fmt.Sprintf("%s answered none of the %s asked now: these are no figures of it", name, counted(of.turns, "turn")))
		case of.asked != name:
			out = append(out, fmt.Sprintf("%s: of the %s asked now %s had a hand in %d and failed in %d; the rest is the planner's own", name, counted(of.turns, "turn"), of.asked, of.with, of.without))
		}
	}
	return out
}
