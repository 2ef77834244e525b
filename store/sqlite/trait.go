package sqlite

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
)

// trait reads a trait of all customers. Its parts hold every value it ever
// had; the newest counts.
func (l loader) trait(ctx context.Context, name string, f *field) (*column.Column, error) {
	ref := series{Name: name}
	customers := l.cat.words[dictKey{}]
	parts, err := partsOf(ctx, l.tx, ref, l.cat.through)
	if err != nil || len(parts) == 0 {
		return blank(f.kind, customers), err
	}
	// What the catalogue says of figures is said of the newest ones alone.
	all := len(parts) == 1 && !parts[0].merged() || f.kind == column.Text
	if l.packs && all && parts[len(parts)-1].id <= l.cat.through {
		if c, ok, err := l.narrowTrait(ctx, parts, ref, f); err != nil || ok {
			return c, err
		}
	}
	columns := []*column.Column{blank(f.kind, 1)}
	picked := make([]run, customers) // part 0 is the blank
	for i := range picked {
		picked[i] = run{0, 0, 1}
	}
	for i, p := range parts {
		s, err := l.source(ctx, p, false)
		if err != nil {
			return nil, err
		}
		values, err := l.readColumn(ctx, p, f, l.bound(p, ref))
		if err != nil {
			return nil, err
		}
		if len(parts) == 1 && p.id <= l.cat.through && p.rows == customers && p.customers == customers {
			return l.pack(values, ref), nil // one value of each customer
		}
		columns = append(columns, values)
		var origin []uint32
		if p.id > l.cat.through {
			if origin, err = l.readCodes(ctx, p, columnOrigin, p.rows, math.MaxUint32); err != nil {
				return nil, err
			}
		}
		for k, c := range s.who {
			if int(c) >= customers {
				break // he came later
			}
			for row := s.starts[k+1]; row > s.starts[k]; row-- {
				if origin == nil || int64(origin[row-1]) <= l.cat.through {
					picked[c] = run{i + 1, row - 1, row}
					break
				}
			}
		}
	}
	return l.pack(gatherColumn(f.kind, columns, picked), ref), nil
}

// pack packs a column where a source asks for that.
func (l loader) pack(c *column.Column, ref segment.FieldRef) *column.Column {
	switch {
	case !l.packs:
		return c
	case c.Kind == column.Text:
		return &column.Column{Kind: c.Kind, Packed: column.PackCodes(c.Codes, l.cat.words[ref])}
	}
	return c.Pack()
}

// narrowTrait is trait for parts of which all rows count, packed; ok is false
// where the values do not allow that.
func (l loader) narrowTrait(ctx context.Context, parts []*part, ref segment.FieldRef, f *field) (c *column.Column, ok bool, err error) {
	columns, c, err := l.narrowParts(ctx, parts, ref, f)
	if err != nil || c == nil {
		return nil, false, err
	}
	customers := l.cat.words[dictKey{}]
	if p := parts[0]; len(parts) == 1 && p.rows == customers && p.customers == customers {
		c.Packed = columns[0] // one value of each customer
		return c, true, nil
	}
	c.Packed = columns[0].Empty(customers)
	for i, p := range parts {
		o, from := c.Packed, columns[i]
		if err := l.eachOwner(ctx, p, func(row int, who []uint32, starts []uint32) {
			switch {
			case o.U8 != nil:
				put(o.U8, from.U8[row:], who, starts)
			case o.U16 != nil:
				put(o.U16, from.U16[row:], who, starts)
			default:
				put(o.U32, from.U32[row:], who, starts)
			}
		}); err != nil {
			return nil, false, err
		}
	}
	return c, true, nil
}

// eachOwner hands over the customers of a part and where the rows of each start
// from row on; starts is nil where each has one. Customers of one call are not
// those of another.
func (l loader) eachOwner(ctx context.Context, p *part, take func(row int, who, starts []uint32)) error {
	if p.rows != p.customers {
		s, err := l.source(ctx, p, false)
		if err == nil {
			take(0, s.who, s.starts)
		}
		return err
	}
	customers := l.cat.words[dictKey{}]
	if customers == 0 {
		return fmt.Errorf("%w: values of customers, but no customers", chunk.ErrDamaged)
	}
	// Each core has a room for the customers of a chunk.
	rooms := make(chan []uint32, runtime.GOMAXPROCS(0))
	for range cap(rooms) {
		rooms <- nil
	}
	return l.eachChunk(ctx, p, columnWho, p.customers, func(from, to int, data []byte) error {
		who := <-rooms
		defer func() { rooms <- who }()
		if cap(who) < to-from {
			who = make([]uint32, to-from)
		}
		who = who[:to-from]
		err := chunk.Codes(who, data, uint32(customers-1))
		if err == nil {
			take(from, who, nil)
		}
		return err
	})
}

// put sets customers' values in the order in which they came, so that the
// newest stays.
func put[T any](to, from []T, who, starts []uint32) {
	if starts == nil {
		for k, c := range who {
			to[c] = from[k]
		}
		return
	}
	for k, c := range who {
		if n := starts[k+1]; n > starts[k] && int(c) < len(to) {
			to[c] = from[n-1]
		}
	}
}
