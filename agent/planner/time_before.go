package planner

import (
	"encoding/json"
	"slices"
	"time"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// The time before another: "and the month before?" behind a question of May is
// April, whatever month it is today.

// beforeIt is the whole period of a unit right before a whole one; nil for
// other times.
func (p *parse) beforeIt(w *syntax.Window, unit string) *syntax.Window {
	start, end, ok := p.boundsOf(w)
	if !ok || !unitsOn(start, unit, 1).Equal(end) {
		return nil
	}
	return p.spanWindow(unitsOn(start, unit, -1), start)
}

// earlierBy is a time moved back by a unit that is no shorter: the May of the
// year before; nil for other times.
func (p *parse) earlierBy(w *syntax.Window, unit string) *syntax.Window {
	start, end, ok := p.boundsOf(w)
	if !ok || unitsOn(start, unit, 1).Before(end) {
		return nil
	}
	return p.spanWindow(unitsOn(start, unit, -1), unitsOn(end, unit, -1))
}

// asLongBefore is the time right before another that is as long.
func (p *parse) asLongBefore(w *syntax.Window) *syntax.Window {
	if w != nil && w.Kind == syntax.WindowLast {
		return preceding(w, &w.Duration)
	}
	for _, unit := range []string{"w", "mo", "q", "semester", "y"} {
		if before := p.beforeIt(w, unit); before != nil {
			return before
		}
	}
	return nil
}

// boundsOf are the first and the next midnight of a calendar period, the whole of
// one that is still going on; ok is false for times counted back from T.
func (p *parse) boundsOf(w *syntax.Window) (start, end time.Time, ok bool) {
	if w == nil {
		return start, end, false
	}
	switch w.Kind {
	case syntax.WindowPeriod:
		for unit, name := range periodNames {
			for _, which := range []string{"this", "last"} {
				if w.Period != which+" "+name {
					continue
				}
				for _, n := range p.period(which, unit) {
					if n.cat == cSpan {
						return n.start, n.end, true
					}
				}
			}
		}
		for layout, unit := range map[string]string{"2006": "y", "2006-01": "mo"} {
			if t, err := time.ParseInLocation(layout, w.Period, p.zone); err == nil {
				return t, unitsOn(t, unit, 1), true
			}
		}
	case syntax.WindowFromTo:
		if w.From.Date == nil || w.To.Date == nil {
			return start, end, false
		}
		a, err := time.ParseInLocation(time.DateOnly, w.From.Date.Text, p.zone)
		b, err2 := time.ParseInLocation(time.DateOnly, w.To.Date.Text, p.zone)
		return a, b, err == nil && err2 == nil
	}
	return start, end, false
}

// spanWindow is the time between two midnights, by its name where it has one.
func (p *parse) spanWindow(start, end time.Time) *syntax.Window {
	period := ""
	switch {
	case start.Day() != 1:
	case start.Month() == 1 && unitsOn(start, "y", 1).Equal(end):
		period = start.Format("2006")
	case unitsOn(start, "mo", 1).Equal(end):
		period = start.Format("2006-01")
	}
	return p.span(start, end, period)[1].win
}

// unitsOn is a midnight so many units of the calendar after another.
func unitsOn(t time.Time, unit string, n int) time.Time {
	if unit == "w" {
		return t.AddDate(0, 0, 7*n)
	}
	return t.AddDate(0, n*unitMonths(unit), 0)
}

// askedTime is the one time that a call asks of, nil for none or several.
func askedTime(call *model.Call) *syntax.Window {
	var args struct{ Formula, Window string }
	if json.Unmarshal(call.Args, &args) != nil {
		return nil
	}
	if w, err := syntax.ParseWindow(args.Window); err == nil && args.Window != "" {
		return w
	}
	return onlyWindow(parseOr(args.Formula))
}

// timesBefore reads times that are told as before that of the last question, "and
// the month before?", "¿y los 30 anteriores?", "and the previous one?".
func (p *parse) timesBefore(call *model.Call) {
	w := askedTime(call)
	if w == nil {
		return
	}
	for i := range p.toks {
		for j := i + 1; j <= len(p.toks); j++ {
			for _, n := range slices.Clone(p.cells[i][j]) {
				var before *syntax.Window
				switch {
				case string(n.cat) == "unit_before":
					if before = p.beforeIt(w, n.attr); before == nil {
						before = p.earlierBy(w, n.attr)
					}
				case n.cat == cTimeBefore && w.Kind == syntax.WindowLast:
					before = preceding(w, n.dur)
				case n.cat == cTimeBefore && n.dur.N == 1:
					if before = p.beforeIt(w, string(n.dur.Unit)); before == nil {
						before = p.earlierBy(w, string(n.dur.Unit))
					}
				case n.cat == cWin && n.win != nil && w.Kind == syntax.WindowLast && n.win.String() == w.String():
					before = preceding(w, &w.Duration) // "the previous 30 days"
				case string(n.cat) == "prior" && p.endsAt(j) && j > i+1:
					before = p.asLongBefore(w)
				}
				if before != nil {
					p.add(&node{cat: cWin, from: i, to: j, win: before, cost: n.cost - 0.3})
				}
			}
		}
	}
}
