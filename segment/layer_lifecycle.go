package segment

import (
	"context"
	"fmt"
	"time"

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
	days, err := once(u, fmt.Sprint("purchase days ", p.lapse == 0), func() (lifecycle.Days, error) {
		return lifecycle.Walk(ctx, rows, p.lapse == 0)
	})
	if err != nil {
		return nil, err
	}
	lapse := lifecycle.Lapse{Days: int64(p.lapse), Given: true}
	if p.lapse == 0 {
		lapse = days.Gaps.Lapse()
	}
	u.noteLifecycle(lapse, p)
	rules := lifecycle.Rules{Today: civilDay(lastDay(u.At, s.Zone)), Lapse: lapse.Days, Stars: p.stars}
	if rules.Lost = !u.apart(lifecycle.New, lifecycle.Active, lifecycle.Star, lifecycle.Reactivated); !rules.Lost {
		if rules.NewSince, err = sinceOf(p.newSpan, u.At, s.Zone); err != nil {
			return nil, err
		}
		if rules.Since, err = sinceOf(lastWindow(int(lapse.Days), syntax.Day), u.At, s.Zone); err != nil {
			return nil, err
		}
		if u.apart(lifecycle.Active, lifecycle.Star) {
			if rules.Revenue, err = u.revenue(ctx, c, lastYear()); err != nil {
				return nil, err
			}
		}
	}
	return lifecycle.Stages(ctx, s.Customers, rows, days.Last, rules)
}

// sinceOf is the instant at which a window begins.
func sinceOf(w *syntax.Window, at time.Time, zone *time.Location) (int64, error) {
	span, err := Resolve(w, at, zone)
	return span.From, err
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
