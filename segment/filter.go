package segment

import (
	"context"
	"slices"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Filter is a checked where-filter over the rows of one event.
type Filter struct {
	text  string
	root  cond
	props []string
}

// CompileFilter checks what stands after where against an event's properties.
// Nil passes every row. A filter that depends on T is an error here; see
// CompileFilterAt. Faults are *syntax.Error, several of them joined.
func CompileFilter(ctx context.Context, f syntax.Formula, event Event, src Source) (*Filter, error) {
	c := newCompiler(ctx, src, time.Time{}, nil)
	c.noInstant = true
	return c.onlyFilter(f, event)
}

// CompileFilterAt is CompileFilter as of an instant.
func CompileFilterAt(ctx context.Context, f syntax.Formula, event Event, src Source, at time.Time) (*Filter, error) {
	return newCompiler(ctx, src, at, nil).onlyFilter(f, event)
}

func (c *compiler) onlyFilter(f syntax.Formula, event Event) (*Filter, error) {
	if f == nil {
		return &Filter{root: condConst(true)}, nil
	}
	filter := c.filter(f, event)
	if _, err := c.finish(); err != nil {
		return nil, err
	}
	return filter, nil
}

// filter checks f over the event's rows.
func (c *compiler) filter(f syntax.Formula, e Event) *Filter {
	outer, relative := c.event, c.relative
	c.event, c.relative = &e, false
	filter := &Filter{text: f.String(), root: c.formula(f)}
	filter.gather(filter.root)
	slices.Sort(filter.props)
	if c.relative {
		filter.text += " as of " + microsString(micros(c.at))
	}
	c.event, c.relative = outer, relative
	return filter
}

// Props names the properties the filter reads, sorted.
func (f *Filter) Props() []string {
	if f == nil {
		return nil
	}
	return f.props
}

// String prints the filter canonically.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

func (f *Filter) gather(c cond) {
	add := func(v *value) {
		if v.origin == fromProp && !slices.Contains(f.props, v.name) {
			f.props = append(f.props, v.name)
		}
	}
	switch c := c.(type) {
	case condAnd:
		for _, p := range c.parts {
			f.gather(p)
		}
	case condOr:
		for _, p := range c.parts {
			f.gather(p)
		}
	case condNot:
		f.gather(c.part)
	case condTest:
		add(c.value)
	case condCompare:
		add(c.left)
		add(c.right)
	}
}

// Bind makes the filter answer for the rows of a table that has its columns.
// The function is safe for concurrent use.
func (f *Filter) Bind(t *column.Table) func(row int) bool {
	if f == nil {
		return func(int) bool { return true }
	}
	return bind(f.root, t)
}

// Marks makes the filter mark rows of a table that has its columns: the
// function sets bit i of out to whether row from+i passes, for the rows up to
// to, and clears the bits after the last. It is for one goroutine at a time.
func (f *Filter) Marks(t *column.Table) func(from, to int, out []uint64) {
	root := cond(condConst(true))
	if f != nil {
		root = f.root
	}
	mark, m := markerOf(root, t), &marking{}
	return func(from, to int, out []uint64) { mark(m, from, to, out) }
}

func bind(c cond, t *column.Table) func(row int) bool {
	switch c := c.(type) {
	case condConst:
		return func(int) bool { return bool(c) }
	case condAnd:
		return bindAll(c.parts, t, false)
	case condOr:
		return bindAll(c.parts, t, true)
	case condNot:
		part := bind(c.part, t)
		return func(row int) bool { return !part(row) }
	case condTest:
		return bindTest(c, t)
	case condCompare:
		return bindCompare(c, t)
	}
	return func(int) bool { return false }
}

// bindAll answers stop as soon as a part does, and the opposite at the end.
func bindAll(parts []cond, t *column.Table, stop bool) func(row int) bool {
	fs := make([]func(int) bool, len(parts))
	for i, p := range parts {
		fs[i] = bind(p, t)
	}
	if len(fs) == 2 {
		a, b := fs[0], fs[1]
		if stop {
			return func(row int) bool { return a(row) || b(row) }
		}
		return func(row int) bool { return a(row) && b(row) }
	}
	return func(row int) bool {
		for _, f := range fs {
			if f(row) == stop {
				return stop
			}
		}
		return !stop
	}
}

func bindTest(c condTest, t *column.Table) func(row int) bool {
	if c.value.origin == fromTime {
		return bindPart(c, t)
	}
	col := t.Props[c.value.name]
	if col == nil {
		return func(int) bool { return false }
	}
	return bindTestTo(&c.test, col)
}

func bindCompare(c condCompare, t *column.Table) func(row int) bool {
	if answer := compareRows(c, t.Props); answer != nil {
		return answer
	}
	return func(int) bool { return false }
}

// compareRows compares two columns row by row; nil where one is not there.
func compareRows(c condCompare, columns map[string]*column.Column) func(row int) bool {
	l, r := columns[c.left.name], columns[c.right.name]
	if l == nil || r == nil {
		return nil
	}
	pair := c.pair()
	if l.Packed == nil && r.Packed == nil {
		left, right := vecOf(l, c.left.den), vecOf(r, c.right.den)
		return func(row int) bool { return pair(&left, &right, row) }
	}
	return func(row int) bool {
		var a, b vec
		a.single(l, c.left.den, row)
		b.single(r, c.right.den, row)
		return pair(&a, &b, 0)
	}
}
