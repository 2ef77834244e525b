package probe

import (
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

// logic is a formula as `and`, `or` and `not` over its conditions, which are
// numbered. Equal conditions are one.
type logic struct {
	kind  logicKind
	parts []*logic
	leaf  int
}

type logicKind uint8

const (
	isLeaf logicKind = iota
	isAnd            // of no parts: everyone
	isOr             // of no parts: nobody
	isNot
)

// leaf is one condition.
type leaf struct {
	formula syntax.Formula // as its canonical text parses
	text    string
	// via are the saved segments it is reached through, outermost first.
	via []string
	// others tells that other customers' data decide too.
	others bool
}

// split takes a formula apart. Saved segments that are asked for as of now are
// taken apart as well.
func split(f syntax.Formula, src segment.Source) (*logic, []leaf) {
	s := splitter{src: src, at: map[string]int{}}
	return s.split(f, nil), s.leaves
}

type splitter struct {
	src    segment.Source
	leaves []leaf
	at     map[string]int
}

func (s *splitter) split(f syntax.Formula, via []string) *logic {
	all := func(kind logicKind, fs []syntax.Formula) *logic {
		l := &logic{kind: kind}
		for _, f := range fs {
			l.parts = append(l.parts, s.split(f, via))
		}
		return l
	}
	switch f := f.(type) {
	case *syntax.And:
		return all(isAnd, f.Factors)
	case *syntax.Or:
		return all(isOr, f.Terms)
	case *syntax.Not:
		return all(isNot, []syntax.Formula{f.X})
	case *syntax.Everyone:
		return all(isAnd, nil)
	case *syntax.Nobody:
		return all(isOr, nil)
	case *syntax.InSegment:
		saved, ok := s.src.Saved(f.Name)
		if f.At == nil && ok && !slices.Contains(via, f.Name) {
			return s.split(saved, append(slices.Clone(via), f.Name))
		}
	}
	text := f.String()
	n, known := s.at[text]
	if !known {
		n = len(s.leaves)
		s.at[text] = n
		canonical, err := syntax.Parse(text)
		if err != nil {
			canonical = f
		}
		s.leaves = append(s.leaves, leaf{canonical, text, via, looksAtOthers(f, s.src, nil)})
	}
	return &logic{leaf: n}
}

// looksAtOthers tells whether a condition ranks customers, or names a layer or
// score, which may.
func looksAtOthers(f syntax.Formula, src segment.Source, via []string) bool {
	found := false
	saved := func(name string) {
		if g, ok := src.Saved(name); ok && !slices.Contains(via, name) {
			found = found || looksAtOthers(g, src, append(slices.Clone(via), name))
		}
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Rank:
			found = true
		case *syntax.Name:
			if _, trait := src.Schema().Trait(n.Name); !trait {
				found = true
			}
		case *syntax.Call, *syntax.Step:
			return false // names in there are properties
		case *syntax.InSegment:
			saved(n.Name)
		case *syntax.Crossed:
			saved(n.Name)
		}
		return !found
	})
	return found
}

// holds works out the formula from what its conditions say.
func (l *logic) holds(truth []bool) bool {
	switch l.kind {
	case isAnd:
		for _, p := range l.parts {
			if !p.holds(truth) {
				return false
			}
		}
		return true
	case isOr:
		for _, p := range l.parts {
			if p.holds(truth) {
				return true
			}
		}
		return false
	case isNot:
		return !l.parts[0].holds(truth)
	}
	return truth[l.leaf]
}

// mostFlips bounds how many sets of conditions are looked at.
const mostFlips = 50_000

// fewest are the fewest conditions whose turning round turns the formula round,
// of sets of one size the first in the text; nil where nothing does.
func (l *logic) fewest(truth []bool) []int {
	was, now, looked := l.holds(truth), slices.Clone(truth), 0
	var found []int
	var choose func(set []int, from, left int)
	choose = func(set []int, from, left int) {
		if left == 0 {
			if looked++; l.holds(now) != was {
				found = slices.Clone(set)
			}
			return
		}
		for i := from; i <= len(truth)-left && found == nil && looked < mostFlips; i++ {
			now[i] = !now[i]
			choose(append(set, i), i+1, left-1)
			now[i] = !now[i]
		}
	}
	for size := 1; size <= len(truth) && found == nil && looked < mostFlips; size++ {
		choose(nil, 0, size)
	}
	return found
}
