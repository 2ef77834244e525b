package blockkit

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/tools"
)

// fits holds what is rendered to Slack's limits and to what no data may do.
func fits(t *testing.T, r *Rendered) {
	t.Helper()
	for i, m := range r.Messages {
		checkMessage(t, fmt.Sprintf("message %d", i), m)
	}
	if r.Pressed >= len(r.Messages) {
		t.Errorf("buttons in message %d of %d", r.Pressed, len(r.Messages))
	}
	names := map[string]bool{}
	for _, f := range r.Files {
		if names[f.Name] || strings.ContainsAny(f.Name, "/\\\x00 ") || len([]rune(f.Name)) > 80 {
			t.Errorf("a file named %q", f.Name)
		}
		names[f.Name] = true
		if f.Title == "" || len(f.Body) == 0 || utf8.RuneCountInString(f.Alt) > slacktest.MaxAltText {
			t.Errorf("%s: title %q, %d bytes, alt of %d", f.Name, f.Title, len(f.Body), utf8.RuneCountInString(f.Alt))
		}
	}
}

func checkMessage(t *testing.T, what string, m Message) {
	t.Helper()
	if err := slacktest.ValidateMessage(slack.Msg{Text: m.Text, Blocks: slack.Blocks{BlockSet: m.Blocks}}); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if strings.TrimSpace(m.Text) == "" || size(m.Text) > 3000 {
		t.Errorf("%s: the fallback has %d characters", what, size(m.Text))
	}
	harmless(t, m.Text)
	for _, text := range texts(m) {
		harmless(t, text)
	}
	for _, label := range labels(m) {
		if strings.ContainsAny(label, "<>") || unseen.MatchString(label) {
			t.Errorf("%s: a button %q", what, label)
		}
	}
	// What goes over the wire is what was meant.
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var back slack.Blocks
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(raw) {
		t.Errorf("%s: blocks come back as\n%s\nwere\n%s", what, again, raw)
	}
}

// What any tool tells keeps Slack's limits, in each language, and is the same
// again.
func TestRecordedAnswersFit(t *testing.T) {
	all := recorded(t)
	seen := map[model.Status]int{}
	for name, a := range all {
		for _, o := range []Options{
			{Personal: true, Report: true},
			{Withheld: true, MayApprove: "Ana Díaz, the CRM team", Until: asOf.Add(time.Hour)},
			{Language: "pt", Withheld: true, Direct: true},
		} {
			r := render1(t, a, o)
			fits(t, r)
			if again := render1(t, a, o); !reflect.DeepEqual(r, again) {
				t.Errorf("%s: rendered differently a second time", name)
			}
		}
		seen[a.Status]++
	}
	for _, s := range []model.Status{model.Answered, model.Clarify, model.Cannot, model.Approve} {
		if seen[s] == 0 {
			t.Errorf("no answer of status %s", s)
		}
	}
	if len(all) < 45 {
		t.Errorf("%d answers", len(all))
	}
}

// Whatever tools, models and people tell, messages keep Slack's limits and
// nothing in them acts.
func TestAnyAnswerFits(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 31))
	statuses := []model.Status{model.Answered, model.Answered, model.Clarify, model.Cannot, model.Approve, model.Failed, "odd"}
	for range 100 {
		a := randomAnswer(t, random)
		a.Status = statuses[random.IntN(len(statuses))]
		o := Options{Personal: random.IntN(2) == 0, Withheld: random.IntN(3) == 0, Direct: random.IntN(2) == 0, Report: true, MayApprove: hostileText(random), Language: []string{"", "en", "es", "pt", "xx"}[random.IntN(5)]}
		r := render1(t, a, o)
		fits(t, r)
		if r.Pressed >= 0 {
			m, err := Chosen(r.Messages[r.Pressed], a.Language, hostileText(random), hostileText(random))
			if err != nil {
				t.Fatal(err)
			}
			checkMessage(t, "chosen", m)
			for _, c := range a.Calls {
				if c.Approval == "" {
					continue
				}
				d := &agent.Answer{Language: a.Language, Decided: &agent.Decided{Approval: c.Approval, Approved: random.IntN(2) == 0, By: hostileText(random), At: asOf}}
				if m, err = Decided(r.Messages[r.Pressed], d, o); err != nil {
					t.Fatal(err)
				}
				checkMessage(t, "decided", m)
			}
		}
		checkMessage(t, "notice", Notice(hostileText(random)))
		checkMessage(t, "waiting", Stoppable(Waiting(a.Language, hostileText(random), random.IntN(9)-2, random.IntN(9)-2), a.Language, "x"))
		for _, m := range Markdown(a.Text) {
			checkMessage(t, "markdown", m)
		}
	}
}

// Any text at all makes messages that Slack takes and that do nothing.
func FuzzMarkdown(f *testing.F) {
	for _, s := range hostiles {
		f.Add(s)
		f.Add("- " + s + "\n  1. **" + s + "**\n\n> `" + s + "`")
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range Markdown(s) {
			checkMessage(t, "markdown", m)
		}
		checkMessage(t, "notice", Notice(s))
		checkMessage(t, "table", Markdown("| a | b |\n| --- | ---: |\n| " + wording.Escape(s) + " | 1 |")[0])
	})
}

