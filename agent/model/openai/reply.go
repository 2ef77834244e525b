package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
	"tesela/agent/model/wire"
)

// chunk is a piece of a stream or a reply in one piece, read more leniently
// than the library does: kinds that differ from the documented ones do not end
// the reply.
type chunk struct {
	Choices []struct {
		Index   int             `json:"index"`
		Delta   message         `json:"delta"`
		Message message         `json:"message"`
		Finish  json.RawMessage `json:"finish_reason"`
	} `json:"choices"`
	Usage json.RawMessage `json:"usage"`
	Error json.RawMessage `json:"error"`
}

type message struct {
	Content   json.RawMessage `json:"content"`
	Refusal   json.RawMessage `json:"refusal"`
	ToolCalls json.RawMessage `json:"tool_calls"`
}

// reply gathers what comes of one reply and passes it on.
type reply struct {
	question string
	known    []model.Tool
	yield    func(model.Delta, error) bool

	without uint32 // what the attempt did without, see options

	passed  bool // something was passed on
	stopped bool // the reader wants no more

	chunks  int
	calls   calls
	refused strings.Builder
	reason  string
	heard   string // text not looked at yet
	usage   *model.Usage
	said    int // bytes of text
	thought thoughts
}

// begin forgets an attempt of which nothing was passed on.
func (r *reply) begin() {
	*r = reply{question: r.question, known: r.known, yield: r.yield, passed: r.passed, stopped: r.stopped}
	r.calls.known = r.known
}

// take reads one chunk of a stream.
func (r *reply) take(line []byte) error {
	var c chunk
	if err := json.Unmarshal(line, &c); err != nil {
		return fmt.Errorf("read a piece of the reply: %w", err)
	}
	r.chunks++
	err := r.read(c)
	r.speak(r.thought.speech(r.heard))
	r.heard = ""
	return err
}

// document reads a reply in one piece.
func (r *reply) document(raw []byte) error {
	var c chunk
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&c); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return wire.ErrBrokeOff
		}
		return fmt.Errorf("read the reply: %w", err)
	}
	if err := r.read(c); err != nil {
		return err
	}
	if len(c.Choices) == 0 {
		return wire.ErrBrokeOff
	}
	if err := r.whole(); err != nil {
		return err
	}
	r.speak(r.thought.speech(r.heard) + r.thought.rest())
	return nil
}

// read gathers what a chunk holds.
func (r *reply) read(c chunk) error {
	if len(c.Error) > 0 && !bytes.Equal(c.Error, []byte("null")) {
		return said(c.Error)
	}
	r.count(c.Usage)
	for _, choice := range c.Choices {
		if choice.Index != 0 {
			continue // one reply is asked for
		}
		for _, m := range []message{choice.Delta, choice.Message} {
			r.refused.WriteString(text(m.Refusal))
			r.heard += text(m.Content)
			if err := r.calls.take(m.ToolCalls); err != nil {
				return err
			}
		}
		if f := text(choice.Finish); f != "" {
			r.reason = f
		}
	}
	return nil
}

// said is an error that came in the midst of a stream.
func said(raw json.RawMessage) error {
	return wire.Interruption{Said: wire.Read(slices.Concat([]byte(`{"error":`), raw, []byte("}")))}
}

// text is a JSON string, or the texts of an array of parts; "" for all else.
func text(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []struct{ Text string }
	if json.Unmarshal(raw, &parts) == nil {
		for _, p := range parts {
			s += p.Text
		}
	}
	return s
}

// speak passes text on.
func (r *reply) speak(s string) {
	if s == "" || r.stopped {
		return
	}
	r.said += len(s)
	r.passed = true
	r.stopped = !r.yield(model.Delta{Text: s}, nil)
}

// count reads what the reply cost; endpoints tell it in the last chunk, in
// every chunk, or never.
func (r *reply) count(raw json.RawMessage) {
	var u struct {
		In  int `json:"prompt_tokens"`
		Out int `json:"completion_tokens"`
	}
	if len(raw) > 0 && json.Unmarshal(raw, &u) == nil && u.In >= 0 && u.Out >= 0 && u.In+u.Out > 0 {
		r.usage = &model.Usage{InputTokens: u.In, OutputTokens: u.Out}
	}
}

// ended tells whether a stream that ended is a whole reply.
func (r *reply) ended(note *wire.Note) error {
	switch {
	case r.chunks == 0 && note.Plain():
		return r.document(note.Raw()) // it does not stream
	case r.reason == "" && !note.Done():
		return wire.ErrBrokeOff
	}
	r.speak(r.thought.rest())
	return r.whole()
}

// whole tells what is wrong with a reply that came to its end.
func (r *reply) whole() error {
	switch {
	case r.refused.Len() > 0:
		return wire.Refusal{Text: r.refused.String()}
	case r.reason == string(client.FinishReasonContentFilter):
		return wire.Refusal{}
	case r.reason == string(client.FinishReasonLength):
		return wire.ErrCut
	}
	return r.calls.whole()
}

// finish passes on what is known once the reply is whole.
func (r *reply) finish(asked int) {
	kept, decision := prompting.Decide(r.calls.list(), r.question)
	if decision != nil && !r.pass(model.Delta{Decision: decision}) {
		return
	}
	for i := range kept {
		if !r.pass(model.Delta{Call: &kept[i]}) {
			return
		}
	}
	r.pass(model.Delta{Usage: r.used(asked, true)})
}

// used is what the reply cost. Where the endpoint did not say, that of a whole
// reply is estimated from the bytes that went to and fro.
func (r *reply) used(asked int, whole bool) *model.Usage {
	if r.usage != nil || !whole {
		return r.usage
	}
	return &model.Usage{InputTokens: prompting.Tokens(asked), OutputTokens: prompting.Tokens(r.said + r.calls.size()), Estimated: true}
}

func (r *reply) pass(d model.Delta) bool {
	r.passed = true
	r.stopped = r.stopped || !r.yield(d, nil)
	return !r.stopped
}
