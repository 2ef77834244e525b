package render

import "strings"

const (
	gap      = 2  // blanks between columns
	leastCol = 8  // a text column is not cut shorter
	roomyCol = 16 // nor shorter than this to make room for bars
	leastBar = 8
	mostBar  = 48
)

// grid is a table of plain texts: what is drawn, not what it means.
type grid struct {
	head  []string
	right []bool // columns of figures, which are never cut
	code  []bool // columns of formulas
	rows  [][]string
	// bars are lengths beside the rows as fractions of the longest, negative
	// ones under zero; nil for none.
	bars []float64
	// barHead says what the bars compare where they have room for it, "" where
	// the rows tell.
	barHead string
}

// draw lays a grid out in the width. Where even cut columns do not fit, each
// row stands as lines of its own.
func (r *Renderer) draw(g grid) block {
	if len(g.rows) == 0 || len(g.head) == 0 {
		return nil
	}
	widths := g.natural()
	barRoom := 0
	if len(g.bars) == len(g.rows) {
		if w := g.fit(widths, r.width-gap-leastBar, roomyCol); w != nil {
			widths, barRoom = w, min(mostBar, r.width-gap-total(w))
		}
	}
	if barRoom == 0 {
		w := g.fit(widths, r.width, leastCol)
		if w == nil {
			return r.records(g)
		}
		widths = w
	}
	lines := make(block, 0, len(g.rows)+2)
	head, rule := make([]string, len(widths)), make([]string, len(widths))
	for i, w := range widths {
		title := pad(Truncate(g.head[i], w), w, g.right[i])
		if i == len(widths)-1 && (barRoom == 0 || g.barHead == "") {
			title = strings.TrimRight(title, " ")
		}
		head[i] = r.styles.Muted.Render(title)
		rule[i] = strings.Repeat("─", w)
	}
	between := strings.Repeat(" ", gap)
	if g.barHead != "" && barRoom >= Width(g.barHead) {
		head = append(head, r.styles.Muted.Render(g.barHead))
	}
	lines = append(lines,
		strings.Join(head, between),
		r.styles.Muted.Render(strings.Join(rule, between)))
	top := -1
	for i, f := range g.bars {
		if f > 0 && (top < 0 || f > g.bars[top]) {
			top = i
		}
	}
	for i, row := range g.rows {
		cells := make([]string, len(widths))
		for k, w := range widths {
			text := pad(Truncate(row[k], w), w, g.right[k])
			if k == len(widths)-1 && barRoom == 0 && !g.right[k] {
				text = strings.TrimRight(text, " ")
			}
			if g.code[k] {
				text = r.styles.Code.Render(text)
			}
			cells[k] = text
		}
		line := strings.Join(cells, between)
		if barRoom > 0 {
			if bar := r.bar(g.bars[i], barRoom, i == top); bar != "" {
				line += between + bar
			} else {
				line = trimEnd(line)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// trimEnd drops blanks at the end of a line that may be styled.
func trimEnd(s string) string { return strings.TrimRight(s, " ") }

// natural is how wide each column would be by itself.
func (g grid) natural() []int {
	widths := make([]int, len(g.head))
	for i, h := range g.head {
		widths[i] = Width(h)
		for _, row := range g.rows {
			widths[i] = max(widths[i], Width(row[i]))
		}
	}
	return widths
}

// fit narrows columns until they take no more than room: titles of figures
// first, then the widest text, down to least. It gives nil if that cannot be.
func (g grid) fit(natural []int, room, least int) []int {
	widths := append([]int(nil), natural...)
	floor := make([]int, len(widths))
	for i := range widths {
		floor[i] = min(widths[i], least)
		if g.right[i] {
			floor[i] = 0
			for _, row := range g.rows {
				floor[i] = max(floor[i], Width(row[i]))
			}
			floor[i] = max(floor[i], min(widths[i], leastCol))
		}
	}
	for total(widths) > room {
		widest := -1
		for i := range widths {
			if widths[i] > floor[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil
		}
		widths[widest]--
	}
	return widths
}

// total is how many columns of the terminal a row takes.
func total(widths []int) int {
	n := gap * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}

// records draws each row as lines "title  value", for narrow terminals and
// many columns.
func (r *Renderer) records(g grid) block {
	wide := 0
	for _, h := range g.head {
		wide = max(wide, Width(h))
	}
	wide = min(wide, r.width/2)
	var lines block
	for i, row := range g.rows {
		if i > 0 {
			lines = append(lines, "")
		}
		for k, cell := range row {
			title := r.styles.Muted.Render(pad(Truncate(g.head[k], wide), wide, false))
			lines = append(lines, wrap(cell, r.width-wide-gap).indent(title+strings.Repeat(" ", gap))...)
		}
	}
	return lines
}
