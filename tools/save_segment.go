package tools

import (
	"context"
	_ "embed"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed save_segment.md
var saveSegmentText string

func saveSegment(ctx context.Context, c *call, args *SaveSegmentArgs) (*deed, error) {
	if err := c.named("name", &args.Name); err != nil {
		return nil, err
	}
	f, err := c.definition(ctx, args.Name, args.Formula)
	if err != nil {
		return nil, err
	}
	args.Formula = f.String()
	saved := c.saved
	var old *store.Segment
	for i, s := range saved {
		switch {
		case s.Name == args.Name:
			old = &saved[i]
		case fold(s.Name) == fold(args.Name):
			c.note("saved_alike", params{"name": s.Name})
		}
	}
	text := args.Text
	if text == "" && c.box.inWords != nil {
		if text, err = c.box.inWords(ctx, c.who.Language, f); err != nil {
			return nil, err
		}
	}
	r, err := c.saving(ctx, f, old)
	if err != nil {
		return nil, err
	}
	r.Title = c.say("title_save_segment", params{"name": args.Name})
	r.Segments[0].Name, r.Segments[0].Text = args.Name, text
	s := store.Segment{Name: args.Name, Formula: args.Formula, Text: text, Created: c.now()}
	return &deed{
		preview: r, title: c.say("title_saved_segment", params{"name": args.Name}),
		do: func(ctx context.Context, ws store.Workspace) error { return ws.SaveSegment(ctx, s) },
	}, nil
}

// saving is the size of a definition as of now and, beside one that it would
// take the place of, who comes in and who leaves.
func (c *call) saving(ctx context.Context, f syntax.Formula, old *store.Segment) (*Result, error) {
	all := []syntax.Formula{f}
	if old != nil {
		before, err := syntax.Parse(old.Formula)
		if err == nil {
			_, err = segment.Compile(ctx, before, c.src, c.at)
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			c.note("replaces_broken", params{"formula": old.Formula})
		default:
			all = append(all, before)
			c.note("replaces", params{"formula": old.Formula})
		}
	}
	plan, err := segment.CompileEach(ctx, all, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	size, base := sets[0].Len(), c.schema.Customers
	r := &Result{
		Values:   map[string]any{"size": size, "base": base, "share": share(size, base), "replaces": old != nil},
		Units:    map[string]string{"size": "customers", "base": "customers"},
		Segments: []Segment{{Formula: f.String(), Size: size, Share: share(size, base)}},
	}
	if len(sets) > 1 {
		r.Values["size_before"] = sets[1].Len()
		r.Values["gained"], r.Values["lost"] = sets[0].AndNot(sets[1]).Len(), sets[1].AndNot(sets[0]).Len()
		for _, name := range []string{"size_before", "gained", "lost"} {
			r.Units[name] = "customers"
		}
	}
	c.noteSet(sets[0].Notes())
	return r, nil
}
