package segment

import (
	"math"
	"math/bits"

	"tesela/segment/column"
)

// piece is some neighbouring rows of one customer, found by a scan or not, by
// the customer's place in the block. Customers with more than 64 rows have
// several pieces, one after the other without a gap; those with 64 or less have
// one if a row of theirs was found, else none.
type piece = column.Piece

// bitsAt are the 64 bits from bit i on of a list that has a word to spare.
func bitsAt(words []uint64, i uint32) uint64 {
	k, shift := i>>6, i&63
	pair := words[k : k+2 : k+2]
	return pair[0]>>shift | pair[1]<<1<<((63-shift)&63)
}

// lowest are the n lowest bits, n from 1 to 64.
func lowest(n uint32) uint64 { return math.MaxUint64 >> ((64 - n) & 63) }

// slicer cuts the rows that a scan found into pieces.
type slicer struct {
	table  *column.Table
	lo     int      // the block's first customer
	only   []uint64 // by place in the block; nil: all
	marks  []uint64 // by row, counted from base on; nil: all rows
	base   uint32
	pieces []piece
}

func (s *slicer) asked(at uint32) bool {
	return s.only == nil || s.only[at>>6]>>(at&63)&1 != 0
}

// all goes over the customers Who[from:to]. What can be is done without
// branches: whether a customer has a row is a matter of chance to the
// processor.
func (s *slicer) all(from, to int) {
	t := s.table
	who, starts := t.Who[from:to], t.Starts[from:to+1]
	if cap(s.pieces) < len(who) {
		s.pieces = make([]piece, 0, len(who)+64)
	}
	pieces, n := s.pieces[:cap(s.pieces)], 0
	end := starts[0]
	for k, next := range starts[1:] {
		row := end
		end = next
		rows, at := end-row, who[k]-uint32(s.lo)
		if rows > 64 {
			s.pieces = pieces[:n]
			s.long(at, row, rows)
			for cap(s.pieces)-len(s.pieces) < len(who)-k {
				s.pieces = append(s.pieces[:cap(s.pieces)], piece{})[:len(s.pieces)]
			}
			pieces, n = s.pieces[:cap(s.pieces)], len(s.pieces)
			continue
		}
		found := lowest(rows)
		if s.marks != nil {
			found &= bitsAt(s.marks, row-s.base)
		}
		if s.only != nil {
			found &= -(s.only[at>>6] >> (at & 63) & 1)
		}
		pieces[n] = piece{At: at, Row: row, Bits: found}
		if found != 0 {
			n++
		}
	}
	s.pieces = pieces[:n]
}

// long cuts the rows of a customer with over 64.
func (s *slicer) long(at, row, rows uint32) {
	if !s.asked(at) {
		return
	}
	n, any := len(s.pieces), uint64(0)
	for end := row + rows; row < end; row += 64 {
		found := lowest(min(64, end-row))
		if s.marks != nil {
			found &= bitsAt(s.marks, row-s.base)
		}
		any |= found
		s.pieces = append(s.pieces, piece{At: at, Row: row, Bits: found})
	}
	if any == 0 {
		s.pieces = s.pieces[:n]
	}
}

// few is all where few rows are marked: it goes from one to the next.
func (s *slicer) few(from, to int) {
	t := s.table
	k, done := from, s.base
	for i, word := range s.marks[:len(s.marks)-1] {
		for word != 0 {
			row := s.base + uint32(i<<6+bits.TrailingZeros64(word))
			word &= word - 1
			if row < done {
				continue
			}
			k = customerOf(t.Starts, k, to, row)
			start := t.Starts[k]
			done = t.Starts[k+1]
			at := t.Who[k] - uint32(s.lo)
			if done-start > 64 {
				s.long(at, start, done-start)
			} else if s.asked(at) {
				s.pieces = append(s.pieces, piece{At: at, Row: start, Bits: bitsAt(s.marks, start-s.base) & lowest(done-start)})
			}
		}
	}
}

// customerOf finds who, of those from k on, has a row: k with starts[k] ≤ row <
// starts[k+1]. It is quick where that is near.
func customerOf(starts []uint32, k, end int, row uint32) int {
	step := 1
	for k+step < end && starts[k+step] <= row {
		k += step
		step *= 2
	}
	hi := min(k+step, end) // starts[k] ≤ row < starts[hi]
	for hi-k > 1 {
		if mid := (k + hi) / 2; starts[mid] <= row {
			k = mid
		} else {
			hi = mid
		}
	}
	return k
}
