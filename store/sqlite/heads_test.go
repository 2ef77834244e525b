//go:build cgo

package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tesela/store"
)

// A file of the first format, in which turns had no heads, opens with all its
// turns found.
func TestFirstFormatIsBroughtUpToDate(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	const turns = 1201 // more than are read at a time
	if err := w.write(ctx, "make an old file", func(tx querier) error {
		for i := range turns {
			if _, err := tx.ExecContext(ctx, "INSERT INTO turn(id, session, asked, question, answer) VALUES(?,'s',?,?,?)",
				fmt.Sprint("id", i), stamp(time.Unix(int64(i), 0)), fmt.Sprintf("question %d?", i),
				[]byte(fmt.Sprintf(`{"status":"answered","language":"es","text":"**%d** años"}`, i))); err != nil {
				return err
			}
		}
		for _, statement := range []string{"DROP TABLE turn_head", "DROP TABLE record", "DROP TABLE trace", "DROP TABLE trace_body", "PRAGMA user_version=1"} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if w, err = Open(ctx, path); err != nil {
			t.Fatal(err)
		}
		heads, err := w.FindTurns(ctx, store.TurnQuery{})
		if err != nil || len(heads) != turns || heads[0].ID != "id1200" || heads[turns-1].Question != "question 0?" {
			t.Fatalf("%d heads, %v", len(heads), err)
		}
		heads, err = w.FindTurns(ctx, store.TurnQuery{Words: []string{"777 AÑOS"}, Status: "answered"})
		if err != nil || len(heads) != 1 || heads[0].ID != "id777" || heads[0].Asked.Unix() != 777 || heads[0].Language != "es" {
			t.Fatalf("%+v, %v", heads, err)
		}
		if all, err := w.Turns(ctx, "s", 0); err != nil || len(all) != turns {
			t.Fatalf("%d turns, %v", len(all), err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Among very many turns a list and a search stay quick: the answers, which are
// most of the bytes, are not gone through.
func TestManyTurns(t *testing.T) {
	if testing.Short() {
		t.Skip("keeps 30,000 turns")
	}
	ctx := t.Context()
	w, err := Create(ctx, filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	filler := make([]byte, 4000)
	for i := range filler {
		filler[i] = 'x'
	}
	const turns = 30_000
	if err := w.write(ctx, "keep turns", func(tx querier) error {
		for i := range turns {
			turn := store.Turn{
				ID: fmt.Sprint("id", i), Session: fmt.Sprint("s", i%100), Asked: time.Unix(int64(i), 0), Question: fmt.Sprintf("how many from place %d", i),
				Answer: json.RawMessage(fmt.Sprintf(`{"status":"answered","language":"en","text":"**%d** customers","filler":"%s"}`, i, filler)),
			}
			done, err := tx.ExecContext(ctx, "INSERT INTO turn(id, session, asked, question, answer) VALUES(?,?,?,?,?)",
				turn.ID, turn.Session, stamp(turn.Asked), turn.Question, []byte(turn.Answer))
			if err != nil {
				return err
			}
			n, err := done.LastInsertId()
			if err != nil {
				return err
			}
			if err := insertHead(ctx, tx, n, turn); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q    store.TurnQuery
		want int
		most time.Duration
	}{
		{store.TurnQuery{Limit: 20}, 20, 100 * time.Millisecond},
		{store.TurnQuery{Session: "s7", Limit: 20}, 20, 100 * time.Millisecond},
		{store.TurnQuery{Words: []string{"PLACE 29321"}, Limit: 20}, 1, 2 * time.Second},
		{store.TurnQuery{Words: []string{"nowhere"}, Limit: 20}, 0, 2 * time.Second},
	} {
		start := time.Now()
		heads, err := w.FindTurns(ctx, c.q)
		took := time.Since(start)
		if err != nil || len(heads) != c.want {
			t.Fatalf("%+v: %d heads, %v", c.q, len(heads), err)
		}
		t.Logf("%+v: %v", c.q, took)
		if took > c.most {
			t.Errorf("%+v took %v", c.q, took)
		}
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := w.FindTurns(stopped, store.TurnQuery{}); err == nil {
		t.Error("a cancelled search goes on")
	}
}
