package segment

import (
	"fmt"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// call checks a behaviour function and puts it into a scan.
func (c *compiler) call(call *syntax.Call) *value {
	e, ok := c.eventNamed(call.Event, call.Span)
	if !ok {
		return nil
	}
	a, v, ok := c.aggregate(call, e)
	filter, where, filterOK := c.where(call.Where, e)
	span, windowOK := c.resolve(call.Window)
	if !ok || !filterOK || !windowOK {
		return nil
	}
	c.noteWindow(call, e, span)
	s, i := c.scanOf(e, filter, where, span)
	v.origin, v.text, v.span = fromScan, call.String(), call.Span
	v.scan, v.agg = i, slices.Index(s.aggs, a)
	if v.agg < 0 {
		v.agg = len(s.aggs)
		s.aggs = append(s.aggs, a)
	}
	s.uses++
	if a.prop != "" {
		c.plan.need.Add(e.Name, a.prop)
	}
	return c.intern(fmt.Sprintf("scan %d %d", v.scan, v.agg), v)
}

// scanOf finds the scan of these rows, or plans a new one.
func (c *compiler) scanOf(e Event, filter *Filter, where string, span Span) (*scan, int) {
	c.plan.need.Add(e.Name, "")
	for _, p := range filter.Props() {
		c.plan.need.Add(e.Name, p)
	}
	for i, s := range c.plan.scans {
		if s.event == e.Name && s.where == where && s.span == span {
			return s, i
		}
	}
	s := &scan{event: e.Name, filter: filter, where: where, span: span}
	c.plan.scans = append(c.plan.scans, s)
	return s, len(c.plan.scans) - 1
}

func (c *compiler) eventNamed(name string, at syntax.Span) (Event, bool) {
	e, ok := c.schema.Event(name)
	if !ok {
		known := make([]string, len(c.schema.Events))
		for i, e := range c.schema.Events {
			known[i] = e.Name
		}
		c.fail(at, "no event is called %s", syntax.Quote(name)).Nearest = c.nearest(name, known)
	}
	return e, ok
}

// where checks a filter; its canonical text tells equal filters, together
// with the instant when it asks for times relative to one.
func (c *compiler) where(f syntax.Formula, e Event) (*Filter, string, bool) {
	if f == nil {
		return nil, "", true
	}
	errs := len(c.errs)
	filter := c.filter(f, e)
	return filter, filter.text, len(c.errs) == errs
}

// aggregate checks a function against its property and says what kind comes
// out.
func (c *compiler) aggregate(call *syntax.Call, e Event) (agg, *value, bool) {
	a := agg{fn: call.Fn, prop: call.Property, form: inInts, den: 1}
	v := &value{kind: column.Number, form: inInts, den: 1}
	name := syntax.Quote(e.Name)
	switch call.Fn {
	case syntax.Count, syntax.First, syntax.Last, syntax.DaysSince, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		if call.Property != "" {
			hint := ""
			if call.Fn == syntax.Count {
				hint = fmt.Sprintf("; for different values write distinct(%s.%s)", name, syntax.Quote(call.Property))
			}
			c.fail(call.Span, "%s takes an event, not a property: %s(%s)%s", call.Fn, call.Fn, name, hint)
			return a, v, false
		}
		switch call.Fn {
		case syntax.First, syntax.Last:
			v.kind = column.Time
		case syntax.DaysSince:
			a.day = civilDay(lastDay(c.at, c.schema.Zone))
		default:
			a.zero = true
		}
		return a, v, true
	case syntax.Sum, syntax.Avg, syntax.Min, syntax.Max, syntax.Distinct, syntax.Earliest, syntax.Latest:
	default:
		c.fail(call.Span, "no function is called %s", call.Fn)
		return a, v, false
	}
	if call.Property == "" {
		er := c.fail(call.Span, "%s needs a property: %s(%s.…)", call.Fn, call.Fn, name)
		for _, p := range e.Props {
			if fits(call.Fn, p.Kind) && len(er.Nearest) < 5 {
				er.Nearest = append(er.Nearest, name+"."+syntax.Quote(p.Name))
			}
		}
		return a, v, false
	}
	p, ok := e.Prop(call.Property)
	if !ok {
		c.fail(call.Span, "%s has no property %s", name, syntax.Quote(call.Property)).Nearest = c.nearest(call.Property, propNames(e))
		return a, v, false
	}
	if !fits(call.Fn, p.Kind) {
		c.fail(call.Span, "%s of %s.%s: it is %s; %s", call.Fn, name, syntax.Quote(p.Name), kindPhrase(p.Kind), wants(call.Fn))
		return a, v, false
	}
	if call.Fn == syntax.Distinct {
		a.zero = true
		return a, v, true
	}
	v = c.column(p, FieldRef{e.Name, p.Name})
	a.form, a.den = v.form, v.den
	switch call.Fn {
	case syntax.Sum:
		a.zero = true
	case syntax.Avg:
		if v.form == inInts {
			a.form = inExact
		}
	}
	v.form = a.form
	return a, v, true
}

// fits tells whether a function can be taken of a kind.
func fits(fn syntax.Fn, k column.Kind) bool {
	switch fn {
	case syntax.Sum, syntax.Avg:
		return k == column.Number || k == column.Money
	case syntax.Min, syntax.Max:
		return k == column.Number || k == column.Money || k == column.Time || k == column.Date
	case syntax.Distinct:
		return true
	default: // earliest, latest
		return k != column.Tags
	}
}

func wants(fn syntax.Fn) string {
	switch fn {
	case syntax.Sum, syntax.Avg:
		return "only numbers and money can be added up"
	case syntax.Min, syntax.Max:
		return "only numbers, money, times and dates have a least and a greatest"
	default:
		return "one value is wanted, not a set"
	}
}

// noteWindow notes a window that ends before the event's first row.
func (c *compiler) noteWindow(call *syntax.Call, e Event, s Span) {
	if call.Window == nil || s.Empty() || e.Rows == 0 {
		return
	}
	if s.To <= e.First.UnixMicro() {
		c.note("window_before_data", call.Window.Span, map[string]any{"window": call.Window.String(), "event": e.Name, "first": e.First},
			"%s ends before the first %s, of %s", call.Window, e.Name, e.First.In(c.schema.Zone).Format("2006-01-02"))
	}
}
