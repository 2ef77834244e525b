package explain

import "math"

// CohensH is the difference of two proportions on the arcsine scale.
func CohensH(p, q float64) float64 {
	return 2 * (math.Asin(math.Sqrt(min(max(p, 0), 1))) - math.Asin(math.Sqrt(min(max(q, 0), 1))))
}

// Newcombe is the hybrid score interval of the difference of two proportions,
// yesA of nA less yesB of nB (Newcombe 1998, method 10). Both n are above 0.
func Newcombe(yesA, nA, yesB, nB int, level float64) (low, high float64) {
	return newcombeAt(yesA, nA, yesB, nB, normalQuantile(0.5+level/2))
}

func newcombeAt(yesA, nA, yesB, nB int, z float64) (low, high float64) {
	p, q := float64(yesA)/float64(nA), float64(yesB)/float64(nB)
	pl, ph := wilson(yesA, nA, z)
	ql, qh := wilson(yesB, nB, z)
	low = p - q - math.Hypot(p-pl, qh-q)
	high = p - q + math.Hypot(ph-p, q-ql)
	return max(low, -1), min(high, 1)
}

// wilson is the score interval of a proportion (Wilson 1927).
func wilson(yes, n int, z float64) (low, high float64) {
	p, m, z2 := float64(yes)/float64(n), float64(n), z*z
	mid := (p + z2/(2*m)) / (1 + z2/m)
	half := z / (1 + z2/m) * math.Sqrt(p*(1-p)/m+z2/(4*m*m))
	low, high = mid-half, mid+half
	if yes == 0 {
		low = 0
	}
	if yes == n {
		high = 1
	}
	return low, high
}

// farthest is the z beyond which no p value is told apart from 0.
const farthest = 38

// newcombeP is the level at which Newcombe's interval touches 0.
func newcombeP(yesA, nA, yesB, nB int) float64 {
	d := float64(yesA)/float64(nA) - float64(yesB)/float64(nB)
	if d == 0 {
		return 1
	}
	excludes := func(z float64) bool {
		low, high := newcombeAt(yesA, nA, yesB, nB, z)
		return low > 0 || high < 0
	}
	low, high := 0.0, float64(farthest)
	if excludes(high) {
		return 0
	}
	for range 60 {
		if mid := (low + high) / 2; excludes(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return 2 * normalTail(low)
}
