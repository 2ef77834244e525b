package micro

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// bitset holds yes or no for each customer of a sample.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// both counts a, and those of a that are in b.
func both(a, c, b bitset) (n, in int) {
	c, b = c[:len(a)], b[:len(a)]
	for k, w := range a {
		w &= c[k]
		n += bits.OnesCount64(w)
		in += bits.OnesCount64(w & b[k])
	}
	return n, in
}

// test is what a condition asks of one feature.
type test uint8

const (
	atLeast    test = iota // low ≤ x
	under                  // x < high
	within                 // low ≤ x ≤ high
	absent                 // no value
	notAtLeast             // x < low, or no value
	notUnder               // x ≥ high, or no value
	oneOf                  // a category
	noneOf                 // not of a category, or none
)

// condition is a test on a feature and whom of a sample it keeps.
type condition struct {
	feature   int // in the table
	test      test
	low, high float64
	words     []string
	keeps     bitset
	n         int
}

// formula writes the condition.
func (c *condition) formula(f feature.Feature) syntax.Formula {
	switch c.test {
	case atLeast:
		return f.Above(c.low)
	case under:
		return f.Below(c.high)
	case within:
		return between(f, c.low, c.high)
	case notAtLeast:
		return &syntax.Not{X: f.Above(c.low)}
	case notUnder:
		return &syntax.Not{X: f.Below(c.high)}
	case oneOf:
		return f.In(c.words...)
	case noneOf:
		return &syntax.Not{X: f.In(c.words...)}
	}
	if is, ok := f.Known().(*syntax.IsSet); ok {
		return &syntax.IsSet{Value: is.Value, Not: true}
	}
	return &syntax.Not{X: f.Known()}
}

// between is one condition where the feature can be compared with numbers.
func between(f feature.Feature, low, high float64) syntax.Formula {
	a, ok := f.Above(low).(*syntax.Compare)
	b, fine := f.Above(high).(*syntax.Compare)
	if ok && fine {
		x, isLiteral := a.Right.(syntax.Literal)
		y, alsoLiteral := b.Right.(syntax.Literal)
		switch {
		case isLiteral && alsoLiteral && low == high:
			return &syntax.Compare{Left: f.Value, Op: syntax.Eq, Right: x}
		case isLiteral && alsoLiteral:
			return &syntax.Between{Value: f.Value, Low: x, High: y}
		}
	}
	return syntax.All(f.Above(low), &syntax.Not{X: f.Above(high)})
}

// spans tells whether a feature is a distance in time, of which a condition
// has one end only.
func spans(f feature.Feature) bool {
	_, compares := f.Above(1).(*syntax.Compare)
	return !compares
}

// How finely conditions are looked for.
const (
	mostCuts    = 24   // thresholds of a number
	mostIs      = 12   // categories of a feature
	leastAbsent = 0.01 // of customers without a value from which it is asked for
)

// sampled is a stage's sample with the conditions that its features offer.
type sampled struct {
	rows       []int32   // customers
	sorted     [][]int32 // by feature: places in rows of those with a number, by number
	conditions []condition
}

// offer lists the conditions on the features of a table over a sample.
func offer(ctx context.Context, t *feature.Table, rows []int32) (*sampled, error) {
	s := &sampled{rows: rows, sorted: make([][]int32, len(t.Features))}
	for f := range t.Features {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c := t.Columns[f]; c.Numbers != nil {
			s.numbers(t, f, c.Numbers)
		} else {
			s.categories(f, c)
		}
	}
	return s, nil
}

func (s *sampled) add(c condition) {
	c.n = c.keeps.count()
	if c.n > 0 && c.n < len(s.rows) {
		s.conditions = append(s.conditions, c)
	}
}

func (s *sampled) not(b bitset) bitset {
	r := newBitset(len(s.rows))
	for k := range r {
		r[k] = ^b[k]
	}
	if tail := len(s.rows) & 63; tail != 0 {
		r[len(r)-1] &= 1<<tail - 1
	}
	return r
}

