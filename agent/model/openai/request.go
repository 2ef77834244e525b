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
	"strings"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
	"tesela/agent/model/wire"
)

// seed makes an endpoint that honours it reply alike to alike requests.
const seed = 1

// options are what not every endpoint takes, by the name it complains of.
var options = []struct {
	name string
	bit  uint32
}{{"temperature", noTemperature}, {"seed", noSeed}, {"stream_options", noStreamOptions}}

const (
	noTemperature = 1 << iota
	noSeed
	noStreamOptions
	noReasoning
)

// request is a prompt in the wire format. A temperature of 0 would be left out
// by the client library and so mean the endpoint's default: the smallest there
// is means 0 to every endpoint.
func (m *Model) request(p prompting.Prompt) client.ChatCompletionRequest {
	without, s := m.without.Load(), seed
	r := client.ChatCompletionRequest{Model: m.Model, Temperature: math.SmallestNonzeroFloat32, Seed: &s}
	if !m.Whole {
		r.StreamOptions = &client.StreamOptions{IncludeUsage: true}
	}
	if without&noTemperature != 0 {
		r.Temperature = 0
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
	for _, t := range p.Tools {
		r.Tools = append(r.Tools, client.Tool{Type: client.ToolTypeFunction, Function: &client.FunctionDefinition{
			Name: t.Name, Description: t.Description, Parameters: t.Schema,
		}})
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
// tells whether it was in use until now.
func (m *Model) giveUp(err error, n *wire.Note) bool {
	drop := func(bit uint32) bool { return m.without.Or(bit)&bit == 0 }
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
		if strings.Contains(said.Message+" "+said.Param, o.name) && drop(o.bit) {
			return true
		}
	}
	return false
}

// once makes one attempt.
func (m *Model) once(ctx context.Context, p prompting.Prompt, note *wire.Note, into *reply) error {
	if m.Whole {
		_, err := m.client.CreateChatCompletion(ctx, m.request(p))
		if note.Status() >= 400 || note.Raw() == nil || note.Failure() != nil {
			return err
		}
		return into.document(note.Raw()) // also where the library could not
	}
	stream, err := m.client.CreateChatCompletionStream(ctx, m.request(p))
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
