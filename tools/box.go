package tools

import (
	"context"
	"encoding/json"
	"time"

	"tesela/agent/model"
	"tesela/store"
)

// Caller is what a tool call needs beside its arguments.
type Caller struct {
	// Language of titles and notes: en, es or pt.
	Language string
	// AsOf is T; the zero time means the data's own Now.
	AsOf time.Time
	// Person is set where a person, not a model, asks for personal traits.
	Person bool
	// Outside is set where a model outside this process calls, to answer the
	// Question: personal fields are then compared only with words of it.
	Outside  bool
	Question string
	// Approved is the Approval of the result that a person has looked at and
	// said yes to. A tool that writes, called without one, only tells what it
	// would do; with one that is for other arguments, or where other things
	// would happen by now, it does nothing and gives an *ApprovalError.
	Approved string
	// Progress, if set, is told how far a long call is: what it is at, in the
	// caller's language, and how much of that is done. Calls that run together
	// tell it from goroutines of their own.
	Progress func(what string, done, total int)
	// Now dates what an approved call keeps; the zero time means T.
	Now time.Time
	// At is what the call is computed on, so that all calls of a turn see the
	// same data; nil, or one of another workspace: the data as it is now. A
	// call that is Approved always sees that.
	At *store.Moment
}

// Runner runs tools by name. Box is the real one; tests and front ends may
// hold another.
type Runner interface {
	// List describes the tools, in a fixed order.
	List() []model.Tool
	// Call validates the arguments and runs a tool. A fault of the arguments
	// is an *ArgumentError, which its caller can repair.
	Call(ctx context.Context, who Caller, name string, args json.RawMessage) (*Result, error)
}

// ArgumentError is a fault of a call's arguments: what was expected and the
// nearest real names.
type ArgumentError struct {
	Tool    string   `json:"tool"`
	Field   string   `json:"field,omitempty"`
	Message string   `json:"message"`
	Nearest []string `json:"nearest,omitempty"`
	// Err is the fault beneath, such as a *syntax.Error with its position;
	// nil for most.
	Err error `json:"-"`
}

// Unwrap gives the fault beneath.
func (e *ArgumentError) Unwrap() error { return e.Err }

// Error says which argument is wrong, how, and what is near.
func (e *ArgumentError) Error() string {
	s := e.Tool + ": "
	if e.Field != "" {
		s += e.Field + ": "
	}
	s += e.Message
	for i, n := range e.Nearest {
		if i == 0 {
			s += "; nearest: " + n
		} else {
			s += ", " + n
		}
	}
	return s
}
