package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

func byCountry() *tools.Result {
	return &tools.Result{
		Title: "Revenue by country", Values: map[string]any{"revenue": "60.00"}, Units: map[string]string{"revenue": "EUR"},
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "EUR"}},
		Rows:    [][]any{{"Spain", "40.00"}, {"France", "20.00"}}, Chart: &tools.Chart{Type: "bar", X: "country", Y: "revenue"},
		Notes: []string{"net of refunds"}, Fingerprint: "sha256:r1",
	}
}

// kept is an answer with one call as a workspace keeps it.
func kept(t *testing.T, change func(*agent.Answer)) json.RawMessage {
	t.Helper()
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	args := json.RawMessage(`{"measures":["revenue"],"group_by":["country"]}`)
	a := agent.Answer{
		ID: "3f9a21c04d77", Question: "revenue by country", Language: "en", Status: model.Answered, Understood: "Net revenue by country",
		Calls: []agent.CallRecord{{Tool: "measure", Args: args, Result: byCountry()}}, AsOf: asOf, Data: "sha256:d1", Model: "offline",
		Text: lang.Answer([]wording.Call{{Tool: "measure", Args: args, Result: byCountry()}}),
	}
	change(&a)
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func of(t *testing.T, raw json.RawMessage, o Options) (*Doc, string) {
	t.Helper()
	d, err := OfAnswer(raw, o)
	if err != nil {
		t.Fatal(err)
	}
	return d, written(t, d)
}

// What the core says of the results is shown by the results themselves, once.
func TestAnswerInTheCoresWords(t *testing.T) {
	d, page := of(t, kept(t, func(a *agent.Answer) {
		a.Notes = []string{"The language model x cannot be reached."}
		a.Text += "\n\n" + a.Notes[0]
	}), Options{Command: "tesela replay 3f9a21c04d77"})
	if d.Text != "" {
		t.Errorf("the text is told again: %q", d.Text)
	}
	for text, n := range map[string]int{
		"net of refunds": 1, "cannot be reached": 1, "<td class=\"n\">€40.00</td>": 1, "Most: <strong>Spain</strong>, with €40.00.": 1, "<dd>€60.00</dd>": 1, "tesela replay 3f9a21c04d77": 1,
	} {
		if got := strings.Count(page, text); got != n {
			t.Errorf("%q is there %d times, not %d", text, got, n)
		}
	}
}

// A model's own text stays, but for a table that the page shows itself.
func TestAnswerInAModelsWords(t *testing.T) {
	d, page := of(t, kept(t, func(a *agent.Answer) {
		a.Text = "# Spain\n\nSpain **leads** with `€40.00`.\n\n| Country | Revenue |\n| --- | ---: |\n| Spain | €40.00 |\n| France | €20.00 |\n\n| Own | table |\n| --- | --- |\n| a | b |\n\n1. one\n2. two"
	}), Options{})
	if d.Text == "" {
		t.Error("the text is gone")
	}
	for text, n := range map[string]int{
		`<p class="sub">Spain</p>`: 1, "Spain <strong>leads</strong> with <code>€40.00</code>.": 1, `<th scope="col">Country</th>`: 1, `<th scope="col">Own</th>`: 1, "<ol>": 1,
	} {
		if got := strings.Count(page, text); got != n {
			t.Errorf("%q is there %d times, not %d\n%s", text, got, n, page[strings.Index(page, "<body>"):])
		}
	}
}

func TestAnswersOfEachStatus(t *testing.T) {
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	decision := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Unknown: []string{"recent"}, Choices: []model.Choice{{Label: "in the last 30 days", Question: "x"}}}
	for name, c := range map[string]struct {
		change func(*agent.Answer)
		says   []string
		never  []string
	}{
		"asks back": {func(a *agent.Answer) {
			a.Status, a.Calls, a.Choices, a.Text = model.Clarify, nil, decision.Choices, lang.Decision(decision, nil)
		}, []string{"A question back", "in the last 30 days", "“recent”"}, []string{"<table"}},
		"cannot": {func(a *agent.Answer) { a.Status, a.Calls, a.Text = model.Cannot, nil, "This data does not hold that." }, []string{"Not answered", "does not hold"}, []string{"<table"}},
		"waits": {func(a *agent.Answer) {
			a.Status, a.Calls[0].Approval = model.Approve, "ap1"
			a.Text = lang.Approval([]wording.Call{{Tool: "measure", Args: a.Calls[0].Args, Result: a.Calls[0].Result}})
		}, []string{"Waits for approval", "nothing has happened yet", "€40.00"}, []string{"tesela run measure"}},
		"failed": {func(a *agent.Answer) {
			a.Status, a.Text, a.Calls[0].Result, a.Calls[0].Error = model.Failed, "No answer: it broke.", nil, "it broke"
		}, []string{"Failed", "it broke"}, []string{"<table"}},
		"one call failed": {func(a *agent.Answer) { a.Calls = append(a.Calls, agent.CallRecord{Tool: "x", Error: "too <large>"}) }, []string{"No result: too &lt;large&gt;", "€40.00"}, nil},
	} {
		_, page := of(t, kept(t, c.change), Options{})
		nodes(t, page)
		for _, want := range c.says {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is not said", name, want)
			}
		}
		for _, never := range c.never {
			if strings.Contains(page, never) {
				t.Errorf("%s: %q is said", name, never)
			}
		}
	}
	if _, err := OfAnswer(json.RawMessage(`{"question":"x"}`), Options{}); err == nil {
		t.Error("an answer without a status is reported")
	}
}

// In another language the page's own words and figures are in that, texts that
// were given stay and say which they are in.
func TestAnswerInAnotherLanguage(t *testing.T) {
	_, page := of(t, kept(t, func(*agent.Answer) {}), Options{Language: "es", Zone: time.FixedZone("x", 3600)})
	for _, want := range []string{`lang="es"`, `<h1 lang="en">`, "40,00\u00a0€", "1 de enero de 2026, 00:00", `<h2 id="p1" lang="en">`, "Huella de los datos"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestCommandsAreShellWords(t *testing.T) {
	got := RunCommand("count_segment", json.RawMessage("{\n \"formula\": \"name = \\\"O'Hara\\\"\" }"), "pt", asOf)
	if want := `tesela run count_segment '{"formula":"name = \"O'\''Hara\""}' --lang pt --as-of 2025-12-31T23:00:00Z`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for text, want := range map[string]string{"": "''", "a-b": "a-b", "a b": "'a b'", "$(x)": "'$(x)'", "-x": "-x"} {
		if got := Quote(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
