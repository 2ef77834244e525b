// Package agent holds a conversation: it asks a model what to call, runs the
// tools, checks what is said against what was computed, and keeps the turn. It
// computes no figure and draws nothing.
package agent

import (
	"encoding/json"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// Answer is the outcome of one question, as `tesela ask --json` prints it.
type Answer struct {
	ID          string         `json:"id"`
	Question    string         `json:"question"`
	Language    string         `json:"language"`
	Status      model.Status   `json:"status"`
	Understood  string         `json:"understood"`
	Assumptions []string       `json:"assumptions"`
	Text        string         `json:"text"` // Markdown
	Calls       []CallRecord   `json:"calls"`
	Choices     []model.Choice `json:"choices,omitempty"`
	Unknown     []string       `json:"unknown,omitempty"`
	// Suggestions are questions that make sense next: each Label says one in a
	// few words, each Question can be asked as it is. They are no part of what
	// was answered, nor kept with it.
	Suggestions []model.Choice `json:"suggestions,omitempty"`
	// Reason says why a question was not answered, in one word; "" for none.
	Reason    model.Reason `json:"reason,omitempty"`
	AsOf      time.Time    `json:"as_of"`
	Data      string       `json:"data"` // fingerprint of the workspace
	Model     string       `json:"model"`
	ElapsedMS float64      `json:"elapsed_ms"`
	// Notes say what a reader must know of how the answer came about, in the
	// answer's language: that a model failed, say. The text holds them too.
	Notes []string `json:"notes,omitempty"`
	// Decided is set where the answer is what came of a person's yes or no.
	Decided *Decided `json:"decided,omitempty"`
	// Usage is what was asked of a language model; nil where none was.
	Usage *Usage `json:"usage,omitempty"`
	// Bounds are those of Limits that ended the turn; none where the model came
	// to its end by itself.
	Bounds []Bound `json:"bounds,omitempty"`
	// Basis is what the answer leans on, for a replay to tell what changed.
	Basis *Basis `json:"basis,omitempty"`
	// Digest is "sha256:…" over all of the answer but how long it took and
	// what it cost, so that a file changed by hand is found out.
	Digest string `json:"digest,omitempty"`
}

// Usage is what a turn asked of a language model.
type Usage struct {
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
	// Rounds are the replies it gave.
	Rounds int `json:"rounds"`
	// Estimated is set where the model did not tell the tokens of some reply
	// and they were guessed from its length.
	Estimated bool `json:"estimated,omitempty"`
	// Cost is in dollars, 0 where the model's price is not known.
	Cost float64 `json:"cost,omitempty"`
}

// Bound is a bound of a turn and how much it allows.
type Bound struct {
	Name  BoundName `json:"name"`
	Limit float64   `json:"limit"` // rounds, tokens, dollars, seconds, or bytes of a reply
}

// BoundName names a bound of a turn.
type BoundName string

// The bounds.
const (
	RoundsBound BoundName = "rounds"
	TokensBound BoundName = "tokens"
	CostBound   BoundName = "cost"
	TimeBound   BoundName = "time"
	TextBound   BoundName = "text" // of one reply
)

// CallRecord is one call and what came of it; Error is set instead of Result
// where the call failed.
type CallRecord struct {
	Tool   string          `json:"tool"`
	Args   json.RawMessage `json:"args"`
	Result *tools.Result   `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
	// Approval is set where the call waits for a person: Result is what it
	// would do, and this the id to approve or reject it by.
	Approval string `json:"approval,omitempty"`
	// Unrun is set where the loop refused the call itself, whatever the tool
	// would have said: there is nothing of it to run again.
	Unrun bool `json:"unrun,omitempty"`
}

// Event is a step of a turn as it happens; exactly one field is set.
//
// A language model's answer is shown while it is being written: each Draft goes
// after the drafts before it, Withdrawn takes all of them back, and the first
// Text, or the Answer where there is none, replaces what is left of them. A
// draft holds whole sentences only, each of them checked against the turn's
// results like the text itself, so it may be shown wherever the answer may; but
// it is no answer: more may follow, or something else be said in its place.
type Event struct {
	Started   *CallRecord // a call begins: Tool and Args only
	Ended     *CallRecord // a call ended
	Draft     string      // a piece of what the answer may come to say, Markdown
	Withdrawn bool        // the drafts so far are void
	Text      string      // a piece of the answer's text, in order
	Notice    string      // for the operator, not the answer: it could not be kept, say
	Answer    *Answer     // the whole answer; always the last event of a turn without error
}