func (s *sampled) numbers(t *feature.Table, f int, x []float64) {
	var order []int32
	known := newBitset(len(s.rows))
	for k, i := range s.rows {
		if !math.IsNaN(x[i]) && !math.IsInf(x[i], 0) {
			order = append(order, int32(k))
			known.add(k)
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x[s.rows[a]], x[s.rows[b]]), cmp.Compare(a, b))
	})
	s.sorted[f] = order
	value := func(k int) float64 { return x[s.rows[order[k]]] }
	unset := len(s.rows) - len(order)
	gaps := float64(unset) >= leastAbsent*float64(len(s.rows))
	if gaps {
		s.add(condition{feature: f, test: absent, keeps: s.not(known)})
	}
	cuts := cutsOf(value, len(order))
	above := make([]bitset, len(cuts))
	for c, at := range cuts {
		above[c] = newBitset(len(s.rows))
		for _, k := range order[at.from:] {
			above[c].add(int(k))
		}
		below := newBitset(len(s.rows))
		for k := range below {
			below[k] = known[k] &^ above[c][k]
		}
		s.add(condition{feature: f, test: atLeast, low: at.at, keeps: above[c]})
		s.add(condition{feature: f, test: under, high: at.at, keeps: below})
		if gaps {
			s.add(condition{feature: f, test: notAtLeast, low: at.at, keeps: s.not(above[c])})
			s.add(condition{feature: f, test: notUnder, high: at.at, keeps: s.not(below)})
		}
	}
	if spans(t.Features[f]) {
		return
	}
	for a := range cuts {
		for b := a + 1; b < len(cuts); b++ {
			mid := newBitset(len(s.rows))
			for k := range mid {
				mid[k] = above[a][k] &^ above[b][k]
			}
			s.add(condition{feature: f, test: within, low: cuts[a].at, high: upTo(value, cuts[b].from), keeps: mid})
		}
	}
}

// upTo is the roundest number that takes the sorted value before from and
// leaves the one at it.
func upTo(value func(int) float64, from int) float64 { return last(value(from-1), value(from)) }

// last is the roundest number that is at least low and less than high; low
// itself where that is whole.
func last(low, high float64) float64 {
	if low == math.Trunc(low) && high-low <= 1 {
		return low
	}
	return -feature.Cut(-high, -justAbove(low, high))
}

// justAbove is a little more than low, as fractions are only near their
// float64: a threshold there takes low itself whatever it stands for.
func justAbove(low, high float64) float64 { return low + (high-low)/1024 }

// cut is a threshold among sorted values: those from on are at least it.
type cut struct {
	from int
	at   float64
}

// cutsOf places thresholds: between all neighbours where there are few
// different values, else at even parts, moved a little to round numbers.
func cutsOf(value func(int) float64, n int) []cut {
	var changes []int // where a value differs from the one before
	for k := 1; k < n; k++ {
		if value(k) != value(k-1) {
			changes = append(changes, k)
		}
	}
	if len(changes) <= mostCuts {
		cuts := make([]cut, len(changes))
		for c, k := range changes {
			cuts[c] = cut{k, feature.Cut(value(k-1), value(k))}
		}
		return cuts
	}
	var cuts []cut
	step := float64(n) / float64(mostCuts+1)
	for c := 1; c <= mostCuts; c++ {
		low := int(step * (float64(c) - 0.3))
		high := int(step * (float64(c) + 0.3))
		at, ok := cutBetween(value, n, low, high)
		if ok && (len(cuts) == 0 || cuts[len(cuts)-1].from < at.from) {
			cuts = append(cuts, at)
		}
	}
	return cuts
}

// cutBetween finds the roundest threshold that parts the sorted values
// somewhere from low to high.
func cutBetween(value func(int) float64, n, low, high int) (cut, bool) {
	low, high = max(low, 0), min(high, n-1)
	if low >= high || value(low) == value(high) {
		return cut{}, false
	}
	at := feature.Cut(value(low), value(high))
	from := low
	for size := high - low; size > 0; { // the first that is at least at
		half := size / 2
		if value(from+half) < at {
			from += half + 1
			size -= half + 1
		} else {
			size = half
		}
	}
	return cut{from, at}, from > 0 && from < n
}

func (s *sampled) categories(f int, c feature.Column) {
	counts := make([]int, len(c.Words))
	for _, i := range s.rows {
		counts[c.Codes[i]]++
	}
	var codes []int
	for code := 1; code < len(counts); code++ {
		if counts[code] > 0 {
			codes = append(codes, code)
		}
	}
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	gaps := float64(counts[0]) >= leastAbsent*float64(len(s.rows))
	if gaps {
		s.add(condition{feature: f, test: absent, keeps: s.ofCodes(c, map[uint32]bool{0: true})})
	}
	for _, code := range codes[:min(len(codes), mostIs)] {
		keeps := s.ofCodes(c, map[uint32]bool{uint32(code): true})
		words := []string{c.Words[code]}
		s.add(condition{feature: f, test: oneOf, words: words, keeps: keeps})
		if len(codes) > 2 || gaps {
			s.add(condition{feature: f, test: noneOf, words: words, keeps: s.not(keeps)})
		}
	}
}

func (s *sampled) ofCodes(c feature.Column, codes map[uint32]bool) bitset {
	b := newBitset(len(s.rows))
	for k, i := range s.rows {
		if codes[c.Codes[i]] {
			b.add(k)
		}
	}
	return b
}
