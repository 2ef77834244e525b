package probe

import (
	"context"
	"math/big"
	"slices"
	"time"

	"tesela/segment"
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
	return []Edit{x.add(r.event, props, at...)}
}

// lessActive takes away all events of so many days, weeks or months, of the
// latest or of the first.
func (x *examination) lessActive(r *reading, groups []group, n int) []Edit {
	from := func(order []group) Edit {
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
		return x.remove(r, taken)
	}
	if len(groups) == 0 {
		return nil
	}
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	return []Edit{from(latest), from(groups)}
}

// mostSteps is how many steps of a sequence are put in in all combinations.
const mostSteps = 6

// ofSequence puts in steps that lack, or takes events of a step away.
func (x *examination) ofSequence(ctx context.Context, q *syntax.Sequence, want bool) ([]Edit, error) {
	var done, hindering []*reading
	for _, step := range q.Steps {
		w := q.Window
		if step.Not {
			w = nil
		}
		r, err := x.readStep(ctx, step, w)
		if err != nil {
			return nil, err
		}
		if step.Not {
			hindering = append(hindering, r)
		} else {
			done = append(done, r)
		}
	}
	var edits []Edit
	if !want {
		for _, r := range done {
			edits = append(edits, x.fewer(r, r.groups(), 3)...)
		}
		for _, r := range hindering {
			more := x.adding(ctx, r, nil, 1, x.around(done, r.span))
			edits = append(edits, more...)
		}
		return edits, ctx.Err()
	}
	for _, r := range hindering {
		edits = append(edits, x.fewer(r, r.groups(), 2)...)
	}
	if len(done) > mostSteps {
		return edits, ctx.Err()
	}
	props := make([]map[string]cell, len(done))
	for i, r := range done {
		var ok bool
		if props[i], ok = x.fit(ctx, r, nil); !ok {
			return edits, ctx.Err()
		}
	}
	for size := 1; size <= len(done); size++ {
		for mask := range 1 << len(done) {
			if ones(mask) == size {
				edits = append(edits, x.insert(done, props, mask)...)
			}
		}
	}
	return edits, ctx.Err()
}

func ones(mask int) int {
	n := 0
	for ; mask > 0; mask &= mask - 1 {
		n++
	}
	return n
}

// around are instants next to the customer's events of some steps.
func (x *examination) around(done []*reading, within segment.Span) []int64 {
	var all []int64
	for _, r := range done {
		for _, t := range r.times() {
			all = append(all, t+1, t-1)
		}
	}
	return slices.DeleteFunc(all, func(t int64) bool { return !within.Has(t) })
}

// insert adds the steps of a mask next to each event of the other steps; with
// none left, all of them at the window's end.
func (x *examination) insert(done []*reading, props []map[string]cell, mask int) []Edit {
	type anchor struct {
		step int
		time int64
	}
	var anchors []anchor
	for i, r := range done {
		if mask&(1<<i) == 0 {
			for _, t := range r.times() {
				anchors = append(anchors, anchor{i, t})
			}
		}
	}
	if mask == 1<<len(done)-1 {
		anchors = []anchor{{len(done) - 1, min(done[0].span.To, x.at.UnixMicro()) - 1}}
	}
	var edits []Edit
	for _, a := range anchors {
		var parts []Edit
		ok := true
		for i, r := range done {
			t := a.time + int64(i-a.step)
			if mask&(1<<i) == 0 {
				continue
			}
			ok = ok && r.span.Has(t)
			parts = append(parts, x.add(r.event, props[i], t))
		}
		if !ok || len(parts) == 0 {
			continue
		}
		e := parts[0]
		e.And = parts[1:]
		e.do = func(p *person) {
			for _, part := range parts {
				part.do(p)
			}
		}
		edits = append(edits, e)
	}
	return edits
}

// ofRank brings the value ranked by to where the place of the others puts it
// in, or out.
func (x *examination) ofRank(ctx context.Context, f *syntax.Rank, want bool) ([]Edit, error) {
	call, isCall := f.By.(*syntax.Call)
	name, isName := f.By.(*syntax.Name)
	if !isCall && !isName {
		return nil, nil
	}
	plan, err := segment.CompileValue(ctx, f.By, x.src, x.at)
	if err != nil {
		return nil, err
	}
	if plan.Kind() != column.Number && plan.Kind() != column.Money {
		return nil, nil
	}
	all, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	among := segment.Everyone(all.N())
	if f.Among != nil {
		sets, err := evaluate(ctx, []syntax.Formula{f.Among}, x.src, x.at)
		if err != nil {
			return nil, err
		}
		among = sets[0]
	}
	last := lastPlace(f, all, among, x.who)
	if last == nil {
		return nil, nil
	}
	step := big.NewRat(1, 1)
	if plan.Kind() == column.Money {
		step = x.step(column.Money)
	}
	if f.Bottom {
		step = new(big.Rat).Neg(step)
	}
	targets := []*big.Rat{last}
	if !want {
		targets = []*big.Rat{new(big.Rat).Sub(last, step)}
	}
	if isName {
		var edits []Edit
		for _, to := range targets {
			if v, ok := x.ofRat(plan.Kind(), to); ok {
				edits = append(edits, x.trait(name.Name, v, false))
			}
		}
		return append(edits, x.trait(name.Name, cell{}, false)), nil
	}
	r, err := x.read(ctx, call)
	if err != nil {
		return nil, err
	}
	edits, err := x.toReach(ctx, r, all.Rat(x.who), targets)
	if err != nil {
		return nil, err
	}
	more, err := x.plain(ctx, r)
	return append(edits[:min(len(edits), 8)], more...), err
}

// lastPlace is the value that the customer needs at least (with bottom at most)
// to be among the best: that of the k-th of the others, with the customer
// counted among the ranked. Nil where any will do.
func lastPlace(f *syntax.Rank, all *segment.Values, among *segment.Set, who int) *big.Rat {
	var others []int
	among.Each(func(i int) {
		if i != who && all.IsSet(i) {
			others = append(others, i)
		}
	})
	k := f.N.Rat()
	if f.Percent {
		k = k.Mul(k, big.NewRat(int64(len(others)+1), 100))
	}
	// Rounded up: the floor of its negative, negated.
	up := new(big.Int).Div(new(big.Int).Neg(k.Num()), k.Denom())
	if !up.IsInt64() || -up.Int64() > int64(len(others)) {
		return nil
	}
	place := int(-up.Int64())
	slices.SortFunc(others, func(i, j int) int {
		if f.Bottom {
			return all.Compare(i, j)
		}
		return all.Compare(j, i)
	})
	return all.Rat(others[place-1])
}
