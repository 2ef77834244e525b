package column

import (
	"context"
	"math/bits"
)

// rankBuckets is how many buckets figures are counted in.
const rankBuckets = 1 << 13

// Ranks gives the figures at places of the ascending order; the places ascend.
// It counts the figures in equal buckets and looks for the places in theirs
// alone, so it goes twice over the figures and leaves them as they are. The
// error is the context's.
func Ranks(ctx context.Context, s []int64, places []int) ([]int64, error) {
	out := make([]int64, len(places))
	if len(places) == 0 {
		return out, ctx.Err()
	}
	low, high := s[0], s[0]
	for _, v := range s {
		low, high = min(low, v), max(high, v)
	}
	if low == high {
		for k := range out {
			out[k] = low
		}
		return out, ctx.Err()
	}
	shift := max(0, bits.Len64(uint64(high)-uint64(low))-bits.Len(rankBuckets-1))
	counts := make([]int, rankBuckets)
	for _, v := range s {
		counts[(uint64(v)-uint64(low))>>(shift&63)]++
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lists := map[uint64][]int64{}
	where := make([]uint64, len(places)) // by place: its bucket
	first := make([]int, len(places))    // and how many figures come before that
	bucket, before := uint64(0), 0
	for k, place := range places {
		for before+counts[bucket] <= place {
			before += counts[bucket]
			bucket++
		}
		where[k], first[k] = bucket, before
		if shift == 0 {
			out[k] = low + int64(bucket)
		} else if lists[bucket] == nil {
			lists[bucket] = make([]int64, 0, counts[bucket])
		}
	}
	if shift == 0 {
		return out, ctx.Err()
	}
	wanted := make([]bool, rankBuckets)
	for b := range lists {
		wanted[b] = true
	}
	for _, v := range s {
		if b := (uint64(v) - uint64(low)) >> (shift & 63); wanted[b] {
			lists[b] = append(lists[b], v)
		}
	}
	for from := 0; from < len(places); {
		to, within := from, []int(nil)
		for ; to < len(places) && where[to] == where[from]; to++ {
			within = append(within, places[to]-first[to])
		}
		found, err := Ranks(ctx, lists[where[from]], within)
		if err != nil {
			return nil, err
		}
		from += copy(out[from:], found)
	}
	return out, ctx.Err()
}
