package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// drafts asks and tells each state of the draft, as a screen would show it, and
// the answer.
func drafts(t *testing.T, c *Conversation) (seen []string, a *Answer) {
	t.Helper()
	shown := ""
	for e, err := range c.Ask(t.Context(), "how many ordered five times") {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Draft != "":
			if a != nil || e.Text != "" || e.Withdrawn {
				t.Errorf("more than a draft: %+v", e)
			}
			shown += e.Draft
			seen = append(seen, shown)
		case e.Withdrawn:
			shown = ""
			seen = append(seen, "")
		case e.Started != nil && shown != "":
			t.Errorf("%q stays while more is looked up", shown)
		case e.Answer != nil:
			a = e.Answer
		}
	}
	if a == nil {
		t.Fatal("no answer")
	}
	return seen, a
}

// typed is a text as it comes, a few bytes at a time.
func typed(text string, size int) []model.Delta {
	var all []model.Delta
	for len(text) > size {
		all = append(all, model.Delta{Text: text[:size]})
		text = text[size:]
	}
	return append(all, model.Delta{Text: text})
}

func answering(replies ...[]model.Delta) *script {
	m := &script{}
	for _, r := range append([][]model.Delta{{count}}, replies...) {
		m.replies = append(m.replies, says(r...))
	}
	return m
}

func TestDrafts(t *testing.T) {
	for name, c := range map[string]struct {
		model *script
		seen  []string
		text  string // of the answer; "" is the core's own
	}{
		"grows": {
			answering(typed("There are 1,115 customers. That is 25.5% of them. So it is", 1)),
			[]string{"There are 1,115 customers. ", "There are 1,115 customers. That is 25.5% of them. "},
			"There are 1,115 customers. That is 25.5% of them. So it is",
		},
		"at once": {answering(typed("There are 1,115 customers. That is 25.5% of them.", 1000)), []string{"There are 1,115 customers. "}, "There are 1,115 customers. That is 25.5% of them."},
		"a figure from nowhere": {
			answering(typed("There are 1,115 customers. They spent £999 in all. That is 25.5% of them. So", 3), typed("There are 1,115 customers.", 3)),
			[]string{"There are 1,115 customers. "},
			"There are 1,115 customers.",
		},
		"from its first sentence": {answering(typed("There are 999 customers. That is 25.5% of them. So", 3), nil), nil, ""},
		"said better": {
			answering(typed("There are 1,115 customers. They spent £999. So", 3), typed("All in all there are 1,115 customers. So they say.", 3)),
			[]string{"There are 1,115 customers. ", "", "All in all there are 1,115 customers. "},
			"All in all there are 1,115 customers. So they say.",
		},
		"more calls after it": {
			answering(append(typed("There are 1,115 customers. Now the others. Well", 3), calls("count_segment", `{"formula":"count(order) >= 6"}`)), typed("There are 1,115 customers. So it is.", 3)),
			[]string{"There are 1,115 customers. ", "There are 1,115 customers. Now the others. ", "", "There are 1,115 customers. "},
			"There are 1,115 customers. So it is.",
		},
		"before results":  {&script{replies: []func(func(model.Delta, error) bool){says(append(typed("I look it up. It takes a while. Well", 3), count)...), says()}}, nil, ""},
		"too long":        {answering([]model.Delta{{Text: strings.Repeat("So it is. ", 900)}}), nil, "*"},
		"nothing results": {&script{replies: []func(func(model.Delta, error) bool){says(typed("I cannot tell. Sorry for it. So", 3)...)}}, nil, "I cannot tell. Sorry for it. So"},
	} {
		seen, a := drafts(t, New(Config{Tools: &box{}, Model: c.model}))
		if fmt.Sprintf("%q", seen) != fmt.Sprintf("%q", c.seen) {
			t.Errorf("%s: drafts\n%q, expected\n%q", name, seen, c.seen)
		}
		switch {
		case c.text == "*":
		case c.text == "" && !strings.HasPrefix(a.Text, "**1,115** customers"):
			t.Errorf("%s: not the core's own words: %q", name, a.Text)
		case c.text != "" && a.Text != c.text:
			t.Errorf("%s: text %q", name, a.Text)
		}
	}
}

// What could do more on a screen than be read is never in a draft.
func TestDraftsAreOnlyText(t *testing.T) {
	for _, hostile := range []string{
		"[here](https://evil.example/?q=1115)", "[here][1]", "![x](//evil/1115)", "<img src=//evil>", "<!channel>", "<@U024BE7LH>", "http://1115.evil", "javascript:alert(1)",
		"\x1b]0;owned\x07", "\x1b[2J", "\u009b31m", "\u202eesrever", "\u200b", "\xff", "\x00", "ada@shop.example",
	} {
		seen, _ := drafts(t, New(Config{Tools: &box{}, Model: answering(typed("There are 1,115 customers. Look at "+hostile+" now. So it is. Yes", 3))}))
		if len(seen) == 0 || seen[0] != "There are 1,115 customers. " {
			t.Errorf("%q: drafts %q", hostile, seen)
		}
		for _, state := range seen {
			if state != "" && state != seen[0] {
				t.Errorf("%q is shown: %q", hostile, state)
			}
		}
	}
}

