package chat

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// till answers "save …" with what waits for a yes, and notes what is decided.
func till(decided *[]string, ids ...string) Config {
	c := new(shop).config()
	ask := c.Ask
	c.Ask = func(ctx context.Context, language, question string) iter.Seq2[agent.Event, error] {
		if !strings.HasPrefix(question, "save") {
			return ask(ctx, language, question)
		}
		a := &agent.Answer{ID: "3f9a21c04d77", Language: "es", Status: model.Approve, Text: "Esto espera:\n\n**Guardar «VIP»**"}
		for _, id := range ids {
			a.Calls = append(a.Calls, agent.CallRecord{Tool: "save_segment", Result: &tools.Result{}, Approval: id})
		}
		return func(yield func(agent.Event, error) bool) { yield(agent.Event{Answer: a}, nil) }
	}
	c.Decide = func(_ context.Context, _, id string, yes bool) iter.Seq2[agent.Event, error] {
		*decided = append(*decided, fmt.Sprint(id, " ", yes))
		return func(yield func(agent.Event, error) bool) {
			if id == "broken" {
				yield(agent.Event{}, &agent.ApprovalError{Reason: "expired", Message: "caducó ayer"})
				return
			}
			yield(agent.Event{Answer: &agent.Answer{ID: "0", Language: "es", Status: model.Answered, Text: "**Hecho**", Decided: &agent.Decided{Approved: yes}}}, nil)
		}
	}
	return c
}

func TestApprovingInTheChat(t *testing.T) {
	for _, c := range []struct {
		types string
		want  string
	}{
		{"y", "a true"}, {"sí", "a true"}, {"Sim", "a true"}, {"si", "a true"}, {"n", "a false"}, {"não", "a false"}, {"NO", "a false"},
	} {
		var decided []string
		d := drive(t, till(&decided, "a"), 80, 24)
		d.ask("save them")
		if text := d.text(); !strings.Contains(text, "Guardar «VIP»") || !strings.Contains(text, "s lo hace") {
			t.Errorf("what waits is not shown:\n%s", text)
		}
		d.ask(c.types)
		if fmt.Sprint(decided) != "["+c.want+"]" || !strings.Contains(d.text(), "Hecho") || strings.Contains(d.text(), "s lo hace") {
			t.Errorf("%q decides %v:\n%s", c.types, decided, d.text())
		}
		// Nothing waits any more: the same word is a question again.
		d.ask(c.types)
		if len(decided) != 1 {
			t.Errorf("%q, twice, decides %v", c.types, decided)
		}
	}
}

func TestApprovingOneAfterTheOther(t *testing.T) {
	var decided []string
	d := drive(t, till(&decided, "a", "broken", "c"), 80, 24)
	d.ask("save all")
	for _, typed := range []string{"y", "y", "n"} {
		d.ask(typed)
	}
	if fmt.Sprint(decided) != "[a true broken true c false]" || !strings.Contains(d.text(), "caducó ayer") {
		t.Errorf("decided %v:\n%s", decided, d.text())
	}
	// Any other text is a question, and what waited stays undecided.
	d.ask("save all")
	d.ask("revenue by country")
	d.ask("y")
	if len(decided) != 3 {
		t.Errorf("decided %v", decided)
	}
	// Without anything to approve with, a yes is only a word.
	config := till(&decided, "a")
	config.Decide = nil
	d = drive(t, config, 80, 24)
	d.ask("save them")
	d.ask("y")
	if len(decided) != 3 || strings.Contains(d.text(), "s lo hace") {
		t.Errorf("decided %v:\n%s", decided, d.text())
	}
}
