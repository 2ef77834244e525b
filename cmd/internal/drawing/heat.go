package drawing

import (
	"math"
	"strconv"
)

// heatSteps is how many shades a map has, beside that for nothing.
const heatSteps = 6

// shade is the class of a figure's colour: h0 for nothing, h1 … h6 for more
// and more; hm where it is under zero or not there.
func shade(v, most float64) string {
	switch {
	case math.IsNaN(v) || v < 0:
		return "hm"
	case v == 0 || most <= 0:
		return "h0"
	}
	return "h" + strconv.Itoa(min(heatSteps, int(math.Ceil(v/most*heatSteps))))
}

// heatmap draws two groups as a map: one a line, the other a column, each cell
// its figure where it has room.
func (d *data) heatmap(w float64) *canvas {
	n := min(len(d.cats), d.most.rows)
	_, most := d.extent()
	label, cell := 0.0, 0.0
	for i := range n {
		label = max(label, TextWidth(d.cats[i]))
		for s := range d.names {
			cell = max(cell, TextWidth(d.txt[i][s]))
		}
	}
	left := min(label, w*0.28) + 10
	wide := (w - left) / float64(len(d.names))
	if wide < 6 {
		return nil
	}
	name := 0.0
	for _, s := range d.names {
		name = max(name, TextWidth(s))
	}
	top, slant := 24.0, name > wide-4
	if slant {
		top = min(name, 110)*0.75 + 20
		wide = (w - left - min(name, 110)*0.5) / float64(len(d.names))
	}
	const row = 30.0
	c := &canvas{w: w, h: top + float64(n)*row + 2}
	for s, text := range d.names {
		x := left + (float64(s)+0.5)*wide
		if slant {
			c.slanted(x-2, top-8, "tick", short(text, 110))
		} else {
			c.text(x, top-9, "middle", "tick", text)
		}
	}
	for i := range n {
		y := top + float64(i)*row
		c.text(left-10, y+row/2+4, "end", "label", short(d.cats[i], left-10))
		for s := range d.names {
			v, text := d.val[i][s], d.txt[i][s]
			class := shade(v, most)
			c.rect(left+float64(s)*wide+1, y+1, wide-2, row-2, 3, class, d.cats[i]+", "+d.names[s]+": "+text)
			if text != "" && cell+6 <= wide {
				c.text(left+(float64(s)+0.5)*wide, y+row/2+4, "middle", "on "+class, text)
			}
		}
	}
	return c
}
