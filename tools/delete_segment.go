package tools

import (
	"context"
	_ "embed"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed delete_segment.md
var deleteSegmentText string

func deleteSegment(ctx context.Context, c *call, args *DeleteSegmentArgs) (*deed, error) {
	if err := c.named("name", &args.Name); err != nil {
		return nil, err
	}
	saved, all, err := c.savedNamed("name", args.Name)
	if err != nil {
		return nil, err
	}
	args.Name = saved.Name
	r := &Result{
		Title:    c.say("title_delete_segment", params{"name": saved.Name}),
		Values:   map[string]any{},
		Units:    map[string]string{"size": "customers", "base": "customers"},
		Segments: []Segment{{Name: saved.Name, Formula: saved.Formula, Text: saved.Text}},
	}
	if size, ok, err := c.sizeOf(ctx, saved.Formula); err != nil {
		return nil, err
	} else if ok {
		base := c.schema.Customers
		r.Values["size"], r.Values["base"], r.Values["share"] = size, base, share(size, base)
		r.Segments[0].Size, r.Segments[0].Share = size, share(size, base)
	}
	// What is defined by it cannot be computed once it is gone.
	for _, s := range all {
		if f, err := syntax.Parse(s.Formula); err == nil && slices.Contains(mentioned(f), saved.Name) {
			r.Rows = append(r.Rows, []any{s.Name, s.Formula})
		}
	}
	if n := len(r.Rows); n > 0 {
		r.Columns = []Column{{Name: "segment", Kind: "text"}, {Name: "formula", Kind: "text"}}
		c.note("defined_by_it", params{"n": n})
	}
	return &deed{
		preview: r, title: c.say("title_deleted_segment", params{"name": saved.Name}),
		do: func(ctx context.Context, ws store.Workspace) error { return ws.DeleteSegment(ctx, saved.Name) },
	}, nil
}

// sizeOf counts a kept formula; ok is false where it no longer fits the data.
func (c *call) sizeOf(ctx context.Context, formula string) (size int, ok bool, err error) {
	f, err := syntax.Parse(formula)
	if err != nil {
		return 0, false, nil
	}
	plan, err := segment.Compile(ctx, f, c.src, c.at)
	if err != nil {
		return 0, false, ctx.Err()
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return 0, false, err
	}
	return set.Len(), true, nil
}
