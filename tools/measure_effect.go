package tools

import (
	"context"
	_ "embed"
	"errors"
	"math"
	"slices"
	"strings"

	"tesela/segment/effect"
	"tesela/segment/trial"
)

//go:embed measure_effect.md
var measureEffectText string

func measureEffect(ctx context.Context, c *call, args *MeasureEffectArgs) (*Result, error) {
	q, err := c.effectQuery(ctx, effectAsk{&args.Campaign, &args.Outcome, &args.Formula, &args.Days, args.By, args.HeldOut})
	if err != nil {
		return nil, err
	}
	q.Plain = args.Plain
	if args.Treated, args.Date = strings.TrimSpace(args.Treated), strings.TrimSpace(args.Date); args.Date != "" {
		p, err := c.pointOf(pointArgument{name: "date", text: &args.Date})
		if err != nil {
			return nil, err
		}
		q.On = p.At
	}
	m := &effectCall{call: c, q: q}
	if args.Campaign == "" {
		if m.sent, err = c.sentCampaigns(ctx); err != nil {
			return nil, err
		}
	}
	if args.Treated != "" {
		return m.observeTreated(ctx, args)
	}
	report, err := trial.Measure(ctx, c.src, c.at, q)
	var unknown *trial.UnknownError
	if errors.As(err, &unknown) {
		// A campaign that was only sent, or none where only sends are known.
		return m.observeSent(ctx, args, err)
	}
	var arm *trial.ArmError
	if errors.As(err, &arm) && len(arm.Named) == 0 && len(arm.Arms) == 1 {
		return m.observeSent(ctx, args, err)
	}
	if err != nil {
		return nil, c.wrongEffect(err, q)
	}
	if m.kind, m.unit, err = c.figureKind(ctx, report.Figures[0]); err != nil {
		return nil, err
	}
	if args.Campaign != "" {
		args.Campaign = report.Rows[0].Trial.Campaign
	}
	return m.result(ctx, report)
}

// effectCall is a call under way.
type effectCall struct {
	*call
	q          trial.Query
	kind, unit string // of the outcome
	// sent are the campaigns that were sent, where all are asked about.
	sent []string
}

// result makes the answer of trials with a hold-out.
func (m *effectCall) result(ctx context.Context, report *trial.Report) (*Result, error) {
	r := &Result{Values: map[string]any{}, Units: map[string]string{}, Rows: [][]any{}}
	var whole, groups []trial.Row
	for _, row := range report.Rows {
		if row.Grouped {
			groups = append(groups, row)
		} else {
			whole = append(whole, row)
		}
	}
	one := m.q.Campaign != ""
	switch {
	case one:
		r.Title = m.say("title_measure_effect", params{"campaign": whole[0].Trial.Campaign})
	default:
		r.Title = m.say("title_measure_effect_all", nil)
	}
	if one && len(whole) == 1 {
		m.valuesOf(r, report, &whole[0])
	} else {
		m.valuesOfAll(r, whole)
	}
	switch {
	case len(groups) > 0:
		m.table(r, report, groups, "group")
	case one && len(whole) == 1:
		if err := m.figures(ctx, r, report, &whole[0]); err != nil {
			return nil, err
		}
	default:
		m.table(r, report, whole, "campaign")
	}
	m.notes(report, whole, groups)
	return r, nil
}

// valuesOf tells one campaign.
func (m *effectCall) valuesOf(r *Result, report *trial.Report, row *trial.Row) {
	main := row.Main()
	r.Values["campaign"], r.Values["from"], r.Values["to"] = row.Trial.Campaign, m.day(row.Trial.First), m.day(row.Trial.Last)
	r.Values["days"], r.Units["days"] = report.Days, "days"
	r.Values["treated"], r.Values["held_out"], r.Values["n"] = main.Treated.N, main.Held.N, main.Treated.N+main.Held.N
	for _, key := range []string{"treated", "held_out", "n"} {
		r.Units[key] = "customers"
	}
	m.lift(r, main)
	if main.Enough {
		r.Values["p"] = m.statistic("number", main.P)
		r.Values["saved"] = m.statistic("rate", main.Saved)
		r.Units["saved"] = "rate"
	}
	m.money(r, report, row)
}

