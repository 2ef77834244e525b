package tools

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/effect"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

//go:embed recommend_actions.md
var recommendActionsText string

// mostLabels is how many values a trait may have to part customers by.
const mostLabels = 40

func recommendActions(ctx context.Context, c *call, args *RecommendActionsArgs) (*Result, error) {
	if len(args.By) == 0 {
		args.By = []string{"lifecycle"}
	}
	q, err := c.effectQuery(ctx, effectAsk{nil, &args.Outcome, &args.Formula, &args.Days, args.By, args.HeldOut})
	if err != nil {
		return nil, err
	}
	if args.Date = strings.TrimSpace(args.Date); args.Date != "" {
		p, err := c.pointOf(pointArgument{name: "date", text: &args.Date})
		if err != nil {
			return nil, err
		}
		q.On = p.At
	}
	m := &effectCall{call: c, q: q}
	if q.Outcome == nil {
		bought, err := trial.BoughtFigure(c.schema)
		if err != nil {
			return nil, c.wrongEffect(err, q)
		}
		m.kind = "rate"
		m.noteOutcome(bought, q.Days)
	} else {
		if m.kind, m.unit, err = c.figureKind(ctx, *q.Outcome); err != nil {
			return nil, err
		}
		m.noteOutcome(*q.Outcome, q.Days)
	}
	book, ok, err := trial.Find(c.schema)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, c.wrongEffect(&trial.UnknownError{}, q)
	}
	groups, err := c.groupsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	formulas := make([]syntax.Formula, len(groups))
	for i, g := range groups {
		formulas[i] = g.formula
	}
	found, err := trial.RecommendFor(ctx, c.src, c.at, formulas, q)
	if err != nil {
		return nil, c.wrongEffect(err, q)
	}
	r, err := m.recommended(ctx, groups, found, book)
	if err != nil {
		return nil, err
	}
	m.noteBook(book)
	return r, nil
}

// groupNamed is a group with what it is called.
type groupNamed struct {
	name    string
	formula syntax.Formula
}

// groupsOf are the groups of a query: each combination of labels, then the
// formulas.
func (c *call) groupsOf(ctx context.Context, q trial.Query) ([]groupNamed, error) {
	var groups []groupNamed
	for _, split := range q.Splits {
		labels, err := c.labelsOf(ctx, split)
		if err != nil {
			return nil, err
		}
		if groups == nil {
			groups = labels
			continue
		}
		var crossed []groupNamed
		for _, a := range groups {
			for _, b := range labels {
				crossed = append(crossed, groupNamed{a.name + " · " + b.name, syntax.All(a.formula, b.formula)})
			}
		}
		groups = crossed
	}
	for _, f := range q.Groups {
		name := f.String()
		if saved, ok := f.(*syntax.InSegment); ok && saved.At == nil {
			name = saved.Name
		}
		groups = append(groups, groupNamed{name, f})
	}
	return groups, nil
}

// labelsOf are the values of a trait or layer, each as a formula.
func (c *call) labelsOf(ctx context.Context, v syntax.Value) ([]groupNamed, error) {
	words, isLayer := segment.Analyses().Labels(c.schema, v)
	name, isName := v.(*syntax.Name)
	if !isLayer && isName {
		f, ok := c.schema.Trait(name.Name)
		switch {
		case ok && f.Kind == column.Bool:
			var groups []groupNamed
			for _, b := range []bool{true, false} {
				formula := &syntax.Compare{Left: v, Op: syntax.Eq, Right: &syntax.Bool{Value: b}}
				groups = append(groups, groupNamed{formula.String(), formula})
			}
			return groups, nil
		case ok && f.Kind == column.Text:
			dict, err := c.src.Dict(ctx, segment.FieldRef{Name: f.Name})
			if err != nil {
				return nil, err
			}
			for code := range dict.Len() {
				words = append(words, dict.Word(uint32(code+1)))
			}
			slices.Sort(words)
		}
	}
	if len(words) == 0 || len(words) > mostLabels {
		return nil, c.fault("by", "%s has %d values to part customers by; give a trait of at most %d, a layer, or formulas of segments", v, len(words), mostLabels)
	}
	var groups []groupNamed
	for _, w := range words {
		groups = append(groups, groupNamed{w, &syntax.Compare{Left: v, Op: syntax.Eq, Right: &syntax.Text{Value: w}}})
	}
	return groups, nil
}

