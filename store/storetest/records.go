package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/store"
)

// records compares what is kept with a map, through claims, replacements and
// time going by.
func records(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	before, err := w.Fingerprint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	record := func(kind, key, body string, until time.Time) store.Record {
		return store.Record{Kind: kind, Key: key, Body: json.RawMessage(body), Until: until}
	}
	claim := func(r store.Record, at time.Time, want bool) {
		t.Helper()
		if got, err := w.ClaimRecord(ctx, r, at); err != nil || got != want {
			t.Fatalf("claim of %s %s: %v, %v; want %v", r.Kind, r.Key, got, err, want)
		}
	}
	list := func(kind string, at time.Time, want ...store.Record) {
		t.Helper()
		got, err := w.Records(ctx, kind, at)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: %v, %v; want %v", kind, got, err, want)
		}
	}
	list("heard", now)
	hour := now.Add(time.Hour)
	claim(record("heard", "b", `1`, hour), now, true)
	claim(record("heard", "b", `2`, hour), now, false)
	claim(record("heard", "a", `{"x": "é"}`, time.Time{}), now, true)
	claim(record("other", "b", `3`, hour), now, true)
	list("heard", now, record("heard", "a", `{"x": "é"}`, time.Time{}), record("heard", "b", `1`, hour))
	// At its end it no longer counts, and can be claimed anew.
	list("heard", hour, record("heard", "a", `{"x": "é"}`, time.Time{}))
	claim(record("heard", "b", `4`, hour.Add(time.Hour)), hour, true)
	list("heard", hour, record("heard", "a", `{"x": "é"}`, time.Time{}), record("heard", "b", `4`, hour.Add(time.Hour)))
	list("other", now, record("other", "b", `3`, hour))
	if err := w.PutRecord(ctx, record("heard", "a", `5`, hour.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if err := w.DropRecord(ctx, "heard", "b"); err != nil {
		t.Fatal(err)
	}
	if err := w.DropRecord(ctx, "heard", "none"); err != nil {
		t.Fatal(err)
	}
	list("heard", hour, record("heard", "a", `5`, hour.Add(time.Hour)))
	for _, bad := range []store.Record{record("", "k", `1`, hour), record("k", "", `1`, hour), record("k", "k", ``, hour), record("k", "k", `{`, hour)} {
		if err := w.PutRecord(ctx, bad); err == nil {
			t.Errorf("%+v was kept", bad)
		}
		if _, err := w.ClaimRecord(ctx, bad, now); err == nil {
			t.Errorf("%+v was claimed", bad)
		}
	}
	if after, err := w.Fingerprint(ctx); err != nil || after != before {
		t.Errorf("the fingerprint became %s, %v", after, err)
	}
}

// recordsClaimed has many claim the same records at once: each has one owner.
func recordsClaimed(t *testing.T, w store.Workspace) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var owners [5]atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for k := range owners {
				r := store.Record{Kind: "heard", Key: fmt.Sprint(k), Body: json.RawMessage(`true`), Until: now.Add(time.Hour)}
				kept, err := w.ClaimRecord(t.Context(), r, now)
				if err != nil {
					t.Error(err)
				}
				if kept {
					owners[k].Add(1)
				}
			}
		})
	}
	all.Wait()
	for k := range owners {
		if n := owners[k].Load(); n != 1 {
			t.Errorf("record %d has %d owners", k, n)
		}
	}
}
