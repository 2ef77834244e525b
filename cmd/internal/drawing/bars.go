package drawing

import (
	"math"
	"slices"
)

// upright tells whether bars stand as columns: those over time do.
func (d *data) upright() bool {
	return slices.Contains(periods, d.res.Columns[d.x].Name) && len(d.cats) <= 60
}

// labelClass is that of the categories: code is told apart.
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
	n := min(len(d.cats), d.most.bars)
	low, high := d.extent()
	low, high = min(0, low), max(0, high)
	if low == high {
		return nil
	}
	top := math.Inf(-1)
	label, value := 0.0, 0.0
	for i := range n {
		label = max(label, TextWidth(d.cats[i]))
		value = min(w*0.4, max(value, TextWidth(d.txt[i][0])))
		if !math.IsNaN(d.val[i][0]) {
			top = max(top, d.val[i][0])
		}
	}
	beside := w * 0.42
	if w > Narrow {
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
	figures := true // all columns have room for theirs, or none has it
	for i := range d.cats {
		figures = figures && step > TextWidth(d.txt[i][0])+4
	}
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
		if figures && v >= 0 {
			f.c.text(f.left+(float64(i)+0.5)*step, y1-6, "middle", "value", short(d.txt[i][0], w*0.4))
		}
	}
	return f.c
}
