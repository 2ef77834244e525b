package tools

import (
	"context"
	"errors"
	"fmt"

	"tesela/agent/model"
)

// CannotError says that this data cannot answer a call, whatever its
// arguments: there is no such thing in it.
type CannotError struct {
	Tool string `json:"tool"`
	// Reason and Params are as in a model.Decision.
	Reason model.Reason      `json:"reason"`
	Params map[string]string `json:"params,omitempty"`
	// Message says it in the caller's language.
	Message string `json:"message"`
}

// Error gives the message.
func (e *CannotError) Error() string { return e.Tool + ": " + e.Message }

// PanicError is a fault of ours inside a tool: the call failed, nothing else.
type PanicError struct {
	Tool  string
	Value any
	Stack []byte // for the operator
}

// Error says what happened, without the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("%s failed inside (%v); this is a defect of Tesela, please report it with the call's arguments", e.Tool, e.Value)
}

// Fault is an error of a call in a shape for programs.
type Fault struct {
	// Kind is arguments, cannot, approval, stopped or error.
	Kind    string            `json:"kind"`
	Tool    string            `json:"tool,omitempty"`
	Field   string            `json:"field,omitempty"`
	Message string            `json:"message"`
	Nearest []string          `json:"nearest,omitempty"`
	Reason  model.Reason      `json:"reason,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
}

// Describe sorts an error of Call into its kind.
func Describe(err error) Fault {
	var bad *ArgumentError
	var cannot *CannotError
	var unapproved *ApprovalError
	switch {
	case errors.As(err, &unapproved):
		return Fault{Kind: "approval", Tool: unapproved.Tool, Message: unapproved.Error()}
	case errors.As(err, &bad):
		return Fault{Kind: "arguments", Tool: bad.Tool, Field: bad.Field, Message: bad.Message, Nearest: bad.Nearest}
	case errors.As(err, &cannot):
		return Fault{Kind: "cannot", Tool: cannot.Tool, Message: cannot.Message, Reason: cannot.Reason, Params: cannot.Params}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Fault{Kind: "stopped", Message: err.Error()}
	}
	return Fault{Kind: "error", Message: err.Error()}
}
