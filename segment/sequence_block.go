package segment

import (
	"math"
	"math/bits"

	"tesela/segment/column"
)

// stepRows are the rows of a block's customers that may match a step, by the
// customer's place; many marks those with rows in more than one piece.
type stepRows struct {
	row  []uint32
	bits []uint64
	many []uint64
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
		w.seq.steps = append(w.seq.steps, stepRows{make([]uint32, blockSize), make([]uint64, blockSize), make([]uint64, blockSize/64)})
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
		if w.step(r.finds[i], &w.seq.steps[i], open) == 0 {
			return nil
		}
	}
	checked := 0
	for k, word := range open {
		for ; word != 0; word &= word - 1 {
			at := k<<6 + bits.TrailingZeros64(word)
			possible, sure := w.apart(r, at)
			if !possible {
				continue
			}
			if !sure {
				if checked++; checked%256 == 0 && w.ctx.Err() != nil {
					return w.ctx.Err()
				}
				if !w.hasSequence(r, uint32(w.lo+at)) {
					continue
				}
			}
			out[k] |= 1 << (at & 63)
		}
	}
	return w.ctx.Err()
}

// step finds the rows of a step and takes from open who has none. It tells how
// many are left.
func (w *worker) step(find *boundScan, to *stepRows, open []uint64) int {
	has := w.mask(len(open))
	clear(has)
	clear(to.many)
	prev := uint32(math.MaxUint32)
	for _, p := range w.slice(find, open) {
		if p.At == prev {
			to.many[p.At>>6] |= 1 << (p.At & 63)
			continue
		}
		prev = p.At
		to.row[p.At], to.bits[p.At] = p.Row, p.Bits
		has[p.At>>6] |= 1 << (p.At & 63)
	}
	left := 0
	for k := range open {
		open[k] &= has[k]
		left += bits.OnesCount64(open[k])
	}
	w.masks = append(w.masks, has)
	return left
}

// apart goes once over the rows that match the steps: from an event of the
// first step to the earliest of the second that is no earlier, and so on. Where
// that is too late whatever event it starts from, the sequence is not possible.
// Where the times alone decide, it is sure if it is possible.
func (w *worker) apart(r *sequenceRun, at int) (possible, sure bool) {
	steps := w.seq.steps
	rest := w.seq.rest[:0]
	for i, find := range r.finds {
		if find == nil {
			rest = append(rest, 0)
			continue
		}
		if find.table.Scattered || steps[i].many[at>>6]>>(at&63)&1 != 0 {
			return true, false
		}
		rest = append(rest, steps[i].bits[at])
	}
	w.seq.rest = rest
	for m := rest[0]; m != 0; m &= m - 1 {
		start := eventTime(r.finds[0].table, int(steps[0].row[at]), bits.TrailingZeros64(m))
		if start < r.plan.span.From {
			continue
		}
		if start >= r.plan.span.To {
			return false, false
		}
		t := start
		for i := 1; i < len(rest); i++ {
			if r.finds[i] == nil {
				continue
			}
			for {
				if rest[i] == 0 {
					return false, false
				}
				next := eventTime(r.finds[i].table, int(steps[i].row[at]), bits.TrailingZeros64(rest[i]))
				if next >= t {
					t = next
					break
				}
				rest[i] &= rest[i] - 1
			}
		}
		if t < r.plan.span.To && t <= w.limit(start, r.plan.within) {
			return true, r.plain
		}
	}
	return false, false
}

// eventTime is the time of the event that row row+i belongs to, where its rows
// are neighbours: that of its earliest row.
func eventTime(t *column.Table, row, i int) int64 {
	at := row + i
	if t.IDs != nil {
		for at > row && t.IDs[at] != 0 && t.IDs[at] == t.IDs[at-1] {
			at--
		}
	}
	return t.Time(at)
}