// hostiles are texts that would mention, link, break out or vanish if they were
// let through.
var hostiles = []string{
	"", " ", "a", "<!channel>", "<!here|x>", "<@U012AB3CD>", "<#C012AB3CD|general>", "<!subteam^S012AB3CD>", "<!date^1392734382^{date}|x>", "@here @channel @everyone",
	"<https://evil.example|https://bank.example>", "[bank](https://evil.example/?q=a|b>c)", "[x](javascript:alert(1))", "![x](https://evil.example/p.png)", "https://evil.example", "mailto:a@b.example",
	"```", "``` <!channel> ```", "`a`b`", "``a ` b``", "~~~\nx", "*a* _b_ ~c~", "**a**b**c**", "_", "*", ">quote", "> > deep", "# head", "- a\n  - b\n    - c", "1. x\n2. y",
	"&lt;!channel&gt;", "&amp;", "a & b < c > d", ":tada: :+1: 12:30:00", "\u200b\u2060x\u202ey\u2066", "\x00\x1b[31mred\x07", "\xff\xfe", "e\u0301\u0301\u0301\u0301\u0301\u0301", "👩‍👩‍👧‍👦 🇪🇸", "日本語の長い名前です",
	"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "'", "\"", "a;b,c", "a|b", "| a | b |\n| --- | ---: |\n| <!channel> | ``` |", "<b>x</b>", "<!-- x -->", "\r\nx", "\U000e0041x",
	"NaN", "12.50", "-3.00", "2025-03", "2025-W09", "Ingresos, en conjunto: **679.601,31 €**", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
}

func hostileText(random *rand.Rand) string {
	text := ""
	for range 1 + random.IntN(3) {
		text += hostiles[random.IntN(len(hostiles))]
		switch random.IntN(8) {
		case 0:
			text += " "
		case 1:
			text += "\n\n"
		case 2:
			text = strings.Repeat(text+" ", 1+random.IntN(100))
		}
		if len(text) > 8_000 {
			text = text[:8_000]
		}
	}
	return text
}

// randomAnswer is one over results of any shape, worded by the core or by
// whoever.
func randomAnswer(t testing.TB, random *rand.Rand) *agent.Answer {
	text := func() string { return hostileText(random) }
	a := &agent.Answer{ID: fmt.Sprintf("%012x", random.Uint64()>>16), Question: text(), Language: []string{"en", "es", "pt", "zz"}[random.IntN(4)], Understood: text(), Assumptions: []string{text(), text()}, AsOf: asOf, Model: text(), ElapsedMS: random.Float64() * 9000}
	var calls []wording.Call
	for i := range random.IntN(4) {
		r := randomResult(random)
		c := agent.CallRecord{Tool: "count_segment", Args: json.RawMessage(`{"formula":"a < b"}`), Result: r}
		if random.IntN(2) == 0 {
			c.Approval = fmt.Sprintf("0123456789ab.%d", i)
		}
		calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: r})
		a.Calls = append(a.Calls, c)
	}
	for range random.IntN(3) * random.IntN(20) {
		a.Choices = append(a.Choices, model.Choice{Label: text(), Question: text()})
	}
	lang, err := wording.For(a.Language)
	if err != nil {
		t.Fatal(err)
	}
	switch random.IntN(3) {
	case 0:
		a.Text = lang.Answer(calls)
	case 1:
		a.Text = text() + "\n\n" + text()
	}
	return a
}

func randomResult(random *rand.Rand) *tools.Result {
	text := func() string { return hostileText(random) }
	value := func() any {
		return []any{nil, true, random.IntN(100000) - 300, random.Float64(), math.NaN(), math.Inf(-1), -1e300, text(), []any{text(), nil}, json.Number("12"), map[string]any{"x": 1}, "12.50"}[random.IntN(12)]
	}
	names := []string{"from", "to", "what", "effect", "low", "high", "period", "month", "condition", "customers", "unit", "share", "segment", "id"}
	r := &tools.Result{Title: text(), Values: map[string]any{"size": value(), text(): value()}, Units: map[string]string{"size": text()}, Notes: []string{text(), text()}, Fingerprint: fmt.Sprint(random.Int())}
	width := random.IntN(9)
	for range width {
		r.Columns = append(r.Columns, tools.Column{
			Name: names[random.IntN(len(names))], Kind: []string{"text", "count", "number", "money", "rate", "date", "time", "bool", "x"}[random.IntN(9)],
			Unit: []string{"", "EUR", "unit", "customers"}[random.IntN(4)], Detail: random.IntN(5) == 0,
		})
	}
	for range random.IntN(40) {
		row := make([]any, max(0, width-random.IntN(2)))
		for i := range row {
			row[i] = value()
		}
		r.Rows = append(r.Rows, row)
	}
	if width > 0 && random.IntN(2) == 0 {
		pick := func() string { return r.Columns[random.IntN(width)].Name }
		r.Chart = &tools.Chart{Type: []string{"bar", "line", "heatmap", "sankey", "scatter", ""}[random.IntN(6)], X: pick(), Y: pick(), Series: []string{"", pick()}[random.IntN(2)]}
	}
	for range random.IntN(2) * random.IntN(8) {
		r.Segments = append(r.Segments, tools.Segment{Name: text(), Formula: text(), Text: text(), Size: random.IntN(999), Share: random.Float64(), Apart: []string{text()}, Action: text(), Evidence: text(), Notes: []string{text()}})
	}
	return r
}

// Many answers at once are rendered as one after the other.
func TestAtOnce(t *testing.T) {
	all := recorded(t)
	want := map[string]*Rendered{}
	for name, a := range all {
		want[name] = render1(t, a, Options{Personal: true})
	}
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			for name, a := range all {
				r, err := Answer(a, Options{Personal: true, Draw: undrawn})
				if err != nil || !reflect.DeepEqual(r, want[name]) {
					t.Errorf("%s is otherwise, %v", name, err)
				}
			}
		})
	}
	together.Wait()
}
