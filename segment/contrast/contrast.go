// Package contrast sets two groups of customers against each other over the
// features that the catalogue gives: it finds the groups, loads the features,
// lets package explain tell what differs, and turns every difference back into
// a condition of the formula language, by which a segment can be narrowed. What
// merely restates the groups' own formulas it knows from those.
//
// It does no statistics itself, and words nothing for people.
package contrast

import (
	"context"
	"fmt"
	"time"

	"tesela/segment"
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// Query says whom to set against whom, and in what.
type Query struct {
	A syntax.Formula
	// B is the other group; nil is everyone who is not in A.
	B syntax.Formula
	// Apart leaves customers who are in both out of both; else they are of A.
	Apart bool
	// Features are what they are set side by side in; nil are those of Build.
	Features []feature.Feature
	// Build says which features there are, where none are given.
	Build feature.Options
	// Explain adjusts what is told; Definition is set here.
	Explain explain.Options
}

// Contrast is what sets two groups apart.
type Contrast struct {
	// A and B are the groups as they were compared: nobody is in both.
	A, B *segment.Set
	// WholeA and WholeB are the groups as their formulas have them, and Both
	// is who is in both.
	WholeA, WholeB, Both *segment.Set
	Table                *feature.Table
	Report               *explain.Report
	Differences          []Difference // as Report.Findings
	Notes                []segment.Note
}

// Difference is one finding about a feature.
type Difference struct {
	Feature feature.Feature
	explain.Finding
	// Words are the drivers' words, in their order.
	Words []string
	// Condition is true of rather more of A than of B.
	Condition syntax.Formula
	// ShareA and ShareB are the parts of the groups that it is true of.
	ShareA, ShareB float64
}

// Compare sets the groups of a query against each other as of an instant.
// Faults of a formula are those of segment.Compile.
func Compare(ctx context.Context, q Query, src segment.Source, at time.Time) (*Contrast, error) {
	c, err := groups(ctx, q, src, at)
	if err != nil {
		return nil, err
	}
	if c.A.Len() == 0 || c.B.Len() == 0 {
		c.Report = &explain.Report{A: c.A.Len(), B: c.B.Len()}
		c.Table = &feature.Table{At: at, N: src.Schema().Customers}
		return c, nil
	}
	fs := q.Features
	if fs == nil {
		if fs, err = feature.From(ctx, src, at, q.Build); err != nil {
			return nil, err
		}
	}
	if c.Table, err = feature.Load(ctx, src, at, fs); err != nil {
		return nil, err
	}
	d := newDefinition(src)
	d.read(q.A)
	d.read(q.B)
	q.Explain.Definition = func(i int, a explain.Aspect) bool { return d.restates(c.Table.Features[i], a) }
	return c, c.explain(ctx, q.Explain)
}

// groups finds who is in which group.
func groups(ctx context.Context, q Query, src segment.Source, at time.Time) (*Contrast, error) {
	formulas := []syntax.Formula{q.A}
	if q.B != nil {
		formulas = append(formulas, q.B)
	}
	plan, err := segment.CompileEach(ctx, formulas, src, at)
	if err != nil {
		return nil, err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	c := &Contrast{WholeA: sets[0], Notes: sets[0].Notes()}
	if q.B == nil {
		c.WholeB = sets[0].Not()
	} else {
		c.WholeB = sets[1]
		c.Notes = append(c.Notes, sets[1].Notes()...)
	}
	c.Both = c.WholeA.And(c.WholeB)
	c.A, c.B = c.WholeA, c.WholeB.AndNot(c.Both)
	if q.Apart {
		c.A = c.WholeA.AndNot(c.Both)
	}
	return c, nil
}

// Again sets two other groups against each other over the features loaded.
func (c *Contrast) Again(ctx context.Context, a, b *segment.Set, o explain.Options) (*Contrast, error) {
	again := &Contrast{A: a, B: b, WholeA: a, WholeB: b, Both: a.And(b), Table: c.Table}
	return again, again.explain(ctx, o)
}

// Columns are the columns of a table as package explain takes them.
func Columns(t *feature.Table) []explain.Column {
	columns := make([]explain.Column, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = explain.Column{Numbers: c.Numbers, Codes: c.Codes, Words: c.Words, Bounded: t.Features[i].Unit == feature.Share}
	}
	return columns
}

// Members lists who is in a set, ascending.
func Members(s *segment.Set) []uint32 {
	list := make([]uint32, 0, s.Len())
	s.Each(func(i int) { list = append(list, uint32(i)) })
	return list
}

func (c *Contrast) explain(ctx context.Context, o explain.Options) error {
	g := explain.Groups{A: Members(c.A), B: Members(c.B)}
	var err error
	if c.Report, err = explain.Explain(ctx, Columns(c.Table), g, o); err != nil {
		return fmt.Errorf("set groups apart: %w", err)
	}
	for _, f := range c.Report.Findings {
		c.Differences = append(c.Differences, c.difference(f))
	}
	return nil
}
