package micro

import (
	"cmp"
	"slices"
)

// sequence is a group under way: the sequences that it is made of and the
// customers in them.
type sequence struct {
	key    []uint8 // cluster by layer, from 0; of the largest of its parts
	n      int
	parts  []part // in the order they came in; the first is key's own
	absent bool   // it went into another
}

// part is a sequence that occurs.
type part struct {
	key   []uint8
	n     int
	small bool // came in for being too small
}

// distances between the clusters of each layer: [layer][a][b].
type distances [][][]float64

// between is how far two sequences are apart: over all layers, as clusters
// differ in each. A layer weighs a quarter of the one before it, which tells
// more, so that sequences rather give up what came last.
func (d distances) between(a, b []uint8) float64 {
	sum, weight := 0.0, 1.0
	for l := range d {
		x := d[l][a[l]][b[l]]
		sum += float64(weight * x * x)
		weight /= 4
	}
	return sum
}

// tally counts the sequences that occur, in the order of their clusters.
// Labels are by layer, of the same customers.
func tally(labels [][]uint8, n int) ([]*sequence, []int32) {
	of := make([]int32, n)
	if len(labels) == 0 {
		return []*sequence{{n: n, parts: []part{{n: n}}}}, of
	}
	index := map[uint64]int32{}
	var all []*sequence
	for i := range n {
		code := uint64(0)
		for l := range labels {
			code = code<<8 | uint64(labels[l][i])
		}
		at, known := index[code]
		if !known {
			at = int32(len(all))
			index[code] = at
			key := make([]uint8, len(labels))
			for l := range labels {
				key[l] = labels[l][i]
			}
			all = append(all, &sequence{key: key})
		}
		all[at].n++
		of[i] = at
	}
	order := make([]int32, len(all))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return slices.Compare(all[a].key, all[b].key) })
	place := make([]int32, len(all))
	sorted := make([]*sequence, len(all))
	for to, from := range order {
		place[from], sorted[to] = int32(to), all[from]
	}
	for i := range of {
		of[i] = place[of[i]]
	}
	for _, s := range sorted {
		s.parts = []part{{key: s.key, n: s.n}}
	}
	return sorted, of
}

// merging keeps who went into whom.
type merging struct {
	all  []*sequence
	into []int32
	far  distances
}

func newMerging(all []*sequence, far distances) *merging {
	m := &merging{all: all, into: make([]int32, len(all)), far: far}
	for i := range m.into {
		m.into[i] = int32(i)
	}
	return m
}

// nearest is the sequence that a is least far from; of equally near ones the
// larger, then the first. −1 where there is no other.
func (m *merging) nearest(a int) int {
	best, least := -1, 0.0
	for b, s := range m.all {
		if b == a || s.absent {
			continue
		}
		far := m.far.between(m.all[a].key, s.key)
		if best < 0 || far < least || far == least && s.n > m.all[best].n {
			best, least = b, far
		}
	}
	return best
}

// join puts a into b. The larger of both gives the group its sequence.
func (m *merging) join(a, b int, small bool) {
	x, y := m.all[a], m.all[b]
	for k := range x.parts {
		x.parts[k].small = x.parts[k].small || small
	}
	if x.n > y.n {
		y.key = x.key
	}
	y.n += x.n
	y.parts = append(y.parts, x.parts...)
	x.absent, x.n = true, 0
	for k := range m.into {
		if m.into[k] == int32(a) {
			m.into[k] = int32(b)
		}
	}
}

// small joins sequences of fewer than least customers, the smallest first, to
// the nearest, until none is left that has a neighbour.
func (m *merging) small(least int) {
	for {
		a := -1
		for k, s := range m.all {
			if !s.absent && s.n < least && (a < 0 || s.n < m.all[a].n) {
				a = k
			}
		}
		if a < 0 {
			return
		}
		b := m.nearest(a)
		if b < 0 {
			return
		}
		m.join(a, b, true)
	}
}

// left lists the groups there are, the largest first.
func (m *merging) left() []int {
	var all []int
	for k, s := range m.all {
		if !s.absent {
			all = append(all, k)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(m.all[b].n, m.all[a].n) })
	return all
}
