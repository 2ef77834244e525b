package probe

import (
	"context"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Difference is what sets two definitions apart, in conditions and in people.
type Difference struct {
	From, To syntax.Formula
	// Gained are in To alone, Lost in From alone, Kept in both.
	Gained, Lost, Kept *segment.Set
	SizeFrom, SizeTo   int
	Changes            []Change // in the order of From's text, what is added last
	Notes              []segment.Note
}

// ChangeKind tells what became of a condition.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one condition that differs.
type Change struct {
	Kind     ChangeKind
	From, To syntax.Formula // nil where added or removed
	// Gained and Lost are how many come and go when From is changed in this
	// alone.
	Gained, Lost int

	whole syntax.Formula // From with this change alone
}

// Diff compares two formulas.
func Diff(ctx context.Context, from, to syntax.Formula, src segment.Source, at time.Time) (*Difference, error) {
	d := &Difference{From: from, To: to}
	d.Changes = changes(from, to, func(f syntax.Formula) syntax.Formula { return f })
	formulas := []syntax.Formula{from, to}
	for _, c := range d.Changes {
		formulas = append(formulas, c.whole)
	}
	sets, err := evaluate(ctx, formulas, src, at)
	if err != nil {
		return nil, err
	}
	a, b := sets[0], sets[1]
	d.SizeFrom, d.SizeTo, d.Notes = a.Len(), b.Len(), a.Notes()
	d.Gained, d.Lost, d.Kept = b.AndNot(a), a.AndNot(b), a.And(b)
	for i := range d.Changes {
		with := sets[2+i]
		d.Changes[i].Gained, d.Changes[i].Lost = with.AndNot(a).Len(), a.AndNot(with).Len()
	}
	return d, nil
}

// changes finds where two trees differ. Put gives the whole first formula with
// the tree replaced.
func changes(a, b syntax.Formula, put func(syntax.Formula) syntax.Formula) []Change {
	if syntax.Equal(a, b) {
		return nil
	}
	join := joined(a, b)
	if join == nil {
		return []Change{{Kind: Changed, From: a, To: b, whole: put(b)}}
	}
	as, bs := join.parts(a), join.parts(b)
	match := pair(as, bs)
	taken := make([]bool, len(bs))
	var found []Change
	for i, part := range as {
		without := func(instead ...syntax.Formula) syntax.Formula {
			rest := append([]syntax.Formula(nil), as[:i]...)
			return put(join.of(append(append(rest, instead...), as[i+1:]...)...))
		}
		if match[i] < 0 {
			found = append(found, Change{Kind: Removed, From: part, whole: without()})
			continue
		}
		taken[match[i]] = true
		found = append(found, changes(part, bs[match[i]], func(f syntax.Formula) syntax.Formula { return without(f) })...)
	}
	for j, part := range bs {
		if !taken[j] {
			all := append(append([]syntax.Formula(nil), as...), part)
			found = append(found, Change{Kind: Added, To: part, whole: put(join.of(all...))})
		}
	}
	return found
}

// junction is how parts hang together.
type junction struct {
	parts func(syntax.Formula) []syntax.Formula
	of    func(...syntax.Formula) syntax.Formula
}

// joined tells how two formulas are to be compared part by part: as `and`
// where one is, else as `or` where one is, else not at all. Everyone is an
// `and` of nothing and nobody an `or` of nothing.
func joined(a, b syntax.Formula) *junction {
	and, or := false, false
	for _, f := range []syntax.Formula{a, b} {
		switch f.(type) {
		case *syntax.And, *syntax.Everyone:
			and = true
		case *syntax.Or, *syntax.Nobody:
			or = true
		}
	}
	switch {
	case and:
		return &junction{func(f syntax.Formula) []syntax.Formula {
			switch f := f.(type) {
			case *syntax.And:
				return f.Factors
			case *syntax.Everyone:
				return nil
			}
			return []syntax.Formula{f}
		}, syntax.All}
	case or:
		return &junction{func(f syntax.Formula) []syntax.Formula {
			switch f := f.(type) {
			case *syntax.Or:
				return f.Terms
			case *syntax.Nobody:
				return nil
			}
			return []syntax.Formula{f}
		}, syntax.Any}
	}
	return nil
}

// pair finds for each part of a the part of b that it has become, or -1: the
// equal one, else one that differs in literals and times only, else one about
// the same trait, event or segment, else one that is an `and` or `or` as well.
// Of several the first is taken.
func pair(as, bs []syntax.Formula) []int {
	match := make([]int, len(as))
	taken := make([]bool, len(bs))
	for i := range match {
		match[i] = -1
	}
	for _, alike := range []func(a, b syntax.Formula) bool{
		func(a, b syntax.Formula) bool { return syntax.Equal(a, b) },
		func(a, b syntax.Formula) bool { return shape(a) == shape(b) },
		func(a, b syntax.Formula) bool { return subject(a) == subject(b) },
	} {
		for i, a := range as {
			for j, b := range bs {
				if match[i] < 0 && !taken[j] && alike(a, b) {
					match[i], taken[j] = j, true
				}
			}
		}
	}
	return match
}
