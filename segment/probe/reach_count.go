package probe

import (
	"context"
	"slices"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// moreDistinct adds events with so many values that are not there yet.
func (x *examination) moreDistinct(ctx context.Context, r *reading, n int) []Edit {
	ref := fieldRef(r.event, r.property)
	f, _ := fieldOf(x.schema, ref)
	var c *column.Column
	if r.table != nil {
		c = r.table.Props[r.property]
	}
	have := map[any]bool{}
	for _, i := range r.rows {
		v := cellAt(c, i)
		have[x.cell(f.Kind, x.dicts[ref], v)] = true
		for _, code := range v.tags {
			have[code] = true
		}
	}
	var given []cell
	d := x.dicts[ref]
	for k := 1; k <= 50_000 && len(given) < 64; k++ {
		v := cell{set: true, whole: int64(k), float: float64(k), code: uint32(k)}
		switch f.Kind {
		case column.Text, column.Tags:
			if k > d.Len() {
				k = 50_000
				continue
			}
			if f.Kind == column.Tags {
				v.tags = []uint32{uint32(k)}
				if have[uint32(k)] {
					continue
				}
			}
		case column.Bool:
			v.whole = int64(k % 2)
		case column.Time:
			v.whole = x.at.UnixMicro() - int64(k)
		}
		if key := x.cell(f.Kind, d, v); !have[key] {
			have[key] = true
			given = append(given, v)
		}
	}
	// As many of them as pass the filter.
	var rows []map[string]cell
	for _, v := range given {
		if props, ok := x.fit(ctx, r, []cell{v}); ok {
			rows = append(rows, props)
		}
		if len(rows) == n {
			break
		}
	}
	if len(rows) < n {
		return nil
	}
	var edits []Edit
	for _, t := range x.moments(r.span, r.times()) {
		first := x.add(r.event, rows[0], t)
		first.N = n
		first.do = func(p *person) {
			for _, props := range rows {
				x.add(r.event, props, t).do(p)
			}
		}
		edits = append(edits, first)
	}
	return edits
}

// lessDistinct gives the rows of the rarest values the commonest value instead,
// for so many values.
func (x *examination) lessDistinct(r *reading, n int) []Edit {
	if r.table == nil || r.table.Props[r.property] == nil {
		return nil
	}
	c := r.table.Props[r.property]
	var values []cell
	rows := map[any][]int{}
	key := func(v cell) any { return x.cell(c.Kind, c.Dict, v) }
	for _, i := range r.rows {
		if v := cellAt(c, i); v.set {
			if rows[key(v)] == nil {
				values = append(values, v)
			}
			rows[key(v)] = append(rows[key(v)], i)
		}
	}
	slices.SortStableFunc(values, func(a, b cell) int { return len(rows[key(a)]) - len(rows[key(b)]) })
	if n >= len(values) {
		return nil
	}
	var given []int
	for _, v := range values[:n] {
		given = append(given, rows[key(v)]...)
	}
	slices.Sort(given)
	return []Edit{x.set(r, given, values[len(values)-1])}
}

// mostDaysBack bounds the search for days without events.
const mostDaysBack = 4000

// unit is the local day, ISO week or calendar month of an instant.
func (x *examination) unit(fn syntax.Fn, t int64) int64 {
	l := time.UnixMicro(t).In(x.schema.Zone)
	switch fn {
	case syntax.ActiveWeeks:
		y, w := l.ISOWeek()
		return int64(y*100 + w)
	case syntax.ActiveMonths:
		return int64(l.Year()*100) + int64(l.Month())
	}
	return dayOf(l)
}

// moreActive adds events in so many days, weeks or months that have none, the
// latest of them.
func (x *examination) moreActive(ctx context.Context, r *reading, n int) []Edit {
	props, ok := x.fit(ctx, r, nil)
	if !ok {
		return nil
	}
	have := map[int64]bool{}
	for _, i := range r.rows {
		have[x.unit(r.fn, r.table.Times[i])] = true
	}
	var at []int64
	end := min(r.span.To, x.at.UnixMicro()) - 1
	for back := 0; back < mostDaysBack && len(at) < n; back++ {
		t := end
		if back > 0 {
			t = x.midnight(time.UnixMicro(end), 1-back).UnixMicro() - 1
		}
		if !r.span.Has(t) {
			break
		}
		if u := x.unit(r.fn, t); !have[u] {
			have[u] = true
			at = append(at, t)
		}
	}
	if len(at) < n {
		return nil
	}
	edits := []Edit{x.add(r.event, props, at...)}
	if n == 1 {
		// One of those that are there might have been then.
		groups := r.groups()
		for k := len(groups) - 1; k >= max(0, len(groups)-3); k-- {
			edits = append(edits, x.move(r, groups[k:k+1], at[0]))
		}
	}
	return edits
}

// lessActive takes away all events of so many days, weeks or months, of the
// latest or of the first.
func (x *examination) lessActive(r *reading, groups []group, n int) []Edit {
	from := func(order []group) []Edit {
		gone := map[int64]bool{}
		var taken []group
		for _, g := range order {
			in := false
			for _, i := range g.rows {
				u := x.unit(r.fn, r.table.Times[i])
				if len(gone) < n {
					gone[u] = true
				}
				in = in || gone[u]
			}
			if in {
				taken = append(taken, g)
			}
		}
		edits := []Edit{x.remove(r, taken)}
		if len(taken) < len(order) {
			// They might have been when others were.
			other := order[len(order)-1].rows[0]
			edits = append(edits, x.move(r, taken, r.table.Times[other]), x.move(r, taken, r.table.Times[other]+1))
		}
		return edits
	}
	if len(groups) == 0 {
		return nil
	}
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	return append(from(latest), from(groups)...)
}
