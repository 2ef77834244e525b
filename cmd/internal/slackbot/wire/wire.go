// Package wire carries what people do in Slack to a handler, each thing once,
// and what is said back into Slack within its rates. It knows how Slack is
// spoken to and nothing of questions and answers.
package wire

import (
	"context"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
)

// Kind is what somebody did.
type Kind string

// The kinds of deliveries.
const (
	Said   Kind = "said"   // spoke: to the bot, or in a thread that it may be part of
	Opened Kind = "opened" // opened the assistant pane: Thread is a new one
	Click  Kind = "click"  // pressed a button
)

// Delivery is one thing that somebody did in Slack, however often Slack told
// of it.
type Delivery struct {
	ID      string `json:"id"` // the same for each redelivery
	Kind    Kind   `json:"kind"`
	Team    string `json:"team"`
	Channel string `json:"channel"`
	User    string `json:"user"`
	// Thread is the ts of the first message of the thread the answer belongs
	// into; "" for a command, whose thread the bot begins.
	Thread string `json:"thread,omitempty"`
	TS     string `json:"ts,omitempty"` // of the message said or clicked on
	// Text is what was said, without the mention of the bot that it begins
	// with and with Slack's escapes undone.
	Text string `json:"text,omitempty"`
	// Mentioned is set where the bot was named; in a channel's thread people
	// also speak to one another.
	Mentioned bool `json:"mentioned,omitempty"`
	// Named are the other people and user groups whom the text names; there
	// they stand as @name.
	Named []string `json:"named,omitempty"`
	// Direct is set where only this person and the bot read along, Pane where
	// that is the assistant pane.
	Direct bool `json:"direct,omitempty"`
	Pane   bool `json:"pane,omitempty"`
	// Command is set for a slash command; Respond is where it can be answered
	// to its user alone, for half an hour and five times.
	Command bool   `json:"command,omitempty"`
	Respond string `json:"respond,omitempty"`
	// Action and Value are those of the button pressed.
	Action string    `json:"action,omitempty"`
	Value  string    `json:"value,omitempty"`
	At     time.Time `json:"at"`
	// Again is set where the program stopped over it before: part of it may
	// have been done, see Poster.Find.
	Again bool `json:"-"`
}

// Handler does what a delivery asks for. It is called once for each delivery,
// in a goroutine of its own, and once more after a restart where it had not
// returned; of one thread (or, without one, of one user) one after the other,
// in the order they came.
type Handler func(ctx context.Context, d Delivery)

// Target is where a message goes; with a Thread it is a reply.
type Target struct{ Channel, Thread string }

// Prompt is a question that the assistant pane offers.
type Prompt struct{ Title, Message string }

// Poster is what can be done in Slack. Calls wait where Slack limits rates and
// try again where it fails for a moment, until ctx ends.
type Poster interface {
	// Post gives the ts of the new message. It marks it with the id of the
	// delivery it answers ("" for none) and part, which numbers the messages
	// of one answer, so that one whose posting may or may not have come
	// through is not posted twice. Where ctx ends before Slack was asked, its
	// error is ErrUnsent; what has left comes to its end all the same.
	Post(ctx context.Context, to Target, m blockkit.Message, delivery string, part int) (ts string, err error)
	// Find gives the ts of a message that Post marked so, "" for none.
	Find(ctx context.Context, to Target, delivery string, part int) (ts string, err error)
	Update(ctx context.Context, channel, ts string, m blockkit.Message) error
	Delete(ctx context.Context, channel, ts string) error
	// Whisper shows a message to one person of a channel alone.
	Whisper(ctx context.Context, to Target, user string, m blockkit.Message) error
	// Respond answers a command or a click to its user alone.
	Respond(ctx context.Context, url string, m blockkit.Message) error
	Upload(ctx context.Context, to Target, f blockkit.File) error
	// Status shows what the bot is at under an assistant thread; "" ends it.
	// Elsewhere it does nothing.
	Status(ctx context.Context, to Target, text string) error
	Suggest(ctx context.Context, to Target, title string, prompts []Prompt) error
	// Direct gives the channel of direct messages with a user.
	Direct(ctx context.Context, user string) (channel string, err error)
	// InGroup tells whether a user is of a user group (S…).
	InGroup(ctx context.Context, user, group string) (bool, error)
	// Person gives a user's name and locale (es-ES), "" where not known.
	Person(ctx context.Context, user string) (name, locale string, err error)
}

// Memory keeps what must be known after a restart, in JSON. Kinds are names
// such as "slack.heard".
type Memory interface {
	// Claim keeps a record until a time unless one of its kind and key is
	// there, and tells whether it was kept.
	Claim(ctx context.Context, kind, key string, body []byte, until time.Time) (bool, error)
	// Put replaces one; the zero time keeps it for ever.
	Put(ctx context.Context, kind, key string, body []byte, until time.Time) error
	// List gives the bodies by key.
	List(ctx context.Context, kind string) (map[string][]byte, error)
	Drop(ctx context.Context, kind, key string) error
}
