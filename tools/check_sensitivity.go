package tools

import (
	"context"
	_ "embed"
	"errors"

	"tesela/segment/probe"
)

//go:embed check_sensitivity.md
var checkSensitivityText string

func checkSensitivity(ctx context.Context, c *call, args *CheckSensitivityArgs) (*Result, error) {
	f, err := c.formula("formula", args.Formula)
	if err != nil {
		return nil, err
	}
	if len(args.To) > 0 && args.Threshold == 0 {
		// Where there is one threshold only, it need not be named.
		if all, _, err := probe.Thresholds(f, c.schema); err == nil && len(all) == 1 {
			args.Threshold = 1
		}
	}
	found, err := probe.Sensitivity(ctx, f, c.src, c.at, probe.Moves{Number: args.Threshold, To: args.To})
	var bad *probe.MoveError
	switch {
	case errors.As(err, &bad) && bad.Number:
		return nil, c.fault("threshold", "%s", bad.Message)
	case errors.As(err, &bad):
		return nil, c.fault("to", "%s", bad.Message)
	case err != nil:
		return nil, c.wrong("formula", err, f)
	}
	args.Formula = f.String()
	base := c.schema.Customers
	r := &Result{
		Title:  c.say("title_check_sensitivity", nil),
		Values: map[string]any{"size": found.Size, "base": base, "share": share(found.Size, base), "thresholds": len(found.Moves)},
		Units:  map[string]string{"size": "customers", "base": "customers"},
		Columns: []Column{
			{Name: "number", Kind: "count"},
			{Name: "condition", Kind: "text"},
			{Name: "threshold", Kind: "text"},
			{Name: "to", Kind: "text"},
			{Name: "gained", Kind: "count", Unit: "customers"},
			{Name: "lost", Kind: "count", Unit: "customers"},
			{Name: "size", Kind: "count", Unit: "customers"},
			{Name: "share", Kind: "rate"},
		},
		Rows:     [][]any{},
		Segments: []Segment{{Formula: args.Formula, Size: found.Size, Share: share(found.Size, base)}},
	}
	var most probe.Variant
	var moved probe.Moved
	for _, m := range found.Moves {
		for _, v := range m.To {
			r.Rows = append(r.Rows, []any{m.Number, m.Condition.String(), m.Text, v.Text, v.Gained, v.Lost, v.Size, share(v.Size, base)})
			if v.Gained+v.Lost > most.Gained+most.Lost {
				most, moved = v, m
			}
		}
	}
	if len(found.Moves) == 1 {
		r.Chart = &Chart{Type: "bar", X: "to", Y: "size"}
	}
	switch {
	case len(found.Moves) == 0:
		c.note("no_threshold", nil)
	case most.Gained+most.Lost == 0:
		c.note("not_sensitive", nil)
	default:
		c.note("most_sensitive", params{
			"threshold": moved.Text, "condition": moved.Condition.String(), "to": most.Text, "gained": most.Gained, "lost": most.Lost,
		})
	}
	c.noteSet(found.Notes)
	return r, nil
}
