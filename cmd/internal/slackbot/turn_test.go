package slackbot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// A mention is answered in its thread, in one message that said at first that
// the bot is at it.
func TestMention(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), nil)
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	texts := p.in("C1", "1.1")
	if len(texts) != 1 || !strings.Contains(texts[0], "1,115") {
		t.Fatalf("%q", texts)
	}
	if m := p.newest(t, "C1", "1.1"); m.edits == 0 {
		t.Error("it was not posted before the answer")
	}
	if got := d.kept.questions("slack:T1:C1:1.1"); !slices.Equal(got, []string{"count customers"}) {
		t.Errorf("the session holds %q", got)
	}
}

// The first sign is in the language of the thread so far, else of the person's
// settings, else of the bot's; the answer is in the question's.
func TestLanguages(t *testing.T) {
	signs := func(p *poster) string {
		p.mu.Lock()
		defer p.mu.Unlock()
		heard := p.heard["C1"].String()
		return heard[:strings.IndexByte(heard, '\n')]
	}
	for _, c := range []struct{ user, thread, question, sign, answer string }{
		{"U1", "", "count customers", "Looking at it", "25.5"},
		{"U2", "", "count customers", "Lo estoy mirando", "25.5"},
		{"U3", "", "count customers", "Estou olhando", "25.5"},
		{"U2", "", "¿count clientes?", "Lo estoy mirando", "25,5"},
		{"U3", "", "quantos clientes", "Estou olhando", "25,5"},
		{"U9", "", "quantos clientes", "Lo estoy mirando", "25,5"}, // the bot's own
	} {
		d, p := newDesk(), newPoster()
		b := d.bot(t, p, newMemory(), func(c *Config) { c.Language = "es" })
		b.Handle(t.Context(), mention("1.1", c.user, "C1", "", c.question))
		if got := signs(p); !strings.Contains(got, c.sign) {
			t.Errorf("%s asks %q: the sign is %q, not %q", c.user, c.question, got, c.sign)
		}
		if got := p.in("C1", "1.1"); !strings.Contains(got[0], c.answer) {
			t.Errorf("%s asks %q: %q has no %q", c.user, c.question, got[0], c.answer)
		}
		if c.answer == "25,5" { // an English speaker asks on in that thread
			before := p.heard["C1"].Len()
			b.Handle(t.Context(), mention("1.2", "U1", "C1", "1.1", "count orders"))
			now := p.heard["C1"].String()[before:]
			if strings.HasPrefix(now, `post {"Text":"Looking`) {
				t.Errorf("the thread's language is forgotten: %q", now)
			}
		}
	}
}

// Progress is shown at most every second and a half, and never holds up a tool.
func TestProgress(t *testing.T) {
	d, p := newDesk(), newPoster()
	d.hold = make(chan struct{})
	ticks, asked := make(chan time.Time), make(chan time.Duration, 100)
	b := d.bot(t, p, newMemory(), func(c *Config) {
		c.After = func(wait time.Duration) <-chan time.Time { asked <- wait; return ticks }
	})
	done := make(chan struct{})
	go func() { defer close(done); b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers")) }()
	<-d.entered // the tool has told of 100 steps and is at work
	if wait := <-asked; wait != pace {
		t.Errorf("waits %s before it tells of progress", wait)
	}
	d.clock.add(pace)
	ticks <- time.Time{}
	until(t, func() bool { return strings.Contains(strings.Join(p.in("C1", "1.1"), ""), "Counting") })
	m := p.newest(t, "C1", "1.1")
	p.mu.Lock()
	if m.edits != 1 || !strings.Contains(m.m.Text, "%") {
		t.Errorf("%d edits: %q", m.edits, m.m.Text)
	}
	p.mu.Unlock()
	close(d.hold)
	<-done
	if m.edits != 2 || !strings.Contains(all(m.m), "1,115") {
		t.Errorf("%d edits: %q", m.edits, all(m.m))
	}
}

// until waits for something that other goroutines bring about.
func until(t testing.TB, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("it does not come about")
		}
	}
}

// A turn that is broken off says so and that the question can be asked again.
func TestStopped(t *testing.T) {
	for _, where := range []string{"C1", "DU1"} {
		d, p := newDesk(), newPoster()
		d.hold = make(chan struct{})
		b := d.bot(t, p, newMemory(), nil)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		ask := mention("1.1", "U1", where, "", "count customers")
		ask.Direct = where == "DU1"
		go func() { defer close(done); b.Handle(ctx, ask) }()
		<-d.entered
		stop()
		<-done
		if got := p.in(where, "1.1"); len(got) != 1 || !strings.Contains(got[0], "ask the question again") {
			t.Errorf("%s: %q", where, got)
		}
		// After a restart the same message becomes the answer.
		close(d.hold)
		ask.Again = true
		d.bot(t, p, newMemory(), nil).Handle(t.Context(), ask)
		if got := p.in(where, "1.1"); len(got) != 1 || !strings.Contains(got[0], "1,115") {
			t.Errorf("%s after a restart: %q", where, got)
		}
	}
}

