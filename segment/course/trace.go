package course

import (
	"context"
	"time"

	"tesela/segment"
	"tesela/segment/migration"
	"tesela/segment/syntax"
)

// Moves are what became of everyone from one instant to another: a layer, or
// a segment's two sides, against itself.
type Moves struct {
	Subject  Subject
	From, To *State
	// Counted are the customers that are counted: those of the base who were
	// there as of To. NotYet is how many of the base came after that.
	Counted *segment.Set
	NotYet  int
	// Matrix has a row for each label and one more for those who joined since
	// From; and a column for each label. Row f is of label f, counted from 0.
	Matrix *migration.Matrix
	among  *segment.Set // the base
}

// Labels are the labels of both ends.
func (m *Moves) Labels() []string { return m.To.Labels }

// JoinedRow is the row of those who joined since.
func (m *Moves) JoinedRow() int { return len(m.To.Labels) }

// RowLabel is the label of a row.
func (m *Moves) RowLabel(f int) string {
	if f == m.JoinedRow() {
		return Joined
	}
	return m.From.Labels[f]
}

// Trace follows a base of customers, as of the later instant (nil: everyone),
// from one instant to a later one.
func Trace(ctx context.Context, src segment.Source, s Subject, base syntax.Formula, seen *Seen, from, to time.Time) (*Moves, error) {
	m := &Moves{Subject: s}
	var err error
	if m.From, err = s.Stand(ctx, src, seen, from); err != nil {
		return nil, err
	}
	if m.To, err = s.Stand(ctx, src, seen, to); err != nil {
		return nil, err
	}
	among := segment.Everyone(src.Schema().Customers)
	if base != nil {
		plan, err := segment.Compile(ctx, base, src, to)
		if err != nil {
			return nil, err
		}
		if among, err = plan.Run(ctx); err != nil {
			return nil, err
		}
		m.To.Notes = append(m.To.Notes, among.Notes()...)
	}
	m.count(among)
	m.among = among
	return m, ctx.Err()
}

// Between follows a base between two states that are known already.
func Between(s Subject, from, to *State, among *segment.Set) *Moves {
	m := &Moves{Subject: s, From: from, To: to, among: among}
	m.count(among)
	return m
}

func (m *Moves) count(among *segment.Set) {
	n := len(m.To.Labels)
	m.Matrix = migration.NewMatrix(n+1, n)
	m.Counted = segment.NewSet(among.N())
	among.Each(func(i int) {
		if m.To.Code(i) == 0 {
			m.NotYet++
			return
		}
		m.Counted.Add(i)
		m.Matrix.Add(m.row(i), m.To.Code(i)-1, 1)
	})
}

// row is the row of a customer.
func (m *Moves) row(i int) int {
	if c := m.From.Code(i); c > 0 {
		return c - 1
	}
	return m.JoinedRow()
}

// Members are those of the counted who went from row f to label t.
func (m *Moves) Members(f, t int) *segment.Set {
	set := segment.NewSet(m.Counted.N())
	m.Counted.Each(func(i int) {
		if m.To.Code(i) == t+1 && m.row(i) == f {
			set.Add(i)
		}
	})
	return set
}
