// Package slackbot is the conversation in Slack: whose thread a message belongs
// to, what is asked in whose name, who may approve, and what may be shown
// where. What people do comes from package wire, answers from package agent,
// and package blockkit draws them; it computes nothing and words nothing of
// answers.
package slackbot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/wire"
	"tesela/tools"
)

// Config is what a bot needs. Only Poster, Memory and Converse must be there.
type Config struct {
	// Poster is that of a wire. Where it can, it also names the threads of the
	// assistant pane (Title) and tells which files a thread has (Uploaded), so
	// that none is uploaded again after a restart.
	Poster wire.Poster
	// Memory keeps what is known of threads (slack.thread), how far turns are
	// (slack.turn), budgets (slack.budget) and what was pressed (slack.press).
	// Where it is locked for long, questions are answered all the same.
	Memory wire.Memory

	// Converse gives a conversation of a session, one for each turn. Language
	// is "" where the question is to tell it. Person is set where personal
	// traits may be listed: only in direct messages of MayPersonal.
	Converse func(ctx context.Context, session, language string, person bool) (*agent.Conversation, error)
	// Answer gives a kept answer by its id; nil: what a restart broke off is
	// asked again, and buttons do nothing.
	Answer func(ctx context.Context, id string) (*agent.Answer, error)
	// Personal tells what of an answer tells of single customers, and Withhold
	// gives it without that; nil where the data has nobody's. An error of
	// either shows nothing of the answer.
	Personal func(ctx context.Context, a *agent.Answer) (tools.PersonalParts, error)
	Withhold func(ctx context.Context, a *agent.Answer) (*agent.Answer, error)
	// Report makes the page of a kept answer by its id; nil: there are none.
	Report func(ctx context.Context, name, language string, personal bool) (html []byte, err error)
	// Examples are first questions to offer in a language; nil: none.
	Examples func(language string) []string
	// Next are questions that make sense after an answer; nil: none.
	Next func(ctx context.Context, a *agent.Answer) []model.Choice

	// Approvers may approve and reject, users (U…, W…) and user groups (S…).
	// With none, who asked may in a direct message, and nobody elsewhere.
	Approvers []string
	// MayPersonal may see personal data in direct messages: users and groups.
	MayPersonal []string
	Hold        time.Duration // how long something waits for approval; 0: a day

	// UserTurns and TeamTurns bound how many questions a person and the whole
	// workspace may ask; all of them hold. None: no bound.
	UserTurns, TeamTurns []Budget
	AtOnce               int           // turns running at once; 0: 4
	TimeLimit            time.Duration // of one turn; 0: 2 minutes
	// Quick is how long an answer may take before it is shown that the question
	// was heard; 0: 300 ms, below: it is shown at once. An answer that is quicker
	// is the first thing said: nothing flickers, and of Slack, which counts
	// edits, half as much is asked.
	Quick time.Duration

	// Language is that of the bot's own words where neither the thread nor the
	// user's settings tell: en, es or pt; "": en.
	Language string
	Zone     *time.Location   // of the data, for dates; nil: UTC
	Clock    func() time.Time // nil: time.Now
	// After paces edits of progress; nil: time.After.
	After func(time.Duration) <-chan time.Time
	Log   *slog.Logger // for the operator, without personal data; nil: none
}

// Bot answers in Slack. It is safe for concurrent use.
type Bot struct {
	config  Config
	words   map[string]*words
	threads *threads
	budgets *budgets
	slots   chan struct{}
	held    locks // sessions in use

	digests digests // nil: none
}

