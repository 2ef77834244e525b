// Package trace writes down what a turn did: what was asked of which model, what
// it decided and called, what came of that and how long each step took; how its
// text was checked, what ended it. A trace is plain data for a person to look
// at, for spans to be made of, and for the turn to be run anew without its
// model. Nothing personal and no secret stays in it once it is masked. It asks
// no model and runs no tool.
package trace

import (
	"encoding/json"
	"time"

	"tesela/agent/model"
	"tesela/store"
)

// Version of the form of a trace.
const Version = 1

// Cancelled is the status of a turn that came to no answer.
const Cancelled = "cancelled"

// Trace is the record of one turn. Times are milliseconds since its start, and
// all 0 where the turn had no clock.
type Trace struct {
	Version int    `json:"version"`
	ID      string `json:"id"` // of the answer; of a cancelled turn its own
	Session string `json:"session,omitempty"`
	// Question is as it was asked, Text what the answer says; Text is kept only
	// where a language model worded it.
	Question string       `json:"question"`
	Text     string       `json:"text,omitempty"`
	Asked    time.Time    `json:"asked,omitzero"`
	AsOf     time.Time    `json:"as_of,omitzero"`
	Data     string       `json:"data,omitempty"` // the workspace's fingerprint
	Program  string       `json:"program,omitempty"`
	Language string       `json:"language,omitempty"` // of the answer
	Told     string       `json:"told,omitempty"`     // the language that was asked for, "" for that of the question
	Status   string       `json:"status"`
	Reason   model.Reason `json:"reason,omitempty"`
	Model    string       `json:"model"` // who was asked
	By       string       `json:"by"`    // who answered
	Outside  bool         `json:"outside,omitempty"`
	Person   bool         `json:"person,omitempty"`
	Limits   Limits       `json:"limits"`
	// ReadyMS is when the turn had read what it starts from, EndMS its end.
	ReadyMS float64 `json:"ready_ms"`
	EndMS   float64 `json:"end_ms"`
	// Messages are those of the turn's last request and what was added since;
	// each round was sent the first of them.
	Messages []model.Message `json:"messages,omitempty"`
	Rounds   []Round         `json:"rounds"`
	Checks   []Check         `json:"checks,omitempty"`
	Ended    *Ended          `json:"ended,omitempty"`
	Without  *Failure        `json:"without,omitempty"` // the model that failed, and was done without
	Usage    Usage           `json:"usage"`
	// Masked counts texts that were masked; Withheld is why texts were left out
	// as a whole, "" where they were not.
	Masked   int    `json:"masked,omitempty"`
	Withheld string `json:"withheld,omitempty"`
}

// Limits are the turn's bounds; 0 is none.
type Limits struct {
	Rounds  int     `json:"rounds,omitempty"`
	Invalid int     `json:"invalid,omitempty"`
	Repeats int     `json:"repeats,omitempty"`
	Calls   int     `json:"calls,omitempty"`
	Tokens  int     `json:"tokens,omitempty"`
	Cost    float64 `json:"cost,omitempty"`
	TimeMS  float64 `json:"time_ms,omitempty"`
	// Price is what the turn's tokens cost.
	Price model.Price `json:"price,omitzero"`
}

// Usage is what language models used.
type Usage struct {
	InputTokens  int     `json:"input_tokens"`
	OutputTokens int     `json:"output_tokens"`
	Estimated    bool    `json:"estimated,omitempty"`
	Cost         float64 `json:"cost,omitempty"` // dollars
}

// Span is a stretch of the turn.
type Span struct {
	StartMS float64 `json:"start_ms"`
	EndMS   float64 `json:"end_ms"`
}

// MS is how long a stretch took.
func (s Span) MS() float64 { return s.EndMS - s.StartMS }

