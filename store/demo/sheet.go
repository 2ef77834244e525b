package demo

import (
	"context"
	"fmt"
	"math"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// none is a missing value in sheet.add.
const none = column.Unset

// field is a property of an event, or a trait. Words are the texts that a text
// property draws from; its values are indices into them.
type field struct {
	name  string
	kind  column.Kind
	words []string
}

// sheet collects the rows of one event until they go to the batch.
type sheet struct {
	event  string
	fields []field
	rows   *column.Rows
	cols   []*column.Column // as fields
	codes  [][]uint32       // of the words, as fields; 0 until used
	dicts  []*column.Interner
	ids    *column.Interner // nil where rows are events of their own
}

// newSheet declares an event's properties in the batch.
func newSheet(b store.Batch, event string, tied bool, fields ...field) (*sheet, error) {
	s := &sheet{event: event, fields: fields, codes: make([][]uint32, len(fields)), dicts: make([]*column.Interner, len(fields))}
	for i, f := range fields {
		ref := segment.FieldRef{Event: event, Name: f.name}
		if err := b.Declare(ref, f.kind); err != nil {
			return nil, fmt.Errorf("declare %s: %w", ref, err)
		}
		if f.kind == column.Text {
			s.dicts[i], s.codes[i] = b.Words(ref), make([]uint32, len(f.words))
		}
	}
	if tied {
		s.ids = b.EventIDs(event)
	}
	s.clear()
	return s, nil
}

// clear starts new rows: those handed over are the batch's.
func (s *sheet) clear() {
	s.rows = &column.Rows{Props: make(map[string]*column.Column, len(s.fields))}
	s.cols = s.cols[:0]
	for _, f := range s.fields {
		c := &column.Column{Kind: f.kind}
		s.rows.Props[f.name] = c
		s.cols = append(s.cols, c)
	}
}

// add appends a row; values are in the order of the fields: indices of words,
// cents, numbers, 0 or 1, or none.
func (s *sheet) add(customer uint32, at int64, values ...int64) {
	s.rows.Customers = append(s.rows.Customers, customer)
	s.rows.Times = append(s.rows.Times, at)
	for i, v := range values {
		c := s.cols[i]
		switch c.Kind {
		case column.Text:
			c.Codes = append(c.Codes, s.word(i, v))
		case column.Number:
			x := math.NaN()
			if v != none {
				x = float64(v)
			}
			c.Floats = append(c.Floats, x)
		default:
			c.Ints = append(c.Ints, v)
		}
	}
}

// tie gives the last row its event's id.
func (s *sheet) tie(id []byte) { s.rows.IDs = append(s.rows.IDs, s.ids.Code(id)) }

// word gives the code of a field's word. A word comes to the dictionary with
// the first row that has it, so none is there that no row has.
func (s *sheet) word(i int, v int64) uint32 {
	if v == none {
		return 0
	}
	code := s.codes[i][v]
	if code == 0 {
		code = s.dicts[i].Code([]byte(s.fields[i].words[v]))
		s.codes[i][v] = code
	}
	return code
}

// flush hands the rows to the batch.
func (s *sheet) flush(ctx context.Context, b store.Batch) error {
	if s.rows.Len() == 0 {
		return nil
	}
	if _, err := b.AddRows(ctx, s.event, s.rows); err != nil {
		return fmt.Errorf("store the demo's %s rows: %w", s.event, err)
	}
	s.clear()
	return nil
}
