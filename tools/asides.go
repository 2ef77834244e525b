package tools

import (
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

// aside is a group of customers whom a formula may count, or leave out,
// without its reader noticing: those who never did the thing at all, and
// those without the trait.
type aside struct {
	formula syntax.Formula // the group
	note    asideNote
}

// asideNote says what there is to say of a group.
type asideNote func(c *call, s counted, group *segment.Set)

// counted is a formula evaluated: what it keeps, and what its conditions keep
// alone.
type counted struct {
	whole *segment.Set
	alone []*segment.Set
	isOr  bool
}

// asides lists the groups to look at for a formula, in the order of its text.
func (c *call) asides(conditions []syntax.Formula) []aside {
	var found []aside
	seen := map[string]bool{}
	add := func(key, text string, note asideNote) {
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
	condition := 0
	negated := func(v syntax.Value) {
		if n, ok := v.(*syntax.Name); ok && c.isTrait(n) {
			add("without "+n.Name, syntax.Quote(n.Name)+" is not set", unsetExcluded(n.Name, condition))
		}
	}
	visit := func(n syntax.Node) bool {
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
	}
	for i, one := range conditions {
		condition = i
		syntax.Walk(one, visit)
	}
	return found
}

func (c *call) isTrait(n *syntax.Name) bool {
	_, ok := c.schema.Trait(n.Name)
	return ok && n.Params == nil
}

// neverDid tells how many members never did an event at all, unless that is
// plainly what a condition asks for.
func neverDid(event string) asideNote {
	return func(c *call, s counted, never *segment.Set) {
		if s.asksFor(never) {
			return
		}
		switch n, size := s.whole.And(never).Len(), s.whole.Len(); {
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
func unsetIncluded(trait string) asideNote {
	return func(c *call, s counted, unset *segment.Set) {
		if n := s.whole.And(unset).Len(); n > 0 && !s.asksFor(unset) {
			c.note("unset_included", params{"n": n, "trait": trait})
		}
	}
}

// unsetExcluded tells how many customers are out only because a comparison
// with an unset trait never holds: all else that is asked of them does.
func unsetExcluded(trait string, condition int) asideNote {
	return func(c *call, s counted, unset *segment.Set) {
		out := unset.AndNot(s.whole)
		if !s.isOr {
			out = out.And(without(s.alone, condition, false, s.whole.N()))
		}
		if n := out.Len(); n > 0 {
			c.note("unset_excluded", params{"n": n, "trait": trait})
		}
	}
}

// asksFor tells whether a condition asks for just this group.
func (s counted) asksFor(group *segment.Set) bool {
	return slices.ContainsFunc(s.alone, group.Equal)
}
