// Package lifecycle puts every customer in one stage of a life cycle, by how
// long ago the latest purchase was against how long customers of this very
// business usually wait. It takes figures per customer and rows of purchases,
// and knows no windows and no zones: days come counted.
package lifecycle

import (
	"context"

	"tesela/segment/column"
)

// Stage is a stage's place among Labels.
type Stage uint32

// The stages. The zero Stage is none.
const (
	Prospect Stage = iota + 1
	New
	Active
	Star
	Reactivated
	AtRisk
	Churned
)

// Labels are the stages' names in the order of a life.
func Labels() []string {
	return []string{"prospect", "new", "active", "star", "reactivated", "at risk", "churned"}
}

// DefaultStars is the percentage of customers who are stars.
const DefaultStars = 10

// Facts are the figures of all customers.
type Facts struct {
	// Days since the latest purchase; unset for customers without one.
	Days []int64
	// First is the time of the first purchase, in microseconds.
	First []int64
	// Returned tells whose latest purchases came after a gap; see Returned.
	Returned []bool
	// Revenue orders customers by what they brought in of late, as
	// column.Keys gives it.
	Revenue []int64
}

// Rules are what the stages are told by.
type Rules struct {
	Lapse    int64 // days
	NewSince int64 // the instant from which on a first purchase is new
	Stars    int   // percent
}

// Stages finds the stage of every customer: the first rule that holds of
//
//	prospect     no purchase ever
//	churned      the latest is over Lapse days ago
//	at risk      it is over 0.8 × Lapse days ago
//	new          the first is of NewSince or later
//	reactivated  Returned
//	star         among the best Stars percent by revenue, ties in, of all
//	             whose latest is no more than 0.8 × Lapse days ago
//	active
//
// The error is the context's.
func Stages(ctx context.Context, f Facts, r Rules) (*column.Column, error) {
	c := &column.Column{Kind: column.Text, Codes: make([]uint32, len(f.Days)), Dict: column.NewDict(Labels())}
	var well []int64 // the revenue of those neither lost nor at risk
	for i, days := range f.Days {
		if fresh(days, r.Lapse) {
			well = append(well, f.Revenue[i])
		}
	}
	least := int64(column.Unset)
	if n := len(well); n > 0 {
		k := (n*r.Stars + 99) / 100
		if err := column.Select(ctx, well, n-k); err != nil {
			return nil, err
		}
		least = well[n-k]
	}
	for i, days := range f.Days {
		stage := Active
		switch {
		case days == column.Unset:
			stage = Prospect
		case days > r.Lapse:
			stage = Churned
		case !fresh(days, r.Lapse):
			stage = AtRisk
		case f.First[i] >= r.NewSince:
			stage = New
		case f.Returned[i]:
			stage = Reactivated
		case f.Revenue[i] >= least:
			stage = Star
		}
		c.Codes[i] = uint32(stage)
	}
	return c, ctx.Err()
}

// fresh tells that so many days are no more than 0.8 of the lapse point.
func fresh(days, lapse int64) bool { return days != column.Unset && 5*days <= 4*lapse }
