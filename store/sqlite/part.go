package sqlite

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
)

// The columns every part of an event has, or may have, beside its fields.
const (
	columnWho    = -1 // the customers with rows, ascending
	columnCounts = -2 // how many rows each of them has
	columnTimes  = -3
	columnIDs    = -4 // only where rows have event ids
	columnOrigin = -5 // the part each row first came in; only in merged parts
	columnFirsts = -6 // which rows begin an event; see ties
)

// part is an immutable stretch of a series' rows, sorted by customer, then
// time, then the order in which they were stored. It holds what the parts
// since…id once were: one import's rows, or several merged.
type part struct {
	since, id       int64
	of              series
	rows, customers int
	first, last     int64 // times
	scattered       bool
	columns         []int64
}

func (p *part) has(column int64) bool { return slices.Contains(p.columns, column) }

// merged tells whether rows of several imports lie in the part.
func (p *part) merged() bool { return p.since < p.id }

// partsOf lists the parts of a series up to a version, oldest first. A part
// that was merged with later ones is listed if any of it is old enough.
func partsOf(ctx context.Context, tx querier, of series, through int64) ([]*part, error) {
	rows, err := tx.QueryContext(ctx, `SELECT since, id, rows, customers, first, last, scattered, columns
		FROM part WHERE event = ? AND trait = ? AND since <= ? ORDER BY id`, of.Event, of.Name, through)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []*part
	for rows.Next() {
		p := &part{of: of}
		var columns string
		if err := rows.Scan(&p.since, &p.id, &p.rows, &p.customers, &p.first, &p.last, &p.scattered, &columns); err != nil {
			return nil, err
		}
		for word := range strings.FieldsSeq(columns) {
			n, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("%w: part %d has a column %q", chunk.ErrDamaged, p.id, word)
			}
			p.columns = append(p.columns, n)
		}
		if p.rows < 0 || p.rows > math.MaxUint32 || p.customers < 0 || p.customers > p.rows {
			return nil, fmt.Errorf("%w: part %d has %d rows of %d customers", chunk.ErrDamaged, p.id, p.rows, p.customers)
		}
		parts = append(parts, p)
	}
	return parts, rows.Err()
}

// insertPart stores a part with its columns, whose chunks are given by column.
func insertPart(ctx context.Context, tx querier, p *part, chunks map[int64][][]byte) error {
	words := make([]string, 0, len(chunks))
	for _, c := range sortedColumns(chunks) {
		p.columns = append(p.columns, c)
		words = append(words, strconv.FormatInt(c, 10))
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO part VALUES(?,?,?,?,?,?,?,?,?,?)",
		p.id, p.since, p.of.Event, p.of.Name, p.rows, p.customers, p.first, p.last, p.scattered, strings.Join(words, " ")); err != nil {
		return err
	}
	for _, c := range p.columns {
		for n, data := range chunks[c] {
			if _, err := tx.ExecContext(ctx, "INSERT INTO chunk VALUES(?,?,?,?)", p.id, c, n, data); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedColumns(chunks map[int64][][]byte) []int64 {
	columns := make([]int64, 0, len(chunks))
	for c := range chunks {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	slices.Reverse(columns) // who, counts, times, … come last when ascending
	return columns
}

func deletePart(ctx context.Context, tx querier, id int64) error {
	for _, table := range []string{"DELETE FROM chunk WHERE part = ?", "DELETE FROM part WHERE id = ?"} {
		if _, err := tx.ExecContext(ctx, table, id); err != nil {
			return err
		}
	}
	return nil
}

// readCodes unpacks a column of codes, or gives zeros where there is none.
func (l loader) readCodes(ctx context.Context, p *part, column int64, length int, most uint32) ([]uint32, error) {
	out := make([]uint32, length)
	if !p.has(column) {
		return out, nil
	}
	return out, l.eachChunk(ctx, p, column, length, func(from, to int, data []byte) error {
		return chunk.Codes(out[from:to], data, most)
	})
}

// readColumn unpacks a field's column of a part. words is the length of its
// dictionary.
func (l loader) readColumn(ctx context.Context, p *part, f *field, words uint32) (*column.Column, error) {
	if !p.has(f.id) {
		return blank(f.kind, p.rows), nil
	}
	out := &column.Column{Kind: f.kind}
	var read func(from, to int, data []byte) error
	switch f.kind {
	case column.Text:
		out.Codes = make([]uint32, p.rows)
		read = func(from, to int, data []byte) error { return chunk.Codes(out.Codes[from:to], data, words) }
	case column.Number:
		out.Floats = make([]float64, p.rows)
		read = func(from, to int, data []byte) error { return chunk.Floats(out.Floats[from:to], data) }
	case column.Tags:
		out.TagStarts = make([]uint32, p.rows+1)
		read = func(from, to int, data []byte) (err error) {
			out.TagCodes, err = chunk.Tags(out.TagStarts[from+1:to+1], out.TagCodes, data, words)
			return err
		}
		return out, l.chunksInOrder(ctx, p, f.id, p.rows, read)
	default:
		out.Ints = make([]int64, p.rows)
		read = func(from, to int, data []byte) error { return chunk.Ints(out.Ints[from:to], data) }
	}
	return out, l.eachChunk(ctx, p, f.id, p.rows, read)
}

// blank is a column of rows unset values.
func blank(kind column.Kind, rows int) *column.Column {
	c := &column.Column{Kind: kind}
	switch kind {
	case column.Text:
		c.Codes = make([]uint32, rows)
	case column.Number:
		c.Floats = make([]float64, rows)
		for i := range c.Floats {
			c.Floats[i] = math.NaN()
		}
	case column.Tags:
		c.TagStarts = make([]uint32, rows+1)
	default:
		c.Ints = make([]int64, rows)
		for i := range c.Ints {
			c.Ints[i] = column.Unset
		}
	}
	return c
}
