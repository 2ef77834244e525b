package tools

import (
	"tesela/segment"
	"tesela/segment/syntax"
)

// aside is a group of customers whom a formula may count, or leave out,
// without its reader noticing: those who never did the thing at all, and
// those without the trait.
type aside struct {
	formula syntax.Formula // the group
	note    func(c *call, whole, group *segment.Set, alone []*segment.Set)
}

// asides lists the groups to look at for a formula, in the order of its text.
func (c *call) asides(f syntax.Formula) []aside {
	var found []aside
	seen := map[string]bool{}
	add := func(key, text string, note func(*call, *segment.Set, *segment.Set, []*segment.Set)) {
		if seen[key] {
			return
		}
		seen[key] = true
		if group, err := syntax.Parse(text); err == nil {
			found = append(found, aside{group, note})
		}
	}
	event := func(name string) {
		if _, ok := c.schema.Event(name); ok {
			add("event "+name, "count("+syntax.Quote(name)+") = 0", neverDid(name))
		}
	}
	negated := func(v syntax.Value) {
		if n, ok := v.(*syntax.Name); ok && c.isTrait(n) {
			add("without "+n.Name, syntax.Quote(n.Name)+" is not set", unsetExcluded(n.Name))
		}
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			event(n.Event)
			return false // names inside where are properties
		case *syntax.Sequence:
			for _, step := range n.Steps {
				event(step.Event)
			}
			return false
		case *syntax.Compare:
			if n.Op == syntax.Ne {
				negated(n.Left)
				negated(n.Right)
			}
		case *syntax.In:
			if n.Not {
				negated(n.Value)
			}
		case *syntax.Match:
			if n.Not {
				negated(n.Value)
			}
		case *syntax.Not:
			syntax.Walk(n.X, func(inner syntax.Node) bool {
				switch inner := inner.(type) {
				case *syntax.Call, *syntax.Sequence:
					return false
				case *syntax.Name:
					if c.isTrait(inner) {
						add("with "+inner.Name, syntax.Quote(inner.Name)+" is not set", unsetIncluded(inner.Name))
					}
				}
				return true
			})
		}
		return true
	})
	return found
}

func (c *call) isTrait(n *syntax.Name) bool {
	_, ok := c.schema.Trait(n.Name)
	return ok && n.Params == nil
}

// neverDid tells how many members never did an event at all, unless that is
// plainly what a condition asks for.
func neverDid(event string) func(*call, *segment.Set, *segment.Set, []*segment.Set) {
	return func(c *call, whole, never *segment.Set, alone []*segment.Set) {
		for _, one := range alone {
			if one.Equal(never) {
				return
			}
		}
		switch n, size := whole.And(never).Len(), whole.Len(); {
		case n == 0:
		case n == size:
			c.note("only_never_did", params{"event": event})
		default:
			c.note("never_did", params{"n": n, "event": event})
		}
	}
}

// unsetIncluded tells how many members are in because `not` lets those
// without the trait in.
func unsetIncluded(trait string) func(*call, *segment.Set, *segment.Set, []*segment.Set) {
	return func(c *call, whole, unset *segment.Set, alone []*segment.Set) {
		for _, one := range alone {
			if one.Equal(unset) {
				return
			}
		}
		if n := whole.And(unset).Len(); n > 0 {
			c.note("unset_included", params{"n": n, "trait": trait})
		}
	}
}

// unsetExcluded tells how many customers are out because a comparison with an
// unset trait never holds.
func unsetExcluded(trait string) func(*call, *segment.Set, *segment.Set, []*segment.Set) {
	return func(c *call, whole, unset *segment.Set, _ []*segment.Set) {
		if n := unset.AndNot(whole).Len(); n > 0 {
			c.note("unset_excluded", params{"n": n, "trait": trait})
		}
	}
}
