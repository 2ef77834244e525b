package probe

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// rest is everybody else's data, with room at the end for one customer more,
// who can so be put there as supposed again and again at the cost of his own
// rows. Everybody after him comes one number earlier; who is whose number
// changes nothing in what is computed.
type rest struct {
	source segment.Source
	who    int
	traits map[string]*column.Column
	tables map[string]*column.Table
	ids    *column.Dict
}

func newRest(src segment.Source, who int) *rest {
	return &rest{source: src, who: who, traits: map[string]*column.Column{}, tables: map[string]*column.Table{}}
}

// with is what is needed of everybody, the customer as supposed and the last.
func (r *rest) with(ctx context.Context, need segment.Need, p *person) (*column.World, error) {
	all, err := r.source.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	out := &column.World{Customers: all.Customers, Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}}
	for _, name := range need.Traits {
		c := all.Traits[name]
		v, changed := p.traits[name]
		if !changed {
			v = cellAt(c, r.who)
		}
		if c == nil && !v.set {
			continue
		}
		if c == nil {
			f, _ := fieldOf(r.source.Schema(), fieldRef("", name))
			d, err := dictOf(ctx, r.source, fieldRef("", name), f.Kind)
			if err != nil {
				return nil, err
			}
			c = newColumn(f.Kind, d, 0).Column
		}
		if r.traits[name] == nil {
			r.traits[name] = without(c, r.who, min(r.who+1, c.Len()), all.Customers-1)
		}
		r.traits[name], out.Traits[name] = ending(r.traits[name], all.Customers-1, []cell{v})
	}
	for event, props := range need.Events {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if out.Tables[event], err = r.table(ctx, all.Tables[event], event, props, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// table is an event's rows, the customer's at the end.
func (r *rest) table(ctx context.Context, t *column.Table, event string, props []string, p *person) (*column.Table, error) {
	if t == nil {
		t = &column.Table{Event: event, Props: map[string]*column.Column{}}
	}
	rows, touched := p.rows[event]
	if !touched {
		rows = stored(t, r.who)
	}
	_, from, to, _ := span(t, r.who)
	base := r.tables[event]
	if base == nil {
		base = r.others(t)
		r.tables[event] = base
	}
	n := base.Len()
	out := &column.Table{Event: event, Who: base.Who, Starts: base.Starts, IDDict: t.IDDict, Scattered: t.Scattered, Props: map[string]*column.Column{}}
	last := uint32(r.source.Schema().Customers - 1)
	if len(rows) > 0 {
		out.Who = append(base.Who[:len(base.Who):cap(base.Who)], last)
		out.Starts = append(base.Starts[:len(base.Starts):cap(base.Starts)], uint32(n+len(rows)))
		base.Who, base.Starts = out.Who[:len(base.Who)], out.Starts[:len(base.Starts)] // with the room, should it be new
	}
	times := make([]cell, len(rows))
	for i, row := range rows {
		times[i] = cell{set: true, whole: row.time}
	}
	clock := &column.Column{Kind: column.Time, Packed: base.Clock, Ints: base.Times}
	kept, with := ending(clock, n, times)
	base.Clock, base.Times = kept.Packed, kept.Ints
	out.Clock, out.Times = with.Packed, with.Ints
	if t.IDs != nil {
		out.IDs = base.IDs[:n]
		seen := map[uint32]int{}
		for i, row := range rows {
			out.IDs = append(out.IDs, row.id)
			if k, again := seen[row.id]; again && row.id != 0 && k != i-1 {
				out.Scattered = true // moved away from the others of its event
			}
			seen[row.id] = i
		}
		base.IDs = out.IDs[:n]
		if base.Firsts != nil && !out.Scattered {
			out.Firsts = base.Firsts[:(n+63)/64]
			if n%64 != 0 {
				out.Firsts[n/64] &= 1<<(n%64) - 1
			}
			for len(out.Firsts) < (n+len(rows))/64+2 {
				out.Firsts = append(out.Firsts, 0)
			}
			base.Firsts = out.Firsts[:(n+63)/64]
			if len(rows) > 0 {
				own := &column.Table{Who: []uint32{0}, Starts: []uint32{uint32(n), uint32(n + len(rows))}, IDs: out.IDs}
				own.FindFirsts(0, 1, out.Firsts[n/64:])
			}
		}
	}
	for _, name := range props {
		c := t.Props[name]
		if c == nil {
			f, _ := fieldOf(r.source.Schema(), fieldRef(event, name))
			d, err := dictOf(ctx, r.source, fieldRef(event, name), f.Kind)
			if err != nil {
				return nil, err
			}
			c = newColumn(f.Kind, d, 0).Column
		}
		cells := make([]cell, len(rows))
		for i, row := range rows {
			v, changed := row.props[name]
			if !changed && row.from >= 0 {
				v = cellAt(c, from+row.from)
			}
			cells[i] = v
		}
		if base.Props[name] == nil {
			base.Props[name] = without(c, from, to, n)
		}
		base.Props[name], out.Props[name] = ending(base.Props[name], n, cells)
	}
	return out, nil
}

// others is a table without the customer's rows and without properties, those
// after him a number earlier.
func (r *rest) others(t *column.Table) *column.Table {
	k, from, to, had := span(t, r.who)
	base := &column.Table{Event: t.Event, Props: map[string]*column.Column{}}
	next := k
	if had {
		next++
	}
	base.Who = append(make([]uint32, 0, len(t.Who)+1), t.Who[:k]...)
	base.Starts = append(make([]uint32, 0, len(t.Starts)+1), t.Starts[:k]...)
	for _, who := range t.Who[next:] {
		base.Who = append(base.Who, who-1)
	}
	for _, start := range t.Starts[min(next, len(t.Starts)):] {
		base.Starts = append(base.Starts, start-uint32(to-from))
	}
	if len(base.Starts) == 0 {
		base.Starts = append(base.Starts, 0)
	}
	clock := without(&column.Column{Kind: column.Time, Packed: t.Clock, Ints: t.Times}, from, to, t.Len()-(to-from))
	base.Clock, base.Times = clock.Packed, clock.Ints
	if t.IDs != nil {
		base.IDs = append(append(make([]uint32, 0, len(t.IDs)+64), t.IDs[:from]...), t.IDs[to:]...)
		if t.Firsts != nil && !t.Scattered {
			base.Firsts = make([]uint64, len(base.IDs)/64+2, len(base.IDs)/64+8)
			base.FindFirsts(0, len(base.Who), base.Firsts)
		}
	}
	return base
}

// without is a column without the values [from, to), n of them, with room for
// more; where there are fewer the others are unset.
func without(c *column.Column, from, to, n int) *column.Column {
	const room = 64
	if c.Packed == nil {
		b := newColumn(c.Kind, c.Dict, n+room)
		b.appendRange(c, 0, min(from, c.Len()))
		b.appendRange(c, min(to, c.Len()), c.Len())
		for b.Len() < n {
			b.append(cell{})
		}
		return b.Column
	}
	out, p := *c, *c.Packed
	switch from, to = min(from, p.Len()), min(to, p.Len()); {
	case p.U8 != nil:
		p.U8 = cutOut(p.U8, from, to, n)
	case p.U16 != nil:
		p.U16 = cutOut(p.U16, from, to, n)
	default:
		p.U32 = cutOut(p.U32, from, to, n)
	}
	out.Packed = &p
	return &out
}

func cutOut[T uint8 | uint16 | uint32](xs []T, from, to, n int) []T {
	const room = 64
	out := make([]T, n, n+room)
	copy(out[copy(out, xs[:from]):], xs[to:])
	return out
}

// ending is the first n values of a column and then some others, kept the
// column to do it with the next time: with more room, or unpacked where a value
// has no packed form.
func ending(c *column.Column, n int, cells []cell) (kept, with *column.Column) {
	if c.Packed != nil {
		if with := packedEnding(c, n, cells); with != nil {
			kept := *with
			p := *with.Packed
			kept.Packed = &p
			p.U8, p.U16, p.U32 = cut(p.U8, n), cut(p.U16, n), cut(p.U32, n)
			p.Least, p.Most = c.Packed.Least, c.Packed.Most
			return &kept, with
		}
		c = without(&column.Column{Kind: c.Kind, Packed: c.Packed, Scale: c.Scale, Dict: c.Dict}, n, n, n)
		b := newColumn(c.Kind, c.Dict, n+64)
		b.appendRange(c, 0, n)
		c = b.Column
	}
	plain := *c
	b := builder{&plain}
	for _, v := range cells {
		b.append(v)
	}
	short := plain
	short.Codes, short.Ints, short.Floats = cut(plain.Codes, n), cut(plain.Ints, n), cut(plain.Floats, n)
	if c.Kind == column.Tags {
		short.TagStarts = plain.TagStarts[:n+1]
		short.TagCodes = plain.TagCodes[:plain.TagStarts[n]]
	}
	return &short, &plain
}

func cut[T any](xs []T, n int) []T { return xs[:min(n, len(xs))] }

// packedEnding is ending in packed form; nil where a value has none.
func packedEnding(c *column.Column, n int, cells []cell) *column.Column {
	out, p := *c, *c.Packed
	for _, v := range cells {
		x, ok := packedX(c, v)
		if !ok {
			return nil
		}
		switch {
		case p.U8 != nil:
			p.U8 = append(p.U8, uint8(x))
		case p.U16 != nil:
			p.U16 = append(p.U16, uint16(x))
		default:
			p.U32 = append(p.U32, x)
		}
		if x != 0 {
			p.Least, p.Most = min(p.Least, x), max(p.Most, x)
		}
	}
	out.Packed = &p
	return &out
}

// packedX is what stands for a value in a packed column; ok is false where
// nothing does.
func packedX(c *column.Column, v cell) (x uint32, ok bool) {
	if !v.set {
		return 0, true
	}
	p, whole := c.Packed, v.whole
	switch c.Kind {
	case column.Text:
		return v.code, p.Fits(v.code)
	case column.Number:
		if whole = int64(v.float * c.Scale); float64(whole)/c.Scale != v.float || whole == 0 && v.float != 0 {
			return 0, false
		}
	}
	if whole <= p.Base || p.Step <= 0 {
		return 0, false
	}
	steps, left := (uint64(whole)-uint64(p.Base))/uint64(p.Step), (uint64(whole)-uint64(p.Base))%uint64(p.Step)
	if left != 0 || steps > 1<<32-1 || !p.Fits(uint32(steps)) {
		return 0, false
	}
	return uint32(steps), true
}

// customerIDs are the ids in the order of with.
func (r *rest) customerIDs(ctx context.Context) (*column.Dict, error) {
	if r.ids != nil {
		return r.ids, nil
	}
	d, err := r.source.CustomerIDs(ctx)
	if err != nil || d == nil {
		return d, err
	}
	var words []string
	for code := range d.Len() {
		if code != r.who {
			words = append(words, d.Word(uint32(code+1)))
		}
	}
	r.ids = column.NewDict(slices.Clip(append(words, d.Word(uint32(r.who+1)))))
	return r.ids, nil
}
