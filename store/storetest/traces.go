package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/store"
)

// traces compares what is kept and found with what a reader of the list would
// pick.
func traces(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	before, err := w.Fingerprint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2025, 3, 1, 0, 0, 0, 7000, time.UTC)
	var kept []store.Trace
	for i, c := range []struct{ id, session, status, model string }{
		{"a", "s", "answered", "offline"},
		{"b", "", "answered", "openai:x"},
		{"c", "s", "cancelled", "openai:x"},
		{"a", "s", "answered", "openai:x"}, // asked again
		{"d", "¿s?", "error", "offline"},
	} {
		one := store.Trace{TraceHead: store.TraceHead{
			ID: c.id, Session: c.session, Asked: day.Add(time.Duration(i) * 12 * time.Hour), Status: c.status, Model: c.model,
			Rounds: i, Calls: 2 * i, InputTokens: 1000 * i, OutputTokens: i + 1, Cost: float64(i) / 7, ElapsedMS: float64(i) * 1.5,
		}, Body: json.RawMessage(fmt.Sprintf(`{"n": %d, "text": "%s"}`, i, strings.Repeat("año ", 5000)))}
		if err := w.AppendTrace(ctx, one); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, one)
	}
	for i, c := range []struct {
		q    store.TraceQuery
		want []int
	}{
		{store.TraceQuery{}, []int{4, 3, 2, 1, 0}},
		{store.TraceQuery{Limit: 2}, []int{4, 3}},
		{store.TraceQuery{Session: "s"}, []int{3, 2, 0}},
		{store.TraceQuery{Session: "¿s?", Limit: 9}, []int{4}},
		{store.TraceQuery{Status: "cancelled"}, []int{2}},
		{store.TraceQuery{Model: "openai:x", Session: "s"}, []int{3, 2}},
		{store.TraceQuery{Since: day.Add(24 * time.Hour)}, []int{4, 3, 2}},
		{store.TraceQuery{Since: day.Add(24*time.Hour + time.Microsecond)}, []int{4, 3}},
		{store.TraceQuery{Model: "none"}, nil},
	} {
		heads, err := w.FindTraces(ctx, c.q)
		if err != nil {
			t.Fatal(err)
		}
		var want []store.TraceHead
		for _, k := range c.want {
			want = append(want, kept[k].TraceHead)
		}
		if !slices.Equal(heads, want) {
			t.Errorf("%d: %+v finds %+v, want %+v", i, c.q, heads, want)
		}
	}
	for id, want := range map[string]int{"a": 3, "b": 1, "c": 2, "d": 4} { // the newest of an id
		if got, err := w.Trace(ctx, id); err != nil || !reflect.DeepEqual(got, kept[want]) {
			t.Errorf("%s: %+v, %v", id, got.TraceHead, err)
		}
	}
	if _, err := w.Trace(ctx, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v", err)
	}
	for _, bad := range []store.Trace{{Body: json.RawMessage(`{}`)}, {TraceHead: store.TraceHead{ID: "x"}}, {TraceHead: store.TraceHead{ID: "x"}, Body: json.RawMessage(`{"a"`)}} {
		if w.AppendTrace(ctx, bad) == nil {
			t.Errorf("%+v was kept", bad)
		}
	}
	if after, err := w.Fingerprint(ctx); err != nil || after != before {
		t.Errorf("the fingerprint became %s, %v", after, err)
	}
}

// newestTraces keeps more than there is room for.
func newestTraces(t *testing.T, w store.Workspace) {
	if testing.Short() {
		t.Skip("keeps 10,050 traces")
	}
	ctx := t.Context()
	const more = 50
	for i := range store.KeptTraces + more {
		one := store.Trace{TraceHead: store.TraceHead{ID: fmt.Sprint("id", i), Asked: time.Unix(int64(i), 0).UTC(), Status: "answered"}, Body: json.RawMessage(`{}`)}
		if err := w.AppendTrace(ctx, one); err != nil {
			t.Fatal(err)
		}
	}
	heads, err := w.FindTraces(ctx, store.TraceQuery{})
	if err != nil || len(heads) != store.KeptTraces || heads[len(heads)-1].ID != fmt.Sprint("id", more) {
		t.Fatalf("%d kept, %v", len(heads), err)
	}
	if _, err := w.Trace(ctx, fmt.Sprint("id", more-1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("one too many is there: %v", err)
	}
	if _, err := w.Trace(ctx, fmt.Sprint("id", more)); err != nil {
		t.Error(err)
	}
}
