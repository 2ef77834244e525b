package measure

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// maxRows bounds a table.
const maxRows = 2_000_000

// tabulate makes the table of the figures.
func (r *run) tabulate(ctx context.Context) (*Table, error) {
	t := &Table{}
	totals, err := r.figures(ctx, levelAll, 0)
	if err != nil {
		return nil, err
	}
	for i, m := range r.plan.measures {
		t.Totals = append(t.Totals, render(totals[i], m.fig.kind, r.plan.schema.Digits))
	}
	shares := r.shares()
	r.columns(t, shares)
	if r.has[levelCells] {
		if err := r.rows(ctx, t, totals, shares); err != nil {
			return nil, err
		}
	}
	t.Notes = r.notes
	return t, nil
}

func (r *run) columns(t *Table, shares []bool) {
	if r.calendar != nil {
		t.Columns = append(t.Columns, r.calendar.column())
	}
	for i, d := range r.plan.dims {
		c := Column{Name: d.name, Kind: r.dims[i].labels.columnKind()}
		if c.Kind == kindMoney {
			c.Unit = r.plan.schema.Currency
		}
		t.Columns = append(t.Columns, c)
	}
	for i, m := range r.plan.measures {
		t.Columns = append(t.Columns, Column{Name: m.name, Kind: m.fig.kind, Unit: m.fig.unit})
		if shares[i] {
			t.Columns = append(t.Columns, Column{Name: m.name + "_share", Kind: kindRate})
		}
	}
}

// shares tells which measures get a share, and notes what to know of them.
func (r *run) shares() []bool {
	yes := make([]bool, len(r.plan.measures))
	if !r.plan.query.Shares || !r.has[levelCells] {
		return yes
	}
	for i, m := range r.plan.measures {
		if !m.fig.additive {
			r.notes = addNote(r.notes, newNote(NoteNoShare, "measure", m.name))
			continue
		}
		yes[i] = true
		overlap := false
		m.node.eval(func(slot int) value {
			overlap = overlap || r.overlaps(r.plan.slots[slot])
			return intValue(1)
		})
		if overlap {
			r.notes = addNote(r.notes, newNote(NoteSharesOverlap, "measure", m.name))
		}
	}
	return yes
}

// overlaps tells whether one thing that a slot counts may be in several cells.
func (r *run) overlaps(s *slot) bool {
	byRows := r.plan.rowEvent != ""
	switch s.fn {
	case fnRows, fnSum, fnSet:
		return r.multi
	case fnEvents:
		e, _ := r.plan.schema.Event(s.event)
		return r.multi || e.Tied && (byRows || r.calendar != nil && folded(r.calendar.per))
	case fnFirsts:
		return r.multi || byRows
	}
	return r.multi || byRows || r.calendar != nil
}

// figures computes all measures in one cell.
func (r *run) figures(ctx context.Context, level int, key uint64) ([]value, error) {
	all, err := r.figuresOf(ctx, level, []uint64{key})
	if err != nil {
		return nil, err
	}
	return all[0].figures, nil
}

// figuresOf computes all measures in many cells.
func (r *run) figuresOf(ctx context.Context, level int, keys []uint64) ([]ranked, error) {
	var fault error
	var key uint64
	id := 0
	at := func(i int) value {
		s, p := r.plan.slots[i], r.places[i]
		if !s.overRows() {
			v, err := r.person(ctx, i, level, key)
			if err != nil {
				fault = err
			}
			return v
		}
		if p.none {
			return empty(s.fn)
		}
		accs := r.scans[p.scan].streams[p.stream].accs[level]
		if accs == nil {
			return empty(s.fn)
		}
		return accs[p.acc].read(s, id)
	}
	all, n := make([]ranked, len(keys)), len(r.plan.measures)
	memory := make([]value, len(keys)*n)
	for i, k := range keys {
		if i&1023 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		key = k
		found := true
		if level != levelAll {
			id, found = r.index[level].find(k)
		}
		if !found {
			id = math.MaxInt
		}
		all[i] = ranked{k, memory[i*n : (i+1)*n : (i+1)*n]}
		for j, m := range r.plan.measures {
			all[i].figures[j] = m.node.eval(at)
		}
		if fault != nil {
			return nil, fault
		}
	}
	return all, nil
}

// empty is a slot's figure over no rows.
func empty(fn slotFn) value {
	switch fn {
	case fnMin, fnMax, fnFirst, fnLast, fnEarliest, fnLatest:
		return value{}
	}
	return intValue(0)
}

// ranked is a group or period with its figures.
type ranked struct {
	key     uint64
	figures []value
}

