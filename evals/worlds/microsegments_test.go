package worlds_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/tools"
)

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// In other trades too most groups are told by four conditions, every formula
// counts what is said of it, and names are short and told once.
func TestMicrosegmentsOfOtherTrades(t *testing.T) {
	for _, name := range []string{"casino", "gym", "saas"} {
		t.Run(name, func(t *testing.T) {
			ws, _ := fill(t, name, 0)
			box := tools.NewBox(ws)
			told := 0
			who := tools.Caller{Language: "es", Progress: func(string, int, int) { told++ }}
			r, err := box.Call(t.Context(), who, "find_microsegments", json.RawMessage(`{}`))
			noError(t, err)
			if readable := r.Values["readable"].(float64); readable < 0.8 || told == 0 {
				t.Errorf("readable %v, progress told %d times", readable, told)
			}
			names := map[string]bool{}
			for k, s := range r.Segments {
				if names[s.Name] || len([]rune(s.Name)) > 90 || s.Action == "" || s.Evidence == "" {
					t.Errorf("%+v", s)
				}
				names[s.Name] = true
				f, err := syntax.Parse(s.Formula)
				noError(t, err)
				if n := len(segment.Conditions(f)); n > 4 {
					t.Errorf("%d conditions: %s", n, s.Formula)
				}
				args, err := json.Marshal(tools.CountSegmentArgs{Formula: s.Formula})
				noError(t, err)
				c, err := box.Call(t.Context(), tools.Caller{Language: "en"}, "count_segment", args)
				noError(t, err)
				if c.Values["size"] != s.Size || r.Rows[k][0] != s.Name || r.Rows[k][2] != s.Size {
					t.Errorf("%s: counted %v, told %d, row %v", s.Formula, c.Values["size"], s.Size, r.Rows[k])
				}
			}
			again, err := box.Call(t.Context(), tools.Caller{Language: "es"}, "find_microsegments", json.RawMessage(`{"formula": "everyone"}`))
			noError(t, err)
			if again.Fingerprint != r.Fingerprint {
				t.Error("not the same again")
			}
		})
	}
}

// Layers are checked, and one's own are named and clustered in.
func TestMicrosegmentLayers(t *testing.T) {
	ws, _ := fill(t, "gym", 0)
	box := tools.NewBox(ws)
	call := func(args string) (*tools.Result, error) {
		return box.Call(t.Context(), tools.Caller{Language: "en"}, "find_microsegments", json.RawMessage(args))
	}
	r, err := call(`{"layers": ["classes: count(booking where class_type = \"pilates\") / count(booking); count(check_in, last 90d)"], "min_size": 60}`)
	noError(t, err)
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "classes in ") || strings.Contains(n, "classes cut") }) {
		t.Errorf("no stage is parted by the layer: %v", r.Notes)
	}
	for args, want := range map[string]string{
		`{"layers": ["behavior"]}`:                                    "behaviour",
		`{"layers": ["behaviour", "Behaviour"]}`:                      "two layers",
		`{"layers": ["mine: count(bookin)"]}`:                         "booking",
		`{"layers": ["mine:"]}`:                                       "no values",
		`{"layers": ["value: count(booking)"]}`:                       "built-in",
		`{"formula": "country ="}`:                                    "",
		`{"max_k": 9}`:                                                "",
		`{"layers": ["mine: count(booking where class_type = \"x;"]}`: "",
	} {
		if _, err := call(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	nobody, err := call(`{"formula": "nobody"}`)
	noError(t, err)
	if nobody.Values["groups"] != 0 || len(nobody.Rows) != 0 {
		t.Errorf("%+v", nobody.Values)
	}
}
