package cluster

import (
	"math"
	"math/bits"
)

// stream is a source of random bits: SplitMix64 (Steele, Lea, Flood 2014),
// written out so that no library's release changes what is drawn.
type stream struct{ state uint64 }

// newStream starts a stream of its own for each purpose and number.
func newStream(seed uint64, purpose, number int) stream {
	return stream{mix(mix(mix(seed)+uint64(purpose)) + uint64(number))}
}

// What random numbers are drawn for.
const (
	forSeeding = iota + 1
	forSample
	forReference
	forHalves
	forResample
	forSwaps
)

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

// unit draws from [0, 1).
func (s *stream) unit() float64 { return float64(s.next()>>11) / (1 << 53) }

// normal draws from the standard normal distribution (Box & Muller 1958).
func (s *stream) normal() float64 {
	u, v := s.unit(), s.unit()
	return math.Sqrt(-2*math.Log(1-u)) * math.Cos(2*math.Pi*v)
}
