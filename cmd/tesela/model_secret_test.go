package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/modeltest"
	"tesela/store/demo"
	"tesela/store/sqlite"
)

// An endpoint that repeats the key it was given does not get it into an answer,
// an error, a trace, or any file.
func TestNoKeyIsToldOrKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ws, err := sqlite.Create(t.Context(), filepath.Join(dir, "w.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if err := demo.Fill(t.Context(), ws, demo.Options{Customers: 20}); err != nil {
		t.Fatal(err)
	}
	base, err := converse(t.Context(), ws, talk{model: "offline"})
	if err != nil {
		t.Fatal(err)
	}
	offline := base.Model
	for _, p := range outsiders() {
		secrets := []string{modeltest.Key, modeltest.Key[3:]}
		if p.secret != "" {
			secrets = append(secrets, p.secret)
		}
		for name, script := range map[string]modeltest.Script{
			"a wrong key": modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}),
			"refused":     modeltest.Sequence(modeltest.Reply{Refusal: "Your key is " + modeltest.Key + " " + p.secret + "."}),
			"wrong from the second round on": func(a modeltest.Asked) modeltest.Reply {
				if a.Last().Role == "tool" {
					return modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}
				}
				return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}}}
			},
		} {
			for _, way := range []string{"alone", "auto"} {
				t.Run(p.name+" "+name+" "+way, func(t *testing.T) {
					server := modeltest.Serve(t, p.format, script)
					outside := p.new(t, server.URL)
					c := agent.New(base.Config)
					c.Session = p.name + name + way
					if c.Model = (&auto.Model{First: offline, Then: outside}); way == "alone" {
						c.Model = &auto.Heard{Model: outside, Ear: offline.(auto.Ear)} //nolint:forcetypeassert // the planner
					}
					traces := newTracing(t.Context(), ws, io.Discard)
					c.Traces = traces
					var told bytes.Buffer
					for e, err := range c.Ask(t.Context(), "how many flurbs are there?") {
						if err != nil {
							t.Fatal(err)
						}
						told.WriteString(jsonText(t, e))
						if e.Answer != nil {
							told.WriteString(e.Answer.Text)
						}
					}
					if traces.close(); traced(t, ws, c.Session, newSearcher(nil)) != 1 {
						t.Error("it is not traced")
					}
					if told.Len() == 0 || server.Count() == 0 {
						t.Error("nobody was asked, or nothing was told")
					}
					for _, secret := range secrets {
						if i := bytes.Index(told.Bytes(), []byte(secret)); i >= 0 {
							t.Errorf("told: %s", told.Bytes()[max(0, i-200):i+len(secret)])
						}
						inFiles(t, dir, secret)
					}
				})
			}
		}
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// inFiles tells of a secret in any file under a folder.
func inFiles(t *testing.T, dir, secret string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if i := bytes.Index(b, []byte(secret)); i >= 0 {
			t.Errorf("a key is in %s: %q", filepath.Base(path), b[max(0, i-200):i+len(secret)])
		}
		looked++
		return nil
	})
	if err != nil || looked == 0 {
		t.Errorf("look into %d files: %v", looked, err)
	}
}
