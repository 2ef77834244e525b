package render

import (
	"math"
	"slices"
	"strings"

	"tesela/tools"
)

const (
	chartRows  = 8 // lines of a chart of columns
	widestStep = 9 // columns of the terminal that a period takes at most
)

// columns draws a figure over periods as upright columns. Where there are more
// periods than room, neighbours share a column, which then reaches as high as
// the highest of them. The axis names figures of the data only.
func (r *Renderer) columns(res *tools.Result) block {
	x, y := column(res, res.Chart.X), column(res, res.Chart.Y)
	values := r.figures(res, res.Chart.Y, len(res.Rows))
	if x < 0 || y < 0 || len(values) < 2 {
		return nil
	}
	high, low, top := extremes(values)
	if top < 0 || high == 0 && low == 0 {
		return nil
	}
	labels := []string{"", ""}
	if high > 0 {
		labels[0] = r.cell(res.Columns[y], res.Rows[top], y)
	}
	if low < 0 {
		labels[1] = r.cell(res.Columns[y], res.Rows[slices.Index(values, low)], y)
	}
	axis := max(Width(labels[0]), Width(labels[1]), 1)
	room := r.width - axis - 3
	if room < 10 {
		return nil
	}
	keys := make([]string, len(res.Rows))
	for i, row := range res.Rows {
		keys[i] = ""
		if x < len(row) {
			keys[i], _ = row[x].(string)
		}
	}
	per := (len(values) + room - 1) / room // periods that share a column
	values, keys = shared(values, keys, per)
	step := min(max(1, room/len(values)), widestStep)
	width := max(1, step-1)
	if step == 1 {
		width = 1
	}
	up, down := chartRows, 0
	if low < 0 {
		up = int(math.Round(chartRows * max(high, 0) / (max(high, 0) - low)))
		up = min(max(up, 1), chartRows-1)
		down = chartRows - up
		if high <= 0 {
			up, down = 0, chartRows
		}
	}
	scale := 0.0
	if up > 0 && high > 0 {
		scale = float64(up*8) / high
	}
	if down > 0 {
		if s := float64(down*8) / -low; scale == 0 || s < scale {
			scale = s
		}
	}
	var lines block
	for row := up - 1; row >= -down; row-- {
		label := ""
		switch {
		case row == up-1 && up > 0:
			label = labels[0]
		case row == -down && down > 0:
			label = labels[1]
		}
		side := " │ "
		if row == 0 {
			side = " ┤ "
			if label == "" {
				label = "0"
			}
		}
		var b strings.Builder
		b.WriteString(r.styles.Muted.Render(pad(label, axis, true) + side))
		for _, v := range values {
			cell := columnCell(v*scale, row)
			text := strings.Repeat(cell, width)
			switch {
			case cell == " ":
			case v < 0:
				text = r.styles.Minus.Render(text)
			case v == high:
				text = r.styles.Peak.Render(text)
			default:
				text = r.styles.Bar.Render(text)
			}
			b.WriteString(text + strings.Repeat(" ", step-width))
		}
		lines = append(lines, trimEnd(b.String()))
	}
	for _, line := range r.ticks(keys, step, width, room) {
		lines = append(lines, strings.Repeat(" ", axis+3)+r.styles.Muted.Render(line))
	}
	return lines
}

// columnCell is what a column of so many eighths shows in a row; row 0 stands
// on the zero line, negative rows hang under it.
func columnCell(n float64, row int) string {
	if math.IsNaN(n) {
		return " "
	}
	size := int(math.Round(n))
	if size == 0 && n != 0 {
		size = int(math.Copysign(1, n))
	}
	if row >= 0 {
		switch part := size - row*8; {
		case part <= 0:
			return " "
		case part >= 8:
			return lower[7]
		default:
			return lower[part-1]
		}
	}
	// Terminals have few upper parts: a half is the finest.
	switch part := -size - (-row-1)*8; {
	case part <= 0:
		return " "
	case part <= 4:
		return "▀"
	default:
		return "█"
	}
}

// shared lets every per neighbours share a column.
func shared(values []float64, keys []string, per int) ([]float64, []string) {
	if per <= 1 {
		return values, keys
	}
	var v []float64
	var k []string
	for i := 0; i < len(values); i += per {
		most := math.NaN()
		for _, x := range values[i:min(i+per, len(values))] {
			if math.IsNaN(most) || math.Abs(x) > math.Abs(most) {
				most = x
			}
		}
		v, k = append(v, most), append(k, keys[i])
	}
	return v, k
}

// extremes gives the largest and smallest set value and where the largest
// stands, −1 for none.
func extremes(values []float64) (high, low float64, at int) {
	at = -1
	for i, v := range values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
		case at < 0:
			high, low, at = v, v, i
		case v > high:
			high, at = v, i
		case v < low:
			low = v
		}
	}
	return high, low, at
}

// chartable tells whether a result's chart draws a table away that is not
// there.
func chartable(res *tools.Result) bool {
	return res.Chart != nil && len(res.Rows) > 1
}
