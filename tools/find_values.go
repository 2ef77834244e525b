package tools

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

//go:embed find_values.md
var findValuesText string

// defaultLimit is how many rows a list has where the caller does not say.
const defaultLimit = 20

func findValues(ctx context.Context, c *call, args *FindValuesArgs) (*Result, error) {
	if fold(args.Text) == "" {
		return nil, c.fault("text", "%q has no letter or digit to look for", args.Text)
	}
	if args.Limit == 0 {
		args.Limit = defaultLimit
	}
	s, err := c.newSearch(ctx, args)
	if err != nil {
		return nil, err
	}
	if err := s.look(ctx, args.Text); err != nil {
		return nil, err
	}
	if err := s.count(ctx, c); err != nil {
		return nil, err
	}
	r := &Result{
		Title:  c.say("title_find_values", params{"text": args.Text}),
		Values: map[string]any{"text": args.Text, "matches": len(s.found)},
		Columns: []Column{
			{Name: "field", Kind: "text"},
			{Name: "value", Kind: "text"},
			{Name: "count", Kind: "count"},
			{Name: "match", Kind: "text"},
			{Name: "distance", Kind: "count"},
			{Name: "what", Kind: "text"},
		},
		Rows: [][]any{},
	}
	for _, f := range best(slices.Values(s.found), args.Limit, s.before) {
		r.Rows = append(r.Rows, s.row(f))
	}
	r.Values["shown"] = len(r.Rows)
	switch {
	case len(s.found) == 0:
		c.note("nothing_found", params{"text": args.Text})
		if hidden := c.box.personal.among(c.schema); args.Field == "" && len(hidden) > 0 {
			c.note("personal_not_searched", params{"fields": strings.Join(hidden, ", ")})
		}
	case len(s.found) > len(r.Rows):
		c.note("values_cut", params{"n": len(s.found), "shown": len(r.Rows)})
	}
	return r, nil
}

// field finds a trait or property by the name that formulas give it.
func (c *call) field(argument, name string) (field, error) {
	plain := strings.ReplaceAll(name, "`", "")
	var known []string
	for _, f := range fields(c.schema) {
		if f.ref.String() == plain {
			return f, nil
		}
		known = append(known, f.ref.String())
	}
	e := c.fault(argument, "there is no trait or event property %q; expected a name such as country or order.category", name)
	e.Nearest = syntax.NearestNames(name, known, 5)
	if len(e.Nearest) == 0 {
		// A bare property name, or one that is far from all: offer those that
		// end in it.
		for _, k := range known {
			if strings.HasSuffix(k, "."+plain) {
				e.Nearest = append(e.Nearest, k)
			}
		}
	}
	return field{}, e
}
