package tools

import (
	"context"
	_ "embed"

	"tesela/segment/syntax"
	"tesela/segment/value"
)

//go:embed tier_value.md
var tierValueText string

// tierWindow is the time that value is taken in, where none is given.
const tierWindow = "last 1y"

func tierValue(ctx context.Context, c *call, args *TierValueArgs) (*Result, error) {
	layer := &syntax.Name{Name: "value_tier"}
	if args.TopPercent == 0 {
		args.TopPercent = value.DefaultTop
	}
	if args.LowPercent == 0 {
		args.LowPercent = min(value.DefaultLow, 100-args.TopPercent)
	}
	if args.TopPercent+args.LowPercent > 100 {
		return nil, c.fault("low_percent", "top_percent and low_percent are %d and %d, together over 100", args.TopPercent, args.LowPercent)
	}
	if args.TopPercent != value.DefaultTop {
		layer.Params = append(layer.Params, wholeParam("top", args.TopPercent))
	}
	if args.LowPercent != value.DefaultLow {
		layer.Params = append(layer.Params, wholeParam("low", args.LowPercent))
	}
	if args.Window == "" {
		args.Window = tierWindow
	}
	window, err := c.layerWindow("window", &args.Window)
	if err != nil {
		return nil, err
	}
	if args.Window != tierWindow {
		layer.Params = append(layer.Params, syntax.Param{Window: window})
	}
	r, _, err := c.layerTable(ctx, layerAsk{layer: layer, formula: &args.Formula, window: window})
	if err != nil {
		return nil, err
	}
	r.Title = c.say("title_tier_value", nil)
	c.noteRevenue(r, window)
	return r, nil
}