func (r *run) rows(ctx context.Context, t *Table, totals []value, shares []bool) error {
	q := r.plan.query
	level, byTime := levelCells, r.calendar != nil && len(r.dims) == 0
	var keys []uint64
	switch {
	case byTime:
		for k := range r.calendar.n {
			keys = append(keys, uint64(k))
		}
	case r.has[levelGroups]:
		level = levelGroups
		keys = r.index[level].keys
	default:
		keys = r.index[level].keys
	}
	all, err := r.figuresOf(ctx, level, keys)
	if err != nil {
		return err
	}
	if !byTime || q.Top > 0 {
		all = r.rank(all, level, byTime)
	}
	if level == levelCells {
		for _, g := range all {
			r.row(t, g.key, g.figures, totals, shares)
		}
	} else {
		n := r.calendar.n
		if len(all) > 0 && n > maxRows/len(all) {
			return &Error{Field: "per", Message: fmt.Sprintf("%d groups in %d periods are too many rows; ask for the top groups only, or take longer periods", len(all), n)}
		}
		for k := range n {
			for i, g := range all {
				if i&1023 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				key := g.key*r.periods + uint64(k)
				f, err := r.figures(ctx, levelCells, key)
				if err != nil {
					return err
				}
				r.row(t, key, f, totals, shares)
			}
		}
	}
	r.noteUnset(all, level)
	return nil
}

// rank orders groups by the first measure, unset last, then by name, and cuts
// them off.
func (r *run) rank(all []ranked, level int, byTime bool) []ranked {
	q := r.plan.query
	compare := func(a, b value) int {
		if !a.set || !b.set {
			switch {
			case a.set:
				return -1
			case b.set:
				return 1
			}
			return 0
		}
		c := a.compare(b)
		if !q.Ascending {
			c = -c
		}
		return c
	}
	order := func(a, b ranked) int {
		if c := compare(a.figures[0], b.figures[0]); c != 0 {
			return c
		}
		if byTime {
			return int(int64(a.key) - int64(b.key))
		}
		for i := range r.dims {
			if c := r.dims[i].labels.compare(r.code(a.key, i, level), r.code(b.key, i, level)); c != 0 {
				return c
			}
		}
		return 0
	}
	if q.Top > 0 && len(all) > 8*q.Top {
		all = first(all, q.Top, order, func(a, b ranked) bool { return compare(a.figures[0], b.figures[0]) == 0 })
	}
	slices.SortFunc(all, order)
	if q.Top > 0 && len(all) > q.Top {
		ties := 0
		for _, g := range all[q.Top:] {
			if compare(g.figures[0], all[q.Top-1].figures[0]) != 0 {
				break
			}
			ties++
		}
		if ties > 0 {
			r.notes = addNote(r.notes, newNote(NoteTies, "n", ties))
		}
		all = all[:q.Top]
	}
	return all
}

// first gives the n first of many, in no order, and all those beyond that are
// equal to one of them.
func first[T any](all []T, n int, order func(a, b T) int, equal func(a, b T) bool) []T {
	best := slices.Clone(all[:n])
	slices.SortFunc(best, order)
	for _, x := range all[n:] {
		if last := best[n-1]; order(x, last) < 0 {
			at, _ := slices.BinarySearchFunc(best, x, order)
			copy(best[at+1:], best[at:n-1])
			best[at] = x
		}
	}
	last := best[n-1]
	for _, x := range all {
		if equal(x, last) && order(x, last) > 0 {
			best = append(best, x)
		}
	}
	return best
}

// code is a grouping's code in a key.
func (r *run) code(key uint64, dim, level int) uint32 {
	g := &r.dims[dim]
	stride := g.stride
	if level == levelGroups {
		stride /= r.periods
	}
	return uint32(key / stride % uint64(g.labels.size()))
}

func (r *run) row(t *Table, key uint64, figures, totals []value, shares []bool) {
	row := make([]any, 0, len(t.Columns))
	if r.calendar != nil {
		row = append(row, r.calendar.key(int(key%r.periods)))
	}
	for i := range r.dims {
		row = append(row, r.dims[i].labels.cell(r.code(key, i, levelCells)))
	}
	for i, m := range r.plan.measures {
		row = append(row, render(figures[i], m.fig.kind, r.plan.schema.Digits))
		if shares[i] {
			row = append(row, share(figures[i], totals[i]))
		}
	}
	t.Rows = append(t.Rows, row)
}

// share is a part of a total; unset where there is no total.
func share(v, total value) any {
	if !v.set || !total.set || total.rat().Sign() == 0 {
		return nil
	}
	f, _ := new(big.Rat).Quo(v.rat(), total.rat()).Float64()
	return f
}

// noteUnset says which groupings have a row for what has no value.
func (r *run) noteUnset(all []ranked, level int) {
	for i, d := range r.plan.dims {
		for _, g := range all {
			if r.code(g.key, i, level) == 0 {
				r.notes = addNote(r.notes, newNote(NoteUnsetGroup, "field", d.name))
				break
			}
		}
	}
}
