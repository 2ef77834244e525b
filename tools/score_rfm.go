package tools

import (
	"context"
	_ "embed"

	"tesela/segment/rfm"
	"tesela/segment/syntax"
)

//go:embed score_rfm.md
var scoreRFMText string

func scoreRFM(ctx context.Context, c *call, args *ScoreRFMArgs) (*Result, error) {
	window, err := c.layerWindow("window", &args.Window)
	if err != nil {
		return nil, err
	}
	layer := &syntax.Name{Name: "rfm"}
	if args.Bins == 0 {
		args.Bins = rfm.DefaultBins
	}
	if args.Bins != rfm.DefaultBins {
		layer.Params = append(layer.Params, wholeParam("bins", args.Bins))
	}
	if window != nil {
		layer.Params = append(layer.Params, syntax.Param{Window: window})
	}
	ask := layerAsk{layer: layer, formula: &args.Formula, window: window, present: args.Bins != rfm.DefaultBins}
	if purchase, ok := c.schema.Event(c.schema.Roles["purchase"]); ok {
		days := &syntax.PerCustomer{Value: &syntax.Call{Fn: syntax.DaysSince, Event: purchase.Name, Window: window}, Statistic: "mean"}
		ask.more = []layerMeasure{{"orders_per_customer", "orders / customers"}, {"days_since", days.String()}}
	}
	r, unscored, err := c.layerTable(ctx, ask)
	if err != nil {
		return nil, err
	}
	r.Title = c.say("title_score_rfm", nil)
	r.Values["bins"], r.Values["scored"] = args.Bins, int(r.Values["customers"].(int64))-unscored
	r.Units["scored"] = "customers"
	if args.Bins != rfm.DefaultBins {
		c.note("rfm_codes", params{"bins": args.Bins})
	}
	if unscored > 0 {
		c.note("rfm_unscored", params{"n": unscored})
	}
	c.noteRevenue(r, window)
	return r, nil
}
