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

// aheadRules read months and days without a year of dates that may be to come.
func aheadRules() map[pair]rule {
	return map[pair]rule{
		{cField, cMonthDay}: func(p *parse, a, b *node) []*node { return p.eitherYear(a, b) },
	}
}

// eitherYear is "contracts that end in November": of the last year that had one
// or of the next, as far as the data has such dates. Where it has both, they are
// two readings.
func (p *parse) eitherYear(field, day *node) []*node {
	past := p.latest(day)
	if len(past) == 0 {
		return nil
	}
	var out []*node
	for _, fi := range field.fields {
		f := p.ix.fields[fi]
		if f.event != "" || !f.isTime() || !p.ahead(f) || overlaps([]int{fi}, p.ix.concepts["birthday"]) {
			continue
		}
		for _, year := range []int{past[0].start.Year(), past[0].start.Year() + 1} {
			spans := p.monthDayIn(day, year)
			if len(spans) == 0 {
				continue
			}
			first, last := spans[0].start.Format("2006-01-02"), spans[0].end.AddDate(0, 0, -1)
			if first > f.high || last.Format("2006-01-02") < f.low {
				continue
			}
			out = append(out, condNode(p.betweenDays(&syntax.Name{Name: f.name}, first, last)))
		}
	}
	return out
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
