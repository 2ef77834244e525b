package segment

import "math/bits"

// Set is a set of customers, by number, of a world of N.
type Set struct {
	n     int
	words []uint64
	notes []Note
}

// NewSet is the empty set over n customers.
func NewSet(n int) *Set { return &Set{n: n, words: make([]uint64, (n+63)/64)} }

// Everyone is the set of all n customers.
func Everyone(n int) *Set { return NewSet(n).Not() }

// N is the number of customers there are, in the set or not.
func (s *Set) N() int { return s.n }

// Add puts customer i in the set.
func (s *Set) Add(i int) { s.words[i>>6] |= 1 << (i & 63) }

// Has tells whether customer i is in the set.
func (s *Set) Has(i int) bool {
	return i >= 0 && i < s.n && s.words[i>>6]&(1<<(i&63)) != 0
}

// Len is the number of members.
func (s *Set) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Each visits the members in ascending order.
func (s *Set) Each(visit func(i int)) {
	for k, w := range s.words {
		for w != 0 {
			visit(k<<6 + bits.TrailingZeros64(w))
			w &= w - 1
		}
	}
}

// Notes says what a reader of the result should know, such as how many ties
// came into a top ten.
func (s *Set) Notes() []Note { return s.notes }

// And is the set of customers in both; both are over the same customers.
func (s *Set) And(o *Set) *Set {
	return s.combine(o, func(a, b uint64) uint64 { return a & b })
}

// Or is the set of customers in either.
func (s *Set) Or(o *Set) *Set {
	return s.combine(o, func(a, b uint64) uint64 { return a | b })
}

// AndNot is the set of customers in s and not in o.
func (s *Set) AndNot(o *Set) *Set {
	return s.combine(o, func(a, b uint64) uint64 { return a &^ b })
}

// Not is the complement.
func (s *Set) Not() *Set {
	r := NewSet(s.n)
	for k, w := range s.words {
		r.words[k] = ^w
	}
	r.trim()
	return r
}

// Equal tells whether both have the same members.
func (s *Set) Equal(o *Set) bool {
	if s.n != o.n {
		return false
	}
	for k, w := range s.words {
		if w != o.words[k] {
			return false
		}
	}
	return true
}

// IsSubset tells whether every member of s is in o.
func (s *Set) IsSubset(o *Set) bool { return s.AndNot(o).Len() == 0 }

func (s *Set) combine(o *Set, op func(a, b uint64) uint64) *Set {
	r := NewSet(max(s.n, o.n))
	for k := range r.words {
		r.words[k] = op(s.word(k), o.word(k))
	}
	return r
}

func (s *Set) word(k int) uint64 {
	if k < len(s.words) {
		return s.words[k]
	}
	return 0
}

// trim clears the bits beyond the last customer.
func (s *Set) trim() {
	if r := s.n & 63; r != 0 {
		s.words[len(s.words)-1] &= 1<<r - 1
	}
}
