package evals

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Baseline is what became of each case in an earlier run: all that is needed
// to tell what got worse.
type Baseline struct {
	Runs []BaselineRun
}

// BaselineRun is one model's records under one noise. Of a slim baseline they
// hold suite, id and verdict only.
type BaselineRun struct {
	Model   string
	Perturb string
	Records []Record
}

// slim is the form of a kept baseline: a case on a line, sorted, so that a
// change of one is a line of a diff.
type slim struct {
	Baseline int       `json:"baseline"` // its form: 1
	Runs     []slimRun `json:"runs"`
}

type slimRun struct {
	Model   string                        `json:"model"`
	Perturb string                        `json:"perturb,omitempty"`
	Suites  map[string]map[string]Verdict `json:"suites"` // suite → id → verdict
}

// ReadBaseline reads a slim baseline or a report.
func ReadBaseline(text []byte) (*Baseline, error) {
	var kinds struct{ Baseline, Format int }
	if err := json.Unmarshal(text, &kinds); err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	b := new(Baseline)
	switch {
	case kinds.Baseline == 1:
		var s slim
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("read the baseline: %w", err)
		}
		for _, run := range s.Runs {
			kept := BaselineRun{Model: run.Model, Perturb: run.Perturb}
			for _, suite := range sorted(run.Suites) {
				for _, id := range sorted(run.Suites[suite]) {
					kept.Records = append(kept.Records, Record{Suite: suite, ID: id, Verdict: run.Suites[suite][id]})
				}
			}
			b.Runs = append(b.Runs, kept)
		}
	case kinds.Format == 1:
		var r Report
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("read the baseline: %w", err)
		}
		for _, f := range r.Filter {
			if strings.HasPrefix(f, "verdict=") {
				return nil, fmt.Errorf("read the baseline: this report lists no cases but those of --filter %s; write one without, or --save-baseline, which keeps all", f)
			}
		}
		for _, run := range r.Runs {
			b.Runs = append(b.Runs, BaselineRun{Model: run.Model, Perturb: run.Perturb, Records: run.Records})
		}
	default:
		return nil, fmt.Errorf("read the baseline: it is neither a report of tesela eval nor what --save-baseline writes")
	}
	for _, run := range b.Runs {
		for i := range run.Records {
			if v := run.Records[i].Verdict; !slices.Contains(Verdicts, v) {
				return nil, fmt.Errorf("read the baseline: case %s has the verdict %q; there are %s", run.Records[i].ID, v, joined(Verdicts))
			}
		}
	}
	return b, nil
}

// WriteBaseline writes the slim baseline of a report: the worst verdict of
// each case.
func (r *Report) WriteBaseline(w io.Writer) error {
	var out bytes.Buffer
	quoted := func(text string) string {
		b, _ := json.Marshal(text) // a text always can be
		return string(b)
	}
	out.WriteString("{\"baseline\": 1, \"runs\": [")
	for i, run := range r.Runs {
		if i > 0 {
			out.WriteString(",")
		}
		fmt.Fprintf(&out, "\n{\"model\": %s, ", quoted(run.Model))
		if run.Perturb != "" {
			fmt.Fprintf(&out, "\"perturb\": %s, ", quoted(run.Perturb))
		}
		out.WriteString("\"suites\": {")
		suites := map[string]map[string]Verdict{}
		for _, rec := range worst(run.Records) {
			if suites[rec.Suite] == nil {
				suites[rec.Suite] = map[string]Verdict{}
			}
			suites[rec.Suite][rec.ID] = rec.Verdict
		}
		for j, suite := range sorted(suites) {
			if j > 0 {
				out.WriteString(",")
			}
			fmt.Fprintf(&out, "\n%s: {", quoted(suite))
			for k, id := range sorted(suites[suite]) {
				if k > 0 {
					out.WriteString(",")
				}
				fmt.Fprintf(&out, "\n%s: %s", quoted(id), quoted(string(suites[suite][id])))
			}
			out.WriteString("\n}")
		}
		out.WriteString("\n}}")
	}
	out.WriteString("\n]}\n")
	_, err := w.Write(out.Bytes())
	return err
}

