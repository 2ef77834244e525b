package drawing

import (
	"math"

	"tesela/agent/wording"
)

// forest draws a point with its interval for each category; the interval of a
// hollow point holds 0.
func (d *data) forest(w float64) *canvas {
	n := min(len(d.cats), d.most.bars)
	low, high := d.extent()
	s, ticks := reach(low, high, int(max(3, w/150)))
	label, value := 0.0, 0.0
	for i := range n {
		label = max(label, TextWidth(d.cats[i]))
		value = min(w*0.4, max(value, TextWidth(d.txt[i][0])))
	}
	above := label > w*0.38 || w < 500
	left, row := min(label, w*0.38)+14, 30.0
	if above {
		left, row = 8, 46
	}
	right := w - value - 14
	s.from, s.to = left, right
	c := &canvas{w: w, h: float64(n)*row + 34}
	for _, t := range ticks {
		class := "grid"
		if t == 0 {
			class = "axis"
		}
		c.line(s.at(t), 0, s.at(t), c.h-26, class)
		text := short(tickText(d.lang, d.axis, t, ticks[1]-ticks[0]), w/5)
		anchor := "middle"
		if s.at(t)-TextWidth(text)/2 < 0 {
			anchor = "start"
		}
		c.text(s.at(t), c.h-10, anchor, "tick", text)
	}
	for i := range n {
		base := float64(i)*row + 20
		if above {
			c.text(0, base-5, "start", d.labelClass(), short(d.cats[i], w))
			base += 15
		} else {
			c.text(left-14, base, "end", d.labelClass(), short(d.cats[i], left-14))
		}
		y := base - 4.5
		v := d.val[i][0]
		l, h := wording.Figure(d.res.Rows[i][d.low]), wording.Figure(d.res.Rows[i][d.high])
		title := d.cats[i] + ": " + d.txt[i][0]
		class := "dot"
		if !math.IsNaN(l) && !math.IsNaN(h) {
			title += " (" + d.text(d.res.Rows[i], d.low) + " – " + d.text(d.res.Rows[i], d.high) + ")"
			p := path{airy: true}
			p.add('M', s.at(l), y)
			p.add('H', s.at(h))
			for _, end := range []float64{l, h} {
				p.add('M', s.at(end), y-4)
				p.add('V', y+4)
			}
			c.path(p, "range", title)
			if l <= 0 && h >= 0 {
				class = "dot hollow"
			}
		}
		if math.IsNaN(v) {
			c.text(w, base, "end", "muted", short(d.txt[i][0], w*0.4))
			continue
		}
		if v < 0 && class == "dot" {
			class = "dot minus"
		}
		c.circle(s.at(v), y, 5, class, title)
		c.text(w, base, "end", "value", short(d.txt[i][0], w*0.4))
	}
	return c
}
