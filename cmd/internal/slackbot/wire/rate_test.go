package wire

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Now, time.Second, 3)
		start := time.Now()
		at := func(key string) time.Duration {
			if err := p.wait(context.Background(), key); err != nil {
				t.Fatal(err)
			}
			return time.Since(start)
		}
		var got []time.Duration
		for range 5 {
			got = append(got, at("C1"))
		}
		if want := []time.Duration{0, 0, 0, time.Second, 2 * time.Second}; !slices.Equal(got, want) {
			t.Errorf("at %v, not %v", got, want)
		}
		if d := at("C2"); d != 2*time.Second {
			t.Errorf("another channel waited until %v", d)
		}
		time.Sleep(10 * time.Second) // the burst is whole again, and no more than whole
		start = time.Now()
		got = got[:0]
		for range 4 {
			got = append(got, at("C1"))
		}
		if want := []time.Duration{0, 0, 0, time.Second}; !slices.Equal(got, want) {
			t.Errorf("later at %v, not %v", got, want)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if err := p.wait(ctx, "C1"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waits on: %v", err)
		}
		time.Sleep(time.Hour)
		for i := range 3 * mostIdle {
			_ = p.wait(context.Background(), fmt.Sprint("D", i))
			time.Sleep(2 * time.Second)
		}
		if n := len(p.due); n > mostIdle+1 {
			t.Errorf("%d channels are remembered", n)
		}
	})
}

func TestGates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGates(time.Now)
		start := time.Now()
		if err := g.wait(context.Background(), "m"); err != nil || !g.open("m") {
			t.Fatal("shut from the start", err)
		}
		g.block("m", 10*time.Second)
		g.block("m", time.Second) // the longer one holds
		if g.open("m") || !g.open("other") {
			t.Error("the wrong one is shut")
		}
		var mu sync.Mutex
		var at []time.Duration
		var work sync.WaitGroup
		for range 4 {
			work.Go(func() {
				if err := g.wait(context.Background(), "m"); err != nil {
					t.Error(err)
				}
				mu.Lock()
				at = append(at, time.Since(start))
				mu.Unlock()
			})
		}
		work.Wait()
		for i, d := range at {
			if want := 10*time.Second + time.Duration(i)*leastGap; d != want {
				t.Errorf("%d went through at %v, not %v", i, d, want)
			}
		}
		time.Sleep(time.Second)
		if err := g.wait(context.Background(), "m"); err != nil || len(g.shut) > 0 {
			t.Errorf("an open gate is kept: %v", g.shut)
		}
		// Shut again while somebody waits: nobody goes through before its time.
		g.block("m", time.Second)
		start = time.Now()
		work.Go(func() {
			_ = g.wait(context.Background(), "m")
			if d := time.Since(start); d < 5*time.Second+500*time.Millisecond {
				t.Errorf("through after %v", d)
			}
		})
		time.Sleep(500 * time.Millisecond)
		g.block("m", 5*time.Second)
		work.Wait()
		ctx, cancel := context.WithCancelCause(context.Background())
		g.block("m", time.Hour)
		cancel(errors.New("enough"))
		if err := g.wait(ctx, "m"); err == nil || err.Error() != "enough" {
			t.Errorf("%v", err)
		}
	})
}

func TestQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueues()
		leave, err := q.enter(context.Background(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if leave, err := q.enter(context.Background(), "b"); err != nil {
			t.Error("another key waits", err)
		} else {
			leave()
		}
		var order []int
		var work sync.WaitGroup
		for i := range 5 {
			ctx, cancel := context.WithCancel(context.Background())
			if i == 2 {
				cancel() // gives up, and nobody waits for it
			}
			work.Go(func() {
				defer cancel()
				leave, err := q.enter(ctx, "a")
				if err != nil {
					return
				}
				order = append(order, i)
				leave()
			})
			synctest.Wait()
		}
		leave()
		work.Wait()
		if !slices.Equal(order, []int{0, 1, 3, 4}) {
			t.Errorf("order %v", order)
		}
		if len(q.lines) > 0 {
			t.Errorf("left %v", q.lines)
		}
	})
}

func TestCache(t *testing.T) {
	now := epoch
	c := newCache[int](func() time.Time { return now }, time.Minute)
	c.put("a", 1)
	if v, ok := c.get("a"); !ok || v != 1 {
		t.Error("not kept")
	}
	now = now.Add(time.Minute)
	if c.has("a") {
		t.Error("kept for too long")
	}
	for i := range 3 * mostKept {
		c.put(fmt.Sprint(i), i)
	}
	if len(c.kept) > mostKept {
		t.Errorf("%d kept", len(c.kept))
	}
	if !c.has(fmt.Sprint(3*mostKept - 1)) {
		t.Error("the newest is not kept")
	}
}

func TestBackoff(t *testing.T) {
	w := offline(t)
	for n := range 100 {
		if d := w.backoff(n); d <= 0 || d > 30*time.Second || n > 10 && d < 15*time.Second {
			t.Errorf("before try %d: %v", n, d)
		}
	}
}
