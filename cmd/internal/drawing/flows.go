package drawing

import (
	"math"
	"slices"
)

// groups are the names at both sides of a flow, those at the left first, and
// the flows between them.
func (d *data) groups() (names []string, flows []flow) {
	names = slices.Clone(d.cats)
	to := make([]int, len(d.names))
	for s, name := range d.names {
		if to[s] = slices.Index(names, name); to[s] < 0 {
			to[s] = len(names)
			names = append(names, name)
		}
	}
	for i := range d.cats {
		for s := range d.names {
			if v := d.val[i][s]; v > 0 && !math.IsInf(v, 0) {
				flows = append(flows, flow{from: i, to: to[s], size: v})
			}
		}
	}
	return names, flows
}

// sankey draws who went from where to where as bands; who stayed is pale.
func (d *data) sankey(w float64) *canvas {
	names, flows := d.groups()
	label := 0.0
	for _, n := range names {
		label = max(label, TextWidth(n))
	}
	side := min(label+12, w*0.27)
	const bar, top = 10.0, 26.0
	h := max(260, min(560, float64(len(names))*46))
	left, right, bands := lay(flows, len(names), h, 16)
	if bands == nil {
		return nil
	}
	c := &canvas{w: w, h: h + top + 8}
	x0, x1 := side, w-side
	c.text(x0-8, 13, "end", "tick strong", short(d.title(d.x), side))
	c.text(x1+8, 13, "start", "tick strong", short(d.title(d.s), side))
	// Broad bands lie beneath narrow ones.
	order := make([]int, len(bands))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case bands[a].size > bands[b].size:
			return -1
		case bands[a].size < bands[b].size:
			return 1
		}
		return 0
	})
	mid := (x0 + x1) / 2
	for _, i := range order {
		b := bands[i]
		class := "flow " + hue(b.from)
		if b.from == b.to {
			class += " stay"
		}
		y0, y1 := b.y0+top, b.y1+top
		thick := max(b.thick, 0.8)
		var p path
		p.add('M', x0+bar, y0)
		p.add('C', mid, y0, mid, y1, x1-bar, y1)
		c.band(p, thick, class, names[b.from]+" → "+names[b.to]+": "+d.flowText(names, b))
	}
	for _, n := range left {
		c.rect(x0, n.y+top, bar, max(n.tall, 1), 2, "node "+hue(n.group), names[n.group])
	}
	for _, n := range right {
		c.rect(x1-bar, n.y+top, bar, max(n.tall, 1), 2, "node "+hue(n.group), names[n.group])
	}
	for _, nodes := range [][]node{left, right} {
		for _, l := range named(nodes, names, top, h+top) {
			if len(nodes) > 0 && &nodes[0] == &left[0] {
				c.text(x0-8, l.y+4, "end", "label", short(l.text, side-8))
			} else {
				c.text(x1+8, l.y+4, "start", "label", short(l.text, side-8))
			}
		}
	}
	return c
}

// named are the names of nodes beside them, moved apart where they are thin.
func named(nodes []node, names []string, top, bottom float64) []label {
	var labels []label
	for _, n := range nodes {
		labels = append(labels, label{y: n.y + top + n.tall/2, text: names[n.group]})
	}
	spread(labels, 15, top, bottom)
	return labels
}

// flowText is a band's figure as the result has it.
func (d *data) flowText(names []string, b flow) string {
	for s, name := range d.names {
		if name == names[b.to] {
			return d.txt[b.from][s]
		}
	}
	return ""
}
