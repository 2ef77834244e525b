package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// wholeThings counts things of several rows as wholes, where a filter speaks of
// the whole: "orders without shoes" have no row of shoes, which are all orders
// less those that have one, and "orders with both shoes and bags" have a row of
// each. A filter looks at one row alone and would find others. False: it cannot
// be told.
func (s *parts) wholeThings(args *tools.MeasureArgs, where []syntax.Formula, both []*node, event string) bool {
	if !s.p.tied(event) || len(args.Measures) != 1 || args.Measures[0] != "orders" && args.Measures[0] != "events("+syntax.Quote(event)+")" {
		return len(both) == 0
	}
	var plain, lacked, known []syntax.Formula
	for _, f := range where {
		if is := denied(f); is != nil {
			lacked = append(lacked, is)
			if fi := s.p.ix.find(event, traitOf(is)); fi >= 0 && s.p.ix.fields[fi].gaps {
				known = append(known, s.p.fieldIs(s.p.ix.fields[fi], false)) // of the rest nobody knows
			}
		} else {
			plain = append(plain, f)
		}
	}
	if len(lacked)+len(both) == 0 {
		return true
	}
	ofRows := func(g string) bool { return strings.Contains(g, ".") }
	if len(both)+min(len(lacked), 1) > 1 || slices.ContainsFunc(args.GroupBy, ofRows) {
		return false
	}
	count := func(more ...syntax.Formula) string {
		c := &syntax.Call{Fn: syntax.Count, Event: event}
		if all := append(plain[:len(plain):len(plain)], more...); len(all) > 0 {
			c.Where = syntax.All(all...)
		}
		return c.String()
	}
	if len(lacked) > 0 {
		args.Measures = []string{fmt.Sprintf("%s - %s", count(known...), count(syntax.Any(lacked...)))}
	} else {
		expr := s.p.countWithBoth(event, plain, both[0].vals)
		if expr == "" {
			return false
		}
		args.Measures = []string{expr}
	}
	args.Where = ""
	return true
}

// denied is what a filter says that a row is not; nil where it says what it is.
func denied(f syntax.Formula) syntax.Formula {
	switch f := f.(type) {
	case *syntax.Compare:
		if f.Op == syntax.Ne {
			return &syntax.Compare{Left: f.Left, Op: syntax.Eq, Right: f.Right}
		}
	case *syntax.In:
		if f.Not {
			return &syntax.In{Value: f.Value, List: f.List}
		}
	}
	return nil
}
