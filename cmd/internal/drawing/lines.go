package drawing

import (
	"math"
	"slices"
	"strings"
	"time"

	"tesela/agent/wording"
)

// Bounds of charts of lines: more lines than that are drawn in a picture each.
const (
	mostLines = 5
	mostDots  = 40
)

// frame is a chart's area with its axis of figures drawn.
type frame struct {
	c                        *canvas
	left, right, top, bottom float64
	y                        scale
}

func (d *data) frame(w, h float64, s scale, ticks []float64) *frame {
	texts := make([]string, len(ticks))
	axis := 0.0
	for i, t := range ticks {
		texts[i] = short(tickText(d.lang, d.axis, t, ticks[1]-ticks[0]), w/4)
		axis = max(axis, TextWidth(texts[i]))
	}
	f := &frame{c: &canvas{w: w, h: h}, left: axis + 10, right: w - 6, top: 22, bottom: h - 40}
	s.from, s.to = f.bottom, f.top
	f.y = s
	for i, t := range ticks {
		class := "grid"
		if t == 0 {
			class = "axis"
		}
		f.c.line(f.left, s.at(t), f.right, s.at(t), class)
		f.c.text(axis, s.at(t)+4, "end", "tick", texts[i])
	}
	return f
}

// xTicks writes the categories under the chart, one in so many that all have
// room; periods in two lines, the larger one where it begins.
func (f *frame) xTicks(d *data, at func(int) float64) {
	freeFar, last := math.Inf(-1), ""
	stride := f.stride(d, at)
	for i := range d.cats {
		near, far := d.tick(i)
		half := TextWidth(near) / 2
		if x := at(i); i%stride == 0 && x-half >= 0 && x+half <= f.c.w {
			f.c.text(x, f.bottom+17, "middle", "tick", near)
		}
		if far != last && far != "" {
			if x := max(at(i)-half, f.left-4); x > freeFar && x+BoldWidth(far) <= f.c.w {
				f.c.text(x, f.bottom+33, "start", "tick strong", far)
				freeFar = x + BoldWidth(far) + 10
				last = far
			}
		}
	}
}

// stride is after how many categories the next has its name written: numbers
// that parts of years and days are counted by, then doubles of them.
func (f *frame) stride(d *data, at func(int) float64) int {
	roomy := func(stride int) bool {
		free := math.Inf(-1)
		for i := 0; i < len(d.cats); i += stride {
			near, _ := d.tick(i)
			half := TextWidth(near) / 2
			if at(i)-half <= free {
				return false
			}
			free = at(i) + half + 8
		}
		return true
	}
	for _, stride := range []int{1, 2, 3, 4, 6, 12} {
		if roomy(stride) {
			return stride
		}
	}
	for stride := 24; ; stride *= 2 {
		if stride >= len(d.cats) || roomy(stride) {
			return stride
		}
	}
}

// tick is a category's short name and the larger period it lies in.
func (d *data) tick(i int) (near, far string) {
	key := d.keys[i]
	month := func(t time.Time) string {
		name := []rune(d.lang.Months[t.Month()-1])
		return string(name[:min(3, len(name))])
	}
	if t, err := time.Parse(time.DateOnly, key); err == nil {
		return d.lang.Number(float64(t.Day())), month(t) + " " + t.Format("2006")
	}
	if t, err := time.Parse("2006-01", key); err == nil {
		return month(t), t.Format("2006")
	}
	if len(key) == 7 || len(key) == 8 {
		if year, part, ok := strings.Cut(key, "-"); ok && len(year) == 4 {
			return wording.Clean(part), wording.Clean(year)
		}
	}
	return short(d.cats[i], 90), ""
}

