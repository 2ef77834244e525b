package tools

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/reengage"
	"tesela/segment/syntax"
)

//go:embed simulate_reengagement.md
var simulateReengagementText string

// longestFlow is the most days that a flow is played over.
const longestFlow = 3660

func simulateReengagement(ctx context.Context, c *call, args *SimulateReengagementArgs) (*Result, error) {
	f, err := c.readFlow(ctx, args)
	if err != nil {
		return nil, err
	}
	f.flow, err = reengage.Simulate(ctx, c.src, f.query)
	if errors.Is(err, reengage.ErrNothing) {
		return nil, &CannotError{Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": "visit"}, Message: c.say("cannot_reengage", nil)}
	}
	if err != nil {
		return nil, err
	}
	args.Events = f.flow.Query.Events
	r := f.result()
	if err := f.segments(ctx, r); err != nil {
		return nil, err
	}
	f.notes()
	return r, nil
}

// flowTelling is a flow being told.
type flowTelling struct {
	*call
	args     *SimulateReengagementArgs
	base     syntax.Formula // nil is everyone
	query    reengage.Query
	from, to course.Point
	flow     *reengage.Flow
}

// readFlow reads the arguments and makes them canonical.
func (c *call) readFlow(ctx context.Context, args *SimulateReengagementArgs) (*flowTelling, error) {
	t := &flowTelling{call: c, args: args}
	args.Days = cmp.Or(args.Days, reengage.DefaultDays)
	args.LastCall = cmp.Or(args.LastCall, reengage.DefaultLastCall)
	args.Remove = cmp.Or(args.Remove, reengage.DefaultRemove)
	t.query = reengage.Query{Days: args.Days, LastCall: args.LastCall, Remove: args.Remove}
	var err error
	if t.query.Events, err = c.eventsNamed("events", args.Events); err != nil {
		return nil, err
	}
	if t.base, err = c.baseOf(ctx, &args.Formula); err != nil {
		return nil, err
	}
	if t.to, err = c.pointOf(pointArgument{name: "to", text: &args.To, end: true}); err != nil {
		return nil, err
	}
	if t.from, err = c.pointOf(pointArgument{name: "from", text: &args.From, fallback: "3mo ago"}); err != nil {
		return nil, err
	}
	switch days := course.DaysBetween(t.from.At, t.to.At, c.schema.Zone); {
	case days < 1:
		return nil, c.fault("from", "no day ends between %s and %s; give a from that lies days before to", c.dated(t.from), c.dated(t.to))
	case days > longestFlow:
		return nil, c.fault("from", "from %s to %s are more than %d days; give a later from", c.dated(t.from), c.dated(t.to), longestFlow)
	}
	t.query.From, t.query.To = t.from.At, t.to.At
	if t.base != nil {
		if t.query.Base, err = c.members(ctx, t.base); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// members are who satisfies a checked formula now.
func (c *call) members(ctx context.Context, f syntax.Formula) (*segment.Set, error) {
	plan, err := segment.Compile(ctx, f, c.src, c.at)
	if err != nil {
		return nil, err
	}
	return plan.Run(ctx)
}

// flowStep says under which names a step's figures stand.
type flowStep struct{ entered, returned string }

var flowSteps = [reengage.Steps]flowStep{
	{"messages", "message_returns"},
	{"last_calls", "last_call_returns"},
	{"removals", "removal_returns"},
}

func (t *flowTelling) result() *Result {
	f := t.flow
	per := flowPeriod(len(f.Byday))
	r := &Result{
		Title: t.say("title_simulate_reengagement", nil),
		Values: map[string]any{
			"from": t.dated(t.from), "to": lastDayBefore(t.to, t.schema.Zone),
			"customers": f.Customers, "already_silent": f.Backlog, "barred": f.Barred, "never_active": f.Never,
		},
		Units:   map[string]string{"customers": "customers", "already_silent": "customers", "never_active": "customers"},
		Columns: []Column{{Name: per, Kind: "text", Unit: per}},
		Rows:    [][]any{},
		Chart:   &Chart{Type: "bar", X: per, Y: flowSteps[reengage.Message].entered},
	}
	for k, step := range f.Steps {
		names := flowSteps[k]
		r.Values[names.entered], r.Values[names.returned] = step.Entered, step.CameBack
		r.Columns = append(r.Columns, Column{Name: names.entered, Kind: "count"}, Column{Name: names.returned, Kind: "count"})
	}
	r.Values["waiting"] = f.Steps[reengage.Message].Waiting + f.Steps[reengage.LastCall].Waiting
	if f.Unsubscribe != "" {
		r.Values["unsubscribed"] = f.Steps[reengage.Message].Unsubscribed + f.Steps[reengage.LastCall].Unsubscribed + f.Steps[reengage.Removal].Unsubscribed
	}
	if f.Purchase != "" {
		r.Values["removal_buyers"] = f.Steps[reengage.Removal].Bought
		r.Columns = append(r.Columns, Column{Name: "removal_buyers", Kind: "count"})
	}
	t.rows(r, per)
	return r
}

// rows adds the days up by period; there are no empty ones to leave out, for
// the days follow one another.
func (t *flowTelling) rows(r *Result, per string) {
	ends, _ := course.Ends(t.flow.Byday[0].At.Add(time.Microsecond), t.to.At, per, t.schema.Zone, longestFlow)
	day := 0
	for _, end := range ends {
		var sum [reengage.Steps]reengage.Step
		from := day
		for ; day < len(t.flow.Byday) && t.flow.Byday[day].At.Before(end.At); day++ {
			for k, s := range t.flow.Byday[day].Steps {
				sum[k].Entered += s.Entered
				sum[k].CameBack += s.CameBack
				sum[k].Bought += s.Bought
			}
		}
		if day == from {
			continue
		}
		row := []any{end.Key}
		for _, s := range sum {
			row = append(row, s.Entered, s.CameBack)
		}
		if t.flow.Purchase != "" {
			row = append(row, sum[reengage.Removal].Bought)
		}
		r.Rows = append(r.Rows, row)
	}
}

// flowPeriod is the period that so many days are told by.
func flowPeriod(days int) string {
	switch {
	case days <= 15*7:
		return "week"
	case days <= 3*366:
		return "month"
	}
	return "quarter"
}

// lastDayBefore is the last local day that a flow up to a point acts on.
func lastDayBefore(p course.Point, zone *time.Location) string {
	return p.At.Add(-time.Nanosecond).In(zone).Format(time.DateOnly)
}

// segments are who is in which step now, were the flow still running.
func (t *flowTelling) segments(ctx context.Context, r *Result) error {
	now := t.flow
	if !t.to.IsNow() {
		q := t.query
		q.To = t.at
		var err error
		if now, err = reengage.Simulate(ctx, t.src, q); err != nil {
			return err
		}
	}
	base := t.schema.Customers
	if t.query.Base != nil {
		base = t.query.Base.Len()
	}
	for k, f := range now.Formulas(t.base, t.schema) {
		if _, nobody := f.(*syntax.Nobody); nobody {
			continue
		}
		set, err := t.members(ctx, f)
		if err != nil {
			return err
		}
		name := flowSteps[k].entered
		s := Segment{
			Name: t.say("reengage_in_"+name, nil), Formula: f.String(), Size: set.Len(), Share: round4(share(set.Len(), base)),
			Action: t.say("reengage_do_"+name, nil),
		}
		if s.Text, err = t.stepText(ctx, now, k); err != nil {
			return err
		}
		r.Segments = append(r.Segments, s)
	}
	return nil
}

// stepText says who is in a step, shorter than its formula in words.
func (t *flowTelling) stepText(ctx context.Context, now *reengage.Flow, step int) (string, error) {
	from := t.args.Days + []int{0, t.args.LastCall, t.args.LastCall + t.args.Remove}[step]
	until := from + []int{t.args.LastCall, t.args.Remove, 0}[step]
	text := t.say("reengage_silent", params{"n": from})
	if step < reengage.Removal && until-t.args.Days < len(now.Byday) {
		text = t.say("reengage_silent_until", params{"n": from, "until": until})
	}
	if now.Consent != "" || now.Unsubscribe != "" {
		text = t.say("reengage_may_write", params{"who": text})
	}
	if t.base == nil {
		return text, nil
	}
	base := t.args.Formula
	if t.box.inWords != nil {
		var err error
		if base, err = t.box.inWords(ctx, t.who.Language, t.base); err != nil {
			return "", err
		}
	}
	return t.say("reengage_among", params{"who": text, "base": base}), nil
}

// notes say how the flow goes and how its figures are to be read.
func (t *flowTelling) notes() {
	f, q := t.flow, t.flow.Query
	t.note("reengage_flow", params{"days": q.Days, "last_call": q.LastCall, "remove": q.Remove})
	t.note("reengage_activity", params{"events": strings.Join(q.Events, ", ")})
	t.note("reengage_anyway", nil)
	if f.Backlog > 0 {
		t.note("reengage_backlog", params{"n": f.Backlog})
	}
	if sent := f.Steps[reengage.Message].Sent; f.Send != "" && sent > 0 {
		t.note("reengage_sent", params{"n": sent})
	}
	if f.Steps[reengage.Message].Entered > f.Customers {
		t.note("reengage_again", params{"n": f.Customers})
	}
	if f.Barred > 0 {
		t.note("reengage_barred", params{"n": f.Barred})
	}
	if f.Consent != "" {
		t.note("reengage_consent", params{"trait": f.Consent})
	}
	if left := f.Steps[reengage.Message].Unsubscribed + f.Steps[reengage.LastCall].Unsubscribed; left > 0 {
		t.note("reengage_unsubscribed", params{"n": left})
	}
	if waiting := f.Steps[reengage.Message].Waiting + f.Steps[reengage.LastCall].Waiting; waiting > 0 {
		t.note("reengage_waiting", params{"n": waiting})
	}
	if len(f.Byday) <= q.LastCall+q.Remove {
		t.note("reengage_short", params{"days": q.LastCall + q.Remove + 1})
	}
	if f.Never > 0 {
		t.note("reengage_never", params{"n": f.Never})
	}
	if t.base != nil {
		t.note("reengage_base", params{"date": localDay(t.at, t.schema)})
	}
}

// eventsNamed reads a list of events, each once.
func (c *call) eventsNamed(argument string, names []string) ([]string, error) {
	var events []string
	for _, name := range names {
		plain := strings.Trim(strings.TrimSpace(name), "`")
		if _, ok := c.schema.Event(plain); !ok {
			var known []string
			for _, e := range c.schema.Events {
				known = append(known, e.Name)
			}
			e := c.fault(argument, "there is no event %q", name)
			e.Nearest = syntax.NearestNames(plain, known, 5)
			return nil, e
		}
		if !slices.Contains(events, plain) {
			events = append(events, plain)
		}
	}
	return events, nil
}
