package tools

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/hindsight"
	"tesela/segment/syntax"
)

//go:embed backtest_segment.md
var backtestSegmentText string

// mostDates is at how many dates a segment is held against what came after.
const mostDates = 60

func backtestSegment(ctx context.Context, c *call, args *BacktestSegmentArgs) (*Result, error) {
	f, err := c.segmentOrFormula("formula", args.Formula)
	if err != nil {
		return nil, err
	}
	args.Formula = f.String()
	if args.Outcome = strings.TrimSpace(args.Outcome); args.Outcome == "" {
		args.Outcome = `lifecycle = "churned"`
	}
	outcome, err := c.segmentOrFormula("outcome", args.Outcome)
	if err != nil {
		return nil, err
	}
	args.Outcome = outcome.String()
	if args.Per == "" {
		args.Per = "month"
	}
	horizon, err := c.duration("horizon", &args.Horizon, "90d")
	if err != nil {
		return nil, err
	}
	from, dates, err := c.backtestDates(args, horizon)
	if err != nil {
		return nil, err
	}
	for argument, f := range map[string]syntax.Formula{"formula": f, "outcome": outcome} {
		for _, at := range []time.Time{dates[0], c.at} {
			if _, err := segment.Compile(ctx, f, c.src, at); err != nil {
				return nil, c.wrong(argument, err, f)
			}
		}
	}
	seen, err := course.FirstSeen(ctx, c.src)
	if err != nil {
		return nil, err
	}
	alarms, err := course.Alarm(ctx, c.src, f, outcome, seen, dates, horizon, c.progress("progress_outcome"))
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title:  c.say("title_backtest_segment", params{"formula": args.Formula, "outcome": args.Outcome, "horizon": args.Horizon}),
		Values: map[string]any{"dates": len(dates), "from": c.dated(from)},
		Units:  map[string]string{},
		Columns: []Column{
			{Name: "date", Kind: "date"},
			{Name: "eligible", Kind: "count", Unit: "customers"},
			{Name: "named", Kind: "count", Unit: "customers"},
			{Name: "had", Kind: "count", Unit: "customers"},
			{Name: "hits", Kind: "count", Unit: "customers"},
			{Name: "precision", Kind: "rate"},
			{Name: "recall", Kind: "rate"},
			{Name: "base_rate", Kind: "rate"},
			{Name: "lift", Kind: "number"},
			{Name: "lift_low", Kind: "number"},
			{Name: "lift_high", Kind: "number"},
			{Name: "days_ahead", Kind: "number", Unit: "days"},
		},
		Rows:  [][]any{},
		Chart: &Chart{Type: "line", X: "date", Y: "precision"},
	}
	for _, d := range alarms.Dates {
		var ahead any
		if _, median, _, ok := hindsight.Quartiles(d.Ahead); ok {
			ahead = median
		}
		r.Rows = append(r.Rows, []any{
			localDay(d.At, c.schema), d.Eligible, d.Named, d.Had, d.Hits,
			rateCell(d.Precision.Value), rateCell(d.Recall.Value), rateCell(d.Base.Value),
			figureCell(d.Lift.Value, 3), figureCell(d.Lift.Low, 3), figureCell(d.Lift.High, 3), ahead,
		})
	}
	c.backtestValues(r, alarms)
	if err := c.backtestNow(ctx, r, f, outcome); err != nil {
		return nil, err
	}
	c.note("backtest_how", params{"horizon": args.Horizon, "n": alarms.Step})
	c.note("backtest_pooled", nil)
	if alarms.Caught > 0 {
		c.note("backtest_ahead", params{"n": alarms.Customers, "caught": alarms.Caught, "step": alarms.Step})
	}
	if seen.Unknown > 0 {
		c.note("seen_unknown", params{"n": seen.Unknown})
	}
	c.noteSubject(course.Subject{Segment: f}, outcome)
	return r, nil
}

// rateCell is a rate; nil where there is none.
func rateCell(x float64) any {
	if x != x {
		return nil
	}
	return x
}