// Round is one request and its reply, with the calls that it asked for.
type Round struct {
	Span
	// Kind is why it was asked: "ask", or "repair" of a text that was not
	// borne out.
	Kind  string   `json:"kind"`
	Sent  int      `json:"sent"`            // how many of the trace's messages
	Tools []string `json:"tools,omitempty"` // that it might call
	// Withdrawn is the bound at which tools were withdrawn, "" for none.
	Withdrawn string  `json:"withdrawn,omitempty"`
	Language  string  `json:"language,omitempty"` // it was told
	Print     string  `json:"print"`              // of the request, see replay.Print
	FirstMS   float64 `json:"first_ms,omitempty"` // when the reply began
	// Deltas are the reply, pieces of text put together; Faults the model that
	// failed, by the place of the decision that tells of it.
	Deltas   []model.Delta   `json:"deltas"`
	Faults   map[int]Failure `json:"faults,omitempty"`
	Error    string          `json:"error,omitempty"`
	Attempts []Attempt       `json:"attempts,omitempty"`
	Usage    Usage           `json:"usage,omitzero"`
	Calls    []Call          `json:"calls,omitempty"`
	// Changed is set where masking changed the reply, so that it cannot be said
	// again.
	Changed bool `json:"changed,omitempty"`
}

// Attempt is one request to a provider.
type Attempt struct {
	Span
	Status int    `json:"status,omitempty"` // of HTTP
	Error  string `json:"error,omitempty"`
}

// Outcome of a call.
const (
	Gave     = "result"    // it gave a result
	Again    = "again"     // it gave the result that it gave before
	Waits    = "approval"  // it waits for a person
	Invalid  = "arguments" // its arguments were at fault
	Personal = "personal"  // it was refused for the personal data it would show
	Broke    = "failed"    // it could not be done
)

// Call is one call and what came of it. Of the result there is what tells of
// its form.
type Call struct {
	Span
	Tool    string          `json:"tool"`
	Args    json.RawMessage `json:"args"`
	Outcome string          `json:"outcome"`
	Error   string          `json:"error,omitempty"`
	Print   string          `json:"print,omitempty"` // the result's fingerprint
	Rows    int             `json:"rows,omitempty"`
	Columns []string        `json:"columns,omitempty"`
}

// Check is a look at a text of the model: what in it nothing bears out, and
// what became of it: "grounded", "repair" where it was asked for again, or
// "refused" where the core's own words were taken.
type Check struct {
	AtMS    float64  `json:"at_ms"`
	Text    string   `json:"text"`
	Strange []string `json:"strange,omitempty"`
	Verdict string   `json:"verdict"`
}

// Verdicts of checks.
const (
	Grounded = "grounded"
	Repair   = "repair"
	Refused  = "refused"
)

// Ended tells what ended a turn other than its answer: the bound it came to, or
// what failed.
type Ended struct {
	By    string `json:"by"` // rounds, tokens, cost, time, arguments, repeats, model, tool, …
	Error string `json:"error,omitempty"`
}

// Failure is a model that failed.
type Failure struct {
	Model string      `json:"model"`
	Cause model.Cause `json:"cause"`
	Error string      `json:"error"`
}

// JSON is the trace as it is kept, in one line.
func (t *Trace) JSON() json.RawMessage { return line(t) }

// Head is what a list shows of the trace.
func (t *Trace) Head() store.TraceHead {
	h := store.TraceHead{
		ID: t.ID, Session: t.Session, Asked: t.Asked, Status: t.Status, Model: t.By, Rounds: len(t.Rounds),
		InputTokens: t.Usage.InputTokens, OutputTokens: t.Usage.OutputTokens, Cost: t.Usage.Cost, ElapsedMS: t.EndMS,
	}
	for _, r := range t.Rounds {
		h.Calls += len(r.Calls)
	}
	return h
}

// DecidedBy names the model that made a round's reply.
func (t *Trace) DecidedBy(round int) string {
	for i := round; i >= 0; i-- {
		for _, d := range t.Rounds[i].Deltas {
			if d.Decision != nil && d.Decision.By != "" {
				return d.Decision.By
			}
		}
	}
	return t.Model
}

// AskedOf names the model that a round's request went to last: the one that
// failed where another replied without it.
func (t *Trace) AskedOf(round int) string {
	for _, f := range t.Rounds[round].Faults {
		return f.Model
	}
	return t.DecidedBy(round)
}
