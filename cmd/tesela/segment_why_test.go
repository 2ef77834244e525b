package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The verbs that ask what a definition does to people, end to end on a file,
// worked out by hand: as of 3 March 2024 in Madrid, a ordered on 1 and 2
// March, b on 2 March, c and d never; a and c are Germans.
func TestSegmentSaysWhyAndWhatIf(t *testing.T) {
	db := smallShop(t)
	if code, _, errs := callOn(t, db, "", "segment", "save", "Buyers", "count(order) >= 1"); code != exitOK {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		args  []string
		wants []string
	}{
		{
			[]string{"why", "count(order, last 1d) >= 2", "--customer", "a"},
			[]string{
				"a is out of the segment (0 of 1 conditions hold)", "fails  count(order, last 1d) >= 2: has 1, needs >= 2", "2024-03-02T13:00:00+01:00",
				"1 more “order”, for instance on 2024-03-02",
			},
		},
		{
			[]string{"why", "Buyers", "--customer", "b", "--lang", "es"},
			[]string{"b is in the segment (1 of 1 conditions hold)", "Cambio mínimo con el que el cliente saldría: 1 «order» menos: sin 2024-03-02"},
		},
		// A person sees a personal trait.
		{[]string{"why", "email is set", "--customer", "a"}, []string{"has a@example.com, needs is set", "no “email” instead of a@example.com"}},
		{
			[]string{"diff", "Buyers", `country = "Germany"`},
			[]string{"from  2 customers: ", "to    2 customers: ", "gained 1, lost 1, kept 1", "gained: c", "lost: b", `changed count(order) >= 1 to country = "Germany"`},
		},
		{
			[]string{"sensitivity", "Buyers"},
			[]string{"2 of 4 customers (50.0%)", "threshold 1: 1 in count(order) >= 1", "2        0      1     1  25.0%", "0 come in and 2 leave"},
		},
		{[]string{"sensitivity", "count(order, last 1d) >= 1", "--threshold", "1", "--to", "3d,2w"}, []string{"3d        0      0     2  50.0%"}},
		{
			[]string{"explain", `country = "Germany" and count(order, last 1d) >= 1`},
			[]string{"1 of 4 customers (25.0%)", "Each condition alone:", "2: customers", "How it is evaluated:", "as of 2024-03-02T23:00:00Z in Europe/Madrid", "scan 1: order, ["},
		},
	} {
		code, out, errs := callOn(t, db, "", append([]string{"segment"}, c.args...)...)
		if code != exitOK || errs != "" {
			t.Errorf("%v: code %d, stderr %s", c.args, code, errs)
		}
		for _, want := range c.wants {
			if !strings.Contains(out, want) {
				t.Errorf("%v lacks %q:\n%s", c.args, want, out)
			}
		}
		// The same as JSON, with the shape of all results.
		code, out, _ = callOn(t, db, "", append([]string{"--json", "segment"}, c.args...)...)
		var r struct {
			Title       string
			Values      map[string]any
			Rows        [][]any
			Fingerprint string
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK || r.Title == "" || len(r.Rows) == 0 || !strings.HasPrefix(r.Fingerprint, "sha256:") {
			t.Errorf("%v as JSON: code %d, %v\n%s", c.args, code, err, out)
		}
		if c.args[0] == "explain" && !strings.Contains(out, `"plan": "as of`) {
			t.Errorf("%v as JSON has no plan:\n%s", c.args, out)
		}
	}
}

func TestSegmentWhyFaults(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"why", "everyone"}, exitUsage, "--customer is missing"},
		{[]string{"why", "everyone", "--customer", "z"}, exitUsage, `no customer has the id "z"`},
		{[]string{"why", "contry is set", "--customer", "a"}, exitUsage, "^^^^^^"},
		{[]string{"why", "everyone", "--customer", "a", "--events", "0"}, exitUsage, "--events 0"},
		{[]string{"why", "everyone", "--customer", "a", "--as-of", "soon"}, exitUsage, "--as-of"},
		{[]string{"diff", "everyone"}, exitUsage, "accepts 2 arg"},
		{[]string{"diff", "everyone", "count(ordr) >= 1"}, exitUsage, "nearest: order"},
		{[]string{"diff", "everyone", "everyone", "--sample", "-1"}, exitUsage, "--sample -1"},
		{[]string{"sensitivity", "count(order) >= 1", "--threshold", "2"}, exitUsage, "1 threshold"},
		{[]string{"sensitivity", "count(order) >= 1", "--threshold", "-2"}, exitUsage, "--threshold -2"},
		{[]string{"sensitivity", "count(order) >= 1", "--to", "many"}, exitUsage, "no number"},
		{[]string{"explain", "coutry is set"}, exitUsage, "nearest: country"},
	} {
		code, out, errs := callOn(t, db, "", append([]string{"segment"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.stderr) {
			t.Errorf("%v: code %d, stdout %q, stderr %s", c.args, code, out, errs)
		}
	}
}