// A turn ends at the time limit and says so.
func TestTimeLimit(t *testing.T) {
	d, p := newDesk(), newPoster()
	d.hold = make(chan struct{})
	b := d.bot(t, p, newMemory(), func(c *Config) { c.TimeLimit = 20 * time.Millisecond })
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	if got := p.in("C1", "1.1"); len(got) != 1 || !strings.Contains(got[0], "time limit") {
		t.Errorf("%q", got)
	}
}

// A panic ends its turn alone, with a plain message; neither it nor a fault
// brings anything of a customer into the log or the channel.
func TestPanics(t *testing.T) {
	var log bytes.Buffer
	var mu sync.Mutex
	for name, c := range map[string]struct {
		ask    string
		broken func(d *desk, c *Config)
		says   string
	}{
		"the model":       {"panic now", func(*desk, *Config) {}, "broke on my side"},
		"the workspace":   {"count", func(d *desk, _ *Config) { d.broken.Store(true) }, "cannot read the data"},
		"a conversation":  {"count", func(_ *desk, c *Config) { c.Converse = nil }, "broke on my side"},
		"the check":       {"count", func(_ *desk, c *Config) { c.Personal = nil; c.Zone = nil; c.Report = nil }, "1,115"},
		"showing it":      {"list", func(_ *desk, c *Config) { c.Withhold = nil }, "single customers"},
		"showing panics":  {"list", func(_ *desk, c *Config) { c.Withhold = panicking }, "broke on my side"},
		"the check fails": {"count", func(d *desk, _ *Config) { d.personal = unreadable }, "could not check"},
	} {
		d, p := newDesk(), newPoster()
		b := d.bot(t, p, newMemory(), func(config *Config) {
			config.Log = slog.New(slog.NewTextHandler(&locked{&mu, &log}, nil))
			if name == "a conversation" {
				config.Converse = nilConverse
			} else {
				c.broken(d, config)
			}
		})
		b.Handle(t.Context(), mention("1.1", "U1", "C1", "", c.ask))
		if got := p.in("C1", "1.1"); len(got) != 1 || !strings.Contains(got[0], c.says) {
			t.Errorf("%s: %q", name, got)
		}
		d.broken.Store(false)
		if name == "the model" {
			b.Handle(t.Context(), mention("1.2", "U1", "C1", "1.1", "count"))
			if got := p.in("C1", "1.1"); len(got) != 2 || !strings.Contains(got[1], "1,115") {
				t.Errorf("after the panic: %q", got)
			}
		}
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells of %q:\n%s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), "a turn broke") {
		t.Errorf("the log has no cause:\n%s", log.String())
	}
}

// What breaks before a turn begins is told too, to who did it alone.
func TestPanicsBeforeATurn(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), nil)
	b.digests = brokenDigests{}
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	b.Handle(t.Context(), wire.Delivery{ID: "p1", Kind: wire.Click, Team: "T1", Channel: "C1", User: "U1", Thread: "1.1", TS: "1.2", Action: "other"})
	b.Handle(t.Context(), direct("2.1", "U1", "", "count customers"))
	if got := p.whispers["U1"]; len(got) != 2 || !strings.Contains(all(got[0]), "broke on my side") {
		t.Errorf("%v", got)
	}
	if got := p.in("DU1", "2.1"); len(got) != 1 || !strings.Contains(got[0], "broke on my side") {
		t.Errorf("%q", got)
	}
	b.digests = nil
	b.Handle(t.Context(), mention("1.3", "U1", "C1", "1.1", "count customers"))
	if got := p.in("C1", "1.1"); len(got) != 1 || !strings.Contains(got[0], "1,115") {
		t.Errorf("afterwards: %q", got)
	}
}

type brokenDigests struct{}

func (brokenDigests) hears(context.Context, wire.Delivery) bool   { panic("hears") }
func (brokenDigests) presses(context.Context, wire.Delivery) bool { panic("presses") }
func (brokenDigests) meant(string) (string, bool)                 { panic("meant") }

// Where Slack refuses posts in a channel, who asked is told in a direct message
// what to do, and nothing is computed for nobody.
func TestRefusedPosts(t *testing.T) {
	for code, says := range map[string]string{
		wire.NotInChannel: "Invite me", wire.Archived: "archived", wire.Restricted: "cannot write",
	} {
		d, p := newDesk(), newPoster()
		p.fails = func(_ int, call, channel string) (error, bool) {
			if channel == "C1" {
				return &wire.Fault{Method: "chat.postMessage", Reason: code, Code: code}, false
			}
			return nil, true
		}
		b := d.bot(t, p, newMemory(), nil)
		b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
		if got := p.in("DU1", ""); len(got) != 1 || !strings.Contains(got[0], says) || !strings.Contains(got[0], "<#C1>") {
			t.Errorf("%s: %q", code, got)
		}
		if n := d.asked.Load(); n != 0 {
			t.Errorf("%s: %d questions were computed", code, n)
		}
	}
}

