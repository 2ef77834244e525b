package segment

import (
	"math"
	"math/bits"
	"sort"

	"tesela/segment/column"
)

// stepEvents are the events of a block's customers that match a step: their
// times and first rows, in order, and by the customer's place where his begin
// and end.
type stepEvents struct {
	pieces     []piece
	first, end []uint32
	times      []int64
	rows       []uint32
}

// of are the times of a customer's events.
func (s *stepEvents) of(at int) []int64 { return s.times[s.first[at]:s.end[at]] }

// sequence answers for the block's customers. Most of them lack a step or have
// the steps too far apart, which the times of what matches each step tell at
// once; only the others are looked at event by event.
func (w *worker) sequence(index int, out []uint64) error {
	clear(out)
	r := w.passes[index]
	open := w.mask(len(out))
	defer func() { w.masks = append(w.masks, open) }()
	for k := range open {
		open[k] = math.MaxUint64
		if w.only != nil {
			open[k] = w.only[k]
		}
	}
	cut(open, w.hi-w.lo)
	for len(w.seq.steps) < len(r.finds) {
		w.seq.steps = append(w.seq.steps, stepEvents{first: make([]uint32, blockSize), end: make([]uint32, blockSize)})
	}
	for _, i := range r.musts {
		if r.finds[i] == nil {
			return nil
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if w.narrow(r.finds[i], &w.seq.steps[i], open) {
			return nil
		}
	}
	for _, i := range r.musts {
		w.times(r, i, open)
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
		if s := &w.seq.steps[i]; step.not && r.finds[i] != nil {
			s.pieces = append(s.pieces[:0], w.slice(r.finds[i], open)...)
			w.times(r, i, open)
		}
	}
	has := w.hasSequence
	if r.notLast {
		has = w.endsWithout
	}
	checked := 0
	for k, word := range open {
		for ; word != 0; word &= word - 1 {
			if checked++; checked%256 == 0 && w.ctx.Err() != nil {
				return w.ctx.Err()
			}
			if at := k<<6 + bits.TrailingZeros64(word); has(r, at) {
				out[k] |= 1 << (at & 63)
			}
		}
	}
	return w.ctx.Err()
}

// narrow finds the rows of a step, and takes from open who has none. It tells
// whether nobody is left.
func (w *worker) narrow(find *boundScan, to *stepEvents, open []uint64) (nobody bool) {
	has := w.mask(len(open))
	clear(has)
	to.pieces = append(to.pieces[:0], w.slice(find, open)...)
	for _, p := range to.pieces {
		has[p.At>>6] |= 1 << (p.At & 63)
	}
	any := uint64(0)
	for k := range open {
		open[k] &= has[k]
		any |= open[k]
	}
	w.masks = append(w.masks, has)
	return any == 0
}

// times lists the events of those rows of a step that open customers have. An
// event's time is that of its first row. Where an event's rows are scattered
// that is not what happened.
func (w *worker) times(r *sequenceRun, i int, open []uint64) {
	t, s := r.finds[i].table, &w.seq.steps[i]
	clear(s.first)
	clear(s.end)
	if t.Scattered {
		return
	}
	rows, n := s.rows[:cap(s.rows)], 0
	prev, last := uint32(math.MaxUint32), -1
	for _, p := range s.pieces {
		if open[p.At>>6]>>(p.At&63)&1 == 0 {
			continue
		}
		if p.At != prev {
			prev, s.first[p.At] = p.At, uint32(n)
		}
		if len(rows)-n < 64 {
			rows = append(rows, make([]uint32, 64+len(rows))...)
		}
		if !r.inner[i] {
			for m := p.Bits; m != 0; m &= m - 1 {
				rows[n] = p.Row + uint32(bits.TrailingZeros64(m))
				n++
			}
		} else {
			for m := p.Bits; m != 0; m &= m - 1 {
				if row := eventRow(t, int(p.Row)+bits.TrailingZeros64(m)); row != last {
					rows[n], last = uint32(row), row
					n++
				}
			}
		}
		s.end[p.At] = uint32(n)
	}
	s.rows = rows[:n]
	s.times = sized(s.times, n)
	if c := t.Clock; c != nil && c.U32 != nil {
		for k, row := range s.rows {
			s.times[k] = c.Base + c.Step*int64(c.U32[row])
		}
		return
	}
	for k, row := range s.rows {
		s.times[k] = t.Time(int(row))
	}
}

// firstsMarker marks the rows that are the first of their event.
func firstsMarker(t *column.Table) marker {
	return func(_ *marking, from, to int, out []uint64) {
		n := markWords(from, to)
		for k := range n {
			out[k] = bitsAt(t.Firsts, uint32(from+k<<6))
		}
		cut(out[:n], to-from)
	}
}

// apart goes once over the events that match the steps: from one of the first
// step to the earliest of the second that is no earlier, and so on. Where that
// is too late whatever event it starts from, the sequence is not possible.
// Where the times alone decide, it is sure if it is possible.
func (w *worker) apart(r *sequenceRun, at int) (possible, sure bool) {
	lists := w.seq.times[:0]
	for i, find := range r.finds {
		if r.plan.steps[i].not {
			continue
		}
		if find.table.Scattered {
			return true, false
		}
		lists = append(lists, w.seq.steps[i].of(at))
	}
	w.seq.times = lists
	for _, start := range lists[0] {
		if start < r.plan.span.From {
			continue
		}
		if start >= r.plan.span.To {
			return false, false
		}
		t := start
		for i := 1; i < len(lists); i++ {
			if lists[i] = since(lists[i], t); len(lists[i]) == 0 {
				return false, false
			}
			t = lists[i][0]
		}
		if t < r.plan.span.To && t-start <= r.most && t <= w.limit(start, r.plan.within) {
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
