package tools

import (
	"context"
	_ "embed"

	"tesela/segment"
	"tesela/segment/syntax"
)

//go:embed count_segment.md
var countSegmentText string

func countSegment(ctx context.Context, c *call, args *CountSegmentArgs) (*Result, error) {
	f, err := c.formula("formula", args.Formula)
	if err != nil {
		return nil, err
	}
	if _, err := segment.Compile(ctx, f, c.src, c.at); err != nil {
		return nil, c.wrong("formula", err, f)
	}
	args.Formula = f.String()

	// One plan evaluates the formula, its conditions and what the notes tell,
	// so that they share their scans.
	conditions := segment.Conditions(f)
	asides := c.asides(conditions)
	all := append([]syntax.Formula{f}, conditions...)
	for _, a := range asides {
		all = append(all, a.formula)
	}
	plan, err := segment.CompileEach(ctx, all, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	whole, alone := sets[0], sets[1:1+len(conditions)]
	size, base := whole.Len(), c.schema.Customers
	s := Segment{Formula: args.Formula, Size: size, Share: share(size, base)}
	if saved, ok := f.(*syntax.InSegment); ok && saved.At == nil {
		s.Name = saved.Name
	}
	r := &Result{
		Title:  c.say("title_count_segment", nil),
		Values: map[string]any{"size": size, "base": base, "share": s.Share},
		Units:  map[string]string{"size": "customers", "base": "customers"},
		Columns: []Column{
			{Name: "condition", Kind: "text"},
			{Name: "alone", Kind: "count", Unit: "customers"},
			{Name: "share", Kind: "rate"},
			{Name: "without", Kind: "count", Unit: "customers"},
		},
		Segments: []Segment{s},
	}
	_, isOr := f.(*syntax.Or)
	found := counted{whole, alone, isOr}
	for i, cond := range conditions {
		n := alone[i].Len()
		r.Rows = append(r.Rows, []any{cond.String(), n, share(n, base), without(alone, i, isOr, base).Len()})
	}
	if len(conditions) > 1 {
		r.Chart = &Chart{Type: "bar", X: "condition", Y: "alone"}
	}
	c.noteSet(whole.Notes())
	for i, a := range asides {
		a.note(c, found, sets[1+len(conditions)+i])
	}
	return r, nil
}

// without is what the other conditions keep together; dropping the only one
// leaves everyone.
func without(alone []*segment.Set, dropped int, isOr bool, base int) *segment.Set {
	var rest *segment.Set
	for i, s := range alone {
		switch {
		case i == dropped:
		case rest == nil:
			rest = s
		case isOr:
			rest = rest.Or(s)
		default:
			rest = rest.And(s)
		}
	}
	if rest == nil {
		return segment.Everyone(base)
	}
	return rest
}

// share is a part of a whole as a fraction; of nothing it is 0.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
