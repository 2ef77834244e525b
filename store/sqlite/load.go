package sqlite

import (
	"context"
	"fmt"
	"math"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
)

// loader decodes the data as it was when the catalogue was read, whatever has
// been added or merged since. It reads through one transaction.
type loader struct {
	tx  querier
	cat *catalogue
	// packs tells that columns and times come packed where they can.
	packs bool
	pages *pages // nil where everything goes through SQLite
}

// arrangement is the rows of a series over its parts: what they share, and how
// a column of them follows from the parts' columns.
type arrangement struct {
	frame
	parts []*part
	runs  []run
}

// arrange reads the parts of a series and merges them.
func (l loader) arrange(ctx context.Context, of series, parts []*part) (*arrangement, error) {
	a := &arrangement{frame: frame{index: &column.Index{}}, parts: parts}
	sources := make([]*source, len(parts))
	kept := make([][]uint32, len(parts))
	var clocks []*column.Packed
	if l.packs && of.Name == "" {
		var err error
		if clocks, err = l.clocks(ctx, parts); err != nil {
			return nil, err
		}
	}
	for i, p := range parts {
		s, err := l.source(ctx, p, clocks == nil)
		if err != nil {
			return nil, err
		}
		if clocks != nil {
			s.clock = clocks[i]
		}
		if p.id > l.cat.through {
			if kept[i], err = l.keep(ctx, p, s); err != nil {
				return nil, err
			}
		}
		sources[i] = s
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	if len(parts) == 1 {
		s := sources[0]
		a.who, a.starts = s.who, s.starts
		if n := s.starts[len(s.who)]; n > 0 {
			a.runs = []run{{0, 0, n}}
		}
	} else {
		var err error
		if a.who, a.starts, a.runs, err = merge(ctx, sources); err != nil {
			return nil, err
		}
	}
	if n := len(a.who); n > 0 && int(a.who[n-1]) >= l.cat.words[dictKey{}] {
		return nil, fmt.Errorf("%w: rows of customer %d, but there are %d", chunk.ErrDamaged, a.who[n-1], l.cat.words[dictKey{}])
	}
	if of.Name == "" {
		if clocks != nil {
			for i, s := range sources {
				clocks[i] = s.clock
			}
			a.clock = gatherPacked(clocks, a.runs)
		} else {
			a.times = gather(times(sources), a.runs)
		}
	}
	merged := a.runs
	a.runs = original(a.runs, kept)
	if e := l.cat.events[of.Event]; of.Name == "" && e != nil && e.tied {
		return a, l.tie(ctx, a, of, merged, kept)
	}
	return a, nil
}

func times(sources []*source) [][]int64 {
	out := make([][]int64, len(sources))
	for i, s := range sources {
		out[i] = s.times
	}
	return out
}

// bound is the greatest code a part may hold of a dictionary: parts merged
// later have later words too, in rows that will not be kept.
func (l loader) bound(p *part, of dictKey) uint32 {
	if p.id > l.cat.through {
		return math.MaxUint32
	}
	return uint32(l.cat.words[of])
}

// source reads what a part is merged by, its times if they are wanted.
func (l loader) source(ctx context.Context, p *part, wantTimes bool) (*source, error) {
	s := &source{}
	customers := l.bound(p, dictKey{})
	if p.rows > 0 && customers == 0 {
		return nil, fmt.Errorf("%w: rows of customers, but no customers", chunk.ErrDamaged)
	}
	var err error
	if s.who, err = l.readCodes(ctx, p, columnWho, p.customers, customers-1); err != nil {
		return nil, err
	}
	for i := 1; i < len(s.who); i++ {
		if s.who[i-1] >= s.who[i] {
			return nil, fmt.Errorf("part %d: %w: customers out of order", p.id, chunk.ErrDamaged)
		}
	}
	// How many rows each has, in the places of where they end.
	s.starts = make([]uint32, p.customers+1)
	counts := s.starts[1:]
	if p.has(columnCounts) {
		if err := l.eachChunk(ctx, p, columnCounts, p.customers, func(from, to int, data []byte) error {
			return chunk.Codes(counts[from:to], data, uint32(p.rows))
		}); err != nil {
			return nil, err
		}
	}
	var sum uint64
	for i, n := range counts {
		sum += uint64(n)
		counts[i] = uint32(sum)
	}
	if sum != uint64(p.rows) {
		return nil, fmt.Errorf("part %d: %w: %d rows where %d belong", p.id, chunk.ErrDamaged, sum, p.rows)
	}
	if !wantTimes || !p.has(columnTimes) {
		return s, nil
	}
	s.times = make([]int64, p.rows)
	return s, l.eachChunk(ctx, p, columnTimes, p.rows, func(from, to int, data []byte) error {
		return chunk.Ints(s.times[from:to], data)
	})
}

// keep leaves in s only the rows that were there at the loader's version, and
// tells which they are.
func (l loader) keep(ctx context.Context, p *part, s *source) ([]uint32, error) {
	return l.keepFrom(ctx, p, s, math.MinInt64)
}

// keepFrom is keep for only those rows that came after an older version.
func (l loader) keepFrom(ctx context.Context, p *part, s *source, older int64) ([]uint32, error) {
	origin, err := l.readCodes(ctx, p, columnOrigin, p.rows, math.MaxUint32)
	if err != nil {
		return nil, err
	}
	kept := []uint32{}
	who, starts := s.who[:0:0], []uint32{0}
	for i := range s.who {
		for row := s.starts[i]; row < s.starts[i+1]; row++ {
			if from := int64(origin[row]); older < from && from <= l.cat.through {
				kept = append(kept, row)
			}
		}
		if n := uint32(len(kept)); n > starts[len(starts)-1] {
			who, starts = append(who, s.who[i]), append(starts, n)
		}
	}
	if s.times != nil {
		times := make([]int64, len(kept))
		for i, row := range kept {
			times[i] = s.times[row]
		}
		s.times = times
	}
	if s.clock != nil {
		clock := s.clock.Empty(len(kept))
		for i, row := range kept {
			clock.Set(i, s.clock.X(int(row)))
		}
		s.clock = clock
	}
	s.who, s.starts = who, starts
	return kept, nil
}

// original turns runs over kept rows into runs over the parts' own rows.
func original(runs []run, kept [][]uint32) []run {
	changed := false
	for _, k := range kept {
		changed = changed || k != nil
	}
	if !changed {
		return runs
	}
	var out []run
	for _, r := range runs {
		k := kept[r.part]
		if k == nil {
			out = append(out, r)
			continue
		}
		for _, row := range k[r.from:r.to] {
			if n := len(out); n > 0 && out[n-1].part == r.part && out[n-1].to == row {
				out[n-1].to++
				continue
			}
			out = append(out, run{r.part, row, row + 1})
		}
	}
	return out
}

// column reads a property in the order of the arrangement.
func (l loader) column(ctx context.Context, a *arrangement, ref segment.FieldRef, f *field) (*column.Column, error) {
	if l.packs {
		if c, ok, err := l.narrowColumn(ctx, a, ref, f); err != nil || ok {
			return c, err
		}
	}
	columns := make([]*column.Column, len(a.parts))
	for i, p := range a.parts {
		var err error
		if columns[i], err = l.readColumn(ctx, p, f, l.bound(p, ref)); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return gatherColumn(f.kind, columns, a.runs), nil
}

// dict reads the words of a dictionary in code order.
func (l loader) dict(ctx context.Context, of dictKey) ([]string, error) {
	count := l.cat.words[of]
	words := make([]string, 0, count)
	texts, err := l.texts(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		all, from := string(t.Text), uint32(0)
		for _, to := range t.Ends {
			words = append(words, all[from:to])
			from = to
		}
	}
	return words, nil
}

// texts is dict for words as they lie in the file.
func (l loader) texts(ctx context.Context, of dictKey) ([]column.Texts, error) {
	var texts []column.Texts
	count, known := l.cat.words[of], 0
	take := func(first int64, data []byte) error {
		if first != int64(known+1) {
			return fmt.Errorf("%w: the words of %s have a gap", chunk.ErrDamaged, of)
		}
		ends, text, err := chunk.Texts(data)
		if err != nil {
			return fmt.Errorf("words of %s: %w", of, err)
		}
		ends = ends[:min(len(ends), count-known)] // some may be later ones
		known += len(ends)
		texts = append(texts, column.Texts{Text: text, Ends: ends})
		return nil
	}
	var err error
	if l.pages != nil {
		err = l.pages.stretches(ctx, l.tx, of, count, take)
	} else {
		err = eachBlob(ctx, l.tx, "SELECT first, data FROM dictionary WHERE event = ? AND name = ? AND first <= ? ORDER BY first", []any{of.Event, of.Name, int64(count)}, take)
	}
	if err == nil && known < count {
		err = fmt.Errorf("%w: %d of the %d words of %s are missing", chunk.ErrDamaged, count-known, count, of)
	}
	return texts, err
}
