package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
)

func acknowledged(t *testing.T, acts ...*slacktest.Act) {
	t.Helper()
	for _, a := range acts {
		if err := a.Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEachOnce(t *testing.T) {
	s := world(t, open())
	var h heard
	w := connect(t, s, h.add, func(c *Config) { c.Memory = newMemory() })
	mention := s.Mention("C1", "U1", "how many?") // told twice: as a mention and as a message
	direct := s.Direct("U2", "hola")
	command := s.Command("C1", "U3", "orders > 3")
	pane := s.OpenPane("U1")
	acts := []*slacktest.Act{mention, direct, command, pane}
	acknowledged(t, acts...)
	h.wait(t, 4)
	for range 3 {
		for _, a := range acts {
			a.Again()
		}
	}
	acknowledged(t, acts...)
	last := s.Mention("C2", "U2", "the end")
	acknowledged(t, last)
	h.wait(t, 5)
	w.stop()
	list := h.all()
	if len(list) != 5 {
		t.Fatalf("heard %d: %+v", len(list), list)
	}
	of := func(user string, kind Kind) Delivery {
		i := slices.IndexFunc(list, func(d Delivery) bool { return d.User == user && d.Kind == kind })
		if i < 0 {
			t.Fatalf("nothing %s by %s in %+v", kind, user, list)
		}
		return list[i]
	}
	if d := of("U1", Said); d.Text != "how many?" || !d.Mentioned || d.Direct || d.Thread != mention.TS || d.Channel != "C1" {
		t.Errorf("mention %+v", d)
	}
	if d := of("U3", Said); d.Text != "orders > 3" || !d.Command || d.Thread != "" || d.Respond != command.Respond {
		t.Errorf("command %+v", d)
	}
	if d := of("U1", Opened); d.Thread != pane.Thread || !d.Pane || !d.Direct {
		t.Errorf("pane %+v", d)
	}
	if d := list[slices.IndexFunc(list, func(d Delivery) bool { return d.Text == "hola" })]; !d.Direct || d.Thread != direct.TS {
		t.Errorf("direct %+v", d)
	}
	if n := s.Lost(); n > 0 {
		t.Errorf("Slack gave up %d deliveries", n)
	}
}

// A cut in the middle of many questions: each is heard once all the same.
func TestCuts(t *testing.T) {
	s := world(t, open())
	var h heard
	w := connect(t, s, h.add)
	const n = 120
	for i := range n {
		s.Direct("U1", fmt.Sprint("question ", i))
		switch i % 24 {
		case 5:
			s.Cut()
		case 11:
			s.Disconnect("warning", 20*time.Millisecond)
		case 17:
			s.Disconnect("refresh_requested", 0)
		case 23:
			s.CutAll()
			if err := s.WaitFor(within(t), func() bool { return s.Connections() > 0 }); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.wait(t, n)
	w.stop()
	count := map[string]int{}
	for _, d := range h.all() {
		count[d.Text]++
	}
	for i := range n {
		if q := fmt.Sprint("question ", i); count[q] != 1 {
			t.Errorf("%s heard %d times", q, count[q])
		}
	}
	t.Logf("%d connections", s.Opened())
}

// In a thread one after the other and in order; across threads at once.
func TestOrder(t *testing.T) {
	s := world(t, open())
	a, b := s.Say("C1", "", "U1", "thread a"), s.Say("C1", "", "U1", "thread b")
	var mu sync.Mutex
	at := map[string]int{}
	most := 0
	var h heard
	bothIn := make(chan struct{})
	w := connect(t, s, func(ctx context.Context, d Delivery) {
		mu.Lock()
		at[d.Thread]++
		if at[d.Thread] > 1 {
			t.Errorf("two at once in a thread")
		}
		if most = max(most, len(at)); most == 2 {
			select {
			case <-bothIn:
			default:
				close(bothIn)
			}
		}
		mu.Unlock()
		select { // each holds on until the other thread is at work, too
		case <-bothIn:
		case <-ctx.Done():
		}
		mu.Lock()
		if at[d.Thread]--; at[d.Thread] == 0 {
			delete(at, d.Thread)
		}
		mu.Unlock()
		h.add(ctx, d)
	})
	for i := range 10 {
		s.Reply("C1", a.TS, "U1", fmt.Sprint("a", i))
		s.Reply("C1", b.TS, "U1", fmt.Sprint("b", i))
	}
	got := map[byte]string{}
	for _, d := range h.wait(t, 20) {
		got[d.Text[0]] += d.Text[1:]
	}
	w.stop()
	if got['a'] != "0123456789" || got['b'] != "0123456789" {
		t.Errorf("order %q", got)
	}
}

// What the program stopped over is handled again at its next start, before
// what is new, and what was done is not.
func TestRestart(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	var first heard
	begun := make(chan struct{}, 2)
	w := connect(t, s, func(ctx context.Context, d Delivery) {
		if strings.HasPrefix(d.Text, "slow") {
			begun <- struct{}{}
			<-ctx.Done() // as if the program ended here
			return
		}
		first.add(ctx, d)
	}, func(c *Config) { c.Memory, c.Limits.Grace = m, time.Millisecond })
	quick := s.Direct("U1", "quick")
	acknowledged(t, quick)
	first.wait(t, 1)
	slow, other := s.Direct("U2", "slow one"), s.Direct("U3", "slow other")
	waits := s.Reply(slow.Channel, slow.TS, "U2", "after slow") // waits for its thread
	acknowledged(t, slow, other, waits)
	<-begun
	<-begun
	w.stop()

	var second heard
	w = connect(t, s, second.add, func(c *Config) { c.Memory = m })
	for _, a := range []*slacktest.Act{quick, slow, other, waits} {
		a.Again()
	}
	acknowledged(t, quick, slow, other, waits)
	acknowledged(t, s.Direct("U1", "new"))
	list := second.wait(t, 4)
	w.stop()
	var said []string
	for _, d := range second.all() {
		said = append(said, d.Text)
		if d.Again != (d.Text != "new") {
			t.Errorf("%q again: %t", d.Text, d.Again)
		}
	}
	slices.Sort(said)
	if want := []string{"after slow", "new", "slow one", "slow other"}; !slices.Equal(said, want) {
		t.Errorf("said %q, not %q", said, want)
	}
	if slices.IndexFunc(list, func(d Delivery) bool { return d.Text == "slow one" }) > slices.IndexFunc(list, func(d Delivery) bool { return d.Text == "after slow" }) {
		t.Error("a thread lost its order over the restart")
	}

	var third heard
	w = connect(t, s, third.add, func(c *Config) { c.Memory = m })
	acknowledged(t, s.Direct("U1", "last"))
	third.wait(t, 1)
	w.stop()
	if got := third.all(); len(got) != 1 {
		t.Errorf("done, and handled again: %+v", got)
	}
	// What is done leaves nothing of what was said.
	for key, body := range m.kept[heardKind] {
		if strings.Contains(string(body), "slow") {
			t.Errorf("%s keeps %s", key, body)
		}
	}
}

// A delivery that ends the program each time is not tried for ever.
func TestPoison(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	d := Delivery{ID: "said:T:D1:1.1", Kind: Said, Channel: "D1", Thread: "1.1", User: "U1", At: time.Now()}
	old := Delivery{ID: "said:T:D1:0.1", Kind: Said, Channel: "D1", Thread: "0.1", User: "U1", At: time.Now().Add(-2 * time.Hour)}
	for _, e := range []entry{{Starts: 1, Delivery: &d}, {Starts: 1, Delivery: &old}} {
		body, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		m.put(heardKind, e.Delivery.ID, body)
	}
	times := 0
	for run := range 5 {
		begun := make(chan Delivery, 4)
		w := connect(t, s, func(ctx context.Context, d Delivery) {
			begun <- d
			<-ctx.Done()
		}, func(c *Config) { c.Memory, c.Limits.Grace = m, time.Millisecond })
		acknowledged(t, s.Direct("U2", fmt.Sprint("so that something comes ", times)))
		for fresh, again := false, run >= mostStarts-1; !fresh || !again; {
			got := <-begun
			switch {
			case got.ID == old.ID:
				t.Error("something of two hours ago is handled")
			case got.ID == d.ID:
				times++
				again = true
			case !got.Again:
				fresh = true
			}
		}
		w.stop()
	}
	if times != mostStarts-1 {
		t.Errorf("begun again %d times, not %d", times, mostStarts-1)
	}
}

// While an import keeps the workspace locked, events are acknowledged and
// handled; what was claimed late is claimed all the same.
func TestMemoryLocked(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	unlock := m.lock()
	defer unlock()
	var h heard
	began := time.Now()
	w := connect(t, s, h.add, func(c *Config) { c.Memory, c.Limits.Claim = m, 50*time.Millisecond })
	t.Logf("listening %v after the start", time.Since(began))
	asked := time.Now()
	a := s.Mention("C1", "U1", "how many?")
	acknowledged(t, a)
	t.Logf("acknowledged after %v", time.Since(asked))
	h.wait(t, 1)
	t.Logf("handled after %v", time.Since(asked))
	a.Again()
	acknowledged(t, a, s.Direct("U2", "next"))
	h.wait(t, 2)
	if took := time.Since(asked); took > 20*time.Second {
		t.Errorf("two questions took %v while the memory was locked", took)
	}
	unlock()
	eventually(t, "both are kept as done", func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		done := 0
		for _, body := range m.kept[heardKind] {
			if strings.Contains(string(body), `"done":true`) {
				done++
			}
		}
		return done == 2
	})
	w.stop()
	if got := h.all(); len(got) != 2 {
		t.Errorf("heard %+v", got)
	}
}

// What came while the memory was waited for is no left-over of an earlier run,
// though the memory lists it; what Slack told of again meanwhile is one.
func TestLateMemory(t *testing.T) {
	m := newMemory()
	var h heard
	w := offline(t, func(c *Config) { c.Memory, c.Handler, c.Clock, c.Limits.Claim = m, h.add, time.Now, time.Minute })
	other := offline(t, func(c *Config) { c.Memory, c.Clock = m, time.Now })
	d := func(id string) Delivery {
		return Delivery{ID: id, Kind: Said, Channel: "C1", Thread: id, User: "U1", At: time.Now()}
	}
	for _, e := range []entry{
		{Starts: 1, Run: other.in.ledger.run, Delivery: ptr(d("before"))},
		{Starts: 1, Run: other.in.ledger.run, Delivery: ptr(d("told again"))},
		{Done: true, Run: other.in.ledger.run},
	} {
		id := "done"
		if e.Delivery != nil {
			id = e.Delivery.ID
		}
		body, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		m.put(heardKind, id, body)
	}
	w.in.take(d("live"))
	h.wait(t, 1)
	isDone := func(id string) bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		var e entry
		return json.Unmarshal(m.kept[heardKind][id], &e) == nil && e.Done
	}
	eventually(t, "it is done", func() bool { return isDone("live") })
	// The earlier run's own is told again just before the list is there, and
	// claimed in vain just after.
	unlock := m.lock()
	w.in.take(d("told again"))
	m.mu.Lock()
	m.shut = nil // for the list alone: who waits goes on waiting
	m.mu.Unlock()
	done, open, err := w.in.ledger.load(t.Context())
	if err != nil || len(open) != 2 {
		t.Fatalf("left over: %+v, done %q, %v", open, done, err)
	}
	w.in.resume(done, open)
	unlock()
	h.wait(t, 3)
	w.in.take(d("done"))
	w.in.take(d("live"))
	eventually(t, "all are done", func() bool { return isDone("live") && isDone("before") && isDone("told again") })
	w.in.close(time.Second)
	for _, got := range h.all()[1:] {
		if !got.Again || len(h.all()) != 3 {
			t.Errorf("handled %+v", h.all())
		}
	}
}

func ptr[V any](v V) *V { return &v }

func TestMemoryFails(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	m.fail = 5
	var h heard
	w := connect(t, s, h.add, func(c *Config) { c.Memory = m })
	acknowledged(t, s.Direct("U1", "hola"))
	h.wait(t, 1)
	w.stop()
	if len(m.kept[heardKind]) != 1 {
		t.Errorf("kept %v", m.kept)
	}
}

// A handler that panics ends its own delivery.
func TestPanic(t *testing.T) {
	s := world(t, open())
	var h heard
	w := connect(t, s, func(ctx context.Context, d Delivery) {
		if d.Text == "bad" {
			panic("bad")
		}
		h.add(ctx, d)
	})
	a := s.Direct("U1", "bad")
	acknowledged(t, a, s.Reply(a.Channel, a.TS, "U1", "good"))
	h.wait(t, 1)
	w.stop()
}

// What there is no room for is told so, and the rest is handled.
func TestFull(t *testing.T) {
	s := world(t, open())
	var h, refused heard
	let := make(chan struct{})
	w := connect(t, s, func(ctx context.Context, d Delivery) {
		<-let
		h.add(ctx, d)
	}, func(c *Config) { c.Limits.AtOnce, c.Limits.Waiting, c.Busy = 2, 3, refused.add })
	for i := range 8 {
		acknowledged(t, s.Direct("U1", fmt.Sprint(i)))
	}
	refused.wait(t, 3)
	close(let)
	eventually(t, "all others", func() bool { return len(h.all())+len(refused.all()) == 8 })
	w.stop()
}

// Without words of the bot's, Slack's user is told in English.
func TestFullWithoutWords(t *testing.T) {
	s := world(t, open())
	let := make(chan struct{})
	w := connect(t, s, func(context.Context, Delivery) { <-let }, func(c *Config) { c.Limits.AtOnce, c.Limits.Waiting = 1, 1 })
	acknowledged(t, s.Mention("C1", "U1", "a"), s.Mention("C1", "U2", "b"), s.Mention("C1", "U3", "c"))
	// Of those three one runs and one waits; c, or where none ran yet b, is refused.
	if err := s.WaitFor(within(t), func() bool { return len(s.Whispers("")) > 0 }); err != nil {
		t.Fatal(err)
	}
	if got := s.Whispers("")[0].Text; !strings.Contains(got, "ask again") {
		t.Errorf("whispered %q", got)
	}
	close(let)
	w.stop()
}

// Handlers at work when the end comes may finish.
func TestGrace(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	begun, let := make(chan struct{}), make(chan struct{})
	var h heard
	w := connect(t, s, func(ctx context.Context, d Delivery) {
		close(begun)
		<-let
		if ctx.Err() != nil {
			t.Error("stopped though there was time")
		}
		h.add(ctx, d)
	}, func(c *Config) { c.Memory = m })
	acknowledged(t, s.Direct("U1", "long"))
	<-begun
	go func() {
		// Once Run is told to end, its socket closes; only then let it finish.
		_ = s.WaitFor(context.Background(), func() bool { return s.Connections() == 0 })
		close(let)
	}()
	w.stop()
	if len(h.all()) != 1 || !strings.Contains(fmt.Sprintf("%s", m.kept[heardKind]), `"done":true`) {
		t.Errorf("not finished: %v, %s", h.all(), m.kept[heardKind])
	}
}
