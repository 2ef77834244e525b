package segment

import (
	"context"
	"fmt"

	"tesela/segment/column"
	"tesela/segment/lifecycle"
	"tesela/segment/syntax"
)

// lifecycleLayer is lifecycle.
type lifecycleLayer struct{}

const lifecycleName = "lifecycle"

type lifecycleParams struct {
	lapse   int // days; 0 is found in the data
	newSpan *syntax.Window
	stars   int
}

// lastYear is the window that revenue of late is taken in; lastMonth the one
// in which a first purchase is new.
func lastYear() *syntax.Window  { return lastWindow(1, syntax.Year) }
func lastMonth() *syntax.Window { return lastWindow(30, syntax.Day) }

func lastWindow(n int, unit syntax.Unit) *syntax.Window {
	return &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: n, Unit: unit}}
}

// longestLapse bounds the lapse point that may be set, in days.
const longestLapse = 36_500

func (lifecycleLayer) read(s *Schema, params []syntax.Param) (lifecycleParams, error) {
	r := readParams(lifecycleName, "lifecycle(lapse: 60, new: last 30d, star: 10)", params)
	p := lifecycleParams{lapse: r.whole("lapse", 0, 1, longestLapse), stars: r.whole("star", lifecycle.DefaultStars, 1, 100), newSpan: lastMonth()}
	if given := r.find("new", nil); given != nil {
		if w := r.asWindow("new", given, s.Zone); w != nil {
			p.newSpan = w
			if w.Kind != syntax.WindowLast {
				r.fail(given.Span, "new of lifecycle is a window up to the end, such as new: last 30d")
			}
		}
	}
	return p, r.done()
}

// Check implements Layer.
func (l lifecycleLayer) Check(s *Schema, params []syntax.Param) (column.Kind, []string, error) {
	if _, err := l.read(s, params); err != nil {
		return 0, nil, err
	}
	if _, err := commerceOf(s, lifecycleName); err != nil {
		return 0, nil, err
	}
	return column.Text, lifecycle.Labels(), nil
}

// Compute implements Layer.
func (l lifecycleLayer) Compute(ctx context.Context, u *Use) (*column.Column, error) {
	s := u.Source.Schema()
	p, err := l.read(s, u.Params)
	if err != nil {
		return nil, err
	}
	c, err := commerceOf(s, lifecycleName)
	if err != nil {
		return nil, err
	}
	rows, err := u.purchases(ctx, c)
	if err != nil {
		return nil, err
	}
	lapse, err := u.lapse(ctx, rows, p.lapse)
	if err != nil {
		return nil, err
	}
	u.noteLifecycle(lapse, p)
	facts, err := once(u, "lifecycle facts", func() (lifecycle.Facts, error) { return u.lifecycleFacts(ctx, c) })
	if err != nil {
		return nil, err
	}
	if facts.Returned, err = u.returned(ctx, rows, lapse.Days); err != nil {
		return nil, err
	}
	rules := lifecycle.Rules{Lapse: lapse.Days, Stars: p.stars}
	since, err := Resolve(p.newSpan, u.At, s.Zone)
	if err != nil {
		return nil, err
	}
	rules.NewSince = since.From
	return lifecycle.Stages(ctx, facts, rules)
}

// purchases are the rows of purchases that there are as of the use's instant.
func (u *Use) purchases(ctx context.Context, c commerce) (lifecycle.Purchases, error) {
	t, err := u.table(ctx, c.purchase.Name)
	p := lifecycle.Purchases{Table: t, Before: u.end(), Day: calendarOf(u.Source.Schema()).day}
	if t != nil {
		p.Days = column.NewSteps(t.Clock, leastDay, p.Day)
	}
	return p, err
}

// lapse gives the lapse point that is set, or finds it.
func (u *Use) lapse(ctx context.Context, rows lifecycle.Purchases, given int) (lifecycle.Lapse, error) {
	if given > 0 {
		return lifecycle.Lapse{Days: int64(given), Given: true}, nil
	}
	return once(u, "lapse", func() (lifecycle.Lapse, error) {
		if rows.Table == nil {
			return lifecycle.Gaps{}.Lapse(), nil
		}
		parts := make([]lifecycle.Gaps, partsOf(rows.Table))
		err := eachPart(ctx, rows.Table, func(part, lo, hi int) { parts[part].Count(rows, lo, hi) })
		var all lifecycle.Gaps
		for _, g := range parts {
			all.Merge(g)
		}
		return all.Lapse(), err
	})
}

// returned tells who came back after a gap of more than the lapse point within
// the lapse point's days.
func (u *Use) returned(ctx context.Context, rows lifecycle.Purchases, lapse int64) ([]bool, error) {
	s := u.Source.Schema()
	out := make([]bool, s.Customers)
	if rows.Table == nil {
		return out, nil
	}
	span, err := Resolve(lastWindow(int(lapse), syntax.Day), u.At, s.Zone)
	if err != nil {
		return nil, err
	}
	return out, eachPart(ctx, rows.Table, func(_, lo, hi int) { lifecycle.Returned(rows, lo, hi, span.From, lapse, out) })
}

func (u *Use) lifecycleFacts(ctx context.Context, c commerce) (lifecycle.Facts, error) {
	vs, err := u.figures(
		ctx, c, lastYear(),
		&syntax.Call{Fn: syntax.DaysSince, Event: c.purchase.Name},
		&syntax.Call{Fn: syntax.First, Event: c.purchase.Name},
	)
	if err != nil {
		return lifecycle.Facts{}, err
	}
	revenue, err := revenueKeys(vs[0], vs[1])
	return lifecycle.Facts{Days: vs[2].vec.ints, First: vs[3].vec.ints, Revenue: revenue}, err
}

// noteLifecycle says what the stages were told by and how the lapse point was
// found.
func (u *Use) noteLifecycle(l lifecycle.Lapse, p lifecycleParams) {
	args := map[string]any{"days": l.Days}
	switch {
	case l.Given:
		u.Note(Note{Code: "lapse_set", Args: args, Text: fmt.Sprintf("the lapse point is set to %d days", l.Days)})
	case l.Gaps == 0:
		u.Note(Note{Code: "lapse_no_gaps", Args: args, Text: fmt.Sprintf("nobody bought on two days, so the lapse point is the least there may be, %d days", l.Days)})
	case l.Found < l.Days:
		args["percentile"], args["gaps"], args["found"] = int64(lifecycle.Percentile), l.Gaps, l.Found
		u.Note(Note{
			Code: "lapse_least", Args: args,
			Text: fmt.Sprintf("the lapse point is %d days, the least there may be: %d%% of the %d gaps between purchase days are of at most %d days", l.Days, lifecycle.Percentile, l.Gaps, l.Found),
		})
	default:
		args["percentile"], args["gaps"] = int64(lifecycle.Percentile), l.Gaps
		u.Note(Note{
			Code: "lapse_found", Args: args,
			Text: fmt.Sprintf("the lapse point is %d days: %d%% of the %d gaps between purchase days are of at most so many", l.Days, lifecycle.Percentile, l.Gaps),
		})
	}
	u.Note(Note{
		Code: "lifecycle_rules", Args: map[string]any{"new": p.newSpan.String(), "stars": int64(p.stars)},
		Text: fmt.Sprintf("new: the first purchase in the %s; star: the top %d%% by revenue in the last 1y", p.newSpan, p.stars),
	})
}
