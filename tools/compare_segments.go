package tools

import (
	"context"
	_ "embed"

	"tesela/segment"
	"tesela/segment/contrast"
	"tesela/segment/explain"
	"tesela/segment/syntax"
)

//go:embed compare_segments.md
var compareSegmentsText string

func compareSegments(ctx context.Context, c *call, args *CompareSegmentsArgs) (*Result, error) {
	a, err := c.checked(ctx, "a", &args.A)
	if err != nil {
		return nil, err
	}
	b, err := c.checked(ctx, "b", &args.B)
	if err != nil {
		return nil, err
	}
	q, how, err := c.sides(ctx, a, b)
	if err != nil {
		return nil, err
	}
	t, err := c.apart(ctx, q, args.Layers, &args.Top, "a", "b")
	if err != nil {
		return nil, err
	}
	r, base := t.result, c.schema.Customers
	sizeA, sizeB, both := how.a.Len(), how.b.Len(), how.a.And(how.b).Len()
	either := sizeA + sizeB - both
	r.Title = c.say("title_compare_segments", nil)
	for name, n := range map[string]int{
		"size_a": sizeA, "size_b": sizeB, "both": both, "only_a": sizeA - both, "only_b": sizeB - both, "neither": base - either, "base": base,
	} {
		r.Values[name], r.Units[name] = n, "customers"
	}
	r.Values["overlap"], r.Units["overlap"] = share(both, either), "rate"
	r.Segments = []Segment{
		{Name: "A", Formula: args.A, Size: sizeA, Share: share(sizeA, base)},
		{Name: "B", Formula: args.B, Size: sizeB, Share: share(sizeB, base)},
	}
	if both > 0 {
		s := Segment{Name: "A & B", Formula: syntax.All(a, b).String(), Size: both, Share: share(both, base)}
		r.Segments = append(r.Segments, s)
	}
	switch {
	case sizeA == 0:
		c.note("compare_empty", params{"which": "A"})
	case sizeB == 0:
		c.note("compare_empty", params{"which": "B"})
	case how.note != "":
		c.note(how.note, params{"n": both})
	}
	if t.found.A.Len() > 0 && t.found.B.Len() > 0 {
		shared, err := t.shared(ctx)
		if err != nil {
			return nil, err
		}
		t.tell(shared)
		t.notes()
	}
	c.noteSet(t.found.Notes)
	return r, nil
}

// sides says who is set against whom where some are in both.
type sides struct {
	a, b *segment.Set
	note string
}

// sides leaves those in both out of both; where one group lies within the
// other it is set against the rest of that.
func (c *call) sides(ctx context.Context, a, b syntax.Formula) (contrast.Query, sides, error) {
	q := contrast.Query{A: a, B: b, Apart: true}
	plan, err := segment.CompileEach(ctx, []syntax.Formula{a, b}, c.src, c.at)
	if err != nil {
		return q, sides{}, err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return q, sides{}, err
	}
	s := sides{a: sets[0], b: sets[1]}
	switch {
	case s.a.Len() == 0 || s.b.Len() == 0:
	case s.a.Equal(s.b):
		s.note = "compare_same_people"
	case s.a.IsSubset(s.b):
		q.Apart, s.note = false, "compare_a_in_b"
	case s.b.IsSubset(s.a):
		q.A, s.note = syntax.All(a, &syntax.Not{X: b}), "compare_b_in_a"
	case s.a.And(s.b).Len() > 0:
		s.note = "compare_in_both"
	}
	return q, s, nil
}

// shared gives rows of what both groups have in common against everyone else.
func (t *apart) shared(ctx context.Context) ([][]any, error) {
	found, err := t.found.Shared(ctx, explain.Options{})
	if err != nil {
		return nil, err
	}
	shown := 0
	var rows [][]any
	for _, s := range found {
		if s.Definition || shown == defaultShared {
			continue
		}
		shown++
		row := t.row(s.Difference)
		row[t.at("a")], row[t.at("b")] = t.figure(s.Feature, s.Look, s.InA), t.figure(s.Feature, s.Look, s.InB)
		for _, name := range []string{"difference", "low", "high"} {
			row[t.at(name)] = nil
		}
		row[t.at("strength")] = "shared"
		rows = append(rows, row)
	}
	t.result.Values["shared"] = shown
	if shown > 0 {
		t.note("compare_shared", params{"n": shown})
	}
	return rows, nil
}

// defaultShared is how many rows tell what both groups share.
const defaultShared = 4
