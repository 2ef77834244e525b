package blockkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// asOf is when the answers of tests are of.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// worded is an answer as the core words it.
func worded(t testing.TB, language string, calls ...agent.CallRecord) *agent.Answer {
	t.Helper()
	lang, err := wording.For(language)
	if err != nil {
		t.Fatal(err)
	}
	a := &agent.Answer{
		ID: "0123456789ab", Question: "What was asked?", Language: language, Status: model.Answered, Understood: "What was understood",
		Calls: calls, AsOf: asOf, Model: "offline", ElapsedMS: 41.7,
	}
	var said []wording.Call
	for i, c := range calls {
		said = append(said, wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result})
		if c.Result.Approval != "" {
			a.Status = model.Approve
			a.Calls[i].Approval = a.ID + ".fedcba987654321" + string(rune('0'+i))
		}
	}
	if a.Text = lang.Answer(said); a.Status == model.Approve {
		a.Text = lang.Approval(said)
	}
	return a
}

// recorded are answers over results of each tool, recorded from the demo shop,
// and answers of all kinds as they were kept.
func recorded(t testing.TB) map[string]*agent.Answer {
	t.Helper()
	all := map[string]*agent.Answer{}
	read := func(pattern string, take func(name string, raw []byte) *agent.Answer) {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(filepath.Base(f), ".json")
			all[name] = take(name, raw)
		}
	}
	read("testdata/answers/*.json", func(name string, raw []byte) *agent.Answer {
		a := &agent.Answer{}
		if err := json.Unmarshal(raw, a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return a
	})
	read("testdata/results/*.json", func(name string, raw []byte) *agent.Answer {
		var r struct {
			Tool, Language string
			Args           json.RawMessage
			Result         *tools.Result
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return worded(t, r.Language, agent.CallRecord{Tool: r.Tool, Args: r.Args, Result: r.Result})
	})
	return all
}

// undrawn keeps charts out of tests that look at something else.
func undrawn(*tools.Result) ([]byte, string, bool) { return nil, "", false }

func render1(t testing.TB, a *agent.Answer, o Options) *Rendered {
	t.Helper()
	if o.Draw == nil {
		o.Draw = undrawn
	}
	r, err := Answer(a, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Messages) == 0 {
		t.Fatal("no message")
	}
	return r
}

// texts are those of a message's sections and contexts, in order.
func texts(m Message) []string {
	var list []string
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			list = append(list, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				list = append(list, e.(*slack.TextBlockObject).Text)
			}
		}
	}
	return list
}

// labels are those of a message's buttons.
func labels(m Message) []string {
	var list []string
	for _, b := range m.Blocks {
		for _, e := range elements(b) {
			list = append(list, e.Text.Text)
		}
	}
	return list
}

// said is all that messages say.
func said(messages []Message) string {
	var list []string
	for _, m := range messages {
		list = append(list, texts(m)...)
	}
	return strings.Join(list, "\n")
}

// fences are the parts of a text within and without code blocks.
func fences(t testing.TB, text string) (inside, outside []string) {
	t.Helper()
	parts := strings.Split(text, "```")
	if len(parts)%2 == 0 {
		t.Errorf("an open code block in %q", text)
	}
	for i, p := range parts {
		if i%2 == 1 {
			inside = append(inside, p)
		} else {
			outside = append(outside, p)
		}
	}
	return inside, outside
}

var (
	link    = regexp.MustCompile(`<https?://[!-;=?-{}~]+\|[^<>|\n]+>`)
	quote   = regexp.MustCompile(`(?m)^(> )+`)
	escaped = regexp.MustCompile(`&(amp|lt|gt);`)
	unseen  = regexp.MustCompile("[\x00-\x09\x0b-\x1f\x7f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd\U000e0000-\U000e0fff]")
	calling = regexp.MustCompile(`(?i)@(here|channel|everyone|group)\b`)
)

// harmless holds a mrkdwn text to what data must not do in it: mention, link,
// break out of code, be seen by nobody.
func harmless(t testing.TB, text string) {
	t.Helper()
	bare := quote.ReplaceAllString(link.ReplaceAllString(text, ""), "")
	if strings.ContainsAny(bare, "<>") {
		t.Errorf("angle brackets in %q", bare)
	}
	if strings.Contains(escaped.ReplaceAllString(bare, ""), "&") {
		t.Errorf("a bare & in %q", bare)
	}
	if m := calling.FindString(bare); m != "" {
		t.Errorf("%s in %q", m, bare)
	}
	if m := unseen.FindString(bare); m != "" {
		t.Errorf("%+q in %q", m, bare)
	}
	_, outside := fences(t, bare)
	for _, part := range outside {
		for l := range strings.SplitSeq(part, "\n") {
			if strings.Count(l, "`")%2 != 0 {
				t.Errorf("an open code span in %q", l)
			}
		}
	}
}
