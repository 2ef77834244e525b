package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/trace"
	"tesela/store"
	"tesela/tools/restate"
)

// retold is what came of running a turn anew from its trace.
type retold struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Same     bool   `json:"same"`
	// Replies are those of the model that were said again, of as many as there
	// are; Differs the ones that were asked for in other words than then.
	Replies int   `json:"replies"`
	Of      int   `json:"of"`
	Differs []int `json:"requests_differ"`
	// DataChanged is set where the data is not what it was.
	DataChanged bool         `json:"data_changed"`
	Differences []difference `json:"differences"`
}

// difference is a part of the answer that is another.
type difference struct {
	Path string          `json:"path"`
	Then json.RawMessage `json:"then"`
	Now  json.RawMessage `json:"now"`
}

// replayTrace runs a turn anew with what its model said then, and compares the
// answers.
func (a *app) replayTrace(ctx context.Context, ws store.Workspace, t *trace.Trace) error {
	r, err := a.retell(ctx, ws, t)
	if errors.Is(err, trace.ErrNotReplayable) {
		return fmt.Errorf("run %s anew: %w; `tesela replay %[1]s` runs the calls of its answer again", t.ID, err)
	}
	if err != nil {
		return fmt.Errorf("run %s anew: %w", t.ID, err)
	}
	if a.json {
		err = a.printJSON(r)
	} else {
		_, err = fmt.Fprint(a.out, r.text())
	}
	if err == nil && !r.Same {
		err = &exitError{code: exitError1}
	}
	return err
}

func (a *app) retell(ctx context.Context, ws store.Workspace, t *trace.Trace) (*retold, error) {
	recording, err := t.Recording()
	if err != nil {
		return nil, err
	}
	turn, err := ws.Turn(ctx, t.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("its answer is not kept in this workspace, so there is nothing to compare with")
	}
	if err != nil {
		return nil, err
	}
	before, err := turnsBefore(ctx, ws, turn)
	if err != nil {
		return nil, err
	}
	say, err := restate.New()
	if err != nil {
		return nil, err
	}
	exports, err := a.exports()
	if err != nil {
		return nil, err
	}
	again := trace.NewReplayer(recording)
	l := t.Limits
	conversation := agent.New(agent.Config{
		Workspace: &workspaceThen{ws, before}, Tools: boxOf(ws, exports), Model: again, Session: turn.Session, Language: t.Told, AsOf: t.AsOf,
		Restate: say, Person: t.Person, Program: programVersion(), Price: l.Price, Clock: func() time.Time { return turn.Asked },
		Limits: agent.Limits{Rounds: l.Rounds, Invalid: l.Invalid, Repeats: l.Repeats, Calls: l.Calls, Tokens: l.Tokens, Cost: l.Cost},
	})
	var answer *agent.Answer
	for e, err := range conversation.Ask(ctx, turn.Question) {
		if err != nil {
			return nil, err
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	if answer == nil {
		return nil, errors.New("the question came to no answer")
	}
	r := &retold{ID: t.ID, Question: turn.Question, Differs: append([]int{}, again.Differs()...), DataChanged: answer.Data != t.Data, Differences: []difference{}}
	r.Replies, r.Of = again.Asked()
	if r.Differences, err = answersDiffer(turn.Answer, answer); err != nil {
		return nil, err
	}
	r.Same = len(r.Differences) == 0 && r.Replies == r.Of
	return r, nil
}

// turnsBefore are the turns of a session before one of it.
func turnsBefore(ctx context.Context, ws store.Workspace, turn store.Turn) ([]store.Turn, error) {
	if turn.Session == "" {
		return nil, nil
	}
	all, err := ws.Turns(ctx, turn.Session, 0)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(o store.Turn) bool { return o.ID == turn.ID }); i >= 0 {
		all = all[:i]
	}
	return all, nil
}

// workspaceThen is a workspace as a turn found its session; nothing is kept in
// it.
type workspaceThen struct {
	store.Workspace
	before []store.Turn
}

// Turns are those before the turn.
func (w *workspaceThen) Turns(_ context.Context, _ string, last int) ([]store.Turn, error) {
	if last > 0 && len(w.before) > last {
		return w.before[len(w.before)-last:], nil
	}
	return w.before, nil
}

// Turn finds none, as the turn that is run anew was not there then.
func (w *workspaceThen) Turn(context.Context, string) (store.Turn, error) {
	return store.Turn{}, store.ErrNotFound
}

// AppendTurn keeps nothing.
func (w *workspaceThen) AppendTurn(context.Context, store.Turn) error { return nil }

// compared are the parts of an answer that a turn run anew is to come to.
var compared = []string{"status", "reason", "language", "understood", "assumptions", "text", "choices", "unknown", "notes", "model", "bounds"}

// answersDiffer compares a kept answer with one that was come to anew.
func answersDiffer(then json.RawMessage, now *agent.Answer) ([]difference, error) {
	body, err := now.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var a, b map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(then, &a), json.Unmarshal(body, &b)); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	out := []difference{}
	add := func(path string, x, y json.RawMessage) {
		if len(x) == 0 {
			x = json.RawMessage("null")
		}
		if len(y) == 0 {
			y = json.RawMessage("null")
		}
		if string(x) != string(y) {
			out = append(out, difference{path, x, y})
		}
	}
	for _, part := range compared {
		add(part, a[part], b[part])
	}
	was, err := callsOf(a["calls"])
	if err != nil {
		return nil, err
	}
	is, err := callsOf(b["calls"])
	if err != nil {
		return nil, err
	}
	for i := range max(len(was), len(is)) {
		var x, y json.RawMessage
		if i < len(was) {
			x = was[i]
		}
		if i < len(is) {
			y = is[i]
		}
		add(fmt.Sprintf("calls[%d]", i), x, y)
	}
	return out, nil
}

// callsOf are an answer's calls by what tells them apart: the tool, its
// arguments, the fault or the result's fingerprint.
func callsOf(raw json.RawMessage) ([]json.RawMessage, error) {
	var calls []struct {
		Tool   string          `json:"tool"`
		Args   json.RawMessage `json:"args"`
		Error  string          `json:"error,omitempty"`
		Result *struct {
			Fingerprint string `json:"fingerprint"`
		} `json:"result,omitempty"`
	}
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &calls); err != nil {
		return nil, fmt.Errorf("read the answer's calls: %w", err)
	}
	var out []json.RawMessage
	for _, c := range calls {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(c); err != nil {
			return nil, err
		}
		out = append(out, bytes.TrimSpace(b.Bytes()))
	}
	return out, nil
}

// text words what came of it.
func (r *retold) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", oneLine(r.ID), oneLine(r.Question))
	for _, d := range r.Differences {
		fmt.Fprintf(&b, "  %s: %s → %s\n", d.Path, shortened(string(d.Then)), shortened(string(d.Now)))
	}
	of := ""
	if r.Replies != r.Of {
		of = fmt.Sprintf(" of %d", r.Of)
	}
	fmt.Fprintf(&b, "  said again in place of the model: %s%s\n", map[bool]string{true: "1 reply", false: fmt.Sprintf("%d replies", r.Replies)}[r.Replies == 1], of)
	if len(r.Differs) > 0 {
		fmt.Fprintf(&b, "  not asked as then, because tools, earlier turns or results are others: round %s\n", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(r.Differs)), ", "), "[]"))
	}
	switch {
	case r.Same:
		b.WriteString("It comes to the same answer.\n")
	case r.DataChanged:
		b.WriteString("It comes to another answer: the data is not what it was.\n")
	default:
		b.WriteString("It comes to another answer.\n")
	}
	return b.String()
}