// lift tells a comparison of the outcome.
func (m *effectCall) lift(r *Result, c trial.Comparison) {
	put := func(key string, x float64) {
		if v := m.statistic(m.kind, x); v != nil {
			r.Values[key] = v
			if r.Units[key] = m.unit; m.kind == "rate" {
				r.Units[key] = "rate"
			}
		}
	}
	put("treated_value", c.Treated.Mean)
	put("held_out_value", c.Held.Mean)
	if !c.Enough {
		return
	}
	put("lift", c.Lift)
	put("low", c.Low)
	put("high", c.High)
	if x := m.statistic("rate", c.Relative()); x != nil {
		r.Values["relative"], r.Units["relative"] = x, "rate"
	}
}

// money tells cost and gain of one campaign.
func (m *effectCall) money(r *Result, report *trial.Report, row *trial.Row) {
	put := func(key string, x float64) {
		if v := m.statistic("money", x); v != nil {
			r.Values[key], r.Units[key] = v, m.schema.Currency
		}
	}
	if row.Costed {
		put("cost", m.major(row.Cost))
		if n := row.Main().Treated.N; n > 0 {
			put("cost_per_treated", m.major(row.Cost)/float64(n))
		}
	}
	g, ok := gainOf(report, row)
	if !ok {
		return
	}
	put("gain", g.gain)
	put("gain_low", g.low)
	put("gain_high", g.high)
	if row.Costed {
		put("net", g.gain-m.major(row.Cost))
		if row.Cost > 0 {
			r.Values["return"] = m.statistic("rate", g.gain/m.major(row.Cost)-1)
			r.Units["return"] = "rate"
		}
	}
	r.Values["worth"] = m.worth(g, row)
}

// gained is the revenue that treating the customers brought, over all of them.
type gained struct{ gain, low, high float64 }

func gainOf(report *trial.Report, row *trial.Row) (g gained, ok bool) {
	if report.Money < 0 {
		return g, false
	}
	c := row.Figures[report.Money]
	n := float64(c.Treated.N)
	return gained{c.Lift * n, c.Low * n, c.High * n}, c.Enough
}

// worth is what the gain says, in a stable word.
func (m *effectCall) worth(g gained, row *trial.Row) string {
	switch {
	case g.high < 0:
		return "loses"
	case g.low <= 0:
		return "no_gain"
	case row.Costed && g.low > m.major(row.Cost):
		return "pays"
	}
	return "gain"
}

// verdict is what a comparison says, in a stable word; several are several
// looks, so that chance is adjusted for.
func verdict(row *trial.Row, several bool) string {
	c := row.Main()
	switch {
	case row.Late > 0 && c.Treated.N+c.Held.N == 0:
		return "not_over"
	case !c.Enough:
		return "too_few"
	case !c.Shown() || several && !(row.Q <= 1-effect.Level):
		return "not_shown"
	case c.Lift > 0:
		return "raises"
	}
	return "lowers"
}

// figures has a row for each figure of one campaign.
func (m *effectCall) figures(ctx context.Context, r *Result, report *trial.Report, row *trial.Row) error {
	r.Columns = []Column{{Name: "figure", Kind: "text"}}
	for _, name := range []string{"treated_value", "held_out_value", "lift", "low", "high"} {
		r.Columns = append(r.Columns, Column{Name: name, Kind: "number", Unit: UnitOfRow})
	}
	r.Columns = append(r.Columns, Column{Name: "verdict", Kind: "text"}, Column{Name: "unit", Kind: "text"})
	for i, f := range report.Figures {
		kind, unit, err := m.figureKind(ctx, f)
		if err != nil {
			return err
		}
		if kind == "rate" {
			unit = "rate"
		}
		one := *row
		one.Figures = row.Figures[i:]
		c := row.Figures[i]
		name := f.Name
		if name == "" {
			name = f.String()
		}
		cells := []any{name, m.statistic(kind, c.Treated.Mean), m.statistic(kind, c.Held.Mean), nil, nil, nil, verdict(&one, false), unit}
		if c.Enough {
			cells[3], cells[4], cells[5] = m.statistic(kind, c.Lift), m.statistic(kind, c.Low), m.statistic(kind, c.High)
		}
		r.Rows = append(r.Rows, cells)
	}
	return nil
}

// valuesOfAll counts what several campaigns or arms show.
func (m *effectCall) valuesOfAll(r *Result, whole []trial.Row) {
	counts := map[string]int{}
	campaigns := 0
	for i := range whole {
		if i == 0 || whole[i].Trial != whole[i-1].Trial {
			campaigns++
		}
		counts[verdict(&whole[i], len(whole) > 1)]++
	}
	r.Values["campaigns"] = campaigns
	r.Values["raised"], r.Values["lowered"] = counts["raises"], counts["lowers"]
	r.Values["unshown"] = len(whole) - counts["raises"] - counts["lowers"]
}

