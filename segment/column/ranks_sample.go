package column

import (
	"context"
	"math/bits"
	"slices"
)

// Of many figures a sample tells about where a place is: the figures below that
// stretch are then counted, and only those in it looked at. Whether the place is
// there is known afterwards, so what a sample tells decides how long it takes and
// never what comes out.

const (
	// sampledFrom is how many figures there must be.
	sampledFrom = 1 << 17
	// sampleSize is about how many are taken. With these, and samples of chance,
	// the place is in the stretch but in one of 10,000 cases: the stretch has
	// four standard deviations on either side, √(1/4 / sampleSize) each.
	sampleSize   = 1 << 14
	sampleMargin = 256
	// fewDifferent figures of a stretch are rather counted one by one.
	fewDifferent = 6
)

// span is where a place is looked for, both ends in.
type span[T int32 | int64] struct {
	lo, hi T
	place  int // number of the place
}

// ranksSampled is Ranks by a sample; ok is false where it misled.
func ranksSampled[T int32 | int64](ctx context.Context, s []T, places []int) (out []T, ok bool, err error) {
	step := len(s) / sampleSize
	sample := make([]T, 0, len(s)/step+1)
	for i := step / 2; i < len(s); i += step {
		sample = append(sample, s[i])
	}
	ends := make([]int, 2*len(places))
	for k, place := range places {
		at := place / step
		ends[2*k], ends[2*k+1] = max(0, at-sampleMargin), min(len(sample)-1, at+sampleMargin)
	}
	// The places of the ends need not ascend, but either kind does.
	low, err := ranksCounted(ctx, sample, every(ends, 0))
	if err != nil {
		return nil, false, err
	}
	high, err := ranksCounted(ctx, sample, every(ends, 1))
	if err != nil {
		return nil, false, err
	}
	var all []span[T]
	for k := range places {
		lo, hi := low[k], high[k]
		if uint64(int64(hi))-uint64(int64(lo)) < fewDifferent { // there may be very many of each
			for ; lo < hi; lo++ {
				all = append(all, span[T]{lo, lo, k})
			}
		}
		all = append(all, span[T]{lo, hi, k})
	}
	found, err := survey(ctx, s, all)
	if err != nil {
		return nil, false, err
	}
	out = make([]T, len(places))
	there := make([]bool, len(places))
	for i, st := range all {
		f := &found[i]
		within := places[st.place] - f.below
		if within < 0 || within >= f.in {
			continue
		}
		there[st.place], out[st.place] = true, st.lo
		if st.lo < st.hi {
			one, err := ranksCounted(ctx, f.list, []int{within})
			if err != nil {
				return nil, false, err
			}
			out[st.place] = one[0]
		}
	}
	return out, !slices.Contains(there, false), nil
}

// every takes each second number, from one on.
func every(all []int, from int) []int {
	var out []int
	for ; from < len(all); from += 2 {
		out = append(out, all[from])
	}
	return out
}

// surveyed is what is known of a stretch.
type surveyed[T int32 | int64] struct {
	below, in int
	list      []T // the figures in it, unless they are all one
}

// survey counts the figures below and in stretches, and lists those in them.
func survey[T int32 | int64](ctx context.Context, s []T, all []span[T]) ([]surveyed[T], error) {
	each := make([][]surveyed[T], Workers(len(s)))
	for w := range each {
		each[w] = make([]surveyed[T], len(all))
	}
	words := make([][partSize / 64]uint64, len(each))
	least := unsetOf[T]()
	err := Parts(ctx, len(s), func(worker, lo, hi int) {
		part := s[lo:hi]
		for k, st := range all {
			f := &each[worker][k]
			if st.lo > least {
				for _, word := range marked(part, least, st.lo-1, &words[worker]) {
					f.below += bits.OnesCount64(word)
				}
			}
			for i, word := range marked(part, st.lo, st.hi, &words[worker]) {
				f.in += bits.OnesCount64(word)
				for ; word != 0 && st.lo < st.hi; word &= word - 1 {
					f.list = append(f.list, part[i<<6+bits.TrailingZeros64(word)])
				}
			}
		}
	})
	sum := each[0]
	for _, mine := range each[1:] {
		for k, f := range mine {
			sum[k].below, sum[k].in = sum[k].below+f.below, sum[k].in+f.in
			sum[k].list = append(sum[k].list, f.list...)
		}
	}
	return sum, err
}
