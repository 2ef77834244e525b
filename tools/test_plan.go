package tools

import (
	"context"
	_ "embed"
	"math"
	"strconv"
	"strings"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// The tool plan_test; a file of that name would be taken for a test of Go.

//go:embed plan_test.md
var planTestText string

// The bounds of shares and powers.
const (
	leastPower, mostPower     = 0.5, 0.99
	leastHeldOut, mostHeldOut = 0.01, 0.99
	leastLift, mostLift       = 0.0001, 100.0
)

// holdOuts are the shares that are told beside the one chosen.
var holdOuts = []float64{0.05, 0.1, 0.2, 0.3, 0.5}

func planTest(ctx context.Context, c *call, args *PlanTestArgs) (*Result, error) {
	p, err := c.planOf(ctx, args)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title:  c.say("title_plan_test", params{"name": args.Name}),
		Values: map[string]any{}, Units: map[string]string{}, Rows: [][]any{},
	}
	p.choose()
	p.values(r)
	p.rows(r)
	if err := p.arms(ctx, r); err != nil {
		return nil, err
	}
	p.notes()
	return r, nil
}

// planning is a plan under way.
type planning struct {
	*effectCall
	args    *PlanTestArgs
	who     syntax.Formula
	figure  trial.Figure
	found   *trial.Prospect
	test    effect.Test
	heldOut float64
	// suffices tells that the customers there are are enough for the lift.
	suffices bool
	// needTreated and needHeld are how many the lift needs; 0 where none is
	// asked for or no number does.
	needTreated, needHeld int
}

// planOf reads the arguments and looks at the past.
func (c *call) planOf(ctx context.Context, args *PlanTestArgs) (*planning, error) {
	bounds := []struct {
		field       string
		x           float64
		least, most float64
	}{
		{"power", args.Power, leastPower, mostPower},
		{"hold_out", args.HoldOut, leastHeldOut, mostHeldOut},
		{"lift", math.Abs(args.Lift), leastLift, mostLift},
	}
	for _, b := range bounds {
		if b.x != 0 && !(b.x >= b.least && b.x <= b.most) {
			return nil, c.fault(b.field, "%v is not between %v and %v", b.x, b.least, b.most)
		}
	}
	if args.Power == 0 {
		args.Power = effect.Usual.Power
	}
	if args.Name = strings.TrimSpace(args.Name); args.Name == "" {
		args.Name = "test " + localDay(c.at, c.schema)
	}
	if strings.TrimSpace(args.Formula) == "" {
		args.Formula = (&syntax.Everyone{}).String()
	}
	q, err := c.effectQuery(ctx, effectAsk{nil, &args.Outcome, &args.Formula, &args.Days, nil, nil})
	if err != nil {
		return nil, err
	}
	p := &planning{effectCall: &effectCall{call: c, q: q}, args: args, test: effect.Test{Alpha: effect.Usual.Alpha, Power: args.Power}}
	if p.who = q.Base; p.who == nil {
		p.who = &syntax.Everyone{}
	}
	if q.Outcome != nil {
		p.figure = *q.Outcome
	} else if p.figure, err = trial.BoughtFigure(c.schema); err != nil {
		return nil, c.wrongEffect(err, q)
	}
	if p.kind, p.unit, err = c.figureKind(ctx, p.figure); err != nil {
		return nil, err
	}
	p.found, err = trial.Forecast(ctx, c.src, c.at, p.who, p.figure, q.Days)
	return p, c.wrongEffect(err, q)
}

// absolute is the lift that is asked for in the unit of the outcome.
func (p *planning) absolute() float64 { return p.args.Lift * p.found.Outcome.Mean }

// known tells that the past tells of the outcome.
func (p *planning) known() bool {
	o := p.found.Outcome
	return p.found.Past >= 2 && (o.Rate && o.Mean > 0 && o.Mean < 1 || !o.Rate && o.SD > 0)
}

// choose settles the share that is held out and what it needs.
func (p *planning) choose() {
	p.heldOut = p.args.HoldOut
	if p.args.Lift == 0 || !p.known() {
		if p.heldOut == 0 {
			p.heldOut = 0.5
		}
		return
	}
	if p.heldOut == 0 {
		p.heldOut = 0.5
		if share, ok := p.test.HoldOut(p.found.Outcome, p.absolute(), p.found.Eligible); ok {
			p.heldOut = math.Max(share, leastHeldOut)
		}
	}
	if n, m, ok := p.test.Size(p.found.Outcome, p.absolute(), p.heldOut); ok {
		p.needTreated, p.needHeld = n, m
		p.suffices = n+m <= p.found.Eligible+2 // arms are rounded up
	}
}

// split parts the customers there are.
func (p *planning) split(heldOut float64) (treated, held int) {
	held = int(math.Round(float64(p.found.Eligible) * heldOut))
	return p.found.Eligible - held, held
}

