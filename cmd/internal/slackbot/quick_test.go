package slackbot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// slowly is a bot that shows that a question was heard once the tick comes.
func slowly(t *testing.T, d *desk, p wire.Poster, ticks chan time.Time) *Bot {
	t.Helper()
	return d.bot(t, newPoster(), newMemory(), func(c *Config) {
		c.Poster, c.Quick = p, 200*time.Millisecond
		c.After = func(time.Duration) <-chan time.Time { return ticks }
	})
}

// An answer that is there at once is the first thing said and is never edited.
func TestQuickAnswerIsSaidOnce(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := slowly(t, d, p, make(chan time.Time))
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	m := p.newest(t, "C1", "1.1")
	if len(p.messages) != 1 || m.edits != 0 || !strings.Contains(all(m.m), "1,115") {
		t.Errorf("%d messages, %d edits: %q", len(p.messages), m.edits, all(m.m))
	}
}

// One that takes longer is shown to be worked on, and then in the same place.
func TestSlowAnswerTakesThePlaceOfTheSign(t *testing.T) {
	d, p := newDesk(), newPoster()
	d.hold = make(chan struct{})
	ticks := make(chan time.Time)
	b := slowly(t, d, p, ticks)
	done := make(chan struct{})
	go func() { defer close(done); b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers")) }()
	<-d.entered
	if got := p.in("C1", "1.1"); len(got) != 0 {
		t.Errorf("said before its time: %q", got)
	}
	ticks <- time.Time{}
	until(t, func() bool { return strings.Contains(strings.Join(p.in("C1", "1.1"), ""), "Looking at it") })
	close(d.hold)
	<-done
	m := p.newest(t, "C1", "1.1")
	if len(p.messages) != 1 || m.edits == 0 || !strings.Contains(all(m.m), "1,115") {
		t.Errorf("%d messages, %d edits: %q", len(p.messages), m.edits, all(m.m))
	}
}

// slowPost is a Slack that lets the first post wait for its leave, or loses
// sight of it.
type slowPost struct {
	*poster
	entered chan struct{}
	posts   bool  // the first is posted all the same
	err     error // of the first
	first   bool
}

func (w *slowPost) Post(ctx context.Context, to wire.Target, m blockkit.Message, delivery string, part int) (string, error) {
	if w.first {
		return w.poster.Post(ctx, to, m, delivery, part)
	}
	w.first = true
	close(w.entered)
	<-ctx.Done()
	if w.posts {
		if _, err := w.poster.Post(context.WithoutCancel(ctx), to, m, delivery, part); err != nil {
			return "", err
		}
	}
	return "", w.err
}

// A sign that has not left when the answer is there is never shown, and one of
// which that is not known becomes the answer: people see it once either way.
func TestSignOvertakenByItsAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		posts bool
		edits int
	}{
		"not sent":     {fmt.Errorf("%w: %w", wire.ErrUnsent, context.Canceled), false, 0},
		"perhaps sent": {errors.New("the connection was cut"), true, 1},
		"perhaps lost": {errors.New("the connection was cut"), false, 0},
	} {
		d := newDesk()
		d.hold = make(chan struct{})
		p := &slowPost{poster: newPoster(), entered: make(chan struct{}), err: c.err, posts: c.posts}
		ticks := make(chan time.Time)
		b := slowly(t, d, p, ticks)
		done := make(chan struct{})
		go func() { defer close(done); b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers")) }()
		<-d.entered
		ticks <- time.Time{}
		<-p.entered
		close(d.hold)
		<-done
		m := p.newest(t, "C1", "1.1")
		if len(p.messages) != 1 || m.edits != c.edits || !strings.Contains(all(m.m), "1,115") {
			t.Errorf("%s: %d messages, %d edits: %q", name, len(p.messages), m.edits, all(m.m))
		}
	}
}

// Told to end while a file is uploaded, the bot leaves the answer to be read.
func TestStoppedOverAFile(t *testing.T) {
	d, p := newDesk(), newPoster()
	ctx, stop := context.WithCancel(t.Context())
	p.fails = func(_ int, call, _ string) (error, bool) {
		if call == "upload" {
			stop()
			return ctx.Err(), false
		}
		return nil, true
	}
	d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"U1"} }).Handle(ctx, direct("1.1", "U1", "", "list them"))
	if got := p.in("DU1", "1.1"); ctx.Err() == nil || len(got) != 1 || !strings.Contains(got[0], secrets[0]) {
		t.Errorf("%q", got)
	}
}
