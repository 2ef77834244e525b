package chat

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
)

// writer hands out one event after the other, as it is told to.
type writer struct {
	events chan agent.Event
	ended  chan struct{} // closed once a question was cancelled
}

func (w *writer) ask(ctx context.Context, _, _ string) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		for {
			select {
			case e, ok := <-w.events:
				if !ok || !yield(e, nil) {
					return
				}
			case <-ctx.Done():
				close(w.ended)
				yield(agent.Event{}, ctx.Err())
				return
			}
		}
	}
}

// A draft grows under its question, may be taken back, and gives way to the
// answer without a moment in between that shows less.
func TestDraft(t *testing.T) {
	w := &writer{events: make(chan agent.Event), ended: make(chan struct{})}
	d := drive(t, Config{Ask: w.ask, Speak: "en"}, 80, 24)
	d.keys("revenue", "enter")
	step := func(e agent.Event) {
		t.Helper()
		sent := make(chan struct{})
		go func() { w.events <- e; close(sent) }()
		d.until("the step", func() bool {
			select {
			case <-sent:
				return true
			default:
				return false
			}
		})
	}
	shows := func(what ...string) {
		t.Helper()
		d.until("the screen to show "+strings.Join(what, ", "), func() bool {
			for _, part := range what {
				if !strings.Contains(d.text(), part) {
					return false
				}
			}
			return true
		})
	}
	step(agent.Event{Started: &agent.CallRecord{Tool: "measure"}})
	step(agent.Event{Ended: &agent.CallRecord{Tool: "measure"}})
	step(agent.Event{Draft: "Germany is **first**. "})
	shows("Germany is first.", "Writing the answer")
	step(agent.Event{Draft: "France is second. "})
	shows("Germany is first. France is second.")
	step(agent.Event{Withdrawn: true})
	d.until("nothing of the draft", func() bool { return !strings.Contains(d.text(), "Germany") })
	step(agent.Event{Draft: "Spain is first. Italy is second. "})
	shows("Spain is first. Italy is second.")
	step(agent.Event{Text: "Spain is first.\n"})
	for range 3 {
		d.m.View()
		if !strings.Contains(d.text(), "Italy is second.") {
			t.Errorf("less is shown while the text comes:\n%s", d.text())
		}
	}
	step(agent.Event{Text: "Italy is second, and that is all.\n"})
	step(agent.Event{Answer: &agent.Answer{Question: "revenue", Language: "en", Status: model.Answered, Text: "Spain is first.\nItaly is second, and that is all.\n"}})
	close(w.events)
	d.until("the end", func() bool { return !d.m.talking() })
	if text := d.text(); strings.Count(text, "Spain is first.") != 1 || strings.Contains(text, "Writing") {
		t.Errorf("the answer is not alone:\n%s", text)
	}
}

// Stopped in the midst of a draft, nothing of it is left, and the next question
// can be asked at once.
func TestStopInADraft(t *testing.T) {
	w := &writer{events: make(chan agent.Event), ended: make(chan struct{})}
	d := drive(t, Config{Ask: w.ask, Speak: "en"}, 80, 24)
	d.keys("revenue", "enter")
	go func() { w.events <- agent.Event{Draft: "Germany is first. "} }()
	d.until("the draft", func() bool { return strings.Contains(d.text(), "Germany is first.") })
	began := time.Now()
	d.keys("esc")
	if d.m.talking() || strings.Contains(d.text(), "Germany") {
		t.Errorf("not stopped:\n%s", d.text())
	}
	select {
	case <-w.ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the question goes on")
	}
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	w.ended = make(chan struct{})
	d.keys("orders", "enter")
	go func() {
		w.events <- agent.Event{Answer: &agent.Answer{Question: "orders", Language: "en", Status: model.Answered, Text: "Seven."}}
		close(w.events)
	}()
	d.until("the next answer", func() bool { return strings.Contains(d.text(), "Seven.") && !d.m.talking() })
}

// What could steer the terminal is taken out of drafts as of answers.
func TestDraftIsHarmless(t *testing.T) {
	w := &writer{events: make(chan agent.Event), ended: make(chan struct{})}
	d := drive(t, Config{Ask: w.ask, Speak: "en"}, 80, 24)
	d.keys("revenue", "enter")
	go func() { w.events <- agent.Event{Draft: "Germany\x1b[2J\x1b]52;c;ZXZpbA==\x07 is \u202efirst. "} }()
	d.until("the draft", func() bool { return strings.Contains(d.text(), "Germany") })
	if view := d.view(); strings.Contains(view, "\x1b[2J") || strings.Contains(view, "\x1b]") || strings.Contains(view, "\u202e") {
		t.Errorf("%q", view)
	}
}
