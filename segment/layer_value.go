package segment

import (
	"context"
	"fmt"

	"tesela/segment/column"
	"tesela/segment/syntax"
	tiers "tesela/segment/value"
)

// valueLayer is value_tier: all customers by revenue in a window.
type valueLayer struct{}

const valueName = "value_tier"

type valueParams struct {
	top, low int
	window   *syntax.Window
}

func (valueLayer) read(s *Schema, params []syntax.Param) (valueParams, error) {
	r := readParams(valueName, "value_tier(top: 20, low: 50, last 1y)", params)
	p := valueParams{top: r.whole("top", tiers.DefaultTop, 1, 99), low: r.whole("low", tiers.DefaultLow, 1, 99), window: r.window("window", s.Zone)}
	if p.window == nil {
		p.window = lastYear()
	}
	if r.err == nil && p.top+p.low > 100 {
		at := syntax.Span{}
		if len(params) > 0 {
			at = params[len(params)-1].Span
		}
		r.fail(at, "top and low of value_tier are %d%% and %d%%, which is more than everyone", p.top, p.low)
	}
	return p, r.done()
}

// Check implements Layer.
func (l valueLayer) Check(s *Schema, params []syntax.Param) (column.Kind, []string, error) {
	if _, err := l.read(s, params); err != nil {
		return 0, nil, err
	}
	if _, err := commerceOf(s, valueName); err != nil {
		return 0, nil, err
	}
	return column.Text, tiers.Labels(), nil
}

// Compute implements Layer.
func (l valueLayer) Compute(ctx context.Context, u *Use) (*column.Column, error) {
	s := u.Source.Schema()
	p, err := l.read(s, u.Params)
	if err != nil {
		return nil, err
	}
	c, err := commerceOf(s, valueName)
	if err != nil {
		return nil, err
	}
	revenue, err := u.revenue(ctx, c, p.window)
	if err != nil {
		return nil, err
	}
	u.Note(Note{
		Code: "value_tiers", Args: map[string]any{"top": int64(p.top), "low": int64(p.low), "window": p.window.String()},
		Text: fmt.Sprintf("top: the best %d%% of all customers by revenue in the %s; low: the last %d%%, and all without revenue", p.top, p.window, p.low),
	})
	return tiers.Tiers(ctx, revenue, p.top, p.low)
}
