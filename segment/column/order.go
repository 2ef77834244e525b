package column

import "math"

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
