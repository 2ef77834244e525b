package tools_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"tesela/tools"
)

// With a goal, each group's share of those who serve it is that of the
// customers in any of the groups that propose_segments names for it, counted
// by formula; and the groups come by it.
func TestMicrosegmentsForAGoal(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a demo")
	}
	ws, _ := demoWorld(t, 3000)
	box := tools.NewBox(ws)
	call := func(tool string, args any) *tools.Result {
		t.Helper()
		b, err := json.Marshal(args)
		must(t, err)
		r, err := box.Call(t.Context(), tools.Caller{Language: "en"}, tool, b)
		must(t, err)
		return r
	}
	serving := call("propose_segments", map[string]any{"goal": "win back", "min_size": 1, "top": 20})
	var all []string
	for _, s := range serving.Segments {
		all = append(all, "("+s.Formula+")")
	}
	r := call("find_microsegments", map[string]any{"goal": "win back"})
	if len(r.Rows) < 5 || r.Columns[4].Name != "serves" {
		t.Fatalf("%d groups, columns %+v", len(r.Rows), r.Columns)
	}
	last, served := 1.0, 0
	for i, s := range r.Segments {
		count := call("count_segment", map[string]any{"formula": "(" + s.Formula + ") and (" + strings.Join(all, " or ") + ")"})
		got, want := r.Rows[i][4].(float64), float64(count.Values["size"].(int))/float64(s.Size)
		if math.Abs(got-want) > 0.0001 || got > last {
			t.Errorf("%s: %v serve it, counted %v, the one before %v", s.Name, got, want, last)
		}
		if last = got; got > 0 {
			served++
		}
	}
	if served == 0 || served == len(r.Rows) {
		t.Errorf("%d of %d groups serve the goal", served, len(r.Rows))
	}
	if _, err := box.Call(t.Context(), tools.Caller{Language: "en"}, "find_microsegments", json.RawMessage(`{"goal":"zorp"}`)); err == nil || !strings.Contains(err.Error(), "no goal is known") {
		t.Errorf("an unknown goal: %v", err)
	}
}
