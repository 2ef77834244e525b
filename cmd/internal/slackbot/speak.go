package slackbot

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// patience is how long a person's settings are waited for: the first thing said
// must not wait for them.
const patience = 400 * time.Millisecond

// person gives a user's name, the id where it is not known, and locale.
func (b *Bot) person(ctx context.Context, user string) (name, locale string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name, locale, err := b.config.Poster.Person(ctx, user)
	if err != nil && ctx.Err() == nil {
		b.config.Log.Warn("read a user's name", "user", user, "error", discreet(err.Error()))
	}
	return cmp.Or(name, user), locale
}

// who writes a person down for the record: Ana (U123).
func (b *Bot) who(ctx context.Context, user string) string {
	name, _ := b.person(ctx, user)
	if name == user {
		return user
	}
	return name + " (" + user + ")"
}

// speaks gives the words for a delivery before its own language is heard: those
// of the thread so far, else of the person's settings, else of the bot's.
func (b *Bot) speaks(ctx context.Context, d wire.Delivery) *words {
	if known, err := b.threads.find(ctx, d); err == nil && known != nil && known.Language != "" {
		return b.in(known.Language)
	}
	return b.hears(ctx, d.User)
}

// hears gives the words for a person outside any thread.
func (b *Bot) hears(ctx context.Context, user string) *words {
	_, locale := b.person(ctx, user)
	return b.in(cmp.Or(b.code(locale), b.config.Language))
}

// aside tells something to the person alone: in a direct message as a message,
// elsewhere so that nobody else sees it.
func (b *Bot) aside(ctx context.Context, d wire.Delivery, m blockkit.Message) {
	to := wire.Target{Channel: d.Channel, Thread: d.Thread}
	var err error
	switch {
	case d.Respond != "" && d.Command:
		err = b.config.Poster.Respond(ctx, d.Respond, m)
	case d.Direct && d.Kind != wire.Click:
		_, err = b.once(ctx, d, to, m, 0)
	default:
		err = b.config.Poster.Whisper(ctx, to, d.User, m)
		if err != nil && ctx.Err() == nil && d.Respond != "" {
			err = b.config.Poster.Respond(ctx, d.Respond, m)
		}
	}
	if err != nil {
		b.fault("tell somebody", d, err)
	}
}

// once posts a message of a delivery unless it was posted before the program
// stopped, and gives its ts.
func (b *Bot) once(ctx context.Context, d wire.Delivery, to wire.Target, m blockkit.Message, part int) (string, error) {
	if d.Again {
		ts, err := b.config.Poster.Find(ctx, to, d.ID, part)
		if err != nil {
			return "", err
		}
		if ts != "" {
			return ts, b.config.Poster.Update(ctx, to.Channel, ts, m)
		}
	}
	return b.config.Poster.Post(ctx, to, m, d.ID, part)
}

// refused tells that Slack will not have a message in a place, whatever is
// tried.
func refused(err error) (*wire.Fault, bool) {
	var f *wire.Fault
	if !errors.As(err, &f) {
		return nil, false
	}
	switch f.Reason {
	case wire.NotInChannel, wire.Archived, wire.Restricted, wire.MissingScope:
		return f, true
	}
	return f, false
}

// lastly is what is left of a context that has ended, to say so with.
func lastly(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
}

// indiscreet is what a log must not hold: addresses, tokens, what may be a
// telephone number or an id.
var indiscreet = regexp.MustCompile(`\S+@\S+|\b(?:xox[a-z]|xapp)-\S+|https?://\S+|\+?\d[\d ().-]{5,}\d`)

// discreet is a fault's text as the log may hold it.
func discreet(text string) string { return indiscreet.ReplaceAllString(text, "…") }
