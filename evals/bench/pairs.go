package bench

import (
	"context"
	"fmt"
	"time"
)

// spent is what a run took: on the clock, and of processor time over all
// threads, which other programs on the machine disturb less.
type spent struct{ wall, cpu time.Duration }

// clocked times a run in this process.
func clocked(run func() error) func() (spent, error) {
	return func() (spent, error) {
		cpu, started := cpuTime(), time.Now()
		err := run()
		return spent{time.Since(started), cpuTime() - cpu}, err
	}
}

// pair runs the two in turn, n times, each first as often as the other, so
// that whatever else the machine does meets both.
func pair(n int, tesela, duck func() (spent, error)) (ours, theirs []spent, err error) {
	one := func(run func() (spent, error), to *[]spent) {
		if err != nil {
			return
		}
		var s spent
		s, err = run()
		*to = append(*to, s)
	}
	for i := range n {
		if i%2 == 0 {
			one(tesela, &ours)
			one(duck, &theirs)
		} else {
			one(duck, &theirs)
			one(tesela, &ours)
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
		ours := clocked(func() error {
			s, err := e.Segment(ctx, f)
			if err == nil && s.Len() != size {
				err = fmt.Errorf("%s: %d members, then %d", f.Name, size, s.Len())
			}
			return err
		})
		theirs := func(f Formula) func() (spent, error) {
			return clocked(func() error {
				n, err := e.DuckCount(ctx, f)
				if err == nil && n != size {
					err = fmt.Errorf("%s: DuckDB counts %d, lists %d", f.Name, n, size)
				}
				return err
			})
		}
		r := Result{Name: f.Name, Size: size}
		var other func() (spent, error)
		if plain, ok := f.plainly(); ok {
			other = theirs(plain)
		}
		if err := r.time(pairs, ours, theirs(f), other); err != nil {
			return nil, err
		}
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
		ours := clocked(func() error {
			_, err := e.Figures(ctx, m)
			return err
		})
		theirs := func(m Measure) func() (spent, error) {
			return clocked(func() error {
				_, err := e.DuckFigures(ctx, m)
				return err
			})
		}
		r := Result{Name: m.Name, Size: rows}
		var other func() (spent, error)
		if plain, ok := m.plainly(); ok {
			other = theirs(plain)
		}
		if err := r.time(pairs, ours, theirs(m), other); err != nil {
			return nil, err
		}
		tell(r)
		c.Results = append(c.Results, r)
	}
	c.settle()
	return c, nil
}

// time takes the pairs of a question, and some with the plain SQL if there is
// one.
func (r *Result) time(pairs int, ours, theirs, plain func() (spent, error)) error {
	a, b, err := pair(pairs, ours, theirs)
	if err != nil {
		return err
	}
	r.settle(a, b)
	if plain == nil {
		return nil
	}
	if a, b, err = pair((pairs+1)/2, ours, plain); err != nil {
		return err
	}
	r.settlePlain(a, b)
	return nil
}
