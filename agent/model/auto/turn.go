package auto

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"tesela/agent/model"
)

// turn is what a request tells of the turn so far.
type turn struct {
	at       int    // place of the question
	begun    bool   // there was a reply
	by       string // who made the last one that says so
	language string // of the question, as they heard it
	results  bool   // some call came to a result
	faulty   int    // rounds with a call at fault
	checked  bool   // its text is being checked
	doubted  bool   // the second looks up what it needs to settle a doubt
	rounds   int    // replies
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
			if m.Reply != nil && (m.Reply.By != "" || !t.begun) {
				t.by, t.doubted = m.Reply.By, len(m.Reply.Doubt) > 0
				t.language = cmp.Or(m.Reply.Language, t.language)
			}
			t.begun, fault = true, false
			t.rounds++
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

// mostReply bounds a reply's text in bytes, as a turn does, and its calls.
const (
	mostReply = 64_000
	mostCalls = 4096
)

// showing passes a reply's text on as it comes; nil keeps it back.
type showing struct {
	yield func(model.Delta, error) bool
	ended bool
}

// text passes a piece on and tells whether more is wanted.
func (s *showing) text(piece string) bool {
	if piece != "" && !s.ended {
		s.ended = !s.yield(model.Delta{Text: piece}, nil)
	}
	return !s.ended
}

func (s *showing) stopped() bool { return s != nil && s.ended }

var errStopped = errors.New("the reader of the reply stopped")

// gather takes a whole reply; of its text only what is not shown already.
func gather(ctx context.Context, m model.Model, r model.Request, show *showing) (reply, error) {
	var out reply
	size := 0
	for d, err := range m.Generate(ctx, r) {
		if err != nil {
			return out, err
		}
		if size += len(d.Text); show == nil {
			out.text += d.Text
		} else if !show.text(d.Text) {
			return out, errStopped
		}
		if d.Call != nil {
			out.calls = append(out.calls, *d.Call)
		}
		if d.Decision != nil {
			out.decision = d.Decision
		}
		if d.Usage != nil {
			out.used = append(out.used, *d.Usage)
		}
		if size > mostReply || len(out.calls) > mostCalls {
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
