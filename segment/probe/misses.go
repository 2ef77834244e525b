package probe

import (
	"context"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Misses are the customers who are out of a segment by one condition alone.
type Misses struct {
	Formula    syntax.Formula
	Size       int
	Conditions []Miss // in the order of the text
	// All is everyone who fails by exactly one.
	All   *segment.Set
	Notes []segment.Note
}

// Miss is a condition with those who satisfy all others and not this.
type Miss struct {
	Condition syntax.Formula
	// Formula has just them.
	Formula   syntax.Formula
	Customers *segment.Set
	// Step is the threshold of the condition, if it has one, that lets most of
	// them in when it moves by one step: to To, ByStep of them.
	Step   *Threshold
	To     string
	ByStep int
}

// NearMisses finds who fails by exactly one of the parts of the top-level
// `and`; any other formula is one condition, which everyone outside fails.
func NearMisses(ctx context.Context, f syntax.Formula, src segment.Source, at time.Time) (*Misses, error) {
	plan, err := segment.Compile(ctx, f, src, at)
	if err != nil {
		return nil, err
	}
	all, canonical, err := Thresholds(f, src.Schema())
	if err != nil {
		return nil, err
	}
	conditions := []syntax.Formula{canonical}
	if and, ok := canonical.(*syntax.And); ok {
		conditions = and.Factors
	}
	m := &Misses{Formula: canonical, Notes: plan.Warnings()}
	formulas := append([]syntax.Formula{canonical}, conditions...)

	type try struct {
		condition int
		threshold *Threshold
		to        string
	}
	var tries []try
	text := canonical.String()
	for i, c := range conditions {
		m.Conditions = append(m.Conditions, Miss{Condition: c, Formula: failing(conditions, i)})
		for k := range all {
			t := &all[k]
			if !t.Compared || t.At.From < c.Pos().From || t.At.To > c.Pos().To {
				continue
			}
			for _, to := range t.near() {
				g, err := t.Move(text, to)
				if err != nil {
					return nil, err
				}
				tries = append(tries, try{i, t, to})
				formulas = append(formulas, g)
			}
		}
	}
	sets, err := evaluate(ctx, formulas, src, at)
	if err != nil {
		return nil, err
	}
	m.Size, m.All = sets[0].Len(), segment.NewSet(sets[0].N())
	alone := sets[1 : 1+len(conditions)]
	for i := range m.Conditions {
		others := segment.Everyone(sets[0].N())
		for j, s := range alone {
			if j != i {
				others = others.And(s)
			}
		}
		m.Conditions[i].Customers = others.AndNot(alone[i])
		m.All = m.All.Or(m.Conditions[i].Customers)
	}
	for k, t := range tries {
		miss := &m.Conditions[t.condition]
		n := sets[1+len(conditions)+k].And(miss.Customers).Len()
		if n > miss.ByStep || miss.Step == nil {
			miss.Step, miss.To, miss.ByStep = t.threshold, t.to, n
		}
	}
	for i := range m.Conditions {
		if c := &m.Conditions[i]; c.ByStep == 0 {
			c.Step, c.To = nil, ""
		}
	}
	return m, nil
}

// failing is the formula of those who satisfy all conditions but one.
func failing(conditions []syntax.Formula, one int) syntax.Formula {
	parts := make([]syntax.Formula, len(conditions))
	copy(parts, conditions)
	parts[one] = negation(conditions[one])
	return syntax.All(parts...)
}

// negation is the plain complement.
func negation(f syntax.Formula) syntax.Formula {
	switch f := f.(type) {
	case *syntax.Not:
		return f.X
	case *syntax.Everyone:
		return &syntax.Nobody{}
	case *syntax.Nobody:
		return &syntax.Everyone{}
	}
	return &syntax.Not{X: f}
}
