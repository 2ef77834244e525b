package slackbot_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/cmd/internal/slackbot/wire"
)

// TestMemory has a thousand turns go by, ten thousand in the long run, during
// which the hours pass after which things are forgotten: neither the heap nor
// the goroutines grow.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	turns := 1000
	if _, long := soak(t); long {
		turns = 10_000
	}
	var passed atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(passed.Load()) * 20 * time.Second) }
	r := newRig(t, slacktest.Options{Rates: slacktest.Rates{Off: true}, LogSize: 50}, wire.Limits{Pace: time.Nanosecond}, 0, clock)
	const people = 20
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+time.Duration(turns)*100*time.Millisecond)
	defer cancel()
	users := make([]string, people)
	for n := range users {
		users[n] = fmt.Sprintf("U2%07d", n)
		r.slack.AddUser(slacktest.User{ID: users[n], Name: fmt.Sprintf("Person %d", n), Locale: "en-US"})
	}
	measure := func() (heap uint64, routines int) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	began := time.Now()
	var first uint64
	var routines int
	for part := range 4 {
		var work sync.WaitGroup
		for n, user := range users {
			work.Go(func() {
				var root string
				end := func() {
					r.slack.Forget(r.slack.DM(user), root)
					r.desk.end("slack:" + slacktest.Team + ":" + r.slack.DM(user) + ":" + root)
				}
				for i := range turns / people / 4 {
					name := fmt.Sprintf("q%dx%dx%d", part, n, i)
					dm := r.slack.DM(user)
					if i%25 == 0 {
						if root != "" {
							end()
						}
						root = r.slack.Direct(user, "count "+name).Thread
					} else {
						r.slack.Reply(dm, root, user, "count "+name)
					}
					_, err := r.slack.WaitThread(ctx, dm, root, func(list []slacktest.Message) bool {
						last := list[len(list)-1]
						return last.BotID != "" && !waiting(last, name)
					})
					if err != nil {
						t.Errorf("%s: %v: %q", name, err, said(r.slack.Thread(dm, root)))
						return
					}
					passed.Add(1)
					r.slack.Trim(dm, root)
					r.desk.forget(name)
				}
				end()
			})
		}
		work.Wait()
		heap, now := measure()
		t.Logf("after %6d turns: %6.2f MB, %d goroutines, %v", turns*(part+1)/4, float64(heap)/1e6, now, time.Since(began).Round(time.Millisecond))
		if part == 0 {
			first, routines = heap, now
			continue
		}
		if heap > first+4<<20 {
			t.Errorf("the heap grew from %d to %d bytes", first, heap)
		}
		if now > routines+10 {
			t.Errorf("%d goroutines, %d before", now, routines)
		}
	}
}

// said are the texts of messages.
func said(list []slacktest.Message) (texts []string) {
	for _, m := range list {
		texts = append(texts, m.All())
	}
	return texts
}
