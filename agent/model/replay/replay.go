// Package replay records what a model says and says it again without the
// model, so that a conversation can be run anew, in a test or an audit, to the
// same bytes. It holds no clock and no random id: a recording is what was said
// and a print of what it was said to.
package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"

	"tesela/agent/model"
)

// Recording is a model's replies in the order they were asked for.
type Recording struct {
	Model   string  `json:"model"`
	Replies []Reply `json:"replies"`
}

// Reply is one reply: the print of its request, its deltas, and the error it
// ended with, "" for none.
type Reply struct {
	Request string        `json:"request"` // "sha256:…", see Print
	Deltas  []model.Delta `json:"deltas"`
	Error   string        `json:"error,omitempty"`
}

// ErrDiffers is wrapped by a replay's error where the conversation takes
// another course than the recorded one.
var ErrDiffers = errors.New("the request is not the recorded one")

// Print is a fingerprint of what a request asks: messages, tools, language and
// T. The catalogue is left out, for the messages say what came of it.
func Print(r model.Request) string {
	h := sha256.New()
	// Messages and tools are plain data that JSON writes in one way only.
	_ = json.NewEncoder(h).Encode(struct {
		Messages []model.Message
		Tools    []model.Tool
		Language string
		AsOf     int64
	}{r.Messages, r.Tools, r.Language, r.AsOf.UnixNano()})
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Recorder passes a model through and notes its replies. Safe for concurrent
// use, though only replies asked for one after the other replay in order.
type Recorder struct {
	model model.Model
	mu    sync.Mutex
	made  Recording
}

// Record makes a recorder of a model.
func Record(m model.Model) *Recorder {
	return &Recorder{model: m, made: Recording{Model: m.Name()}}
}

// Name is the recorded model's.
func (r *Recorder) Name() string { return r.model.Name() }

// Generate streams the model's reply and notes what of it was read.
func (r *Recorder) Generate(ctx context.Context, q model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		reply := Reply{Request: Print(q)}
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.made.Replies = append(r.made.Replies, reply)
		}()
		for d, err := range r.model.Generate(ctx, q) {
			if err != nil {
				reply.Error = err.Error()
			} else {
				reply.Deltas = append(reply.Deltas, d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Recording is what was said so far.
func (r *Recorder) Recording() Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Recording{Model: r.made.Model, Replies: append([]Reply(nil), r.made.Replies...)}
}

// Model says a recording again. It is not safe for concurrent use.
type Model struct {
	recording Recording
	next      int
}

// New makes a model of a recording.
func New(r Recording) *Model { return &Model{recording: r} }

// Name is the recorded model's.
func (m *Model) Name() string { return m.recording.Model }

// Generate gives the next recorded reply. A request other than the recorded
// one, or one more than there are, is an error that wraps ErrDiffers.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		n := m.next
		if n >= len(m.recording.Replies) {
			yield(model.Delta{}, fmt.Errorf("replay reply %d: the recording has %d: %w", n+1, n, ErrDiffers))
			return
		}
		m.next++
		reply := m.recording.Replies[n]
		if Print(r) != reply.Request {
			yield(model.Delta{}, fmt.Errorf("replay reply %d: %w", n+1, ErrDiffers))
			return
		}
		for _, d := range reply.Deltas {
			if err := ctx.Err(); err != nil {
				yield(model.Delta{}, err)
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		if reply.Error != "" {
			yield(model.Delta{}, errors.New(reply.Error))
		}
	}
}
