//go:build cgo

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tesela/store"
	"tesela/store/sqlite"
)

// A thousand turns that are kept at once beside an import are all there, in
// their sessions' order, those that are cancelled or there already told apart.
func TestManyTurnsAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	turn := func(i, k int) store.Turn {
		return store.Turn{ID: fmt.Sprint(i, ".", k), Session: fmt.Sprint(i), Asked: time.Unix(int64(k), 0), Question: fmt.Sprint(k), Answer: []byte(`{"status":"answered"}`)}
	}
	const sessions, turns = 250, 4
	var all sync.WaitGroup
	gone := make([]bool, sessions)
	for i := range sessions {
		all.Go(func() {
			for k := range turns {
				if err := w.AppendTurn(t.Context(), turn(i, k)); err != nil {
					t.Errorf("%d, %d: %v", i, k, err)
				}
			}
			if err := w.AppendTurn(t.Context(), turn(i, 1)); err == nil {
				t.Errorf("%d: an id is used twice", i)
			}
			// Whoever is cancelled knows whether it was kept.
			ctx, cancel := context.WithCancel(t.Context())
			if i%2 == 0 {
				cancel()
			}
			go cancel()
			err := w.AppendTurn(ctx, turn(i, turns))
			if gone[i] = err != nil; gone[i] && !errors.Is(err, context.Canceled) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Go(func() {
		for i := range 5 {
			if err := fill(t.Context(), w, 50, int64(100*i)); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	for i := range sessions {
		kept, err := w.Turns(t.Context(), fmt.Sprint(i), 0)
		want := turns + 1
		if gone[i] {
			want = turns
		}
		if err != nil || len(kept) != want || !slices.IsSortedFunc(kept, func(a, b store.Turn) int { return a.Asked.Compare(b.Asked) }) {
			t.Fatalf("session %d: %d turns, not %d, %v", i, len(kept), want, err)
		}
	}
	if heads, err := w.FindTurns(t.Context(), store.TurnQuery{Session: "7"}); err != nil || len(heads) < turns || heads[0].Status != "answered" {
		t.Errorf("%v, %v", heads, err)
	}
}

// Where the file is locked for good nobody waits for ever, and nothing is kept
// later on.
func TestTurnsOfALockedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path, sqlite.WithBusyTimeout(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	other, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	b, err := other.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			err := w.AppendTurn(t.Context(), store.Turn{ID: fmt.Sprint(i), Session: "s", Asked: time.Unix(0, 0), Answer: []byte("{}")})
			if !errors.Is(err, store.ErrLocked) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	b.Rollback()
	if err := w.AppendTurn(t.Context(), store.Turn{ID: "later", Session: "s", Asked: time.Unix(0, 0), Answer: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Turns(t.Context(), "s", 0); err != nil || len(kept) != 1 {
		t.Errorf("%d turns, %v", len(kept), err)
	}
}
