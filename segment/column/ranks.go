package column

import (
	"context"
	"math/bits"
	"slices"
)

// Ranks gives the figures at places of the ascending order; the places ascend.
// The least figure there can be, as which Unset is held, comes first. The
// figures stay as they are, and all cores take part. The error is the context's.
func Ranks[T int32 | int64](ctx context.Context, s []T, places []int) ([]T, error) {
	if len(s) >= sampledFrom && len(places) > 0 {
		if out, ok, err := ranksSampled(ctx, s, places); ok || err != nil {
			return out, err
		}
	}
	return ranksCounted(ctx, s, places)
}

// ranksCounted is Ranks by counting the figures in buckets and looking for the
// places in theirs alone, which goes thrice over the figures.
func ranksCounted[T int32 | int64](ctx context.Context, s []T, places []int) ([]T, error) {
	out := make([]T, len(places))
	if len(places) == 0 {
		return out, ctx.Err()
	}
	low, high, none, err := bounds(ctx, s)
	if err != nil {
		return nil, err
	}
	k := 0 // places of unset figures
	for k < len(places) && places[k] < none {
		out[k] = unsetOf[T]()
		k++
	}
	rest := make([]int, len(places)-k)
	for i := range rest {
		rest[i] = places[k+i] - none
	}
	if len(rest) == 0 {
		return out, nil
	}
	found, err := ranksWithin(ctx, s, low, high, none, rest)
	copy(out[k:], found)
	return out, err
}

// unsetOf is the least figure there can be.
func unsetOf[T int32 | int64]() T {
	x := T(1)
	for x > 0 {
		x <<= 1
	}
	return x
}

// bounds are the least and the greatest figure that is set, and how many are
// not. Without any the least is above the greatest.
func bounds[T int32 | int64](ctx context.Context, s []T) (low, high T, none int, err error) {
	type found struct {
		low, high T
		none      int
	}
	unset := unsetOf[T]()
	each := make([]found, Workers(len(s)))
	for w := range each {
		each[w] = found{low: ^unset, high: unset}
	}
	err = Parts(ctx, len(s), func(worker, lo, hi int) {
		low, high, none := each[worker].low, each[worker].high, each[worker].none
		for _, v := range s[lo:hi] {
			x, one := v, 0
			if v == unset {
				x = ^unset
			}
			if v == unset {
				one = 1
			}
			low, high, none = min(low, x), max(high, v), none+one
		}
		each[worker] = found{low, high, none}
	})
	low, high = ^unset, unset
	for _, f := range each {
		low, high, none = min(low, f.low), max(high, f.high), none+f.none
	}
	return low, high, none, err
}

// sortedRest is how few figures are rather sorted.
const sortedRest = 1 << 12

// ranksWithin is Ranks of the figures from low to high, which are all but so
// many that are unset.
func ranksWithin[T int32 | int64](ctx context.Context, s []T, low, high T, none int, places []int) ([]T, error) {
	f := newFrame(int64(low), int64(high))
	counts, err := bucketCounts(ctx, s, &f)
	if err != nil {
		return nil, err
	}
	if f.bucket(int64(unsetOf[T]())) == 0 { // the least figures are next to it
		counts[0] -= none
	}
	// The places' buckets, and how many figures come before those.
	out := make([]T, len(places))
	where, first := make([]int, len(places)), make([]int, len(places))
	bucket, before := 0, 0
	for k, place := range places {
		for before+counts[bucket] <= place {
			before += counts[bucket]
			bucket++
		}
		where[k], first[k] = bucket, before
	}
	wanted := slices.Compact(slices.Clone(where))
	ranges := make([][2]T, len(wanted))
	alike := true // all figures of a bucket are
	for i, b := range wanted {
		lo, hi := f.rangeOf(b)
		ranges[i] = [2]T{T(lo), T(hi)}
		alike = alike && lo == hi
	}
	lists := make([][]T, len(wanted))
	if !alike {
		if lists, err = collect(ctx, s, ranges); err != nil {
			return nil, err
		}
	}
	for from, i := 0, 0; from < len(places); i++ {
		to := from
		var within []int
		for ; to < len(places) && where[to] == wanted[i]; to++ {
			within = append(within, places[to]-first[to])
		}
		if err := rankList(ctx, lists[i], ranges[i], within, out[from:to]); err != nil {
			return nil, err
		}
		from = to
	}
	return out, ctx.Err()
}

