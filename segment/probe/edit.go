package probe

import (
	"slices"
	"time"

	"tesela/segment/column"
)

// Counterfactual is what would turn membership round: changes of the customer's own
// data, made together, everybody else's staying as they are. That they do has
// been tried on the data.
type Counterfactual struct {
	Edits []Edit
	// Flips are the conditions that come out otherwise with it, as numbers of
	// Account.Conditions.
	Flips []int
}

// EditKind tells what is done.
type EditKind string

// The kinds of edits.
const (
	Add    EditKind = "add"    // N more events, at At
	Remove EditKind = "remove" // N events less, those of Events
	Move   EditKind = "move"   // the N events of Events at At instead
	Set    EditKind = "set"    // a property of the events of Events
	Trait  EditKind = "trait"  // a trait
)

// Edit is one change of a customer's data.
type Edit struct {
	Kind  EditKind
	Event string
	N     int
	// At is one instant at which it works; others may too.
	At time.Time
	// Events are those that are there, latest first.
	Events []Occasion
	// Values of an added event's row or of the property or trait that is set;
	// a nil cell is unset. An added event's other properties do not matter.
	Values []Property
	// From is what the property or trait was.
	From any
	// Any tells that the value is one of many that would do.
	Any bool

	// And are further events that come with the first, as the steps of a
	// sequence do.
	And []Edit

	do    func(p *person)
	props map[string]cell // of one event that is added
}

// touch gives a supposition's rows of an event, which it may change.
func (x *examination) touch(p *person, event string) []happened {
	rows, ok := p.rows[event]
	if !ok {
		rows = stored(x.alone.world.Tables[event], 0)
	}
	return rows
}

// manyCustomers is how many there must be for times to be chosen that are held
// in few bytes.
const manyCustomers = 50_000

// whole is an instant near one that the clock of the data tells, with nothing
// that the formula asks for between the two, where everybody's data are looked
// at again with it: others would have to be held otherwise for all rows.
func (x *examination) whole(event string, t int64) int64 {
	clock := x.alone.clocks[event]
	if len(x.worldLeaves) == 0 || x.schema.Customers < manyCustomers || clock == nil || t <= clock.Base {
		return t
	}
	down := t - (t-clock.Base)%clock.Step
	between := func(from, to int64) bool { // the first left out
		k, there := slices.BinarySearch(x.marks, from+1)
		return there || k < len(x.marks) && x.marks[k] <= to
	}
	switch up := down + clock.Step; {
	case down > clock.Base && !between(down, t):
		return down
	case up < x.at.UnixMicro() && !between(t, up):
		return up
	}
	return t
}

// add is so many more events, at each of the times one after the other.
func (x *examination) add(event string, props map[string]cell, times ...int64) Edit {
	times = slices.Clone(times)
	for i, t := range times {
		times[i] = x.whole(event, t)
	}
	e := Edit{Kind: Add, Event: event, N: len(times), At: time.UnixMicro(times[0]).In(x.schema.Zone)}
	if e.props = props; props == nil {
		e.props = map[string]cell{}
	}
	for _, name := range sortedKeys(props) {
		e.Values = append(e.Values, x.property(event, name, props[name]))
	}
	e.do = func(p *person) {
		rows := x.touch(p, event)
		for _, t := range times {
			rows = append(rows, happened{from: -1, time: t, props: props})
		}
		sorted(rows)
		p.rows[event] = rows
	}
	return e
}

// again is so many more events like the customer's latest one; without one,
// plain ones.
func (x *examination) again(event string, n int, at int64) Edit {
	at = x.whole(event, at)
	e := Edit{Kind: Add, Event: event, N: n, At: time.UnixMicro(at).In(x.schema.Zone)}
	e.do = func(p *person) {
		rows := x.touch(p, event)
		like := -1
		for _, r := range rows {
			like = max(like, r.from)
		}
		for range n {
			rows = append(rows, happened{from: like, time: at})
		}
		sorted(rows)
		p.rows[event] = rows
	}
	return e
}

