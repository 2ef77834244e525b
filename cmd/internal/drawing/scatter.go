package drawing

import (
	"math"
	"slices"

	"tesela/agent/wording"
)

// scatter draws a point for each row by two figures, named where there are few.
func (d *data) scatter(w float64) *canvas {
	xs := make([]float64, len(d.res.Rows))
	lowX, highX := math.Inf(1), math.Inf(-1)
	lowY, highY := math.Inf(1), math.Inf(-1)
	for i, row := range d.res.Rows {
		xs[i] = wording.Figure(row[d.x])
		y := wording.Figure(row[d.y])
		if math.IsNaN(xs[i]) || math.IsNaN(y) {
			continue
		}
		lowX, highX, lowY, highY = min(lowX, xs[i]), max(highX, xs[i]), min(lowY, y), max(highY, y)
	}
	if lowX > highX || highX-lowX > widest {
		return nil
	}
	sy, yTicks := reach(lowY, highY, 5)
	sx, xTicks := reach(lowX, highX, int(max(3, w/140)))
	f := d.frame(w, min(400, w*0.8+60), sy, yTicks)
	sx.from, sx.to = f.left, f.right-20
	for _, t := range xTicks {
		f.c.line(sx.at(t), f.top, sx.at(t), f.bottom, "grid")
		f.c.text(sx.at(t), f.bottom+17, "middle", "tick", short(tickText(d.lang, d.res.Columns[d.x], t, xTicks[1]-xTicks[0]), w/4))
	}
	f.c.text((f.left+f.right)/2, f.bottom+34, "middle", "tick strong", short(d.title(d.x), w*0.6))
	f.c.text(0, 12, "start", "tick strong", short(d.title(d.y), w*0.8))
	name := d.nameColumn()
	var taken [][4]float64 // by points, then by their names too
	for i, row := range d.res.Rows[:min(len(d.res.Rows), mostDots)] {
		px, py := sx.at(xs[i]), f.y.at(wording.Figure(row[d.y]))
		taken = append(taken, [4]float64{px - 6, py - 6, px + 6, py + 6})
	}
	for i, row := range d.res.Rows[:min(len(d.res.Rows), d.most.points)] {
		y := wording.Figure(row[d.y])
		if math.IsNaN(xs[i]) || math.IsNaN(y) {
			continue
		}
		px, py := sx.at(xs[i]), f.y.at(y)
		text, title := "", d.text(row, d.x)+" · "+d.text(row, d.y)
		if name >= 0 && name < len(row) {
			text = d.text(row, name)
			title = text + ": " + title
		}
		f.c.circle(px, py, 5, "spot", title)
		if text == "" || len(d.res.Rows) > mostDots {
			continue
		}
		text = short(text, 130)
		wide := TextWidth(text)
		// Beside its point, else over or under it, where there is room.
		for _, at := range []struct {
			anchor     string
			x, y, left float64
		}{{"start", px + 9, py + 4, px + 9}, {"end", px - 9, py + 4, px - 9 - wide}, {"middle", px, py - 9, px - wide/2}, {"middle", px, py + 18, px - wide/2}} {
			box := [4]float64{at.left, at.y - 11, at.left + wide, at.y + 3}
			if box[0] < f.left || box[2] > f.c.w || box[1] < f.top || box[3] > f.bottom || slices.ContainsFunc(taken, func(o [4]float64) bool {
				return box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3]
			}) {
				continue
			}
			taken = append(taken, box)
			f.c.text(at.x, at.y, at.anchor, "label", text)
			break
		}
	}
	return f.c
}

// nameColumn is the column that names the points, −1 for none.
func (d *data) nameColumn() int {
	if d.s >= 0 {
		return d.s
	}
	for i, c := range d.res.Columns {
		if c.Kind == "text" && i != d.x && i != d.y {
			return i
		}
	}
	return -1
}
