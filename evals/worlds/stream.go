package worlds

import "math/bits"

// Options say which of a world's businesses is made: same rules, other draws.
type Options struct {
	Seed uint64 // 0 is 1
}

// stream is SplitMix64 (Steele, Lea, Flood 2014).
type stream struct{ state uint64 }

// stream is the draws of the nth customer. Those of seed 1 are as they were
// before there were seeds, so that figures kept of them hold.
func (m *maker) stream(n int, step, from uint64) *stream {
	s := &stream{state: uint64(n)*step + from}
	if m.seed > 1 {
		salt := stream{state: m.seed}
		s.state += salt.next()
	}
	return s
}

func (s *stream) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws from 0…n−1.
func (s *stream) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// between draws from low…high, both in.
func (s *stream) between(low, high int) int { return low + s.below(high-low+1) }

// chance is true p times in a hundred.
func (s *stream) chance(p int) bool { return s.below(100) < p }

// choice is a text with a weight.
type choice struct {
	text   string
	weight int
}

func (s *stream) pick(of []choice) string {
	sum := 0
	for _, c := range of {
		sum += c.weight
	}
	x := s.below(sum)
	for _, c := range of {
		if x -= c.weight; x < 0 {
			return c.text
		}
	}
	return ""
}
