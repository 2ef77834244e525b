package sqlite

import (
	"context"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// New rows among many that are in memory already: the newer state of a series
// is the older one with the rows that came since merged in, by copying runs.
// So the next question after an import reads nothing of what was there.

// newRows are what came since an older state of a series.
type newRows struct {
	parts   []*part
	sources []*source
	kept    [][]uint32 // by part: the rows that are new; nil: all
	rows    int
}

// extendShare is how many times as many rows there must be as new ones; else
// everything is read anew.
const extendShare = 4

// since reads the rows of a series that came after an older state. ok is false
// where they are too many.
func (l loader) since(ctx context.Context, of series, older int64, rows int) (n newRows, ok bool, err error) {
	parts, err := partsOf(ctx, l.tx, of, l.cat.through)
	if err != nil {
		return n, false, err
	}
	for _, p := range parts {
		if p.id <= older {
			continue
		}
		if p.rows > rows/extendShare {
			return n, false, nil
		}
		s, err := l.source(ctx, p, true)
		if err != nil {
			return n, false, err
		}
		var kept []uint32
		if p.since <= older || p.id > l.cat.through {
			if kept, err = l.keepFrom(ctx, p, s, older); err != nil {
				return n, false, err
			}
		}
		n.parts, n.sources, n.kept = append(n.parts, p), append(n.sources, s), append(n.kept, kept)
		n.rows += len(s.times)
	}
	return n, n.rows <= rows/extendShare, nil
}

// extended is an arrangement to which rows were added, and how: the runs are
// over the older one, as part 0, and the new rows.
type extended struct {
	*arrangement
	new  newRows
	runs []run
}

// extend merges rows that came after an older state into its arrangement, whose
// event ids it is given where they are in memory; nil where all is to be read
// anew.
func (l loader) extend(ctx context.Context, of series, a *arrangement, ids []uint32, older int64) (*extended, error) {
	if a.clock == nil || a.scattered || len(a.who) == 0 {
		return nil, nil
	}
	n, ok, err := l.since(ctx, of, older, a.clock.Len())
	if err != nil || !ok {
		return nil, err
	}
	clocks := []*column.Packed{a.clock}
	all := []*source{{who: a.who, starts: a.starts, clock: a.clock}}
	for _, s := range n.sources {
		clock := packLike(a.clock, s.times)
		if clock == nil {
			return nil, nil
		}
		clocks[0] = withRange(clocks[0], clock)
		clocks = append(clocks, clock)
		all = append(all, &source{who: s.who, starts: s.starts, clock: clock})
	}
	e := &extended{arrangement: &arrangement{frame: frame{index: &column.Index{}}}, new: n}
	if e.who, e.starts, e.runs, err = merge(ctx, all); err != nil {
		return nil, err
	}
	if k := len(e.who); k > 0 && int(e.who[k-1]) >= l.cat.words[dictKey{}] {
		return nil, nil // reading anew tells what is damaged
	}
	e.clock = gatherPacked(clocks, e.runs)
	if !l.cat.events[of.Event].tied {
		return e, nil
	}
	if !a.tied {
		return nil, nil // events have ids since now
	}
	if ok, err := l.extendTies(ctx, of, e, a, ids); err != nil || !ok {
		return nil, err
	}
	return e, nil
}

// extendTies finds which rows begin an event, of an arrangement that extends
// older; ok is false where that takes older's ids, and they are not in memory.
func (l loader) extendTies(ctx context.Context, of series, e *extended, older *arrangement, ids []uint32) (ok bool, err error) {
	e.tied = true
	codes, parts := [][]uint32{ids}, []ties{older.ties}
	for i, p := range e.new.parts {
		all, err := l.readCodes(ctx, p, columnIDs, p.rows, l.bound(p, dictKey{Event: of.Event}))
		if err != nil {
			return false, err
		}
		s, own := e.new.sources[i], pickRows(all, e.new.kept[i])
		if e.scattered = e.scattered || torn(s.starts, own, nil, nil); !e.scattered {
			parts = append(parts, tiesOf(own, s.starts[:len(s.who)]))
		}
		codes = append(codes, own)
	}
	if !e.scattered {
		e.ties, ok = joinTies(parts, e.runs)
	}
	if ids == nil {
		return ok, nil
	}
	e.ids = gather(codes, e.runs)
	if ok {
		return true, nil
	}
	for _, s := range e.new.sources {
		e.scattered = e.scattered || torn(e.starts, e.ids, e.who, s.who)
	}
	if !e.scattered {
		e.ties = tiesOf(e.ids, e.starts[:len(e.who)])
	}
	return true, nil
}

// torn tells whether the rows of some event are not neighbours: of the
// customers among who whom of lists, of all where it is nil.
func torn(starts, ids, who, of []uint32) bool {
	n := len(of)
	if of == nil {
		n = len(starts) - 1
	}
	seen := map[uint32]bool{}
	for k := range n {
		if of != nil {
			k, _ = slices.BinarySearch(who, of[k])
		}
		rows := ids[starts[k]:starts[k+1]]
		if len(rows) < 3 {
			continue
		}
		clear(seen)
		previous := uint32(0)
		for _, id := range rows {
			if id != previous && id != 0 {
				if seen[id] {
					return true
				}
				seen[id] = true
			}
			previous = id
		}
	}
	return false
}

// column adds the new rows' values to a column of the older state; nil where
// they do not go into its bytes.
func (e *extended) column(ctx context.Context, l loader, ref segment.FieldRef, f *field, old *column.Column) (*column.Column, error) {
	columns := []*column.Column{old}
	for i, p := range e.new.parts {
		c, err := l.readColumn(ctx, p, f, l.bound(p, ref))
		if err != nil {
			return nil, err
		}
		if kept := e.new.kept[i]; kept != nil {
			runs := make([]run, len(kept))
			for k, row := range kept {
				runs[k] = run{0, row, row + 1}
			}
			c = gatherColumn(f.kind, []*column.Column{c}, runs)
		}
		columns = append(columns, c)
	}
	if old.Packed == nil {
		return gatherColumn(f.kind, columns, e.runs), nil
	}
	packs := make([]*column.Packed, len(columns))
	packs[0] = old.Packed
	for i, c := range columns[1:] {
		p := old.Packed.Empty(c.Len())
		switch f.kind {
		case column.Text:
			for k, code := range c.Codes {
				if !p.Fits(code) {
					return nil, nil
				}
				p.Set(k, code)
			}
			p.Most = max(p.Most, uint32(l.cat.words[ref]))
		case column.Number:
			if p = packFloatsLike(old, c.Floats); p == nil {
				return nil, nil
			}
		default:
			if p = packLike(old.Packed, c.Ints); p == nil {
				return nil, nil
			}
		}
		packs[i+1] = p
		packs[0] = withRange(packs[0], p)
	}
	own := *old
	own.Packed = gatherPacked(packs, e.runs)
	return &own, nil
}

// withRange is a packed column with the range of another in its own.
func withRange(p, o *column.Packed) *column.Packed {
	own := *p
	own.Least, own.Most = min(p.Least, o.Least), max(p.Most, o.Most)
	return &own
}

// packLike packs figures in the way of another column; nil where they do not
// go into it.
func packLike(like *column.Packed, figures []int64) *column.Packed {
	p := like.Empty(len(figures))
	for i, v := range figures {
		if v == column.Unset {
			continue
		}
		if v <= p.Base || (uint64(v)-uint64(p.Base))%uint64(p.Step) != 0 {
			return nil
		}
		x := (uint64(v) - uint64(p.Base)) / uint64(p.Step)
		if x >= math.MaxUint32 || !p.Fits(uint32(x)) {
			return nil
		}
		p.Set(i, uint32(x))
		p.Least, p.Most = min(p.Least, uint32(x)), max(p.Most, uint32(x))
	}
	return p
}

// packFloatsLike is packLike for numbers.
func packFloatsLike(like *column.Column, floats []float64) *column.Packed {
	ints := make([]int64, len(floats))
	for i, f := range floats {
		if math.IsNaN(f) {
			ints[i] = column.Unset
			continue
		}
		r := math.Round(f * like.Scale)
		if !(r >= -exact && r <= exact) || math.Float64bits(r/like.Scale) != math.Float64bits(f) || r == 0 && math.Signbit(r) {
			return nil
		}
		ints[i] = int64(r)
	}
	return packLike(like.Packed, ints)
}

// pickRows takes some of the rows; nil kept takes all.
func pickRows[T any](all []T, kept []uint32) []T {
	if kept == nil {
		return all
	}
	out := make([]T, len(kept))
	for i, row := range kept {
		out[i] = all[row]
	}
	return out
}

// grown is a trait of more customers, those at the end without a value.
func grown(c *column.Column, customers int) *column.Column {
	own := *c
	switch n := customers - c.Len(); {
	case c.Packed != nil:
		longer := *c.Packed
		longer.U8, longer.U16, longer.U32 = lengthened(longer.U8, n), lengthened(longer.U16, n), lengthened(longer.U32, n)
		own.Packed = &longer
	default:
		return gatherColumn(c.Kind, []*column.Column{c, blank(c.Kind, n)}, []run{{0, 0, uint32(c.Len())}, {1, 0, uint32(n)}})
	}
	return &own
}

func lengthened[T any](s []T, n int) []T {
	if s == nil {
		return nil
	}
	out := make([]T, len(s)+n)
	copy(out, s)
	return out
}
