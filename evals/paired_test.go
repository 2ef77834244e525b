package evals

import (
	"fmt"
	"slices"
	"testing"
)

func verdicts(suite string, of ...any) []Record {
	var records []Record
	for i := 0; i < len(of); i += 2 {
		records = append(records, Record{Suite: suite, ID: of[i].(string), Verdict: of[i+1].(Verdict), Kind: Answerable, Question: []string{"q " + of[i].(string)}})
	}
	return records
}

func ids(changes []Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, c.ID)
	}
	return all
}

func TestCompareRuns(t *testing.T) {
	then := verdicts("s", "a", Right, "b", Right, "c", Wrong, "d", AskedNeedlessly, "e", RefusedRightly, "gone", Right)
	now := verdicts("s", "e", RefusedRightly, "a", Wrong, "b", AskedRightly, "c", Right, "d", Wrong, "new", Wrong)
	p := Compare(then, now)
	if !slices.Equal(ids(p.Worse), []string{"a"}) || !slices.Equal(ids(p.Better), []string{"c"}) ||
		!slices.Equal(ids(p.Changed), []string{"b", "d"}) {
		t.Errorf("worse %v, better %v, changed %v", ids(p.Worse), ids(p.Better), ids(p.Changed))
	}
	if !slices.Equal(p.New, []string{"s new"}) || !slices.Equal(p.Vanished, []string{"s gone"}) || p.Cases != 5 || p.Passed != 3 || p.Passes != 3 {
		t.Errorf("%+v", p)
	}
	if w := p.Worse[0]; w.Then != Right || w.Now != Wrong || w.Question[0] != "q a" || p.P != 1 {
		t.Errorf("%+v, p %v", w, p.P)
	}
}

// A case of the same id in another suite is another case.
func TestCompareKeepsSuitesApart(t *testing.T) {
	p := Compare(append(verdicts("s", "a", Right), verdicts("t", "a", Wrong)...), append(verdicts("t", "a", Wrong), verdicts("s", "a", Right)...))
	if p.Cases != 2 || len(p.Worse)+len(p.Better)+len(p.Changed) > 0 {
		t.Errorf("%+v", p)
	}
}

// One failure among repeats is a failure, in whichever order they come.
func TestCompareTakesTheWorstTry(t *testing.T) {
	then := verdicts("s", "a", Right)
	for _, order := range [][]Verdict{{Right, Wrong, Right}, {Wrong, Right, Right}, {Right, Right, Wrong}} {
		var now []Record
		for i, v := range order {
			now = append(now, Record{Suite: "s", ID: "a", Verdict: v, Repeat: i})
		}
		if p := Compare(then, now); len(p.Worse) != 1 || p.Cases != 1 {
			t.Errorf("%v: %+v", order, p)
		}
	}
}

func TestDrop(t *testing.T) {
	var then, now []Record
	for i := range 40 {
		r := Record{Suite: "s", ID: fmt.Sprint(i), Verdict: Right}
		then = append(then, r)
		if i < 6 {
			r.Verdict = AskedNeedlessly
		}
		r.Perturb = "typos"
		now = append(now, r)
	}
	p := Compare(then, now)
	near(t, "drop", p.Drop(), 15, 1e-12)
	near(t, "p", p.P, 2.0/64, 1e-12)
}
