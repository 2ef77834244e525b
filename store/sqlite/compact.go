package sqlite

import (
	"context"
	"math"

	"tesela/segment"
	"tesela/segment/column"
)

// compact merges the newest parts of a series while the one before is less
// than twice as long as what follows it. So each part is at least twice as
// long as the next, there are few of them, and a few new rows never have the
// many old ones rewritten.
func (b *batch) compact(ctx context.Context, of series) error {
	parts, err := partsOf(ctx, b.t.conn, of, b.cat.through)
	if err != nil {
		return err
	}
	keep, rows := len(parts)-1, 0
	if keep >= 0 {
		rows = parts[keep].rows
	}
	for keep > 0 && parts[keep-1].rows < 2*rows && rows+parts[keep-1].rows <= math.MaxUint32 {
		keep--
		rows += parts[keep].rows
	}
	if keep >= len(parts)-1 {
		return nil
	}
	return b.mergeParts(ctx, of, parts[keep:])
}

// mergeParts puts one part in the place of several neighbouring ones. Rows
// keep the number of the part they came in, so that a source taken earlier
// still finds what was there then, and nothing else.
func (b *batch) mergeParts(ctx context.Context, of series, parts []*part) error {
	l := loader{tx: b.t.conn, cat: b.cat}
	a, err := l.arrange(ctx, of, parts)
	if err != nil {
		return err
	}
	newest := parts[len(parts)-1]
	p := &part{
		since: parts[0].since, id: newest.id, of: of, rows: int(a.starts[len(a.who)]), customers: len(a.who),
		first: math.MaxInt64, last: math.MinInt64, scattered: a.scattered,
	}
	s := &sheet{who: a.who, starts: a.starts}
	origins := make([][]uint32, len(parts))
	columns := map[int64]bool{}
	for i, old := range parts {
		p.first, p.last = min(p.first, old.first), max(p.last, old.last)
		if origins[i], err = l.originOf(ctx, old); err != nil {
			return err
		}
		for _, c := range old.columns {
			columns[c] = true
		}
	}
	s.add(columnOrigin, "", &column.Column{Kind: column.Text, Codes: gather(origins, a.runs)})
	if a.times != nil {
		s.add(columnTimes, "", &column.Column{Kind: column.Time, Ints: a.times})
	}
	if columns[columnIDs] {
		s.add(columnIDs, "", &column.Column{Kind: column.Text, Codes: a.ids})
		if !a.scattered {
			s.derive(columnFirsts, a.ties.column(p.rows))
		}
	}
	for ref, f := range b.cat.fields {
		if !columns[f.id] || of != (series{Event: ref.Event}) && of != (segment.FieldRef{Name: ref.Name}) {
			continue
		}
		c, err := l.column(ctx, a, ref, f)
		if err != nil {
			return err
		}
		s.add(f.id, "", c)
	}
	packed, err := s.pack(ctx)
	if err != nil {
		return err
	}
	for _, old := range parts {
		if err := deletePart(ctx, b.t.conn, old.id); err != nil {
			return err
		}
	}
	return insertPart(ctx, b.t.conn, p, packed.chunks)
}

// originOf tells in which part each row first came in.
func (l loader) originOf(ctx context.Context, p *part) ([]uint32, error) {
	if p.merged() {
		return l.readCodes(ctx, p, columnOrigin, p.rows, math.MaxUint32)
	}
	out := make([]uint32, p.rows)
	for i := range out {
		out[i] = uint32(p.id)
	}
	return out, nil
}