// rankList gives the figures at places of a bucket's list.
func rankList[T int32 | int64](ctx context.Context, list []T, within [2]T, places []int, out []T) error {
	switch {
	case within[0] == within[1]:
		for k := range out {
			out[k] = within[0]
		}
	case len(list) <= sortedRest:
		slices.Sort(list)
		for k, place := range places {
			out[k] = list[place]
		}
	default:
		found, err := ranksWithin(ctx, list, slices.Min(list), slices.Max(list), 0, places)
		copy(out, found)
		return err
	}
	return nil
}

// collect lists the figures that lie in each of some ranges; of a range of one
// figure nobody needs a list.
func collect[T int32 | int64](ctx context.Context, s []T, ranges [][2]T) ([][]T, error) {
	each := make([][][]T, Workers(len(s)))
	for w := range each {
		each[w] = make([][]T, len(ranges))
	}
	words := make([][partSize / 64]uint64, len(each))
	err := Parts(ctx, len(s), func(worker, lo, hi int) {
		for i, r := range ranges {
			if r[0] == r[1] {
				continue
			}
			list, part := each[worker][i], s[lo:hi]
			for k, word := range marked(part, r[0], r[1], &words[worker]) {
				for ; word != 0; word &= word - 1 {
					list = append(list, part[k<<6+bits.TrailingZeros64(word)])
				}
			}
			each[worker][i] = list
		}
	})
	lists := each[0]
	for _, mine := range each[1:] {
		for i, list := range mine {
			lists[i] = append(lists[i], list...)
		}
	}
	return lists, err
}

// marked marks the figures of a part that lie in a range, in words that are
// lent.
func marked[T int32 | int64](part []T, lo, hi T, words *[partSize / 64]uint64) []uint64 {
	out := words[:(len(part)+63)/64]
	switch part := any(part).(type) {
	case []int64:
		MarkInts(part, int64(lo), int64(hi), out)
	case []int32:
		mark32Ints(part, int32(lo), int32(hi), out)
	}
	return out
}

// within is a bucket, or outside for what lies below 0 or above. It is reckoned
// without a branch: whether a figure is unset is a matter of chance.
func within(b, outside int64) int64 {
	is := (b | (outside - b)) >> 63
	return b&^is | outside&is
}

// bucketCounts counts the figures of a frame by bucket.
func bucketCounts[T int32 | int64](ctx context.Context, s []T, f *frame) ([]int, error) {
	each := make([][]uint32, Workers(len(s)))
	err := Parts(ctx, len(s), func(worker, lo, hi int) {
		if each[worker] == nil {
			each[worker] = make([]uint32, 2*(f.buckets+1))
		}
		// In two lists by turns: a count that goes up twice in a row waits for
		// itself.
		even, odd := each[worker][:f.buckets+1], each[worker][f.buckets+1:]
		part, outside := s[lo:hi], int64(f.buckets)
		if f.linear {
			for ; len(part) >= 2; part = part[2:] {
				even[within(int64(part[0])-f.first, outside)]++
				odd[within(int64(part[1])-f.first, outside)]++
			}
		} else {
			for ; len(part) >= 2; part = part[2:] {
				even[within(digits(int64(part[0])-f.base)-f.first, outside)]++
				odd[within(digits(int64(part[1])-f.base)-f.first, outside)]++
			}
		}
		for _, v := range part {
			even[min(f.bucket(int64(v)), uint64(outside))]++
		}
	})
	all := make([]int, f.buckets)
	for _, counts := range each {
		for b, n := range counts {
			if at := b % (f.buckets + 1); at < f.buckets {
				all[at] += int(n)
			}
		}
	}
	return all, err
}
