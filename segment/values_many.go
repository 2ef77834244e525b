package segment

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// ValuesPlan is several values per customer that are evaluated together:
// values over the same rows share a scan.
type ValuesPlan struct {
	plan  *Plan
	roots []*value
}

// CompileValues plans several values per customer; see CompileValue.
func CompileValues(ctx context.Context, vs []syntax.Value, src Source, at time.Time, opts ...Option) (*ValuesPlan, error) {
	c := newCompiler(ctx, src, at, opts)
	p := &ValuesPlan{plan: c.plan, roots: make([]*value, len(vs))}
	for i, v := range vs {
		c.plan.texts = append(c.plan.texts, v.String())
		root := c.value(v)
		if root != nil && root.form == inTags {
			c.fail(root.span, "%s is tags; ask for one of them with `%s contains \"…\"`", root.text, root.text)
		}
		p.roots[i] = root
	}
	if _, err := c.finish(); err != nil {
		return nil, err
	}
	return p, nil
}

// Kind is the kind of value i; counts are numbers.
func (p *ValuesPlan) Kind(i int) column.Kind { return p.roots[i].kind }

// Dict gives the words of the codes of value i where it is text; else nil.
func (p *ValuesPlan) Dict(i int) *column.Dict { return p.roots[i].dict }

// Warnings are what checking noticed and is no error.
func (p *ValuesPlan) Warnings() []Note { return p.plan.notes }

// Need lists the columns the plan reads.
func (p *ValuesPlan) Need() Need { return p.plan.need }

// Run evaluates the values for every customer, in their order.
func (p *ValuesPlan) Run(ctx context.Context) ([]*Values, error) {
	r, err := newRun(ctx, p.plan)
	if err != nil {
		return nil, fmt.Errorf("evaluate %d values: %w", len(p.roots), err)
	}
	all, err := r.valuesOf(ctx, p.roots)
	if err != nil {
		return nil, fmt.Errorf("evaluate %d values: %w", len(p.roots), err)
	}
	for _, v := range all {
		v.notes = r.notes()
	}
	return all, nil
}

// Each evaluates the values block by block, so that a caller may keep them in
// a form of its own and the whole is never held twice. A block's values are
// those of N customers from the one numbered from on, in the order of the
// values, and are lent for the time of the visit. Visits of different blocks
// run at the same time, in any order; the first error ends it.
func (p *ValuesPlan) Each(ctx context.Context, visit func(from int, block []*Values) error) error {
	r, err := newRun(ctx, p.plan)
	if err != nil {
		return fmt.Errorf("evaluate %d values: %w", len(p.roots), err)
	}
	err = r.each(ctx, func(w *worker) error {
		block := make([]*Values, len(p.roots))
		for i, v := range p.roots {
			part, err := w.value(v)
			if err != nil {
				return err
			}
			block[i] = &Values{kind: v.kind, zone: p.plan.schema.Zone, digits: p.plan.schema.Digits, dict: v.dict, n: w.hi - w.lo, vec: *part}
		}
		return visit(w.lo, block)
	})
	if err != nil {
		return fmt.Errorf("evaluate %d values: %w", len(p.roots), err)
	}
	return nil
}

// Int gives a time in microseconds since 1970 UTC, a date in days since
// 1970-01-01, a bool as 0 or 1; column.Unset where it is unset or of another
// kind.
func (v *Values) Int(i int) int64 {
	switch v.kind {
	case column.Time, column.Date, column.Bool:
		return v.vec.ints[i]
	}
	return column.Unset
}

// Floats copies numbers or money (in major units) of the first len(out)
// customers; NaN where one is unset. It is Float for many at once.
func (v *Values) Floats(out []float64) {
	if v.kind != column.Number && v.kind != column.Money {
		for i := range out {
			out[i] = math.NaN()
		}
		return
	}
	if v.vec.form == inFloats {
		copy(out, v.vec.floats)
		return
	}
	for i := range out {
		out[i] = v.vec.floatAt(i)
	}
}

// Whole gives numbers or money as whole numbers of one unit, of which den make
// 1 (in major units), by customer; column.Unset is unset. It is false where they
// are held otherwise. The slice is not to be changed.
func (v *Values) Whole() (ints []int64, den int64, ok bool) {
	if v.kind != column.Number && v.kind != column.Money || v.vec.form != inInts {
		return nil, 0, false
	}
	return v.vec.ints[:v.n], v.vec.den, true
}

// Sum adds up the set numbers or money (in major units) of a set's customers:
// exactly, or what is float64 in the order of the customers. It is nil for other
// kinds.
func (v *Values) Sum(s *Set) *big.Rat {
	if v.kind != column.Number && v.kind != column.Money {
		return nil
	}
	total := new(big.Rat)
	switch v.vec.form {
	case inInts:
		sum := new(big.Int)
		part := int64(0)
		s.Each(func(i int) {
			x := v.vec.ints[i]
			if x == column.Unset {
				return
			}
			next, ok := add64(part, x)
			if !ok {
				sum.Add(sum, big.NewInt(part))
				next = x
			}
			part = next
		})
		total.SetFrac(sum.Add(sum, big.NewInt(part)), big.NewInt(v.vec.den))
	case inFloats:
		sum := 0.0
		s.Each(func(i int) {
			if x := v.vec.floats[i]; x == x {
				sum += x
			}
		})
		if total.SetFloat64(sum) == nil {
			return nil
		}
	default:
		s.Each(func(i int) {
			if x := v.vec.exactAt(i); x.isSet() {
				total.Add(total, x.rat())
			}
		})
	}
	return total
}

// Days are the dates in a span of time, counted from 1970-01-01, both ends in:
// those `within` finds, for a date counts as its first midnight. The first is
// math.MinInt64 where the span is open; there are none where it is after the
// last.
func (s Span) Days(zone *time.Location) (first, last int64) {
	if s.Empty() {
		return 1, 0
	}
	c := newCalendar(zone, time.Unix(0, 0), time.Unix(-1, 0))
	first, last = math.MinInt64, c.slowDay(s.To-1)
	if s.From != math.MinInt64 {
		first = c.slowDay(s.From)
		if micros(dayMidnight(first, zone)) < s.From {
			first++
		}
	}
	return first, last
}
