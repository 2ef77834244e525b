package auto

import (
	"context"
	"encoding/json"

	"tesela/agent/model"
)

// turn is what a request tells of the turn so far.
type turn struct {
	at       int    // place of the question
	begun    bool   // there was a reply
	by       string // who made it
	language string // of the question, as they heard it
	results  bool   // some call came to a result
	faulty   int    // rounds with a call at fault
	checked  bool   // its text is being checked
}

func turnOf(r model.Request) turn {
	t := turn{at: len(r.Messages) - 1}
	for t.at >= 0 && r.Messages[t.at].Role != model.User {
		t.at--
	}
	fault := false
	for _, m := range r.Messages[t.at+1:] {
		switch m.Role {
		case model.Assistant:
			if !t.begun && m.Reply != nil {
				t.by, t.language = m.Reply.By, m.Reply.Language
			}
			t.begun, fault = true, false
		case model.ToolRole:
			var told struct {
				Error json.RawMessage `json:"error"`
			}
			if json.Unmarshal(m.Result, &told) != nil || len(told.Error) > 0 {
				if !fault {
					t.faulty++
				}
				fault = true
			} else {
				t.results = true
			}
		case model.System:
			t.checked = true
		}
	}
	return t
}

// question is the request as it was when the question was asked.
func (t turn) question(r model.Request) model.Request {
	r.Messages = r.Messages[: t.at+1 : t.at+1]
	return r
}

// reply is a whole reply.
type reply struct {
	text     string
	calls    []model.Call
	decision *model.Decision
	used     []model.Usage
}

// mostReply bounds a reply's text in bytes and its calls.
const (
	mostReply = 1 << 20
	mostCalls = 4096
)

func gather(ctx context.Context, m model.Model, r model.Request) (reply, error) {
	var out reply
	for d, err := range m.Generate(ctx, r) {
		if err != nil {
			return out, err
		}
		out.text += d.Text
		if d.Call != nil {
			out.calls = append(out.calls, *d.Call)
		}
		if d.Decision != nil {
			out.decision = d.Decision
		}
		if d.Usage != nil {
			out.used = append(out.used, *d.Usage)
		}
		if len(out.text) > mostReply || len(out.calls) > mostCalls {
			return out, &model.Fault{Model: m.Name(), Cause: model.Broken, Err: errEndless}
		}
	}
	return out, ctx.Err()
}

// pass yields a whole reply, the decision first.
func (r reply) pass(yield func(model.Delta, error) bool) {
	var all []model.Delta
	if r.decision != nil {
		all = append(all, model.Delta{Decision: r.decision})
	}
	if r.text != "" {
		all = append(all, model.Delta{Text: r.text})
	}
	for i := range r.calls {
		all = append(all, model.Delta{Call: &r.calls[i]})
	}
	for i := range r.used {
		all = append(all, model.Delta{Usage: &r.used[i]})
	}
	if len(all) == 0 {
		all = append(all, model.Delta{})
	}
	for _, d := range all {
		if !yield(d, nil) {
			return
		}
	}
}
