package evals

import (
	"context"
	"fmt"
)

// CheckGolds says what is amiss with the golds of a case: calls that fail,
// figures that tell nothing from anything, and a gold that is not the same as
// itself.
func (d *Data) CheckGolds(ctx context.Context, c *Case) []string {
	var faults []string
	amiss := func(format string, args ...any) {
		faults = append(faults, c.ID+": "+fmt.Sprintf(format, args...))
	}
	at, err := clock(c.AsOf, d.Zone, d.AsOf)
	if err != nil {
		amiss("%v", err)
		return faults
	}
	for _, g := range append(c.Expected(), c.Choices...) {
		tool, args, err := g.Call()
		if err != nil {
			amiss("%v", err)
		}
		if tool == "" || err != nil {
			continue
		}
		r, err := d.call(ctx, at, tool, args)
		if err != nil {
			amiss("%v", err)
			continue
		}
		w, err := d.want(ctx, g, at)
		if err != nil {
			amiss("%v", err)
			continue
		}
		if trivial := trivial(w); trivial != "" {
			amiss("%s", trivial)
		}
		if differs := Differs(w, tool, args, r); differs != "" {
			amiss("the gold is not the same as itself: %s: wanted %s, the core comes to %s", differs, w.text(), brief(r))
		}
	}
	return faults
}

// trivial says what makes a gold's figures worthless for telling right from
// wrong: nobody is in it, or nothing is in its table; "" for none. Counting
// everyone is asked for on purpose.
func trivial(w want) string {
	formula, r := w.Count+w.Share+w.Who, w.result
	switch {
	case formula != "":
		if r.Values["base"] == nil {
			return "" // another engine's figure, which the core's equals
		}
		size, _ := number(r.Values["size"])
		base, _ := number(r.Values["base"])
		if size == 0 || size == base && formula != "everyone" {
			return fmt.Sprintf("%s has %v of %v customers", formula, size, base)
		}
	case w.List != nil && len(r.Rows) == 0:
		return "the list is empty"
	case w.Measure != nil:
		for name, v := range r.Values {
			if x, ok := number(v); !ok || x == 0 {
				return fmt.Sprintf("the measure's %s is %v", name, v)
			}
		}
		if (w.Measure["group_by"] != nil || w.Measure["per"] != nil) && len(r.Rows) < 1 {
			return "the measure has no rows"
		}
	}
	return ""
}
