package chat

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tesela/agent"
	"tesela/agent/model"
)

// asked keeps how many answers were there each time offers were asked for,
// which is done beside the test.
type asked struct {
	mu     sync.Mutex
	before []int
}

func (a *asked) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.before = append(a.before, n)
}

func (a *asked) all() []int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.before)
}

// offering is a shop that offers two questions after each answer, and
// completes what ends in "lis".
func offering(before *asked) Config {
	c := new(shop).config()
	c.Next = func(_ context.Context, a *agent.Answer, earlier []*agent.Answer) []model.Choice {
		before.add(len(earlier))
		return []model.Choice{{Label: "Who are they?", Question: "list of " + a.Question}, {Label: "Over time", Question: "orders per month"}}
	}
	c.Complete = func(_ context.Context, _, typed string) []model.Choice {
		head, ok := strings.CutSuffix(typed, "lis")
		if !ok {
			return nil
		}
		return []model.Choice{{Label: "Lisboa (city)", Question: head + "Lisboa"}, {Label: "Lisse (city)", Question: head + "Lisse"}}
	}
	return c
}

var tabKey = tea.KeyPressMsg{Code: tea.KeyTab}

func TestNextQuestions(t *testing.T) {
	var before asked
	d := drive(t, offering(&before), 80, 24)
	d.ask("revenue by country")
	d.until("the offer", func() bool { return strings.Contains(d.text(), "⇥ Who are they? · Over time") })
	for _, want := range []string{"list of revenue by country", "orders per month", "list of revenue by country", "orders per month"} {
		d.send(tabKey)
		if got := d.m.input.text(); got != want {
			t.Fatalf("tab gives %q, want %q", got, want)
		}
	}
	d.keys("enter")
	d.until("the answer", func() bool { return !d.m.talking() && len(before.all()) == 2 })
	if got := d.m.history.newest().question; got != "orders per month" || before.all()[1] != 1 {
		t.Errorf("asked %q; the answers before were %v", got, before.all())
	}
	d.until("the offer", func() bool { return strings.Contains(d.text(), "⇥") })
	if strings.Count(d.text(), "⇥") != 1 {
		t.Errorf("older offers stay\n%s", d.text())
	}
	// What is typed is not overwritten, and a command takes the offers away.
	d.keys("my own")
	d.send(tabKey)
	if got := d.m.input.text(); got != "my own" {
		t.Errorf("tab made %q of what was typed", got)
	}
	d.keys("esc", "/lang", "enter")
	if strings.Contains(d.text(), "⇥") {
		t.Errorf("offers stay under a command\n%s", d.text())
	}
}

// An offer that comes after the next question was asked belongs to nothing.
func TestNextQuestionsComeLate(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("revenue by country")
	old := d.m.history.newest()
	d.ask("orders per month")
	d.send(nextMsg{old, []model.Choice{{Label: "Too late", Question: "too late"}}})
	if strings.Contains(d.text(), "Too late") {
		t.Errorf("a late offer is shown\n%s", d.text())
	}
}

func TestCompletion(t *testing.T) {
	var before asked
	d := drive(t, offering(&before), 80, 24)
	d.keys("customers in lis")
	d.until("the completions", func() bool { return strings.Contains(d.text(), "⇥ Lisboa (city) · Lisse (city)") })
	for _, want := range []string{"customers in Lisboa", "customers in Lisse", "customers in Lisboa"} {
		d.send(tabKey)
		if got := d.m.input.text(); got != want {
			t.Fatalf("tab gives %q, want %q", got, want)
		}
	}
	// Typing on leaves what was completed, and the hints come back.
	d.keys(" by channel")
	if got := d.m.input.text(); got != "customers in Lisboa by channel" || strings.Contains(d.text(), "⇥") {
		t.Errorf("%q\n%s", got, d.text())
	}
	// Completions of what was typed before are not those of what stands there.
	d.send(completedMsg{"customers in lis", []model.Choice{{Label: "Lisboa (city)", Question: "customers in Lisboa"}}})
	if strings.Contains(d.text(), "⇥") {
		t.Errorf("late completions are shown\n%s", d.text())
	}
}
