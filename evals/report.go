package evals

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Tally counts verdicts.
type Tally map[Verdict]int

// Count takes the verdicts of outcomes together.
func Count(outcomes []Outcome) Tally {
	t := Tally{}
	for _, o := range outcomes {
		t[o.Verdict]++
	}
	return t
}

// All is how many cases were counted.
func (t Tally) All() int {
	n := 0
	for _, v := range t {
		n += v
	}
	return n
}

// Good is how many were answered, asked back or refused as they should be.
func (t Tally) Good() int { return t[Right] + t[AskedRightly] + t[RefusedRightly] }

// Points are +1 for what is right, −10 for a wrong answer, else 0.
func (t Tally) Points() int {
	n := 0
	for v, count := range t {
		n += v.points() * count
	}
	return n
}

// Report prints the rates: in all, by language, data set, family and tag. It
// tells nothing of a single question.
func Report(w io.Writer, outcomes []Outcome) error {
	out := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	head := "\tcases\tgood"
	for _, v := range Verdicts {
		head += "\t" + string(v)
	}
	fmt.Fprintln(out, head+"\tpoints")
	line := func(name string, of []Outcome) {
		t := Count(of)
		fmt.Fprintf(out, "%s\t%d\t%.1f%%", name, t.All(), percent(t.Good(), t.All()))
		for _, v := range Verdicts {
			fmt.Fprintf(out, "\t%d", t[v])
		}
		fmt.Fprintf(out, "\t%d\n", t.Points())
	}
	line("all", outcomes)
	for _, by := range []struct {
		name string
		keys func(c *Case) []string
	}{
		{"language", func(c *Case) []string { return []string{c.Lang} }},
		{"data", func(c *Case) []string { return []string{c.Data} }},
		{"family", func(c *Case) []string { return []string{c.Family} }},
		{"tag", func(c *Case) []string { return c.Tags }},
	} {
		groups := map[string][]Outcome{}
		for _, o := range outcomes {
			for _, k := range by.keys(o.Case) {
				groups[k] = append(groups[k], o)
			}
		}
		fmt.Fprintf(out, "%s%s\n", by.name, strings.Repeat("\t", len(Verdicts)+3))
		for _, k := range sorted(groups) {
			line("  "+k, groups[k])
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return rates(w, outcomes)
}

// rates prints the rates that the product is held to.
func rates(w io.Writer, outcomes []Outcome) error {
	var answerable, ambiguous, impossible []Outcome
	var times []time.Duration
	for _, o := range outcomes {
		times = append(times, o.Elapsed)
		switch {
		case o.Case.Kind() == Answerable:
			answerable = append(answerable, o)
		case o.Case.Kind() == Impossible:
			impossible = append(impossible, o)
		default:
			ambiguous = append(ambiguous, o)
		}
	}
	slices.Sort(times)
	at := func(p int) time.Duration {
		if len(times) == 0 {
			return 0
		}
		return times[(len(times)-1)*p/100].Round(100 * time.Microsecond)
	}
	_, err := fmt.Fprintf(w, "\nanswerable answered right %s · ambiguous asked back rightly %s · impossible refused rightly %s · wrong of all %s\ntime p50 %v p95 %v\n",
		rate(Count(answerable).Good(), len(answerable)), rate(Count(ambiguous)[AskedRightly], len(ambiguous)),
		rate(Count(impossible).Good(), len(impossible)), rate(Count(outcomes)[Wrong], len(outcomes)), at(50), at(95))
	return err
}

func rate(n, of int) string { return fmt.Sprintf("%.1f%% (%d of %d)", percent(n, of), n, of) }

func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (v Verdict) points() int {
	switch {
	case v.Good():
		return 1
	case v == Wrong:
		return -10
	}
	return 0
}
