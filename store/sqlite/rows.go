package sqlite

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// AddRows sorts the rows, leaves out those the workspace has, and stores the
// rest as one part.
func (b *batch) AddRows(ctx context.Context, name string, rows *column.Rows) (store.Added, error) {
	doing := "add rows of " + name
	if err := b.usable(ctx); err != nil {
		return store.Added{}, err
	}
	if name == "" {
		return store.Added{}, fmt.Errorf("add rows: the event has no name")
	}
	if err := b.checkRows(name, rows); err != nil {
		return store.Added{}, fmt.Errorf("%s: %w", doing, err)
	}
	b.declareEvent(name)
	if rows.Len() == 0 {
		return store.Added{}, nil
	}
	sorted, err := sortRows(ctx, rows, b.Customers().Len())
	if err != nil {
		return store.Added{}, b.fail(ctx, doing, err)
	}
	added, err := b.dedupe(ctx, name, sorted)
	if err != nil {
		return store.Added{}, b.fail(ctx, doing, err)
	}
	if len(sorted.order) == 0 {
		return added, nil
	}
	return added, b.fail(ctx, doing, b.storeRows(ctx, name, sorted))
}

// checkRows holds rows to what they promise, so that no later step has to.
func (b *batch) checkRows(name string, rows *column.Rows) error {
	n := rows.Len()
	if uint64(n) > math.MaxUint32 {
		return fmt.Errorf("%d are too many at once", n)
	}
	if len(rows.Times) != n {
		return fmt.Errorf("%d rows, but %d times", n, len(rows.Times))
	}
	if slices.Contains(rows.Times, column.Unset) {
		return fmt.Errorf("a row has no time")
	}
	if err := checkCodes("customers", rows.Customers, b.Customers().Len()-1); err != nil {
		return err
	}
	if rows.IDs != nil {
		if len(rows.IDs) != n {
			return fmt.Errorf("%d rows, but %d event ids", n, len(rows.IDs))
		}
		if err := checkCodes("event ids", rows.IDs, b.EventIDs(name).Len()); err != nil {
			return err
		}
	}
	for _, prop := range slices.Sorted(maps.Keys(rows.Props)) {
		ref := segment.FieldRef{Event: name, Name: prop}
		if err := b.checkColumn(ref, rows.Props[prop], n); err != nil {
			return err
		}
	}
	return nil
}

// checkColumn declares a field and holds a column of it to n sound values.
func (b *batch) checkColumn(ref segment.FieldRef, c *column.Column, n int) error {
	if c == nil {
		return fmt.Errorf("%s has no values", ref)
	}
	if err := b.Declare(ref, c.Kind); err != nil {
		return err
	}
	if c.Len() != n {
		return fmt.Errorf("%d rows, but %d values of %s", n, c.Len(), ref)
	}
	switch c.Kind {
	case column.Text:
		return checkCodes(ref.String(), c.Codes, b.Words(ref).Len())
	case column.Tags:
		for i := range n {
			from, to := c.TagStarts[i], c.TagStarts[i+1]
			if from > to || int(to) > len(c.TagCodes) {
				return fmt.Errorf("the tags of %s end before they start", ref)
			}
			for k := from + 1; k < to; k++ {
				if c.TagCodes[k-1] >= c.TagCodes[k] {
					return fmt.Errorf("the tags of %s are not ascending", ref)
				}
			}
			if from < to && c.TagCodes[from] == 0 {
				return fmt.Errorf("a tag of %s is empty", ref)
			}
		}
		return checkCodes(ref.String(), c.TagCodes, b.Words(ref).Len())
	}
	return nil
}

func checkCodes(what string, codes []uint32, most int) error {
	for _, c := range codes {
		if int(c) > most {
			return fmt.Errorf("code %d of %s was never given out", c, what)
		}
	}
	return nil
}

// storeRows writes rows as a part.
func (b *batch) storeRows(ctx context.Context, name string, rows *sortedRows) error {
	order := rows.order
	of := series{Event: name}
	e := b.cat.events[name]
	p := &part{of: of, rows: len(order), first: math.MaxInt64, last: math.MinInt64}
	for _, at := range rows.times {
		p.first, p.last = min(p.first, at), max(p.last, at)
	}
	who, starts := owners(rows.who)
	s := &sheet{order: order, who: who, starts: starts, names: map[int64]string{}}
	s.add(columnTimes, "", &column.Column{Kind: column.Time, Ints: rows.Times})
	if slices.ContainsFunc(rows.IDs, func(id uint32) bool { return id != 0 }) {
		s.add(columnIDs, "", &column.Column{Kind: column.Text, Codes: rows.IDs})
		ids := gatherBy(rows.IDs, order)
		if p.scattered = scattered(who, starts, ids, b.EventIDs(name).Len()); !p.scattered {
			s.derive(columnFirsts, tiesOf(ids, starts[:len(who)]).column(p.rows))
		}
		e.tied = true
	}
	for prop, c := range rows.Props {
		ref := segment.FieldRef{Event: name, Name: prop}
		f := b.cat.fields[ref]
		// A column without a value is as good as none.
		counted := order
		if len(order) == rows.Len() {
			counted = nil // as they stand is quicker
		}
		if held := f.count(c, counted); held > 0 {
			s.add(f.id, "."+prop, c)
		}
	}
	e.rows += len(order)
	e.first, e.last = min(e.first, p.first), max(e.last, p.last)
	return b.storePart(ctx, p, s)
}

// storePart gives a part its number, writes it and takes it into the print.
func (b *batch) storePart(ctx context.Context, p *part, s *sheet) error {
	packed, err := s.pack(ctx)
	if err != nil {
		return err
	}
	b.cat.through++
	p.id, p.since, p.customers = b.cat.through, b.cat.through, len(s.who)
	if err := insertPart(ctx, b.t.conn, p, packed.chunks); err != nil {
		return err
	}
	b.cat.latest[p.of] = p.id
	b.touched[p.of] = true
	b.digest.part(p, s.names, packed.sums)
	return nil
}

// count takes the values listed by order (nil: all) into the field's figures
// and tells how many are set.
func (f *field) count(c *column.Column, order []uint32) int {
	n := len(order)
	if order == nil {
		n = c.Len()
	}
	held := 0
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	least, most := math.Inf(1), math.Inf(-1)
	for i := range n {
		row := i
		if order != nil {
			row = int(order[i])
		}
		if !c.IsSet(row) {
			continue
		}
		held++
		switch c.Kind {
		case column.Text, column.Tags:
		case column.Number:
			least, most = min(least, c.Floats[row]), max(most, c.Floats[row])
		default:
			low, high = min(low, c.Ints[row]), max(high, c.Ints[row])
		}
	}
	if held == 0 {
		return 0
	}
	switch c.Kind {
	case column.Text, column.Tags:
		low, high = 0, 0
	case column.Number:
		if f.held > 0 {
			least = min(least, math.Float64frombits(uint64(f.low)))
			most = max(most, math.Float64frombits(uint64(f.high)))
		}
		low, high = int64(math.Float64bits(least)), int64(math.Float64bits(most))
	default:
		if f.held > 0 {
			low, high = min(low, f.low), max(high, f.high)
		}
	}
	f.low, f.high = low, high
	f.held += held
	return held
}