// backtestDates are the ends of periods from which the horizon lies within the
// data.
func (c *call) backtestDates(args *BacktestSegmentArgs, horizon syntax.Duration) (course.Point, []time.Time, error) {
	none := course.Point{}
	from, err := c.pointOf(pointArgument{name: "from", text: &args.From, fallback: "1y ago"})
	if err != nil {
		return none, nil, err
	}
	last := course.DateAt(course.Back(c.at, horizon, c.schema.Zone), c.at, c.schema.Zone)
	to := last
	if strings.TrimSpace(args.To) != "" {
		if to, err = c.pointOf(pointArgument{name: "to", text: &args.To, end: true}); err != nil {
			return none, nil, err
		}
		if to.At.After(last.At) {
			c.note("backtest_last", params{"date": c.dated(last), "horizon": args.Horizon})
			to = last
		}
	}
	args.To = to.String()
	if from.At.After(to.At) {
		return none, nil, c.fault("from", "%s leaves no date whose %s lie within the data, the last such is %s; give an earlier from or a shorter horizon", c.dated(from), args.Horizon, c.dated(to))
	}
	ends, more := course.Ends(from.At, to.At, args.Per, c.schema.Zone, mostDates)
	if more {
		return none, nil, c.fault("per", "from %s to %s there are more than %d ends of a %s; give a longer period or dates that lie closer", c.dated(from), c.dated(to), mostDates, args.Per)
	}
	var dates []time.Time
	for _, e := range ends {
		if !e.Partial || len(ends) == 1 { // no period ends in between: the last date itself
			dates = append(dates, e.At)
		}
	}
	return from, dates, nil
}

// duration reads a length of time and makes the argument canonical.
func (c *call) duration(argument string, text *string, fallback string) (syntax.Duration, error) {
	if *text = strings.TrimSpace(*text); *text == "" {
		*text = fallback
	}
	w, err := syntax.ParseWindow("last " + *text)
	if err != nil || w.Kind != syntax.WindowLast || w.Duration.Unit == syntax.Minute || w.Duration.Unit == syntax.Hour {
		return syntax.Duration{}, c.fault(argument, "expected a length of time in days, weeks, months or longer such as 90d, got %q", *text)
	}
	*text = strings.TrimPrefix(w.String(), "last ")
	return w.Duration, nil
}

// backtestValues tells all dates together.
func (c *call) backtestValues(r *Result, a *course.Alarms) {
	v, q := r.Values, a.Pooled
	v["eligible"], v["named"], v["had"], v["hits"] = q.Eligible, q.Named, q.Had, q.Hits
	v["alarmed"], v["caught"] = a.Customers, a.Caught
	r.Units["alarmed"], r.Units["caught"] = "customers", "customers"
	for name, f := range map[string]hindsight.Figure{"precision": q.Precision, "recall": q.Recall, "base_rate": q.Base} {
		if value := rateCell(f.Value); value != nil {
			v[name], v[name+"_low"], v[name+"_high"] = f.Value, f.Low, f.High
			r.Units[name], r.Units[name+"_low"], r.Units[name+"_high"] = "rate", "rate", "rate"
		}
	}
	if lift := figureCell(q.Lift.Value, 3); lift != nil {
		v["lift"], v["lift_low"], v["lift_high"] = lift, figureCell(q.Lift.Low, 3), figureCell(q.Lift.High, 3)
	}
	if lower, median, upper, ok := hindsight.Quartiles(a.Ahead); ok {
		v["days_ahead"], v["days_ahead_lower"], v["days_ahead_upper"] = median, lower, upper
		for _, name := range []string{"days_ahead", "days_ahead_lower", "days_ahead_upper"} {
			r.Units[name] = "days"
		}
	}
}

// backtestNow tells who is named now and has not had the outcome.
func (c *call) backtestNow(ctx context.Context, r *Result, alarm, outcome syntax.Formula) error {
	now := syntax.All(alarm, &syntax.Not{X: outcome})
	plan, err := segment.Compile(ctx, now, c.src, c.at)
	if err != nil {
		return err
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return err
	}
	n := set.Len()
	r.Values["named_now"], r.Units["named_now"] = n, "customers"
	r.Segments = []Segment{{Name: "named now", Formula: now.String(), Text: c.say("named_now", nil), Size: n, Share: share(n, c.schema.Customers)}}
	if !slices.ContainsFunc(r.Rows, func(row []any) bool { return row[2] != 0 }) {
		c.note("backtest_nobody", nil)
	}
	return nil
}
