package course

import (
	"cmp"
	"context"
	"slices"

	"tesela/segment"
)

// Route is a move: a row and a column of Moves.Matrix.
type Route struct{ From, To int }

// Biggest are the routes with the most customers, stays left out; of equal
// ones those of earlier labels first.
func (m *Moves) Biggest(most int) []Route {
	var routes []Route
	for f := range m.Matrix.Rows {
		for t := range m.Matrix.Cols {
			if f != t && m.Matrix.At(f, t) > 0 {
				routes = append(routes, Route{f, t})
			}
		}
	}
	slices.SortStableFunc(routes, func(a, b Route) int {
		return cmp.Compare(m.Matrix.At(b.From, b.To), m.Matrix.At(a.From, a.To))
	})
	return routes[:min(most, len(routes))]
}

// Turn is what became of a condition or a score.
type Turn string

// The turns.
const (
	BecameTrue  Turn = "became true"
	BecameFalse Turn = "became false"
	Rose        Turn = "rose"
	Fell        Turn = "fell"
)

// Cause is a condition, or a score, that came out otherwise at the later date
// for customers of a route.
type Cause struct {
	Condition string // a formula or a value of the formula language
	Turn      Turn
	// N are the customers of the route for whom it turned; Alone those for
	// whom it decides: had it come out as at the earlier date and all else as
	// it did, they would not have moved.
	N, Alone int
	Reasons  []Reason
}

// Reason tells more of a cause: of how many of N something is true.
type Reason struct {
	Code ReasonCode
	N    int
}

// ReasonCode names a reason.
type ReasonCode string

// The reasons. Purchases are those between the two dates; revenue is that of
// the layer's window; LapseMoved tells of whom it is not true with the lapse
// point of the earlier date; Overtaken that the customer's own figure is no
// worse and others' are better, Undercut the other way round.
const (
	BoughtNothing ReasonCode = "bought_nothing"
	Bought        ReasonCode = "bought"
	RevenueFell   ReasonCode = "revenue_fell"
	RevenueRose   ReasonCode = "revenue_rose"
	RevenueSame   ReasonCode = "revenue_same"
	LapseMoved    ReasonCode = "lapse_moved"
	Overtaken     ReasonCode = "overtaken"
	Undercut      ReasonCode = "undercut"
)

// Causes tells for each route what turned, what decides for most first. Those
// who joined have no earlier side, and those who stayed no cause: they get
// none.
func (m *Moves) Causes(ctx context.Context, src segment.Source, routes []Route) ([][]Cause, error) {
	causes := make([][]Cause, len(routes))
	members := make([][]int, len(routes))
	place := map[Route]int{}
	any := false
	for k, r := range routes {
		if r.From != r.To && r.From != m.JoinedRow() {
			place[r], any = k, true
		}
	}
	if !any {
		return causes, nil
	}
	m.Counted.Each(func(i int) {
		if k, ok := place[Route{m.row(i), m.To.Code(i) - 1}]; ok {
			members[k] = append(members[k], i)
		}
	})
	var tell func(r Route, who []int) []Cause
	var err error
	switch {
	case m.Subject.Layer == nil:
		tell, err = m.flips(ctx, src)
	case m.Subject.Layer.Name == "rfm":
		tell, err = m.scoreCauses(ctx, src)
	default:
		tell, err = m.ruleCauses(ctx, src)
	}
	if err != nil {
		return nil, err
	}
	for k, r := range routes {
		if len(members[k]) == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		causes[k] = tell(r, members[k])
		slices.SortStableFunc(causes[k], func(a, b Cause) int {
			return cmp.Or(cmp.Compare(b.Alone, a.Alone), cmp.Compare(b.N, a.N))
		})
	}
	return causes, nil
}
