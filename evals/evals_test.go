package evals_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tesela/evals"
)

// worst is how many answers in a hundred cases may be wrong.
const worst = 5.0

// TestSuites asks the planner every question that is not sealed, of the data
// sets that are made here.
func TestSuites(t *testing.T) {
	suites, err := evals.Load(false)
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []evals.Outcome
	for i := range suites {
		if suites[i].Data == "retail" {
			continue
		}
		data, err := evals.Open(t.Context(), suites[i].Data)
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		for j := range suites[i].Cases {
			outcomes = append(outcomes, data.Run(t.Context(), &suites[i].Cases[j], time.Now))
		}
	}
	var report strings.Builder
	if err := evals.Report(&report, outcomes); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + report.String())
	tally := evals.Count(outcomes)
	if wrong := 100 * float64(tally[evals.Wrong]) / float64(tally.All()); wrong > worst {
		t.Errorf("%.1f%% answered wrongly, at most %.1f%% may be", wrong, worst)
	}
	if tally[evals.Failed] > 0 {
		t.Errorf("%d failed", tally[evals.Failed])
	}
}

// TestGolds runs every gold, sealed or not: it is a valid call, and its
// figures say something.
func TestGolds(t *testing.T) {
	byData := map[string][]evals.Case{}
	for _, sealed := range []bool{false, true} {
		suites, err := evals.Load(sealed)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range suites {
			byData[s.Data] = append(byData[s.Data], s.Cases...)
		}
	}
	for name, cases := range byData {
		t.Run(name, func(t *testing.T) {
			if name == "retail" && testing.Short() {
				t.Skip("half a million rows")
			}
			data, err := evals.Open(t.Context(), name)
			if errors.Is(err, evals.ErrMissing) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer data.Close()
			for i := range cases {
				checkGolds(t, data, &cases[i])
			}
		})
	}
}

func checkGolds(t *testing.T, data *evals.Data, c *evals.Case) {
	if !c.InPlace() {
		t.Errorf("%s lies in the wrong folder", c.ID)
	}
	for _, g := range append(c.Golds(), c.Choices...) {
		r, err := data.Gold(t.Context(), g)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		if trivial := evals.Trivial(g, r); trivial != "" {
			t.Errorf("%s: %s", c.ID, trivial)
		}
		tool, _, err := g.Call()
		if err != nil || !evals.Same(g, r, tool, r) {
			t.Errorf("%s: a gold is not the same as itself", c.ID)
		}
	}
}
