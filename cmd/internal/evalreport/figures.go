package evalreport

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tesela/evals"
)

// Line is a figure of several runs side by side.
type Line struct {
	Name string
	Says string // what it is a rate of
	// Time tells that the figure differs between two runs of the same.
	Time  bool
	Cells []string
}

// Headline is the figures of whole runs.
func Headline(runs []*evals.ScoredRun) []Line {
	var lines []Line
	add := func(name, says string, cell func(s *evals.Score) string) {
		line := Line{Name: name, Says: says}
		empty := true
		for _, run := range runs {
			c := cell(&run.Score)
			empty = empty && c == ""
			if c == "" {
				c = "–"
			}
			line.Cells = append(line.Cells, c)
		}
		if !empty {
			lines = append(lines, line)
		}
	}
	rate := func(of func(s *evals.Score) evals.Rate) func(*evals.Score) string {
		return func(s *evals.Score) string { return Rate(of(s)) }
	}
	add("correct", "of all: answered, asked back or refused as it should be", rate(func(s *evals.Score) evals.Rate { return s.Correct }))
	add("wrong", "of all: answered, and not with what is so", rate(func(s *evals.Score) evals.Rate { return s.Wrong }))
	add("errors", "of all", func(s *evals.Score) string {
		if s.Failed.N == 0 {
			return ""
		}
		return Rate(s.Failed)
	})
	add("right", "of the answerable", rate(func(s *evals.Score) evals.Rate { return s.Right }))
	add("coverage", "of the answerable: answered", rate(func(s *evals.Score) evals.Rate { return s.Coverage }))
	add("precision", "of the answers: right", rate(func(s *evals.Score) evals.Rate { return s.Precision }))
	add("asked rightly", "of the ambiguous", rate(func(s *evals.Score) evals.Rate { return s.AskedRightly }))
	add("asked needlessly", "of those that are not", rate(func(s *evals.Score) evals.Rate { return s.AskedNeedlessly }))
	add("refused rightly", "of the impossible", rate(func(s *evals.Score) evals.Rate { return s.RefusedRightly }))
	add("refused wrongly", "of those that are not", rate(func(s *evals.Score) evals.Rate { return s.RefusedWrongly }))
	add("grounded", "of the answers: each figure is one of a result", rate(func(s *evals.Score) evals.Rate { return s.Grounded }))
	for i, p := range runs[0].Score.Penalty {
		add(fmt.Sprintf("penalty score, c = %d", p.C), "mean of a case: +1 correct, −c wrong, else 0", func(s *evals.Score) string {
			return strings.ReplaceAll(fmt.Sprintf("%+.3f", s.Penalty[i].Mean), "-", "−")
		})
	}
	add("language gap", "of the right: best less worst, in points", func(s *evals.Score) string {
		if s.Gap == nil {
			return ""
		}
		if s.Gap.Points == 0 {
			return "0.0 points"
		}
		return fmt.Sprintf("%.1f points (%s over %s)", s.Gap.Points, s.Gap.Best, s.Gap.Worst)
	})
	add("pass^k", "the chance that k tries of a case all pass, for k = 1, 2, …", func(s *evals.Score) string {
		var parts []string
		for _, p := range s.PassK {
			parts = append(parts, percent(p))
		}
		return strings.Join(parts, ", ")
	})
	add("calls", "of tools: median, 95th percentile", func(s *evals.Score) string { return spread(s.Calls, "%.0f") })
	add("tokens", "in and out: median, 95th percentile; sum", func(s *evals.Score) string {
		if s.InputTokens.Sum+s.OutputTokens.Sum == 0 {
			return ""
		}
		return fmt.Sprintf("in %s; %.0f · out %s; %.0f", spread(s.InputTokens, "%.0f"), s.InputTokens.Sum, spread(s.OutputTokens, "%.0f"), s.OutputTokens.Sum)
	})
	add("cost", "median, 95th percentile; sum", func(s *evals.Score) string {
		if s.Cost == nil {
			return ""
		}
		return fmt.Sprintf("%s; %.4f", spread(*s.Cost, "%.5f"), s.Cost.Sum)
	})
	n := len(lines)
	add("time", "of the last turn: median, 95th percentile", func(s *evals.Score) string {
		if s.Time.Sum == 0 {
			return ""
		}
		return spread(s.Time, "%.1f") + " ms"
	})
	for i := n; i < len(lines); i++ {
		lines[i].Time = true
	}
	return lines
}

