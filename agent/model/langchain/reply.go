package langchain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// reply is a whole reply.
type reply struct {
	text       string
	calls      []model.Call
	signatures []string // of the calls, "" for none
	usage      *model.Usage
}

// gathered puts together what the library read and what it would have lost.
// Some vendors' replies come as one choice for each piece: all are read.
func gathered(said *llms.ContentResponse, h heard) (reply, error) {
	got := reply{usage: h.usage}
	if said == nil {
		return got, errNoReply
	}
	used := map[string]bool{}
	var text strings.Builder
	for _, choice := range said.Choices {
		if choice == nil {
			continue
		}
		text.WriteString(choice.Content)
		for _, c := range choice.ToolCalls {
			n := len(got.calls)
			if n >= len(h.calls) || c.FunctionCall == nil || c.FunctionCall.Name != h.calls[n].name {
				return got, fmt.Errorf("the reply was read in two ways: call %d is not the same", n+1)
			}
			id := h.calls[n].id
			if used[id] {
				id = "" // whoever runs the calls gives it one
			}
			used[id] = id != ""
			got.calls = append(got.calls, model.Call{ID: id, Name: strings.TrimSpace(c.FunctionCall.Name), Args: prompting.Arguments(h.calls[n].args)})
			got.signatures = append(got.signatures, h.calls[n].signature)
		}
	}
	if len(got.calls) != len(h.calls) {
		return got, fmt.Errorf("the reply was read in two ways: %d calls, and %d", len(got.calls), len(h.calls))
	}
	got.text = speech(strings.ToValidUTF8(text.String(), "\ufffd"))
	return got, nil
}

// known takes what some models put before the names of tools away.
func (r *reply) known(list []model.Tool) {
	for i, c := range r.calls {
		short := strings.TrimPrefix(strings.TrimPrefix(c.Name, "functions."), "default_api.")
		if slices.ContainsFunc(list, func(t model.Tool) bool { return t.Name == short }) {
			r.calls[i].Name = short
		}
	}
}

// seal gives calls the ids under which their signatures are kept: the same for
// the same reply, and others in another round.
func (r *reply) seal(kept *signatures, round int) {
	for i := range r.calls {
		c := &r.calls[i]
		at := strconv.Itoa(round) + "\x00" + strconv.Itoa(i) + "\x00"
		c.ID = "call_" + made(at+c.Name+"\x00"+string(c.Args)+"\x00"+r.signatures[i], 20)
		kept.keep(c.ID, r.signatures[i])
	}
}

// pass passes a reply on. Where the endpoint did not say what it cost, that is
// estimated from the bytes that went to and fro.
func (r *reply) pass(question string, asked int, yield func(model.Delta, error) bool) {
	if r.text != "" && !yield(model.Delta{Text: r.text}, nil) {
		return
	}
	kept, decision := prompting.Decide(r.calls, question)
	if decision != nil && !yield(model.Delta{Decision: decision}, nil) {
		return
	}
	for i := range kept {
		if !yield(model.Delta{Call: &kept[i]}, nil) {
			return
		}
	}
	usage := r.usage
	if usage == nil {
		size := len(r.text)
		for _, c := range r.calls {
			size += len(c.Name) + len(c.Args)
		}
		usage = &model.Usage{InputTokens: prompting.Tokens(asked), OutputTokens: prompting.Tokens(size), Estimated: true}
	}
	yield(model.Delta{Usage: usage}, nil)
}
