package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
)

// slackQuestions are asked under load, with what each answer must say.
var slackQuestions = []struct{ asked, says string }{
	{"how many customers are there?", "4 customers"},
	{"cuántos clientes hay", "4 clientes"},
	{"how many customers are in Germany?", "2 customers"},
}

// The program itself under load: many people ask at once over a real
// workspace while the socket is cut every few seconds and the power goes
// twice. Each question is answered exactly once, rightly, in its own thread.
func TestSlackProgramUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	people, lasts, think := 40, 9*time.Second, 3*time.Second
	if v := os.Getenv("TESELA_SOAK"); v != "" {
		d, err := time.ParseDuration(v)
		if err != nil {
			t.Fatal(err)
		}
		people, lasts = 200, d
	}
	db := smallShop(t)
	s := slacktest.New(t, slacktest.Options{Scopes: slackScopes(t), Rates: slacktest.Rates{Wide: 1000}})
	users := make([]string, people)
	for n := range users {
		users[n] = fmt.Sprintf("U3%07d", n)
		s.AddUser(slacktest.User{ID: users[n], Name: fmt.Sprintf("Person %d", n), Locale: "en-US"})
	}
	flags := []string{"--at-once", "16", "--user-turns", "0", "--team-turns", "0"}
	p := startSlack(t, s, db, flags...)
	p.listens(s)

	type question struct {
		act  *slacktest.Act
		says string
	}
	var mu sync.Mutex
	var questions []question
	end := time.Now().Add(lasts)
	var work sync.WaitGroup
	for n, user := range users {
		work.Go(func() {
			first := time.NewTimer(think * time.Duration(n) / time.Duration(people))
			defer first.Stop()
			<-first.C
			tick := time.NewTicker(think)
			defer tick.Stop()
			for i := 0; time.Now().Before(end); i++ {
				q := slackQuestions[(n+i)%len(slackQuestions)]
				act := s.Direct(user, q.asked)
				if (n+i)%5 == 0 {
					act.Again()
				}
				mu.Lock()
				questions = append(questions, question{act, q.says})
				mu.Unlock()
				<-tick.C
			}
		})
	}
	kills, cuts := 0, 0
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for time.Now().Before(end) {
		<-tick.C
		if left := time.Until(end); kills < 2 && left < lasts*time.Duration(2-kills)/3 {
			kills++
			p.kill()
			opened := s.Opened()
			p = startSlack(t, s, db, flags...)
			p.until(s, "it listens again", func() bool { return s.Opened() > opened })
			continue
		}
		cuts++
		s.CutAll()
	}
	work.Wait()

	// All is answered, and nothing more comes once the program has ended.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for _, q := range questions {
		if _, err := s.WaitThread(ctx, q.act.Channel, q.act.Thread, func(list []slacktest.Message) bool {
			return slices.ContainsFunc(list, func(m slacktest.Message) bool { return answers(m, q.says) })
		}); err != nil {
			t.Fatalf("waiting for %q: %v", q.says, err)
		}
	}
	p.stop()
	var reactions, whole []time.Duration
	for _, q := range questions {
		list := s.Replies(q.act.Channel, q.act.Thread)
		if len(list) != 1 || !answers(list[0], q.says) {
			t.Errorf("one answer that says %q was expected: %q", q.says, allOf(list))
			continue
		}
		at := list[0].At
		reactions = append(reactions, at.Sub(q.act.At))
		if n := len(list[0].Edits); n > 0 {
			at = list[0].Edits[n-1].At
		}
		whole = append(whole, at.Sub(q.act.At))
	}
	slices.Sort(reactions)
	slices.Sort(whole)
	at := func(list []time.Duration, p int) time.Duration { return list[min(len(list)-1, len(list)*p/100)] }
	if len(whole) > 0 {
		t.Logf("%d people, %d questions, %d cuts, %d times without power; first reaction p50 %v, p95 %v; whole answer p50 %v, p95 %v",
			people, len(questions), cuts, kills, at(reactions, 50), at(reactions, 95), at(whole, 50), at(whole, 95))
	}
}

// answers tells whether a message of the bot's says something; figures are
// bold.
func answers(m slacktest.Message, says string) bool {
	return m.BotID != "" && strings.Contains(strings.ReplaceAll(m.All(), "*", ""), says)
}

func allOf(list []slacktest.Message) (texts []string) {
	for _, m := range list {
		texts = append(texts, m.All())
	}
	return texts
}
