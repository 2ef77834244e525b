package tools

import (
	"context"
	_ "embed"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/syntax"
)

//go:embed diff_segments.md
var diffSegmentsText string

func diffSegments(ctx context.Context, c *call, args *DiffSegmentsArgs) (*Result, error) {
	from, err := c.checked(ctx, "from", &args.From)
	if err != nil {
		return nil, err
	}
	to, err := c.checked(ctx, "to", &args.To)
	if err != nil {
		return nil, err
	}
	d, err := probe.Diff(ctx, from, to, c.src, c.at)
	if err != nil {
		return nil, err
	}
	ids, err := c.idsFor(ctx, args.Sample)
	if err != nil {
		return nil, err
	}
	base := c.schema.Customers
	gained, lost, kept := d.Gained.Len(), d.Lost.Len(), d.Kept.Len()
	r := &Result{
		Title:  c.say("title_diff_segments", nil),
		Values: map[string]any{"size_from": d.SizeFrom, "size_to": d.SizeTo, "gained": gained, "lost": lost, "kept": kept, "base": base},
		Units:  map[string]string{},
		Columns: []Column{
			{Name: "change", Kind: "text"},
			{Name: "from", Kind: "text"},
			{Name: "to", Kind: "text"},
			{Name: "gained", Kind: "count", Unit: "customers"},
			{Name: "lost", Kind: "count", Unit: "customers"},
		},
		Rows: [][]any{},
	}
	for name := range r.Values {
		r.Units[name] = "customers"
	}
	text := func(f syntax.Formula) any {
		if f == nil {
			return nil
		}
		return f.String()
	}
	for _, change := range d.Changes {
		r.Rows = append(r.Rows, []any{string(change.Kind), text(change.From), text(change.To), change.Gained, change.Lost})
	}
	not := func(f syntax.Formula) syntax.Formula { return &syntax.Not{X: f} }
	for _, s := range []struct {
		name    string
		formula syntax.Formula
		set     *segment.Set
	}{{"gained", syntax.All(to, not(from)), d.Gained}, {"lost", syntax.All(from, not(to)), d.Lost}, {"kept", syntax.All(from, to), d.Kept}} {
		n := s.set.Len()
		r.Segments = append(r.Segments, Segment{Name: s.name, Formula: s.formula.String(), Size: n, Share: share(n, base)})
		if ids != nil && s.name != "kept" && n > 0 {
			r.Values[s.name+"_ids"] = sample(s.set, ids, args.Sample)
		}
	}
	switch {
	case len(d.Changes) == 0:
		c.note("same_definition", nil)
	case gained+lost == 0:
		c.note("same_people", nil)
	}
	c.noteSet(d.Notes)
	return r, nil
}

// checked parses and checks a formula in an argument and makes the argument
// canonical, so that each fault is told of its own argument.
func (c *call) checked(ctx context.Context, argument string, text *string) (syntax.Formula, error) {
	f, err := c.formula(argument, *text)
	if err != nil {
		return nil, err
	}
	if _, err := segment.Compile(ctx, f, c.src, c.at); err != nil {
		return nil, c.wrong(argument, err, f)
	}
	*text = f.String()
	return f, nil
}
