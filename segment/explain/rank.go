package explain

import (
	"context"
	"math"
)

// superiority is how often one of A is above one of B, ties as half.
type superiority struct {
	p float64
	// se is the error of the logit of p and df its degrees of freedom; see
	// Brunner and Munzel 2000.
	se, df   float64
	separate bool // no value of one lies among those of the other
	// null is the p value of Wilcoxon's rank sum (1945), by its normal
	// approximation with the correction for ties.
	null float64
}

// compareRanks goes over both sorted groups once. A customer's placement is the
// share of the other group below it; the variances of the placements give the
// error, as in Brunner and Munzel, whose ranks are placements times sizes.
func compareRanks(a, b []uint64) superiority {
	na, nb := float64(len(a)), float64(len(b))
	var sumA, sumB, sqA, sqB float64 // placements less one half
	ties := 0.0
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		key := uint64(math.MaxUint64)
		if i < len(a) {
			key = a[i]
		}
		if j < len(b) {
			key = min(key, b[j])
		}
		fromA, fromB := i, j
		for i < len(a) && a[i] == key {
			i++
		}
		for j < len(b) && b[j] == key {
			j++
		}
		tied := float64(i - fromA + j - fromB)
		ties += tied*tied*tied - tied
		if i > fromA {
			below := (float64(fromB)+float64(j-fromB)/2)/nb - 0.5
			sumA += float64(i-fromA) * below
			sqA += float64(i-fromA) * below * below
		}
		if j > fromB {
			below := (float64(fromA)+float64(i-fromA)/2)/na - 0.5
			sumB += float64(j-fromB) * below
			sqB += float64(j-fromB) * below * below
		}
	}
	s := superiority{p: sumA/na + 0.5}
	n := na + nb
	s.null = twoSided((s.p-0.5)/math.Sqrt((n+1)/(12*na*nb)*(1-ties/(n*n*n-n))), math.Inf(1))
	va := max(0, sqA-sumA*sumA/na) / (na - 1) / na
	vb := max(0, sqB-sumB*sumB/nb) / (nb - 1) / nb
	s.df = (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
	if math.IsNaN(s.df) {
		s.df = na + nb - 2
	}
	if a[len(a)-1] < b[0] || b[len(b)-1] < a[0] {
		s.separate = true
		s.p = math.Round(s.p) // not a rounding error beside 0 or 1
		return s
	}
	s.se = math.Sqrt(va+vb) / (s.p * (1 - s.p))
	return s
}

// pValue is that of a superiority of one half.
func (s superiority) pValue(nA, nB int) float64 {
	if s.separate {
		// All of one above all of the other: two of the ways to choose who
		// is in A.
		return min(1, 2*math.Exp(-logChoose(nA+nB, nA)))
	}
	if s.se == 0 {
		return 1
	}
	return max(s.null, twoSided(logit(s.p)/s.se, s.df))
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// superiorityInterval is the interval of the superiority. Where the groups lie
// apart there is no spread to tell an error by: it is then as though each
// customer of the smaller group had been compared with one of the other, all
// with the same outcome (Clopper and Pearson 1934).
func superiorityInterval(s stats, level float64) (low, high float64) {
	if s.separate {
		edge := math.Pow((1-level)/2, 1/float64(min(s.nA, s.nB)))
		if s.p > 0.5 {
			return edge, 1
		}
		return 0, 1 - edge
	}
	low, high = spread(logit(s.p), s.pse, s.pdf, level)
	return 1 / (1 + math.Exp(-low)), 1 / (1 + math.Exp(-high))
}

// logChoose is the logarithm of n over k.
func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// deltaToD is the d of two normal groups in which one is above the other as
// often. Groups apart from one another are taken to differ in the last pair.
func deltaToD(delta float64, nA, nB int) float64 {
	most := 1 - 1/(float64(nA)*float64(nB))
	return math.Sqrt2 * normalQuantile((min(max(delta, -most), most)+1)/2)
}

// sorted gives the set values of some customers as keys, ascending, in keys.
func (w *work) sorted(ctx context.Context, keys []uint64, values []float64, who []uint32) ([]uint64, error) {
	for _, i := range who {
		if v := values[i]; usable(v) {
			keys = append(keys, keyOf(v))
		}
	}
	if cap(w.spare) < len(keys) {
		w.spare = make([]uint64, len(keys))
	}
	return keys, radix(ctx, keys, w.spare[:len(keys)])
}

// keyOf orders numbers as whole numbers: equal numbers have equal keys, and 0
// and −0 are equal.
func keyOf(v float64) uint64 {
	bits := math.Float64bits(v + 0)
	if v == 0 {
		bits = 0
	}
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

// valueOf is the inverse of keyOf.
func valueOf(key uint64) float64 {
	if key>>63 != 0 {
		return math.Float64frombits(key &^ (1 << 63))
	}
	return math.Float64frombits(^key)
}

// radix sorts by eleven bits at a time, the lowest first; digits in which all
// keys are alike are passed over, so that counts and days cost little.
func radix(ctx context.Context, keys, spare []uint64) error {
	const bits, digits = 11, 6
	var counts [digits][1 << bits]uint32
	for _, k := range keys {
		for d := range digits {
			counts[d][k>>(d*bits)&(1<<bits-1)]++
		}
	}
	from, to := keys, spare
	for d := range digits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(keys) == 0 || counts[d][keys[0]>>(d*bits)&(1<<bits-1)] == uint32(len(keys)) {
			continue
		}
		at := uint32(0)
		for i, n := range counts[d] {
			counts[d][i] = at
			at += n
		}
		for _, k := range from {
			digit := k >> (d * bits) & (1<<bits - 1)
			to[counts[d][digit]] = k
			counts[d][digit]++
		}
		from, to = to, from
	}
	if len(keys) > 0 && &from[0] != &keys[0] {
		copy(keys, from)
	}
	return nil
}

// median is the middle of sorted keys, the mean of the two middle ones.
func median(keys []uint64) float64 {
	n := len(keys)
	if n == 0 {
		return math.NaN()
	}
	high := valueOf(keys[n/2])
	if n%2 == 1 {
		return high
	}
	return valueOf(keys[n/2-1]) + (high-valueOf(keys[n/2-1]))/2
}
