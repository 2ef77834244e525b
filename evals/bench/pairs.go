package bench

import (
	"cmp"
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

// asked is a question with what asks it of both engines, and what that took.
type asked struct {
	Result
	ours, theirs func() (spent, error)
	plain        func() (spent, error) // nil where there is but one SQL
	took         [4][]spent            // ours, theirs; ours again and plain
}

// rounds asks all questions once of both, then all of them again, and so on:
// the pairs of a question are spread over the whole run, so that what else the
// machine does for a second meets one pair of many questions, not all pairs
// of one. Who is first alternates. The plain SQL takes every second round.
func rounds(n int, all []*asked, tell func(Result)) (*Contest, error) {
	one := func(run func() (spent, error), to *[]spent) error {
		s, err := run()
		*to = append(*to, s)
		return err
	}
	for i := range n {
		for k, q := range all {
			if err := inTurn((i+k)%2 == 0, one, q.ours, q.theirs, &q.took[0], &q.took[1]); err != nil {
				return nil, err
			}
			if q.plain != nil && i%2 == 0 {
				if err := inTurn((i/2+k)%2 == 0, one, q.ours, q.plain, &q.took[2], &q.took[3]); err != nil {
					return nil, err
				}
			}
		}
	}
	c := &Contest{}
	for _, q := range all {
		q.settle(q.took[0], q.took[1])
		if q.plain != nil {
			q.settlePlain(q.took[2], q.took[3])
		}
		tell(q.Result)
		c.Results = append(c.Results, q.Result)
	}
	c.settle()
	return c, nil
}

func inTurn(oursFirst bool, one func(func() (spent, error), *[]spent) error, ours, theirs func() (spent, error), a, b *[]spent) error {
	if oursFirst {
		return cmp.Or(one(ours, a), one(theirs, b))
	}
	return cmp.Or(one(theirs, b), one(ours, a))
}

// pair runs the two in turn, n times, each first as often as the other, so
// that whatever else the machine does meets both.
func pair(n int, ours, theirs func() (spent, error)) (a, b []spent, err error) {
	q := &asked{ours: ours, theirs: theirs}
	_, err = rounds(n, []*asked{q}, func(Result) {})
	return q.took[0], q.took[1], err
}

// RunFormulas checks and times formulas. All columns are loaded by the check;
// each run parses, compiles and evaluates anew and ends with the number of
// members.
func (e *Engines) RunFormulas(ctx context.Context, fs []Formula, pairs int, tell func(Result)) (*Contest, error) {
	var all []*asked
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
		q := &asked{Result: Result{Name: f.Name, Size: size}, ours: ours, theirs: theirs(f)}
		if plain, ok := f.plainly(); ok {
			q.plain = theirs(plain)
		}
		all = append(all, q)
	}
	return rounds(pairs, all, tell)
}

// RunMeasures checks and times measures; each run ends with the whole table.
func (e *Engines) RunMeasures(ctx context.Context, ms []Measure, pairs int, tell func(Result)) (*Contest, error) {
	var all []*asked
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
		q := &asked{Result: Result{Name: m.Name, Size: rows}, ours: ours, theirs: theirs(m)}
		if plain, ok := m.plainly(); ok {
			q.plain = theirs(plain)
		}
		all = append(all, q)
	}
	return rounds(pairs, all, tell)
}