// New makes a bot; nothing is called before the first delivery.
func New(c Config) (*Bot, error) {
	if c.Poster == nil || c.Memory == nil || c.Converse == nil {
		return nil, errors.New("slackbot: Poster, Memory and Converse are needed")
	}
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	for _, budget := range append(append([]Budget{}, c.UserTurns...), c.TeamTurns...) {
		if budget.Turns <= 0 || budget.Per < time.Minute {
			return nil, fmt.Errorf("slackbot: a budget of %s: expected at least one turn and one minute, such as 60/1h", budget)
		}
	}
	if c.AtOnce <= 0 {
		c.AtOnce = 4
	}
	if c.TimeLimit <= 0 {
		c.TimeLimit = 2 * time.Minute
	}
	if c.Quick == 0 {
		c.Quick = 300 * time.Millisecond
	}
	if c.Hold <= 0 {
		c.Hold = 24 * time.Hour
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.After == nil {
		c.After = time.After
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bot{config: c, words: all, slots: make(chan struct{}, c.AtOnce)}
	if b.config.Language = b.code(c.Language); b.config.Language == "" {
		b.config.Language = wording.Codes()[0]
	}
	b.threads = newThreads(c.Memory, c.Clock)
	b.budgets = newBudgets(c.Memory, c.Clock, c.UserTurns, c.TeamTurns)
	return b, nil
}

// Handle does what a delivery asks for; it is a wire.Handler. What goes wrong
// is told to who asked and written to the log, a panic too.
func (b *Bot) Handle(ctx context.Context, d wire.Delivery) {
	if b.unbroken(d, func() error { b.handle(ctx, d); return nil }) == nil || d.Kind == wire.Opened {
		return
	}
	if d.Kind == wire.Click || d.Command || d.Direct || d.Mentioned {
		_ = b.unbroken(d, func() error {
			b.aside(ctx, d, notice(b.in(b.config.Language).Broke))
			return nil
		})
	}
}

func (b *Bot) handle(ctx context.Context, d wire.Delivery) {
	switch {
	case d.Kind == wire.Opened:
		b.opened(ctx, d)
	case d.Kind == wire.Click:
		b.clicked(ctx, d)
	case d.Kind == wire.Said && d.Command:
		b.commanded(ctx, d)
	case d.Kind == wire.Said:
		b.said(ctx, d)
	}
}

// Busy tells who did something that there is no room for it now.
func (b *Bot) Busy(ctx context.Context, d wire.Delivery) {
	if d.Kind == wire.Said && !d.Command && !d.Direct && !d.Mentioned {
		return // perhaps not meant for the bot
	}
	b.aside(ctx, d, notice(b.in(b.config.Language).Busy))
}

// said answers a message that is meant for the bot.
func (b *Bot) said(ctx context.Context, d wire.Delivery) {
	known, err := b.threads.find(ctx, d)
	if err != nil {
		b.fault("read the thread", d, err)
	}
	if !addressed(d, known) {
		return
	}
	defer b.held.hold(session(d.Team, d.Channel, d.Thread))()
	if b.digests != nil && b.digests.hears(ctx, d) {
		return
	}
	if language, ok := b.asksHelp(d.Text); ok {
		b.help(ctx, d, language)
		return
	}
	if b.chosenByNumber(ctx, d, known) {
		return
	}
	b.turn(ctx, &question{d: d, text: d.Text, to: wire.Target{Channel: d.Channel, Thread: d.Thread}})
}

// digests hears orders for questions that come again by the calendar; handled
// is false where a message or button is none of theirs.
type digests interface {
	hears(ctx context.Context, d wire.Delivery) (handled bool)
	presses(ctx context.Context, d wire.Delivery) (handled bool)
	// meant tells whether a text is for them, and its language; it does nothing.
	meant(text string) (language string, ok bool)
}

// fault writes what went wrong to the operator's log.
func (b *Bot) fault(what string, d wire.Delivery, err error) {
	b.config.Log.Warn(what, "delivery", d.ID, "error", discreet(err.Error()))
}

// locks are held by name, one holder each.
type locks struct {
	mu   sync.Mutex
	held map[string]*lock
}

type lock struct {
	mu    sync.Mutex
	users int
}

// hold waits for a name and gives what lets it go.
func (l *locks) hold(name string) (release func()) {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[string]*lock{}
	}
	one := l.held[name]
	if one == nil {
		one = &lock{}
		l.held[name] = one
	}
	one.users++
	l.mu.Unlock()
	one.mu.Lock()
	return func() {
		one.mu.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(l.held, name)
		}
	}
}
