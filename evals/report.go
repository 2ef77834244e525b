package evals

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report is a run over suites: what was asked, and how each model did. Two
// runs of the same give the same report but for what is named time and
// elapsed_ms, and what of language models is theirs to vary.
type Report struct {
	Format  int            `json:"format"` // 1
	Suites  []SuiteSummary `json:"suites"`
	Filter  []string       `json:"filter,omitempty"`
	Repeat  int            `json:"repeat"`
	Seed    int            `json:"seed,omitempty"` // of the noise
	Runs    []*ScoredRun   `json:"runs"`           // by model and noise
	Compare []Comparison   `json:"compare,omitempty"`
	Checks  []Check        `json:"checks,omitempty"`
	Notes   []string       `json:"notes,omitempty"`
}

// SuiteSummary is a suite that was asked.
type SuiteSummary struct {
	Name   string `json:"name"`
	Data   string `json:"data"`
	Second string `json:"second,omitempty"`
	Sum    string `json:"sum"`   // of its text
	Cases  int    `json:"cases"` // in the suite
	Asked  int    `json:"asked"` // of them, after the filter
	// Skipped says why none was asked: the data are missing.
	Skipped string `json:"skipped,omitempty"`
}

// ScoredRun is one model's answers to all cases under one noise, or none.
type ScoredRun struct {
	Model   string      `json:"model"`
	Perturb string      `json:"perturb,omitempty"`
	Score   Score       `json:"score"`
	By      []Breakdown `json:"by"`
	Records []Record    `json:"records"`

	kinds []string
	asked Asked
}

// Name is the model, and the noise where there is any.
func (r *ScoredRun) Name() string {
	if r.Perturb == "" {
		return r.Model
	}
	return r.Model + " with " + r.Perturb
}

// NewScoredRun scores records of one model and noise.
func NewScoredRun(model, perturb string, records []Record) *ScoredRun {
	r := &ScoredRun{Model: model, Perturb: perturb, Records: records}
	r.score()
	return r
}

func (r *ScoredRun) score() { r.Score, r.By = NewScore(r.Records), Breakdowns(r.Records) }

// Comparison is two runs case by case.
type Comparison struct {
	Kind string `json:"kind"` // model, noise or baseline
	Then string `json:"then"` // what is compared with
	Now  string `json:"now"`
	// Drop is by how many points of a hundred fewer cases pass.
	Drop float64 `json:"drop"`
	Pairing
}

func compared(kind, then, now string, a, b []Record) Comparison {
	p := Compare(a, b)
	return Comparison{Kind: kind, Then: then, Now: now, Drop: p.Drop(), Pairing: p}
}

// report scores what was asked.
func (r *runner) report() (*Report, error) {
	for i := range r.tasks {
		if t := &r.tasks[i]; t.record != nil {
			t.run.Records = append(t.run.Records, *t.record)
		}
	}
	report := &Report{Format: 1, Repeat: max(r.Repeat, 1), Filter: r.Filter.texts(), Runs: r.runs}
	if len(r.Noise) > 0 {
		report.Seed = r.Seed
	}
	asked := 0
	for _, s := range r.Suites {
		sum := SuiteSummary{Name: s.Name, Data: s.Data, Second: s.Second, Sum: s.Sum, Cases: len(s.Cases), Skipped: r.skipped[s.Name]}
		for i := range s.Cases {
			if sum.Skipped == "" && r.Filter.Takes(&s.Cases[i]) {
				sum.Asked++
			}
		}
		if sum.Skipped != "" {
			report.Notes = append(report.Notes, fmt.Sprintf("%s is skipped: %s", s.Name, sum.Skipped))
		}
		asked += sum.Asked
		report.Suites = append(report.Suites, sum)
	}
	if asked == 0 {
		return nil, fmt.Errorf("nothing was asked: %s", strings.Join(report.Notes, "; "))
	}
	for _, run := range r.runs {
		slices.SortStableFunc(run.Records, byCase)
		run.score()
	}
	report.compareRuns()
	return report, nil
}

// compareRuns holds each noise against the plain run of its model, and each
// further model against the first.
func (r *Report) compareRuns() {
	plain := map[string]*ScoredRun{}
	var first *ScoredRun
	for _, run := range r.Runs {
		if run.Perturb != "" {
			continue
		}
		plain[run.Model] = run
		if first == nil {
			first = run
		} else {
			r.Compare = append(r.Compare, compared("model", first.Name(), run.Name(), first.Records, run.Records))
		}
	}
	for _, run := range r.Runs {
		if of := plain[run.Model]; run.Perturb != "" && of != nil {
			r.Compare = append(r.Compare, compared("noise", of.Name(), run.Name(), noisy(of.Records, run.Records), run.Records))
		}
	}
}

// noisy are those of the plain records whose cases were asked with noise too.
func noisy(plain, run []Record) []Record {
	there := worst(run)
	var same []Record
	for _, rec := range plain {
		if there[rec.Suite+"\x00"+rec.ID] != nil {
			same = append(same, rec)
		}
	}
	return same
}

// Show leaves of the records those that a filter's verdicts pick. The scores
// stay those of all.
func (r *Report) Show(f Filter) {
	if len(f["verdict"]) == 0 {
		return
	}
	for _, run := range r.Runs {
		run.Records = slices.DeleteFunc(run.Records, func(rec Record) bool { return !f.Shows(&rec) })
	}
	r.Notes = append(r.Notes, "of the cases only those are listed that were "+strings.Join(f["verdict"], " or ")+"; the rates are of all that were asked")
}

// WriteRates prints how records did, in all and by what they have in common.
// It tells nothing of a single question.
func WriteRates(w io.Writer, records []Record) error {
	out := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	head := "\tcases\tcorrect"
	for _, v := range Verdicts {
		head += "\t" + string(v)
	}
	fmt.Fprintln(out, head)
	line := func(name string, s *Score) {
		fmt.Fprintf(out, "%s\t%d\t%.1f%%", name, s.Asked, 100*s.Correct.Rate)
		for _, v := range Verdicts {
			fmt.Fprintf(out, "\t%d", s.Verdicts[v])
		}
		fmt.Fprintln(out)
	}
	s := NewScore(records)
	line("all", &s)
	for _, b := range Breakdowns(records) {
		fmt.Fprintf(out, "%s%s\n", b.By, strings.Repeat("\t", len(Verdicts)+2))
		for i := range b.Groups {
			line("  "+b.Groups[i].Name, &b.Groups[i].Score)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nanswerable answered right %s · ambiguous asked back rightly %s · impossible refused rightly %s · wrong of all %s\n"+
		"coverage %s · precision %s · penalty 10: %+.3f · time p50 %.1f ms p95 %.1f ms\n",
		s.Right, s.AskedRightly, s.RefusedRightly, s.Wrong, s.Coverage, s.Precision, s.Penalty[len(s.Penalty)-1].Mean, s.Time.P50, s.Time.P95)
	return err
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
