package probe

import (
	"context"
	"fmt"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Response is how a segment answers to moves of its thresholds.
type Response struct {
	Formula syntax.Formula
	Size    int
	Moves   []Moved // by threshold, in the order of the text
	Notes   []segment.Note
}

// Moved is one threshold with the values it was moved to.
type Moved struct {
	Threshold
	To []Variant // ascending
}

// Variant is the segment with one threshold moved.
type Variant struct {
	Text    string // the value moved to
	Formula syntax.Formula
	// Gained come in and Lost leave compared with the formula as it is.
	Size, Gained, Lost int
}

// Moves says which thresholds to move and whereto; the zero Moves are all of
// them by their Steps.
type Moves struct {
	Number int      // only this threshold; 0: all
	To     []string // instead of its steps; only with a Number
}

// MoveError says that what was asked to be moved cannot be.
type MoveError struct {
	// Number is set where the number of the threshold is wrong, not a value.
	Number  bool
	Message string
}

// Error gives the message.
func (e *MoveError) Error() string { return e.Message }

// Sensitivity moves each threshold of a formula and tells who comes in and who
// leaves. Faults of the formula are as those of segment.Compile, of the moves a
// *MoveError.
func Sensitivity(ctx context.Context, f syntax.Formula, src segment.Source, at time.Time, moves Moves) (*Response, error) {
	plan, err := segment.Compile(ctx, f, src, at)
	if err != nil {
		return nil, err
	}
	all, canonical, err := Thresholds(f, src.Schema())
	if err != nil {
		return nil, err
	}
	if moves.Number < 0 || moves.Number > len(all) {
		return nil, &MoveError{true, fmt.Sprintf("the formula has %d thresholds; there is none numbered %d", len(all), moves.Number)}
	}
	if moves.Number == 0 && len(moves.To) > 0 {
		return nil, &MoveError{true, "say by its number which threshold the values are for"}
	}
	r := &Response{Formula: canonical, Notes: plan.Warnings()}
	text := canonical.String()
	formulas := []syntax.Formula{canonical}
	for _, t := range all {
		if moves.Number != 0 && moves.Number != t.Number {
			continue
		}
		steps := moves.To
		if len(steps) == 0 {
			steps = t.Steps()
		}
		m := Moved{Threshold: t}
		for _, to := range steps {
			g, err := t.Move(text, to)
			if err != nil {
				return nil, &MoveError{false, err.Error()}
			}
			m.To = append(m.To, Variant{Text: to, Formula: g})
			formulas = append(formulas, g)
		}
		r.Moves = append(r.Moves, m)
	}
	sets, err := evaluate(ctx, formulas, src, at)
	if err != nil {
		return nil, err
	}
	base := sets[0]
	r.Size = base.Len()
	next := 1
	for i := range r.Moves {
		for j := range r.Moves[i].To {
			v, set := &r.Moves[i].To[j], sets[next]
			next++
			v.Size = set.Len()
			v.Gained = set.AndNot(base).Len()
			v.Lost = r.Size + v.Gained - v.Size
		}
	}
	return r, nil
}

// evaluate runs several formulas as one plan.
func evaluate(ctx context.Context, fs []syntax.Formula, src segment.Source, at time.Time) ([]*segment.Set, error) {
	plan, err := segment.CompileEach(ctx, fs, src, at)
	if err != nil {
		return nil, err
	}
	return plan.RunEach(ctx)
}
