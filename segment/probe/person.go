package probe

import (
	"cmp"
	"math"
	"slices"

	"tesela/segment/column"
)

// cell is one value of a column, of whatever kind.
type cell struct {
	set   bool
	whole int64 // money, bool, time, date
	float float64
	code  uint32
	tags  []uint32
}

func cellAt(c *column.Column, i int) cell {
	if c == nil || i >= c.Len() || !c.IsSet(i) {
		return cell{}
	}
	v := cell{set: true}
	switch c.Kind {
	case column.Text:
		v.code = c.Code(i)
	case column.Number:
		v.float = c.Float(i)
	case column.Tags:
		v.tags = c.TagsAt(i)
	default:
		v.whole = c.Int(i)
	}
	return v
}

// happened is one row of the customer: as it was stored, or added, or with
// some of its values changed.
type happened struct {
	from  int // its place among the customer's stored rows; -1: added
	time  int64
	id    uint32
	props map[string]cell // changed, or those of an added row
}

// person is what one customer has and did, as it might be.
type person struct {
	rows   map[string][]happened // of events that are touched, by time
	traits map[string]cell       // those that differ
}

// sorted puts rows in the order of a table: by time, those of one time as they
// were stored, added ones last.
func sorted(rows []happened) {
	slices.SortStableFunc(rows, func(a, b happened) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(uint(a.from), uint(b.from)))
	})
}

// span gives the rows of a customer in a table.
func span(t *column.Table, who int) (k, from, to int, ok bool) {
	k, ok = slices.BinarySearch(t.Who, uint32(who))
	if ok {
		return k, int(t.Starts[k]), int(t.Starts[k+1]), true
	}
	if len(t.Starts) == 0 {
		return 0, 0, 0, false
	}
	return k, int(t.Starts[k]), int(t.Starts[k]), false
}

// stored lists a customer's rows of a table as they are.
func stored(t *column.Table, who int) []happened {
	if t == nil {
		return nil
	}
	_, from, to, _ := span(t, who)
	rows := make([]happened, to-from)
	for i := range rows {
		rows[i] = happened{from: i, time: t.Time(from + i)}
		if t.IDs != nil {
			rows[i].id = t.IDs[from+i]
		}
	}
	return rows
}

// only is the part of a table that is one customer's, who becomes the first
// and only one.
func only(t *column.Table, who int) *column.Table {
	_, from, to, ok := span(t, who)
	one := &column.Table{Event: t.Event, Starts: []uint32{0}, Times: times(nil, t, from, to), Scattered: t.Scattered, IDDict: t.IDDict, Props: map[string]*column.Column{}}
	if ok {
		one.Who, one.Starts = []uint32{0}, []uint32{0, uint32(to - from)}
	}
	if t.IDs != nil {
		one.IDs = t.IDs[from:to]
	}
	for name, c := range t.Props {
		one.Props[name] = slice(c, from, to)
	}
	return one
}

// times appends the times of some rows.
func times(list []int64, t *column.Table, from, to int) []int64 {
	if t.Clock == nil {
		return append(list, t.Times[from:to]...)
	}
	for row := from; row < to; row++ {
		list = append(list, t.Time(row))
	}
	return list
}

// slice is a part of a column.
func slice(c *column.Column, from, to int) *column.Column {
	if c == nil {
		return nil
	}
	b := newColumn(c.Kind, c.Dict, to-from)
	b.appendRange(c, from, to)
	return b.Column
}

// withValue is a trait's column with another value for one customer.
func withValue(c *column.Column, who int, v cell) *column.Column {
	b := newColumn(c.Kind, c.Dict, c.Len()+1)
	b.appendRange(c, 0, min(who, c.Len()))
	for b.Len() < who {
		b.append(cell{})
	}
	b.append(v)
	if who+1 < c.Len() {
		b.appendRange(c, who+1, c.Len())
	}
	return b.Column
}

// builder appends values to a column.
type builder struct{ *column.Column }

func newColumn(k column.Kind, d *column.Dict, room int) builder {
	c := &column.Column{Kind: k, Dict: d}
	switch k {
	case column.Text:
		c.Codes = make([]uint32, 0, room)
	case column.Number:
		c.Floats = make([]float64, 0, room)
	case column.Tags:
		c.TagStarts = append(make([]uint32, 0, room+1), 0)
	default:
		c.Ints = make([]int64, 0, room)
	}
	return builder{c}
}

func (b builder) append(v cell) {
	switch b.Kind {
	case column.Text:
		b.Codes = append(b.Codes, v.code)
	case column.Number:
		if !v.set {
			v.float = math.NaN()
		}
		b.Floats = append(b.Floats, v.float)
	case column.Tags:
		b.TagCodes = append(b.TagCodes, v.tags...)
		b.TagStarts = append(b.TagStarts, uint32(len(b.TagCodes)))
	default:
		if !v.set {
			v.whole = column.Unset
		}
		b.Ints = append(b.Ints, v.whole)
	}
}

func (b builder) appendRange(c *column.Column, from, to int) {
	switch {
	case c.Packed != nil || c.Kind == column.Tags:
		for i := from; i < to; i++ {
			b.append(cellAt(c, i))
		}
	case b.Kind == column.Text:
		b.Codes = append(b.Codes, c.Codes[from:to]...)
	case b.Kind == column.Number:
		b.Floats = append(b.Floats, c.Floats[from:to]...)
	default:
		b.Ints = append(b.Ints, c.Ints[from:to]...)
	}
}
