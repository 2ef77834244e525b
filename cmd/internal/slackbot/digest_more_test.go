package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent/digest"
	"tesela/cmd/internal/slackbot/wire"
)

// In a channel rows that tell of single customers stay out, of the difference
// too; in a direct message only those who may see them do.
func TestDigestKeepsPersonalDataOut(t *testing.T) {
	for _, c := range []struct {
		d    wire.Delivery
		open bool
	}{
		{mention("1.1", "U1", "C1", "", "every Monday at 9 list customers"), false},
		{direct("1.1", "U3", "", "every Monday at 9 list customers"), false},
		{direct("1.1", "U2", "", "every Monday at 9 list customers"), true},
	} {
		s, p := newShop(30, 31), newPoster()
		pr := s.started(t, p, newLeased(s.clock), func(c *Config) { c.MayPersonal = []string{"U2"} })
		pr.Handle(t.Context(), c.d)
		s.clock.set(at("2026-03-09 09:00"))
		pr.pass(t)
		heard := p.heard[c.d.Channel].String()
		for _, secret := range secrets {
			if strings.Contains(heard, secret) != c.open {
				t.Errorf("%s in %s: %q is told: %v", c.d.User, c.d.Channel, secret, !c.open)
			}
		}
		if roots := p.roots(c.d.Channel); len(roots) != 1 || !strings.Contains(roots[0], "30") || !strings.Contains(roots[0], "31") {
			t.Errorf("%q", roots)
		}
	}
}