// lines draws a figure over periods as a line, several in colours and dashes
// of their own, named at their ends.
func (d *data) lines(w float64) *canvas {
	low, high := d.extent()
	s, ticks := reach(low, high, 4)
	if low > 0 && high-low < low/4 {
		s, ticks = around(low, high, 4) // a line is no length: what matters is how it moves
	}
	f := d.frame(w, 260, s, ticks)
	ends := 0.0
	if d.s >= 0 && w > 500 {
		for _, name := range d.names {
			ends = max(ends, min(BoldWidth(name), 170))
		}
		f.right -= ends + 12
	} else {
		f.right -= 10
	}
	step := (f.right - f.left - 16) / float64(max(1, len(d.cats)-1))
	at := func(i int) float64 { return f.left + 8 + float64(i)*step }
	f.xTicks(d, at)
	var labels []label
	for s := range d.names {
		class := hue(s)
		if d.s < 0 {
			class = "c0"
			if min(low, high) >= 0 {
				f.area(d, s, at)
			}
		}
		f.curve(d, s, at, class)
		if last := lastSet(d, s); last >= 0 && ends > 0 {
			labels = append(labels, label{f.y.at(d.val[last][s]), d.names[s], class})
		}
	}
	spread(labels, 15, f.top, f.bottom)
	for _, l := range labels {
		f.c.text(f.right+12, l.y+4, "start", "name "+l.class, short(l.text, 155))
	}
	return f.c
}

// label is a text at the end of a line.
type label struct {
	y           float64
	text, class string
}

// spread moves labels apart, in place.
func spread(labels []label, room, top, bottom float64) {
	slices.SortStableFunc(labels, func(a, b label) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return 0
	})
	for i := range labels {
		if i > 0 {
			labels[i].y = max(labels[i].y, labels[i-1].y+room)
		}
	}
	if n := len(labels); n > 0 && labels[n-1].y > bottom {
		labels[n-1].y = bottom
		for i := n - 2; i >= 0; i-- {
			labels[i].y = min(labels[i].y, labels[i+1].y-room)
		}
	}
}

func lastSet(d *data, s int) int {
	for i := len(d.cats) - 1; i >= 0; i-- {
		if !math.IsNaN(d.val[i][s]) {
			return i
		}
	}
	return -1
}

// curve draws one line; where a figure is unset it is broken.
func (f *frame) curve(d *data, s int, at func(int) float64, class string) {
	var p path
	pen := byte('M')
	for i := range d.cats {
		v := d.val[i][s]
		if math.IsNaN(v) {
			pen = 'M'
			continue
		}
		p.add(pen, at(i), f.y.at(v))
		pen = 'L'
	}
	f.c.path(p, "curve "+class, "")
	if len(d.cats) > mostDots {
		return
	}
	for i, cat := range d.cats {
		if v := d.val[i][s]; !math.IsNaN(v) {
			title := cat + ": " + d.txt[i][s]
			if d.names[s] != "" {
				title = d.names[s] + ", " + title
			}
			f.c.circle(at(i), f.y.at(v), 3.2, "point "+class, title)
		}
	}
}

// area fills what lies under a single line that starts at 0.
func (f *frame) area(d *data, s int, at func(int) float64) {
	first, last := -1, -1
	var p path
	for i := range d.cats {
		v := d.val[i][s]
		if math.IsNaN(v) {
			return
		}
		if first < 0 {
			first = i
			p.add('M', at(i), f.bottom)
		}
		p.add('L', at(i), f.y.at(v))
		last = i
	}
	if first >= 0 && f.y.low == 0 {
		p.add('L', at(last), f.bottom)
		p.add('Z')
		f.c.path(p, "area", "")
	}
}

// multiples draws a small picture for each series, all to one scale.
func (d *data) multiples(w float64) *canvas {
	n := min(len(d.names), d.most.panels)
	across := max(2, int(w/190))
	gap, high := 18.0, 96.0
	wide := (w - gap*float64(across-1)) / float64(across)
	least, most := d.extent()
	s, _ := reach(least, most, 3)
	c := &canvas{w: w, h: float64((n+across-1)/across)*(high+gap) - gap + 6}
	for k := range n {
		x, y := float64(k%across)*(wide+gap), float64(k/across)*(high+gap)
		s.from, s.to = y+high-6, y+30
		c.line(x, s.at(0), x+wide, s.at(0), "axis")
		f := &frame{c: c, y: s}
		step := (wide - 10) / float64(max(1, len(d.cats)-1))
		at := func(i int) float64 { return x + 5 + float64(i)*step }
		f.curve(&data{cats: d.cats, val: d.val, txt: d.txt, names: d.names}, k, at, "c0")
		end := ""
		if last := lastSet(d, k); last >= 0 {
			end = short(d.txt[last][k], wide*0.6)
		}
		c.text(x, y+14, "start", "label strong", short(d.names[k], wide-TextWidth(end)-10))
		c.text(x+wide, y+14, "end", "value", end)
	}
	return c
}
