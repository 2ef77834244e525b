package course

import (
	"context"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/hindsight"
	"tesela/segment/syntax"
)

// Alarms are a segment held against what came after it.
type Alarms struct {
	Dates []AlarmDate
	// Pooled counts each customer once per date; its intervals go by customer.
	Pooled hindsight.Quality
	// Customers were named at one of the dates at least; Caught of them had
	// the outcome within the horizon of the first date they were named.
	Customers, Caught int
	// Ahead is for each of the Caught how many local days lay between that
	// first date and the outcome.
	Ahead []int
	// Step is how many days apart the outcome was looked for.
	Step int
}

// AlarmDate is one date.
type AlarmDate struct {
	At time.Time
	hindsight.Quality
	Ahead []int // days until the outcome, of the hits
}

// mostLooks is how often the outcome is looked for at most, beside the dates
// themselves and the ends of their horizons.
const mostLooks = 40

// Alarm asks of each date: of the customers who were there and for whom the
// outcome was not yet true, which did the alarm name, and for which did the
// outcome become true within the horizon? Both are evaluated as of the date, so
// that the alarm sees nothing of what came later. The outcome is looked for
// every Step days, and at the end of the horizon.
func Alarm(ctx context.Context, src segment.Source, alarm, outcome syntax.Formula, seen *Seen, dates []time.Time, horizon syntax.Duration, progress func(done, total int)) (*Alarms, error) {
	a := &Alarms{}
	zone := src.Schema().Zone
	n := src.Schema().Customers
	looks := a.looks(dates, horizon, zone)
	var named []*segment.Set // by date
	outcomes := map[int64]*segment.Set{}
	done := 0
	step := func() {
		if done++; progress != nil {
			progress(min(done, len(looks)), len(looks))
		}
	}
	for _, d := range dates {
		plan, err := segment.CompileEach(ctx, []syntax.Formula{alarm, outcome}, src, d)
		if err != nil {
			return nil, err
		}
		sets, err := plan.RunEach(ctx)
		if err != nil {
			return nil, err
		}
		named = append(named, sets[0])
		outcomes[d.UnixMicro()] = sets[1]
		step()
	}
	for _, at := range looks {
		if outcomes[at.UnixMicro()] != nil {
			continue
		}
		plan, err := segment.Compile(ctx, outcome, src, at)
		if err != nil {
			return nil, err
		}
		if outcomes[at.UnixMicro()], err = plan.Run(ctx); err != nil {
			return nil, err
		}
		step()
	}
	pool := hindsight.NewPool(n)
	first := make([]bool, n) // was named before
	for k, d := range dates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		start := d.UnixMicro()
		there := segment.NewSet(n)
		for i := range n {
			if seen.Before(i, start) {
				there.Add(i)
			}
		}
		eligible := there.AndNot(outcomes[start])
		end := Ahead(d, horizon, zone)
		days := make([]int32, n) // until the outcome, 0 for none
		waiting := eligible
		for _, at := range looks {
			if !at.After(d) || at.After(end) {
				continue
			}
			since := int32(DaysBetween(d, at, zone))
			waiting.And(outcomes[at.UnixMicro()]).Each(func(i int) { days[i] = max(1, since) })
			waiting = waiting.AndNot(outcomes[at.UnixMicro()])
		}
		date := AlarmDate{At: d}
		var c hindsight.Counts
		eligible.Each(func(i int) {
			in, had := named[k].Has(i), days[i] > 0
			pool.Add(i, in, had)
			c.Add(hindsight.Counts{Eligible: 1, Named: int(bit(in)), Had: int(bit(had)), Hits: int(bit(in && had))})
			if in && had {
				date.Ahead = append(date.Ahead, int(days[i]))
			}
			if in && !first[i] {
				first[i] = true
				a.Customers++
				if had {
					a.Caught++
					a.Ahead = append(a.Ahead, int(days[i]))
				}
			}
		})
		date.Quality = hindsight.Of(c)
		a.Dates = append(a.Dates, date)
	}
	a.Pooled = pool.Quality()
	return a, ctx.Err()
}

// looks are the instants at which the outcome is looked for, ascending.
func (a *Alarms) looks(dates []time.Time, horizon syntax.Duration, zone *time.Location) []time.Time {
	if len(dates) == 0 {
		return nil
	}
	begin, end := dates[0], Ahead(dates[len(dates)-1], horizon, zone)
	whole := DaysBetween(begin, end, zone)
	a.Step = max(1, (DaysBetween(begin, Ahead(begin, horizon, zone), zone)+11)/12, (whole+mostLooks-1)/mostLooks)
	var looks []time.Time
	for at := begin; at.Before(end); at = Ahead(at, syntax.Duration{N: a.Step, Unit: syntax.Day}, zone) {
		looks = append(looks, at)
	}
	for _, d := range dates {
		looks = append(looks, d, Ahead(d, horizon, zone))
	}
	slices.SortFunc(looks, time.Time.Compare)
	return slices.CompactFunc(looks, time.Time.Equal)
}
