package segmenttest

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// value computes a value of customer i; nil is unset.
func (n naive) value(v syntax.Value, i int) any {
	switch v := v.(type) {
	case *syntax.Name:
		for _, t := range n.w.Traits {
			if t.Name == v.Name {
				return typed(t.Kind, n.w.Customers[i].Traits[t.Name])
			}
		}
		return n.layer(v, i)
	case *syntax.Call:
		return n.call(v, i)
	case *syntax.Arith:
		return n.arith(v.Op, n.value(v.Left, i), n.value(v.Right, i))
	case syntax.Literal:
		return n.literal(v)
	}
	panic(unsupported(fmt.Sprintf("not evaluated naively: %s", v)))
}

func (n naive) literal(l syntax.Literal) any {
	switch l := l.(type) {
	case *syntax.Number:
		r, _ := new(big.Rat).SetString(l.Text)
		return r
	case *syntax.Text:
		return l.Value
	case *syntax.Bool:
		return l.Value
	case *syntax.Date:
		if d, err := time.Parse(time.DateOnly, l.Text); err == nil {
			return civil(d)
		}
		t, _ := n.day(*l)
		return t
	}
	panic(unsupported("a literal is missing"))
}

// typed tells dates from times.
func typed(k column.Kind, x any) any {
	switch x := x.(type) {
	case time.Time:
		if k == column.Date {
			return civil(x)
		}
		return time.UnixMicro(x.UnixMicro())
	case []string:
		if len(x) == 0 {
			return nil
		}
	case string:
		if x == "" {
			return nil
		}
	}
	return x
}

// prop is a property of a row.
func (n naive) prop(r Row, name string) any {
	e, _ := n.w.Event(r.Event)
	for _, p := range e.Props {
		if p.Name == name {
			return typed(p.Kind, r.Props[name])
		}
	}
	l := r.Time.In(n.w.Zone)
	switch name {
	case "weekday":
		return whole64((int(l.Weekday())+6)%7 + 1)
	case "hour":
		return whole64(l.Hour())
	case "month":
		return whole64(int(l.Month()))
	}
	panic(unsupported("no property " + name))
}

func (n naive) passes(r Row, where syntax.Formula) bool {
	if where == nil {
		return true
	}
	return n.test(where, func(v syntax.Value) any {
		if name, ok := v.(*syntax.Name); ok {
			return n.prop(r, name.Name)
		}
		return n.literal(v.(syntax.Literal))
	})
}

// rowsOf are the customer's rows of an event before T, by time, then as they
// were stored.
func (n naive) rowsOf(event string, i int) []Row {
	var rows []Row
	for _, r := range n.w.Rows {
		if r.Event == event && r.Customer == i && r.Time.Before(n.at) && r.Time.Before(n.now) {
			rows = append(rows, r)
		}
	}
	sort.SliceStable(rows, func(a, b int) bool { return rows[a].Time.UnixMicro() < rows[b].Time.UnixMicro() })
	return rows
}

func (n naive) call(c *syntax.Call, i int) any {
	var rows []Row
	for _, r := range n.rowsOf(c.Event, i) {
		if n.inside(r.Time, c.Window) && n.passes(r, c.Where) {
			rows = append(rows, r)
		}
	}
	switch c.Fn {
	case syntax.Count:
		ids, own := map[string]bool{}, 0
		for _, r := range rows {
			if r.ID == "" {
				own++
			} else {
				ids[r.ID] = true
			}
		}
		return whole64(len(ids) + own)
	case syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		units := map[string]bool{}
		for _, r := range rows {
			l := r.Time.In(n.w.Zone)
			switch c.Fn {
			case syntax.ActiveDays:
				units[l.Format(time.DateOnly)] = true
			case syntax.ActiveWeeks:
				y, w := l.ISOWeek()
				units[fmt.Sprint(y, w)] = true
			default:
				units[l.Format("2006-01")] = true
			}
		}
		return whole64(len(units))
	case syntax.First, syntax.Last, syntax.DaysSince:
		if len(rows) == 0 {
			return nil
		}
		last := rows[len(rows)-1].Time
		if c.Fn == syntax.First {
			return rows[0].Time
		}
		if c.Fn == syntax.Last {
			return last
		}
		return whole64(n.dayNumber(n.at.Add(-1)) - n.dayNumber(last))
	case syntax.Earliest, syntax.Latest:
		if len(rows) == 0 {
			return nil
		}
		if c.Fn == syntax.Earliest {
			return n.prop(rows[0], c.Property)
		}
		return n.prop(rows[len(rows)-1], c.Property)
	}
	var set []any
	for _, r := range rows {
		if x := n.prop(r, c.Property); x != nil {
			set = append(set, x)
		}
	}
	return n.aggregate(c, set)
}

