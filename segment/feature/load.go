package feature

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Load computes features as of an instant, all in one plan. Features that the
// data does not know, that nearly all customers are alike in or nearly nobody
// has, are left out; the Table says which. It takes 8 bytes per customer and
// number, 4 per customer and category.
func Load(ctx context.Context, src segment.Source, at time.Time, fs []Feature) (*Table, error) {
	t := &Table{At: at}
	known, err := t.known(ctx, src, at, fs)
	if err != nil {
		return nil, fmt.Errorf("load features: %w", err)
	}
	all, err := loadAll(ctx, src, at, known)
	if err != nil {
		return nil, fmt.Errorf("load features: %w", err)
	}
	t.N = src.Schema().Customers
	for i, f := range known {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("load features: %w", err)
		}
		if ok, why := keeps(all[i]); !ok {
			t.Dropped = append(t.Dropped, Dropped{Feature: f, Reason: why})
			continue
		}
		t.Features = append(t.Features, f)
		t.Columns = append(t.Columns, all[i])
	}
	return t, nil
}

// known drops what does not compile, so that one feature of a catalogue that
// changed does not keep the others from being loaded.
func (t *Table) known(ctx context.Context, src segment.Source, at time.Time, fs []Feature) ([]Feature, error) {
	if compiles(ctx, src, at, fs) == nil {
		return fs, ctx.Err()
	}
	var known []Feature
	for _, f := range fs {
		err := compiles(ctx, src, at, []Feature{f})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			t.Dropped = append(t.Dropped, Dropped{Feature: f, Reason: Unknown, Err: err})
			continue
		}
		known = append(known, f)
	}
	return known, nil
}

func compiles(ctx context.Context, src segment.Source, at time.Time, fs []Feature) error {
	values, conds := parts(fs)
	_, err := segment.CompileValues(ctx, values, src, at)
	_, err2 := segment.CompileEach(ctx, conds, src, at)
	return errors.Join(err, err2)
}

// parts are the values of those features that are values, the formulas of
// those that are formulas.
func parts(fs []Feature) (values []syntax.Value, conds []syntax.Formula) {
	for _, f := range fs {
		if f.If != nil {
			conds = append(conds, f.If)
		} else {
			values = append(values, f.Value)
		}
	}
	return values, conds
}

func loadAll(ctx context.Context, src segment.Source, at time.Time, fs []Feature) ([]Column, error) {
	n := src.Schema().Customers
	all := make([]Column, len(fs))
	var places []int // of the features that are values
	for i, f := range fs {
		if f.Kind == Number {
			all[i].Numbers = make([]float64, n)
		} else {
			all[i].Codes = make([]uint32, n)
		}
		if f.If == nil {
			places = append(places, i)
		}
	}
	values, conds := parts(fs)
	if len(conds) > 0 {
		if err := loadConds(ctx, src, at, fs, conds, all); err != nil {
			return nil, err
		}
	}
	if len(values) == 0 {
		return all, nil
	}
	plan, err := segment.CompileValues(ctx, values, src, at)
	if err != nil {
		return nil, err
	}
	rulers := map[rulerOf]*ruler{}
	for k, i := range places {
		if kind := plan.Kind(k); kind == column.Time || kind == column.Date {
			r := rulerOf{fs[i].Unit, kind == column.Date}
			if rulers[r] == nil {
				if rulers[r], err = newRuler(r, at, src.Schema().Zone); err != nil {
					return nil, err
				}
			}
		}
	}
	err = plan.Each(ctx, func(from int, block []*segment.Values) error {
		for k, i := range places {
			v := block[k]
			switch c := &all[i]; {
			case v.Kind() == column.Time || v.Kind() == column.Date:
				r := rulers[rulerOf{fs[i].Unit, v.Kind() == column.Date}]
				r.measure(v, c.Numbers[from:from+v.N()])
			case c.Numbers != nil:
				v.Floats(c.Numbers[from : from+v.N()])
			case v.Kind() == column.Text:
				for j := range v.N() {
					c.Codes[from+j] = v.Code(j)
				}
			default:
				for j := range v.N() {
					if x := v.Int(j); x != column.Unset {
						c.Codes[from+j] = uint32(x) + 1
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for k, i := range places {
		all[i].name(plan.Dict(k))
	}
	return all, nil
}

// name fills in a category's words.
func (c *Column) name(d *column.Dict) {
	if c.Numbers != nil {
		return
	}
	c.Words = []string{"", False, True}
	if d != nil {
		c.Words = make([]string, 1, d.Len()+1)
		for code := 1; code <= d.Len(); code++ {
			c.Words = append(c.Words, d.Word(uint32(code)))
		}
	}
}

func loadConds(ctx context.Context, src segment.Source, at time.Time, fs []Feature, conds []syntax.Formula, all []Column) error {
	plan, err := segment.CompileEach(ctx, conds, src, at)
	if err != nil {
		return err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return err
	}
	k := 0
	for i, f := range fs {
		if f.If == nil {
			continue
		}
		for j := range all[i].Codes {
			all[i].Codes[j] = 1
			if sets[k].Has(j) {
				all[i].Codes[j] = 2
			}
		}
		all[i].name(nil)
		k++
	}
	return nil
}

// rulerOf is what distances from T are measured of.
type rulerOf struct {
	unit Unit
	date bool
}

// ruler measures how many whole days or years before T a time lies: the most n
// for which it is earlier than n of them ago, as windows have it.
type ruler struct {
	marks  []int64 // mark n−1 is where `last n` begins, latest first
	newest int64   // what is later lies in the future
}

// reach of rulers: days of 130 years, years.
const (
	reachDays  = 47_500
	reachYears = 200
)

func newRuler(of rulerOf, at time.Time, zone *time.Location) (*ruler, error) {
	unit, reach := syntax.Day, reachDays
	if of.unit == Years {
		unit, reach = syntax.Year, reachYears
	}
	r := &ruler{marks: make([]int64, reach)}
	for n := range r.marks {
		w := &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: n + 1, Unit: unit}}
		span, err := segment.Resolve(w, at, zone)
		if err != nil {
			return nil, err
		}
		r.marks[n], r.newest = span.From, span.To-1
		if of.date {
			r.marks[n], r.newest = span.Days(zone)
		}
	}
	return r, nil
}

func (r *ruler) measure(v *segment.Values, out []float64) {
	for i := range out {
		x := v.Int(i)
		if x == column.Unset || x > r.newest {
			out[i] = math.NaN()
			continue
		}
		// The marks descend: find the first that x is no earlier than.
		n, _ := slices.BinarySearchFunc(r.marks, x, func(mark, x int64) int {
			if mark > x {
				return -1
			}
			return 1
		})
		out[i] = float64(n)
	}
}
