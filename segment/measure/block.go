package measure

import "tesela/segment/column"

// block is some rows of one table, with the cell each belongs to. Rows come by
// customer, then in the table's order, but for rows with tags, which may come
// several times.
type block struct {
	w *worker
	// The rows are n neighbours from row from on, or those listed.
	from, n int
	rows    []int32
	// at are the rows in whose time the rows stand; nil: their own.
	at []int32
	// fresh marks the rows that are the first of their event in the stream, by
	// row from row base on.
	fresh []uint64
	base  int
	// cells is nil where all rows are in cell 0.
	cells []uint32
	who   []uint32 // see customers
}

func (b *block) len() int {
	if b.rows != nil {
		return len(b.rows)
	}
	return b.n
}

func (b *block) cell(i int) uint32 {
	if b.cells == nil {
		return 0
	}
	return b.cells[i]
}

// begins is 1 where a row is the first of its event in the stream, else 0.
func (b *block) begins(row int) int64 {
	i := uint(row - b.base)
	return int64(b.fresh[i>>6] >> (i & 63) & 1)
}

// list lists the rows.
func (b *block) list() []int32 {
	if b.rows == nil {
		w := b.w
		w.listed = extend(w.listed[:0], b.n)
		for i := range w.listed {
			w.listed[i] = int32(b.from + i)
		}
		b.rows = w.listed
	}
	return b.rows
}

// customers gives the customer of each row.
func (b *block) customers() []uint32 {
	if b.who != nil {
		return b.who
	}
	w := b.w
	t, k := w.scan.table, w.from
	w.who = extend(w.who[:0], b.len())
	if b.rows == nil {
		for end := b.from + b.n; k < w.to && int(t.Starts[k]) < end; k++ {
			lo, hi := max(int(t.Starts[k]), b.from), min(int(t.Starts[k+1]), end)
			for i := lo; i < hi; i++ {
				w.who[i-b.from] = t.Who[k]
			}
		}
	} else {
		for i, r := range b.rows {
			for int(t.Starts[k+1]) <= int(r) {
				k++
			}
			w.who[i] = t.Who[k]
		}
	}
	b.who = w.who
	return b.who
}

// xs gives the rows' packed figures, in memory that the worker lends until it
// is asked again.
func (b *block) xs(p *column.Packed) []uint32 { return b.w.packed(p, b.from, b.n, b.rows) }

// codes gives the codes of a column of texts, likewise.
func (b *block) codes(c *column.Column) []uint32 {
	switch {
	case c.Packed != nil:
		return b.xs(c.Packed)
	case b.rows == nil:
		return c.Codes[b.from : b.from+b.n]
	}
	b.w.x = extend(b.w.x[:0], len(b.rows))
	gather(c.Codes, b.rows, b.w.x)
	return b.w.x
}

// clock gives the packed times in which the rows stand, likewise.
func (b *block) clock(p *column.Packed) []uint32 {
	rows := b.rows
	if b.at != nil {
		rows = b.at
	}
	return b.w.packed(p, b.from, b.n, rows)
}

func (w *worker) packed(p *column.Packed, from, n int, rows []int32) []uint32 {
	if rows == nil && p.U32 != nil {
		return p.U32[from : from+n]
	}
	if rows != nil {
		n = len(rows)
	}
	w.x = extend(w.x[:0], n)
	if rows == nil {
		p.XsFrom(from, w.x)
	} else {
		p.XsAt(rows, w.x)
	}
	return w.x
}

// ints gives the rows' figures of a column, likewise.
func (b *block) ints(c *column.Column) []int64 {
	w := b.w
	w.ints = extend(w.ints[:0], b.len())
	if b.rows == nil {
		c.IntsFrom(b.from, w.ints)
		return w.ints
	}
	for i, r := range b.rows {
		w.ints[i] = c.Int(int(r))
	}
	return w.ints
}

// times gives the times in which the rows stand, likewise.
func (b *block) times(t *column.Table) []int64 {
	w := b.w
	w.ints = extend(w.ints[:0], b.len())
	rows := b.rows
	if b.at != nil {
		rows = b.at
	}
	if rows == nil {
		t.TimesFrom(b.from, w.ints)
		return w.ints
	}
	for i, r := range rows {
		w.ints[i] = t.Time(int(r))
	}
	return w.ints
}

// crowd is some neighbouring customers of a table, with those of their rows
// that count.
type crowd struct {
	w        *worker
	from, to int // in the table's Who
	lo, hi   int // their rows
	starts   []uint32
	// marks are the rows that count, by row from lo on; nil: all of them.
	marks []uint64
	// fresh marks those that are the first of their event.
	fresh []uint64
	// cells is by customer; nil where all are in cell 0.
	cells []uint32
}

// rows are those of a customer, counted from lo on.
func (c *crowd) rows(k int) (from, to int) {
	own := c.starts[k-c.from : k-c.from+2]
	return int(own[0]) - c.lo, int(own[1]) - c.lo
}

func (c *crowd) cell(k int) uint32 {
	if c.cells == nil {
		return 0
	}
	return c.cells[k-c.from]
}
