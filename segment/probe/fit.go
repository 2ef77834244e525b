package probe

import (
	"context"
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
