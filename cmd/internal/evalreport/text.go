// Package evalreport shows the report of an eval: as text for a terminal, as
// one HTML page, and as JUnit XML for build servers. It computes no rate: that
// is package evals'.
package evalreport

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tesela/evals"
)

// mostListed bounds the failures of a run that are written out as text.
const mostListed = 40

// Text writes the report for people to read in a terminal or a log: rates
// side by side, what they differ by, what changed against other runs, and
// what went amiss.
func Text(w io.Writer, r *evals.Report) error {
	t := &text{}
	t.suites(r)
	t.headline(r.Runs)
	t.breakdowns(r.Runs)
	for i := range r.Compare {
		t.comparison(&r.Compare[i])
	}
	for _, run := range r.Runs {
		t.failures(run, len(r.Runs) > 1)
	}
	for _, note := range r.Notes {
		t.linef("· %s", Plain(note))
	}
	for i := range r.Checks {
		t.linef("%s", Plain(r.Checks[i].String()))
	}
	_, err := io.WriteString(w, strings.TrimRight(t.out.String(), "\n")+"\n")
	return err
}

// text is a report being written.
type text struct{ out strings.Builder }

func (t *text) linef(format string, args ...any) { fmt.Fprintf(&t.out, format+"\n", args...) }

// table writes rows of cells in columns; the first row is the head.
func (t *text) table(rows [][]string) {
	w := tabwriter.NewWriter(&t.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	t.linef("")
}

func (t *text) suites(r *evals.Report) {
	var names []string
	cases := 0
	for _, s := range r.Suites {
		if s.Skipped == "" {
			names = append(names, fmt.Sprintf("%s (%d)", Plain(s.Name), s.Asked))
			cases += s.Asked
		}
	}
	t.linef("%d cases: %s", cases, strings.Join(names, ", "))
	if len(r.Filter) > 0 {
		t.linef("filter: %s", Plain(strings.Join(r.Filter, "; ")))
	}
	if r.Repeat > 1 {
		t.linef("each asked %d times", r.Repeat)
	}
	t.linef("")
}

func (t *text) headline(runs []*evals.ScoredRun) {
	head := []string{""}
	for _, run := range runs {
		head = append(head, Plain(run.Name()))
	}
	rows := [][]string{head}
	for _, line := range Headline(runs) {
		rows = append(rows, append([]string{line.Name}, line.Cells...))
	}
	t.table(rows)
}

// breakdowns writes, by what cases have in common, the correct and the wrong.
func (t *text) breakdowns(runs []*evals.ScoredRun) {
	for _, b := range Tables(runs) {
		head := []string{"by " + b.By, "cases"}
		for _, run := range runs {
			name := "correct"
			if len(runs) > 1 {
				name = Plain(run.Name())
			}
			head = append(head, name, "wrong")
		}
		rows := [][]string{head}
		for _, g := range b.Rows {
			row := []string{"  " + Plain(g.Name), fmt.Sprint(g.Cases)}
			for _, s := range g.Scores {
				if s == nil {
					row = append(row, "–", "–")
					continue
				}
				row = append(row, percent(s.Correct.Rate), fmt.Sprint(s.Wrong.N))
			}
			rows = append(rows, row)
		}
		t.table(rows)
	}
}

func (t *text) comparison(c *evals.Comparison) {
	t.linef("%s", Plain(Sentence(c)))
	for _, part := range []struct {
		mark string
		of   []evals.Change
	}{{"worse", c.Worse}, {"better", c.Better}, {"other", c.Changed}} {
		for _, change := range part.of {
			t.linef("  %-6s  %s %s: %s → %s", part.mark, Plain(change.Suite), Plain(change.ID), change.Then, change.Now)
			t.linef("          %s", Plain(strings.Join(change.Question, " → ")))
			if part.mark == "worse" {
				t.field("          then", change.ThenGot)
				t.field("          now ", change.Got)
				t.field("          why ", change.Why)
			}
		}
	}
	if len(c.New) > 0 {
		t.linef("  new: %s", Plain(strings.Join(c.New, ", ")))
	}
	if len(c.Vanished) > 0 {
		t.linef("  gone: %s", Plain(strings.Join(c.Vanished, ", ")))
	}
	t.linef("")
}

func (t *text) failures(run *evals.ScoredRun, named bool) {
	n := 0
	for i := range run.Records {
		r := &run.Records[i]
		if r.Verdict.Good() && len(r.Ungrounded) == 0 {
			continue
		}
		if n++; n > mostListed {
			continue
		}
		head := strings.ToUpper(string(r.Verdict))
		if r.Verdict.Good() {
			head += ", BUT NOT GROUNDED"
		}
		if named {
			head += " · " + Plain(run.Name())
		}
		t.linef("%s  %s %s (%s)", head, Plain(r.Suite), Plain(r.ID), Plain(traits(r)))
		t.field("  asked     ", strings.Join(r.Question, " → "))
		t.field("  understood", r.Understood)
		t.field("  expected  ", r.Expected)
		t.field("  got       ", r.Got)
		t.field("  amiss     ", r.Why)
		if len(r.Ungrounded) > 0 {
			t.field("  from nowhere", strings.Join(r.Ungrounded, ", "))
		}
		t.linef("")
	}
	if n > mostListed {
		t.linef("… and %d more of %s; --html FILE shows all\n", n-mostListed, Plain(run.Name()))
	}
}

// field writes a named text, shortened; nothing where it is empty.
func (t *text) field(name, value string) {
	const most = 400
	if value = Plain(value); value == "" {
		return
	}
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + " …"
	}
	t.linef("%s  %s", name, value)
}

// traits are what kind of case a record is of, in a line.
func traits(r *evals.Record) string {
	parts := append([]string{r.Lang, r.Family}, r.Tags...)
	if r.Repeat > 0 {
		parts = append(parts, fmt.Sprintf("try %d", r.Repeat+1))
	}
	return strings.Join(parts, ", ")
}