// A question that has no answer any more says so once and goes on.
func TestDigestThatFails(t *testing.T) {
	s, p := newShop(1, 2, 3), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	change := func(question string) {
		list, err := pr.orders(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		list[0].Question = question
		if err := pr.keep(t.Context(), list[0]); err != nil {
			t.Fatal(err)
		}
	}
	change("best customers") // unclear from now on
	for _, day := range []string{"2026-03-09 09:00", "2026-03-16 09:00", "2026-03-23 09:00"} {
		s.clock.set(at(day))
		pr.pass(t)
	}
	if got := p.roots("C1"); len(got) != 1 || !strings.Contains(got[0], "no answer any more") {
		t.Fatalf("%q", got)
	}
	change("count customers") // clear again
	s.clock.set(at("2026-03-30 09:00"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 2 || !strings.Contains(got[1], "Since 2 March 2026") {
		t.Errorf("%q", got)
	}
}

// A data base that cannot be read is tried again, some times.
func TestDigestIsTriedAgain(t *testing.T) {
	s, p := newShop(1, 2, 3), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	s.clock.set(at("2026-03-09 09:00"))
	s.broken.Store(true)
	pr.pass(t)
	s.broken.Store(false)
	s.clock.add(time.Minute)
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 1 || !strings.Contains(got[0], "+1") {
		t.Fatalf("%q", got)
	}
	s.broken.Store(true)
	s.clock.set(at("2026-03-16 09:00"))
	for range mostTries + 2 {
		pr.pass(t)
		s.clock.add(time.Minute)
	}
	s.broken.Store(false)
	before := s.asked.Load()
	pr.pass(t)
	if s.asked.Load() != before {
		t.Error("it is tried for ever")
	}
	s.clock.set(at("2026-03-23 09:00"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 3 || !strings.Contains(got[1], "cannot read the data") || !strings.Contains(got[2], "Since 9 March") {
		t.Errorf("%q", got)
	}
}

func TestDigestOfAChannelThatIsGone(t *testing.T) {
	for _, code := range []string{"channel_not_found", "is_archived"} {
		reason := map[string]string{"channel_not_found": wire.NotInChannel, "is_archived": wire.Archived}[code]
		s, p := newShop(1, 2, 3), newPoster()
		pr := s.started(t, p, newLeased(s.clock), nil)
		pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
		p.fails = func(_ int, call, channel string) (error, bool) {
			if channel == "C1" {
				return &wire.Fault{Method: "chat.postMessage", Reason: reason, Code: code}, false
			}
			return nil, false
		}
		for _, day := range []string{"2026-03-09 09:00", "2026-03-16 09:00"} {
			s.clock.set(at(day))
			pr.pass(t)
		}
		told := p.roots("DU1")
		if len(told) != 1 || !strings.Contains(told[0], "count customers") || !strings.Contains(told[0], "<#C1>") {
			t.Fatalf("%s: %q", code, told)
		}
		p.fails = nil
		s.clock.set(at("2026-03-23 09:00"))
		pr.pass(t)
		if got := p.roots("C1"); len(got) != 0 {
			t.Errorf("%s: set aside it comes: %q", code, got)
		}
		// Pressing “Run now” takes it up again, from then on.
		s.clock.set(at("2026-03-25 12:00"))
		pr.Handle(t.Context(), pressDigest(t, "4.1", "U1", p.newest(t, "DU1", ""), actionDigestRun))
		pr.pass(t)
		if got := p.roots("C1"); len(got) != 1 {
			t.Errorf("%s: %q", code, got)
		}
		s.clock.set(at("2026-03-30 09:00"))
		pr.pass(t)
		if got := p.roots("C1"); len(got) != 2 {
			t.Errorf("%s: %q", code, got)
		}
	}
}

// By the clock of its zone, through its changes.
func TestDigestWhenClocksChange(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	s, p := newShop(1, 2, 3, 4), newPoster()
	s.clock.set(at("2026-03-27 12:00"))
	pr := s.started(t, p, newLeased(s.clock), func(c *Config) { c.Zone = london })
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", "every day at 1:30 count customers"))
	if got := strings.Join(p.in("C1", "1.1"), ""); !strings.Contains(got, "(Europe/London)") {
		t.Errorf("%q", got)
	}
	for i, c := range []struct {
		at   string
		sent int
	}{
		{"2026-03-28 01:29", 0},
		{"2026-03-28 01:30", 1},
		{"2026-03-29 00:59", 1},
		{"2026-03-29 01:00", 2}, // the clock goes from 1:00 to 2:00
		{"2026-03-30 00:29", 2},
		{"2026-03-30 00:30", 3}, // 1:30 in summer
	} {
		s.clock.set(at(c.at))
		pr.pass(t)
		if got := len(p.roots("C1")); got != c.sent {
			t.Errorf("%d: at %s %d were sent, not %d", i, c.at, got, c.sent)
		}
	}
}

// The program is killed at each call to Slack while it makes a digest and told
// of the message again: there is one digest, one answer and one word of it.
func TestDigestIsMadeThoughKilled(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n := 1; ; n++ {
			s, p := newShop(1234), newPoster()
			m := newLeased(s.clock)
			first := s.started(t, p, m, nil)
			ctx, kill := context.WithCancel(t.Context())
			p.fails = killing(first, kill, n, after)
			d := mention("1.1", "U1", "C1", "", everyMonday)
			first.Handle(ctx, d)
			killed := first.dead.Load()
			kill()
			p.fails = nil
			second := s.started(t, p, m, nil)
			d.Again = true
			second.Handle(t.Context(), d)
			texts := p.in("C1", "1.1")
			list, err := second.orders(t.Context())
			if err != nil || len(list) != 1 || len(texts) != 2 || !strings.Contains(texts[0], "1,234") || !strings.Contains(texts[1], "I'll send this") {
				t.Fatalf("killed at call %d (%v): %d digests (%v), %q", n, after, len(list), err, texts)
			}
			if asked := s.kept.questions("slack:T1:C1:1.1"); len(asked) != 1 {
				t.Errorf("killed at call %d (%v): asked %q", n, after, asked)
			}
			// A press on Stop, killed too, is taken once and shown.
			stop := pressDigest(t, "2.1", "U1", p.newest(t, "C1", "1.1"), actionDigestStop)
			third := s.started(t, p, m, nil)
			ctx, kill = context.WithCancel(t.Context())
			p.fails = killing(third, kill, 1, after)
			p.calls = 0
			third.Handle(ctx, stop)
			kill()
			p.fails = nil
			stop.Again = true
			s.started(t, p, m, nil).Handle(t.Context(), stop)
			if made := p.newest(t, "C1", "1.1"); !strings.Contains(all(made.m), "Ana stopped this") || len(buttons(made.m)) != 0 {
				t.Errorf("stopped: %q", all(made.m))
			}
			if !killed {
				break
			}
		}
	}
}

// killing ends a process at its nth call to Slack.
func killing(pr *process, kill func(), n int, after bool) func(int, string, string) (error, bool) {
	return func(call int, _, _ string) (error, bool) {
		if call < n {
			return nil, false
		}
		pr.dead.Store(true)
		kill()
		return errStopped, after && call == n
	}
}

// By a slash command the channel sees what the thread is about.
func TestDigestByCommand(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	for i, said := range []string{everyMonday, "my digests", "every Monday at 9 show me who CUST-90417"} {
		d := wire.Delivery{ID: fmt.Sprintf("c%d", i), Kind: wire.Said, Team: "T1", Channel: "C1", User: "U1", Text: said, Command: true, Mentioned: true, Respond: "https://hooks.example/c"}
		pr.Handle(t.Context(), d)
		root := p.newest(t, "C1", "")
		shows := strings.Contains(all(root.m), said)
		if personal := i == 2; shows == personal {
			t.Errorf("%q: the channel sees %q", said, all(root.m))
		}
		if len(p.in("C1", root.ts)) == 0 {
			t.Errorf("%q: nothing is said", said)
		}
	}
	s.clock.set(at("2026-03-09 09:00"))
	pr.pass(t)
	if got := all(p.newest(t, "C1", "").m); !strings.Contains(got, "+1, +100.0%") {
		t.Errorf("%q", got)
	}
}

// Run sleeps until something is due, and ends with all that it began.
func TestDigestsRun(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- pr.Run(ctx) }()
	if wait := <-pr.waits; wait != mostSleep {
		t.Errorf("without any it sleeps %s", wait)
	}
	s.clock.set(at("2026-03-09 08:59"))
	s.clock.add(30 * time.Second)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday)) // wakes it
	until(t, func() bool { return len(pr.waits) > 0 })
	if wait := <-pr.waits; wait != 30*time.Second {
		t.Errorf("half a minute before it sleeps %s", wait)
	}
	s.clock.add(30 * time.Second)
	pr.ticks <- s.clock.time()
	until(t, func() bool { return strings.Contains(strings.Join(p.roots("C1"), ""), "+1") })
	end()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// What help says can be typed is understood.
func TestDigestsAsHelpTellsOfThem(t *testing.T) {
	s := newShop(1)
	pr := s.started(t, newPoster(), newLeased(s.clock), nil)
	quoted := regexp.MustCompile("[“«]([^”»]+)[”»]")
	for code, w := range pr.Bot.words {
		all := quoted.FindAllStringSubmatch(fill(w.Help.Digests, "example", w.Help.DigestExample), -1)
		if len(all) != 3 {
			t.Fatalf("%s: %q", code, w.Help.Digests)
		}
		if r, ok := digest.Parse(all[0][1]); !ok || r.Doubt != "" || r.Refused != "" || r.Schedule.String() != "weekly mon 09:00" || r.Language != code {
			t.Errorf("%s: %q is %+v", code, all[0][1], r)
		}
		if language, ok := pr.asksList(all[1][1]); !ok || language != code {
			t.Errorf("%s: %q lists nothing", code, all[1][1])
		}
		if language, n, ok := pr.asksStop(all[2][1]); !ok || n != 1 || language != code {
			t.Errorf("%s: %q stops nothing", code, all[2][1])
		}
	}
}

func TestDigestWordsAreInAllLanguages(t *testing.T) {
	all, err := loadDigestWords()
	if err != nil {
		t.Fatal(err)
	}
	keys := func(w *digestWords) (list []string) {
		raw, _ := json.Marshal(w)
		var m map[string]any
		_ = json.Unmarshal(raw, &m)
		for k, v := range m {
			switch v := v.(type) {
			case string:
				if v != "" {
					list = append(list, k)
				}
			case map[string]any:
				for inner := range v {
					list = append(list, k+"."+inner)
				}
			case []any:
				if len(v) > 0 {
					list = append(list, k)
				}
			}
		}
		slices.Sort(list)
		return list
	}
	for code, w := range all {
		w.lang = nil
		if got, want := keys(w), keys(all["en"]); !slices.Equal(got, want) {
			t.Errorf("%s says %q, not %q", code, got, want)
		}
	}
}
