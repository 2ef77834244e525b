package segment

import (
	"math"
	"math/bits"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// The loops over packed columns, one for each width.

type narrow interface{ uint8 | uint16 | uint32 }

// sumsFit tells that no sum of so many of the column's figures overflows.
func sumsFit(p *column.Packed, rows int) bool {
	most := max(math.Abs(float64(p.Of(1))), math.Abs(float64(p.Base)+float64(p.Step)*float64(p.Most)))
	return most*float64(rows) < 1<<62
}

// sumPacked adds up a customer's set figures, or averages them. n is memory
// for how many there are.
func sumPacked(a *agg, p *column.Packed, pieces []piece, out *vec, n *[]int64) {
	if a.fn == syntax.Sum {
		*n = sized(*n, len(out.ints)) // of no interest
		p.Sum(pieces, out.ints, *n)
		return
	}
	p.Sum(pieces, out.nums, out.dens)
}

// stampMost is the greatest x for which distinct values are stamped rather
// than sorted.
const stampMost = 1 << 22

// distinct counts a customer's different values: each is stamped with the
// customer who had it last.
func (r *scanRun) distinct(j int, lo uint32, p *column.Packed, pieces []piece, out []int64) {
	if r.stamps == nil {
		r.stamps = make([][]uint32, len(r.out))
	}
	if r.stamps[j] == nil {
		r.stamps[j] = make([]uint32, p.Most+1)
	}
	switch {
	case p.U8 != nil:
		distinctOf(p.U8, lo, r.stamps[j], pieces, out)
	case p.U16 != nil:
		distinctOf(p.U16, lo, r.stamps[j], pieces, out)
	default:
		distinctOf(p.U32, lo, r.stamps[j], pieces, out)
	}
}

func distinctOf[T narrow](xs []T, lo uint32, stamps []uint32, pieces []piece, out []int64) {
	for _, p := range pieces {
		stamp, n := lo+p.At+1, int64(0)
		stamps[0] = stamp // unset is no value
		for m := p.Bits; m != 0; m &= m - 1 {
			x := xs[int(p.Row)+bits.TrailingZeros64(m)]
			if stamps[x] != stamp {
				n++
			}
			stamps[x] = stamp
		}
		out[p.At] += n
	}
}

// activeOf counts the different numbers, such as days, of a customer's times.
func activeOf(times []uint32, steps *column.Steps, pieces []piece, out []int64) {
	prev, at := int32(math.MinInt32), uint32(math.MaxUint32)
	for _, p := range pieces {
		if p.At != at {
			prev, at = math.MinInt32, p.At
		}
		n := int64(0)
		for m := p.Bits; m != 0; m &= m - 1 {
			unit := steps.Of(times[int(p.Row)+bits.TrailingZeros64(m)])
			if unit != prev {
				n++
			}
			prev = unit
		}
		out[p.At] += n
	}
}
