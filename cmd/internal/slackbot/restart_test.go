package slackbot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// seen is all that people can see, and what was kept and done.
func seen(d *desk, p *poster) string {
	var b strings.Builder
	for _, m := range p.messages {
		fmt.Fprintf(&b, "%s %s %s: %q, buttons %d\n", m.channel, m.thread, m.ts, all(m.m), len(buttons(m.m)))
	}
	for _, f := range p.files {
		fmt.Fprintf(&b, "file %s of %d\n", f.Name, len(f.Body))
	}
	for _, user := range []string{"U1", "U2", "U3"} {
		for _, w := range p.whispers[user] {
			fmt.Fprintf(&b, "to %s: %q\n", user, all(w))
		}
	}
	for _, t := range d.kept.turns {
		fmt.Fprintf(&b, "turn %s of %s: %s\n", t.ID, t.Session, t.Question)
	}
	fmt.Fprintf(&b, "saved %d", d.saved.Load())
	return b.String()
}

// scene is something that is set up, and then done by one delivery.
type scene struct {
	setUp func(t *testing.T, d *desk, p *poster, b *Bot) wire.Delivery
}

var scenes = map[string]scene{
	"a mention": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return mention("2.1", "U1", "C1", "", "count customers")
	}},
	"a follow-up of the same words": {setUp: func(t *testing.T, _ *desk, _ *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "count customers"))
		return mention("2.2", "U1", "C1", "2.1", "count customers")
	}},
	"a table with a file": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return direct("2.1", "U2", "", "list them")
	}},
	"a question back": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return mention("2.1", "U1", "C1", "", "best customers")
	}},
	"a choice": {setUp: func(t *testing.T, _ *desk, p *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "best customers"))
		return press(t, "p1", "U2", p.newest(t, "C1", "2.1"), blockkit.ActionChoice)
	}},
	"a choice by number": {setUp: func(t *testing.T, _ *desk, _ *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "best customers"))
		return mention("2.2", "U2", "C1", "2.1", "2")
	}},
	"an approval": {setUp: func(t *testing.T, _ *desk, p *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "save VIP"))
		return press(t, "p1", "U2", p.newest(t, "C1", "2.1"), blockkit.ActionApprove)
	}},
	"a rejection": {setUp: func(t *testing.T, _ *desk, p *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "save VIP"))
		return press(t, "p1", "U2", p.newest(t, "C1", "2.1"), blockkit.ActionReject)
	}},
	"a report": {setUp: func(t *testing.T, _ *desk, p *poster, b *Bot) wire.Delivery {
		b.Handle(t.Context(), mention("2.1", "U1", "C1", "", "count customers"))
		return press(t, "p1", "U2", p.newest(t, "C1", "2.1"), blockkit.ActionReport)
	}},
	"a command": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return wire.Delivery{ID: "c1", Kind: wire.Said, Team: "T1", Channel: "C1", User: "U1", Text: "count customers", Command: true, Mentioned: true, Respond: "https://hooks.example/c1"}
	}},
	"the pane opened": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return wire.Delivery{ID: "o1", Kind: wire.Opened, Team: "T1", Channel: "DU1", User: "U1", Thread: "5.1", Direct: true, Pane: true}
	}},
	"a question in the pane": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		one := direct("5.2", "U1", "5.1", "count customers")
		one.Pane = true
		return one
	}},
	"help": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return mention("2.1", "U1", "C1", "", "help")
	}},
	"personal data": {setUp: func(*testing.T, *desk, *poster, *Bot) wire.Delivery {
		return mention("2.1", "U1", "C1", "", "list them")
	}},
}

// Wherever the program stops — before or after anything that it does in Slack,
// and again while it goes on — what people see in the end is the same, nothing
// is there twice, and nothing is asked, counted or done twice.
func TestRestarts(t *testing.T) {
	t.Run("with signs", func(t *testing.T) { restarts(t, -1) })
	t.Run("with quick answers", func(t *testing.T) { restarts(t, time.Second) })
}

func restarts(t *testing.T, quick time.Duration) {
	allow := func(c *Config) {
		c.Quick = quick
		c.Approvers, c.MayPersonal = []string{"S1"}, []string{"U2"}
		c.UserTurns = []Budget{{2, 3600e9}}
	}
	for name, s := range scenes {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			// run does a scene, stopping at the calls given, counted in each run.
			run := func(t *testing.T, stops []int, after bool) (string, int) {
				d, p, m := newDesk(), newPoster(), newMemory()
				b := d.bot(t, p, m, allow)
				one := s.setUp(t, d, p, b)
				calls := 0
				for _, stop := range append(slices.Clone(stops), 0) {
					ctx, die := context.WithCancel(t.Context())
					p.mu.Lock()
					p.calls = 0
					p.fails = func(n int, _, _ string) (error, bool) {
						if stop == 0 || n < stop {
							return nil, true
						}
						m.mu.Lock()
						m.dead = true
						m.mu.Unlock()
						die()
						return errStopped, after && n == stop
					}
					p.mu.Unlock()
					d.bot(t, p, m, allow).Handle(ctx, one)
					die()
					m.dead = false
					calls = p.calls
					one.Again = true
				}
				return seen(d, p), calls
			}
			want, calls := run(t, nil, false)
			if calls == 0 {
				t.Fatal("nothing is done")
			}
			for _, after := range []bool{false, true} {
				for n := 1; n <= calls; n++ {
					if got, _ := run(t, []int{n}, after); got != want {
						t.Errorf("stopped at call %d (done: %v):\n%s\nwant\n%s", n, after, got, want)
					}
					for k := 1; k <= calls; k++ {
						if got, _ := run(t, []int{n, k}, after); got != want {
							t.Errorf("stopped at call %d and then %d (done: %v):\n%s\nwant\n%s", n, k, after, got, want)
						}
					}
				}
			}
		})
	}
}

// A delivery that was done to its end and comes again does nothing.
func TestAgainAfterTheEnd(t *testing.T) {
	for name, s := range scenes {
		d, p, m := newDesk(), newPoster(), newMemory()
		b := d.bot(t, p, m, func(c *Config) { c.Approvers = []string{"S1"} })
		one := s.setUp(t, d, p, b)
		b.Handle(t.Context(), one)
		before := seen(d, p)
		one.Again = true
		d.bot(t, p, m, func(c *Config) { c.Approvers = []string{"S1"} }).Handle(t.Context(), one)
		if got := seen(d, p); got != before {
			t.Errorf("%s:\n%s\nwas\n%s", name, got, before)
		}
	}
}
