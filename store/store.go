// Package store says what a workspace keeps and how it is asked for: the
// catalogue, customers, events, saved segments and turns. It holds no driver;
// see store/sqlite.
package store

import (
	"context"
	"encoding/json"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// Workspace is one business's data. Methods are safe for concurrent use.
type Workspace interface {
	// Source gives the data as it is now. A Source stays as it was when later
	// imports commit; ask again to see them.
	Source(ctx context.Context) (segment.Source, error)
	// Fingerprint is "sha256:…" over all imported data, roles, words,
	// currency and zone; equal imports in equal order give equal prints on
	// every machine. Saved segments and turns do not count.
	Fingerprint(ctx context.Context) (string, error)
	// Imported is "sha256:…" over what imports brought alone: rows, traits and
	// fields. So it tells data that changed from definitions that did.
	Imported(ctx context.Context) (string, error)

	// Import starts the one writing transaction of an import.
	Import(ctx context.Context) (Batch, error)

	SetRole(ctx context.Context, role, target string) error // target "" forgets
	SetWord(ctx context.Context, word, text string) error   // text "" forgets

	SaveSegment(ctx context.Context, s Segment) error // replaces one of the same name
	Segments(ctx context.Context) ([]Segment, error)  // by name
	DeleteSegment(ctx context.Context, name string) error

	AppendTurn(ctx context.Context, t Turn) error
	Turn(ctx context.Context, id string) (Turn, error)
	// Turns of a session, oldest first; at most last of them (0: all).
	Turns(ctx context.Context, session string, last int) ([]Turn, error)
	// FindTurns lists the turns that fit, newest first, without their answers:
	// it stays fast where many are kept.
	FindTurns(ctx context.Context, q TurnQuery) ([]TurnHead, error)

	// AppendTrace keeps a trace, and of all the newest KeptTraces.
	AppendTrace(ctx context.Context, t Trace) error
	// Trace is the newest trace of an id; ErrNotFound where there is none.
	Trace(ctx context.Context, id string) (Trace, error)
	// FindTraces lists the traces that fit, newest first.
	FindTraces(ctx context.Context, q TraceQuery) ([]TraceHead, error)

	// ClaimRecord keeps a record unless one of its kind and key is there that
	// still counts at now, and tells whether it was kept. Of several who claim
	// at once, in this process and in others, just one does.
	ClaimRecord(ctx context.Context, r Record, now time.Time) (bool, error)
	PutRecord(ctx context.Context, r Record) error // replaces one of the same kind and key
	// Records lists those of a kind that still count at now, by key.
	Records(ctx context.Context, kind string, now time.Time) ([]Record, error)
	DropRecord(ctx context.Context, kind, key string) error // none there: no error

	Close() error
}

// Batch is one import's transaction: all of it becomes visible at Commit, or
// none. Not safe for concurrent use.
type Batch interface {
	// Schema is the catalogue with what this batch declared so far.
	Schema() *segment.Schema
	// Configure sets currency and zone ("" keeps what is there). A currency
	// or zone other than that of data already there is an error.
	Configure(currency, zone string) error
	// Declare makes a field known, or checks that a known one has this kind.
	Declare(f segment.FieldRef, k column.Kind) error
	// Customers interns customer ids: the customer's number is code − 1.
	Customers() *column.Interner
	// Words interns the texts of a text or tags field.
	Words(f segment.FieldRef) *column.Interner
	// EventIDs interns the ids of an event.
	EventIDs(event string) *column.Interner
	// AddRows sorts rows in. A row that the workspace already holds (as often
	// as it comes in this batch) is not added again.
	AddRows(ctx context.Context, event string, rows *column.Rows) (Added, error)
	// SetTrait sets a trait of the listed customers (set values only; later
	// entries win) and says how many values changed.
	SetTrait(ctx context.Context, trait string, customers []uint32, values *column.Column) (int, error)
	SetRole(role, target string) error
	Commit(ctx context.Context) error
	Rollback() error // no-op after Commit
}

// Added counts what AddRows did.
type Added struct {
	New int // rows stored
	// Present rows were in the workspace already and were left out.
	Present int
	// Identical rows repeat an earlier row of the same call; they are stored
	// (counted in New) unless Present.
	Identical int
}

// Segment is a saved definition.
type Segment struct {
	Name    string    `json:"name"`
	Formula string    `json:"formula"` // canonical text
	Text    string    `json:"text"`    // what it means, in words
	Created time.Time `json:"created"`
}

// Turn is a question and its answer, kept so that it can be followed up and
// replayed.
type Turn struct {
	ID       string          `json:"id"`
	Session  string          `json:"session"`
	Asked    time.Time       `json:"asked"`
	Question string          `json:"question"`
	Answer   json.RawMessage `json:"answer"`
}

// TurnQuery says which turns are wanted; a zero field asks for nothing.
type TurnQuery struct {
	Session string
	Status  string // of the answer: answered, clarify, …
	Since   time.Time
	// Words are all contained in the question, in what was understood or in
	// the answer's text; case and accents do not matter.
	Words []string
	Limit int // at most this many
}

// Record is what a front end keeps beside the data: what it has heard, what it
// is to send. It is no part of any fingerprint.
type Record struct {
	Kind string          `json:"kind"` // whose it is and what: slack.heard
	Key  string          `json:"key"`
	Body json.RawMessage `json:"body"`
	// Until is when it no longer counts; the zero time means never.
	Until time.Time `json:"until,omitzero"`
}

// TurnHead is what a list shows of a turn.
type TurnHead struct {
	ID       string    `json:"id"`
	Session  string    `json:"session"`
	Asked    time.Time `json:"asked"`
	Status   string    `json:"status"`
	Language string    `json:"language"`
	Question string    `json:"question"`
}
