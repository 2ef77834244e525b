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
	plain(s)
	for name, text := range meanings {
		if p := s.Properties[name]; p != nil {
			p.Description = text
		}
	}
	s.Required = nil
	s.AnyOf = []*jsonschema.Schema{{Required: whole}, {Required: []string{"error"}}}
	return json.Marshal(s)
}

// meanings says of properties what their names do not.
var meanings = map[string]string{
	"values":      "the figures that belong to no row; money is a decimal string in major units, a share a fraction of 1",
	"columns":     "what the cells of rows are: text, count, number, money, rate (a fraction of 1), date, time or bool",
	"rows_total":  "how many rows there are, where not all are here",
	"notes":       "what one must know to read the figures right",
	"fingerprint": "the same for the same call on the same data",
	"approval":    "set where nothing has changed yet: a person must say yes to this first",
	"status":      "answered, clarify, cannot, approve or error",
	"choices":     "the readings of an unclear question; each question can be asked as it is",
	"as_of":       "the instant that relative times count from",
	"decided":     "what a person said to a call that changes something, and through whom",
}

// plain lets objects have further properties, so that a reader of today's
// schema stands a server of tomorrow, and does away with nulls: what is not
// there is left out.
func plain(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if s.Properties != nil {
		s.AdditionalProperties = nil
	}
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	for _, p := range s.Properties {
		plain(p)
	}
	plain(s.Items)
	plain(s.AdditionalProperties)
	// A cell is one value of any kind; clients stumble over a schema that says
	// nothing.
	if s.Items != nil && reflect.DeepEqual(s.Items, &jsonschema.Schema{}) {
		s.Items = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, {Type: "boolean"}, {Type: "null"}}}
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
	if s.result, err = outcome[cutResult](); err != nil {
		return s, err
	}
	s.answer, err = outcome[agent.Answer]()
	return s, err
}
