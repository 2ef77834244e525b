// Package mcpserver offers the tools, the catalogue, saved segments and reports
// to other assistants over the Model Context Protocol. It carries calls,
// results and approvals; it computes nothing.
package mcpserver

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// Config is what a server works with. All functions are safe for concurrent
// use.
type Config struct {
	Tools tools.Runner
	// Converse gives a conversation of a session ("" for a question that
	// stands alone) in a language ("" for that of the question).
	Converse func(ctx context.Context, session, language string) (*agent.Conversation, error)
	// Catalogue is what a model may know of the data.
	Catalogue func(ctx context.Context) (*model.Catalogue, error)
	// Segments are the saved ones, by name.
	Segments func(ctx context.Context) ([]Saved, error)
	// Answers are the ids and questions of kept answers, newest first. Their
	// questions are listed as they are: one that tells of a single customer
	// stays out.
	Answers func(ctx context.Context, most int) ([]Kept, error)
	// Answer gives a kept answer by its id as it was kept, but without what
	// tells of single customers; nil where answers are not to be had whole.
	Answer func(ctx context.Context, id string) (answer json.RawMessage, err error)
	// Report makes the page of a saved segment, of an answer by its id, or of
	// "microsegments", without personal data.
	Report func(ctx context.Context, name, language string) (html []byte, err error)
	// AllowWrites lists the tools that change something, too; each still waits
	// for a person's yes: through the client where it can ask them, else in two
	// steps, the second of which is as trustworthy as the assistant.
	AllowWrites bool
	Language    string    // of titles, notes and prompts: en, es or pt
	AsOf        time.Time // T; the zero time means the data's own
	// Hold is how long a call that changes something waits for a yes; the
	// zero time means an hour.
	Hold     time.Duration
	Version  string
	PageSize int // of lists; 0 means 100
	Clock    func() time.Time
	Log      *slog.Logger
}

// Saved is a saved segment.
type Saved struct{ Name, Formula, Text string }

// Kept is a kept answer.
type Kept struct {
	ID, Question, Language string
	Asked                  time.Time
}