func spread(s evals.Spread, format string) string {
	return fmt.Sprintf(format+", "+format, s.P50, s.P95)
}

// Rate writes a rate with its counts and interval; "" of none.
func Rate(r evals.Rate) string {
	if r.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%s  %d of %d, %s–%s", percent(r.Rate), r.N, r.Of, strings.TrimSuffix(percent(r.Low), "%"), percent(r.High))
}

// percent writes a part of one; what is not all is not written as 100%, nor
// what is something as 0%.
func percent(part float64) string {
	p := math.Round(1000*part) / 10
	switch {
	case p == 100 && part < 1:
		p = 99.9
	case p == 0 && part > 0:
		p = 0.1
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + "%"
}

// Table is a breakdown of several runs side by side.
type Table struct {
	By   string
	Rows []Row
}

// Row is a group; a run that has none of it has no score.
type Row struct {
	Name   string
	Cases  int
	Scores []*evals.Score
}

// Tables puts the breakdowns of runs side by side. A table of one row that
// says no more than the headline is left out.
func Tables(runs []*evals.ScoredRun) []Table {
	var order []string
	rows := map[string]map[string]*Row{}
	for i, run := range runs {
		for _, b := range run.By {
			if b.By == "perturbation" {
				continue // each is a run of its own
			}
			if rows[b.By] == nil {
				rows[b.By] = map[string]*Row{}
				order = append(order, b.By)
			}
			for j := range b.Groups {
				g := &b.Groups[j]
				row := rows[b.By][g.Name]
				if row == nil {
					row = &Row{Name: g.Name, Scores: make([]*evals.Score, len(runs))}
					rows[b.By][g.Name] = row
				}
				row.Scores[i], row.Cases = &g.Score, max(row.Cases, g.Cases)
			}
		}
	}
	var tables []Table
	for _, by := range order {
		t := Table{By: by}
		for name := range rows[by] {
			t.Rows = append(t.Rows, *rows[by][name])
		}
		slices.SortFunc(t.Rows, func(a, b Row) int { return strings.Compare(a.Name, b.Name) })
		if len(t.Rows) > 1 || t.Rows[0].Cases < runs[0].Score.Cases {
			tables = append(tables, t)
		}
	}
	return tables
}

// Sentence says how a comparison came out.
func Sentence(c *evals.Comparison) string {
	text := fmt.Sprintf("%s against %s: ", c.Now, c.Then)
	if c.Cases == 0 {
		return text + "they have no case in common"
	}
	text += fmt.Sprintf("%d better, %d worse of %d cases", len(c.Better), len(c.Worse), c.Cases)
	switch {
	case c.Drop > 0:
		text += fmt.Sprintf(", a drop of %.1f points", c.Drop)
	case c.Drop < 0:
		text += fmt.Sprintf(", %.1f points more", -c.Drop)
	}
	if len(c.Better)+len(c.Worse) > 0 {
		text += " (McNemar's exact p " + probability(c.P) + ")"
	}
	return text
}

func probability(p float64) string {
	if p < 0.0001 {
		return "below 0.0001"
	}
	return "= " + strconv.FormatFloat(p, 'g', 2, 64)
}

// Plain makes a text safe to print in a line: what would steer a terminal, or
// turn the direction of writing, is dropped.
func Plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return harmless(r)
	}, s))
}

// harmless drops control characters but those of lines, and marks that turn
// the direction of writing.
func harmless(r rune) rune {
	if r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}
