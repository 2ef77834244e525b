package measure

import (
	"context"
	"fmt"
	"slices"
)

// people serves the slots over customers: who is in each group, and what each
// slot asks of them.
type people struct {
	place   place // of the lists, where customers are grouped by their rows
	all     []uint32
	byGroup map[uint64][]uint32
	inner   map[innerKey]inner
}

// innerKey is a slot and a period, or -1 for the whole window.
type innerKey struct{ slot, period int }

// maxInner bounds how often a formula is evaluated anew for each period.
const maxInner = 2000

// gatherPeople evaluates what slots over customers ask and sorts the customers
// into groups.
func (r *run) gatherPeople(ctx context.Context) error {
	wanted := false
	for i, s := range r.plan.slots {
		if s.overRows() {
			continue
		}
		wanted = true
		if s.fn == fnCustomers {
			continue
		}
		if err := r.gatherInner(ctx, i, s); err != nil {
			return err
		}
	}
	if !wanted {
		return nil
	}
	r.people.all = make([]uint32, 0, r.base.Len())
	r.base.Each(func(i int) { r.people.all = append(r.people.all, uint32(i)) })
	if r.plan.rowEvent == "" && len(r.dims) > 0 {
		return r.groupPeople(ctx)
	}
	return nil
}

func (r *run) gatherInner(ctx context.Context, i int, s *slot) error {
	if r.people.inner == nil {
		r.people.inner = map[innerKey]inner{}
	}
	bounded := r.plan.query.Window != nil
	in, err := r.plan.runInner(ctx, s, r.plan.span, bounded)
	if err != nil {
		return err
	}
	r.people.inner[innerKey{i, -1}] = in
	for _, n := range in.notes {
		r.notes = addNote(r.notes, n)
	}
	if !r.perPeriod(s) {
		return nil
	}
	if r.calendar.n > maxInner {
		return &Error{Field: "per", Message: fmt.Sprintf("%s would be found anew for each of %d periods; take longer periods or a shorter window", quoted(s.name), r.calendar.n)}
	}
	for k := range r.calendar.n {
		span := intersect(r.calendar.span(k), r.plan.span)
		if r.people.inner[innerKey{i, k}], err = r.plan.runInner(ctx, s, span, true); err != nil {
			return err
		}
	}
	return nil
}

// perPeriod tells whether a slot has a figure of its own in each period.
func (r *run) perPeriod(s *slot) bool { return r.calendar != nil && !folded(r.calendar.per) && s.moves }

// groupPeople sorts the base into groups by its customers' traits.
func (r *run) groupPeople(ctx context.Context) error {
	level := levelCells
	if r.has[levelGroups] {
		level = levelGroups
	}
	groups := map[uint64][]uint32{}
	keys := []uint64{}
	for n, who := range r.people.all {
		if n&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		keys = append(keys[:0], 0)
		for _, g := range r.dims {
			stride := g.stride / r.periods
			if !g.multi {
				add := stride * uint64(g.cust.at(int(who)))
				for i := range keys {
					keys[i] += add
				}
				continue
			}
			old := slices.Clone(keys)
			keys = keys[:0]
			g.cust.each(int(who), func(code uint32) {
				for _, k := range old {
					keys = append(keys, k+stride*uint64(code))
				}
			})
		}
		for _, k := range keys {
			groups[k] = append(groups[k], who)
		}
	}
	order := make([]uint64, 0, len(groups))
	for k := range groups {
		order = append(order, k)
	}
	slices.Sort(order)
	for _, k := range order {
		r.index[level].id(k)
	}
	r.people.byGroup = groups
	return nil
}

// person is the figure of a slot over customers in one cell.
func (r *run) person(ctx context.Context, i int, level int, key uint64) (value, error) {
	s := r.plan.slots[i]
	list := r.listOf(level, key)
	if s.fn == fnCustomers {
		return intValue(int64(len(list))), nil
	}
	k := innerKey{i, -1}
	if level == levelCells && r.perPeriod(s) {
		k.period = int(key % r.periods)
	}
	in := r.people.inner[k]
	if s.fn == fnOf {
		if level == levelAll {
			return intValue(int64(in.set.And(r.base).Len())), nil
		}
		n := int64(0)
		for _, who := range list {
			if in.set.Has(int(who)) {
				n++
			}
		}
		return intValue(n), nil
	}
	return statistic(ctx, in.values, list, s.stat, r.plan.schema.Digits)
}

// listOf lists the customers of a cell.
func (r *run) listOf(level int, key uint64) []uint32 {
	if level == levelAll {
		return r.people.all
	}
	if at := r.people.place; !at.none {
		id, ok := r.index[level].find(key)
		a := r.scans[at.scan].streams[at.stream].accs[level]
		if !ok || a == nil {
			return nil
		}
		if list := a[at.acc].(*whoAcc).list; id < len(list) {
			return list[id]
		}
		return nil
	}
	if r.people.byGroup == nil {
		return r.people.all
	}
	if level == levelCells {
		key /= r.periods
	}
	return r.people.byGroup[key]
}
