package segment

import (
	"math/bits"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// firstOfEach leaves of the marked rows the first of each event, so that
// counting events is counting bits. Starts has a bit for each row that is the
// first of its event, from bit from on. Both have a word to spare, which is not
// counted in n.
//
// Adding the starts to the rows that are not marked carries from each start
// through them up to the first marked row, where a bit comes to stand. The last
// row of each event is taken out, for the carry to end there at the latest.
func firstOfEach(marks, starts []uint64, from uint32, n int) {
	carry := uint64(0)
	start := bitsAt(starts, from)
	for k := range n {
		next := uint64(0)
		if k+1 < n {
			next = bitsAt(starts, from+uint32(k+1)<<6)
		}
		last := start>>1 | next<<63
		var sum uint64
		sum, carry = bits.Add64(^marks[k]&^last, start, carry)
		marks[k] &= sum
		start = next
	}
}

// countBits counts the events of the block's customers that have a marked row,
// for the figures of a scan that are counts. It changes the marks.
func (w *worker) countBits(s *scan, r *scanRun, b *boundScan, marks []uint64) {
	t, base := b.table, b.table.Starts[w.from]
	counted := false
	for j := range s.aggs {
		if s.aggs[j].fn != syntax.Count {
			continue
		}
		out := r.out[j].ints
		switch {
		case !t.Tied() && marks == nil:
			for k := w.from; k < w.to; k++ {
				out[int(t.Who[k])-w.lo] = int64(t.Starts[k+1] - t.Starts[k])
			}
			continue
		case t.Tied() && !counted:
			firsts, origin := w.firsts(t)
			if marks == nil {
				countMarked(t, w.from, w.to, w.lo, firsts, origin, out)
				continue
			}
			firstOfEach(marks, firsts, base-origin, len(marks)-1)
			counted = true
		}
		if ones(marks)*fewMarks < w.to-w.from {
			countFew(t, w.from, w.to, w.lo, marks, base, out)
		} else {
			countMarked(t, w.from, w.to, w.lo, marks, base, out)
		}
	}
}

// countMarked counts the marked rows of each of the customers Who[from:to] into
// out, by their place from lo on. Marks are counted from row base on and have a
// word to spare.
func countMarked(t *column.Table, from, to, lo int, marks []uint64, base uint32, out []int64) {
	starts := t.Starts[from : to+1]
	row := starts[0]
	for k, who := range t.Who[from:to] {
		end := starts[k+1]
		n := 0
		for end-row > 64 {
			n += bits.OnesCount64(bitsAt(marks, row-base))
			row += 64
		}
		out[int(who)-lo] = int64(n + bits.OnesCount64(bitsAt(marks, row-base)&lowest(end-row)))
		row = end
	}
}

// countFew is countMarked where few rows are marked: it goes from one to the
// next. The figures of the others stay as they are.
func countFew(t *column.Table, from, to, lo int, marks []uint64, base uint32, out []int64) {
	k := from
	for i, word := range marks {
		for ; word != 0; word &= word - 1 {
			row := base + uint32(i<<6+bits.TrailingZeros64(word))
			k = customerOf(t.Starts, k, to, row)
			out[int(t.Who[k])-lo]++
		}
	}
}
