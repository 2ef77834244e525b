package slackbot

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/slackbot/blockkit"
)

// writing is the desk's model with words of its own: after the results it says
// one piece of them after the other, as it is told to.
type writing struct {
	*desk
	pieces chan string
}

func (w *writing) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	if r.Messages[len(r.Messages)-1].Role == model.User {
		return w.desk.Generate(ctx, r)
	}
	return func(yield func(model.Delta, error) bool) {
		for {
			select {
			case text, ok := <-w.pieces:
				if !ok || !yield(model.Delta{Text: text}, nil) {
					return
				}
			case <-ctx.Done():
				yield(model.Delta{}, ctx.Err())
				return
			}
		}
	}
}

// writes is a bot over such a model, which shows what it is told at once.
func writesBot(t *testing.T) (*Bot, *poster, *writing) {
	d, p := newDesk(), newPoster()
	w := &writing{desk: d, pieces: make(chan string)}
	b := d.bot(t, p, newMemory(), func(c *Config) {
		c.MayPersonal = []string{"U2"}
		c.After = func(time.Duration) <-chan time.Time {
			at := make(chan time.Time, 1)
			at <- time.Time{}
			return at
		}
		converse := c.Converse
		c.Converse = func(ctx context.Context, session, language string, person bool) (*agent.Conversation, error) {
			made, err := converse(ctx, session, language, person)
			made.Model = w
			return made, err
		}
	})
	return b, p, w
}

// In a direct message, in its assistant pane too, what is written of an answer
// stands where the answer will, and gives way to it.
func TestDraft(t *testing.T) {
	for _, pane := range []bool{false, true} {
		b, p, w := writesBot(t)
		ask := mention("1.1", "U1", "DU1", "", "count customers")
		ask.Direct, ask.Pane = true, pane
		done := make(chan struct{})
		go func() { defer close(done); b.Handle(t.Context(), ask) }()
		now := func() string { return strings.Join(p.in("DU1", "1.1"), "\n") }
		w.pieces <- "There are 1,115 of them. They"
		until(t, func() bool { return strings.Contains(now(), "There are 1,115 of them.") })
		if got := now(); !strings.Contains(got, "Still writing") || strings.Contains(got, "They") {
			t.Errorf("pane %v: %q", pane, got)
		}
		w.pieces <- " are **25.5%** of all. <!channel> look. And"
		until(t, func() bool { return strings.Contains(now(), "There are 1,115 of them.") })
		w.pieces <- " so on."
		close(w.pieces)
		<-done
		got := now()
		if strings.Contains(got, "Still writing") || strings.Contains(p.heard["DU1"].String(), "<!channel>") || !strings.Contains(got, "1,115") || len(p.in("DU1", "1.1")) != 1 {
			t.Errorf("pane %v: the answer is %q", pane, got)
		}
	}
}

// What a draft says of single customers is seen by nobody who may not see it of
// the answer, and in channels there is none.
func TestNoDraft(t *testing.T) {
	for name, c := range map[string]struct {
		user, where, question, text string
		shown                       bool
	}{
		"in a channel":         {"U1", "C1", "count customers", "There are 1,115 of them. They", false},
		"of single customers":  {"U1", "DU1", "list customers", "First is CUST-90417 of all. They", false},
		"by their names":       {"U1", "DU1", "list customers", "First is Rosa Lima Quintana of all. They", false},
		"about what is listed": {"U1", "DU1", "list customers", "There are 30 of them. They", false},
		"who may see them":     {"U2", "DU2", "list customers", "There are 30 of them. They", true},
	} {
		b, p, w := writesBot(t)
		ask := mention("1.1", c.user, c.where, "", c.question)
		ask.Direct = strings.HasPrefix(c.where, "D")
		done := make(chan struct{})
		go func() { defer close(done); b.Handle(t.Context(), ask) }()
		w.pieces <- c.text
		writing := func(text string) bool {
			return strings.Contains(text, "Still writing") || strings.Contains(text, "Sigo escribiendo")
		}
		seen := func() bool { return writing(strings.Join(p.in(c.where, "1.1"), "\n")) }
		if c.shown {
			until(t, seen)
		} else {
			w.pieces <- " are so."
			time.Sleep(50 * time.Millisecond)
		}
		close(w.pieces)
		<-done
		p.mu.Lock()
		heard := p.heard[c.where].String()
		p.mu.Unlock()
		if writing(heard) != c.shown {
			t.Errorf("%s: %s", name, heard)
		}
		for _, s := range secrets {
			if !c.shown && strings.Contains(heard, s) {
				t.Errorf("%s: %s is told", name, s)
			}
		}
	}
}

// A draft that names customers of rows that may not be shown is none, and one
// is a message that Slack takes however long it is.
func TestDraftMessage(t *testing.T) {
	long := strings.Repeat("So it is said again and again. ", 400)
	m, ok, err := blockkit.Draft(&agent.Answer{Status: model.Answered, Language: "pt", Text: long}, blockkit.Options{})
	if err != nil || !ok || len(m.Blocks) > 50 || len(m.Text) > 4000 || !strings.Contains(all(m), "Ainda escrevendo") {
		t.Errorf("%v, %v: %d blocks, %d bytes", ok, err, len(m.Blocks), len(m.Text))
	}
	if _, ok, err := blockkit.Draft(&agent.Answer{Status: model.Answered, Text: " "}, blockkit.Options{}); ok || err != nil {
		t.Error("a draft of nothing")
	}
}
