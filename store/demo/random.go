package demo

import "math/bits"

// stream is a source of random bits: SplitMix64 (Steele, Lea, Flood 2014).
// It is written out here so that no release of any library can change what is
// drawn, and it is cheap enough to start one per customer and purpose.
type stream struct{ state uint64 }

// The purposes a customer draws for. Each has a stream of its own, so that a
// change to one of them leaves the others' draws as they were.
const (
	forTraits = iota + 1
	forLife
	forMail
	forBaskets
	forBrowsing
)

// newStream starts the stream of one customer and purpose.
func newStream(seed uint64, customer int, purpose uint64) stream {
	return stream{mix(mix(mix(seed)+uint64(customer)) + purpose)}
}

func (s *stream) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws from 0…n−1; n must be positive. The bias is under n/2⁶⁴.
func (s *stream) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// between draws from low…high, both in.
func (s *stream) between(low, high int) int { return low + s.below(high-low+1) }

// chance is true p times in a thousand.
func (s *stream) chance(p int) bool { return s.below(1000) < p }

// pick draws an index by cumulated weights; the last entry is their sum.
func (s *stream) pick(cumulated []int) int {
	x := s.below(cumulated[len(cumulated)-1])
	low, high := 0, len(cumulated)-1
	for low < high {
		m := (low + high) / 2
		if cumulated[m] > x {
			high = m
		} else {
			low = m + 1
		}
	}
	return low
}

// cumulate sums weights up for pick.
func cumulate(weights ...int) []int {
	sums := make([]int, len(weights))
	sum := 0
	for i, w := range weights {
		sum += w
		sums[i] = sum
	}
	return sums
}

// spread draws how far a customer's rate lies from the mean, in 1/256: a
// quantile of the gamma distribution with mean 1.
func (s *stream) spread(wide bool) int {
	if wide {
		return gamma2[s.below(len(gamma2))]
	}
	return gamma6[s.below(len(gamma6))]
}

// gamma2 and gamma6 are the quantiles (i+½)/64 of the gamma distributions of
// shape 2 and 6 with mean 1, times 256, rounded. They stand here as integers
// because logarithms differ in their last bits between machines.
var gamma2 = [64]int{
	17, 30, 40, 48, 55, 62, 69, 75, 81, 87, 93, 98, 104, 109, 115, 120,
	126, 131, 137, 142, 148, 153, 159, 164, 170, 176, 181, 187, 193, 199, 205, 212,
	218, 225, 231, 238, 245, 252, 260, 267, 275, 283, 292, 300, 309, 319, 329, 339,
	350, 362, 374, 387, 401, 417, 433, 452, 472, 495, 522, 554, 593, 645, 723, 886,
}

var gamma6 = [64]int{
	72, 93, 105, 114, 122, 129, 135, 141, 146, 151, 156, 161, 165, 170, 174, 178,
	182, 186, 190, 194, 198, 202, 205, 209, 213, 217, 221, 224, 228, 232, 236, 240,
	244, 248, 252, 256, 260, 265, 269, 273, 278, 283, 287, 292, 297, 303, 308, 314,
	320, 326, 333, 339, 347, 355, 363, 373, 383, 394, 408, 423, 442, 466, 502, 575,
}
