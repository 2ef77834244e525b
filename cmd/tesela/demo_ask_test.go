package main

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
)

// countingModel answers any question with one count, except one that starts
// with the word given.
type countingModel struct{ except string }

func (countingModel) Name() string { return "scripted" }

func (m countingModel) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		switch {
		case last.Role == model.ToolRole:
		case m.except != "" && strings.HasPrefix(last.Text, m.except):
			yield(model.Delta{Decision: &model.Decision{Status: model.Clarify, Unknown: []string{m.except}}}, nil)
		default:
			if yield(model.Delta{Decision: &model.Decision{Status: model.Answered, Language: r.Language, Understood: "customers"}}, nil) {
				yield(model.Delta{Call: &model.Call{Name: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 5"}`)}}, nil)
			}
		}
	}
}

// askDemo runs `tesela demo` with a scripted model.
func askDemo(t *testing.T, m model.Model, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("NO_COLOR", "1")
	var out, errs bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &errs)
	a.openFile = func(ctx context.Context, path string, _ bool) (store.Workspace, error) {
		return sqlite.Create(ctx, path)
	}
	c := newDemoWith(a, demoWith{asker: asker{converse: func(_ context.Context, ws store.Workspace, t talk) (*agent.Conversation, error) {
		return agent.New(agent.Config{Workspace: ws, Catalogue: &model.Catalogue{}, Tools: askedTools{size: 42}, Model: m, Language: t.lang}), nil
	}}, chat: func(context.Context, *app, store.Workspace, talk) error {
		t.Error("opened the chat without a terminal")
		return nil
	}})
	root := newRoot(a)
	for _, old := range root.Commands() {
		if old.Name() == "demo" {
			root.RemoveCommand(old)
		}
	}
	a.prepare(c)
	root.AddCommand(c)
	root.SetArgs(append([]string{"demo", "--customers", "60", "--db", filepath.Join(t.TempDir(), "d.db")}, args...))
	if err := root.ExecuteContext(t.Context()); err != nil {
		code = a.fail(t.Context(), err)
	}
	return code, out.String(), errs.String()
}

func TestDemoAsksThreeQuestions(t *testing.T) {
	for _, lang := range []string{"en", "es", "pt"} {
		questions, err := demo.Questions(lang)
		if err != nil {
			t.Fatal(err)
		}
		code, out, errs := askDemo(t, countingModel{}, "--lang", lang)
		at := 0
		for _, q := range questions {
			i := strings.Index(out[at:], "> "+q+"\n")
			if i < 0 {
				t.Fatalf("%s: %q is not in the output after %q", lang, q, out[:at])
			}
			at += i
		}
		if code != exitOK || strings.Count(out, "42") < 3 {
			t.Errorf("%s: code %d, stdout %q, stderr %q", lang, code, out, errs)
		}
		code, out, _ = askDemo(t, countingModel{}, "--lang", lang, "--json")
		var answers []agent.Answer
		if err := json.Unmarshal([]byte(out), &answers); err != nil || code != exitOK || len(answers) != 3 {
			t.Fatalf("%s: code %d, %v, stdout %q", lang, code, err, out)
		}
		for i, answer := range answers {
			if answer.Question != questions[i] || answer.Language != lang || len(answer.Calls) != 1 {
				t.Errorf("%s: answer %d is %+v", lang, i, answer)
			}
		}
	}
}

// TestDemoAnswersOnAfterOneFails asks that a question that is not answered
// shows in the exit code, and the others are asked all the same.
func TestDemoAnswersOnAfterOneFails(t *testing.T) {
	code, out, _ := askDemo(t, countingModel{except: "Revenue"}, "--lang", "en")
	if code != exitClarify || strings.Count(out, "> ") < 3 || strings.Count(out, "42") < 2 {
		t.Errorf("code %d, stdout %q", code, out)
	}
}
