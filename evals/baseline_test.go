package evals

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// reportOf is a report of suites whose cases are the records'.
func reportOf(runs ...*ScoredRun) (*Report, []*Suite) {
	r := &Report{Format: 1, Repeat: 1, Runs: runs}
	var suites []*Suite
	for _, run := range runs {
		for _, rec := range run.Records {
			i := slices.IndexFunc(suites, func(s *Suite) bool { return s.Name == rec.Suite })
			if i < 0 {
				i = len(suites)
				suites = append(suites, &Suite{Name: rec.Suite})
				r.Suites = append(r.Suites, SuiteSummary{Name: rec.Suite})
			}
			suites[i].Cases = append(suites[i].Cases, Case{ID: rec.ID, Lang: rec.Lang, Cannot: true, Suite: rec.Suite})
		}
	}
	return r, suites
}

func TestBaselineKeepsTheWorstAndReadsBack(t *testing.T) {
	records := verdicts("s/one", "b", Right, "a", Wrong, `"q" \ é`, AskedRightly)
	records = append(records, Record{Suite: "s/one", ID: "b", Verdict: RefusedWrongly, Repeat: 1})
	records = append(records, verdicts("s/two", "a", Right)...)
	r, _ := reportOf(NewScoredRun("offline", "", records), NewScoredRun("offline", "typos", verdicts("s/one", "a", Right)))
	var slimText, fullText bytes.Buffer
	if err := r.WriteBaseline(&slimText); err != nil {
		t.Fatal(err)
	}
	want := `{"baseline": 1, "runs": [
{"model": "offline", "suites": {
"s/one": {
"\"q\" \\ é": "asked rightly",
"a": "wrong",
"b": "refused wrongly"
},
"s/two": {
"a": "right"
}
}},
{"model": "offline", "perturb": "typos", "suites": {
"s/one": {
"a": "right"
}
}}
]}
`
	if slimText.String() != want {
		t.Errorf("%s", slimText.String())
	}
	if err := json.NewEncoder(&fullText).Encode(r); err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{slimText.Bytes(), fullText.Bytes()} {
		b, err := ReadBaseline(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Runs) != 2 || b.Runs[1].Perturb != "typos" {
			t.Fatalf("%+v", b)
		}
		// Against itself nothing changed.
		p := Compare(b.Runs[0].Records, records)
		if p.Cases != 4 || len(p.Better)+len(p.Worse)+len(p.Changed)+len(p.New)+len(p.Vanished) > 0 {
			t.Errorf("%+v", p)
		}
	}
}

func TestBaselineRefusesOtherFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "read the baseline",
		"[]":                          "read the baseline",
		`{"cases": {}}`:               "neither",
		`{"baseline": 2, "runs": []}`: "neither",
		`{"baseline":1,"runs":[{"model":"m","suites":{"s":{"a":"fine"}}}]}`: `"fine"`,
		`{"format":1,"filter":["verdict=wrong"],"runs":[]}`:                 "verdict=wrong",
	} {
		if _, err := ReadBaseline([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func baselineOf(model string, records ...Record) *Baseline {
	return &Baseline{Runs: []BaselineRun{{Model: model, Records: records}}}
}

func TestAgainstBaseline(t *testing.T) {
	now := verdicts("s", "kept", Right, "worse", Wrong, "new", Wrong, "never", Wrong)
	base := append(verdicts("s", "kept", Right, "worse", Right, "gone", Right, "never", AskedNeedlessly), verdicts("other", "x", Right)...)
	r, suites := reportOf(NewScoredRun("offline", "", now))
	if err := r.Against(baselineOf("offline", base...), suites, nil); err != nil {
		t.Fatal(err)
	}
	if got := ids(r.Regressions()); !slices.Equal(got, []string{"worse"}) {
		t.Errorf("regressions %v", got)
	}
	c := r.Compare[0]
	if !slices.Equal(c.New, []string{"s new"}) || !slices.Equal(c.Vanished, []string{"s gone"}) || !slices.Equal(ids(c.Changed), []string{"never"}) {
		t.Errorf("%+v", c)
	}
	notes := strings.Join(r.Notes, "; ")
	if !strings.Contains(notes, "gone") || !strings.Contains(notes, "1 cases of the baseline are of suites that were not asked") {
		t.Errorf("notes: %s", notes)
	}
}

// A comparison of nothing must not pass for one.
func TestAgainstBaselineOfOtherCases(t *testing.T) {
	r, suites := reportOf(NewScoredRun("offline", "", verdicts("s", "a", Wrong)))
	for _, base := range [][]Record{verdicts("elsewhere", "a", Right), verdicts("s", "b", Right)} {
		err := r.Against(baselineOf("offline", base...), suites, nil)
		if err == nil || !strings.Contains(err.Error(), "none of the cases") || !strings.Contains(err.Error(), base[0].Suite) {
			t.Errorf("%s: %v", base[0].Suite, err)
		}
	}
}

// A case that the filter leaves out is not missed.
func TestAgainstBaselineFiltered(t *testing.T) {
	all := verdicts("s", "a-1", Right, "b-1", Right)
	_, suites := reportOf(NewScoredRun("offline", "", all))
	r, _ := reportOf(NewScoredRun("offline", "", all[:1]))
	if err := r.Against(baselineOf("offline", all...), suites, Filter{"id": {"a-"}}); err != nil {
		t.Fatal(err)
	}
	if c := r.Compare[0]; c.Cases != 1 || len(c.Vanished) > 0 || len(r.Notes) > 0 {
		t.Errorf("%+v, %v", c, r.Notes)
	}
}

func TestBaselineOfAnotherModel(t *testing.T) {
	now := verdicts("s", "a", Wrong)
	r, suites := reportOf(NewScoredRun("openai:x", "", now))
	if err := r.Against(baselineOf("offline", verdicts("s", "a", Right)...), suites, nil); err != nil || len(r.Regressions()) != 1 {
		t.Errorf("the only model of the baseline stands in: %v, %v", err, r.Regressions())
	}
	two := &Baseline{Runs: []BaselineRun{{Model: "offline", Records: now}, {Model: "b", Records: now}}}
	r, suites = reportOf(NewScoredRun("openai:x", "", now))
	if err := r.Against(two, suites, nil); err == nil || !strings.Contains(err.Error(), "offline, b") {
		t.Errorf("nothing to compare with is %v", err)
	}
	r, suites = reportOf(NewScoredRun("offline", "typos", now))
	if err := r.Against(baselineOf("offline", now...), suites, nil); err == nil {
		t.Error("noise is held against a run without")
	}
}

func TestThresholds(t *testing.T) {
	records := sample() // 6 of 14 correct, 2 of 14 wrong, 4 of 5 grounded, a gap of 66.7 points
	byName := map[string]Threshold{}
	for _, th := range Thresholds {
		byName[th.Name] = th
	}
	for _, c := range []struct {
		name  string
		limit float64
		met   bool
	}{
		{"min-correct", 6.0 / 14, true},
		{"min-correct", 0.43, false},
		{"max-wrong", 2.0 / 14, true},
		{"max-wrong", 0.14, false},
		{"min-right", 0.57, true},
		{"min-right", 0.58, false},
		{"min-coverage", 0.66, true},
		{"min-coverage", 0.67, false},
		{"min-precision", 0.6, true},
		{"min-precision", 0.61, false},
		{"min-grounded", 0.8, true},
		{"min-grounded", 0.81, false},
		{"max-failed", 0.08, true},
		{"max-failed", 0.07, false},
		{"max-gap", 66.7, true},
		{"max-gap", 66.6, false},
	} {
		r, _ := reportOf(NewScoredRun("m", "", records))
		r.Hold(byName[c.name], c.limit)
		if len(r.Checks) != 1 || r.Checks[0].Met != c.met || (len(r.Missed()) == 0) != c.met {
			t.Errorf("%s %v: %+v", c.name, c.limit, r.Checks)
		}
	}
	// A rate of nothing meets nothing.
	r, _ := reportOf(NewScoredRun("m", "", records[10:12]))
	r.Hold(byName["min-precision"], 0)
	if len(r.Missed()) != 1 || !r.Checks[0].None || !strings.Contains(r.Checks[0].String(), "no case") {
		t.Errorf("%+v", r.Checks)
	}
}

func TestDropIsHeld(t *testing.T) {
	plain := verdicts("s", "a", Right, "b", Right, "c", Right, "d", Wrong)
	noisy := verdicts("s", "a", Right, "b", AskedNeedlessly, "c", Right, "d", Wrong)
	r, _ := reportOf(NewScoredRun("m", "", plain), NewScoredRun("m", "typos", noisy))
	r.compareRuns()
	for limit, met := range map[float64]bool{25: true, 24.9: false} {
		r.Checks = nil
		r.Hold(Thresholds[len(Thresholds)-1], limit)
		if len(r.Checks) != 1 || r.Checks[0].Met != met {
			t.Errorf("%v: %+v", limit, r.Checks)
		}
	}
	// Noise is held to the drop alone: min-correct looks at the plain run.
	r.Checks = nil
	r.Hold(Thresholds[0], 0.75)
	if len(r.Checks) != 1 || !r.Checks[0].Met {
		t.Errorf("%+v", r.Checks)
	}
}
