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
// three before it, as far as the data go back. A base of customers is taken as
// of the beginning of each step, so that who is followed does not depend on
// what became of them; nil is everyone.
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
	var steps []*migration.Matrix // the latest first
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
	var earlier *segment.Set // the base as of m.From
	for k := 0; k+1 < len(states); k++ {
		set, err := among(states[k+1].At)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			earlier = set
		}
		step := Between(m.Subject, states[k+1], states[k], set)
		if base != nil { // those who are not there yet are in no base
			for t := range step.Matrix.Cols {
				step.Matrix.Add(step.JoinedRow(), t, -step.Matrix.At(step.JoinedRow(), t))
			}
		}
		steps = append(steps, step.Matrix)
	}
	current, err := among(m.To.At)
	if err != nil {
		return nil, err
	}
	o := &Outlook{Until: Ahead(m.To.At, span, zone), Now: m.To.Sizes(current)}
	o.Forecast = migration.Predict(steps, o.Now)
	if len(steps) > 1 {
		before := m.From.Sizes(earlier)
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
