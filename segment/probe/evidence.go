package probe

import (
	"context"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Evidence are the customer's events that a function counts or a step of a
// sequence may be.
type Evidence struct {
	// Of is the function, or the step: "order where amount > 50".
	Of    string
	Event string
	// Events is how many there are, Rows how many of their rows count.
	Events, Rows int
	// Shown are the latest of them, latest first; for the first or the
	// earliest the first ones, for the least and the greatest those that have
	// it first.
	Shown []Occasion
}

// Occasion is one event.
type Occasion struct {
	Event string
	Time  time.Time // of its latest row that counts, in the workspace's zone
	ID    string    // its own id; "" without one
	Rows  int       // how many of its rows count
	// Properties are those that the condition looks at, by name in order, as
	// they are on that row.
	Properties []Property
}

// Property is a value on a row.
type Property struct {
	Name string
	Kind column.Kind
	Cell any // as tool results hold it; nil: unset
}

// reading is one function or step with the rows that it takes.
type reading struct {
	of       string
	fn       syntax.Fn
	event    string
	property string
	where    syntax.Formula
	span     segment.Span
	props    []string // the property and those of the filter, in order
	table    *column.Table
	rows     []int // that count, by place among the customer's, in order
	ids      *column.Dict
}

// read finds what a function counts of the customer.
func (x *examination) read(ctx context.Context, call *syntax.Call) (*reading, error) {
	r := &reading{of: call.String(), fn: call.Fn, event: call.Event, property: call.Property, where: call.Where}
	if call.Property != "" {
		r.props = []string{call.Property}
	}
	return r, x.fill(ctx, r, call.Window)
}

func (x *examination) fill(ctx context.Context, r *reading, w *syntax.Window) error {
	var err error
	if r.span, err = segment.Resolve(w, x.at, x.schema.Zone); err != nil {
		return err
	}
	event, _ := x.schema.Event(r.event)
	filter, err := segment.CompileFilterAt(ctx, r.where, event, x.alone, x.at)
	if err != nil {
		return err
	}
	for _, p := range filter.Props() {
		if !slices.Contains(r.props, p) {
			r.props = append(r.props, p)
		}
	}
	slices.Sort(r.props)
	if r.table = x.alone.world.Tables[r.event]; r.table == nil {
		return nil
	}
	pass := filter.Bind(r.table)
	for i, t := range r.table.Times {
		if r.span.Has(t) && pass(i) {
			r.rows = append(r.rows, i)
		}
	}
	if len(r.rows) > 0 && r.table.IDs != nil {
		r.ids, err = x.eventIDs(ctx, r.table)
	}
	return err
}

// group is one event's rows that count.
type group struct{ rows []int }

// groups puts rows of one event together, in the order of their first rows.
func (r *reading) groups() []group {
	var all []group
	at := map[uint32]int{}
	for _, i := range r.rows {
		id := uint32(0)
		if r.table.IDs != nil {
			id = r.table.IDs[i]
		}
		if k, known := at[id]; known && id != 0 {
			all[k].rows = append(all[k].rows, i)
			continue
		}
		at[id] = len(all)
		all = append(all, group{[]int{i}})
	}
	return all
}

// callsOf lists the functions in a condition, in the order of its text.
func callsOf(f syntax.Formula) []*syntax.Call {
	var calls []*syntax.Call
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			calls = append(calls, c)
			return false
		}
		return true
	})
	return calls
}

func (x *examination) evidence(ctx context.Context, l leaf, shown int) ([]Evidence, error) {
	var all []Evidence
	add := func(r *reading) {
		e := Evidence{Of: r.of, Event: r.event, Rows: len(r.rows)}
		groups := r.groups()
		e.Events = len(groups)
		r.order(groups)
		for _, g := range groups[:min(shown, len(groups))] {
			e.Shown = append(e.Shown, x.occasion(r, g))
		}
		all = append(all, e)
	}
	if q, ok := l.formula.(*syntax.Sequence); ok {
		for _, step := range q.Steps {
			r, err := x.readStep(ctx, step, q.Window)
			if err != nil {
				return nil, err
			}
			add(r)
		}
		return all, nil
	}
	for _, call := range callsOf(l.formula) {
		r, err := x.read(ctx, call)
		if err != nil {
			return nil, err
		}
		add(r)
	}
	return all, nil
}

func (x *examination) readStep(ctx context.Context, step syntax.Step, w *syntax.Window) (*reading, error) {
	r := &reading{of: step.String(), fn: syntax.Count, event: step.Event, where: step.Where}
	return r, x.fill(ctx, r, w)
}

// order puts the events that decide first.
func (r *reading) order(groups []group) {
	if r.fn == syntax.First || r.fn == syntax.Earliest {
		return
	}
	slices.Reverse(groups)
	c := r.table
	if c == nil || r.fn != syntax.Min && r.fn != syntax.Max || c.Props[r.property] == nil {
		return
	}
	keys := column.Keys(c.Props[r.property])
	best := func(g group) int64 {
		least := int64(math.MaxInt64)
		for _, i := range g.rows {
			k := keys[i]
			if k == column.Unset {
				continue
			}
			if r.fn == syntax.Max {
				k = -k
			}
			least = min(least, k)
		}
		return least
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		switch x, y := best(a), best(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

func (x *examination) occasion(r *reading, g group) Occasion {
	last := g.rows[len(g.rows)-1]
	o := Occasion{Event: r.event, Time: time.UnixMicro(r.table.Times[last]).In(x.schema.Zone), Rows: len(g.rows)}
	if r.table.IDs != nil && r.ids != nil && int(r.table.IDs[last]) <= r.ids.Len() {
		o.ID = r.ids.Word(r.table.IDs[last])
	}
	for _, p := range r.props {
		if c := r.table.Props[p]; c != nil {
			o.Properties = append(o.Properties, Property{p, c.Kind, x.cell(c.Kind, c.Dict, cellAt(c, last))})
		}
	}
	return o
}

// eventIDs are the texts of an event's ids: from the table, else from the
// source, which keeps them as the words of no property of it.
func (x *examination) eventIDs(ctx context.Context, t *column.Table) (*column.Dict, error) {
	if t.IDDict != nil {
		return t.IDDict, nil
	}
	return x.src.Dict(ctx, segment.FieldRef{Event: t.Event})
}
