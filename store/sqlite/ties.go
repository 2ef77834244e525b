package sqlite

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
)

// Most questions need not know the ids of events but only which rows begin one,
// a bit a row in the stead of a code. So a part whose events' rows are
// neighbours holds those bits beside the ids (columnFirsts), after the least
// and the greatest code: parts that share no id cannot share an event, and then
// the bits of merged parts follow from theirs. Parts that were written before
// there was such a column have their bits found from the ids.

// ties are the bits of some rows, a word more than they need, and between which
// codes their ids lie; low is above high where there are none.
type ties struct {
	firsts    []uint64
	low, high uint32
}

// tiesOf finds the bits from ids; rows of an event are neighbours. starts are
// the customers' first rows.
func tiesOf(ids, starts []uint32) ties {
	t := ties{firstsOf(ids, starts), math.MaxUint32, 0}
	for _, id := range ids {
		if id != 0 {
			t.low, t.high = min(t.low, id), max(t.high, id)
		}
	}
	return t
}

// column is how ties lie in the file.
func (t ties) column(rows int) *column.Column {
	words := make([]int64, 2, 2+(rows+63)/64)
	words[0], words[1] = int64(t.low), int64(t.high)
	for _, w := range t.firsts[:(rows+63)/64] {
		words = append(words, int64(w))
	}
	return &column.Column{Kind: column.Time, Ints: words}
}

// ties reads the bits of a part; ok is false where it has none.
func (l loader) ties(ctx context.Context, p *part) (t ties, ok bool, err error) {
	words := (p.rows + 63) / 64
	t = ties{make([]uint64, words, words+2), math.MaxUint32, 0}
	last := uint64(1)<<(p.rows&63) - 1
	if p.rows&63 == 0 {
		last = math.MaxUint64
	}
	if !p.has(columnIDs) {
		for i := range t.firsts {
			t.firsts[i] = math.MaxUint64
		}
	} else {
		if p.scattered || !p.has(columnFirsts) || p.rows == 0 {
			return t, false, nil
		}
		ints := make([]int64, 2+words)
		if err := l.eachChunk(ctx, p, columnFirsts, len(ints), func(from, to int, data []byte) error {
			return chunk.Ints(ints[from:to], data)
		}); err != nil {
			return t, false, err
		}
		for i, w := range ints[2:] {
			t.firsts[i] = uint64(w)
		}
		t.low, t.high = uint32(ints[0]), uint32(ints[1])
		if ints[0] < 0 || ints[1] < 0 || ints[0] > math.MaxUint32 || ints[1] > math.MaxUint32 || t.firsts[0]&1 == 0 || t.firsts[words-1]&^last != 0 {
			return t, false, fmt.Errorf("part %d, column %d: %w: no bits of %d rows", p.id, columnFirsts, chunk.ErrDamaged, p.rows)
		}
	}
	if words > 0 {
		t.firsts[words-1] &= last
	}
	t.firsts = t.firsts[:p.rows/64+2]
	return t, true, nil
}

// joinTies gives the bits of parts that are merged by runs; ok is false where
// an event may have rows in several of them, or others' rows come between its
// own.
func joinTies(parts []ties, runs []run) (t ties, ok bool) {
	t = ties{nil, math.MaxUint32, 0}
	if len(parts) == 1 && len(runs) <= 1 {
		return parts[0], true
	}
	byCode := slices.DeleteFunc(slices.Clone(parts), func(p ties) bool { return p.low > p.high })
	slices.SortFunc(byCode, func(a, b ties) int { return int(int64(a.low) - int64(b.low)) })
	for i, p := range byCode {
		if i > 0 && p.low <= byCode[i-1].high {
			return t, false
		}
		t.low, t.high = min(t.low, p.low), max(t.high, p.high)
	}
	rows := 0
	for _, r := range runs {
		if parts[r.part].firsts[r.from>>6]>>(r.from&63)&1 == 0 {
			return t, false
		}
		rows += int(r.to - r.from)
	}
	t.firsts = make([]uint64, rows/64+2)
	at := 0
	for _, r := range runs {
		copyBits(t.firsts, at, parts[r.part].firsts, int(r.from), int(r.to-r.from))
		at += int(r.to - r.from)
	}
	return t, true
}

// copyBits puts n bits from bit from of src at bit at of dst, where the bits
// are 0. Both have a word to spare.
func copyBits(dst []uint64, at int, src []uint64, from, n int) {
	for n > 0 {
		// As many as go into dst's word.
		take := min(n, 64-at&63)
		word := src[from>>6] >> (from & 63)
		if from&63 != 0 && from>>6+1 < len(src) {
			word |= src[from>>6+1] << (64 - from&63)
		}
		if take < 64 {
			word &= 1<<take - 1
		}
		dst[at>>6] |= word << (at & 63)
		at, from, n = at+take, from+take, n-take
	}
}

// tie finds which rows of an arrangement begin an event, and whether the rows
// of events are neighbours; it reads ids only where it must, and keeps them.
// kept are the rows of each part that count, nil for all.
func (l loader) tie(ctx context.Context, a *arrangement, of series, merged []run, kept [][]uint32) error {
	all := !slices.ContainsFunc(kept, func(k []uint32) bool { return k != nil })
	if l.packs && all && len(a.who) > 0 {
		parts := make([]ties, len(a.parts))
		ok := true
		for i, p := range a.parts {
			var err error
			if parts[i], ok, err = l.ties(ctx, p); err != nil {
				return err
			}
			if !ok {
				break
			}
		}
		if ok {
			if t, ok := joinTies(parts, merged); ok {
				a.ties, a.tied = t, true
				return nil
			}
		}
	}
	a.tied = true
	var err error
	if a.ids, err = l.ids(ctx, a, of); err != nil {
		return err
	}
	if len(a.parts) == 1 && all {
		a.scattered = a.parts[0].scattered
	} else {
		a.scattered = scattered(a.who, a.starts, a.ids, l.cat.words[dictKey{Event: of.Event}])
	}
	if !a.scattered {
		a.ties = tiesOf(a.ids, a.starts[:len(a.who)])
	}
	return nil
}

// ids reads the event ids in the order of an arrangement.
func (l loader) ids(ctx context.Context, a *arrangement, of series) ([]uint32, error) {
	ids := make([][]uint32, len(a.parts))
	for i, p := range a.parts {
		var err error
		if ids[i], err = l.readCodes(ctx, p, columnIDs, p.rows, l.bound(p, dictKey{Event: of.Event})); err != nil {
			return nil, err
		}
	}
	return gather(ids, a.runs), nil
}
