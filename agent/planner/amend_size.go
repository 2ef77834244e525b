package planner

import (
	"encoding/json"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// resize gives the one figure of the last question that fits another value:
// "make that 60 days", "make it 20". Where several would fit it is asked which.
func (a *amending) resize() ([]model.Call, *model.Decision) {
	ps := a.chart(a.said.slot("n"))
	if ps == nil {
		return nil, nil
	}
	var dur *syntax.Duration
	n, unit := "", ""
	for _, x := range ps.cells[0][len(ps.toks)] {
		switch {
		case x.cat == cDur && x.dur != nil && dur == nil:
			dur = x.dur
		case (x.cat == cNum || x.cat == cMoney || x.cat == cPercent || x.cat == cQty) && n == "":
			q := figure(x)
			if q == nil || q.isHi || q.lo == "" {
				continue
			}
			n, unit = q.lo, q.unit
		}
	}
	if dur == nil && n == "" || unit == "" && len(n) == 4 && (strings.HasPrefix(n, "19") || strings.HasPrefix(n, "20")) {
		return nil, nil // a year
	}
	var plans []model.Call
	add := func(tool string, args any) {
		plans = append(plans, model.Call{ID: "1", Name: tool, Args: marshal(args)})
	}
	formulas := func(text string) []string { return resized(text, dur, n) }
	switch a.last.Name {
	case "measure":
		var m tools.MeasureArgs
		if json.Unmarshal(a.last.Args, &m) != nil {
			return nil, nil
		}
		if k, err := strconv.Atoi(n); err == nil && dur == nil && unit == "" && m.Top > 0 {
			m.Top = k
			return a.one("measure", m)
		}
		if w := resizedWindow(m.Window, dur, n); w != "" {
			again := m
			again.Window = w
			add("measure", again)
		}
		for _, f := range formulas(m.Formula) {
			again := m
			again.Formula = f
			add("measure", again)
		}
	case "list_customers":
		var l tools.ListCustomersArgs
		if json.Unmarshal(a.last.Args, &l) != nil {
			return nil, nil
		}
		if k, err := strconv.Atoi(n); err == nil && dur == nil && unit == "" && l.Limit > 0 {
			l.Limit = k
			return a.one("list_customers", l)
		}
		for _, f := range formulas(l.Formula) {
			again := l
			again.Formula = f
			add("list_customers", again)
		}
		for _, by := range resizedValue(l.By, dur, n) {
			again := l
			again.By = by
			add("list_customers", again)
		}
	case "count_segment":
		for _, f := range formulas(groupOf(a.last)) {
			add("count_segment", tools.CountSegmentArgs{Formula: f})
		}
	}
	if len(plans) > 4 {
		return nil, nil
	}
	return a.either(plans)
}

// resized are the formulas with one of their figures another: a length of time
// goes to times, a bare number to amounts and counts that were said, and to
// times where there are none of those.
func resized(text string, dur *syntax.Duration, n string) []string {
	if text == "" {
		return nil
	}
	var amounts, times []string
	// Each candidate is changed in a copy of its own, found again by its place.
	for k := 0; ; k++ {
		f := parseOr(text)
		at, found, isTime := 0, false, false
		windows := ""
		syntax.Walk(f, func(x syntax.Node) bool {
			switch x := x.(type) {
			case *syntax.Compare:
				num, is := x.Right.(*syntax.Number)
				if !is || implicit(x) {
					return true
				}
				days := isDaysSince(x.Left)
				if at++; at-1 == k {
					found, isTime = true, days
					switch {
					case dur != nil && days:
						if d := daysIn(dur); d > 0 {
							x.Right = literal(strconv.Itoa(d))
						} else {
							isTime = false
						}
					case dur == nil:
						x.Right = literal(n)
						_ = num
					default:
						found = true
					}
				}
			case *syntax.Call:
				// All windows of one length go together: one was said.
				if x.Window != nil && x.Window.Kind == syntax.WindowLast {
					if windows == "" {
						windows = x.Window.String()
						at++
					}
					if windows == x.Window.String() && at-1 == k {
						found, isTime = true, true
					}
				}
			}
			return true
		})
		if !found {
			if k >= at {
				break
			}
			continue
		}
		if windows != "" && isTime {
			changed := parseOr(text)
			did := false
			syntax.Walk(changed, func(x syntax.Node) bool {
				if c, ok := x.(*syntax.Call); ok && c.Window != nil && c.Window.String() == windows {
					if w := resizedWindow(windows, dur, n); w != "" {
						if parsed, err := syntax.ParseWindow(w); err == nil {
							c.Window, did = parsed, true
						}
					}
				}
				return true
			})
			if did && f.String() == parseOr(text).String() {
				times = appendNew(times, changed.String(), text)
				continue
			}
		}
		if isTime {
			times = appendNew(times, f.String(), text)
		} else if dur == nil {
			amounts = appendNew(amounts, f.String(), text)
		}
	}
	if dur != nil || len(amounts) == 0 {
		return times
	}
	return append(amounts, times...)
}

func appendNew(list []string, s, not string) []string {
	for _, have := range append(list, parseOr(not).String()) {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// implicit tells whether a comparison says only that something was done or not,
// which no one gave a figure for.
func implicit(c *syntax.Compare) bool {
	call, ok := c.Left.(*syntax.Call)
	num, is := c.Right.(*syntax.Number)
	if !ok || !is || call.Fn != syntax.Count {
		return false
	}
	return c.Op == syntax.Ge && num.Text == "1" || (c.Op == syntax.Eq || c.Op == syntax.Gt) && num.Text == "0"
}

func isDaysSince(v syntax.Value) bool {
	c, ok := v.(*syntax.Call)
	return ok && c.Fn == syntax.DaysSince
}

// daysIn is a length of time in days, 0 where it is not of whole ones.
func daysIn(d *syntax.Duration) int {
	switch d.String()[len(strconv.Itoa(d.N)):] {
	case "d":
		return d.N
	case "w":
		return 7 * d.N
	}
	return 0
}

// resizedWindow is a time of the last so many days with another length; "" for
// any other time. A bare number keeps the unit.
func resizedWindow(text string, dur *syntax.Duration, n string) string {
	w, err := syntax.ParseWindow(text)
	if text == "" || err != nil || w.Kind != syntax.WindowLast {
		return ""
	}
	if dur != nil {
		return "last " + dur.String()
	}
	k, err := strconv.Atoi(n)
	if err != nil || k < 1 {
		return ""
	}
	w.Duration.N = k
	return w.String()
}

// resizedValue are the values to rank by with another time.
func resizedValue(text string, dur *syntax.Duration, n string) []string {
	v, err := syntax.ParseValue(text)
	if text == "" || err != nil {
		return nil
	}
	done := false
	syntax.Walk(v, func(x syntax.Node) bool {
		if c, ok := x.(*syntax.Call); ok && c.Window != nil {
			if parsed, err := syntax.ParseWindow(resizedWindow(c.Window.String(), dur, n)); err == nil {
				c.Window, done = parsed, true
			}
		}
		return true
	})
	if !done {
		return nil
	}
	return []string{v.String()}
}