// table has a row for each campaign, or for each group.
func (m *effectCall) table(r *Result, report *trial.Report, rows []trial.Row, name string) {
	grouped := name == "group"
	several := len(rows) > 1
	arms, campaigns, costed := false, false, false
	for i := range rows {
		arms = arms || i > 0 && rows[i].Trial == rows[i-1].Trial && rows[i].Arm != rows[i-1].Arm
		campaigns = campaigns || rows[i].Trial != rows[0].Trial
		costed = costed || rows[i].Costed
	}
	var columns []Column
	var cells []func(*trial.Row) any
	add := func(name, kind, unit string, cell func(*trial.Row) any) {
		columns, cells = append(columns, Column{Name: name, Kind: kind, Unit: unit}), append(cells, cell)
	}
	if grouped {
		add("group", "text", "", func(row *trial.Row) any { return row.Group })
	}
	if !grouped || campaigns {
		add("campaign", "text", "", func(row *trial.Row) any { return row.Trial.Campaign })
	}
	if arms {
		add("arm", "text", "", func(row *trial.Row) any { return row.Arm })
	}
	add("n", "count", "customers", func(row *trial.Row) any { return row.Main().Treated.N + row.Main().Held.N })
	add("treated", "count", "customers", func(row *trial.Row) any { return row.Main().Treated.N })
	add("held_out", "count", "customers", func(row *trial.Row) any { return row.Main().Held.N })
	figure := func(name string, of func(trial.Comparison) float64, enough bool) {
		add(name, m.kind, m.unit, func(row *trial.Row) any {
			if enough && !row.Main().Enough {
				return nil
			}
			return m.statistic(m.kind, of(row.Main()))
		})
	}
	figure("treated_value", func(c trial.Comparison) float64 { return c.Treated.Mean }, false)
	figure("held_out_value", func(c trial.Comparison) float64 { return c.Held.Mean }, false)
	figure("lift", func(c trial.Comparison) float64 { return c.Lift }, true)
	figure("low", func(c trial.Comparison) float64 { return c.Low }, true)
	figure("high", func(c trial.Comparison) float64 { return c.High }, true)
	if grouped {
		add("shrunk", m.kind, m.unit, func(row *trial.Row) any { return m.statistic(m.kind, row.Shrunk.Lift) })
	}
	if several {
		add("q", "number", "", func(row *trial.Row) any { return m.statistic("number", row.Q) })
	}
	add("verdict", "text", "", func(row *trial.Row) any { return verdict(row, several) })
	if report.Money >= 0 {
		gain := func(name string, of func(gained) float64) {
			add(name, "money", m.schema.Currency, func(row *trial.Row) any {
				if g, ok := gainOf(report, row); ok {
					return m.statistic("money", of(g))
				}
				return nil
			})
		}
		gain("gain", func(g gained) float64 { return g.gain })
		gain("gain_low", func(g gained) float64 { return g.low })
		gain("gain_high", func(g gained) float64 { return g.high })
		if costed {
			add("cost", "money", m.schema.Currency, func(row *trial.Row) any {
				if !row.Costed {
					return nil
				}
				return m.statistic("money", m.major(row.Cost))
			})
		}
		add("worth", "text", "", func(row *trial.Row) any {
			if g, ok := gainOf(report, row); ok {
				return m.worth(g, row)
			}
			return nil
		})
	}
	if grouped {
		slices.SortStableFunc(rows, func(a, b trial.Row) int { return downward(a.Shrunk.Lift, b.Shrunk.Lift) })
	}
	for i := range rows {
		var row []any
		for _, cell := range cells {
			row = append(row, cell(&rows[i]))
		}
		r.Rows = append(r.Rows, row)
	}
	for i := range columns {
		columns[i].Detail = slices.Contains(effectDetails, columns[i].Name)
	}
	r.Columns = columns
	r.Chart = &Chart{Type: "bar", X: columns[0].Name, Y: "lift"}
	if grouped && campaigns {
		r.Chart.Series = "campaign"
	}
}

// effectDetails are the columns of many comparisons that a terminal leaves out.
var effectDetails = []string{"treated", "held_out", "treated_value", "q", "gain_low", "gain_high"}

// downward orders the largest first, what cannot be told last.
func downward(a, b float64) int {
	switch {
	case math.IsNaN(a) && math.IsNaN(b), a == b:
		return 0
	case math.IsNaN(b), a > b:
		return -1
	}
	return 1
}
