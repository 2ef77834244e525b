package sqlite

import (
	"cmp"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// newField is a property rows are compared by: all the event has, for one that
// the new rows lack counts as unset in them. values is nil for such.
type newField struct {
	ref    segment.FieldRef
	values *column.Column
}

func newFields(b *batch, name string, rows *column.Rows) []newField {
	var out []newField
	for ref := range b.cat.fields {
		if ref.Event == name {
			out = append(out, newField{ref, rows.Props[ref.Name]})
		}
	}
	slices.SortFunc(out, func(a, b newField) int { return cmp.Compare(a.ref.Name, b.ref.Name) })
	return out
}

type oldRow struct {
	part *oldPart
	row  uint32
}

// matcher pairs new rows of one customer at one time with old ones.
type matcher struct {
	rows   *column.Rows
	fields []newField
	there  []oldRow
	drop   []bool
	keys   []rowKey
}

// rowKey is a row to be paired: old ones have new = -1.
type rowKey struct {
	hash uint64
	old  int
	new  int
}

// match marks in drop the rows of the group that are there already.
func (m *matcher) match(group []uint32) (present, identical int) {
	m.drop = append(m.drop[:0], make([]bool, len(group))...)
	m.keys = m.keys[:0]
	for i := range m.there {
		m.keys = append(m.keys, rowKey{m.hash(i, -1, 0), i, -1})
	}
	for i, row := range group {
		m.keys = append(m.keys, rowKey{m.hash(-1, i, row), -1, i})
	}
	slices.SortFunc(m.keys, func(a, b rowKey) int {
		if c := cmp.Compare(a.hash, b.hash); c != 0 {
			return c
		}
		return cmp.Compare(a.new, b.new) // old ones first
	})
	for from := 0; from < len(m.keys); {
		to := from + 1
		for to < len(m.keys) && m.keys[to].hash == m.keys[from].hash {
			to++
		}
		p, i := m.matchEqual(m.keys[from:to], group)
		present, identical = present+p, identical+i
		from = to
	}
	return present, identical
}

// matchEqual pairs rows of one hash; rows that are not equal after all are
// told apart.
func (m *matcher) matchEqual(keys []rowKey, group []uint32) (present, identical int) {
	for len(keys) > 0 {
		var other []rowKey
		var free []int
		seen := 0
		first := keys[0]
		for _, k := range keys {
			if !m.equal(first, k, group) {
				other = append(other, k)
				continue
			}
			if k.new < 0 {
				free = append(free, k.old)
				continue
			}
			seen++
			switch {
			case len(free) > 0:
				r := m.there[free[0]]
				r.part.met[r.row/64] |= 1 << (r.row % 64)
				free = free[1:]
				m.drop[k.new] = true
				present++
			case seen > 1:
				identical++
			}
		}
		keys = other
	}
	return present, identical
}

// cell gives the value of a field in a row: new ones by group index.
func (m *matcher) cell(k rowKey, field int, group []uint32) (*column.Column, int) {
	if k.new >= 0 {
		return m.fields[field].values, int(group[k.new])
	}
	r := m.there[k.old]
	i := slices.Index(r.part.known, m.fields[field].ref)
	return r.part.props[i], int(r.row)
}

func (m *matcher) id(k rowKey, group []uint32) uint32 {
	if k.new < 0 {
		r := m.there[k.old]
		return r.part.ids[r.row]
	}
	if m.rows.IDs == nil {
		return 0
	}
	return m.rows.IDs[group[k.new]]
}

func (m *matcher) equal(a, b rowKey, group []uint32) bool {
	if m.id(a, group) != m.id(b, group) {
		return false
	}
	for f := range m.fields {
		ca, ra := m.cell(a, f, group)
		cb, rb := m.cell(b, f, group)
		if !equalCells(ca, ra, cb, rb) {
			return false
		}
	}
	return true
}

// hash is equal for equal rows.
func (m *matcher) hash(old, new int, row uint32) uint64 {
	k := rowKey{old: old, new: new}
	var one [1]uint32
	group := one[:]
	if new >= 0 {
		k.new, one[0] = 0, row
	}
	h := mix(0, uint64(m.id(k, group)))
	for f := range m.fields {
		c, r := m.cell(k, f, group)
		h = mix(h, hashCell(c, r))
	}
	return h
}

func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// hashCell gives 0 for unset, and for the column that is not there.
func hashCell(c *column.Column, row int) uint64 {
	if c == nil || !c.IsSet(row) {
		return 0
	}
	switch c.Kind {
	case column.Text:
		return uint64(c.Codes[row])
	case column.Number:
		return math.Float64bits(c.Floats[row] + 0) // -0 is 0
	case column.Tags:
		h := uint64(1)
		for _, code := range c.TagCodes[c.TagStarts[row]:c.TagStarts[row+1]] {
			h = mix(h, uint64(code))
		}
		return h
	}
	return uint64(c.Ints[row]) + 1
}

func equalCells(a *column.Column, i int, b *column.Column, k int) bool {
	setA, setB := a != nil && a.IsSet(i), b != nil && b.IsSet(k)
	if !setA || !setB {
		return setA == setB
	}
	switch a.Kind {
	case column.Text:
		return a.Codes[i] == b.Codes[k]
	case column.Number:
		return a.Floats[i] == b.Floats[k]
	case column.Tags:
		return slices.Equal(a.TagCodes[a.TagStarts[i]:a.TagStarts[i+1]], b.TagCodes[b.TagStarts[k]:b.TagStarts[k+1]])
	}
	return a.Ints[i] == b.Ints[k]
}
