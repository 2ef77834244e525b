package planner

import (
	"hash/maphash"

	"tesela/agent/model"
)

// valueTable finds values by their folded text. The texts stay where they are:
// a value takes a slot of eight bytes in a table that is at most two thirds
// full, so that a million values take some twenty megabytes.
type valueTable struct {
	fields []model.Values // by index of the field; nil where it has none
	first  []uint32       // number of each field's first value; numbers run through all fields
	// slots hold the upper half of a value's hash, and its number plus one; 0
	// is a free slot. Values of the same text stand behind one another.
	slots []uint64
	seed  maphash.Seed
}

func newValueTable(fields []field) *valueTable {
	t := &valueTable{seed: maphash.MakeSeed()}
	n := uint32(0)
	for _, f := range fields {
		t.fields, t.first = append(t.fields, f.values), append(t.first, n)
		if f.values != nil {
			n += uint32(f.values.Len())
		}
	}
	size := 8
	for size*2 < int(n)*3 {
		size *= 2
	}
	t.slots = make([]uint64, size)
	return t
}

// enter takes a value up under its folded text.
func (t *valueTable) enter(field, code int, folded []byte) {
	h := maphash.Bytes(t.seed, folded)
	number := uint64(t.first[field]) + uint64(code) + 1
	at := h & uint64(len(t.slots)-1)
	for t.slots[at] != 0 {
		at = (at + 1) & uint64(len(t.slots)-1)
	}
	t.slots[at] = h&^0xFFFFFFFF | number
}

// find gives the values whose folded text is the phrase, by field and place.
func (t *valueTable) find(phrase string) []valueRef {
	h := maphash.String(t.seed, phrase)
	var out []valueRef
	var scratch []byte
	for at := h & uint64(len(t.slots)-1); t.slots[at] != 0; at = (at + 1) & uint64(len(t.slots)-1) {
		if t.slots[at]>>32 != h>>32 {
			continue
		}
		v := t.of(uint32(t.slots[at]) - 1)
		if scratch = appendFold(scratch[:0], t.fields[v.field].At(v.code)); string(scratch) == phrase {
			out = append(out, v)
		}
	}
	return out
}

// of is the value of a number.
func (t *valueTable) of(number uint32) valueRef {
	lo, hi := 0, len(t.first)-1
	for lo < hi { // the last field that begins at or before it
		if mid := (lo + hi + 1) / 2; t.first[mid] <= number {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return valueRef{field: lo, code: int(number - t.first[lo])}
}
