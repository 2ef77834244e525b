package column

import (
	"math"
	"math/bits"
)

// frame parts the figures from low to low + width into buckets that keep their
// order. Where the width is small a bucket is one figure. Else buckets grow
// with the distance from low, 256 to each doubling, as what people spend does:
// the float64 of the distance has its size and its leading digits side by side.
type frame struct {
	low     int64
	width   uint64
	linear  bool
	shift   uint32 // distances beyond what a float64's conversion takes
	buckets int
}

// linearMost is how wide a frame of one figure to a bucket may be.
const linearMost = 1 << 13

func newFrame(low, high int64) frame {
	f := frame{low: low, width: uint64(high) - uint64(low)}
	f.linear = f.width < linearMost
	f.shift = uint32(max(0, bits.Len64(f.width)-62))
	f.buckets = int(f.bucket(f.width)) + 1
	return f
}

// bucket is the bucket of the figure at a distance from low.
func (f *frame) bucket(d uint64) uint64 {
	if f.linear {
		return d
	}
	return math.Float64bits(float64(int64(d>>(f.shift&63))+1))>>44 - 1023<<8
}

// first is the first figure whose bucket is no less than b; it may be one
// above the last there is.
func (f *frame) first(b int) int64 {
	from, to := uint64(0), f.width // the distance is in [from, to+1]
	for from <= to {
		mid := from + (to-from)/2
		if f.bucket(mid) < uint64(b) {
			from = mid + 1
		} else if mid == 0 {
			break
		} else {
			to = mid - 1
		}
	}
	return int64(uint64(f.low) + from)
}