// Against compares each run of the report with that of the same model and
// noise in the baseline; the only plain run there stands for a model that the
// baseline does not know. Cases that were not picked this time are not
// missed. Nothing to compare is an error: it must not pass for a comparison.
func (r *Report) Against(b *Baseline, suites []*Suite, f Filter) error {
	n := len(r.Compare)
	for _, run := range r.Runs {
		base := b.of(run)
		if base == nil {
			r.Notes = append(r.Notes, fmt.Sprintf("the baseline holds nothing of %s; it is not compared", run.Name()))
			continue
		}
		then, elsewhere := r.sameCases(base.Records, suites, f)
		if elsewhere > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("%d cases of the baseline are of suites that were not asked", elsewhere))
		}
		c := compared("baseline", "the baseline's "+base.name(), run.Name(), then, run.Records)
		if len(c.Vanished) > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("%d cases of the baseline are gone from the suites: %s", len(c.Vanished), strings.Join(c.Vanished, ", ")))
		}
		r.Compare = append(r.Compare, c)
	}
	common := 0
	for _, c := range r.Compare[n:] {
		common += c.Cases
	}
	switch {
	case len(r.Compare) > n && common == 0:
		return fmt.Errorf("compare with the baseline: it holds none of the cases that were asked; its suites are %s", strings.Join(b.suites(), ", "))
	case len(r.Compare) == n:
		return fmt.Errorf("compare with the baseline: it holds %s, and none of them was asked now", strings.Join(b.names(), ", "))
	}
	return nil
}

// sameCases leaves of a baseline's records those of suites that were asked,
// and of them what was picked or is there no more.
func (r *Report) sameCases(records []Record, suites []*Suite, f Filter) (same []Record, elsewhere int) {
	asked := map[string]bool{}
	for _, s := range r.Suites {
		asked[s.Name] = s.Skipped == ""
	}
	passed := map[string]bool{}
	for _, s := range suites {
		for i := range s.Cases {
			if !f.Takes(&s.Cases[i]) {
				passed[s.Name+"\x00"+s.Cases[i].ID] = true
			}
		}
	}
	for _, rec := range records {
		switch {
		case !asked[rec.Suite]:
			elsewhere++
		case !passed[rec.Suite+"\x00"+rec.ID]:
			same = append(same, rec)
		}
	}
	return same, elsewhere
}

// of is the baseline's run to hold one against; nil for none.
func (b *Baseline) of(run *ScoredRun) *BaselineRun {
	var plain []*BaselineRun
	for i := range b.Runs {
		base := &b.Runs[i]
		if base.Model == run.Model && base.Perturb == run.Perturb {
			return base
		}
		if base.Perturb == "" {
			plain = append(plain, base)
		}
	}
	if run.Perturb == "" && len(plain) == 1 {
		return plain[0]
	}
	return nil
}

// suites names the suites that a baseline holds cases of.
func (b *Baseline) suites() []string {
	held := map[string]bool{}
	for _, run := range b.Runs {
		for i := range run.Records {
			held[run.Records[i].Suite] = true
		}
	}
	return sorted(held)
}

func (r *BaselineRun) name() string { return (&ScoredRun{Model: r.Model, Perturb: r.Perturb}).Name() }

func (b *Baseline) names() []string {
	var names []string
	for i := range b.Runs {
		names = append(names, b.Runs[i].name())
	}
	return names
}

// Regressions are the cases that passed in the baseline and do not now.
func (r *Report) Regressions() []Change {
	var all []Change
	for _, c := range r.Compare {
		if c.Kind == "baseline" {
			all = append(all, c.Worse...)
		}
	}
	return all
}
