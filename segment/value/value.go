// Package value parts customers into tiers by what they brought in.
package value

import (
	"context"
	"slices"

	"tesela/segment/column"
)

// Tier is a tier's place among Labels. The zero Tier is none.
type Tier uint32

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
	n := len(revenue)
	c := &column.Column{Kind: column.Text, Codes: make([]uint32, n), Dict: column.NewDict(Labels())}
	if n == 0 {
		return c, nil
	}
	all := slices.Clone(revenue)
	best, least := (n*top+99)/100, (n*low+99)/100
	atLeast, atMost := int64(0), int64(0) // of top, of low
	if least > 0 {
		if err := column.Select(ctx, all, least-1); err != nil {
			return nil, err
		}
		atMost = all[least-1]
	}
	if best > 0 {
		if from := min(least, n-best); from < n {
			if err := column.Select(ctx, all[from:], n-best-from); err != nil {
				return nil, err
			}
		}
		atLeast = all[n-best]
	}
	for i, x := range revenue {
		switch {
		case x <= 0:
			c.Codes[i] = uint32(Low)
		case best > 0 && x >= atLeast:
			c.Codes[i] = uint32(Top)
		case least > 0 && x <= atMost:
			c.Codes[i] = uint32(Low)
		default:
			c.Codes[i] = uint32(Middle)
		}
	}
	return c, ctx.Err()
}
