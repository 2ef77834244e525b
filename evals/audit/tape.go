package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// tape is a workspace that keeps nothing but what a generator hands it, as
// plain values: no store's columns and no core lie between the generator and
// the audit's tables.
type tape struct {
	store.Workspace // none: whatever else is asked of it is a fault

	schema *segment.Schema
	sheets book
	ids    *column.Interner
	words  map[segment.FieldRef]*column.Interner
	events map[string]*column.Interner
	kinds  map[segment.FieldRef]column.Kind
	props  map[string][]string // of events, in the order they were declared
}

// newTape makes an empty one.
func newTape() *tape {
	return &tape{
		schema: &segment.Schema{Roles: map[string]string{}},
		sheets: book{traits: map[string]*sheet{}, events: map[string]*sheet{}},
		ids:    column.NewInterner(nil),
		words:  map[segment.FieldRef]*column.Interner{},
		events: map[string]*column.Interner{},
		kinds:  map[segment.FieldRef]column.Kind{},
		props:  map[string][]string{},
	}
}

// Import gives the tape itself: generators write once.
func (t *tape) Import(context.Context) (store.Batch, error) { return taping{t}, nil }

// SetRole is not of the tables: queries name events and columns themselves.
func (t *tape) SetRole(context.Context, string, string) error { return nil }

// SetWord is not of the tables either.
func (t *tape) SetWord(context.Context, string, string) error { return nil }

// SaveSegment is not of the tables: queries write a saved segment out.
func (t *tape) SaveSegment(context.Context, store.Segment) error { return nil }

// book gives what was handed over.
func (t *tape) book() (*book, error) {
	b := &t.sheets
	if b.zone == nil {
		return nil, errors.New("the generator named no zone")
	}
	b.customers = make([]string, t.ids.Len())
	for i := range b.customers {
		b.customers[i] = t.ids.Word(uint32(i + 1))
	}
	return b, nil
}

// taping is the tape as a batch.
type taping struct{ *tape }

func (t taping) Schema() *segment.Schema { return t.schema }

func (t taping) Configure(currency, zone string) error {
	if zone != "" {
		at, err := time.LoadLocation(zone)
		if err != nil {
			return err
		}
		t.sheets.zone = at
	}
	t.sheets.digits = 2
	switch currency {
	case "", "EUR", "GBP", "USD", "BRL":
		return nil
	}
	return fmt.Errorf("the audit does not know the decimals of %s", currency)
}

func (t taping) Declare(f segment.FieldRef, k column.Kind) error {
	if known, ok := t.kinds[f]; ok {
		if known != k {
			return fmt.Errorf("%s is %s, not %s", f, known, k)
		}
		return nil
	}
	t.kinds[f] = k
	if f.Event == "" {
		t.sheets.traits[f.Name] = &sheet{columns: []string{f.Name}, types: []string{typeOf(k)}, tags: k == column.Tags}
		return nil
	}
	s := t.sheets.events[f.Event]
	if s == nil {
		s = &sheet{}
		t.sheets.events[f.Event] = s
	}
	s.columns, s.types = append(s.columns, f.Name), append(s.types, typeOf(k))
	return nil
}

// typeOf is how SQLite keeps a kind: money in minor units, bools as 0 and 1,
// times in µs, dates as 2025-03-30.
func typeOf(k column.Kind) string {
	switch k {
	case column.Money, column.Bool, column.Time:
		return "INTEGER"
	case column.Number:
		return "REAL"
	}
	return "TEXT"
}

func (t taping) Customers() *column.Interner { return t.ids }

func (t taping) Words(f segment.FieldRef) *column.Interner { return interner(t.words, f) }

func (t taping) EventIDs(event string) *column.Interner { return interner(t.events, event) }

func interner[K comparable](of map[K]*column.Interner, key K) *column.Interner {
	in := of[key]
	if in == nil {
		in = column.NewInterner(nil)
		of[key] = in
	}
	return in
}

func (t taping) AddRows(_ context.Context, event string, rows *column.Rows) (store.Added, error) {
	s := t.sheets.events[event]
	if s == nil {
		s = &sheet{}
		t.sheets.events[event] = s
	}
	for i, who := range rows.Customers {
		cells := make([]any, len(s.columns))
		for j, name := range s.columns {
			if c := rows.Props[name]; c != nil {
				cells[j] = cell(c, i, t.words[segment.FieldRef{Event: event, Name: name}])
			}
		}
		id := ""
		if rows.IDs != nil && rows.IDs[i] != 0 {
			id = t.events[event].Word(rows.IDs[i])
		}
		s.who, s.at = append(s.who, int(who)), append(s.at, rows.Times[i])
		s.ids, s.cells = append(s.ids, id), append(s.cells, cells)
	}
	for name := range rows.Props {
		if _, ok := t.kinds[segment.FieldRef{Event: event, Name: name}]; !ok {
			return store.Added{}, fmt.Errorf("%s.%s was not declared", event, name)
		}
	}
	return store.Added{New: rows.Len()}, nil
}

func (t taping) SetTrait(_ context.Context, trait string, customers []uint32, values *column.Column) (int, error) {
	s := t.sheets.traits[trait]
	if s == nil {
		return 0, fmt.Errorf("the trait %s was not declared", trait)
	}
	for i, who := range customers {
		s.who = append(s.who, int(who))
		s.cells = append(s.cells, []any{cell(values, i, t.words[segment.FieldRef{Name: trait}])})
	}
	return len(customers), nil
}

// cell is value i as SQLite keeps it. Generators hand over plain slices.
func cell(c *column.Column, i int, words *column.Interner) any {
	switch c.Kind {
	case column.Text:
		if c.Codes[i] == 0 {
			return nil
		}
		return words.Word(c.Codes[i])
	case column.Number:
		if math.IsNaN(c.Floats[i]) {
			return nil
		}
		return c.Floats[i]
	case column.Tags:
		tags := []string{}
		for _, code := range c.TagCodes[c.TagStarts[i]:c.TagStarts[i+1]] {
			tags = append(tags, words.Word(code))
		}
		return tags
	}
	v := c.Ints[i]
	switch {
	case v == column.Unset:
		return nil
	case c.Kind == column.Date:
		return time.Unix(v*24*60*60, 0).UTC().Format(time.DateOnly)
	}
	return v
}

func (t taping) SetRole(string, string) error { return nil }

func (t taping) Commit(context.Context) error { return nil }

func (t taping) Rollback() error { return nil }
