package contrast

import (
	"context"
	"math"

	"tesela/segment"
	"tesela/segment/explain"
)

// Shared is what both groups have in common against everyone else.
type Shared struct {
	Difference // of both together, A, from everyone else, B
	// InA and InB are the same figure of either group alone.
	InA, InB float64
}

// Shared finds what sets both groups together apart from everyone else, each
// to the same side, and does not set them apart from each other. There is none
// where nobody else is left.
func (c *Contrast) Shared(ctx context.Context, o explain.Options) ([]Shared, error) {
	all := c.WholeA.Or(c.WholeB)
	rest := all.Not()
	if all.Len() == 0 || rest.Len() == 0 || len(c.Table.Columns) == 0 {
		return nil, nil
	}
	least := o.Least
	if least == 0 {
		least = explain.Least
	}
	type look struct {
		column int
		aspect explain.Aspect
	}
	apart := map[look]bool{}
	for _, l := range c.Report.All {
		if l.Found && math.Abs(l.D) >= least {
			apart[look{l.Column, l.Aspect}] = true
		}
	}
	both, err := c.Again(ctx, all, rest, o)
	if err != nil {
		return nil, err
	}
	var shared []Shared
	for _, d := range both.Differences {
		if apart[look{d.Column, d.Aspect}] {
			continue
		}
		s := Shared{Difference: d, InA: c.figure(d, c.WholeA), InB: c.figure(d, c.WholeB)}
		if (s.InA-d.B)*(s.InB-d.B) > 0 {
			shared = append(shared, s)
		}
	}
	return shared, nil
}

// figure is what a difference is told by, of some group: the mean of those who
// have a number, the share of the strongest word among those who have any, or
// the share of those who have a value. NaN where nobody has one.
func (c *Contrast) figure(d Difference, who *segment.Set) float64 {
	column := c.Table.Columns[d.Column]
	sum, n, all := 0.0, 0, 0
	who.Each(func(i int) {
		all++
		switch {
		case column.Numbers != nil:
			if v := column.Numbers[i]; !math.IsNaN(v) && !math.IsInf(v, 0) {
				n++
				sum += v
			}
		case column.Codes[i] != 0:
			n++
			if len(d.Drivers) > 0 && column.Codes[i] == d.Drivers[0].Code {
				sum++
			}
		}
	})
	if d.Aspect == explain.Known {
		return float64(n) / float64(all)
	}
	return sum / float64(n)
}
