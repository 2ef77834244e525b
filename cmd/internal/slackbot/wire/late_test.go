package wire

import (
	"context"
	"errors"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
)

// An edit that is under way when it is given up is done all the same; what is
// said next must come after it.
func TestEditGivenUpComesFirst(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	ts, err := p.Post(ctx, Target{Channel: "C1"}, text("looking"), "d", 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Break("chat.update", 1, slacktest.Fault{Delay: 100 * time.Millisecond})
	far, give := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.Update(far, "C1", ts, text("half way"))
	}()
	if err := s.WaitFor(ctx, func() bool { return s.Calls("chat.update") == 1 }); err != nil {
		t.Fatal(err)
	}
	give()
	if err := p.Update(ctx, "C1", ts, text("the answer")); err != nil {
		t.Fatal(err)
	}
	<-ended
	if err := s.WaitFor(ctx, func() bool { return len(s.Log("chat.update")) == 2 }); err != nil {
		t.Fatal(err)
	}
	m, _ := s.Message("C1", ts)
	if m.Text != "the answer" || len(m.Edits) != 2 {
		t.Errorf("%q after %d edits", m.Text, len(m.Edits))
	}
}

// A post that is given up while it waits for Slack's leave was never sent, and
// says so; one that has left comes to its end and is known.
func TestPostGivenUp(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	s.Break("chat.postMessage", 1, slacktest.Fault{Delay: 200 * time.Millisecond})
	far, give := context.WithCancel(ctx)
	type end struct {
		ts  string
		err error
	}
	ended := make(chan end, 1)
	go func() {
		ts, err := p.Post(far, Target{Channel: "C1"}, text("looking"), "d", 0)
		ended <- end{ts, err}
	}()
	if err := s.WaitFor(ctx, func() bool { return s.Calls("chat.postMessage") == 1 }); err != nil {
		t.Fatal(err)
	}
	give()
	if e := <-ended; e.err != nil || e.ts == "" {
		t.Errorf("a post that had left: %q, %v", e.ts, e.err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.Post(over, Target{Channel: "C1"}, text("late"), "e", 0); !errors.Is(err, ErrUnsent) || !errors.Is(err, context.Canceled) {
		t.Errorf("a post that had not left: %v", err)
	}
	if n := s.Calls("chat.postMessage"); n != 1 {
		t.Errorf("Slack was asked %d times", n)
	}
}
