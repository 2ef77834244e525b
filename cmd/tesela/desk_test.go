package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store"
	"tesela/store/sqlite"
)

// deskOn opens a desk over the small shop that asks the planner alone.
func deskOn(t *testing.T) (*desk, store.Workspace) {
	t.Helper()
	return deskAsking(t, "offline")
}

// deskAsking opens a desk over the small shop that asks a model.
func deskAsking(t *testing.T, name string) (*desk, store.Workspace) {
	t.Helper()
	path := smallShop(t)
	ws, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	a.db = path
	d, err := newDesk(t.Context(), a, ws, talk{model: name})
	if err != nil {
		t.Fatal(err)
	}
	return d, ws
}

// put asks one question of a session.
func put(t *testing.T, d *desk, session, question string) *agent.Answer {
	t.Helper()
	c, err := d.Converse(t.Context(), session, "", false)
	if err != nil {
		t.Fatal(err)
	}
	var answer *agent.Answer
	for e, err := range c.Ask(t.Context(), question) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	return answer
}

// Conversations at once keep to their own sessions, and a name saved meanwhile
// is a word of the next question.
func TestDeskServesManyAtOnce(t *testing.T) {
	d, ws := deskOn(t)
	alone := put(t, d, "", "how many customers are there")
	var all sync.WaitGroup
	for _, session := range []string{"a", "b", "c", "d", "e", "f"} {
		all.Go(func() {
			for _, q := range []string{"orders by country", "how many customers are there"} {
				if a := put(t, d, session, q); a.Status != model.Answered {
					t.Errorf("%s: %q is %s: %s", session, q, a.Status, a.Text)
				}
			}
		})
	}
	all.Wait()
	turns, err := ws.Turns(t.Context(), "c", 0)
	if err != nil || len(turns) != 2 || turns[0].Question != "orders by country" {
		t.Errorf("session c holds %d turns, %v", len(turns), err)
	}
	before, err := d.look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.look(t.Context()); err != nil || again != before {
		t.Errorf("the model is made anew though nothing changed, %v", err)
	}
	if err := ws.SaveSegment(t.Context(), store.Segment{Name: "Zorblatts", Formula: "count(order) >= 2", Text: "x", Created: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	a := put(t, d, "", "how many Zorblatts are there")
	if a.Status != model.Answered || !strings.Contains(string(a.Calls[0].Args), "Zorblatts") || a.Calls[0].Result.Values["size"] == alone.Calls[0].Result.Values["size"] {
		t.Errorf("the new name is not understood: %s %s", a.Status, a.Text)
	}
}

// What tells of single customers is found and left out, and a question that
// does so itself cannot be shown at all.
func TestDeskWithholds(t *testing.T) {
	d, _ := deskOn(t)
	a := put(t, d, "", "orders by country")
	if p, err := d.Personal(t.Context(), a); err != nil || p.Any() {
		t.Errorf("a table by country tells of customers: %+v, %v", p, err)
	}
	list := put(t, d, "", "list the customers with at least one order")
	if p, err := d.Personal(t.Context(), list); err != nil || !p.Any() || len(list.Calls[0].Result.Rows) == 0 {
		t.Fatalf("a list of customers tells of none: %+v, %v, %s", p, err, list.Text)
	}
	id, _ := list.Calls[0].Result.Rows[0][0].(string)
	bare, err := d.Withhold(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(bare)
	if err != nil {
		t.Fatal(err)
	}
	if id == "" || strings.Contains(string(body), `"`+id+`"`) || bare.Calls[0].Result == nil {
		t.Errorf("%s is still told of: %s", id, body)
	}
	page, err := d.Report(t.Context(), list.ID, "", false)
	if err != nil || strings.Contains(string(page), ">"+id+"<") {
		t.Errorf("the page tells of %s, %v", id, err)
	}
	if page, err = d.Report(t.Context(), list.ID, "", true); err != nil || !strings.Contains(string(page), ">"+id+"<") {
		t.Errorf("the page of somebody who may see them lacks %s, %v", id, err)
	}
}

// A report that somebody elsewhere asks for is of what the workspace keeps,
// never of a file of this machine.
func TestDeskReportsNoFiles(t *testing.T) {
	d, _ := deskOn(t)
	a := put(t, d, "", "orders by country")
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, "-", "/etc/passwd", ""} {
		if page, err := d.Report(t.Context(), name, "en", true); err == nil {
			t.Errorf("%q gave a page of %d bytes", name, len(page))
		}
	}
	if _, err := d.Report(t.Context(), a.ID, "es", false); err != nil {
		t.Error(err)
	}
}

func TestDeskRemembers(t *testing.T) {
	d, _ := deskOn(t)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d.talk.clock = func() time.Time { return now }
	m, ctx := d.Memory(), context.Background()
	for i, want := range []bool{true, false} {
		if kept, err := m.Claim(ctx, "k", "a", []byte(`{"n":1}`), now.Add(time.Hour)); err != nil || kept != want {
			t.Errorf("claim %d: %v, %v", i, kept, err)
		}
	}
	if err := m.Put(ctx, "k", "b", []byte(`2`), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if all, err := m.List(ctx, "k"); err != nil || len(all) != 2 || string(all["b"]) != "2" {
		t.Errorf("%q, %v", all, err)
	}
	now = now.Add(2 * time.Hour)
	if err := m.Drop(ctx, "k", "b"); err != nil {
		t.Fatal(err)
	}
	if all, err := m.List(ctx, "k"); err != nil || len(all) != 0 {
		t.Errorf("%q, %v", all, err)
	}
	if _, err := d.Answer(ctx, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an answer that is not there: %v", err)
	}
}
