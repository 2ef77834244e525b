package drawing

import (
	"math"

	"tesela/agent/wording"
)

func (d *data) caption(kind string) string {
	y := d.title(d.y)
	if kind == "sankey" {
		return y + ": " + d.title(d.x) + " → " + d.title(d.s)
	}
	if d.s >= 0 {
		return y + " · " + d.title(d.x) + " · " + d.title(d.s)
	}
	return y + " · " + d.title(d.x)
}

// what says what a chart shows by what.
func (d *data) what(kind string) string {
	text := wording.Fill(d.words.Chart[kind], "x", d.title(d.x), "y", d.title(d.y), "series", d.title(d.s))
	if kind == "forest" {
		text += " " + d.words.Chart["hollow"]
	}
	return text
}

// describedBars is how many figures a description lists one by one.
const describedBars = 12

// describe tells a chart in words with figures of the result.
func (d *data) describe(kind string) string {
	say := func(key string, pairs ...string) string { return wording.Fill(d.words.Chart[key], pairs...) }
	text := d.what(kind)
	type point struct {
		name, value string
		v           float64
	}
	var points []point
	named := -1
	if kind == "scatter" {
		named = d.nameColumn()
	}
	for i, cat := range d.cats {
		if named >= 0 && named < len(d.res.Rows[i]) {
			cat = d.text(d.res.Rows[i], named) + ", " + cat
		}
		for s, name := range d.names {
			if math.IsNaN(d.val[i][s]) {
				continue
			}
			switch {
			case kind == "sankey":
				cat, name = d.cats[i]+" → "+d.names[s], ""
			case name != "":
				name = ", " + name
			}
			points = append(points, point{cat + name, d.txt[i][s], d.val[i][s]})
		}
	}
	if len(points) == 0 {
		return text
	}
	if len(points) <= describedBars {
		for _, p := range points {
			text += " " + say("and", "name", p.name, "value", p.value)
		}
		return text
	}
	high, low := points[0], points[0]
	for _, p := range points {
		if p.v > high.v {
			high = p
		}
		if p.v < low.v {
			low = p
		}
	}
	if kind == "line" {
		first, last := points[0], points[len(points)-1]
		text += " " + say("first", "name", first.name, "value", first.value) + " " + say("last", "name", last.name, "value", last.value)
	}
	text += " " + say("most", "name", high.name, "value", high.value)
	if kind != "sankey" && kind != "heatmap" {
		text += " " + say("least", "name", low.name, "value", low.value)
	}
	return text
}
