package importer

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"tesela/segment/column"
	"tesela/store"
)

// eachBlock has the rows of the file read, several blocks at a time, and gives
// the blocks to pour in the file's order. When it returns nothing is under way
// any more.
func (r *run) eachBlock(ctx context.Context, rows records, pour func(*block) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var under sync.WaitGroup
	defer under.Wait()
	defer cancel()

	hands := runtime.GOMAXPROCS(0)
	all := hands + 2
	free, todo, inOrder := make(chan *block, all), make(chan *block, all), make(chan *block, all)
	for range all {
		free <- &block{read: make(chan struct{}, 1)}
	}
	sound := func(s *record) bool {
		return !s.badly && !s.zero && (!s.news || r.opts.OnlyNamed) && s.unfit == "" && !s.broken && r.soundLength(s)
	}
	under.Go(func() {
		defer close(inOrder)
		defer close(todo)
		for {
			select {
			case <-ctx.Done():
				return
			case b := <-free:
				b.fill(rows, sound)
				// Both have room for all blocks there are.
				todo <- b
				inOrder <- b
				if b.last() {
					return
				}
			}
		}
	})
	for range hands {
		h := r.hand.another()
		under.Go(func() {
			for b := range todo {
				if ctx.Err() == nil {
					h.readBlock(b)
				}
				b.read <- struct{}{}
			}
		})
	}
	for b := range inOrder {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.read:
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := pour(b); err != nil {
			return err
		}
		if b.last() {
			return b.fault()
		}
		free <- b
	}
	return ctx.Err()
}

// pour takes a block's rows into the tables and traits.
func (r *run) pour(b *block, customers *column.Interner) error {
	if err := r.setAside(b); err != nil {
		return err
	}
	r.who.begin(&b.who, customers)
	b.customers = b.customers[:0]
	for _, code := range b.who.codes {
		// A row that was set aside has no customer and is in no table.
		b.customers = append(b.customers, r.who.code(code)-1)
	}
	var jobs errgroup.Group
	jobs.SetLimit(runtime.GOMAXPROCS(0))
	for slot, name := range b.names {
		t := r.tables[name]
		if t == nil {
			expected := 0
			if name == r.plan.event {
				expected = r.expected
			}
			t = newTable(r.batch, name, r.fields, r.plan.eventID >= 0, expected)
			r.tables[name] = t
			if r.plan.eventCol >= 0 && len(r.tables) > maxEvents {
				return fmt.Errorf("%s: the column %s has over %d different values; are they names of events? --event-column names another column, --events NAME gives all rows one name",
					r.src.name, r.form.header[r.plan.eventCol], maxEvents)
			}
		}
		if err := t.begin(r.batch, b, b.rows[slot]); err != nil {
			return err
		}
	}
	for slot, name := range b.names {
		t, rows := r.tables[name], b.rows[slot]
		jobs.Go(func() error { t.pourKeys(b, rows); return nil })
		for i := range t.cols {
			if c := &t.cols[i]; c.Column != nil {
				jobs.Go(func() error { c.pour(&b.cols[c.from], rows); return nil })
			}
		}
	}
	for i, t := range r.traits {
		if t != nil && b.cols[i].set > 0 {
			jobs.Go(func() error { t.pour(b, &b.cols[i]); return nil })
		}
	}
	return jobs.Wait()
}

// setAside finds why rows are at fault.
func (r *run) setAside(b *block) error {
	r.sum.Read += len(b.marks)
	odd := 0
	for _, row := range b.faults {
		m := b.marks[row]
		if m.odd {
			r.row = &b.odd[odd]
			odd++
			if ok, err := r.sound(); err != nil {
				return err
			} else if ok {
				return fmt.Errorf("%s: %s %d was read in two ways", r.src.name, r.form.lineWord(), m.line)
			}
			continue
		}
		r.own.line, r.own.fields = m.line, b.fields(int(row), r.own.fields)
		r.row = &r.own
		if err := r.judge(); err != nil {
			return err
		}
	}
	return nil
}

// begin starts the properties whose first values come with these rows.
func (t *table) begin(batch store.Batch, b *block, rows []uint32) error {
	for i := range t.cols {
		c := &t.cols[i]
		from := &b.cols[c.from]
		if c.Column != nil || from.set == 0 || len(rows) == 0 || !from.anySet(c.kind, rows) {
			continue
		}
		if err := c.start(batch, len(t.rows.Customers), t.expected); err != nil {
			return err
		}
	}
	return nil
}

// anySet tells whether any of the rows has a value.
func (c *blockColumn) anySet(kind column.Kind, rows []uint32) bool {
	for _, row := range rows {
		switch kind {
		case column.Text:
			if c.words.codes[row] != 0 {
				return true
			}
		case column.Tags:
			if c.starts[row] < c.starts[row+1] {
				return true
			}
		case column.Number:
			if !math.IsNaN(c.floats[row]) {
				return true
			}
		default:
			if c.ints[row] != column.Unset {
				return true
			}
		}
	}
	return false
}

// pourKeys takes in customers, times and ids.
func (t *table) pourKeys(b *block, rows []uint32) {
	for _, row := range rows {
		t.rows.Customers = append(t.rows.Customers, b.customers[row])
		t.rows.Times = append(t.rows.Times, b.times[row])
	}
	if t.ids == nil {
		return
	}
	t.tie.begin(&b.ids, t.ids)
	for _, row := range rows {
		t.rows.IDs = append(t.rows.IDs, t.tie.code(b.ids.codes[row]))
	}
}

// pour takes in a property's values.
func (c *growing) pour(from *blockColumn, rows []uint32) {
	switch c.kind {
	case column.Text:
		c.to.begin(&from.words, c.words)
		for _, row := range rows {
			c.Codes = append(c.Codes, c.to.code(from.words.codes[row]))
		}
	case column.Number:
		for _, row := range rows {
			c.Floats = append(c.Floats, from.floats[row])
		}
	case column.Tags:
		c.to.begin(&from.words, c.words)
		for _, row := range rows {
			start := len(c.TagCodes)
			for _, code := range from.words.codes[from.starts[row]:from.starts[row+1]] {
				c.TagCodes = append(c.TagCodes, c.to.code(code))
			}
			c.TagCodes = ascending(c.TagCodes, start)
			c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
		}
	default:
		for _, row := range rows {
			c.Ints = append(c.Ints, from.ints[row])
		}
	}
}

// pour takes in a trait's values, the newest of each customer.
func (t *traitColumn) pour(b *block, from *blockColumn) {
	if t.kind == column.Text || t.kind == column.Tags {
		t.to.begin(&from.words, t.own)
	}
	next := 0 // of the rows set aside, which have no customer
	for row := range b.marks {
		if next < len(b.faults) && int(b.faults[next]) == row {
			next++
			continue
		}
		who, at := b.customers[row], b.times[row]
		switch t.kind {
		case column.Text:
			if code := from.words.codes[row]; code != 0 && t.newer(who, at) {
				t.codes[who] = t.to.code(code)
			}
		case column.Number:
			if f := from.floats[row]; !math.IsNaN(f) && t.newer(who, at) {
				t.floats[who] = f
			}
		case column.Tags:
			if tags := from.words.codes[from.starts[row]:from.starts[row+1]]; len(tags) > 0 && t.newer(who, at) {
				codes := make([]uint32, 0, len(tags))
				for _, code := range tags {
					codes = append(codes, t.to.code(code))
				}
				t.tags[who] = codes
			}
		default:
			if v := from.ints[row]; v != column.Unset && t.newer(who, at) {
				t.ints[who] = v
			}
		}
	}
}
