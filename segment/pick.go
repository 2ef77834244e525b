package segment

import (
	"slices"

	"tesela/segment/column"
)

// picker appends those of the rows from up to to that pass a filter. It goes
// over one column after the other, not over one row after the other.
type picker func(from, to int, list []uint32) []uint32

func pickerOf(c cond, t *column.Table) picker {
	switch c := c.(type) {
	case condAnd:
		if len(c.parts) > 1 {
			first, rest := pickerOf(c.parts[0], t), bindAll(c.parts[1:], t, false)
			return func(from, to int, list []uint32) []uint32 {
				n := len(list)
				list = first(from, to, list)
				for _, row := range list[n:] {
					if rest(int(row)) {
						list[n] = row
						n++
					}
				}
				return list[:n]
			}
		}
	case condTest:
		if p := testPicker(c, t); p != nil {
			return p
		}
	}
	pass := bind(c, t)
	return func(from, to int, list []uint32) []uint32 {
		for row := from; row < to; row++ {
			if pass(row) {
				list = append(list, uint32(row))
			}
		}
		return list
	}
}

// testPicker serves the commonest tests without a call per row; nil for others.
func testPicker(c condTest, t *column.Table) picker {
	col := t.Props[c.value.name]
	q := c.test
	switch {
	case col == nil || q.neg:
	case q.kind == onCodes && q.codes.bits == nil:
		return pickIn(col.Codes, q.codes.one, q.codes.one)
	case q.kind == onInts && len(q.ints) == 1:
		return pickIn(col.Ints, q.ints[0].lo, q.ints[0].hi)
	case q.kind == onFloats && len(q.floats) == 1:
		return pickIn(col.Floats, q.floats[0].lo, q.floats[0].hi)
	}
	return nil
}

// pickIn picks the rows whose figure lies in a range, both ends in.
func pickIn[T uint32 | int64 | float64](figures []T, lo, hi T) picker {
	return func(from, to int, list []uint32) []uint32 {
		n := len(list)
		list = slices.Grow(list, to-from)[:n+to-from]
		for k, x := range figures[from:to] {
			list[n] = uint32(from + k)
			if lo <= x && x <= hi {
				n++
			}
		}
		return list[:n]
	}
}
