package evalreport

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"tesela/evals"
)

//go:embed page.html
var pageText string

// HTML writes the report as one page that needs nothing else: no network, no
// other file. What comes from suites, data and models is text in it, never
// markup, and without marks that turn the direction of writing.
func HTML(w io.Writer, r *evals.Report) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"percent": percent, "class": class, "bar": bar, "join": strings.Join, "sentence": func(c evals.Comparison) string { return Sentence(&c) },
		"lines": alternatives,
		"list":  func(of ...any) []any { return of },
		"one":   func(e *entry, open, several bool) shown { return shown{e, open, several} },
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	var text strings.Builder
	if err := t.Execute(&text, newPage(r)); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err = io.WriteString(w, strings.Map(harmless, text.String()))
	return err
}

// page is what the template shows.
type page struct {
	*evals.Report
	Cases    int
	Asked    []evals.SuiteSummary
	Skipped  []evals.SuiteSummary
	Cards    []card
	Headline []Line
	Tables   []Table
	Failures []*entry
	Passed   []*entry
	Verdicts []string
	Langs    []string
	Families []string
	// Ungrounded tells that some case is.
	Ungrounded bool
	Several    bool // runs
}

// card is a run's four figures that matter most.
type card struct {
	Name  string
	Rates []cardRate
}

type cardRate struct {
	Name, Says string
	evals.Rate
	Class string
}

// X, Width and Mark are where the interval and the rate lie, in hundredths.
func (c cardRate) X() float64     { return 100 * c.Low }
func (c cardRate) Width() float64 { return 100 * (c.High - c.Low) }
func (c cardRate) Mark() float64  { return min(99, max(0, 100*c.Rate.Rate-0.5)) }

// entry is a case with what became of it in each run.
type entry struct {
	Suite, ID, Lang, Family string
	Tags                    []string
	Question                []string
	Expected                string
	Verdicts                []string // distinct, for the filter
	Ungrounded              bool     // a figure of a text is in no result
	Tries                   []try
}

// shown is an entry as the template shows it.
type shown struct {
	Entry         *entry
	Open, Several bool
}

// try is one run's record of a case: of repeats the worst.
type try struct {
	Run      string
	All      []evals.Verdict // of the repeats, where there are any
	Question []string        // where noise made another of it
	*evals.Record
}

func newPage(r *evals.Report) *page {
	p := &page{Report: r, Headline: Headline(r.Runs), Tables: Tables(r.Runs), Several: len(r.Runs) > 1}
	for _, s := range r.Suites {
		if s.Skipped != "" {
			p.Skipped = append(p.Skipped, s)
			continue
		}
		p.Asked = append(p.Asked, s)
		p.Cases += s.Asked
	}
	for _, run := range r.Runs {
		s := &run.Score
		p.Cards = append(p.Cards, card{Name: run.Name(), Rates: []cardRate{
			{"correct", "of all cases: answered, asked back or refused as it should be", s.Correct, "good"},
			{"wrong", "of all cases: answered, and not with what is so", s.Wrong, "bad"},
			{"right", "of the answerable cases", s.Right, "good"},
			{"precision", "of the answers: right", s.Precision, "good"},
		}})
	}
	p.entries()
	return p
}

// entries puts the records of all runs case by case, in the runs' order.
func (p *page) entries() {
	byCase := map[string]*entry{}
	var order []*entry
	for _, run := range p.Runs {
		last := map[string]int{} // case → its try in this run
		for i := range run.Records {
			rec := &run.Records[i]
			key := rec.Suite + "\x00" + rec.ID
			e := byCase[key]
			if e == nil {
				e = &entry{Suite: rec.Suite, ID: rec.ID, Lang: rec.Lang, Family: rec.Family, Tags: rec.Tags, Question: rec.Question, Expected: rec.Expected}
				byCase[key] = e
				order = append(order, e)
			}
			if at, again := last[key]; again {
				t := &e.Tries[at]
				t.All = append(t.All, rec.Verdict)
				if evals.Worse(rec.Verdict, t.Verdict) {
					t.Record = rec
				}
				continue
			}
			last[key] = len(e.Tries)
			t := try{Run: run.Name(), All: []evals.Verdict{rec.Verdict}, Record: rec}
			if !slices.Equal(rec.Question, e.Question) {
				t.Question = rec.Question
			}
			e.Tries = append(e.Tries, t)
		}
	}
	for _, e := range order {
		good := true
		for _, t := range e.Tries {
			good = good && t.Verdict.Good()
			for _, v := range t.All {
				e.Verdicts = add(e.Verdicts, string(v))
			}
			if len(t.Ungrounded) > 0 {
				e.Ungrounded, p.Ungrounded = true, true
			}
		}
		if good {
			p.Passed = append(p.Passed, e)
		} else {
			p.Failures = append(p.Failures, e)
		}
		p.Langs, p.Families = add(p.Langs, e.Lang), add(p.Families, e.Family)
		for _, v := range e.Verdicts {
			p.Verdicts = add(p.Verdicts, v)
		}
	}
	slices.Sort(p.Langs)
	slices.Sort(p.Families)
	slices.SortFunc(p.Verdicts, func(a, b string) int {
		return slices.Index(evals.Verdicts, evals.Verdict(a)) - slices.Index(evals.Verdicts, evals.Verdict(b))
	})
}

func add(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// Results are what the calls of an answer came to, without the calls.
func (t *try) Results() []string {
	parts := alternatives(t.Got)
	for i, part := range parts {
		for _, call := range t.Reading {
			if rest, ok := strings.CutPrefix(part, call); ok {
				parts[i] = strings.TrimLeft(rest, "=: ")
				break
			}
		}
	}
	return parts
}

// alternatives parts what a record lists in a line.
func alternatives(line string) []string { return strings.Split(line, " | ") }

// class is how a verdict is coloured; its name is written beside.
func class(v any) string {
	switch v := evals.Verdict(fmt.Sprint(v)); {
	case v.Good():
		return "good"
	case v == evals.Wrong:
		return "bad"
	case v == evals.Failed:
		return "fault"
	}
	return "idle"
}

// piece is a part of a bar, in hundredths of its length.
type piece struct {
	Class  string
	X, Len float64
}

// bar parts a score into what passed, what was not answered, what failed and
// what was wrong.
func bar(s *evals.Score) []piece {
	if s == nil || s.Asked == 0 {
		return nil
	}
	var pieces []piece
	x := 0.0
	idle := s.Asked - s.Correct.N - s.Wrong.N - s.Failed.N
	for _, part := range []struct {
		class string
		n     int
	}{{"good", s.Correct.N}, {"idle", idle}, {"fault", s.Failed.N}, {"bad", s.Wrong.N}} {
		if part.n > 0 {
			length := 100 * float64(part.n) / float64(s.Asked)
			pieces = append(pieces, piece{part.class, x, length})
			x += length
		}
	}
	return pieces
}
