package tools

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// effectAsk is what the tools of effects have in common among their arguments;
// each is made canonical.
type effectAsk struct {
	campaign, outcome, formula *string
	days                       *int
	by, heldOut                []string
}

// effectQuery reads them.
func (c *call) effectQuery(ctx context.Context, a effectAsk) (q trial.Query, err error) {
	if *a.days == 0 {
		*a.days = trial.DefaultDays
	}
	q.Days, q.HeldOut = *a.days, a.heldOut
	if a.campaign != nil {
		*a.campaign = strings.TrimSpace(*a.campaign)
		q.Campaign = *a.campaign
	}
	if q.Outcome, err = c.outcome(ctx, a.outcome); err != nil {
		return q, err
	}
	if *a.formula = strings.TrimSpace(*a.formula); *a.formula != "" {
		f, err := c.checked(ctx, "formula", a.formula)
		if err != nil {
			return q, err
		}
		if _, all := f.(*syntax.Everyone); !all {
			q.Base = f
		}
	}
	for i, text := range a.by {
		if err := c.groupBy(ctx, text, &a.by[i], &q); err != nil {
			return q, err
		}
	}
	return q, nil
}

// outcome reads what is looked at; nil for whether there was a purchase.
func (c *call) outcome(ctx context.Context, text *string) (*trial.Figure, error) {
	if *text = strings.TrimSpace(*text); *text == "" {
		return nil, nil
	}
	said := *text
	if meaning, ok := c.word(said); ok {
		said = meaning
	}
	f, err := trial.ParseFigure(said)
	if err != nil {
		return nil, c.wrong("outcome", err, nil)
	}
	*text = f.String()
	if f.Rate() {
		_, err = segment.Compile(ctx, f.Formula, c.src, c.at)
		return &f, c.wrong("outcome", err, f.Formula)
	}
	plan, err := segment.CompileValue(ctx, f.Value, c.src, c.at)
	if err != nil {
		return nil, c.wrong("outcome", err, f.Value)
	}
	if k := plan.Kind(); k != column.Number && k != column.Money && k != column.Bool {
		return nil, c.fault("outcome", "%s is %s, which has no mean; give a number, or a formula such as %s = …", f.Value, k, f.Value)
	}
	return &f, nil
}

// groupBy reads one thing to break down by: a formula, or a trait or layer.
func (c *call) groupBy(ctx context.Context, text string, canonical *string, q *trial.Query) error {
	f, err := c.formula("by", text)
	if err == nil {
		if _, err := segment.Compile(ctx, f, c.src, c.at); err != nil {
			return c.wrong("by", err, f)
		}
		*canonical = f.String()
		q.Groups = append(q.Groups, f)
		return nil
	}
	v, other := syntax.ParseValue(text)
	if other != nil {
		return err
	}
	if field := c.personalIn(v); field != "" && !c.who.Person {
		return c.refusePersonal("by", field)
	}
	plan, err := segment.CompileValue(ctx, v, c.src, c.at)
	if err != nil {
		return c.wrong("by", err, v)
	}
	if k := plan.Kind(); k != column.Text && k != column.Bool {
		return c.fault("by", "%s is %s and has too many values to part customers by; give a trait of few values, a layer, or formulas of segments", v, k)
	}
	*canonical = v.String()
	q.Splits = append(q.Splits, v)
	if n, ok := v.(*syntax.Name); ok {
		if _, isTrait := c.schema.Trait(n.Name); isTrait {
			c.note("traits_now", params{"fields": n.Name})
		}
	}
	return nil
}

// wrongEffect turns the errors of package trial into those of tools.
func (c *call) wrongEffect(err error, q trial.Query) error {
	var unknown *trial.UnknownError
	var arm *trial.ArmError
	var date *trial.DateError
	var fault *syntax.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		if len(unknown.Known) == 0 {
			return &CannotError{Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": trial.RoleTrial}, Message: c.say("cannot_campaigns", nil)}
		}
		e := c.fault("campaign", "there is no campaign called %q; there are %s", unknown.Campaign, strings.Join(unknown.Known, ", "))
		e.Nearest = syntax.NearestNames(unknown.Campaign, unknown.Known, 3)
		return e
	case errors.As(err, &arm):
		e := c.fault("held_out", "%s; give held_out, such as %q", arm, arm.Arms[0])
		e.Nearest = arm.Arms
		return e
	case errors.As(err, &date):
		return c.fault("date", "%s", date)
	case c.missingRole(err) != nil:
		return c.missingRole(err)
	case errors.As(err, &fault) && q.Outcome != nil:
		return c.wrong("outcome", err, nil)
	}
	return err
}

// figureKind is the kind of cell that a figure's mean and lift are, and their
// unit.
func (c *call) figureKind(ctx context.Context, f trial.Figure) (kind, unit string, err error) {
	if f.Rate() {
		return "rate", "", nil
	}
	plan, err := segment.CompileValue(ctx, f.Value, c.src, c.at)
	if err != nil {
		return "", "", c.wrong("outcome", err, f.Value)
	}
	if plan.Kind() == column.Money {
		return "money", c.schema.Currency, nil
	}
	return "number", "", nil
}

// statistic is a figure that was computed in floating point as a cell; money as a
// decimal string in major units, what cannot be told nil.
func (c *call) statistic(kind string, x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	if kind == "money" {
		text := strconv.FormatFloat(x, 'f', c.schema.Digits, 64)
		if strings.Trim(text, "-0.") == "" {
			text = strings.TrimPrefix(text, "-")
		}
		return text
	}
	if x == 0 {
		return 0.0 // not −0
	}
	return x
}

// major is money of minor units as a number of major ones.
func (c *call) major(minor int64) float64 { return float64(minor) / math.Pow10(c.schema.Digits) }

// percent words a share for a note, in whole percent.
func percent(x float64) string {
	if x > 0 && x < 0.005 {
		return "<1%"
	}
	return strconv.Itoa(int(math.Round(x*100))) + "%"
}

// day is a day in a note.
func (c *call) day(t time.Time) string { return localDay(t, c.schema) }
