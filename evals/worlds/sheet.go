package worlds

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// field is a property or a trait.
type field struct {
	name string
	kind column.Kind
}

// maker writes a world into a batch; its first error stays.
type maker struct {
	batch  store.Batch
	events []*events
	traits []*trait
	zone   *time.Location
	seed   uint64
	err    error
}

// events collects the rows of one kind of event.
type events struct {
	maker  *maker
	name   string
	fields []field
	rows   *column.Rows
}

// trait collects the set values of one trait.
type trait struct {
	maker  *maker
	field  field
	who    []uint32
	values *column.Column
}

func (m *maker) event(name string, fields ...field) *events {
	e := &events{maker: m, name: name, fields: fields, rows: &column.Rows{Props: map[string]*column.Column{}}}
	for _, f := range fields {
		m.keep(m.batch.Declare(segment.FieldRef{Event: name, Name: f.name}, f.kind))
		e.rows.Props[f.name] = &column.Column{Kind: f.kind}
	}
	m.events = append(m.events, e)
	return e
}

func (m *maker) trait(name string, kind column.Kind) *trait {
	t := &trait{maker: m, field: field{name, kind}, values: &column.Column{Kind: kind}}
	if kind == column.Tags {
		t.values.TagStarts = []uint32{0}
	}
	m.keep(m.batch.Declare(segment.FieldRef{Name: name}, kind))
	m.traits = append(m.traits, t)
	return t
}

func (m *maker) keep(err error) {
	if m.err == nil {
		m.err = err
	}
}

// add appends a row; values are in the order of the fields, as put takes them.
func (e *events) add(customer uint32, at time.Time, values ...any) {
	e.rows.Customers = append(e.rows.Customers, customer)
	e.rows.Times = append(e.rows.Times, at.UnixMicro())
	for i, f := range e.fields {
		put(e.maker, segment.FieldRef{Event: e.name, Name: f.name}, e.rows.Props[f.name], values[i])
	}
}

// line appends a row of the event with this id: the lines of one basket.
func (e *events) line(id string, customer uint32, at time.Time, values ...any) {
	e.add(customer, at, values...)
	e.rows.IDs = append(e.rows.IDs, e.maker.batch.EventIDs(e.name).Code([]byte(id)))
}

// set gives a customer a value; nil leaves it unset.
func (t *trait) set(customer uint32, value any) {
	if value == nil || value == "" {
		return
	}
	t.who = append(t.who, customer)
	put(t.maker, segment.FieldRef{Name: t.field.name}, t.values, value)
}

// put appends a value to a column: a string ("" is unset), cents or days as
// int64, a number as int, a bool, or tags.
func put(m *maker, ref segment.FieldRef, c *column.Column, value any) {
	switch v := value.(type) {
	case string:
		code := uint32(0)
		if v != "" {
			code = m.batch.Words(ref).Code([]byte(v))
		}
		c.Codes = append(c.Codes, code)
	case int64:
		c.Ints = append(c.Ints, v)
	case int:
		c.Floats = append(c.Floats, float64(v))
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		c.Ints = append(c.Ints, n)
	case []string:
		from := len(c.TagCodes)
		for _, tag := range v {
			c.TagCodes = append(c.TagCodes, m.batch.Words(ref).Code([]byte(tag)))
		}
		slices.Sort(c.TagCodes[from:])
		c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
	case nil:
		if c.Kind == column.Number {
			c.Floats = append(c.Floats, math.NaN())
		} else {
			c.Ints = append(c.Ints, column.Unset)
		}
	}
}

// date is the days since 1970 of a day.
func date(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// business is what a world is configured with.
type business struct {
	currency, zone string
	roles          [][2]string
}

// fill runs write in one transaction.
func fill(ctx context.Context, ws store.Workspace, o Options, b business, write func(m *maker) error) error {
	batch, err := ws.Import(ctx)
	if err != nil {
		return fmt.Errorf("make the world: %w", err)
	}
	defer batch.Rollback()
	zone, err := time.LoadLocation(b.zone)
	if err != nil {
		return fmt.Errorf("make the world: %w", err)
	}
	m := &maker{batch: batch, zone: zone, seed: o.Seed}
	m.keep(batch.Configure(b.currency, b.zone))
	m.keep(write(m))
	if m.err != nil {
		return fmt.Errorf("make the world: %w", m.err)
	}
	for _, e := range m.events {
		if _, err := batch.AddRows(ctx, e.name, e.rows); err != nil {
			return fmt.Errorf("store %s: %w", e.name, err)
		}
	}
	for _, t := range m.traits {
		if _, err := batch.SetTrait(ctx, t.field.name, t.who, t.values); err != nil {
			return fmt.Errorf("store %s: %w", t.field.name, err)
		}
	}
	for _, r := range b.roles {
		if err := batch.SetRole(r[0], r[1]); err != nil {
			return fmt.Errorf("set role %s: %w", r[0], err)
		}
	}
	if err := batch.Commit(ctx); err != nil {
		return fmt.Errorf("store the world: %w", err)
	}
	return nil
}
