package planner

import (
	"time"

	"tesela/segment/syntax"
)

// due is a date of customers in the time from T on: in the next 60 days, or
// in the calendar's next month.
func (p *parse) due(field string, next *node) []*node {
	now := p.asOf.In(p.zone)
	start, end := now, now
	unit := string(next.dur.Unit)
	switch {
	case next.form == "calendar" && (unit == "w" || unitMonths(unit) > 0) && next.dur.N == 1:
		start = stepUnits(opens(now.Add(-time.Nanosecond), unit), 1, unit)
		end = stepUnits(start, 1, unit)
	case unit == "d" || unit == "w" || unitMonths(unit) > 0:
		end = stepUnits(now, next.dur.N, unit)
	default:
		return nil
	}
	n := condNode(p.betweenDays(&syntax.Name{Name: field}, start.Format("2006-01-02"), end.AddDate(0, 0, -1)))
	n.cost = plainGain // what is due is no forecast
	return one(n)
}

// afterAnother tells whether each time that is counted from another one ("the
// 60 days before that") follows one.
func (s *parts) afterAnother() bool {
	for i, c := range s.conds {
		if c.clause != nil && c.clause.preceding != nil && (i == 0 || s.conds[i-1].clause == nil || s.conds[i-1].clause.win == nil) {
			return false
		}
	}
	return true
}
