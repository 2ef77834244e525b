package render

import (
	"math"
	"strings"

	"tesela/agent/wording"
	"tesela/tools"
)

// pivot is rows of a result with two keys, as lines of series over x.
type pivot struct {
	x, series []string // texts, in order of appearance
	keys      []string // of x as the data has them, for periods
	at        map[[2]int]int
	values    map[[2]int]float64
	y         int
}

// pivotOf turns the rows by the chart's columns; nil where they are not there.
func (r *Renderer) pivotOf(res *tools.Result) *pivot {
	x, s, y := column(res, res.Chart.X), column(res, res.Chart.Series), column(res, res.Chart.Y)
	if x < 0 || s < 0 || y < 0 {
		return nil
	}
	p := &pivot{at: map[[2]int]int{}, values: map[[2]int]float64{}, y: y}
	xs, ss := map[string]int{}, map[string]int{}
	for i, row := range res.Rows {
		if len(row) <= max(x, s, y) {
			return nil
		}
		xt, st := r.cell(res.Columns[x], row, x), r.cell(res.Columns[s], row, s)
		if _, ok := xs[xt]; !ok {
			xs[xt] = len(p.x)
			p.x = append(p.x, xt)
			key, _ := row[x].(string)
			p.keys = append(p.keys, key)
		}
		if _, ok := ss[st]; !ok {
			ss[st] = len(p.series)
			p.series = append(p.series, st)
		}
		place := [2]int{xs[xt], ss[st]}
		p.at[place], p.values[place] = i, wording.Figure(row[y])
	}
	return p
}

// mostSeries is how many series are drawn; a reader follows no more.
const mostSeries = 12

// sparklines draws each series as one line over the periods, all to one
// scale, with the figure where it peaks. It gives nil where they do not fit.
func (r *Renderer) sparklines(res *tools.Result) block {
	p := r.pivotOf(res)
	if p == nil || len(p.x) < 2 || len(p.series) > mostSeries {
		return nil
	}
	most, name, peak := 0.0, 0, 0
	peaks := make([]string, len(p.series))
	for s := range p.series {
		name = max(name, Width(p.series[s]))
		best := math.Inf(-1)
		for x := range p.x {
			v, ok := p.values[[2]int{x, s}]
			switch {
			case !ok || math.IsNaN(v):
			case v < 0:
				return nil
			default:
				most = max(most, v)
				if v > best {
					best = v
					i := p.at[[2]int{x, s}]
					peaks[s] = r.cell(res.Columns[p.y], res.Rows[i], p.y)
				}
			}
		}
		peak = max(peak, Width(peaks[s]))
	}
	name = min(name, r.width/3)
	room := r.width - name - peak - 2*gap
	step := min(6, room/len(p.x))
	if most == 0 || step < 1 {
		return nil
	}
	width := max(1, step-1)
	var lines block
	for s, title := range p.series {
		var b strings.Builder
		for x := range p.x {
			cell := " "
			if v, ok := p.values[[2]int{x, s}]; ok && v > 0 {
				cell = lower[min(7, max(0, int(math.Ceil(v/most*8))-1))]
			}
			b.WriteString(strings.Repeat(cell, width) + strings.Repeat(" ", step-width))
		}
		lines = append(lines, pad(Truncate(title, name), name, false)+strings.Repeat(" ", gap)+
			r.styles.Bar.Render(pad(b.String(), step*len(p.x), false))+strings.Repeat(" ", gap)+
			r.styles.Muted.Render("▲ ")+pad(peaks[s], peak, true))
		if Width(lines[len(lines)-1]) > r.width {
			lines[len(lines)-1] = Truncate(lines[len(lines)-1], r.width)
		}
	}
	for _, t := range r.ticks(p.keys, step, width, step*len(p.x)) {
		lines = append(lines, strings.Repeat(" ", name+gap)+r.styles.Muted.Render(t))
	}
	return lines
}

// shades tell more from less without colours.
var shades = []string{" ", "░", "▒", "▓", "█"}

// heatmap draws two groups as a map: one a line, the other a column, each cell
// its figure behind a shade. It gives nil where it does not fit.
func (r *Renderer) heatmap(res *tools.Result) block {
	p := r.pivotOf(res)
	if p == nil || len(p.x) == 0 || len(p.series) == 0 {
		return nil
	}
	g := grid{head: []string{Clean(r.lang.Title(res.Chart.X))}, right: []bool{false}, code: []bool{false}}
	most := 0.0
	for _, v := range p.values {
		if !math.IsNaN(v) {
			most = max(most, math.Abs(v))
		}
	}
	for _, s := range p.series {
		g.head, g.right, g.code = append(g.head, s), append(g.right, true), append(g.code, false)
	}
	for x, title := range p.x {
		row := []string{title}
		for s := range p.series {
			text := r.lang.Unset
			if i, ok := p.at[[2]int{x, s}]; ok {
				text = r.cell(res.Columns[p.y], res.Rows[i], p.y)
				if v := p.values[[2]int{x, s}]; most > 0 && v > 0 {
					text = shades[min(4, int(math.Ceil(v/most*4)))] + " " + text
				}
			}
			row = append(row, text)
		}
		g.rows = append(g.rows, row)
	}
	if g.fit(g.natural(), r.width, leastCol) == nil {
		return nil
	}
	return r.draw(g)
}
