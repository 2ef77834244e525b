package segment

import (
	"math"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Differences that are set, in their order.
const (
	leastSet = math.MinInt64 + 1
	mostSet  = math.MaxInt64
)

// compareQuotients answers a comparison of two values of each customer by
// their difference; ok is false where that cannot be told so.
func (w *worker) compareQuotients(c *condCompare, out []uint64) (ok bool, err error) {
	w.lent = 0
	l, ok, err := w.quotient(c.left)
	if !ok || err != nil {
		return false, err
	}
	r, ok, err := w.quotient(c.right)
	if !ok || err != nil {
		return false, err
	}
	d, ok := w.difference(l, r)
	if ok {
		w.markOrder(c.op, d, out)
	}
	return ok, nil
}

// markOrder marks the differences from 0 of which a comparison holds.
func (w *worker) markOrder(op syntax.Op, d []int64, out []uint64) {
	switch op {
	case syntax.Eq:
		column.MarkInts(d, 0, 0, out)
	case syntax.Lt:
		column.MarkInts(d, leastSet, -1, out)
	case syntax.Le:
		column.MarkInts(d, leastSet, 0, out)
	case syntax.Gt:
		column.MarkInts(d, 1, mostSet, out)
	case syntax.Ge:
		column.MarkInts(d, 0, mostSet, out)
	default:
		column.MarkInts(d, leastSet, -1, out)
		more := w.mask(len(out))
		column.MarkInts(d, 1, mostSet, more)
		for k, word := range more {
			out[k] |= word
		}
		w.masks = append(w.masks, more)
	}
}

// testQuotients answers a test of an exact value by its differences from the
// literals; ok is false where that cannot be told so.
func (w *worker) testQuotients(t *test, v *value, out []uint64) (ok bool, err error) {
	w.lent = 0
	q, ok, err := w.quotient(v)
	if !ok || err != nil {
		return false, err
	}
	set, in := w.mask(len(out)), w.mask(len(out))
	defer func() { w.masks = append(w.masks, set, in) }()
	clear(out)
	room := w.lent
	for k := range t.exacts {
		r := &t.exacts[k]
		if !r.lo.isSet() && !r.hi.isSet() {
			return false, nil
		}
		for i := range in {
			in[i] = math.MaxUint64
		}
		for _, end := range []struct {
			at          exact
			open        bool
			from, to    int64 // differences that are within, the end left out
			atFrom, at0 int64
		}{
			{r.lo, r.loOpen, 1, mostSet, 0, mostSet},
			{r.hi, r.hiOpen, leastSet, -1, leastSet, 0},
		} {
			if !end.at.isSet() {
				continue
			}
			if end.at.big != nil {
				return false, nil
			}
			w.lent = room
			d, ok := w.difference(q, quotient{k: end.at.num, d: end.at.den, numMost: 1, denMost: 1})
			if !ok {
				return false, nil
			}
			column.MarkInts(d, leastSet, mostSet, set)
			from, to := end.atFrom, end.at0
			if end.open {
				from, to = end.from, end.to
			}
			more := w.mask(len(out))
			column.MarkInts(d, from, to, more)
			for i, word := range more {
				in[i] &= word
			}
			w.masks = append(w.masks, more)
		}
		for i, word := range in {
			out[i] |= word
		}
	}
	if t.neg {
		for i, word := range set {
			out[i] = word &^ out[i]
		}
	}
	return len(t.exacts) > 0, nil
}
