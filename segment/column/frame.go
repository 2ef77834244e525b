package column

import "math"

// frame parts the figures from low to high into buckets that keep their order.
// Where there are few different ones a bucket is one figure. Else buckets grow
// with the distance from 0, 256 to each doubling, as what people spend does: a
// float64 has its size and its leading digits side by side. Small figures, 0
// before all, are then buckets of their own too. Where that is one bucket,
// distances are from the least figure.
type frame struct {
	low, high int64
	linear    bool
	base      int64 // what distances are from, where not from 0
	first     int64 // the number of low's bucket
	buckets   int
}

// linearMost is how many different figures there may be with one to a bucket.
const linearMost = 1 << 13

func newFrame(low, high int64) frame {
	f := frame{low: low, high: high, linear: uint64(high)-uint64(low) < linearMost}
	f.first = low
	if !f.linear {
		if digits(low) == digits(high) {
			f.base = low
		}
		f.first = digits(low - f.base)
	}
	f.buckets = int(f.bucket(high)) + 1
	return f
}

// digits are the size and the leading digits of a figure, as a number in its
// order; those below 0 mirror the others.
func digits(v int64) int64 {
	sign := v >> 63
	return (int64(math.Float64bits(float64(v^sign)+1)>>44) - 1023<<8) ^ sign
}

// bucket is the bucket of a figure from low to high; that of others is below 0
// or above the last, or unsigned just above the last.
func (f *frame) bucket(v int64) uint64 {
	if f.linear {
		return uint64(v) - uint64(f.first)
	}
	return uint64(digits(v-f.base)) - uint64(f.first)
}

// rangeOf gives the figures of a bucket, both ends in.
func (f *frame) rangeOf(b int) (lo, hi int64) {
	lo = f.from(b)
	if b == f.buckets-1 {
		return lo, f.high
	}
	return lo, f.from(b+1) - 1
}

// from is the first figure whose bucket is no less than b, which some is.
func (f *frame) from(b int) int64 {
	lo, hi := f.low, f.high
	for lo < hi {
		mid := lo + int64((uint64(hi)-uint64(lo))/2)
		if f.bucket(mid) < uint64(b) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
