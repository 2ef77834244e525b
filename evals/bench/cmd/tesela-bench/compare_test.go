package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"tesela/evals/bench"
)

// kept writes a report of one question whose ten pairs take so long.
func kept(t *testing.T, name string, tesela float64) string {
	t.Helper()
	times := &bench.Times{}
	for i := range 10 {
		times.Tesela = append(times.Tesela, tesela+float64(i)/100)
		times.DuckDB = append(times.DuckDB, 7+float64(i*3%10)/100)
	}
	r := &bench.Report{Size: "tiny", Commit: name, Formulas: &bench.Contest{Results: []bench.Result{{Name: "frequency", Times: times}}}}
	path := filepath.Join(t.TempDir(), name+".json")
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCompareFails(t *testing.T) {
	quick, slow := kept(t, "quick", 1), kept(t, "slow", 1.5)
	for _, k := range []struct {
		args string
		fail string
	}{
		{"-fail-on slower", "formulas: frequency is slower"},
		{"-fail-on different", "formulas: frequency is slower"},
		{"", ""},
	} {
		var out bytes.Buffer
		err := compare(&out, append(strings.Fields(k.args), quick, slow))
		if (err == nil) != (k.fail == "") || err != nil && !strings.Contains(err.Error(), k.fail) {
			t.Errorf("%q: %v", k.args, err)
		}
		if !strings.Contains(out.String(), "slower, +") {
			t.Errorf("%q prints\n%s", k.args, out.String())
		}
	}
	var out bytes.Buffer
	if err := compare(&out, []string{"-fail-on", "slower", slow, quick}); err != nil {
		t.Errorf("what is faster fails: %v", err)
	}
	if err := compare(&out, []string{"-fail-on", "slower", slow, slow}); err != nil {
		t.Errorf("the same fails: %v", err)
	}
	for _, bad := range [][]string{{quick}, {"-fail-on", "worse", quick, slow}, {"-of", "sun", quick, slow}, {"-alpha", "2", quick, slow}} {
		if err := compare(&out, bad); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestCompareJSON(t *testing.T) {
	var out bytes.Buffer
	if err := compare(&out, []string{"-json", kept(t, "before", 2), kept(t, "after", 1)}); err != nil {
		t.Fatal(err)
	}
	var c bench.Comparison
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	q := c.Contests[0].Questions[0]
	if q.Verdict != bench.Faster || q.Factor < 0.49 || q.Factor > 0.52 || q.Low > q.Factor || q.High < q.Factor {
		t.Errorf("%+v", q)
	}
}
