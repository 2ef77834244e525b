package probe

import (
	"context"
	"maps"
	"math/big"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// mostFits bounds the rows made up to find one that passes a filter.
const mostFits = 4096

// fit makes up a row that passes a filter, with one of the given values in the
// given property, the first that does; other properties are unset unless the
// filter looks at them. ok is false where none was found.
func (x *examination) fit(ctx context.Context, r *reading, given []cell) (props map[string]cell, ok bool) {
	event, _ := x.schema.Event(r.event)
	filter, err := segment.CompileFilterAt(ctx, r.where, event, x.alone, x.at)
	if err != nil {
		return nil, false
	}
	if x.asksTime(r.where, event) {
		return nil, false // when it would have to happen is not looked for
	}
	names := filter.Props()
	choices := make([][]cell, 0, len(names)+1)
	ask := make([]string, 0, len(names)+1)
	rows := 1
	add := func(name string, cells []cell) {
		for rows*len(cells) > mostFits && len(cells) > 1 {
			cells = cells[:len(cells)-1]
		}
		ask, choices, rows = append(ask, name), append(choices, cells), rows*len(cells)
	}
	if r.property != "" && len(given) > 0 {
		add(r.property, given)
	}
	for _, name := range names {
		if name == r.property && len(given) > 0 {
			continue
		}
		literals, texts := named(r.where, isName(name))
		cells, _ := x.cellsFor(fieldRef(r.event, name), literals, texts)
		add(name, cells)
	}
	// One row for each combination; the first property varies slowest.
	t := &column.Table{Event: r.event, Times: make([]int64, rows), Props: map[string]*column.Column{}}
	every := rows
	for k, name := range ask {
		f, _ := event.Prop(name)
		b := newColumn(f.Kind, x.dicts[fieldRef(r.event, name)], rows)
		every /= len(choices[k])
		for i := range rows {
			b.append(choices[k][i/every%len(choices[k])])
		}
		t.Props[name] = b.Column
	}
	pass := filter.Bind(t)
	for i := range rows {
		if pass(i) {
			props = map[string]cell{}
			for _, name := range ask {
				props[name] = cellAt(t.Props[name], i)
			}
			return props, true
		}
	}
	return nil, false
}

// asksTime tells whether a filter asks for a part of the row's time.
func (x *examination) asksTime(where syntax.Formula, event segment.Event) bool {
	found := false
	syntax.Walk(where, func(n syntax.Node) bool {
		if name, ok := n.(*syntax.Name); ok {
			_, own := event.Prop(name.Name)
			found = found || !own && segment.IsTimePart(name.Name)
		}
		return !found
	})
	return found
}

// adding are edits that add one event like this at each moment in the window,
// n of them at once.
func (x *examination) adding(ctx context.Context, r *reading, given []cell, n int, at []int64) []Edit {
	props, ok := x.fit(ctx, r, given)
	if !ok || n < 1 || n > mostAdded {
		return nil
	}
	if at == nil {
		at = x.moments(r.span, r.times())
	}
	var edits []Edit
	for _, t := range at {
		times := make([]int64, n)
		for i := range times {
			times[i] = t
		}
		edits = append(edits, x.add(r.event, props, times...))
	}
	return edits
}

// rich are one event more that the other conditions on the event have a say in
// too: with values of the properties that they look at.
func (x *examination) rich(ctx context.Context, r *reading) []Edit {
	base, ok := x.fit(ctx, r, nil)
	at := x.moments(r.span, r.times())
	if !ok || len(at) == 0 {
		return nil
	}
	var edits []Edit
	add := func(o *reading, given []cell) {
		more, ok := x.fit(ctx, o, given)
		if !ok || len(more) == 0 || len(edits) >= mostRich {
			return
		}
		props := maps.Clone(more)
		maps.Copy(props, base)
		for _, t := range []int64{at[0], at[len(at)-1]} {
			edits = append(edits, x.add(r.event, props, t))
		}
	}
	for _, l := range x.leaves {
		for _, call := range callsOf(l.formula) {
			if call.Event != r.event || call.String() == r.of {
				continue
			}
			o := &reading{event: call.Event, property: call.Property, where: call.Where}
			if call.Property == "" {
				add(o, nil)
				continue
			}
			literals, texts := named(l.formula, func(v syntax.Value) bool { return syntax.Equal(v, call) })
			cells, _ := x.cellsFor(fieldRef(call.Event, call.Property), literals, texts)
			if f, ok := l.formula.(*syntax.Rank); ok && syntax.Equal(f.By, call) {
				if at := x.placeOf(f); at.last != nil {
					if v, ok := x.ofRat(x.kindOf(call), at.last); ok {
						cells = append([]cell{v}, cells...)
					}
				}
			}
			for _, v := range cells[:min(len(cells), 3)] {
				if v.set {
					add(o, []cell{v})
				}
			}
		}
	}
	return edits
}

// mostRich bounds the events that answer to several conditions.
const mostRich = 16

// mostAdded is how many events a change may add.
const mostAdded = 10_000

// times are when the rows that count are.
func (r *reading) times() []int64 {
	var all []int64
	for k := len(r.rows) - 1; k >= 0 && len(all) < 4; k-- {
		all = append(all, r.table.Times[r.rows[k]])
	}
	if len(r.rows) > 0 {
		all = append(all, r.table.Times[r.rows[0]])
	}
	return all
}

// total adds up what is set of the property over the rows that count.
func (x *examination) total(r *reading) (sum *big.Rat, n int) {
	sum = new(big.Rat)
	if r.table == nil || r.table.Props[r.property] == nil {
		return sum, 0
	}
	c := r.table.Props[r.property]
	for _, i := range r.rows {
		if v := x.rat(c.Kind, cellAt(c, i)); v != nil {
			sum.Add(sum, v)
			n++
		}
	}
	return sum, n
}

// current is what a function of the customer's rows is now.
func (x *examination) current(ctx context.Context, v syntax.Value) (*segment.Values, error) {
	plan, err := segment.CompileValue(ctx, v, x.alone, x.at)
	if err != nil {
		return nil, err
	}
	return plan.Run(ctx)
}

// reclassed are events that count with a property that keeps them from it, and
// others with one that makes them count: each of the latest ones, and all that
// count.
func (x *examination) reclassed(ctx context.Context, r *reading, groups []group) []Edit {
	if r.where == nil || r.table == nil {
		return nil
	}
	event, _ := x.schema.Event(r.event)
	filter, err := segment.CompileFilterAt(ctx, r.where, event, x.alone, x.at)
	if err != nil {
		return nil
	}
	counted := map[int]bool{}
	for _, i := range r.rows {
		counted[i] = true
	}
	var edits []Edit
	for _, name := range filter.Props() {
		literals, texts := named(r.where, isName(name))
		cells, _ := x.cellsFor(fieldRef(r.event, name), literals, texts)
		c := r.table.Props[name]
		if c == nil {
			continue
		}
		// The first value with which a row comes out the other way.
		other := func(rows []int, pass bool) (cell, bool) {
			for _, v := range cells {
				t := *r.table
				t.Props = map[string]*column.Column{}
				for p, col := range r.table.Props {
					t.Props[p] = col
				}
				t.Props[name] = c
				for _, i := range rows {
					t.Props[name] = withValue(t.Props[name], i, v)
				}
				is, all := filter.Bind(&t), true
				for _, i := range rows {
					all = all && is(i) == pass
				}
				if all {
					return v, true
				}
			}
			return cell{}, false
		}
		change := func(rows []int, pass bool) {
			if v, ok := other(rows, pass); ok {
				edits = append(edits, x.setOf(r, name, rows, v))
			}
		}
		for k := len(groups) - 1; k >= max(0, len(groups)-3); k-- {
			change(groups[k].rows, false)
		}
		if len(groups) > 1 && len(r.rows) <= 50 {
			change(r.rows, false)
		}
		tried := 0
		for i := r.table.Len() - 1; i >= 0 && tried < 3; i-- {
			if !counted[i] && r.span.Has(r.table.Times[i]) {
				change([]int{i}, true)
				tried++
			}
		}
	}
	return edits
}
