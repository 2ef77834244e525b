package measure

import (
	"math"
	"math/bits"
	"sort"

	"tesela/segment"
	"tesela/segment/column"
)

// spanMarker marks the rows in a span of time; nil where all lie in it.
func spanMarker(t *column.Table, span segment.Span) marker {
	c := t.Clock
	if c == nil {
		return func(from, to int, out []uint64) { column.MarkInts(t.Times[from:to], span.From, span.To-1, out) }
	}
	if span.Empty() || span.To == math.MinInt64 {
		return func(from, to int, out []uint64) { clear(out[:words(to-from)]) }
	}
	lo, hi, ok := c.Range(span.From, span.To-1)
	switch {
	case !ok:
		return func(from, to int, out []uint64) { clear(out[:words(to-from)]) }
	case lo <= c.Least && hi >= c.Most:
		return nil
	}
	return func(from, to int, out []uint64) { c.Mark(from, to, lo, hi, out) }
}

// marked lists the rows of marks that are counted from a row on.
func marked(rows []int32, marks []uint64, from int) []int32 {
	for k, m := range marks {
		for ; m != 0; m &= m - 1 {
			rows = append(rows, int32(from+k<<6+bits.TrailingZeros64(m)))
		}
	}
	return rows
}

// within narrows a customer's rows, sorted by time, to a span.
func within(t *column.Table, lo, hi int, s segment.Span) (int, int) {
	if lo < hi && t.Time(lo) < s.From {
		lo += sort.Search(hi-lo, func(i int) bool { return t.Time(lo+i) >= s.From })
	}
	if lo < hi && t.Time(hi-1) >= s.To {
		hi = lo + sort.Search(hi-lo, func(i int) bool { return t.Time(lo+i) >= s.To })
	}
	return lo, hi
}
