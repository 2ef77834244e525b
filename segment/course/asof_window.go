package course

import (
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// later tells whether a point lies after then.
func (r *rewriter) later(p syntax.Point) bool {
	at, err := instantOf(p, r.p.At, r.schema.Zone)
	return err != nil || at.After(r.p.At)
}

// window makes a window of then absolute.
func (r *rewriter) window(w *syntax.Window) *syntax.Window {
	zone := r.schema.Zone
	span, err := segment.Resolve(w, r.p.At, zone)
	if err != nil {
		r.fail()
		return w
	}
	to := r.p.point()
	if end := time.UnixMicro(span.To).In(zone); !end.Equal(r.p.At) {
		switch w.Kind {
		case syntax.WindowFromTo:
			to = r.place(w.To, end, true)
		case syntax.WindowBefore:
			to = r.place(w.From, end, true)
		default:
			to = r.place(syntax.Point{}, end, false)
		}
	}
	if span.From == math.MinInt64 {
		return &syntax.Window{Kind: syntax.WindowBefore, From: to}
	}
	var from syntax.Point
	begin := time.UnixMicro(span.From).In(zone)
	switch w.Kind {
	case syntax.WindowLast:
		from = r.place(syntax.Point{Ago: &w.Duration}, begin, true)
	case syntax.WindowFromTo, syntax.WindowSince:
		from = r.place(w.From, begin, true)
	default:
		from = r.place(syntax.Point{}, begin, false)
	}
	return &syntax.Window{Kind: syntax.WindowFromTo, From: from, To: to}
}

// place names the instant that a point of then is; a point that goes by dates
// stays as it was written.
func (r *rewriter) place(p syntax.Point, at time.Time, written bool) syntax.Point {
	if written && p.Ago != nil && r.wholeDays() && p.Ago.Unit != syntax.Hour && p.Ago.Unit != syntax.Minute {
		days := func(d *syntax.Duration) int {
			switch d.Unit {
			case syntax.Day:
				return d.N
			case syntax.Week:
				return 7 * d.N
			}
			return 0
		}
		if n := days(p.Ago); n > 0 {
			sum := syntax.Duration{N: n + days(r.p.Ago), Unit: syntax.Day}
			if Back(r.p.Now, sum, r.schema.Zone).Equal(at) {
				return syntax.Point{Ago: &sum}
			}
		}
	}
	if written && p.Date != nil {
		if t, err := instantOf(p, r.p.At, r.schema.Zone); err == nil && t.Equal(at) {
			return syntax.Point{Date: p.Date}
		}
	}
	r.fixed = r.fixed || r.p.Ago != nil
	return syntax.Point{Date: dateOf(at, r.schema.Zone)}
}
