package tools_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tesela/tools"
)

// By hand, from April on: c1 was silent since 10 January and c3 since 1
// February, 60 days at the end of 1 April; c4 since 15 March, so at the end of
// 14 May. Last calls at the ends of 1 May (c1, c3) and 13 June (c4). c1 is back
// on 20 May; for c3 removal is proposed at the end of 31 May, and he buys on 29
// June. c4 waits after his last call. c7 never did anything.
func TestSimulateReengagement(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{}, "simulate_reengagement", tools.SimulateReengagementArgs{From: "2024-04-01"})
	want := map[string]any{
		"messages": 3, "message_returns": 0, "last_calls": 3, "last_call_returns": 1, "removals": 1, "removal_returns": 1, "removal_buyers": 1,
		"customers": 3, "already_silent": 2, "barred": 0, "never_active": 1, "waiting": 1, "from": "2024-04-01", "to": "2024-06-30",
	}
	for name, v := range want {
		if r.Values[name] != v {
			t.Errorf("%s is %v, want %v", name, r.Values[name], v)
		}
	}
	rows := map[string][]any{}
	for _, row := range r.Rows {
		rows[row[0].(string)] = row[1:]
	}
	for week, want := range map[string][]any{
		"2024-W14": {2, 0, 0, 0, 0, 0, 0}, // 1 to 7 April
		"2024-W18": {0, 0, 2, 1, 0, 0, 0}, // 29 April to 5 May
		"2024-W20": {1, 0, 0, 0, 0, 0, 0},
		"2024-W22": {0, 0, 0, 0, 1, 1, 1}, // 27 May to 2 June
		"2024-W24": {0, 0, 1, 0, 0, 0, 0},
	} {
		if !slices.Equal(rows[week], want) {
			t.Errorf("week %s: %v, want %v", week, rows[week], want)
		}
	}
	if len(r.Rows) != 13 {
		t.Errorf("%d weeks, want 13", len(r.Rows))
	}
	sizes := []int{0, 1, 0}
	if len(r.Segments) != len(sizes) {
		t.Fatalf("%d segments: %+v", len(r.Segments), r.Segments)
	}
	for k, s := range r.Segments {
		counted := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: s.Formula})
		if s.Size != sizes[k] || counted.Values["size"] != s.Size {
			t.Errorf("%s: %d customers, counted %v, want %d", s.Name, s.Size, counted.Values["size"], sizes[k])
		}
		if s.Text == "" || s.Action == "" {
			t.Errorf("%s lacks a text or what to do: %+v", s.Name, s)
		}
	}
}

// Orders alone as activity, other days, some customers, an earlier end.
func TestSimulateReengagementAsAsked(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{}, "simulate_reengagement", tools.SimulateReengagementArgs{
		Formula: `country = "Germany"`, Events: []string{"order", "`order`"}, Days: 10, LastCall: 5, Remove: 5, From: "2024-04-01", To: "2024-06-10",
	})
	// Of the Germans c6 never ordered; c1 was silent from the start, back on 20
	// May; silent again since, back at 18:30 on 10 June, which is no more in the
	// time played. c2 ordered on 1 June alone.
	want := map[string]any{
		"messages": 2, "message_returns": 0, "last_calls": 2, "last_call_returns": 0, "removals": 2, "removal_returns": 1, "removal_buyers": 1,
		"customers": 1, "already_silent": 1, "never_active": 1, "to": "2024-06-09",
	}
	for name, v := range want {
		if r.Values[name] != v {
			t.Errorf("%s is %v, want %v", name, r.Values[name], v)
		}
	}
	for _, s := range r.Segments {
		if !strings.HasPrefix(s.Formula, `country = "Germany" and engagement(order, last `) {
			t.Errorf("the formula is %s", s.Formula)
		}
	}
}

func TestSimulateReengagementFaults(t *testing.T) {
	box := tools.NewBox(shop(t, true))
	for _, c := range []struct{ args, field, nearest string }{
		{`{"events": ["ordr"]}`, "events", "order"},
		{`{"from": "2024-06-01", "to": "2024-05-01"}`, "from", ""},
		{`{"from": "1900-01-01"}`, "from", ""},
		{`{"from": "some day"}`, "from", ""},
		{`{"formula": "contry = \"Germany\""}`, "formula", "country"},
		{`{"days": 0}`, "days", ""},
	} {
		_, err := box.Call(context.Background(), tools.Caller{}, "simulate_reengagement", json.RawMessage(c.args))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || c.nearest != "" && !slices.Contains(bad.Nearest, c.nearest) {
			t.Errorf("%s: %v", c.args, err)
		}
	}
}
