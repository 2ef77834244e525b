package agent

import (
	"context"
	"fmt"
	"strings"

	"tesela/agent/model"
)

// reply is a model's whole reply of one round.
type reply struct {
	text     string
	calls    []model.Call
	decision *model.Decision
	used     []model.Usage
}

// piece is one delta of a reply, or what ended it.
type piece struct {
	model.Delta
	err error
}

// stream runs a model elsewhere, so that one slow to notice a cancellation does
// not hold up its end. The channel is closed after the last piece.
func (t *turn) stream(ctx context.Context, r model.Request) <-chan piece {
	pieces := make(chan piece, 16)
	send := func(p piece) bool {
		select {
		case pieces <- p:
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		defer close(pieces)
		defer func() {
			if p := recover(); p != nil {
				send(piece{err: fmt.Errorf("broke off: %v", p)})
			}
		}()
		for d, err := range t.c.Model.Generate(ctx, r) {
			if !send(piece{d, err}) || err != nil {
				return
			}
		}
	}()
	return pieces
}

// generate streams one reply. What is certain of its text is shown as it comes;
// calls are run once all are known. What a reply cost is told beside an error.
func (t *turn) generate(ctx context.Context, r model.Request) (reply, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pieces := t.stream(ctx, r)
	shown := t.newDraft()
	most := t.left()
	var out reply
	var text strings.Builder
	size := 0 // bytes of text and calls
	fail := func(err error) (reply, error) {
		if stopped := shown.end(); stopped != nil {
			err = stopped
		}
		return reply{used: out.used}, err
	}
	for {
		var p piece
		going := true
		select {
		case p, going = <-pieces:
		case <-ctx.Done():
		}
		switch {
		case ctx.Err() != nil:
			return fail(context.Cause(ctx))
		case !going:
			out.text = strings.TrimSpace(text.String())
			return out, nil
		case p.err != nil:
			return fail(p.err)
		}
		if p.Usage != nil {
			out.used = append(out.used, *p.Usage)
		}
		if p.Decision != nil {
			if out.decision = p.Decision; p.Decision.Without != nil {
				text.Reset() // of the model that failed in the midst of it
			}
		}
		if p.Call != nil {
			out.calls = append(out.calls, *p.Call)
			size += len(p.Call.Args)
		}
		size += len(p.Text)
		text.WriteString(p.Text)
		if text.Len() > t.c.Limits.Text || len(out.calls) > mostCalls*t.c.Limits.Calls {
			return fail(t.cut(TextBound, &out, r, size))
		}
		if size > most.bytes {
			return fail(t.cut(most.by, &out, r, size))
		}
		var err error
		if p.Call != nil || p.Decision != nil && (p.Decision.Without != nil || p.Decision.Status == model.Clarify || p.Decision.Status == model.Cannot) {
			err = shown.end() // it was said beside them
		} else if p.Text != "" {
			err = shown.take(ctx, text.String())
		}
		if err != nil {
			return fail(err)
		}
	}
}

// spend adds a reply's use of a language model to the turn's.
func (t *turn) spend(used []model.Usage) {
	for _, u := range used {
		if t.used == nil {
			t.used = &Usage{}
		}
		t.used.Rounds++
		t.used.InputTokens += u.InputTokens
		t.used.OutputTokens += u.OutputTokens
		t.used.Estimated = t.used.Estimated || u.Estimated
		t.used.Cost = (float64(t.used.InputTokens)*t.c.Price.Input + float64(t.used.OutputTokens)*t.c.Price.Output) / 1e6
	}
}

// outside tells that a model outside this process gets to see the results.
func (t *turn) outside() bool {
	_, distant := t.c.Model.(interface{ Host() string }) // at an address, whoever forgot to say so
	return distant || t.decision != nil && t.decision.Outside
}

// decide takes over what the model decided; what an earlier round of the turn
// said stands where this one is silent.
func (t *turn) decide(d *model.Decision) {
	if d == nil {
		return
	}
	next := *d
	if old := t.decision; old != nil {
		if next.Language == "" {
			next.Language = old.Language
		}
		if next.Understood == "" {
			next.Understood = old.Understood
		}
		if next.Status == "" {
			next.Status = old.Status
		}
		if len(next.Assumptions) == 0 {
			next.Assumptions = old.Assumptions
		}
		if next.By == "" {
			next.By = old.By
		}
		if next.Without == nil {
			next.Without = old.Without
		}
		next.Outside = next.Outside || old.Outside
	}
	t.decision = &next
}

// ends tells that the decision is an answer by itself, beside which nothing
// is computed.
func (t *turn) ends() bool {
	return t.decision != nil && (t.decision.Status == model.Clarify || t.decision.Status == model.Cannot)
}
