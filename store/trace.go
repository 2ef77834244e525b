package store

import (
	"encoding/json"
	"time"
)

// Trace is what a turn did, as package trace of the agent writes it down: what
// was asked of which model, which tools ran, how long it took. Nothing personal
// is in it.
type Trace struct {
	TraceHead
	Body json.RawMessage `json:"body"`
}

// TraceHead is what a list shows of a trace. ID is that of the turn's answer;
// the same question asked again has the same answer, and a trace of its own.
type TraceHead struct {
	ID      string    `json:"id"`
	Session string    `json:"session"`
	Asked   time.Time `json:"asked"`
	Status  string    `json:"status"` // of the answer, or cancelled
	Model   string    `json:"model"`  // who answered
	Rounds  int       `json:"rounds"` // replies of models
	Calls   int       `json:"calls"`  // of tools
	// InputTokens and OutputTokens are a language model's; Cost in dollars.
	InputTokens  int     `json:"input_tokens"`
	OutputTokens int     `json:"output_tokens"`
	Cost         float64 `json:"cost"`
	ElapsedMS    float64 `json:"elapsed_ms"`
}

// TraceQuery says which traces are wanted; a zero field asks for nothing.
type TraceQuery struct {
	Session, Status, Model string
	Since                  time.Time
	Limit                  int // at most this many
}

// KeptTraces is how many traces a workspace keeps; older ones go.
const KeptTraces = 10_000
