package segment

import (
	"math"
	"math/bits"
	"sort"

	"tesela/segment/column"
)

// stepRows are the rows of a block's customers that may match a step: pieces,
// and where those of a customer begin, by the customer's place.
type stepRows struct {
	pieces []piece
	first  []uint32
}

// sequence answers for the block's customers. Most of them lack a step or have
// the steps too far apart, which the rows that match each step tell at once;
// only the others are looked at event by event.
func (w *worker) sequence(index int, out []uint64) error {
	clear(out)
	r := w.passes[index]
	n := w.hi - w.lo
	open := w.mask(len(out))
	defer func() { w.masks = append(w.masks, open) }()
	for k := range open {
		open[k] = math.MaxUint64
		if w.only != nil {
			open[k] = w.only[k]
		}
	}
	cut(open, n)
	for len(w.seq.steps) < len(r.finds) {
		w.seq.steps = append(w.seq.steps, stepRows{first: make([]uint32, blockSize)})
	}
	for i, step := range r.plan.steps {
		if step.not {
			continue
		}
		if r.finds[i] == nil {
			return nil
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		has := w.step(r.finds[i], &w.seq.steps[i], open)
		any := uint64(0)
		for k := range open {
			open[k] &= has[k]
			any |= open[k]
		}
		w.masks = append(w.masks, has)
		if any == 0 {
			return nil
		}
	}
	left := 0
	for k, word := range open {
		for ; word != 0; word &= word - 1 {
			bit := word & -word
			switch possible, sure := w.apart(r, k<<6+bits.TrailingZeros64(word)); {
			case sure:
				out[k] |= bit
				open[k] &^= bit
			case !possible:
				open[k] &^= bit
			default:
				left++
			}
		}
	}
	if left == 0 {
		return w.ctx.Err()
	}
	for i, step := range r.plan.steps {
		if step.not && r.finds[i] != nil {
			w.masks = append(w.masks, w.step(r.finds[i], &w.seq.steps[i], open))
		}
	}
	checked := 0
	for k, word := range open {
		for ; word != 0; word &= word - 1 {
			if checked++; checked%256 == 0 && w.ctx.Err() != nil {
				return w.ctx.Err()
			}
			at := k<<6 + bits.TrailingZeros64(word)
			has := w.hasSequence
			if r.notLast {
				has = w.endsWithout
			}
			if has(r, uint32(at)) {
				out[k] |= 1 << (at & 63)
			}
		}
	}
	return w.ctx.Err()
}

// step finds the rows of a step of the customers that are open, and tells who
// has one. The marks are to be given back.
func (w *worker) step(find *boundScan, to *stepRows, open []uint64) (has []uint64) {
	has = w.mask(len(open))
	clear(has)
	fillAll(to.first, none)
	if len(w.slice(find, open)) == 0 {
		return has
	}
	to.pieces, w.pieces = w.pieces, to.pieces
	prev := none
	for k, p := range to.pieces {
		if p.At != prev {
			prev, to.first[p.At] = p.At, uint32(k)
			has[p.At>>6] |= 1 << (p.At & 63)
		}
	}
	return has
}

// none stands for no customer and no piece.
const none = uint32(math.MaxUint32)

// cursor goes over the rows that may match a step, of one customer.
type cursor struct {
	table  *column.Table
	pieces []piece // those to come; others' may follow
	piece  piece   // the one at hand, its bits the rows to come
}

func (s *stepRows) cursor(t *column.Table, at uint32) cursor {
	if s.first[at] == none {
		return cursor{table: t}
	}
	pieces := s.pieces[s.first[at]:]
	return cursor{t, pieces[1:], pieces[0]}
}

// more tells whether there is a row; row is the first of them.
func (c *cursor) more() bool {
	for c.piece.Bits == 0 {
		if len(c.pieces) == 0 || c.pieces[0].At != c.piece.At {
			return false
		}
		c.piece, c.pieces = c.pieces[0], c.pieces[1:]
	}
	return true
}

func (c *cursor) row() int { return int(c.piece.Row) + bits.TrailingZeros64(c.piece.Bits) }

func (c *cursor) skip() { c.piece.Bits &= c.piece.Bits - 1 }

// time is that of the event that the row belongs to.
func (c *cursor) time() int64 { return c.table.Time(eventRow(c.table, c.row())) }

// skipTo skips the rows of events before an instant; false where none is left.
func (c *cursor) skipTo(t int64) bool {
	for c.more() {
		if c.time() >= t {
			return true
		}
		c.skip()
	}
	return false
}

// apart goes once over the rows that match the steps: from an event of the
// first step to the earliest of the second that is no earlier, and so on. Where
// that is too late whatever event it starts from, the sequence is not possible.
// Where the times alone decide, it is sure if it is possible.
func (w *worker) apart(r *sequenceRun, at int) (possible, sure bool) {
	cursors := w.seq.cursors[:0]
	for i, find := range r.finds {
		if r.plan.steps[i].not {
			continue
		}
		if find.table.Scattered {
			return true, false
		}
		cursors = append(cursors, w.seq.steps[i].cursor(find.table, uint32(at)))
	}
	w.seq.cursors = cursors
	first := &cursors[0]
	for ; first.more(); first.skip() {
		start := first.time()
		if start < r.plan.span.From {
			continue
		}
		if start >= r.plan.span.To {
			return false, false
		}
		t := start
		for i := range cursors[1:] {
			c := &cursors[1+i]
			if !c.skipTo(t) {
				return false, false
			}
			t = c.time()
		}
		if t < r.plan.span.To && t <= w.limit(start, r.plan.within) {
			return true, r.plain
		}
	}
	return false, false
}

// eventRow is the first row of the event that a row belongs to, where an
// event's rows are neighbours.
func eventRow(t *column.Table, row int) int {
	switch {
	case !t.Tied():
		return row
	case t.Firsts == nil:
		for k := sort.Search(len(t.Who), func(k int) bool { return int(t.Starts[k+1]) > row }); row > int(t.Starts[k]) && t.IDs[row] != 0 && t.IDs[row] == t.IDs[row-1]; {
			row--
		}
		return row
	}
	k := row >> 6
	m := t.Firsts[k] & lowest(uint32(row&63)+1)
	for m == 0 {
		k--
		m = t.Firsts[k]
	}
	return k<<6 + 63 - bits.LeadingZeros64(m)
}