// A row that is named later on may show that an earlier figure was another's:
// then what is shown is taken back.
func TestDraftTakenBack(t *testing.T) {
	b := &box{run: func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
		return &tools.Result{
			Title: "Revenue", Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "quarter", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
			Rows:        [][]any{{"Netherlands", "Winter", "284661.54"}, {"France", "Summer", "197403.90"}},
			Fingerprint: "sha256:1",
		}, nil
	}}
	seen, _ := drafts(t, New(Config{Tools: b, Model: answering(typed("Netherlands did well. It made £284,661.54 there. That was in Summer of course. Yes", 3), nil)}))
	want := []string{"Netherlands did well. ", "Netherlands did well. It made £284,661.54 there. ", ""}
	if fmt.Sprintf("%q", seen) != fmt.Sprintf("%q", want) {
		t.Errorf("drafts %q", seen)
	}
}

// A model that fails in the midst of its text leaves no draft; what it had
// called is told in the core's words, saying that it may not be all.
func TestDraftOfAFailure(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){
		says(count), breaks(errors.New("it broke off"), typed("There are 1,115 customers. That is", 3)...),
	}}
	seen, a := drafts(t, New(Config{Tools: &box{}, Model: m}))
	if fmt.Sprintf("%q", seen) != `["There are 1,115 customers. " ""]` || a.Status != model.Answered || !strings.HasPrefix(a.Text, "**1,115** customers") || len(a.Notes) != 1 || !strings.Contains(a.Notes[0], "may not be all") {
		t.Errorf("%s: drafts %q, %q", a.Status, seen, a.Text)
	}
}

// A text that states no figure has the core's words behind it.
func TestTextWithoutAFigure(t *testing.T) {
	for text, alone := range map[string]bool{"Done.": false, "There are 1,115 customers.": true} {
		_, a := drafts(t, New(Config{Tools: &box{}, Model: answering(typed(text, 3))}))
		if a.Status != model.Answered || !strings.HasPrefix(a.Text, text) || (a.Text == text) != alone || !strings.Contains(a.Text, "1,115") {
			t.Errorf("%s: %q", a.Status, a.Text)
		}
	}
}

// Where another model has to speak in place of one that failed in the midst of
// its text, nothing of that is left.
func TestDraftOfAModelThatIsReplaced(t *testing.T) {
	said := append(typed("There are 1,115 customers. That is 25.5", 3), decides(model.Decision{
		Status: model.Answered, Language: "en", By: "offline", Without: &model.Fault{Model: "openai:x", Cause: model.Broken, Err: errors.New("it broke off")},
	}))
	seen, a := drafts(t, New(Config{Tools: &box{}, Model: answering(said)}))
	if fmt.Sprintf("%q", seen) != `["There are 1,115 customers. " ""]` || !strings.HasPrefix(a.Text, "**1,115** customers") || len(a.Notes) != 1 {
		t.Errorf("drafts %q, answered %q", seen, a.Text)
	}
}

// Cancelled in the midst of a draft a turn ends soon and leaves no trace, and
// the next question is asked as if it had not been.
func TestCancelInADraft(t *testing.T) {
	ws := &workspace{}
	hang := make(chan struct{})
	defer close(hang)
	m := &script{replies: []func(func(model.Delta, error) bool){
		says(count),
		func(yield func(model.Delta, error) bool) {
			for _, d := range typed("There are 1,115 customers. That is", 3) {
				yield(d, nil)
			}
			<-hang
		},
		says(count), says(model.Delta{Text: "There are 1,115 customers."}),
	}}
	c := New(Config{Workspace: ws, Tools: &box{}, Model: m, Session: "s"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var cancelled time.Time
	var last error
	for e, err := range c.Ask(ctx, "how many") {
		if e.Draft != "" {
			cancelled = time.Now()
			cancel()
		}
		last = err
	}
	if took := time.Since(cancelled); cancelled.IsZero() || took > 100*time.Millisecond || !errors.Is(last, context.Canceled) || len(ws.turns) != 0 {
		t.Errorf("%v after %v, %d turns kept", last, took, len(ws.turns))
	}
	if a, _ := ask(t, c, "how many"); a.Status != model.Answered || len(m.requests[2].Messages) != 1 {
		t.Errorf("%s, with a history of %d messages", a.Status, len(m.requests[2].Messages))
	}
}
