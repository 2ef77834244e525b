package lifecycle

import (
	"context"
	"math"
	"sort"

	"tesela/segment/column"
)

// Purchases are the rows of purchases that count: those before an instant.
type Purchases struct {
	Table  *column.Table // nil: there is none
	Before int64         // microseconds
	// Day gives the local day of an instant. It is safe for concurrent use.
	Day func(t int64) int64
	// Days, where it is not nil, gives the same of the table's packed times.
	Days *column.Steps
}

// None is the day of a customer none of whose rows counts.
const None = math.MinInt32

// fewCustomers are gone over at once, so that the days of their rows stay in
// the nearest cache.
const fewCustomers = 512

// walker goes over the days of customers' rows, some customers at a time.
type walker struct {
	*Purchases
	days []int32
}

// rows gives the days of the rows [from, to).
func (w *walker) rows(from, to int) []int32 {
	if n := to - from; cap(w.days) < n {
		w.days = make([]int32, n+n/4)
	}
	days := w.days[:to-from]
	t := w.Table
	switch {
	case w.Days != nil && t.Clock.U32 != nil:
		w.Days.Fill(t.Clock.U32[from:to], days)
	case w.Days != nil:
		for i := range days {
			days[i] = w.Days.Of(t.Clock.X(from + i))
		}
	default:
		for i := range days {
			days[i] = int32(w.Day(t.Time(from + i)))
		}
	}
	return days
}

// cut is the end of the rows of customer Who[k] that count.
func (p *Purchases) cut(k int) int {
	t := p.Table
	s, e := int(t.Starts[k]), int(t.Starts[k+1])
	if t.Time(e-1) >= p.Before {
		e = s + sort.Search(e-s, func(i int) bool { return t.Time(s+i) >= p.Before })
	}
	return e
}

// longest is how many days the rows may span where their gaps are counted
// without room being made for each customer's.
const longest = 1 << 16

// span is how many days lie between the rows; ok is false where that is not
// known, or too many, or where some rows do not count.
func (p *Purchases) span() (days int, ok bool) {
	c := p.Table.Clock
	if c == nil {
		return 0, false
	}
	first, last := c.Of(c.Least), c.Of(c.Most)
	days = int(p.Day(last) - p.Day(first))
	return days, last < p.Before && days < longest
}

// Days is what one pass over the purchases tells.
type Days struct {
	// Last is the day of the latest purchase of each of Table.Who, or None.
	Last []int32
	// Gaps are those between consecutive purchase days.
	Gaps Gaps
}

// Walk finds the days of the latest purchases and, where gaps are asked for,
// the gaps. The error is the context's.
func Walk(ctx context.Context, p Purchases, gaps bool) (Days, error) {
	var d Days
	if p.Table == nil {
		return d, ctx.Err()
	}
	n := len(p.Table.Who)
	d.Last = make([]int32, n)
	counts := make([]counter, column.Workers(n))
	span, whole := p.span()
	err := column.Parts(ctx, n, func(worker, lo, hi int) {
		w, c := walker{Purchases: &p}, &counts[worker]
		for ; lo < hi; lo += fewCustomers {
			few := min(hi, lo+fewCustomers)
			switch {
			case !gaps:
				w.last(lo, few, d.Last)
			case whole:
				c.room(span)
				w.count(lo, few, d.Last, c)
			default:
				w.countCut(lo, few, d.Last, c)
			}
		}
	})
	for _, c := range counts {
		c.into(&d.Gaps)
	}
	return d, err
}

// last finds the latest days of the customers Who[lo:hi].
func (w *walker) last(lo, hi int, last []int32) {
	for k := lo; k < hi; k++ {
		last[k] = None
		if e := w.cut(k); e > int(w.Table.Starts[k]) {
			last[k] = w.day(e - 1)
		}
	}
}

// day is the local day of a row.
func (p *Purchases) day(row int) int32 {
	if p.Days != nil {
		return p.Days.Of(p.Table.Clock.X(row))
	}
	return int32(p.Day(p.Table.Time(row)))
}

// count is last and counts the gaps too, where every row counts. It goes over
// the rows as if they were one customer's, which takes no branch, and takes
// back what it so counted between customers.
func (w *walker) count(lo, hi int, last []int32, c *counter) {
	starts := w.Table.Starts[lo : hi+1]
	from := starts[0]
	days := w.rows(int(from), int(starts[hi-lo]))
	even, odd, zero := c.counts[0], c.counts[1], c.zero
	prev := days[0]
	i := 0
	for ; i+1 < len(days); i += 2 {
		a, b := days[i], days[i+1]
		even[zero+int(a)-int(prev)]++
		odd[zero+int(b)-int(a)]++
		prev = b
	}
	if i < len(days) {
		even[zero+int(days[i])-int(prev)]++
	}
	for k, s := range starts[1:] {
		last[lo+k] = days[s-1-from]
	}
	for _, s := range starts[1 : hi-lo] {
		even[zero+int(days[s-from])-int(days[s-from-1])]--
	}
}

// countCut is count where some rows do not count.
func (w *walker) countCut(lo, hi int, last []int32, c *counter) {
	starts := w.Table.Starts
	from := int(starts[lo])
	days := w.rows(from, int(starts[hi]))
	for k := lo; k < hi; k++ {
		s, e := int(starts[k]), w.cut(k)
		last[k] = None
		if s == e {
			continue
		}
		own := days[s-from : e-from]
		last[k] = own[len(own)-1]
		c.room(int(last[k]) - int(own[0]))
		prev := own[0]
		for _, d := range own[1:] {
			c.counts[0][c.zero+int(d)-int(prev)]++
			prev = d
		}
	}
}
