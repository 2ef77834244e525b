package evals_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/evals"
	"tesela/evals/sealed"
)

// worst is the part of the cases that may be answered wrongly, least the part that
// has to go well.
const (
	worst = 0.01
	least = 0.95
)

// TestSuites asks the planner every question that is not sealed, of the data
// sets that are made here.
func TestSuites(t *testing.T) {
	suites, err := evals.Find(evals.Understanding)
	if err != nil {
		t.Fatal(err)
	}
	report, err := evals.Run(t.Context(), evals.Options{
		Suites: slices.DeleteFunc(suites, func(s *evals.Suite) bool { return s.Data == "retail" }),
		Models: []evals.Asked{{Name: "offline"}}, Jobs: 2, Clock: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	var rates strings.Builder
	if err := evals.WriteRates(&rates, report.Runs[0].Records); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + rates.String())
	score := report.Runs[0].Score
	if score.Wrong.Rate > worst {
		t.Errorf("%s answered wrongly, at most %.1f%% may be", score.Wrong, 100*worst)
	}
	if score.Correct.Rate < least {
		t.Errorf("%s went well, at least %.0f%% are to", score.Correct, 100*least)
	}
	if score.Failed.N > 0 {
		t.Errorf("%d failed", score.Failed.N)
	}
}

// TestGolds runs every gold, sealed or not: it is a valid call, and its
// figures say something.
func TestGolds(t *testing.T) {
	suites, err := evals.Find(evals.Shipped()...)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := evals.Load(sealed.Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range hidden {
		for i := range s.Cases {
			s.Cases[i].Sealed = true
		}
	}
	byData := map[string][]*evals.Suite{}
	for _, s := range append(suites, hidden...) {
		byData[s.Data] = append(byData[s.Data], s)
	}
	for name, suites := range byData {
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
			for _, s := range suites {
				for i := range s.Cases {
					c := &s.Cases[i]
					if !strings.HasPrefix(s.Name, evals.Audited) && !c.InPlace() {
						t.Errorf("%s lies in the wrong folder", c.ID)
					}
					for _, fault := range data.CheckGolds(t.Context(), c) {
						t.Error(fault)
					}
				}
			}
		})
	}
}
