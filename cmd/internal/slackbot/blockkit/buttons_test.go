package blockkit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// pressable are the buttons of a message of one action.
func pressable(m Message, action string) []*slack.ButtonBlockElement {
	var list []*slack.ButtonBlockElement
	for _, b := range m.Blocks {
		for _, e := range elements(b) {
			if Action(e.ActionID) == action {
				list = append(list, e)
			}
		}
	}
	return list
}

func unclear(n int) *agent.Answer {
	a := &agent.Answer{ID: "aaaabbbbcccc", Question: "best customers", Language: "en", Status: model.Clarify, Text: "Which do you mean?", Model: "offline"}
	for i := range n {
		a.Choices = append(a.Choices, model.Choice{Label: fmt.Sprintf("reading %d by what they spent in the last year, and then by how often they came, highest first", i+1)})
	}
	return a
}

// Each reading stands in full in the text, under the number that can be
// replied; as many as Slack takes have a button of their own.
func TestChoices(t *testing.T) {
	for _, n := range []int{1, 2, 25, 26, 40} {
		a := unclear(n)
		r := render1(t, a, Options{})
		fits(t, r)
		if r.Pressed < 0 {
			t.Fatalf("%d: no buttons", n)
		}
		text := said(r.Messages)
		for i, c := range a.Choices {
			if want := fmt.Sprintf("%d. %s", i+1, c.Label); strings.Count(text+"\n", want+"\n") != 1 {
				t.Errorf("%d: %q is there %d times", n, want, strings.Count(text, want))
			}
		}
		list := pressable(r.Messages[r.Pressed], ActionChoice)
		if len(list) != min(n, 25) {
			t.Errorf("%d: %d buttons", n, len(list))
		}
		ids := map[string]bool{}
		for i, e := range list {
			id, at, ok := ParseChoice(e.Value)
			if !ok || id != a.ID || at != i || ids[e.ActionID] {
				t.Errorf("%d: button %d is %s %q", n, i, e.ActionID, e.Value)
			}
			ids[e.ActionID] = true
			if !strings.HasPrefix(e.Text.Text, fmt.Sprintf("%d · reading %d", i+1, i+1)) || len([]rune(e.Text.Text)) > 75 || !strings.HasSuffix(e.Text.Text, "…") {
				t.Errorf("%d: a label %q", n, e.Text.Text)
			}
		}
		if strings.Contains(text, "26 to") != (n > 25) {
			t.Errorf("%d: %s", n, text)
		}
		m, err := Chosen(r.Messages[r.Pressed], "es", a.Choices[0].Label, "Ana <@U1> Díaz")
		if err != nil {
			t.Fatal(err)
		}
		checkMessage(t, "chosen", m)
		if after := said([]Message{m}); len(pressable(m, ActionChoice)) != 0 || !strings.Contains(after, "Ana &lt;@U1&gt; Díaz eligió: reading 1 by") || strings.Contains(after, "reply with") {
			t.Errorf("%d: after a press %s", n, after)
		}
	}
}

// A text that numbers the readings itself is not followed by them again.
func TestChoicesAreListedOnce(t *testing.T) {
	a := recorded(t)["clarify"]
	r := render1(t, a, Options{})
	text := said(r.Messages)
	for _, c := range a.Choices {
		if strings.Count(text, c.Label) != 1 {
			t.Errorf("%q is there %d times in %s", c.Label, strings.Count(text, c.Label), text)
		}
	}
}

func TestParseChoice(t *testing.T) {
	for _, value := range []string{"", "x", " 1", "x -1", "x 1 2", "x y"} {
		if id, n, ok := ParseChoice(value); ok {
			t.Errorf("%q is %q %d", value, id, n)
		}
	}
	for id, want := range map[string]string{"tesela.choice.3": ActionChoice, "tesela.approve": ActionApprove, "tesela.reject.0": ActionReject, "tesela.choices": "", "": "", "x": ""} {
		if got := Action(id); got != want {
			t.Errorf("%q is %q", id, got)
		}
	}
}

func waits(n int) *agent.Answer {
	a := &agent.Answer{ID: "aaaabbbbcccc", Language: "pt", Status: model.Approve, Text: "Isto muda algo.", AsOf: asOf}
	for i := range n {
		a.Calls = append(a.Calls, agent.CallRecord{
			Tool: "save_segment", Args: []byte(`{"name":"Fãs"}`), Approval: fmt.Sprintf("aaaabbbbcccc.%016d", i),
			Result: &tools.Result{Title: fmt.Sprintf("Salvar o segmento %d", i), Approval: "sha256:x"},
		})
	}
	return a
}

