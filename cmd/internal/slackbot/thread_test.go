package slackbot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/cmd/internal/slackbot/wire"
)

// In a channel's thread the bot answers mentions by anybody, and without one
// only who began it with the bot, where they name nobody else.
func TestAddressed(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, nil)
	say := func(id, user, text string, mentioned bool, named ...string) wire.Delivery {
		one := mention(id, user, "C1", "1.1", text)
		one.Mentioned, one.Named = mentioned, named
		return one
	}
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	for i, c := range []struct {
		user      string
		mentioned bool
		named     []string
		answered  bool
	}{
		{"U1", false, nil, true},
		{"U1", false, []string{"U2"}, false},
		{"U1", true, []string{"U2"}, true},
		{"U2", false, nil, false},
		{"U2", true, nil, true},
		{"U2", false, nil, false}, // the thread is still U1's
	} {
		if i == 3 {
			b = d.bot(t, p, m, nil) // it is known after a restart
		}
		before := len(p.in("C1", "1.1"))
		b.Handle(t.Context(), say(fmt.Sprintf("2.%d", i), c.user, "count orders", c.mentioned, c.named...))
		if got := len(p.in("C1", "1.1")) > before; got != c.answered {
			t.Errorf("%d: %+v answered: %v", i, c, got)
		}
	}
	// A thread that the bot is no part of is none of its business.
	other := mention("3.2", "U1", "C1", "3.1", "count orders")
	other.Mentioned = false
	b.Handle(t.Context(), other)
	if got := p.in("C1", "3.1"); len(got) != 0 {
		t.Errorf("speaks in others' thread: %q", got)
	}
	if got := d.kept.questions("slack:T1:C1:1.1"); len(got) != 4 {
		t.Errorf("the session holds %q", got)
	}
}

// Direct messages are answered in threads of their own, each a session.
func TestDirectThreads(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), nil)
	b.Handle(t.Context(), direct("1.1", "U1", "", "count customers"))
	b.Handle(t.Context(), direct("1.2", "U1", "", "count orders"))
	b.Handle(t.Context(), direct("1.3", "U1", "1.1", "count again"))
	for thread, want := range map[string][]string{"1.1": {"count customers", "count again"}, "1.2": {"count orders"}} {
		if got := d.kept.questions("slack:T1:DU1:" + thread); !slices.Equal(got, want) {
			t.Errorf("%s: %q", thread, got)
		}
	}
}

// More threads than are kept at hand are still known, those of others are
// looked for once, and what a bot remembers does not grow without end.
func TestManyThreads(t *testing.T) {
	m, c := newMemory(), newDesk().clock
	all := newThreads(m, c.time)
	d := wire.Delivery{Team: "T1", Channel: "C1", Kind: wire.Said, TS: "x"}
	for i := range mostThreads + 50 {
		d.Thread = fmt.Sprint(i)
		if known, err := all.find(t.Context(), d); known != nil || err != nil {
			t.Fatalf("%d: %+v, %v", i, known, err)
		}
		keep, err := all.put(d, &thread{By: "U1"})
		if err != nil || keep(t.Context()) != nil {
			t.Fatal(err)
		}
	}
	if n := all.recent.Len(); n != mostThreads || len(all.at) != n {
		t.Errorf("%d at hand", n)
	}
	for _, again := range []*threads{all, newThreads(m, c.time)} {
		d.Thread = "3"
		if known, err := again.find(t.Context(), d); err != nil || known == nil || known.By != "U1" {
			t.Errorf("%+v, %v", known, err)
		}
		d.Thread = "no such"
		lists := &counting{memory: m}
		again.memory = lists
		for range 5 {
			if known, err := again.find(t.Context(), d); known != nil || err != nil {
				t.Errorf("%+v, %v", known, err)
			}
		}
		if lists.n > 1 {
			t.Errorf("read %d times", lists.n)
		}
	}
}

// counting is a memory whose lists are counted.
type counting struct {
	*memory
	n int
}

func (c *counting) List(ctx context.Context, kind string) (map[string][]byte, error) {
	c.n++
	return c.memory.List(ctx, kind)
}

// Help is told in each language, by its own word, with examples from the data.
func TestHelp(t *testing.T) {
	for word, says := range map[string]string{"help": "examples (en)", "Ayuda!": "(es)", "/ajuda": "(pt)"} {
		d, p := newDesk(), newPoster()
		b := d.bot(t, p, newMemory(), nil)
		b.Handle(t.Context(), mention("1.1", "U1", "C1", "", word))
		says = strings.TrimPrefix(says, "examples ")
		if got := p.in("C1", "1.1"); len(got) != 1 || !strings.Contains(got[0], says) {
			t.Errorf("%s: %q", word, got)
		}
		if d.asked.Load() != 0 {
			t.Errorf("%s was asked as a question", word)
		}
	}
}

// The pane greets once, offers questions in the person's language, shows its
// status instead of a message at first, and clears it.
func TestPane(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, nil)
	open := wire.Delivery{ID: "o", Kind: wire.Opened, Team: "T1", Channel: "DU2", User: "U2", Thread: "5.1", Direct: true, Pane: true}
	b.Handle(t.Context(), open)
	open.Again = true
	b.Handle(t.Context(), open)
	if got := p.in("DU2", "5.1"); len(got) != 1 || !strings.Contains(got[0], "ayuda") {
		t.Errorf("%q", got)
	}
	if len(p.prompts) != 2 || p.prompts[0].Message != "how many customers (es)?" {
		t.Errorf("%+v", p.prompts)
	}
	ask := direct("5.2", "U2", "5.1", "¿count clientes?")
	ask.Pane = true
	b.Handle(t.Context(), ask)
	if got := p.in("DU2", "5.1"); len(got) != 2 || !strings.Contains(got[1], "1.115") {
		t.Errorf("%q", got)
	}
	again := ask
	again.ID, again.TS, again.Text = "5.3", "5.3", "¿count pedidos?"
	b.Handle(t.Context(), again)
	if !slices.Equal(p.titles, []string{"¿count clientes?"}) {
		t.Errorf("%q", p.titles)
	}
	if n := len(p.statuses); n < 2 || !strings.Contains(p.statuses[0], "mirando") || p.statuses[n-1] != "" {
		t.Errorf("%q", p.statuses)
	}
}
