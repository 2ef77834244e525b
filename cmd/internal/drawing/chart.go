package drawing

import (
	"math"
	"strconv"

	"tesela/agent/wording"
)

// kind is how the data is drawn, "" for not at all.
func (d *data) kind() string {
	t := chartOf(d.res).Type
	switch {
	case t == "bar" && d.s < 0 && d.low >= 0:
		return "forest"
	case t == "bar" && d.s >= 0:
		return "heatmap"
	case t == "heatmap" && d.s < 0:
		return "bar"
	case t == "line" && len(d.names) > mostLines:
		return "multiples"
	case t == "bar", t == "line", t == "heatmap", t == "sankey":
		return t
	case t == "scatter" && !math.IsNaN(wording.Figure(d.res.Rows[0][d.x])):
		return t
	}
	return ""
}

// layout is the chart laid out in a width, nil where it has no room or is none.
func (d *data) layout(kind string, w float64) *canvas {
	switch kind {
	case "bar":
		return d.bars(w)
	case "line":
		return d.lines(w)
	case "multiples":
		return d.multiples(w)
	case "heatmap":
		return d.heatmap(w)
	case "sankey":
		return d.sankey(w)
	case "scatter":
		return d.scatter(w)
	case "forest":
		return d.forest(w)
	}
	return nil
}

// undrawn says what of the result the chart leaves out, "" for nothing.
func (d *data) undrawn(kind string) string {
	most, of := d.drawn(kind)
	if most >= of {
		return ""
	}
	return wording.Fill(d.words.MoreDrawn, "n", d.lang.Count(int64(most)), "of", d.lang.Count(int64(of)))
}

// legend names the colours of a chart, where it has several.
func (d *data) legend(kind string) []Key {
	if kind != "line" || d.s < 0 {
		return nil
	}
	var keys []Key
	for i, name := range d.names {
		keys = append(keys, Key{hue(i), name})
	}
	return keys
}

// drawn is how many of how many categories or series a chart shows.
func (d *data) drawn(kind string) (most, of int) {
	switch kind {
	case "bar":
		if d.upright() {
			return 1, 1
		}
		return min(len(d.cats), d.most.bars), len(d.cats)
	case "forest":
		return min(len(d.cats), d.most.bars), len(d.cats)
	case "multiples":
		return min(len(d.names), d.most.panels), len(d.names)
	case "heatmap":
		return min(len(d.cats), d.most.rows), len(d.cats)
	case "scatter":
		return min(len(d.cats), d.most.points), len(d.cats)
	}
	return 1, 1
}

// hue is the class of a series' colour.
func hue(i int) string { return "c" + strconv.Itoa(i%8) }
