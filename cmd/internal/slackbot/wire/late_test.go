package wire

import (
	"context"
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
