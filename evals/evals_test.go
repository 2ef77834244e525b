package evals_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tesela/evals"
	"tesela/evals/sealed"
)

// worst is how many answers in a hundred cases may be wrong.
const worst = 5.0

// TestSuites asks the planner every question that is not sealed, of the data
// sets that are made here.
func TestSuites(t *testing.T) {
	suites, err := evals.Find(evals.Understanding)
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []evals.Outcome
	for _, s := range suites {
		if s.Data == "retail" {
			continue
		}
		data, err := evals.Open(t.Context(), s.Data)
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		for j := range s.Cases {
			outcomes = append(outcomes, data.Run(t.Context(), &s.Cases[j], time.Now))
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
