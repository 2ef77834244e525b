package micro

import (
	"context"
	"math"
	"slices"

	"tesela/segment"
)

// Draws are hashes of customers' own ids, so that a customer is drawn or not
// whoever else there is.

// hashText is FNV-1a (Fowler, Noll, Vo), 64 bits, finished as SplitMix64 is
// (Steele, Lea, Flood 2014).
func hashText(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(text); i++ {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// hashCustomers hashes the ids of all customers.
func hashCustomers(ctx context.Context, src segment.Source) ([]uint64, error) {
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]uint64, src.Schema().Customers)
	for i := range all {
		if i&0xffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if i < ids.Len() {
			all[i] = hashText(ids.Word(uint32(i + 1)))
		} else {
			all[i] = mix(uint64(i))
		}
	}
	return all, nil
}

// draw takes the members with the smallest hashes, most of them at most, in
// ascending order.
func draw(members []int32, hashes []uint64, most int) []int32 {
	if len(members) <= most {
		return members
	}
	// Hashes are even, so few lie under a bound a little above the share that
	// is wanted; only those are sorted.
	var under []uint64
	for slack := 1.2; len(under) <= most; slack *= 2 {
		bound := uint64(math.MaxUint64)
		if share := slack * (float64(most) + 64) / float64(len(members)); share < 1 {
			bound = uint64(share * math.MaxUint64)
		}
		under = under[:0]
		for _, i := range members {
			if hashes[i] <= bound {
				under = append(under, hashes[i])
			}
		}
	}
	slices.Sort(under)
	limit := under[most]
	drawn := make([]int32, 0, most)
	for _, i := range members {
		if hashes[i] < limit {
			drawn = append(drawn, i)
		}
	}
	return drawn
}
