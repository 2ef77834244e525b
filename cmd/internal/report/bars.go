package report

import (
	"math"
	"slices"
	"strings"
)

// mostBars is how many bars are drawn; a table has the others.
const mostBars = 30

// upright tells whether bars stand as columns: those over time do.
func (d *data) upright() bool {
	return slices.Contains(periods, d.res.Columns[d.x].Name) && len(d.cats) <= 60
}

// labels are the categories with code told apart.
func (d *data) labelClass() string {
	if name := d.res.Columns[d.x].Name; name == "condition" || name == "formula" {
		return "code"
	}
	return "label"
}

// bars draws a bar for each category, its figure at its end.
func (d *data) bars(w float64) *canvas {
	if d.upright() {
		return d.columns(w)
	}
	n := min(len(d.cats), mostBars)
	low, high := d.extent()
	low, high = min(0, low), max(0, high)
	if low == high {
		return nil
	}
	top := math.Inf(-1)
	label, value := 0.0, 0.0
	for i := range n {
		label = max(label, textWidth(d.cats[i]))
		value = min(w*0.4, max(value, textWidth(d.txt[i][0])))
		if !math.IsNaN(d.val[i][0]) {
			top = max(top, d.val[i][0])
		}
	}
	beside := w * 0.42
	if w > narrowChart {
		beside = w * 0.5
	}
	above := label > beside // labels stand above their bars
	left, row, thick := label+12, 30.0, 16.0
	if above {
		left, row = 0, 44
	}
	right := w - value - 10
	minus := 0.0
	if low < 0 {
		minus = value + 8
	}
	c := &canvas{w: w, h: float64(n)*row + 4}
	s := scale{low: low, high: high, from: left + minus, to: right}
	for i := range n {
		y := float64(i) * row
		base := y + 21
		if above {
			c.text(0, y+15, "start", d.labelClass(), short(d.cats[i], w))
			base = y + 35
		} else {
			c.text(left-12, base, "end", d.labelClass(), short(d.cats[i], left-12))
		}
		v := d.val[i][0]
		if math.IsNaN(v) {
			c.text(s.at(0)+6, base, "start", "muted", short(d.txt[i][0], w*0.4))
			continue
		}
		class := "bar"
		switch {
		case v < 0:
			class = "minus"
		case v == top:
			class = "bar peak"
		}
		x0, x1 := min(s.at(0), s.at(v)), max(s.at(0), s.at(v))
		c.rect(x0, base-thick+3.5, max(x1-x0, 1), thick, 3, class, d.cats[i]+": "+d.txt[i][0])
		if v < 0 {
			c.text(x0-6, base, "end", "value", short(d.txt[i][0], w*0.4))
		} else {
			c.text(x1+7, base, "start", "value", short(d.txt[i][0], w*0.4))
		}
	}
	if low < 0 {
		c.line(s.at(0), 2, s.at(0), c.h-2, "axis")
	}
	return c
}

// columns draws a column for each period.
func (d *data) columns(w float64) *canvas {
	low, high := d.extent()
	s, ticks := reach(low, high, 4)
	f := d.frame(w, 240, s, ticks)
	step := (f.right - f.left) / float64(len(d.cats))
	wide := max(1, min(step*0.72, 46))
	f.xTicks(d, func(i int) float64 { return f.left + (float64(i)+0.5)*step })
	for i := range d.cats {
		v := d.val[i][0]
		if math.IsNaN(v) {
			continue
		}
		class := "bar"
		if v < 0 {
			class = "minus"
		} else if v == high {
			class = "bar peak"
		}
		y0, y1 := f.y.at(0), f.y.at(v)
		f.c.rect(f.left+(float64(i)+0.5)*step-wide/2, min(y0, y1), wide, max(1, math.Abs(y0-y1)), min(3, wide/4), class, d.cats[i]+": "+d.txt[i][0])
		if step > textWidth(d.txt[i][0])+4 && v >= 0 {
			f.c.text(f.left+(float64(i)+0.5)*step, y1-6, "middle", "value", short(d.txt[i][0], w*0.4))
		}
	}
	return f.c
}

// forest draws a point with its interval for each category; the interval of a
// hollow point holds 0.
func (d *data) forest(w float64) *canvas {
	n := min(len(d.cats), mostBars)
	low, high := d.extent()
	s, ticks := reach(low, high, int(max(3, w/150)))
	label, value := 0.0, 0.0
	for i := range n {
		label = max(label, textWidth(d.cats[i]))
		value = min(w*0.4, max(value, textWidth(d.txt[i][0])))
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
		if s.at(t)-textWidth(text)/2 < 0 {
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
		l, h := figure(d.res.Rows[i][d.low]), figure(d.res.Rows[i][d.high])
		title := d.cats[i] + ": " + d.txt[i][0]
		class := "dot"
		if !math.IsNaN(l) && !math.IsNaN(h) {
			title += " (" + d.text(d.res.Rows[i], d.low) + " – " + d.text(d.res.Rows[i], d.high) + ")"
			c.path(strings.Join([]string{"M", num(s.at(l)), num(y), "H", num(s.at(h)), "M", num(s.at(l)), num(y - 4), "V", num(y + 4), "M", num(s.at(h)), num(y - 4), "V", num(y + 4)}, " "), "range", title)
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