// What waits has a yes, which is asked about again, and a no, bound to that
// call; who decides takes away the buttons of that call alone.
func TestApprovals(t *testing.T) {
	for _, n := range []int{1, 2, 12} {
		a := waits(n)
		r := render1(t, a, Options{MayApprove: "Ana <!here>", Until: asOf.Add(24 * time.Hour)})
		fits(t, r)
		m := r.Messages[r.Pressed]
		yes, no := pressable(m, ActionApprove), pressable(m, ActionReject)
		if len(yes) != n || len(no) != n {
			t.Fatalf("%d: %d yes, %d no", n, len(yes), len(no))
		}
		for i := range n {
			if yes[i].Value != a.Calls[i].Approval || no[i].Value != a.Calls[i].Approval || yes[i].Style != slack.StylePrimary || no[i].Style != slack.StyleDanger {
				t.Errorf("%d: %+v %+v", n, yes[i], no[i])
			}
			if yes[i].Confirm == nil || !strings.Contains(yes[i].Confirm.Text.Text, a.Calls[i].Result.Title) {
				t.Errorf("%d: confirmed by %+v", n, yes[i].Confirm)
			}
		}
		if text := said(r.Messages); !strings.Contains(text, "Podem dizer sim: Ana &lt;!here&gt;. Espera até 2 de janeiro de 2026, 00:00.") {
			t.Errorf("%d: %s", n, text)
		}
		for i := range n {
			d := &agent.Answer{Language: "pt", Decided: &agent.Decided{Approval: a.Calls[i].Approval, Approved: i%2 == 0, By: "Ana (U1)", At: asOf}}
			var err error
			if m, err = Decided(m, d, Options{}); err != nil {
				t.Fatal(err)
			}
			checkMessage(t, "decided", m)
			left := pressable(m, ActionApprove)
			if len(left) != n-1-i || slices.ContainsFunc(left, func(e *slack.ButtonBlockElement) bool { return e.Value == a.Calls[i].Approval }) {
				t.Errorf("%d: %d yes left after %d", n, len(left), i+1)
			}
			want := "Aprovado por Ana (U1) em 1 de janeiro de 2026, 00:00."
			if i%2 == 1 {
				want = "Rejeitado por Ana (U1) em 1 de janeiro de 2026, 00:00. Nada foi alterado."
			}
			text := said([]Message{m})
			if !strings.Contains(text, want) || strings.Contains(text, "Espera até") != (i < n-1) {
				t.Errorf("%d: after %d: %s", n, i+1, text)
			}
		}
	}
}

// A press on what was decided before changes nothing of what is shown but to
// say it.
func TestDecidedTwice(t *testing.T) {
	a := waits(1)
	r := render1(t, a, Options{})
	d := &agent.Answer{ID: "x", Language: "pt", Decided: &agent.Decided{Approval: a.Calls[0].Approval, Approved: true, At: asOf}}
	once, err := Decided(r.Messages[0], d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	twice, err := Decided(once, d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(said([]Message{once})) != len(said([]Message{twice})) || !strings.Contains(said([]Message{once}), "Aprovado por alguém em") {
		t.Errorf("once\n%s\ntwice\n%s", said([]Message{once}), said([]Message{twice}))
	}
	if _, err := Decided(once, &agent.Answer{ID: "x"}, Options{}); err == nil {
		t.Error("an answer that decides nothing was shown as one that does")
	}
}

// A report is offered of what was answered, and of nothing else.
func TestReportButton(t *testing.T) {
	all := recorded(t)
	for name, want := range map[string]int{"months": 1, "clarify": 0, "save": 0, "cannot": 0} {
		r := render1(t, all[name], Options{Report: true})
		last := r.Messages[len(r.Messages)-1]
		if list := pressable(last, ActionReport); len(list) != want || want > 0 && list[0].Value != all[name].ID {
			t.Errorf("%s: %d buttons", name, len(list))
		}
		if r := render1(t, all[name], Options{}); hasButtons(r.Messages[0], ActionReport) {
			t.Errorf("%s: a button unasked", name)
		}
	}
}
