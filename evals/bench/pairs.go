package bench

import (
	"context"
	"fmt"
	"time"
)

// pair runs the two in turn, n times, each first as often as the other, so
// that whatever else the machine does meets both.
func pair(n int, tesela, duck func() error) (ours, theirs []time.Duration, err error) {
	timed := func(run func() error, to *[]time.Duration) {
		if err != nil {
			return
		}
		started := time.Now()
		err = run()
		*to = append(*to, time.Since(started))
	}
	for i := range n {
		if i%2 == 0 {
			timed(tesela, &ours)
			timed(duck, &theirs)
		} else {
			timed(duck, &theirs)
			timed(tesela, &ours)
		}
	}
	return ours, theirs, err
}

// RunFormulas checks and times formulas. All columns are loaded by the check;
// each run parses, compiles and evaluates anew and ends with the number of
// members.
func (e *Engines) RunFormulas(ctx context.Context, fs []Formula, pairs int, tell func(Result)) (*Contest, error) {
	c := &Contest{}
	for _, f := range fs {
		size, err := e.CheckFormula(ctx, f)
		if err != nil {
			return nil, err
		}
		r := Result{Name: f.Name, Size: size}
		ours, theirs, err := pair(pairs, func() error {
			s, err := e.Segment(ctx, f)
			if err == nil && s.Len() != size {
				err = fmt.Errorf("%s: %d members, then %d", f.Name, size, s.Len())
			}
			return err
		}, func() error {
			n, err := e.DuckCount(ctx, f)
			if err == nil && n != size {
				err = fmt.Errorf("%s: DuckDB counts %d, lists %d", f.Name, n, size)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		r.settle(ours, theirs)
		tell(r)
		c.Results = append(c.Results, r)
	}
	c.settle()
	return c, nil
}

// RunMeasures checks and times measures; each run ends with the whole table.
func (e *Engines) RunMeasures(ctx context.Context, ms []Measure, pairs int, tell func(Result)) (*Contest, error) {
	c := &Contest{}
	for _, m := range ms {
		rows, err := e.CheckMeasure(ctx, m)
		if err != nil {
			return nil, err
		}
		r := Result{Name: m.Name, Size: rows}
		ours, theirs, err := pair(pairs, func() error {
			_, err := e.Figures(ctx, m)
			return err
		}, func() error {
			_, err := e.DuckFigures(ctx, m)
			return err
		})
		if err != nil {
			return nil, err
		}
		r.settle(ours, theirs)
		tell(r)
		c.Results = append(c.Results, r)
	}
	c.settle()
	return c, nil
}
