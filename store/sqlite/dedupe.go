package sqlite

import (
	"context"
	"math"
	"slices"
	"sort"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// before is what an event's old parts hold, for telling which new rows are
// there already. Each old row is met by one new row only, over all calls of a
// batch: a file with three equal lines where one was stored adds two.
type before struct {
	parts []*oldPart
}

type oldPart struct {
	*part
	*source          // nil until a new row falls in the part's time
	met     []uint64 // bit per row
	props   []*column.Column
	ids     []uint32
	known   []segment.FieldRef // of props
}

// dedupe leaves out the rows that were in the workspace before the batch.
func (b *batch) dedupe(ctx context.Context, name string, rows *sortedRows) (added store.Added, err error) {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for _, at := range rows.times {
		first, last = min(first, at), max(last, at)
	}
	var old []*oldPart
	if !b.surelyNew(name, rows) {
		if old, err = b.oldParts(ctx, name, first, last); err != nil {
			return store.Added{}, err
		}
	}
	m := &matcher{rows: rows.Rows, fields: newFields(b, name, rows.Rows)}
	order, who, times := rows.order, rows.who, rows.times
	kept := 0 // rows up to here are to be stored
	for from, to := 0, 0; from < len(order); from = to {
		if from&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return store.Added{}, err
			}
		}
		to = from + 1
		for to < len(order) && who[to] == who[from] && times[to] == times[from] {
			to++
		}
		if len(old) > 0 {
			if err := b.meet(ctx, m, old, who[from], times[from]); err != nil {
				return store.Added{}, err
			}
		}
		if to-from == 1 && len(m.there) == 0 {
			order[kept], who[kept], times[kept] = order[from], who[from], times[from]
			kept++
			added.New++
			continue
		}
		group := order[from:to]
		present, identical := m.match(group)
		for i := range group {
			if !m.drop[i] {
				order[kept], who[kept], times[kept] = order[from+i], who[from], times[from]
				kept++
			}
		}
		added.New += len(group) - present
		added.Present += present
		added.Identical += identical
	}
	rows.order, rows.who, rows.times = order[:kept], who[:kept], times[:kept]
	return added, nil
}

// meet gathers the old rows of a customer at a time that no new row has met.
func (b *batch) meet(ctx context.Context, m *matcher, old []*oldPart, who uint32, at int64) error {
	m.there = m.there[:0]
	for _, p := range old {
		low, high := p.find(who, at)
		if low == high {
			continue
		}
		if err := b.readOld(ctx, p, m.fields); err != nil {
			return err
		}
		for row := low; row < high; row++ {
			if p.met[row/64]&(1<<(row%64)) == 0 {
				m.there = append(m.there, oldRow{p, row})
			}
		}
	}
	return nil
}

// surelyNew tells, where a question has the event's rows in memory anyway, that
// none is of a customer and time of these few new ones.
func (b *batch) surelyNew(name string, rows *sortedRows) bool {
	of := series{Event: name}
	held, ok := b.w.cache.get(cacheKey{cachedFrame, of}, state{latest: b.cat.latest[of]})
	if !ok {
		return false
	}
	a := held.(*arrangement)
	if 16*len(rows.who) > int(a.starts[len(a.who)]) {
		return false
	}
	p := oldPart{source: &source{who: a.who, starts: a.starts, times: a.times, clock: a.clock}}
	for i, who := range rows.who {
		if from, to := p.find(who, rows.times[i]); from < to {
			return false
		}
	}
	return true
}

// oldParts lists the event's parts from before the batch in which rows of
// these times may lie.
func (b *batch) oldParts(ctx context.Context, name string, first, last int64) ([]*oldPart, error) {
	held := b.before[name]
	if held == nil {
		held = &before{}
		parts, err := partsOf(ctx, b.t.conn, series{Event: name}, b.was)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			held.parts = append(held.parts, &oldPart{part: p})
		}
		b.before[name] = held
	}
	var out []*oldPart
	for _, p := range held.parts {
		if p.first > last || p.last < first {
			continue
		}
		if p.source == nil {
			s, err := loader{tx: b.t.conn, cat: b.cat}.source(ctx, p.part, true)
			if err != nil {
				return nil, err
			}
			p.source, p.met = s, make([]uint64, (p.rows+63)/64)
		}
		p.at = 0
		out = append(out, p)
	}
	return out, nil
}

// find gives the part's rows of a customer at a time. Customers are asked for
// in ascending order.
func (p *oldPart) find(who uint32, at int64) (from, to uint32) {
	if p.source.at < len(p.who) && p.who[p.source.at] < who {
		p.source.at += gallop(p.who[p.source.at:], who)
	}
	i := p.source.at
	if i == len(p.who) || p.who[i] != who {
		return 0, 0
	}
	start, n := p.starts[i], int(p.starts[i+1]-p.starts[i])
	low := sort.Search(n, func(k int) bool { return p.moment(start+uint32(k)) >= at })
	high := low
	for high < n && p.moment(start+uint32(high)) == at {
		high++
	}
	return start + uint32(low), start + uint32(high)
}

// moment is the time of a row.
func (s *source) moment(row uint32) int64 {
	if s.clock != nil {
		return s.clock.At(int(row))
	}
	return s.times[row]
}

// readOld brings all of a part's columns, once: few parts have a row at the
// very time of a new one of the same customer, but then all of the row counts.
func (b *batch) readOld(ctx context.Context, p *oldPart, fields []newField) error {
	if p.ids == nil {
		l := loader{tx: b.t.conn, cat: b.cat}
		var err error
		if p.ids, err = l.readCodes(ctx, p.part, columnIDs, p.rows, l.bound(p.part, dictKey{Event: p.of.Event})); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if slices.Contains(p.known, f.ref) {
			continue
		}
		l := loader{tx: b.t.conn, cat: b.cat}
		c, err := l.readColumn(ctx, p.part, b.cat.fields[f.ref], l.bound(p.part, f.ref))
		if err != nil {
			return err
		}
		p.known, p.props = append(p.known, f.ref), append(p.props, c)
	}
	return nil
}
