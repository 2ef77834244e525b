// Package model is our own idea of a language model: messages and a catalogue
// in, text and typed tool calls out. Vendors' types never come above the
// packages that talk to them; the offline planner is one more Model.
package model

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// Role says who a message is from.
type Role string

// The roles of messages.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
	ToolRole  Role = "tool"
)

// Message is one step of a conversation.
type Message struct {
	Role Role   `json:"role"`
	Text string `json:"text,omitempty"`
	// Calls are those an Assistant message asks for.
	Calls []Call `json:"calls,omitempty"`
	// Reply is what the assistant decided beside calls; nil for none.
	Reply *Decision `json:"reply,omitempty"`
	// CallID and Result answer one call; only in ToolRole messages.
	CallID string          `json:"call_id,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	// Shown is what the first rows of an earlier answer were of, in their order:
	// the names of groups, or a customer's id. It never leaves this process.
	Shown [][]string `json:"-"`
}

// Call is a tool call.
type Call struct {
	ID   string          `json:"id"`
	Name string          `json:"name"`
	Args json.RawMessage `json:"args"`
}

// Tool is what a model is told of a tool.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Schema      json.RawMessage `json:"schema"`
	Writes      bool            `json:"writes,omitempty"`
}

// Request is all a model may see in one round.
type Request struct {
	// Messages run from the oldest turn to the question at hand (the last
	// User message) and the rounds since.
	Messages []Message
	Tools    []Tool
	// Catalogue is the data's names and values, never a customer's data.
	Catalogue *Catalogue
	// Language is "en", "es", "pt" or "" where the model is to tell.
	Language string
	// AsOf is the T that relative times count from.
	AsOf time.Time
}

// Decision is what a model says other than calls and text.
type Decision struct {
	Status Status `json:"status"`
	// Language the question was asked in: en, es, pt.
	Language string `json:"language,omitempty"`
	// Unknown are the words not understood, as they were typed.
	Unknown []string `json:"unknown,omitempty"`
	// Choices are readings to pick from; each Question can be asked as it is.
	Choices []Choice `json:"choices,omitempty"`
	// Assumptions were made to read the question.
	Assumptions []string `json:"assumptions,omitempty"`
	// Doubt says what makes an answered reading less than certain, in the
	// question's language: a word mended, another reading that is nearly as
	// good. Empty where the model is sure of it, or cannot tell.
	Doubt []string `json:"doubt,omitempty"`
	// Understood restates the question; the agent fills it from the calls
	// where it is empty.
	Understood string `json:"understood,omitempty"`
	// Reason says why a question is not answered, for the core's own wording;
	// "" for none. Params fill its wording by name: "word", "field", "role",
	// "tool".
	Reason Reason            `json:"reason,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	// Nearest are names in the data that come close to what was asked for.
	Nearest []string `json:"nearest,omitempty"`
	// By names the model that decided, where a Model asks several; "" for the
	// Model itself.
	By string `json:"by,omitempty"`
	// Outside is set where the model lies outside this process, so that the
	// calls of its turn may show nothing personal.
	Outside bool `json:"outside,omitempty"`
	// Without tells of the model that was asked for this decision and failed.
	Without *Fault `json:"-"`
}

// Reason is the cause of a clarification or a refusal.
type Reason string

// The reasons. With those that name a word, Unknown or Params["word"] holds it.
const (
	UnknownWords  Reason = "unknown_words"  // words that neither language nor data knows
	Ambiguous     Reason = "ambiguous"      // readings that differ: Choices
	MissingField  Reason = "missing_field"  // a property this data does not hold
	OutOfScope    Reason = "out_of_scope"   // nothing that customer data could answer
	NoRole        Reason = "no_role"        // Params["role"] is mapped to nothing here
	NotYet        Reason = "not_yet"        // Params["tool"] is not in this build
	EmptyQuestion Reason = "empty_question" // nothing was asked
	ByCommand     Reason = "by_command"     // Params["tool"], a command, does it
	Personal      Reason = "personal"       // it would show personal data, which is not shown there
	StartedOver   Reason = "started_over"   // what was said before is forgotten, as was asked for
	NothingBefore Reason = "nothing_before" // it takes up an earlier question, and there is none
	DoesNotFit    Reason = "does_not_fit"   // no change of the last question, Params["last"]
	NoSuchChoice  Reason = "no_such_choice" // only Params["n"] Choices were offered
	NoneOfThem    Reason = "none_of_them"   // no Choice offered is meant
	NoCause       Reason = "no_cause"       // no data say why; Choices say where it comes from
)

// Status of a decision or answer.
type Status string

// The statuses, as answers spell them.
const (
	Answered Status = "answered"
	Clarify  Status = "clarify"
	Cannot   Status = "cannot"
	Approve  Status = "approve"
	Failed   Status = "error"
)

// Choice is one reading of an unclear question.
type Choice struct {
	Label    string `json:"label"`
	Question string `json:"question"`
	// Figure is what the reading comes to, in the question's language; "" where
	// that is a table, would take long, or is not known.
	Figure string `json:"figure,omitempty"`
	// Call is what answers Question, where the model knows; nil where not.
	Call *Call `json:"-"`
}

// Delta is a piece of a model's reply as it streams. Any field may be empty.
type Delta struct {
	Text     string
	Call     *Call
	Decision *Decision
	Usage    *Usage
}

// Usage counts what a reply cost. Estimated is set where the model did not
// tell and the tokens were guessed from the length of what went to and fro.
type Usage struct {
	InputTokens, OutputTokens int
	Estimated                 bool
}

// Price is what a model's tokens cost, in dollars a million. The zero price is
// one that is not known.
type Price struct{ Input, Output float64 }

// Model turns a request into a stream of deltas. The stream ends after the
// last delta or the first error. A reply with calls asks for them to be run
// and for another round; one without ends the turn.
type Model interface {
	Name() string
	Generate(ctx context.Context, r Request) iter.Seq2[Delta, error]
}

// Catalogue is what may be known of the data without seeing a customer.
type Catalogue struct {
	Customers int
	From, To  time.Time // first and last event
	Zone      string
	Currency  string
	Events    []Event
	Traits    []Field
	Roles     map[string]string // see segment.Schema.Roles
	Words     map[string]string // business word → formula or measure
	Segments  []string          // names of saved segments
}

// Event is a kind of event and its properties.
type Event struct {
	Name string
	Rows int
	// Tied tells that one event may have several rows, as an order its items.
	Tied  bool
	Props []Field
}

// Field is a trait or property. Values is nil for kinds other than text and
// tags, and for personal data.
type Field struct {
	Name   string
	Kind   string // text number money bool time date tags
	Values Values
	// Low and High bound a number, money (major units), bool, time or date
	// field as formula literals; "" where unknown.
	Low, High string
	// Gaps tells that some customers, or some rows of the event, lack it.
	Gaps bool
}

// Values is the distinct texts of a field.
type Values interface {
	Len() int
	At(i int) string
}
