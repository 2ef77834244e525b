package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store"
	"tesela/tools"
	"tesela/tools/restate"
)

// answersFolder holds the shop and, by release, the answers it gave.
const answersFolder = "testdata/answers"

var record = flag.String("record", "", "record the answers of this `RELEASE` into "+answersFolder)

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(answersFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// answersShop makes the shop's workspace and opens it.
func answersShop(t *testing.T) store.Workspace {
	t.Helper()
	var lines [][]string
	readYAML(t, "shop/make.yaml", &lines)
	db := filepath.Join(t.TempDir(), "shop.db")
	for _, args := range lines {
		args = slices.Clone(args)
		for i, arg := range args {
			if strings.HasSuffix(arg, ".csv") {
				args[i] = filepath.Join(answersFolder, "shop", arg)
			}
		}
		var out, errs bytes.Buffer
		if code := execute(t.Context(), newApp(strings.NewReader(""), &out, &errs), append(args, "--db", db)); code != exitOK {
			t.Fatalf("tesela %q: exit %d\n%s", args, code, errs.String())
		}
	}
	ws, err := openFile(t.Context(), db, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

type recordedQuestion struct {
	Lang, Q, Session, Tool, Args string
}

// told is a model that calls one tool, and says nothing more.
type told struct{ call model.Call }

func (told) Name() string { return "told" }

func (m told) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role != model.ToolRole || bytes.Contains(last.Result, []byte(`"error"`)) {
			call := m.call
			yield(model.Delta{Call: &call}, nil)
		}
	}
}

// withWrite adds a tool that writes where a release had none yet.
type withWrite struct{ tools.Runner }

func (w withWrite) List() []model.Tool {
	list := w.Runner.List()
	if slices.ContainsFunc(list, func(t model.Tool) bool { return t.Writes }) {
		return list
	}
	return append(list, model.Tool{Name: "save_segment", Writes: true})
}

// ask puts one of the questions, without a clock, so that the answer is the
// same whenever it is recorded.
func (q recordedQuestion) ask(t *testing.T, ws store.Workspace) *agent.Answer {
	t.Helper()
	c, err := converse(t.Context(), ws, talk{model: "offline", lang: q.Lang, session: q.Session})
	if err != nil {
		t.Fatal(err)
	}
	if q.Tool != "" {
		say, err := restate.New()
		if err != nil {
			t.Fatal(err)
		}
		catalogue, err := tools.Catalogue(t.Context(), ws)
		if err != nil {
			t.Fatal(err)
		}
		config := c.Config
		config.Workspace, config.Language, config.Restate, config.Catalogue = ws, q.Lang, say, catalogue
		config.Tools = withWrite{tools.NewBox(ws)}
		config.Model = told{model.Call{Name: q.Tool, Args: json.RawMessage(q.Args)}}
		c = agent.New(config)
	}
	var answer *agent.Answer
	for e, err := range c.Ask(t.Context(), q.Q) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	return answer
}

// TestRecordAnswers is how a release's folder is made; see the folder's README.
func TestRecordAnswers(t *testing.T) {
	if *record == "" {
		t.Skip("nothing is to be recorded")
	}
	dir := filepath.Join(answersFolder, *record)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatalf("%v: what a release answered is never written anew", err)
	}
	defer func(was string) { version = was }(version)
	version = *record // as the release's own build has it
	var questions []recordedQuestion
	readYAML(t, "questions.yaml", &questions)
	ws := answersShop(t)
	for i, q := range questions {
		answer := q.ask(t, ws)
		var text bytes.Buffer
		if err := (&app{out: &text}).printAnswer(answer); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%02d-%s-%s.json", i+1, answer.Language, answer.Status)
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s", name, q.Q)
	}
}
