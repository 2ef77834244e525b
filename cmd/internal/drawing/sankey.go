package drawing

import "slices"

// The layout of a flow from groups on the left to groups on the right. It
// knows nothing of what flows or of how it is drawn.

// flow is so much that goes from one group to another, by their numbers.
type flow struct {
	from, to int
	size     float64
	// y0 and y1 are the middles of the band's ends, thick is how broad it is.
	y0, y1, thick float64
}

// node is a group at one side: where it stands and how much goes through it.
type node struct {
	group         int
	size, y, tall float64
}

// lay puts groups and flows into a height. order is that in which groups stand
// from the top, the same at both sides; gap lies between them. Flows leave and
// reach a group in the order of the groups they come from and go to, so that
// few cross. What is not above 0 is left out.
func lay(flows []flow, groups int, height, gap float64) (left, right []node, bands []flow) {
	out, in := make([]float64, groups), make([]float64, groups)
	for _, f := range flows {
		if f.size > 0 {
			bands = append(bands, f)
			out[f.from] += f.size
			in[f.to] += f.size
		}
	}
	left, right = side(out), side(in)
	room := func(nodes []node) (total, free float64) {
		for _, n := range nodes {
			total += n.size
		}
		return total, height - gap*float64(max(0, len(nodes)-1))
	}
	totalL, freeL := room(left)
	totalR, freeR := room(right)
	if totalL == 0 || totalR == 0 || freeL <= 0 || freeR <= 0 {
		return nil, nil, nil
	}
	unit := min(freeL/totalL, freeR/totalR)
	place := func(nodes []node) []float64 {
		used := gap * float64(len(nodes)-1)
		for _, n := range nodes {
			used += n.size * unit
		}
		next := make([]float64, groups)
		y := (height - used) / 2
		for i := range nodes {
			nodes[i].y, nodes[i].tall = y, nodes[i].size*unit
			next[nodes[i].group] = y
			y += nodes[i].tall + gap
		}
		return next
	}
	nextL, nextR := place(left), place(right)
	slices.SortStableFunc(bands, func(a, b flow) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.to - b.to
	})
	for i := range bands {
		b := &bands[i]
		b.thick = b.size * unit
		b.y0 = nextL[b.from] + b.thick/2
		nextL[b.from] += b.thick
	}
	// Sorted by from within each to, since the sort above is by from first.
	for i := range bands {
		b := &bands[i]
		b.y1 = nextR[b.to] + b.thick/2
		nextR[b.to] += b.thick
	}
	return left, right, bands
}

// side is the groups of one side that something goes through.
func side(sizes []float64) []node {
	var nodes []node
	for g, size := range sizes {
		if size > 0 {
			nodes = append(nodes, node{group: g, size: size})
		}
	}
	return nodes
}
