package profile

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// purchases finds what stands out among them.
func (p *Profile) purchases(rows []events, s *segment.Schema, at time.Time) {
	for _, e := range rows {
		if len(e.list) == 0 {
			continue
		}
		first := Moment{Kind: FirstEvent, Time: time.UnixMicro(e.list[0].time).In(s.Zone), Event: e.event, Amount: e.list[0].amount}
		switch e.event {
		case s.Roles[purchaseRole]:
			p.Purchases = len(e.list)
			p.Spent = total(e.list)
			p.Moments = append(p.Moments, first)
			p.largest(e, s)
			p.lapses(e, s, at)
		case s.Roles[refundRole]:
			p.Refunded = total(e.list)
			p.Moments = append(p.Moments, first)
		case s.Roles["unsubscribe"]:
			p.Moments = append(p.Moments, first)
		}
	}
}

func total(list []occasion) *big.Rat {
	var sum *big.Rat
	for _, o := range list {
		if o.amount != nil {
			if sum == nil {
				sum = new(big.Rat)
			}
			sum.Add(sum, o.amount)
		}
	}
	return sum
}

// largest is told where there is more than one to choose from.
func (p *Profile) largest(e events, s *segment.Schema) {
	best := -1
	for i, o := range e.list {
		if o.amount != nil && (best < 0 || o.amount.Cmp(e.list[best].amount) > 0) {
			best = i
		}
	}
	if best < 0 || len(e.list) < 2 {
		return
	}
	o := e.list[best]
	p.Moments = append(p.Moments, Moment{Kind: Largest, Time: time.UnixMicro(o.time).In(s.Zone), Event: e.event, Amount: o.amount})
}

// lapses are gaps between purchase days beyond the lapse point, and the days
// since the last one where these are.
func (p *Profile) lapses(e events, s *segment.Schema, at time.Time) {
	if p.Lapse == 0 {
		return
	}
	var found []Moment
	add := func(kind Kind, from, to int64, end time.Time) {
		if days := int(to - from); days > p.Lapse {
			found = append(found, Moment{Kind: kind, Time: end, Event: e.event, Days: days})
		}
	}
	for i := 1; i < len(e.list); i++ {
		end := time.UnixMicro(e.list[i].time).In(s.Zone)
		add(Lapse, day(e.list[i-1].time, s.Zone), day(e.list[i].time, s.Zone), end)
	}
	last := at.Add(-1)
	add(Lapsed, day(e.list[len(e.list)-1].time, s.Zone), day(last.UnixMicro(), s.Zone), last.In(s.Zone))
	p.Moments = append(p.Moments, found[max(0, len(found)-mostLapses):]...)
}

// day numbers local days.
func day(micros int64, zone *time.Location) int64 {
	y, m, d := time.UnixMicro(micros).In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// stand finds layers and scores now and a year ago.
func (p *Profile) stand(ctx context.Context, src segment.Source, at time.Time, who int) error {
	s := src.Schema()
	for _, l := range segment.Analyses().Describe(s) {
		if _, hidden := s.Trait(l.Name); hidden {
			continue // formulas mean the trait by it
		}
		p.Standings = append(p.Standings, Standing{Name: l.Name, Value: &syntax.Name{Name: l.Name}})
	}
	if len(p.Standings) == 0 {
		return nil
	}
	values := make([]syntax.Value, len(p.Standings))
	for i, l := range p.Standings {
		values[i] = l.Value
	}
	for _, when := range []time.Time{at, p.YearAgo} {
		plan, err := segment.CompileValues(ctx, values, src, when)
		if err != nil {
			return err
		}
		all, err := plan.Run(ctx)
		if err != nil {
			return err
		}
		for i, v := range all {
			if when.Equal(at) {
				p.Standings[i].Now = v.Cell(who)
				p.lapsePoint(v)
			} else {
				p.Standings[i].Before = v.Cell(who)
			}
		}
	}
	return nil
}

// lapsePoint takes the lapse point from what the stages were told by.
func (p *Profile) lapsePoint(v *segment.Values) {
	for _, n := range v.Notes() {
		switch days := n.Args["days"].(type) {
		case int64:
			if isLapse(n.Code) {
				p.Lapse = int(days)
			}
		case int:
			if isLapse(n.Code) {
				p.Lapse = days
			}
		}
	}
}

func isLapse(code string) bool {
	return slices.Contains([]string{"lapse_found", "lapse_least", "lapse_no_gaps", "lapse_set"}, code)
}

// stages are the moves between stages of the life cycle, looked at where each
// of the last months began, and at T.
func (p *Profile) stages(ctx context.Context, src segment.Source, at time.Time, who int) error {
	stage := &syntax.Name{Name: "lifecycle"}
	if !slices.ContainsFunc(p.Standings, func(s Standing) bool { return s.Name == stage.Name }) {
		return nil
	}
	zone := src.Schema().Zone
	l := at.In(zone)
	var times []time.Time
	for k := stageMonths; k >= 0; k-- {
		if t := time.Date(l.Year(), l.Month()-time.Month(k), 1, 0, 0, 0, 0, zone); t.Before(at) {
			times = append(times, t)
		}
	}
	times = append(times, at)
	before := ""
	for i, t := range times {
		plan, err := segment.CompileValue(ctx, stage, src, t)
		if err != nil {
			var role *segment.RoleError
			if errors.As(err, &role) {
				return nil
			}
			return err
		}
		v, err := plan.Run(ctx)
		if err != nil {
			return err
		}
		now, _ := v.Cell(who).(string)
		if i > 0 && now != before {
			p.Moments = append(p.Moments, Moment{Kind: StageMove, Time: t.Add(-1).In(zone), From: before, To: now})
		}
		before = now
	}
	return nil
}
