package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Print writes a comparison for people.
func (c *Comparison) Print(w io.Writer) error {
	of := map[Of]string{Clock: "time on the clock", Processor: "processor time"}
	fmt.Fprintf(w, "%s → %s, %s\n", c.Before, c.After, of[c.Of])
	for _, n := range c.Notes {
		fmt.Fprintln(w, "note:", n)
	}
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "Tesela's time over DuckDB's\tbefore\tafter\tfactor\t95% interval\tp\tof all\tverdict")
	questions := 0
	for _, k := range c.Contests {
		fmt.Fprintf(t, "%s\t\t\t\t\t\t\t\n", k.Name)
		for _, q := range k.Questions {
			questions++
			q.print(t, "  "+q.Name)
		}
		if k.Mean != nil {
			k.Mean.print(t, "  geometric mean")
		}
		for _, left := range k.Left {
			fmt.Fprintf(t, "  left out: %s\t\t\t\t\t\t\t\n", left)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	counts := map[Verdict]int{}
	var seen []float64
	var tests []string
	for _, k := range c.Contests {
		for _, q := range k.Questions {
			counts[q.Verdict]++
			seen = append(seen, q.Seen)
			if !slices.Contains(tests, q.Test) {
				tests = append(tests, q.Test)
			}
		}
	}
	counts[NoDifference] += counts[Unsettled]
	fmt.Fprintf(w, "\n%d questions: %d slower, %d faster, %d no difference shown; %s on the ratios of %s, corrected for all of them and their means (Holm), at %v\n",
		questions, counts[Slower], counts[Faster], counts[NoDifference], strings.Join(tests, " and "), c.Units, c.Alpha)
	if m := median(seen); m > 0 {
		fmt.Fprintf(w, "with so many %s and this noise a question slower by less than %.2f × would mostly have gone unseen (median; at most %.2f ×)\n", c.Units, m, slices.Max(seen))
	}
	return nil
}

func (q Change) print(w io.Writer, name string) {
	end := func(x float64) string {
		if x == 0 {
			return "?"
		}
		return fmt.Sprintf("%.3f", x)
	}
	said := string(q.Verdict)
	if q.Verdict != NoDifference {
		said = fmt.Sprintf("%s, %+.1f%%", said, 100*(q.Factor-1))
	}
	fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%.3f\t%s … %s\t%.4f\t%.4f\t%s\n", name, q.Before, q.After, q.Factor, end(q.Low), end(q.High), q.P, q.Adjusted, said)
}

// With lists what has a verdict, the geometric means among them.
func (c *Comparison) With(v Verdict) (names []string) {
	for _, k := range c.Contests {
		for _, q := range k.Questions {
			if q.Verdict == v {
				names = append(names, k.Name+": "+q.Name)
			}
		}
		if k.Mean != nil && k.Mean.Verdict == v {
			names = append(names, k.Name+": geometric mean")
		}
	}
	return names
}
