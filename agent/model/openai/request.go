package openai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
	"tesela/agent/model/wire"
)

// seed makes an endpoint that honours it reply alike to alike requests.
const seed = 1

// options are what not every endpoint takes, by the words it complains with.
// Those that say least stand last.
var options = []struct {
	bit   uint32
	words []string
}{
	{noTemperature, []string{"temperature"}},
	{noSeed, []string{"seed"}},
	{noStreamOptions, []string{"stream_options"}},
	{noParallel, []string{"parallel_tool_calls", "parallel tool"}},
	{noStream, []string{"'stream'", "to stream this model", "not support streaming", "treaming is not supported"}},
	{noReasoning, []string{"reasoning_effort"}},
	{noSystem, []string{"system role", "role 'system'", "'system' with this model", "System role", "system message", "system instruction", "Developer instruction"}},
	{noStrict, []string{"strict", "additionalProperties", "response_format", "schema"}},
}

const (
	noTemperature = 1 << iota
	noSeed
	noStreamOptions
	noReasoning // none is asked for, as then there may be tools
	noParallel
	noSystem
	noStrict
	noStream
)

// request is a prompt in the wire format. A temperature of 0 would be left out
// by the client library and so mean the endpoint's default: the smallest there
// is means 0 to every endpoint.
func (m *Model) request(p prompting.Prompt, without uint32) client.ChatCompletionRequest {
	s := seed
	r := client.ChatCompletionRequest{Model: m.Model, Temperature: math.SmallestNonzeroFloat32, Seed: &s}
	if !m.whole(without) {
		r.StreamOptions = &client.StreamOptions{IncludeUsage: true}
	}
	if without&noTemperature != 0 || m.can.Reasoning {
		r.Temperature = 0 // not sent
	}
	if without&noSeed != 0 {
		r.Seed = nil
	}
	if without&noStreamOptions != 0 {
		r.StreamOptions = nil
	}
	if without&noReasoning != 0 {
		r.ReasoningEffort = client.ReasoningEffortNone
	}
	if !m.can.System || without&noSystem != 0 {
		p = p.InFront()
	}
	for _, one := range p.Messages {
		out := client.ChatCompletionMessage{Content: one.Text, ToolCallID: short(one.CallID)}
		switch one.Role {
		case model.System:
			out.Role = client.ChatMessageRoleSystem
		case model.Assistant:
			out.Role = client.ChatMessageRoleAssistant
		case model.ToolRole:
			out.Role = client.ChatMessageRoleTool
		default:
			out.Role = client.ChatMessageRoleUser
		}
		for _, c := range one.Calls {
			out.ToolCalls = append(out.ToolCalls, client.ToolCall{
				ID: short(c.ID), Type: client.ToolTypeFunction,
				Function: client.FunctionCall{Name: c.Name, Arguments: string(c.Args)},
			})
		}
		r.Messages = append(r.Messages, out)
	}
	if len(p.Tools) > 0 {
		r.Tools = allTools
	}
	// Elsewhere it is not known whether that is taken, and models do it anyway.
	if len(r.Tools) > 0 && m.own && m.can.Parallel && without&noParallel == 0 {
		r.ParallelToolCalls = true
	}
	return r
}

// mostID is how long a call's id may be.
const mostID = 40

// short is a call's id, or what stands for one that is too long: those of
// other endpoints in the same conversation may be.
func short(id string) string {
	if len(id) <= mostID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:mostID/2])
}

// giveUp notes an option that the endpoint or the library would not take, and
// tells whether the attempt had it. Of many at once each tells so for itself.
func (m *Model) giveUp(err error, n *wire.Note, without uint32) bool {
	drop := func(bit uint32) bool {
		m.without.Or(bit)
		return without&bit == 0
	}
	switch {
	case errors.Is(err, client.ErrReasoningModelLimitationsOther), errors.Is(err, client.ErrReasoningSamplingUnsupported):
		return drop(noTemperature)
	case errors.Is(err, client.ErrReasoningToolsRequireResponses):
		return drop(noReasoning)
	case n.Status() != http.StatusBadRequest && n.Status() != http.StatusUnprocessableEntity:
		return false
	}
	said := n.Said()
	for _, o := range options {
		named := slices.ContainsFunc(o.words, func(w string) bool { return strings.Contains(said.Message+" "+said.Param, w) })
		if named && m.uses(o.bit, without) && drop(o.bit) {
			return true
		}
	}
	return false
}

// uses tells whether an attempt had what an endpoint complains of.
func (m *Model) uses(option, without uint32) bool {
	switch option {
	case noTemperature:
		return !m.can.Reasoning
	case noStreamOptions, noStream:
		return !m.whole(without)
	case noParallel:
		return m.own && m.can.Parallel
	case noSystem:
		return m.can.System
	case noStrict:
		return m.can.Strict
	}
	return true
}

// whole tells whether replies are asked for in one piece.
func (m *Model) whole(without uint32) bool { return m.Whole || without&noStream != 0 }

// once makes one attempt.
func (m *Model) once(ctx context.Context, p prompting.Prompt, note *wire.Note, into *reply) error {
	into.without = m.without.Load()
	request := m.request(p, into.without)
	list, err := m.tools.list(p.Tools, m.can.Strict && into.without&noStrict == 0)
	if err != nil {
		return err
	}
	ctx = withTools(ctx, list)
	if m.whole(into.without) {
		_, err := m.client.CreateChatCompletion(ctx, request)
		if note.Status() >= 400 || note.Raw() == nil || note.Failure() != nil {
			return err
		}
		return into.document(note.Raw()) // also where the library could not
	}
	stream, err := m.client.CreateChatCompletionStream(ctx, request)
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		line, err := stream.RecvRaw()
		var api *client.APIError
		switch {
		case errors.Is(err, io.EOF):
			return into.ended(note)
		case errors.As(err, &api):
			return wire.Interruption{Said: wire.Said{Message: api.Message, Type: api.Type}}
		case err != nil:
			return err
		}
		if err := into.take(line); err != nil {
			return err
		}
		if into.stopped {
			return nil
		}
	}
}

// String shows which model of which endpoint this is, without secrets.
func (m *Model) String() string { return fmt.Sprintf("%s at %s", m.Name(), m.Host()) }
