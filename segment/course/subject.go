package course

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Subject is what is followed: the labels of a layer, or whether customers are
// in a segment.
type Subject struct {
	Layer   *syntax.Name   // nil: Segment
	Segment syntax.Formula // nil: Layer
}

// The labels that no layer gives: of a segment's two sides, and of customers
// whom a layer gives none.
const (
	In         = "in"
	Out        = "out"
	Unlabelled = "unlabelled"
	// Joined stands in the place of the earlier label for those who have come
	// since.
	Joined = "joined"
)

// Labels are the labels of a subject in their order; those of a layer end with
// Unlabelled. Ok is false where a layer is none, or wrong.
func (s Subject) Labels(schema *segment.Schema) (labels []string, ok bool) {
	if s.Layer == nil {
		return []string{In, Out}, true
	}
	labels, ok = segment.Analyses().Labels(schema, s.Layer)
	return append(slices.Clone(labels), Unlabelled), ok
}

// State is what everyone was as of an instant.
type State struct {
	At     time.Time
	Labels []string
	Notes  []segment.Note
	// codes are by customer: the label's place among Labels counted from 1,
	// also of those who were not there yet, whom an evaluation knows no less.
	codes []uint32
	seen  *Seen
	end   int64
}

// Code is a customer's label, its place among Labels counted from 1; 0 for
// those who were not there yet.
func (s *State) Code(i int) int {
	if !s.seen.Before(i, s.end) {
		return 0
	}
	return int(s.codes[i])
}

// Sizes are how many of a base have each label; a nil base is everyone.
func (s *State) Sizes(base *segment.Set) []int {
	sizes := make([]int, len(s.Labels))
	for i := range s.codes {
		if c := s.Code(i); c > 0 && (base == nil || base.Has(i)) {
			sizes[c-1]++
		}
	}
	return sizes
}

// Place is a label's place among Labels counted from 0, or -1.
func (s *State) Place(label string) int { return slices.Index(s.Labels, label) }

// Stand evaluates the subject as of an instant.
func (s Subject) Stand(ctx context.Context, src segment.Source, seen *Seen, at time.Time) (*State, error) {
	labels, ok := s.Labels(src.Schema())
	if !ok {
		return nil, fmt.Errorf("%s is no layer of this data", s.Layer)
	}
	st := &State{At: at, Labels: labels, codes: make([]uint32, src.Schema().Customers), seen: seen, end: at.UnixMicro()}
	if s.Layer == nil {
		plan, err := segment.Compile(ctx, s.Segment, src, at)
		if err != nil {
			return nil, err
		}
		set, err := plan.Run(ctx)
		if err != nil {
			return nil, err
		}
		st.Notes = set.Notes()
		for i := range st.codes {
			if st.codes[i] = 2; set.Has(i) {
				st.codes[i] = 1
			}
		}
		return st, nil
	}
	plan, err := segment.CompileValue(ctx, s.Layer, src, at)
	if err != nil {
		return nil, err
	}
	values, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	st.Notes = values.Notes()
	places := map[uint32]uint32{0: uint32(len(labels))} // code 0 is Unlabelled, the last
	for i := range st.codes {
		code := values.Code(i)
		place, known := places[code]
		if !known {
			label, _ := values.Cell(i).(string)
			place = uint32(slices.Index(labels, label) + 1)
			if place == 0 {
				return nil, fmt.Errorf("the label %q is none of %s", label, s.Layer)
			}
			places[code] = place
		}
		st.codes[i] = place
	}
	return st, ctx.Err()
}

// Is is the formula of those who have a label as of a point in time; ok is
// false where the language has no way to say it.
func (s Subject) Is(label string, p Point, schema *segment.Schema) (f syntax.Formula, ok bool) {
	if s.Layer == nil {
		f, ok = AsOf(s.Segment, p, schema)
		if label == Out {
			f = &syntax.Not{X: f}
		}
		return f, ok
	}
	r := rewriter{p: p, schema: schema, ok: true}
	var value syntax.Value = s.Layer
	if !p.IsNow() {
		value = r.name(s.Layer)
	}
	if !r.ok {
		return nil, false
	}
	if label == Unlabelled {
		return &syntax.IsSet{Value: value, Not: true}, true
	}
	return &syntax.Compare{Left: value, Op: syntax.Eq, Right: &syntax.Text{Value: label}}, true
}
