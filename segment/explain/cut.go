package explain

import "math"

// nearly is the share of the best parting that a rounder number may give up.
const nearly = 0.97

// bestCut finds the number that parts the groups best: the largest difference
// between the shares of their set values at or above it (Kolmogorov and
// Smirnov's distance, Youden's J), on the side where A has more. a and b are
// the sorted set values, nA and nB the sizes of the whole groups.
func bestCut(a, b []uint64, nA, nB int, above bool) *Cut {
	// Shares at or above the j-th different value, from the second on.
	type step struct {
		key  uint64 // the value
		a, b int    // how many lie below it
	}
	var best step
	var bestJ float64
	j := func(s step) float64 {
		d := float64(s.b)/float64(len(b)) - float64(s.a)/float64(len(a))
		if !above {
			d = -d
		}
		return d
	}
	walk := func(visit func(s step, before uint64)) {
		i, k := 0, 0
		last, first := uint64(0), true
		for i < len(a) || k < len(b) {
			key := uint64(math.MaxUint64)
			if i < len(a) {
				key = a[i]
			}
			if k < len(b) {
				key = min(key, b[k])
			}
			if !first {
				visit(step{key, i, k}, last)
			}
			last, first = key, false
			for i < len(a) && a[i] == key {
				i++
			}
			for k < len(b) && b[k] == key {
				k++
			}
		}
	}
	walk(func(s step, _ uint64) {
		if v := j(s); v > bestJ {
			best, bestJ = s, v
		}
	})
	if bestJ <= 0 {
		return nil
	}
	// The steps beside the best that part nearly as well, and the numbers that
	// give them: above the value before the first, up to the value of the last.
	low, high := math.Inf(-1), valueOf(best.key)
	passed, ended := false, false
	walk(func(s step, before uint64) {
		ok := j(s) >= nearly*bestJ
		switch {
		case s.key == best.key:
			passed = true
			if math.IsInf(low, -1) {
				low = valueOf(before)
			}
		case !ok && !passed:
			low = math.Inf(-1)
		case !ok:
			ended = true
		case !passed && math.IsInf(low, -1):
			low = valueOf(before)
		case passed && !ended:
			high = valueOf(s.key)
		}
	})
	c := &Cut{At: roundest(low, high), Above: above}
	at := keyOf(c.At)
	belowA, belowB := below(a, at), below(b, at)
	if above {
		c.A, c.B = float64(len(a)-belowA)/float64(nA), float64(len(b)-belowB)/float64(nB)
	} else {
		c.A, c.B = float64(belowA)/float64(nA), float64(belowB)/float64(nB)
	}
	return c
}

// below is how many sorted keys are below one.
func below(keys []uint64, key uint64) int {
	low, high := 0, len(keys)
	for low < high {
		if mid := (low + high) / 2; keys[mid] < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// roundest is the number above low, up to high, with the fewest digits; of
// several, the one nearest to their middle.
func roundest(low, high float64) float64 {
	if math.IsInf(low, -1) || !(low < high) {
		return high
	}
	if low < 0 && high >= 0 {
		return 0
	}
	size := math.Max(math.Abs(low), math.Abs(high))
	top := int(math.Ceil(math.Log10(size)))
	middle := low + (high-low)/2
	for exp := top; exp >= top-12; exp-- {
		for _, m := range []float64{10, 5, 2, 1} {
			// A negative power is divided by, so that 0.3 is 3/10 and not 3·0.1.
			at := func(k float64) float64 {
				if exp-1 >= 0 {
					return k * m * math.Pow10(exp-1)
				}
				return k * m / math.Pow10(1-exp)
			}
			unit := m * math.Pow10(exp-1)
			for _, k := range []float64{math.Round(middle / unit), math.Floor(high / unit), math.Ceil(low / unit)} {
				if x := at(k); x > low && x <= high {
					return x
				}
			}
		}
	}
	return high
}
