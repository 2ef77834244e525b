package agent

import (
	"bytes"
	"encoding/json"

	"tesela/agent/model"
)

// MarshalJSON prints the answer as contracted: lists are never null, and
// choices and unknown words are there whenever the status makes one look for
// them.
func (a Answer) MarshalJSON() ([]byte, error) {
	type plain Answer
	out := struct {
		plain
		Choices *[]model.Choice `json:"choices,omitempty"`
		Unknown *[]string       `json:"unknown,omitempty"`
	}{plain: plain(a)}
	if out.Assumptions == nil {
		out.Assumptions = []string{}
	}
	if out.Calls == nil {
		out.Calls = []CallRecord{}
	}
	asks := a.Status == model.Clarify || a.Status == model.Cannot
	if asks || len(a.Choices) > 0 {
		choices := append([]model.Choice{}, a.Choices...)
		out.Choices = &choices
	}
	if asks || len(a.Unknown) > 0 {
		unknown := append([]string{}, a.Unknown...)
		out.Unknown = &unknown
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