func whole64(x int) any { return new(big.Rat).SetInt64(int64(x)) }

func (n naive) dayNumber(t time.Time) int {
	y, m, d := t.In(n.w.Zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// aggregate goes over the set values of a property, in the rows' order.
func (n naive) aggregate(c *syntax.Call, set []any) any {
	if c.Fn == syntax.Distinct {
		seen := map[string]bool{}
		for _, x := range set {
			if tags, ok := x.([]string); ok {
				for _, tag := range tags {
					seen[tag] = true
				}
				continue
			}
			if d, ok := x.(civil); ok {
				x = time.Time(d)
			}
			if t, ok := x.(time.Time); ok {
				x = t.UnixNano()
			}
			seen[fmt.Sprint(x)] = true
		}
		return whole64(len(seen))
	}
	switch c.Fn {
	case syntax.Min, syntax.Max:
		var best any
		for _, x := range set {
			if best == nil {
				best = x
				continue
			}
			o, _ := n.order(x, best)
			if c.Fn == syntax.Min && o < 0 || c.Fn == syntax.Max && o > 0 {
				best = x
			}
		}
		return best
	}
	var total any
	for _, x := range set {
		if total == nil {
			total = x
		} else {
			total = n.arith('+', total, x)
		}
	}
	switch {
	case c.Fn == syntax.Sum && total == nil && n.isMoney(c):
		return whole64(0)
	case c.Fn == syntax.Sum && total == nil:
		return 0.0 // as numbers are
	case c.Fn == syntax.Sum || total == nil:
		return total
	}
	if f, ok := total.(float64); ok {
		return f / float64(len(set))
	}
	return n.arith('/', total, whole64(len(set)))
}

// ranked: fewer than k are strictly better.
func (n naive) ranked(f *syntax.Rank, i int) bool {
	of := func(j int) any {
		if f.Among != nil && !n.holds(f.Among, j) {
			return nil
		}
		return n.value(f.By, j)
	}
	mine := of(i)
	if mine == nil {
		return false
	}
	set, better := 0, 0
	for j := range n.w.Customers {
		other := of(j)
		if other == nil {
			continue
		}
		set += n.count(j)
		o, _ := n.order(other, mine)
		if f.Bottom && o < 0 || !f.Bottom && o > 0 {
			better += n.count(j)
		}
	}
	k, _ := new(big.Rat).SetString(f.N.Text)
	if f.Percent {
		k.Mul(k, big.NewRat(int64(set), 100))
	}
	return new(big.Rat).SetInt64(int64(better)).Cmp(k) < 0 // better < k is better < ceil(k)
}

func (n naive) inSaved(name string, at time.Time, i int) bool {
	text, ok := n.w.Saved[name]
	if !ok {
		panic(unsupported("no segment " + name))
	}
	f, err := syntax.Parse(text)
	if err != nil {
		panic(unsupported(err.Error()))
	}
	return naive{n.w, at, n.now, n.alike}.holds(f, i)
}

// crossed asks at the window's start, and at the end of each day in it.
func (n naive) crossed(f *syntax.Crossed, i int) bool {
	from, to := n.window(f.Window)
	if from.IsZero() {
		from = n.now
		for _, r := range n.w.Rows {
			if r.Time.Before(from) {
				from = r.Time
			}
		}
		y, m, d := from.In(n.w.Zone).Date()
		from = n.wall(y, m, d, 0, 0, 0)
		if to.Before(from) {
			from = to
		}
	}
	if n.inSaved(f.Name, from, i) != f.Left {
		return false
	}
	y, m, d := from.In(n.w.Zone).Date()
	for k := 1; ; k++ {
		end := n.wall(y, m, d+k, 0, 0, 0)
		if end.After(to) {
			return false
		}
		if n.inSaved(f.Name, end, i) != f.Left {
			return true
		}
	}
}

// happens is an event, its rows together.
type happens struct {
	event string
	time  time.Time
	place int // among the customer's rows of that event
	rows  []Row
}

func (n naive) eventsOf(event string, i int) []happens {
	var all []happens
	for place, r := range n.rowsOf(event, i) {
		k := slices.IndexFunc(all, func(h happens) bool { return r.ID != "" && h.rows[0].ID == r.ID })
		if k >= 0 {
			all[k].rows = append(all[k].rows, r)
			continue
		}
		all = append(all, happens{event, r.Time, place, []Row{r}})
	}
	return all
}

// hasSequence tries every choice of events for the steps.
func (n naive) hasSequence(f *syntax.Sequence, i int) bool {
	matching := make([][]happens, len(f.Steps))
	for k, s := range f.Steps {
		for _, h := range n.eventsOf(s.Event, i) {
			if slices.ContainsFunc(h.rows, func(r Row) bool { return n.passes(r, s.Where) }) {
				matching[k] = append(matching[k], h)
			}
		}
	}
	var try func(k int, chosen []happens) bool
	try = func(k int, chosen []happens) bool {
		for k < len(f.Steps) && f.Steps[k].Not {
			k++
		}
		if k == len(f.Steps) {
			return n.trailing(f, matching, chosen)
		}
		for _, h := range matching[k] {
			if !n.inside(h.time, f.Window) || !n.fits(f, matching, k, chosen, h) {
				continue
			}
			if try(k+1, append(slices.Clone(chosen), h)) {
				return true
			}
		}
		return false
	}
	return try(0, nil)
}

// fits: not before any earlier step, another event, in time, and no unwanted
// event since the last step.
func (n naive) fits(f *syntax.Sequence, matching [][]happens, k int, chosen []happens, h happens) bool {
	for _, c := range chosen {
		if h.time.Before(c.time) || h.event == c.event && h.place <= c.place {
			return false
		}
	}
	if len(chosen) == 0 {
		return true
	}
	if h.time.After(n.shift(chosen[0].time, f.Within.N, f.Within.Unit)) {
		return false
	}
	prev := chosen[len(chosen)-1]
	for j := k - 1; j >= 0 && f.Steps[j].Not; j-- {
		for _, x := range matching[j] {
			if earlier(prev, x) && earlier(x, h) {
				return false
			}
		}
	}
	return true
}

// trailing: no unwanted event after the last step, up to first step + within.
func (n naive) trailing(f *syntax.Sequence, matching [][]happens, chosen []happens) bool {
	prev := chosen[len(chosen)-1]
	end := n.shift(chosen[0].time, f.Within.N, f.Within.Unit)
	for j := len(f.Steps) - 1; j >= 0 && f.Steps[j].Not; j-- {
		for _, x := range matching[j] {
			if earlier(prev, x) && !x.time.After(end) {
				return false
			}
		}
	}
	return true
}

// earlier: in time, or among events of one kind as they were stored.
func earlier(a, b happens) bool {
	return a.time.Before(b.time) || a.time.Equal(b.time) && a.event == b.event && a.place < b.place
}
