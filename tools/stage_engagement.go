package tools

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

//go:embed stage_engagement.md
var stageEngagementText string

func stageEngagement(ctx context.Context, c *call, args *StageEngagementArgs) (*Result, error) {
	layer := &syntax.Name{Name: "engagement"}
	var events []string
	for _, name := range args.Events {
		plain := strings.Trim(strings.TrimSpace(name), "`")
		if _, ok := c.schema.Event(plain); !ok {
			var known []string
			for _, e := range c.schema.Events {
				known = append(known, e.Name)
			}
			e := c.fault("events", "there is no event %q", name)
			e.Nearest = syntax.NearestNames(plain, known, 5)
			return nil, e
		}
		if !slices.Contains(events, plain) {
			events = append(events, plain)
			layer.Params = append(layer.Params, syntax.Param{Event: plain})
		}
	}
	args.Events = events
	window, err := c.layerWindow("window", &args.Window)
	if err != nil {
		return nil, err
	}
	if window != nil {
		if window.Kind != syntax.WindowLast && window.Kind != syntax.WindowSince {
			return nil, c.fault("window", "expected a time up to now such as last 60d, got %s", window)
		}
		layer.Params = append(layer.Params, syntax.Param{Window: window})
	}
	r, _, err := c.layerTable(ctx, layerAsk{layer: layer, formula: &args.Formula})
	if err != nil {
		return nil, err
	}
	r.Title = c.say("title_stage_engagement", nil)
	c.noteRevenue(r, nil)
	return r, nil
}