func (p *planning) values(r *Result) {
	count := func(key string, n int) { r.Values[key], r.Units[key] = n, "customers" }
	count("eligible", p.found.Eligible)
	treated, held := p.split(p.heldOut)
	count("treated", treated)
	count("held_out", held)
	r.Values["hold_out"], r.Units["hold_out"] = p.heldOut, "rate"
	r.Values["power"], r.Units["power"] = p.test.Power, "rate"
	r.Values["days"], r.Units["days"] = p.args.Days, "days"
	r.Values["per_day"] = p.statistic("number", p.found.PerDay)
	unit := p.unit
	if p.kind == "rate" {
		unit = "rate"
	}
	put := func(key string, x float64) {
		if v := p.statistic(p.kind, x); v != nil {
			r.Values[key], r.Units[key] = v, unit
		}
	}
	put("base_value", p.found.Outcome.Mean)
	if !p.known() {
		return
	}
	if p.kind != "rate" {
		put("sd", p.found.Outcome.SD)
	}
	smallest := p.test.Smallest(p.found.Outcome, treated, held)
	put("smallest_lift", smallest)
	if v := p.statistic("rate", smallest/p.found.Outcome.Mean); v != nil {
		r.Values["smallest_relative"], r.Units["smallest_relative"] = v, "rate"
	}
	if p.args.Lift == 0 {
		return
	}
	put("lift", p.absolute())
	r.Values["relative"], r.Units["relative"] = p.args.Lift, "rate"
	if p.needTreated+p.needHeld == 0 {
		return
	}
	count("treated_needed", p.needTreated)
	count("held_out_needed", p.needHeld)
	count("needed", p.needTreated+p.needHeld)
	r.Values["suffices"] = p.suffices
	if days, ok := p.days(); ok {
		r.Values["days_needed"], r.Units["days_needed"] = days, "days"
	}
}

// days is how long it takes until enough customers have come and their days are
// over.
func (p *planning) days() (int, bool) {
	missing := float64(p.needTreated + p.needHeld - p.found.Eligible)
	switch {
	case p.suffices:
		return p.args.Days, true
	case p.found.PerDay <= 0 || missing/p.found.PerDay > 3650:
		return 0, false
	}
	return int(math.Ceil(missing/p.found.PerDay)) + p.args.Days, true
}

// rows tell what each share of the hold-out lets be seen.
func (p *planning) rows(r *Result) {
	r.Columns = []Column{
		{Name: "hold_out", Kind: "rate"},
		{Name: "treated", Kind: "count", Unit: "customers"},
		{Name: "held_out", Kind: "count", Unit: "customers"},
		{Name: "smallest_lift", Kind: p.kind, Unit: p.unit},
		{Name: "smallest_relative", Kind: "rate"},
		{Name: "power", Kind: "rate"},
		{Name: "needed", Kind: "count", Unit: "customers"},
	}
	if !p.known() {
		return
	}
	o := p.found.Outcome
	told := false
	row := func(share float64) {
		treated, held := p.split(share)
		smallest := p.test.Smallest(o, treated, held)
		cells := []any{share, treated, held, p.statistic(p.kind, smallest), p.statistic("rate", smallest/o.Mean), nil, nil}
		if p.args.Lift != 0 {
			cells[5] = p.statistic("rate", o.Shows(float64(treated), float64(held), p.absolute(), p.test.Alpha))
			if n, m, ok := p.test.Size(o, p.absolute(), share); ok {
				cells[6] = n + m
			}
		}
		r.Rows = append(r.Rows, cells)
	}
	for _, share := range holdOuts {
		if !told && p.heldOut <= share {
			told = true
			if p.heldOut < share {
				row(p.heldOut)
			}
		}
		row(share)
	}
	if !told {
		row(p.heldOut)
	}
}

// arms are the two halves as segments: formulas that can be saved and exported,
// and stay the same for ever.
func (p *planning) arms(ctx context.Context, r *Result) error {
	percent := strconv.FormatFloat(math.Round(p.heldOut*1e6)/1e4, 'f', -1, 64)
	split := func(label string) syntax.Formula {
		return &syntax.Compare{Left: &syntax.Name{Name: "split", Params: []syntax.Param{
			{Value: &syntax.Text{Value: p.args.Name}},
			{Key: "held_out", Value: &syntax.Number{Text: percent}},
		}}, Op: syntax.Eq, Right: &syntax.Text{Value: label}}
	}
	var formulas []syntax.Formula
	for _, label := range []string{segment.SplitTreated, segment.SplitHeldOut} {
		f := split(label)
		if _, all := p.who.(*syntax.Everyone); !all {
			f = syntax.All(p.who, f)
		}
		formulas = append(formulas, f)
	}
	plan, err := segment.CompileEach(ctx, formulas, p.src, p.at)
	if err != nil {
		return p.wrong("name", err, nil)
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return err
	}
	for i, key := range []string{"plan_treated", "plan_held_out"} {
		n := sets[i].Len()
		r.Segments = append(r.Segments, Segment{
			Name: p.say(key, params{"name": p.args.Name}), Formula: formulas[i].String(), Size: n, Share: share(n, p.schema.Customers),
		})
	}
	return nil
}

func (p *planning) notes() {
	if p.figure.Name == trial.Bought {
		p.note("plan_bought", params{"days": p.args.Days, "n": p.found.Past})
	} else {
		p.note("plan_outcome", params{"outcome": p.figure.String(), "days": p.args.Days, "n": p.found.Past})
	}
	switch {
	case !p.known():
		p.note("plan_unknown", nil)
	case p.args.Lift == 0:
		p.note("plan_smallest", params{"power": percent(p.test.Power)})
	case p.needTreated == 0:
		p.note("plan_impossible", nil)
	case p.suffices && p.args.HoldOut == 0:
		p.note("plan_suffices", params{"share": percent(p.heldOut), "power": percent(p.test.Power)})
	case p.suffices:
		p.note("plan_enough", params{"power": percent(p.test.Power)})
	default:
		if days, ok := p.days(); ok {
			p.note("plan_wait", params{"n": p.needTreated + p.needHeld, "there": p.found.Eligible, "days": days})
		} else {
			p.note("plan_too_few", params{"n": p.needTreated + p.needHeld, "there": p.found.Eligible})
		}
	}
	if p.known() {
		p.note("plan_how", nil)
		if saved := math.Round(100 * p.found.Saved); saved >= 1 {
			p.note("plan_cuped", params{"saved": percent(p.found.Saved)})
		}
	}
	p.note("plan_split", params{"name": p.args.Name})
}
