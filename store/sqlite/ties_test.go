//go:build cgo

package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// orders imports n rows, two or three to an order. Of stray rows one in so many
// continues an older order, and as many have no id; 0: none.
func orders(ctx context.Context, r *rand.Rand, w store.Workspace, round, n, stray int) error {
	b, err := w.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	rows := &column.Rows{}
	id := func(who, round, k int) uint32 {
		return b.EventIDs("order").Code(fmt.Appendf(nil, "%d-%d-%d", who, round, k))
	}
	for k := range n {
		who, at := r.IntN(50+round), r.Int64N(2000)
		code := id(who, round, k)
		if stray > 0 && r.IntN(stray) == 0 {
			code = id(who, r.IntN(round+1), r.IntN(n))
		}
		for range 2 + k%2 {
			rows.Customers = append(rows.Customers, b.Customers().Code(strconv.AppendInt(nil, int64(who), 10))-1)
			rows.Times = append(rows.Times, at*1e6)
			if stray > 0 && r.IntN(stray) == 0 {
				rows.IDs = append(rows.IDs, 0)
			} else {
				rows.IDs = append(rows.IDs, code)
			}
			if stray > 0 && r.IntN(stray) == 0 {
				at += r.Int64N(100)
			}
		}
	}
	if _, err := b.AddRows(ctx, "order", rows); err != nil {
		return err
	}
	return b.Commit(ctx)
}

func loadOrders(t *testing.T, w store.Workspace, firsts bool) *column.Table {
	t.Helper()
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{"order": nil}, Firsts: firsts})
	if err != nil {
		t.Fatal(err)
	}
	return world.Tables["order"]
}

// checkTies holds what a handle tells of events to their ids.
func checkTies(t *testing.T, doing string, ids, got *column.Table) {
	t.Helper()
	torn := false
	for k := range ids.Who {
		seen := map[uint32]bool{}
		for row := ids.Starts[k]; row < ids.Starts[k+1]; row++ {
			id := ids.IDs[row]
			torn = torn || id != 0 && seen[id] && ids.IDs[row-1] != id
			seen[id] = true
		}
	}
	if got.Scattered != torn {
		t.Fatalf("%s: scattered %v, want %v", doing, got.Scattered, torn)
	}
	if torn {
		if got.Firsts != nil || !slices.Equal(got.IDs, ids.IDs) {
			t.Fatalf("%s: not the ids of scattered events", doing)
		}
		return
	}
	if got.IDs != nil || !got.Tied() {
		t.Fatalf("%s: ids, though they were not asked for", doing)
	}
	want := make([]uint64, ids.Len()/64+2)
	ids.FindFirsts(0, len(ids.Who), want)
	if !slices.Equal(got.Firsts, want) {
		t.Fatalf("%s: events begin elsewhere", doing)
	}
}

// TestEventsAreToldWithoutIDs imports orders bit by bit and asks which rows
// begin one: a handle that adds new rows to what it holds, one that reads
// merged parts, and one of a file that knows of no such bits, as older
// programs wrote them.
func TestEventsAreToldWithoutIDs(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 23))
		stray := []int{0, 0, 0, 300, 40, 0, 1000, 8}[seed]
		path := filepath.Join(t.TempDir(), "shop.db")
		w, err := sqlite.Create(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		for round := range 14 {
			n := 1 + r.IntN(40)
			if round == 0 {
				n = 400 + int(seed)*16
			}
			if err := orders(t.Context(), r, w, round, n, stray); err != nil {
				t.Fatal(err)
			}
			if r.IntN(4) == 0 {
				continue
			}
			doing := fmt.Sprintf("seed %d, round %d", seed, round)
			fresh, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			told := loadOrders(t, fresh, true)
			ids := loadOrders(t, fresh, false)
			fresh.Close()
			checkTies(t, doing, ids, told)
			checkTies(t, doing+", held", ids, loadOrders(t, w, true))
			if r.IntN(5) == 0 && !slices.Equal(loadOrders(t, w, false).IDs, ids.IDs) {
				t.Fatalf("%s: other ids are held", doing)
			}
		}
		w.Close()
		forget(t, path)
		if w, err = sqlite.Open(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		told := loadOrders(t, w, true)
		checkTies(t, fmt.Sprintf("seed %d, older file", seed), loadOrders(t, w, false), told)
		for round := 14; round < 18; round++ {
			if err := orders(t.Context(), r, w, round, 5, stray); err != nil {
				t.Fatal(err)
			}
			told := loadOrders(t, w, true)
			checkTies(t, fmt.Sprintf("seed %d, older file with new rows", seed), loadOrders(t, w, false), told)
		}
	}
}

// forget makes a file as older programs wrote it: without bits of first rows.
func forget(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		"DELETE FROM chunk WHERE field = -6",
		"UPDATE part SET columns = trim(replace(' ' || columns || ' ', ' -6 ', ' '))",
	} {
		done, err := db.Exec(query)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := done.RowsAffected(); n == 0 {
			t.Fatalf("%s: nothing to do", query)
		}
	}
}