// A channel that is archived while the answer is computed is told of too; a
// message that Slack does not take is said in plain text; a sign that somebody
// removed is made up for.
func TestRefusedAnswers(t *testing.T) {
	for code, c := range map[string]struct{ channel, says string }{
		"is_archived":       {"DU1", "archived"},
		"invalid_blocks":    {"C1", "1,115"},
		"message_not_found": {"C1", "1,115"},
	} {
		d, p := newDesk(), newPoster()
		first := true
		p.fails = func(_ int, call, channel string) (error, bool) {
			if call == "update" && channel == "C1" && (first || code == "is_archived") {
				first = false
				reason := wire.Other
				if code == "is_archived" {
					reason = wire.Archived
				}
				return &wire.Fault{Method: "chat.update", Reason: reason, Code: code}, false
			}
			return nil, true
		}
		b := d.bot(t, p, newMemory(), nil)
		b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
		thread := "1.1"
		if c.channel == "DU1" {
			thread = ""
		}
		if got := p.in(c.channel, thread); len(got) == 0 || !strings.Contains(got[len(got)-1], c.says) {
			t.Errorf("%s: %q", code, got)
		}
	}
}

// No more turns run at once than allowed; the others say that they wait.
func TestAtOnce(t *testing.T) {
	d, p := newDesk(), newPoster()
	d.hold = make(chan struct{})
	b := d.bot(t, p, newMemory(), func(c *Config) { c.AtOnce = 2 })
	var wait sync.WaitGroup
	for _, id := range []string{"1.1", "1.2", "1.3", "1.4", "1.5"} {
		wait.Go(func() { b.Handle(t.Context(), mention(id, "U1", "C1", "", "count customers")) })
	}
	until(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		n := 0
		for _, m := range p.messages {
			if strings.Contains(m.m.Text, "asked before you") {
				n++
			}
		}
		return n == 3
	})
	<-d.entered
	<-d.entered
	if n := d.asked.Load(); n != 2 {
		t.Errorf("%d turns at once", n)
	}
	close(d.hold)
	wait.Wait()
	for _, id := range []string{"1.1", "1.2", "1.3", "1.4", "1.5"} {
		if got := p.in("C1", id); len(got) != 1 || !strings.Contains(got[0], "1,115") {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// While the workspace is locked, as by an import, questions are answered all the
// same, and what was to be kept is kept when it is free.
func TestLockedMemory(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, func(c *Config) { c.UserTurns = []Budget{{9, time.Hour}} })
	m.shut = make(chan struct{})
	done := make(chan struct{})
	go func() { defer close(done); b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers")) }()
	until(t, func() bool { return strings.Contains(strings.Join(p.in("C1", "1.1"), ""), "1,115") })
	m.mu.Lock()
	if len(m.kept[kindThread])+len(m.kept[kindBudget]) > 0 {
		t.Error("the file was not locked")
	}
	close(m.shut)
	m.mu.Unlock()
	<-done
	for _, kind := range []string{kindThread, kindBudget, kindTurn} {
		if n := len(m.kept[kind]); n != 1 {
			t.Errorf("%d of %s are kept", n, kind)
		}
	}
}

// A long table comes as a file, and once where the program stops in between.
func TestFiles(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"U1"} })
	b.Handle(t.Context(), direct("1.1", "U1", "", "list them"))
	if len(p.files) != 1 || !strings.HasSuffix(p.files[0].Name, ".csv") || !bytes.Contains(p.files[0].Body, []byte("CUST-90418")) {
		t.Errorf("%d files: %+v", len(p.files), p.files)
	}
}

// A file that cannot be uploaded is told of, and the answer stands.
func TestFileRefused(t *testing.T) {
	d, p := newDesk(), newPoster()
	p.fails = func(_ int, call, _ string) (error, bool) {
		if call == "upload" {
			return &wire.Fault{Method: "files.completeUploadExternal", Reason: wire.TooLarge, Code: "file_uploads_disabled"}, false
		}
		return nil, true
	}
	b := d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"U1"} })
	b.Handle(t.Context(), direct("1.1", "U1", "", "list them"))
	got := p.in("DU1", "1.1")
	if len(got) != 2 || !strings.Contains(got[1], "could not be uploaded") {
		t.Errorf("%q", got)
	}
}

// What blocks Slack gets are ones that its client can write.
func TestBlocksAreWritten(t *testing.T) {
	for _, m := range []blockkit.Message{notice("a <b> & *c*"), markup("<#C1> is archived"), looking(&words{lang: languageOf("es")})} {
		if len(m.Blocks) == 0 || m.Text == "" {
			t.Errorf("%+v", m)
		}
		if _, err := (slack.Blocks{BlockSet: m.Blocks}).MarshalJSON(); err != nil {
			t.Error(err)
		}
	}
}

var errUnreadable = errors.New("read customers: rosa.lima@example.org is no row")