// remove takes whole events away.
func (x *examination) remove(r *reading, gone []group) Edit {
	e := Edit{Kind: Remove, Event: r.event, N: len(gone), Events: x.occasions(r, gone)}
	has := x.rowsOf(r, gone)
	e.do = func(p *person) {
		p.rows[r.event] = slices.DeleteFunc(x.touch(p, r.event), func(h happened) bool { return has[h.from] })
	}
	return e
}

// move puts whole events at another time.
func (x *examination) move(r *reading, moved []group, to int64) Edit {
	to = x.whole(r.event, to)
	e := Edit{Kind: Move, Event: r.event, N: len(moved), Events: x.occasions(r, moved), At: time.UnixMicro(to).In(x.schema.Zone)}
	has := x.rowsOf(r, moved)
	e.do = func(p *person) {
		rows := x.touch(p, r.event)
		for i := range rows {
			if has[rows[i].from] {
				rows[i].time = to
			}
		}
		sorted(rows)
		p.rows[r.event] = rows
	}
	return e
}

// set gives the property of a function another value on some rows.
func (x *examination) set(r *reading, rows []int, v cell) Edit {
	return x.setOf(r, r.property, rows, v)
}

// setOf gives any property another value on some rows.
func (x *examination) setOf(r *reading, property string, rows []int, v cell) Edit {
	c := r.table.Props[property]
	e := Edit{Kind: Set, Event: r.event, N: len(rows), Values: []Property{x.property(r.event, property, v)}}
	changed := map[int]bool{}
	for _, i := range rows {
		changed[i] = true
		e.Events = append(e.Events, x.occasions(r, []group{{[]int{i}}})...)
	}
	if len(rows) > 0 {
		e.From = x.cell(c.Kind, c.Dict, cellAt(c, rows[0]))
	}
	e.do = func(p *person) {
		all := x.touch(p, r.event)
		for i := range all {
			if !changed[all[i].from] {
				continue
			}
			props := map[string]cell{property: v}
			for name, other := range all[i].props {
				if name != property {
					props[name] = other
				}
			}
			all[i].props = props
		}
		p.rows[r.event] = all
	}
	return e
}

// trait gives a trait another value.
func (x *examination) trait(name string, v cell, some bool) Edit {
	e := Edit{Kind: Trait, Any: some, Values: []Property{x.property("", name, v)}}
	if c := x.alone.world.Traits[name]; c != nil {
		e.From = x.cell(c.Kind, c.Dict, cellAt(c, 0))
	}
	e.do = func(p *person) { p.traits[name] = v }
	return e
}

// rowsOf marks all rows of some events, also those that do not count.
func (x *examination) rowsOf(r *reading, groups []group) map[int]bool {
	has, ids := map[int]bool{}, map[uint32]bool{}
	for _, g := range groups {
		for _, i := range g.rows {
			has[i] = true
			if r.table.IDs != nil && r.table.IDs[i] != 0 {
				ids[r.table.IDs[i]] = true
			}
		}
	}
	for i := range r.table.Len() {
		if r.table.IDs != nil && ids[r.table.IDs[i]] {
			has[i] = true
		}
	}
	return has
}

// occasions tells some events as evidence does.
func (x *examination) occasions(r *reading, groups []group) []Occasion {
	var all []Occasion
	for _, g := range groups {
		all = append(all, x.occasion(r, g))
	}
	return all
}

func (x *examination) property(event, name string, v cell) Property {
	ref := fieldRef(event, name)
	f, _ := fieldOf(x.schema, ref)
	var d *column.Dict
	if f.Kind == column.Text || f.Kind == column.Tags {
		d = x.dicts[ref]
	}
	return Property{name, f.Kind, x.cell(f.Kind, d, v)}
}

func sortedKeys(m map[string]cell) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
