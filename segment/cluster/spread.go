package cluster

import "math"

// quantile is the nearest rank from below of sorted figures: an element of
// them. q is 0 to 1.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// spread is how far sorted figures lie about their median, in the units of a
// normal distribution's standard deviation: by the middle half, or by the mean
// distance where most are the same. The outermost are left out.
func spread(sorted []float64, median float64) float64 {
	middle := (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.3489795
	cut := int(trimmed * float64(len(sorted)))
	sum := 0.0
	for _, x := range sorted[cut : len(sorted)-cut] {
		sum += math.Abs(x - median)
	}
	mean := sum / float64(len(sorted)-2*cut) * math.Sqrt(math.Pi/2)
	return max(middle, mean)
}

// same is the share of the most frequent of sorted figures.
func same(sorted []float64) float64 {
	most, run := 0, 0
	for i := range sorted {
		if i > 0 && sorted[i] != sorted[i-1] {
			run = 0
		}
		run++
		most = max(most, run)
	}
	return float64(most) / float64(max(len(sorted), 1))
}

// moments are the mean and the standard deviation, summed in order.
func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		deviation += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(deviation / float64(len(x)))
}
