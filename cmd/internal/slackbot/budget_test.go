package slackbot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/wire"
)

func TestParseBudgets(t *testing.T) {
	for text, want := range map[string][]Budget{
		"": nil, "0": nil, "60/1h": {{60, time.Hour}}, " 60/1h , 300/24h": {{60, time.Hour}, {300, 24 * time.Hour}},
	} {
		if got, err := ParseBudgets(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"60", "60/", "/1h", "0/1h", "-1/1h", "60/1s", "60/h", "60/1h,", "x/1h", "1/9000h"} {
		if got, err := ParseBudgets(text); err == nil || !strings.Contains(err.Error(), "60/1h") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// A budget holds over restarts, is said once to be used up and when it is free
// again, and is free then.
func TestBudgetOverRestarts(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	limit := func(c *Config) { c.UserTurns = []Budget{{3, time.Hour}} }
	n := 0
	ask := func() string {
		n++
		id := fmt.Sprintf("1.%d", n)
		d.bot(t, p, m, limit).Handle(t.Context(), mention(id, "U1", "C1", "", "count customers"))
		return strings.Join(p.in("C1", id), "")
	}
	for range 3 {
		if got := ask(); !strings.Contains(got, "1,115") {
			t.Fatalf("%q", got)
		}
		d.clock.add(10 * time.Minute)
	}
	// Used at 9:30, 9:40 and 9:50; it is 10:00.
	for range 3 {
		if got := ask(); got != "" {
			t.Errorf("over budget: %q", got)
		}
	}
	told := p.whispers["U1"]
	if len(told) != 1 || !strings.Contains(all(told[0]), "(3 an hour)") || !strings.Contains(all(told[0]), "2 March 2026, 10:31") {
		t.Errorf("told %d times: %v", len(told), told)
	}
	// In another channel nothing has been said yet.
	for i := range 2 {
		d.bot(t, p, m, limit).Handle(t.Context(), mention(fmt.Sprint("8.", i), "U1", "C2", "", "count customers"))
	}
	if told := p.whispers["U1"]; len(told) != 2 {
		t.Errorf("told %d times in two channels", len(told))
	}
	// Others still may.
	d.bot(t, p, m, limit).Handle(t.Context(), mention("9.1", "U2", "C1", "", "count customers"))
	if got := p.in("C1", "9.1"); len(got) != 1 {
		t.Errorf("another: %q", got)
	}
	d.clock.add(31 * time.Minute)
	if got := ask(); !strings.Contains(got, "1,115") {
		t.Errorf("free again: %q", got)
	}
	if got := ask(); got != "" || len(p.whispers["U1"]) != 3 {
		t.Errorf("used up again: %q, told %d times", got, len(p.whispers["U1"]))
	}
}

// The workspace's budget is everybody's; help costs nothing; a turn that is gone
// on with after a restart counts once.
func TestTeamBudget(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, func(c *Config) { c.TeamTurns = []Budget{{2, 24 * time.Hour}} })
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "help"))
	again := mention("1.2", "U1", "C1", "", "count customers")
	b.Handle(t.Context(), again)
	again.Again = true
	b.Handle(t.Context(), again)
	b.Handle(t.Context(), mention("1.3", "U2", "C1", "", "count customers"))
	b.Handle(t.Context(), mention("1.4", "U3", "C1", "", "count customers"))
	b.Handle(t.Context(), direct("1.5", "U3", "", "count customers"))
	b.Handle(t.Context(), direct("1.6", "U2", "", "count customers"))
	b.Handle(t.Context(), direct("1.7", "U3", "", "count customers"))
	for _, id := range []string{"1.1", "1.2", "1.3"} {
		if got := p.in("C1", id); len(got) != 1 {
			t.Errorf("%s: %q", id, got)
		}
	}
	if got := p.in("C1", "1.4"); len(got) != 0 || len(p.whispers["U3"]) != 1 || !strings.Contains(all(p.whispers["U3"][0]), "(2 por dia)") {
		t.Errorf("%q, %v", got, p.whispers["U3"])
	}
	// A whisper in a channel is not seen in direct messages: once in each.
	if first, second := p.in("DU3", "1.5"), p.in("DU3", "1.7"); len(first) != 1 || len(second) != 0 {
		t.Errorf("said %q, then %q", first, second)
	}
	if got := p.in("DU2", "1.6"); len(got) != 1 || !strings.Contains(got[0], "2 al día") {
		t.Errorf("%q", got)
	}
}

// A command over budget leaves nothing in the channel.
func TestCommandOverBudget(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), func(c *Config) { c.UserTurns = []Budget{{1, time.Hour}} })
	for i := range 3 {
		b.Handle(t.Context(), wire.Delivery{
			ID: fmt.Sprint("c", i), Kind: wire.Said, Team: "T1", Channel: "C1", User: "U1", Text: "count customers", Command: true, Mentioned: true, Respond: "https://hooks.example/y",
		})
	}
	if got := d.asked.Load(); got != 1 {
		t.Errorf("%d are asked", got)
	}
	if got := p.in("C1", ""); len(got) != 1 || len(p.answers) != 1 || !strings.Contains(all(p.answers[0]), "1 an hour") {
		t.Errorf("%q, %d answers", got, len(p.answers))
	}
}

// What is counted of people who no longer ask is let go.
func TestBudgetsStaySmall(t *testing.T) {
	d := newDesk()
	b := newBudgets(newMemory(), d.clock.time, []Budget{{5, time.Hour}}, nil)
	for i := range 5 * mostTallies {
		if full, _, err := b.look(t.Context(), "T1", fmt.Sprint("U", i), "C1", true); full != nil || err != nil {
			t.Fatalf("%+v, %v", full, err)
		}
		d.clock.add(10 * time.Second)
	}
	if len(b.counts) > mostTallies+1 {
		t.Errorf("%d are kept", len(b.counts))
	}
}

// In any hour there are no more turns than the budget's, however they fall.
func TestBudgetHoldsInAnyHour(t *testing.T) {
	d := newDesk()
	b := newBudgets(newMemory(), d.clock.time, []Budget{{7, time.Hour}}, nil)
	var taken []time.Time
	for i := range 2000 {
		d.clock.add(time.Duration(i*i%600) * time.Second)
		if full, _, err := b.look(t.Context(), "T1", "U1", "C1", true); err != nil {
			t.Fatal(err)
		} else if full == nil {
			taken = append(taken, d.clock.time())
		} else if free := full.free.Sub(d.clock.time()); free <= 0 || free > time.Hour+time.Hour/grains {
			t.Fatalf("free in %s", free)
		}
	}
	for i := 7; i < len(taken); i++ {
		if apart := taken[i].Sub(taken[i-7]); apart < time.Hour {
			t.Errorf("8 turns in %s", apart)
		}
	}
	if len(taken) < 100 {
		t.Errorf("%d turns", len(taken))
	}
}
