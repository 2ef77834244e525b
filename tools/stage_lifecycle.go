package tools

import (
	"context"
	_ "embed"

	"tesela/segment/lifecycle"
	"tesela/segment/syntax"
)

//go:embed stage_lifecycle.md
var stageLifecycleText string

func stageLifecycle(ctx context.Context, c *call, args *StageLifecycleArgs) (*Result, error) {
	layer := &syntax.Name{Name: "lifecycle"}
	if args.LapseDays > 0 {
		layer.Params = append(layer.Params, wholeParam("lapse", args.LapseDays))
	}
	recent, err := c.layerWindow("new", &args.New)
	if err != nil {
		return nil, err
	}
	if recent != nil {
		if recent.Kind != syntax.WindowLast {
			return nil, c.fault("new", "expected a time up to now such as last 30d, got %s", recent)
		}
		layer.Params = append(layer.Params, syntax.Param{Key: "new", Window: recent})
	}
	if args.StarPercent == 0 {
		args.StarPercent = lifecycle.DefaultStars
	}
	if args.StarPercent != lifecycle.DefaultStars {
		layer.Params = append(layer.Params, wholeParam("star", args.StarPercent))
	}
	r, _, err := c.layerTable(ctx, layerAsk{layer: layer, formula: &args.Formula})
	if err != nil {
		return nil, err
	}
	r.Title = c.say("title_stage_lifecycle", nil)
	r.Units["lapse_days"] = "days"
	c.noteRevenue(r, nil)
	return r, nil
}
