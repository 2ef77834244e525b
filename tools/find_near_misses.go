package tools

import (
	"context"
	_ "embed"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/probe"
)

//go:embed find_near_misses.md
var findNearMissesText string

func findNearMisses(ctx context.Context, c *call, args *FindNearMissesArgs) (*Result, error) {
	f, err := c.formula("formula", args.Formula)
	if err != nil {
		return nil, err
	}
	found, err := probe.NearMisses(ctx, f, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	args.Formula = f.String()
	ids, err := c.idsFor(ctx, args.Sample)
	if err != nil {
		return nil, err
	}
	base, all := c.schema.Customers, found.All.Len()
	r := &Result{
		Title:  c.say("title_find_near_misses", nil),
		Values: map[string]any{"size": found.Size, "base": base, "near_misses": all, "share": share(all, base)},
		Units:  map[string]string{"size": "customers", "base": "customers", "near_misses": "customers"},
		Columns: []Column{
			{Name: "condition", Kind: "text"},
			{Name: "customers", Kind: "count", Unit: "customers"},
			{Name: "share", Kind: "rate"},
			{Name: "threshold", Kind: "text"},
			{Name: "to", Kind: "text"},
			{Name: "by_one_step", Kind: "count", Unit: "customers"},
		},
	}
	if ids != nil {
		r.Columns = append(r.Columns, Column{Name: "ids", Kind: "text"})
	}
	for _, m := range found.Conditions {
		n := m.Customers.Len()
		row := []any{m.Condition.String(), n, share(n, base), nil, nil, nil}
		if m.Step != nil {
			row[3], row[4], row[5] = m.Step.Text, m.To, m.ByStep
		}
		if ids != nil {
			row = append(row, sample(m.Customers, ids, args.Sample))
		}
		r.Rows = append(r.Rows, row)
		if n > 0 {
			r.Segments = append(r.Segments, Segment{Formula: m.Formula.String(), Size: n, Share: share(n, base)})
		}
	}
	if len(r.Rows) > 1 {
		r.Chart = &Chart{Type: "bar", X: "condition", Y: "customers"}
	} else {
		c.note("one_condition", nil)
	}
	c.noteSet(found.Notes)
	return r, nil
}

// idsFor gives the customers' ids where some are to be shown.
func (c *call) idsFor(ctx context.Context, shown int) (*column.Dict, error) {
	if shown == 0 {
		return nil, nil
	}
	return c.src.CustomerIDs(ctx)
}

// sample lists the first ids of a set.
func sample(s *segment.Set, ids *column.Dict, most int) string {
	order := customerOrder{ids: ids}
	text := ""
	for k, i := range best(members(s), most, order.before) {
		if k > 0 {
			text += ", "
		}
		text += order.id(i)
	}
	return text
}
