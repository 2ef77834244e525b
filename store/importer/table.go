package importer

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// table gathers the rows of one event on their way into the batch.
type table struct {
	event    string
	expected int
	rows     column.Rows
	cols     []growing // the plan's properties

	ids *column.Interner
	tie translation
}

// growing is one property's column so far. It is made at its first value, so
// that events which never carry a property do not get it.
type growing struct {
	*column.Column
	ref   segment.FieldRef
	kind  column.Kind
	from  int // the field of the plan
	words *column.Interner
	to    translation
}

// newTable starts an event's rows, with room for those expected.
func newTable(batch store.Batch, event string, fields []fieldReader, tied bool, expected int) *table {
	t := &table{event: event, expected: expected}
	t.rows.Customers = make([]uint32, 0, expected)
	t.rows.Times = make([]int64, 0, expected)
	for i := range fields {
		if f := &fields[i]; !f.trait {
			t.cols = append(t.cols, growing{ref: segment.FieldRef{Event: event, Name: f.name}, kind: f.kind, from: i})
		}
	}
	if tied {
		t.ids = batch.EventIDs(event)
		t.rows.IDs = make([]uint32, 0, expected)
	}
	return t
}

// start declares the property; the n rows before have no value.
func (c *growing) start(batch store.Batch, n, expected int) error {
	if err := batch.Declare(c.ref, c.kind); err != nil {
		return fmt.Errorf("property %s: %w", c.ref, err)
	}
	c.Column = &column.Column{Kind: c.kind}
	if c.kind == column.Text || c.kind == column.Tags {
		c.words = batch.Words(c.ref)
	}
	switch c.kind {
	case column.Text:
		c.Codes = make([]uint32, n, max(n, expected))
	case column.Number:
		c.Floats = make([]float64, n, max(n, expected))
		for i := range c.Floats {
			c.Floats[i] = math.NaN()
		}
	case column.Tags:
		c.TagStarts = make([]uint32, n+1, max(n, expected)+1)
	default:
		c.Ints = make([]int64, n, max(n, expected))
		for i := range c.Ints {
			c.Ints[i] = column.Unset
		}
	}
	return nil
}

// ascending sorts the codes from an index on and drops repeats.
func ascending(codes []uint32, from int) []uint32 {
	slices.Sort(codes[from:])
	return codes[:from+len(slices.Compact(codes[from:]))]
}

// store hands the rows to the batch.
func (t *table) store(ctx context.Context, batch store.Batch) (store.Added, error) {
	t.rows.Props = map[string]*column.Column{}
	for i := range t.cols {
		if c := t.cols[i].Column; c != nil {
			t.rows.Props[t.cols[i].ref.Name] = c
		}
	}
	added, err := batch.AddRows(ctx, t.event, &t.rows)
	if err != nil {
		return added, fmt.Errorf("store the rows of %s: %w", t.event, err)
	}
	return added, nil
}
