package course

import (
	"context"
	"time"

	"tesela/segment"
	"tesela/segment/migration"
	"tesela/segment/syntax"
)

// Outlook is what past moves say of the next step.
type Outlook struct {
	*migration.Forecast
	Until time.Time // the instant it is for, as long after the later point
	// Now are the sizes it starts from.
	Now []int
	// Check holds the step from the earlier point to the later against what
	// the steps before it would have said; nil where there are none.
	Check *migration.Check
}

// mostSteps is how many past steps are looked at: older ones say less of the
// next.
const mostSteps = 4

// Outlook carries the moves one step on: as long after the later point as the
// earlier one lies before it. It is made of the moves over that step and up to
// three before it, as far as the data go back. A base of customers (nil:
// everyone) is taken as of the beginning of each step, so that who is followed
// does not depend on what became of them; of those who join in a step, as of
// its end.
func (m *Moves) Outlook(ctx context.Context, src segment.Source, base syntax.Formula, seen *Seen, from, to Point) (*Outlook, error) {
	zone := src.Schema().Zone
	span := syntax.Duration{N: max(1, DaysBetween(from.At, to.At, zone)), Unit: syntax.Day}
	if from.Ago != nil && to.IsNow() {
		span = *from.Ago
	}
	first := firstRow(src.Schema())
	states := []*State{m.To, m.From}
	for at := m.From.At; len(states) <= mostSteps; {
		at = Back(at, span, zone)
		if !at.After(first) {
			break
		}
		st, err := m.Subject.Stand(ctx, src, seen, at)
		if err != nil {
			return nil, err
		}
		states = append(states, st)
	}
	among := func(at time.Time) (*segment.Set, error) {
		if base == nil {
			return segment.Everyone(src.Schema().Customers), nil
		}
		plan, err := segment.Compile(ctx, base, src, at)
		if err != nil {
			return nil, err
		}
		return plan.Run(ctx)
	}
	bases := make([]*segment.Set, len(states))
	for k, st := range states {
		var err error
		if bases[k], err = among(st.At); err != nil {
			return nil, err
		}
	}
	var steps []*migration.Matrix // the latest first
	for k := 0; k+1 < len(states); k++ {
		begin, end := states[k+1], states[k]
		followed := segment.NewSet(src.Schema().Customers)
		for i := range begin.codes {
			if begin.Code(i) > 0 && bases[k+1].Has(i) || begin.Code(i) == 0 && bases[k].Has(i) {
				followed.Add(i)
			}
		}
		steps = append(steps, Between(m.Subject, begin, end, followed).Matrix)
	}
	o := &Outlook{Until: Ahead(m.To.At, span, zone), Now: m.To.Sizes(bases[0])}
	o.Forecast = migration.Predict(steps, o.Now)
	if len(steps) > 1 {
		before := m.From.Sizes(bases[1])
		after := make([]int, len(o.Now))
		for t := range after {
			after[t] = steps[0].Col(t)
		}
		check := migration.Predict(steps[1:], before).Compare(before, after)
		o.Check = &check
	}
	return o, ctx.Err()
}

// firstRow is the time of the earliest row of all.
func firstRow(s *segment.Schema) time.Time {
	var first time.Time
	for _, e := range s.Events {
		if e.Rows > 0 && (first.IsZero() || e.First.Before(first)) {
			first = e.First
		}
	}
	return first
}
