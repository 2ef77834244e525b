package column

import (
	"context"
	"math"
	"math/bits"
	"slices"
)

// Keys gives the figures of a column of numbers, money, bools, times or dates
// as integers in the same order: one is below another just where its figure
// is, equal figures have equal keys, 0 stands for 0, and Unset is Unset. The
// column's own figures come back where they are such integers already: the
// result is read-only.
func Keys(c *Column) []int64 {
	if c.Kind != Number && c.Packed == nil {
		return c.Ints
	}
	keys := make([]int64, c.Len())
	for i := range keys {
		if c.Kind == Number {
			keys[i] = Key(c.Float(i))
		} else {
			keys[i] = c.Int(i)
		}
	}
	return keys
}

// Key is a number as an integer in its order, as Keys gives it: the bits, which order positive floats as integers do
// and negative ones the other way round.
func Key(f float64) int64 {
	if math.IsNaN(f) {
		return Unset
	}
	k := int64(math.Float64bits(f))
	if k < 0 {
		k = -(k & math.MaxInt64)
	}
	return k
}

// Select moves the figure that belongs at place k of the ascending order there,
// with none above it before and none below it after (quickselect: Hoare 1961,
// the median of three as pivot; where that goes badly the rest is sorted). The
// error is the context's.
func Select(ctx context.Context, s []int64, k int) error {
	lo, hi := 0, len(s)-1
	for rounds := 2*bits.Len(uint(len(s))) + 8; lo < hi; rounds-- {
		if err := ctx.Err(); err != nil {
			return err
		}
		if rounds == 0 {
			slices.Sort(s[lo : hi+1])
			return nil
		}
		i, j := split(s, lo, hi)
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return nil
		}
	}
	return nil
}

// split parts s[lo:hi+1] in two: none of s[lo:j+1] is above the pivot, none of
// s[i:hi+1] below it, and what lies between equals it.
func split(s []int64, lo, hi int) (i, j int) {
	mid := lo + (hi-lo)/2
	if s[mid] < s[lo] {
		s[mid], s[lo] = s[lo], s[mid]
	}
	if s[hi] < s[lo] {
		s[hi], s[lo] = s[lo], s[hi]
	}
	if s[hi] < s[mid] {
		s[hi], s[mid] = s[mid], s[hi]
	}
	pivot := s[mid]
	for i, j = lo, hi; i <= j; {
		for s[i] < pivot {
			i++
		}
		for pivot < s[j] {
			j--
		}
		if i <= j {
			s[i], s[j] = s[j], s[i]
			i, j = i+1, j-1
		}
	}
	return i, j
}
