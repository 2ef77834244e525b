package evals

import (
	"cmp"
	"math"
	"slices"
)

// McNemar is the two-sided p of McNemar's test (Q. McNemar, "Note on the
// sampling error of the difference between correlated proportions or
// percentages", Psychometrika 12, 1947) in its exact form: if two runs were
// alike, each case that changed would as soon have become worse as better, so
// that their number is binomial with one half.
func McNemar(better, worse int) float64 {
	n, least := better+worse, min(better, worse)
	tail := 0.0
	logChoose := func(k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	for k := range least + 1 {
		tail += math.Exp(logChoose(k) - float64(n)*math.Ln2)
	}
	return min(1, 2*tail)
}

// Change is a case that came to another verdict.
type Change struct {
	Suite    string   `json:"suite"`
	ID       string   `json:"id"`
	Question []string `json:"question"` // as asked now
	Then     Verdict  `json:"then"`
	Now      Verdict  `json:"now"`
	ThenGot  string   `json:"then_got,omitempty"` // where it was kept
	Expected string   `json:"expected,omitempty"`
	Got      string   `json:"got,omitempty"`
	Why      string   `json:"why,omitempty"`
}

// Pairing compares two runs case by case.
type Pairing struct {
	Cases   int      `json:"cases"`  // that both asked
	Passed  int      `json:"passed"` // of them then
	Passes  int      `json:"passes"` // and now
	Better  []Change `json:"better"` // did not pass, and do
	Worse   []Change `json:"worse"`  // passed, and do not
	Changed []Change `json:"changed"`
	P       float64  `json:"p"` // McNemar's, of Better and Worse
	// New are cases that only this run asked, Vanished those that only the
	// other did.
	New      []string `json:"new"`
	Vanished []string `json:"vanished"`
}

// Drop is by how many points of a hundred fewer cases pass now.
func (p *Pairing) Drop() float64 {
	if p.Cases == 0 {
		return 0
	}
	return 100 * float64(p.Passed-p.Passes) / float64(p.Cases)
}

// Compare pairs the cases of two runs. Noise is not looked at, so that a
// noisy run can be held against a plain one. A case that was asked several
// times passes where each of its tries did: its verdict is the worst.
func Compare(then, now []Record) Pairing {
	a, b := worst(then), worst(now)
	p := Pairing{Better: []Change{}, Worse: []Change{}, Changed: []Change{}, New: []string{}, Vanished: []string{}}
	for _, key := range sorted(b) {
		was, ok := a[key]
		is := b[key]
		if !ok {
			p.New = append(p.New, is.Suite+" "+is.ID)
			continue
		}
		p.Cases++
		before, after := was.Verdict.Good(), is.Verdict.Good()
		if before {
			p.Passed++
		}
		if after {
			p.Passes++
		}
		change := Change{
			Suite: is.Suite, ID: is.ID, Question: is.Question, Then: was.Verdict, Now: is.Verdict,
			ThenGot: was.Got, Expected: is.Expected, Got: is.Got, Why: is.Why,
		}
		switch {
		case !before && after:
			p.Better = append(p.Better, change)
		case before && !after:
			p.Worse = append(p.Worse, change)
		case was.Verdict != is.Verdict:
			p.Changed = append(p.Changed, change)
		}
	}
	for _, key := range sorted(a) {
		if _, ok := b[key]; !ok {
			p.Vanished = append(p.Vanished, a[key].Suite+" "+a[key].ID)
		}
	}
	p.P = McNemar(len(p.Better), len(p.Worse))
	return p
}

// worst is the worst record of each case, by suite and id.
func worst(records []Record) map[string]*Record {
	cases := map[string]*Record{}
	for i := range records {
		r := &records[i]
		key := r.Suite + "\x00" + r.ID
		if was, ok := cases[key]; !ok || Worse(r.Verdict, was.Verdict) {
			cases[key] = r
		}
	}
	return cases
}

// Worse tells whether a verdict is worse than another, in the order of
// Verdicts.
func Worse(v, than Verdict) bool { return badness(v) > badness(than) }

// badness orders verdicts as Verdicts does, from the best to the worst.
func badness(v Verdict) int { return slices.Index(Verdicts, v) }

// byCase orders records by suite, id and try.
func byCase(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Suite, b.Suite), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Repeat, b.Repeat))
}
