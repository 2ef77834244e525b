package tools

import (
	"context"
	_ "embed"
	"strings"

	"tesela/segment/contrast"
	"tesela/segment/syntax"
)

//go:embed explain_segment.md
var explainSegmentText string

// defaultDifferences is how many differences are shown.
const defaultDifferences = 12

func explainSegment(ctx context.Context, c *call, args *ExplainSegmentArgs) (*Result, error) {
	f, err := c.checked(ctx, "formula", &args.Formula)
	if err != nil {
		return nil, err
	}
	var against syntax.Formula
	title := "title_explain_segment"
	if args.Against = strings.TrimSpace(args.Against); args.Against != "" {
		if against, err = c.checked(ctx, "against", &args.Against); err != nil {
			return nil, err
		}
		title = "title_explain_segment_against"
	}
	t, err := c.apart(ctx, contrast.Query{A: f, B: against}, args.Layers, &args.Top, "segment", "others")
	if err != nil {
		return nil, err
	}
	base, size, others := c.schema.Customers, t.found.A.Len(), t.found.B.Len()
	t.result.Title = c.say(title, nil)
	t.result.Values["size"], t.result.Values["others"], t.result.Values["base"] = size, others, base
	t.result.Values["share"] = share(size, base)
	for _, name := range []string{"size", "others", "base"} {
		t.result.Units[name] = "customers"
	}
	s := Segment{Formula: args.Formula, Size: size, Share: share(size, base)}
	if saved, ok := f.(*syntax.InSegment); ok && saved.At == nil {
		s.Name = saved.Name
	}
	t.result.Segments = []Segment{s}
	switch both := t.found.Both.Len(); {
	case size == 0:
		c.note("explain_empty", nil)
	case others == 0 && against == nil:
		c.note("explain_everyone", nil)
	case others == 0:
		c.note("explain_no_others", nil)
	case both > 0:
		c.note("explain_in_both", params{"n": both})
	}
	if size > 0 && others > 0 {
		t.tell(nil)
		t.notes()
	}
	c.noteSet(t.found.Notes)
	return t.result, nil
}