// recommended makes the answer: a row and a card for each group.
func (m *effectCall) recommended(ctx context.Context, groups []groupNamed, found []trial.Recommendation, book trial.Book) (*Result, error) {
	formulas := make([]syntax.Formula, len(groups))
	for i, g := range groups {
		formulas[i] = g.formula
		if m.q.Base != nil {
			formulas[i] = syntax.All(g.formula, m.q.Base)
		}
	}
	plan, err := segment.CompileEach(ctx, formulas, m.src, m.at)
	if err != nil {
		return nil, m.wrong("by", err, nil)
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title:  m.say("title_recommend_actions", nil),
		Values: map[string]any{}, Units: map[string]string{},
		Columns: []Column{
			{Name: "group", Kind: "text"},
			{Name: "customers", Kind: "count", Unit: "customers"},
			{Name: "action", Kind: "text"},
			{Name: "reason", Kind: "text"},
			{Name: "lift", Kind: m.kind, Unit: m.unit},
			{Name: "low", Kind: m.kind, Unit: m.unit},
			{Name: "high", Kind: m.kind, Unit: m.unit},
			{Name: "n", Kind: "count", Unit: "customers"},
			{Name: "treated", Kind: "count", Unit: "customers", Detail: true},
			{Name: "held_out", Kind: "count", Unit: "customers", Detail: true},
			{Name: "q", Kind: "number", Detail: true},
			{Name: "gain_per_customer", Kind: "money", Unit: m.schema.Currency, Detail: true},
			{Name: "cost_per_treated", Kind: "money", Unit: m.schema.Currency, Detail: true},
			{Name: "avoid", Kind: "text"},
		},
		Rows: [][]any{},
	}
	// Where a trait tells the arms but nothing since when, it is not that
	// nothing was tested.
	untried, trait := "recommend_"+string(trial.NoTrials), params{}
	if book.Trait != "" && m.q.On.IsZero() {
		untried, trait = "recommend_undated", params{"trait": book.Trait}
	}
	with, harmed, tested := 0, 0, 0
	for i, g := range groups {
		n, rec := sets[i].Len(), found[i]
		row := []any{g.name, n, nil, string(rec.Reason), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil}
		s := Segment{Name: g.name, Formula: formulas[i].String(), Size: n, Share: share(n, m.schema.Customers)}
		if e := rec.Best; e != nil {
			with++
			row[2] = e.Action()
			row[4], row[5], row[6] = m.statistic(m.kind, e.Lift), m.statistic(m.kind, e.Low), m.statistic(m.kind, e.High)
			row[7], row[8], row[9], row[10] = e.Raw.Treated.N+e.Raw.Held.N, e.Raw.Treated.N, e.Raw.Held.N, m.statistic("number", e.Q)
			if e.Revenue != nil && e.Revenue.Enough {
				row[11] = m.statistic("money", e.Revenue.Lift)
			}
			if e.Costed && e.Raw.Treated.N > 0 {
				row[12] = m.statistic("money", m.major(e.Cost)/float64(e.Raw.Treated.N))
			}
			s.Action = m.say("recommend_do", params{"action": e.Action()})
			s.Evidence = m.evidence("recommend_evidence", e)
		} else if rec.Reason == trial.NoTrials {
			s.Evidence = m.say(untried, trait)
		} else {
			s.Evidence = m.say("recommend_"+string(rec.Reason), params{"n": len(rec.Tried)})
		}
		var avoid []string
		for k := range rec.Avoid {
			avoid = append(avoid, rec.Avoid[k].Action())
			s.Notes = append(s.Notes, m.evidence("recommend_avoid", &rec.Avoid[k]))
		}
		if len(avoid) > 0 {
			harmed++
			row[13] = strings.Join(avoid, ", ")
		}
		tested = max(tested, len(rec.Tried))
		r.Rows, r.Segments = append(r.Rows, row), append(r.Segments, s)
	}
	r.Values["groups"], r.Values["recommended"], r.Values["harmed"], r.Values["tried"] = len(groups), with, harmed, tested
	m.note("recommend_how", params{"n": tested, "days": m.q.Days})
	if !slices.ContainsFunc(found, func(f trial.Recommendation) bool { return f.Reason != trial.NoTrials }) {
		m.note(untried, trait)
	}
	if slices.ContainsFunc(found, func(f trial.Recommendation) bool { return f.Reason == trial.TooFew }) {
		m.note("effect_too_few", params{"arm": effect.MinArm, "seen": effect.MinSeen})
	}
	return r, nil
}

// evidence words what an action did to a group.
func (m *effectCall) evidence(key string, e *trial.Evidence) string {
	return m.say(key, params{
		"action": e.Action(), "lift": m.inWords(e.Lift, true), "low": m.inWords(e.Low, true), "high": m.inWords(e.High, true),
		"treated_value": m.inWords(e.Raw.Treated.Mean, false), "held_out_value": m.inWords(e.Raw.Held.Mean, false),
		"treated": e.Raw.Treated.N, "held_out": e.Raw.Held.N, "date": m.day(e.From),
	})
}

// inWords writes a figure of the outcome in a sentence; a difference has its
// sign.
func (m *effectCall) inWords(x float64, difference bool) string {
	words := &microTelling{call: m.call}
	text := ""
	switch m.kind {
	case "rate":
		if difference {
			text = m.say("effect_points", params{"value": words.numberText(100*x, 1)})
			break
		}
		return words.percent(x)
	case "money":
		text = strings.TrimSpace(words.numberText(x, m.schema.Digits) + " " + m.unit)
	default:
		text = words.numberText(x, 3)
	}
	if difference && x > 0 {
		text = "+" + text
	}
	return text
}
