package segment

import (
	"math"
	"sort"
)

// picked are the rows of one customer that a scan found: a list, or all from
// from up to to.
type picked struct {
	from, to int
	list     []uint32
	all      bool
}

func (p picked) len() int {
	if p.all {
		return p.to - p.from
	}
	return len(p.list)
}

func (p picked) row(k int) int {
	if p.all {
		return p.from + k
	}
	return int(p.list[k])
}

// bounds narrows the rows [s, e) of a customer, sorted by time, to a span. Most
// questions are about recent time, so it looks from the newest row backwards
// while that is cheap.
func bounds(times []int64, s, e int, span Span) (from, to int) {
	if e > s && times[e-1] >= span.To {
		e = s + sort.Search(e-s, func(k int) bool { return times[s+k] >= span.To })
	}
	if span.From == math.MinInt64 || e == s || times[s] >= span.From {
		return s, e
	}
	const near = 8
	for k := e - 1; k >= s && k >= e-near; k-- {
		if times[k] < span.From {
			return k + 1, e
		}
	}
	far := max(s, e-near)
	return s + sort.Search(far-s, func(k int) bool { return times[s+k] >= span.From }), e
}

// checkRows is how many rows pass between looks at the context.
const checkRows = 1 << 16

// scan runs scan i over the block's customers and fills its figures.
func (w *worker) scan(i int) error {
	s, r := w.plan.scans[i], &w.scans[i]
	if r.done {
		return nil
	}
	r.done = true
	t := w.tables[i]
	for k := range s.aggs {
		a := &s.aggs[k]
		r.out[k].reset(a.form, a.den, w.hi-w.lo, a.zero)
	}
	if t == nil || s.span.Empty() {
		return nil
	}
	first := sort.Search(len(t.Who), func(k int) bool { return int(t.Who[k]) >= w.lo })
	only := w.only
	if s.uses > 1 {
		only = nil // others will ask about other customers
	}
	seen := 0
	for k := first; k < len(t.Who) && int(t.Who[k]) < w.hi; k++ {
		if skips(only, int(t.Who[k])-w.lo) {
			continue
		}
		if seen += int(t.Starts[k+1] - t.Starts[k]); seen > checkRows {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			seen = 0
		}
		from, to := bounds(t.Times, int(t.Starts[k]), int(t.Starts[k+1]), s.span)
		p := picked{from: from, to: to, all: true}
		if pick := w.filters[i]; pick != nil {
			w.rows = pick(from, to, w.rows[:0])
			p = picked{list: w.rows}
		}
		if p.len() == 0 {
			continue
		}
		at := int(t.Who[k]) - w.lo
		for j := range s.aggs {
			if err := w.aggregate(&s.aggs[j], t, p, &r.out[j], at); err != nil {
				return err
			}
		}
	}
	return nil
}
