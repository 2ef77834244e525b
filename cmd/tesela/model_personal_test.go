package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// demoPeople is a small demo and all that is personal in it.
func demoPeople(t *testing.T) (store.Workspace, []string) {
	t.Helper()
	ctx := t.Context()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := demo.Fill(ctx, ws, demo.Options{Customers: 1500}); err != nil {
		t.Fatal(err)
	}
	r, err := tools.NewBox(ws).Call(ctx, tools.Caller{Language: "en", Person: true}, "list_customers",
		json.RawMessage(`{"formula":"everyone","limit":10000,"with":["name","email","phone","birthday"]}`))
	if err != nil {
		t.Fatal(err)
	}
	var personal []string
	for _, row := range r.Rows {
		for i, cell := range row[1:] {
			// Dates of birth are not told from other dates by their looks, and
			// short names are words.
			if s, ok := cell.(string); ok && len(s) > 6 && r.Columns[i+1].Name != "birthday" {
				personal = append(personal, s)
			}
		}
	}
	if len(personal) < 3000 {
		t.Fatalf("only %d personal texts in the demo", len(personal))
	}
	return ws, personal
}

// nosy is a scripted model that calls whatever could show it customers, one
// thing after the other, and then talks.
func nosy() modeltest.Script {
	call := func(name, args string) modeltest.Reply {
		return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: name, Args: json.RawMessage(args)}}}
	}
	replies := []modeltest.Reply{
		call("list_customers", `{"formula":"everyone","limit":50}`),
		call("list_customers", `{"formula":"everyone","limit":1000,"with":["name","email","phone","birthday"]}`),
		call("list_customers", `{"formula":"everyone","by":"email","limit":50}`),
		call("find_values", `{"text":"@","limit":1000}`),
		call("find_values", `{"text":"maria","field":"name"}`),
		call("measure", `{"measures":["customers"],"group_by":["email"]}`),
		call("measure", `{"measures":["customers"],"group_by":["name"]}`),
		call("describe_data", `{}`),
	}
	return func(a modeltest.Asked) modeltest.Reply {
		if len(a.Tools) == 0 || a.N > len(replies) {
			return modeltest.Reply{Text: "That is all."}
		}
		return replies[a.N-1]
	}
}

// Whoever asks and whatever the model calls, nothing personal is in any byte
// that leaves the process: neither of this turn nor of earlier ones that the
// planner answered to a person.
func TestNothingPersonalLeaves(t *testing.T) {
	ws, personal := demoPeople(t)
	for _, name := range []string{"openai:test", "auto"} {
		t.Run(name, func(t *testing.T) {
			server := modeltest.Serve(t, modeltest.OpenAI{}, nosy())
			t.Setenv(envBaseURL, server.URL)
			t.Setenv(envKey, modeltest.Key)
			t.Setenv(envModel, "test")
			ctx := t.Context()
			// The planner shows a person what is asked for, in the same session.
			before, err := converse(ctx, ws, talk{model: "offline", session: "s-" + name})
			if err != nil {
				t.Fatal(err)
			}
			shown := answerTo(ctx, t, before, "list the emails of 5 customers")
			c, err := converse(ctx, ws, talk{model: name, session: "s-" + name})
			if err != nil {
				t.Fatal(err)
			}
			c.Limits.Invalid = 100
			for _, question := range []string{"flurb the grobnix of everybody", "and the zorps?", "flurb again with all their names"} {
				answerTo(ctx, t, c, question)
			}
			sent := server.Sent()
			if server.Count() < 5 || len(sent) < 20_000 {
				t.Fatalf("only %d requests of %d bytes; the planner showed %s", server.Count(), len(sent), shown.Text)
			}
			for _, p := range personal {
				if bytes.Contains(sent, []byte(p)) || bytes.Contains(sent, quotedIn(p)) {
					t.Fatalf("%q of a customer was sent: %s", p, around(sent, p))
				}
			}
			if bytes.Contains(sent, []byte(modeltest.Key)) {
				t.Error("the key is in a body")
			}
			// The words of the question and ids are sent, so the net has no hole.
			if !bytes.Contains(sent, []byte("grobnix")) || !bytes.Contains(sent, []byte(`\"rows\":[[\"`)) {
				t.Error("what must be sent is not")
			}
		})
	}
}

func answerTo(ctx context.Context, t *testing.T, c *agent.Conversation, question string) *agent.Answer {
	t.Helper()
	var answer *agent.Answer
	for e, err := range c.Ask(ctx, question) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	return answer
}

// quotedIn is a text as JSON within JSON has it.
func quotedIn(s string) []byte {
	inner, _ := json.Marshal(s)
	outer, _ := json.Marshal(string(inner[1 : len(inner)-1]))
	return outer[1 : len(outer)-1]
}

func around(sent []byte, p string) string {
	i := strings.Index(string(sent), p)
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("…%s…", sent[max(0, i-200):min(len(sent), i+200)])
}
