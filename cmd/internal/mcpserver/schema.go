package mcpserver

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"tesela/agent"
	"tesela/tools"
)

// outcome is the schema of what a call gives: the content of type T, or the
// fault that kept it from that.
func outcome[T any]() (json.RawMessage, error) {
	options := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[json.RawMessage](): {Type: "object"}, // the arguments of calls
	}}
	s, err := jsonschema.For[T](options)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", reflect.TypeFor[T]().Name(), err)
	}
	fault, err := jsonschema.For[fault](options)
	if err != nil {
		return nil, fmt.Errorf("schema of faults: %w", err)
	}
	fault.Description = "set where the call failed; then nothing else is"
	whole := s.Required
	s.Properties["error"] = fault
	// A reader of today's schema is to stand a server of tomorrow.
	opened(s)
	s.Required = nil
	s.AnyOf = []*jsonschema.Schema{{Required: whole}, {Required: []string{"error"}}}
	return json.Marshal(s)
}

// opened lets objects have further properties.
func opened(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if s.Properties != nil {
		s.AdditionalProperties = nil
	}
	for _, p := range s.Properties {
		opened(p)
	}
	opened(s.Items)
	if s.AdditionalProperties != nil {
		opened(s.AdditionalProperties)
	}
}

// fault is why a call gave nothing, for programs.
type fault struct {
	// Kind is arguments, cannot, approval, declined or error.
	Kind    string            `json:"kind"`
	Tool    string            `json:"tool,omitempty"`
	Field   string            `json:"field,omitempty"`
	Message string            `json:"message"`
	Nearest []string          `json:"nearest,omitempty"`
	Reason  string            `json:"reason,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
}

// faultOf is the shape of an error for programs.
func faultOf(err error) fault {
	f := tools.Describe(err)
	return fault{Kind: f.Kind, Tool: f.Tool, Field: f.Field, Message: f.Message, Nearest: f.Nearest, Reason: string(f.Reason), Params: f.Params}
}

// schemas are those of what tools give and of answers.
type schemas struct{ result, answer json.RawMessage }

func newSchemas() (s schemas, err error) {
	if s.result, err = outcome[tools.Result](); err != nil {
		return s, err
	}
	s.answer, err = outcome[agent.Answer]()
	return s, err
}
