// Package value parts customers into tiers by what they brought in.
package value

import (
	"context"
	"math"
	"slices"

	"tesela/segment/column"
)

// Tier is a tier's place among Labels. The zero Tier is none.
type Tier uint8

// The tiers.
const (
	Top Tier = iota + 1
	Middle
	Low
)

// The default sizes of the tiers at either end, in percent of all customers.
const (
	DefaultTop = 20
	DefaultLow = 50
)

// Labels are the tiers' names, from the best.
func Labels() []string { return []string{"top", "middle", "low"} }

// Tiers finds the tier of every customer by revenue, as column.Keys gives it.
//
// Of n customers, top are the best ceil(n × top / 100) and everyone tied with
// the last of them; low the ceil(n × low / 100) with least and everyone tied
// with the last of those who is not top; the others are the middle. Customers
// whose revenue is not above 0 are low, however many they are. Both sizes are
// in percent, 0 to 100, and top + low no more than 100. The error is the
// context's.
func Tiers(ctx context.Context, revenue []int64, top, low int) (*column.Column, error) {
	n, labels := len(revenue), Labels()
	c := &column.Column{Kind: column.Text, Packed: column.NewPackedCodes(n, len(labels)), Dict: column.NewDict(labels)}
	if n == 0 {
		return c, ctx.Err()
	}
	best, least := (n*top+99)/100, (n*low+99)/100
	places := []int{max(0, least-1), min(n-1, n-best)}
	slices.Sort(places)
	ranks, err := column.Ranks(ctx, revenue, places)
	if err != nil {
		return nil, err
	}
	rankAt := func(place int) int64 { return ranks[slices.Index(places, place)] }
	// Top are those above a figure; low those up to another who are not.
	above, atMost := int64(math.MaxInt64), int64(0)
	if best > 0 {
		above = max(1, rankAt(n-best)) - 1
	}
	if least > 0 {
		atMost = max(0, rankAt(least-1))
	}
	atMost = min(atMost, above)
	out := c.Packed.U8
	return c, column.Parts(ctx, n, func(_, lo, hi int) {
		out := out[lo:hi]
		for i, x := range revenue[lo:hi] {
			var isTop, isLow uint8 // reckoned with, for branches would go by chance
			if x > above {
				isTop = 1
			}
			if x <= atMost {
				isLow = 1
			}
			out[i] = uint8(Middle) + isLow - isTop
		}
	})
}
