package course

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

// logic is a formula as and, or and not over its conditions, which are
// numbered; equal conditions are one.
type logic struct {
	op    byte // '&', '|', '!', or 0 for a condition
	parts []*logic
	leaf  int
}

// leaves takes a formula apart; saved segments that are asked for as of now
// are taken apart too.
func leaves(f syntax.Formula, src segment.Source) (*logic, []syntax.Formula) {
	var found []syntax.Formula
	at := map[string]int{}
	var split func(f syntax.Formula, via []string) *logic
	split = func(f syntax.Formula, via []string) *logic {
		all := func(op byte, fs ...syntax.Formula) *logic {
			l := &logic{op: op}
			for _, f := range fs {
				l.parts = append(l.parts, split(f, via))
			}
			return l
		}
		switch f := f.(type) {
		case *syntax.And:
			return all('&', f.Factors...)
		case *syntax.Or:
			return all('|', f.Terms...)
		case *syntax.Not:
			return all('!', f.X)
		case *syntax.Everyone:
			return all('&')
		case *syntax.Nobody:
			return all('|')
		case *syntax.InSegment:
			if saved, ok := src.Saved(f.Name); ok && f.At == nil && !slices.Contains(via, f.Name) {
				return split(saved, append(slices.Clone(via), f.Name))
			}
		}
		text := f.String()
		n, known := at[text]
		if !known {
			n = len(found)
			at[text] = n
			found = append(found, f)
		}
		return &logic{leaf: n}
	}
	return split(f, nil), found
}

// holds works out the formula from its conditions.
func (l *logic) holds(truth []bool) bool {
	switch l.op {
	case '&':
		return !slices.ContainsFunc(l.parts, func(p *logic) bool { return !p.holds(truth) })
	case '|':
		return slices.ContainsFunc(l.parts, func(p *logic) bool { return p.holds(truth) })
	case '!':
		return !l.parts[0].holds(truth)
	}
	return truth[l.leaf]
}

// flips tells which conditions of a segment's formula came out otherwise.
func (m *Moves) flips(ctx context.Context, src segment.Source) (func(Route, []int) []Cause, error) {
	tree, conditions := leaves(m.Subject.Segment, src)
	if len(conditions) == 0 {
		return func(Route, []int) []Cause { return nil }, nil
	}
	was, err := evaluate(ctx, conditions, src, m.From)
	if err != nil {
		return nil, err
	}
	is, err := evaluate(ctx, conditions, src, m.To)
	if err != nil {
		return nil, err
	}
	n := len(conditions)
	return func(r Route, who []int) []Cause {
		// Many customers have the same truths: each pattern is looked at once.
		patterns := map[string]int{}
		key := make([]byte, 2*n)
		for _, i := range who {
			for k := range conditions {
				key[k], key[n+k] = bit(was[k].Has(i)), bit(is[k].Has(i))
			}
			patterns[string(key)]++
		}
		turned := make([]Cause, 2*n)
		for pattern, count := range patterns {
			before, after := make([]bool, n), make([]bool, n)
			for k := range n {
				before[k], after[k] = pattern[k] == 1, pattern[n+k] == 1
			}
			in := tree.holds(before)
			for k := range n {
				if before[k] == after[k] {
					continue
				}
				c := &turned[2*k]
				c.Condition, c.Turn = conditions[k].String(), BecameTrue
				if before[k] {
					c = &turned[2*k+1]
					c.Condition, c.Turn = conditions[k].String(), BecameFalse
				}
				c.N += count
				after[k] = !after[k]
				if tree.holds(after) == in {
					c.Alone += count
				}
				after[k] = !after[k]
			}
		}
		return slices.DeleteFunc(turned, func(c Cause) bool { return c.N == 0 })
	}, nil
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func evaluate(ctx context.Context, fs []syntax.Formula, src segment.Source, as *State) ([]*segment.Set, error) {
	plan, err := segment.CompileEach(ctx, fs, src, as.At)
	if err != nil {
		return nil, err
	}
	return plan.RunEach(ctx)
}
