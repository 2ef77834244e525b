package course

import (
	"context"
	"fmt"
	"math"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Seen tells since when each customer has been there: from the trait with the
// role signup or the first event, whichever is earlier.
type Seen struct {
	// Since is in microseconds; math.MinInt64 for customers of whom no
	// beginning is known, who count as there from the start.
	Since []int64
	// Unknown is how many those are.
	Unknown int
	// signup is the trait and events the events that tell.
	signup string
	events []string
}

// roleSignup is the role of the trait that tells when a customer joined.
const roleSignup = "signup"

// FirstSeen finds since when each customer has been there.
func FirstSeen(ctx context.Context, src segment.Source) (*Seen, error) {
	s := src.Schema()
	seen := &Seen{Since: make([]int64, s.Customers)}
	var need segment.Need
	if f, ok := s.Trait(s.Roles[roleSignup]); ok && (f.Kind == column.Time || f.Kind == column.Date) {
		seen.signup = f.Name
		need.Traits = []string{f.Name}
	}
	for _, e := range s.Events {
		if e.Rows > 0 {
			seen.events = append(seen.events, e.Name)
			need.Add(e.Name, "")
		}
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("find when customers came: %w", err)
	}
	for i := range seen.Since {
		seen.Since[i] = math.MaxInt64
	}
	if c := world.Traits[seen.signup]; seen.signup != "" && c != nil {
		if err := seen.fromTrait(c, s); err != nil {
			return nil, err
		}
	}
	for _, name := range seen.events {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t := world.Tables[name]
		if t == nil {
			continue
		}
		for k, who := range t.Who {
			seen.Since[who] = min(seen.Since[who], t.Time(int(t.Starts[k])))
		}
	}
	for i, at := range seen.Since {
		if at == math.MaxInt64 {
			seen.Since[i] = math.MinInt64
			seen.Unknown++
		}
	}
	return seen, ctx.Err()
}

// fromTrait takes the times of the trait; days begin at their first midnight.
func (s *Seen) fromTrait(c *column.Column, schema *segment.Schema) error {
	begins := map[int64]int64{}
	for i := range min(c.Len(), len(s.Since)) {
		if !c.IsSet(i) {
			continue
		}
		at := c.Int(i)
		if c.Kind == column.Date {
			begin, known := begins[at]
			if !known {
				begin = segment.Day(at).Begin(schema.Zone)
				begins[at] = begin
			}
			at = begin
		}
		s.Since[i] = at
	}
	return nil
}

// Before tells whether a customer was there before an instant, in microseconds.
func (s *Seen) Before(i int, at int64) bool { return s.Since[i] < at }

// There are the customers who were there before a point in time, as a formula
// that is true of just them. It is made of no more conditions than it takes for
// those who are; everyone, where all are. Nil says that no formula tells them:
// what is later than now does not exist for one.
func (s *Seen) There(ctx context.Context, src segment.Source, p Point) (syntax.Formula, error) {
	at := p.Micros()
	var rest []int // whom no condition finds yet
	all := true
	for i, since := range s.Since {
		switch {
		case since >= at:
			all = false
		default:
			rest = append(rest, i)
		}
	}
	if all {
		return &syntax.Everyone{}, nil
	}
	if len(rest) == 0 {
		return &syntax.Nobody{}, nil
	}
	if p.IsNow() {
		p.Date = dateOf(p.At, src.Schema().Zone)
	}
	before := &syntax.Window{Kind: syntax.WindowBefore, From: p.point()}
	var candidates []syntax.Formula
	if s.signup != "" {
		candidates = append(candidates, &syntax.Within{Value: &syntax.Name{Name: s.signup}, Window: before})
	}
	one := &syntax.Number{Text: "1"}
	var none []syntax.Formula
	if s.signup != "" {
		none = append(none, &syntax.IsSet{Value: &syntax.Name{Name: s.signup}, Not: true})
	}
	for _, name := range s.events {
		candidates = append(candidates, &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: name, Window: before}, Op: syntax.Ge, Right: one})
		none = append(none, &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: name}, Op: syntax.Eq, Right: &syntax.Number{Text: "0"}})
	}
	if s.Unknown > 0 {
		candidates = append(candidates, syntax.All(none...))
	}
	plan, err := segment.CompileEach(ctx, candidates, src, p.Now)
	if err != nil {
		return nil, err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	strange := make([]bool, len(sets)) // they find some who were not there
	for k, set := range sets {
		set.Each(func(i int) { strange[k] = strange[k] || s.Since[i] >= at })
	}
	var terms []syntax.Formula
	for len(rest) > 0 {
		best, most := -1, 0
		for k, set := range sets {
			n := 0
			for _, i := range rest {
				if set.Has(i) {
					n++
				}
			}
			if n > most && !strange[k] {
				best, most = k, n
			}
		}
		if best < 0 {
			return nil, nil
		}
		terms = append(terms, candidates[best])
		left := rest[:0]
		for _, i := range rest {
			if !sets[best].Has(i) {
				left = append(left, i)
			}
		}
		rest = left
	}
	return syntax.Any(terms...), nil
}
