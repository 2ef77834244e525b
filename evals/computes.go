package evals

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// computes tells what keeps a gold of a case from being computed, on either
// data set: no answer could come to it, so that it would be wrong for ever.
func (d *Data) computes(ctx context.Context, c *Case) error {
	first := d
	for ; d != nil; d = d.Second {
		at, err := clock(c.AsOf, d.Zone, d.AsOf)
		if err != nil {
			return err
		}
		for _, g := range append(c.Expected(), c.Choices...) {
			if _, err := d.want(ctx, g, at); err != nil {
				return err
			}
			if d != first {
				continue // only figures are looked at there
			}
			if err := d.exists(ctx, g, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// exists tells what of a gold that is not computed there is not: a tool, an
// argument, a field, a customer.
func (d *Data) exists(ctx context.Context, g Gold, at time.Time) error {
	if g.Tool != "" {
		return d.toolExists(Call{Tool: g.Tool})
	}
	calls := g.Calls
	if g.Approve != nil {
		calls = []Call{*g.Approve}
	}
	for _, call := range calls {
		if err := d.toolExists(call); err != nil {
			return err
		}
	}
	if g.Formula != "" {
		f, err := syntax.Parse(g.Formula)
		if err == nil {
			_, err = segment.Compile(ctx, f, d.source, at)
		}
		if err != nil {
			return fmt.Errorf("formula %s: %w", g.Formula, err)
		}
	}
	if len(g.Members) > 0 {
		return d.membersExist(ctx, g.Members)
	}
	return nil
}

// toolExists tells whether there is such a tool, and whether it has such
// arguments.
func (d *Data) toolExists(call Call) error {
	var names []string
	for _, t := range d.Box.List() {
		names = append(names, t.Name)
		if t.Name != call.Tool {
			continue
		}
		var schema struct {
			Properties map[string]any `json:"properties"`
		}
		if err := json.Unmarshal(t.Schema, &schema); err != nil {
			return fmt.Errorf("read the arguments of %s: %w", t.Name, err)
		}
		known := sorted(schema.Properties)
		for _, name := range sorted(call.Args) {
			if !slices.Contains(known, name) {
				return fmt.Errorf("%s has no argument %q; there are %s%s", t.Name, name, strings.Join(known, ", "), nearest(name, known))
			}
		}
		return nil
	}
	return fmt.Errorf("there is no tool %q; there are %s%s", call.Tool, strings.Join(names, ", "), nearest(call.Tool, names))
}

// membersExist tells whether all are customers of the data.
func (d *Data) membersExist(ctx context.Context, members []string) error {
	all, err := formulaMembers(ctx, d.source, d.AsOf, "everyone")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, id := range members {
		switch {
		case !all[id]:
			return fmt.Errorf("members: there is no customer %q", id)
		case seen[id]:
			return fmt.Errorf("members: %q is there twice", id)
		}
		seen[id] = true
	}
	return nil
}
