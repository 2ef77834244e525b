package render

import (
	"math"
	"slices"
	"strings"

	"tesela/agent/wording"
	"tesela/tools"
)

// Result draws a result's rows: over periods as columns, two groups as a map,
// flows as a matrix, else as a table with bars beside the rows.
func (r *Renderer) Result(res *tools.Result) string {
	return r.result(res, len(res.Rows)).String()
}

// result draws at most so many rows; charts show all.
func (r *Renderer) result(res *tools.Result, most int) block {
	g := r.grid(res, most)
	c := res.Chart
	switch {
	case c == nil:
		return r.draw(r.spare(res, g))
	case c.Type == "line" && c.Series == "":
		return r.course(res, g)
	case c.Type == "line":
		if lines := r.sparklines(res); lines != nil {
			return lines
		}
	case c.Type == "heatmap":
		if heat := r.heatmap(res); heat != nil {
			return heat
		}
	case c.Type == "sankey":
		if flows := r.sankey(res); flows != nil {
			return flows
		}
	case c.Type == "bar" && ofSegments(res):
		g.bars = fractions(r.figures(res, c.Y, len(g.rows)))
		return r.segments(res, g)
	case c.Type == "bar" && c.Series == "":
		g.bars = fractions(r.figures(res, c.Y, len(g.rows)))
		if g.figures() > 1 {
			g.barHead = Clean(r.lang.Title(c.Y))
		}
	}
	return r.draw(g)
}

// course draws columns over periods with their table: beside it where there
// is room, else under it.
func (r *Renderer) course(res *tools.Result, g grid) block {
	narrow := *r
	table := r.draw(g)
	wide := 0
	for _, line := range table {
		wide = max(wide, Width(line))
	}
	narrow.width = r.width - wide - sideGap
	if narrow.width < leastSide {
		return stack(r.columns(res), table)
	}
	chart := narrow.columns(res)
	if chart == nil {
		return table
	}
	out := make(block, max(len(table), len(chart)))
	for i := range out {
		left := ""
		if i < len(table) {
			left = table[i]
		}
		if i < len(chart) {
			left = pad(left, wide+sideGap, false) + chart[i]
		}
		out[i] = trimEnd(left)
	}
	return out
}

const (
	sideGap   = 6  // blanks between a table and the chart beside it
	leastSide = 60 // a chart beside a table is not narrower
)

// drawsAll tells whether a result's chart stands for all its rows, so that no
// table is shown with it.
func drawsAll(res *tools.Result) bool { return res.Chart != nil && res.Chart.Series != "" }

// column finds a column by name, −1 for none.
func column(res *tools.Result, name string) int {
	return slices.IndexFunc(res.Columns, func(c tools.Column) bool { return c.Name == name })
}

// figures reads a column of figures; NaN where one is unset. It gives nil
// where there is no such column.
func (r *Renderer) figures(res *tools.Result, name string, most int) []float64 {
	at := column(res, name)
	if at < 0 {
		return nil
	}
	values := make([]float64, 0, most)
	for _, row := range res.Rows[:min(most, len(res.Rows))] {
		v := math.NaN()
		if at < len(row) {
			v = wording.Figure(row[at])
		}
		values = append(values, v)
	}
	return values
}

// cell is a cell's text.
func (r *Renderer) cell(c tools.Column, row []any, at int) string {
	if at >= len(row) {
		return r.lang.Unset
	}
	return Clean(r.lang.Cell(c, row[at]))
}

// grid is the table of a result's first rows. Columns that hold nothing in
// them are left out, but for the first.
func (r *Renderer) grid(res *tools.Result, most int) grid {
	rows := res.Rows[:min(most, len(res.Rows))]
	var shown []int
	for i := range res.Columns {
		if i == 0 || !res.Columns[i].Detail && !wording.IsUnit(res.Columns, i) && slices.ContainsFunc(rows, func(row []any) bool { return i < len(row) && row[i] != nil }) {
			shown = append(shown, i)
		}
	}
	var g grid
	for _, i := range shown {
		c := res.Columns[i]
		g.head = append(g.head, Clean(r.lang.Title(c.Name)))
		g.right = append(g.right, isFigure(c))
		g.code = append(g.code, c.Name == "condition" || c.Name == "formula")
	}
	for _, row := range rows {
		cells := make([]string, len(shown))
		for k, i := range shown {
			cells[k] = r.cell(wording.ColumnOf(res.Columns, row, i), row, i)
		}
		g.rows = append(g.rows, cells)
	}
	return g
}

// figures is how many columns hold figures.
func (g grid) figures() int {
	n := 0
	for _, right := range g.right {
		if right {
			n++
		}
	}
	return n
}

// keyColumns are those of an overview that stay columns in a narrow window.
const keyColumns = 4

// Overview draws rows of many columns, most of them unset in most rows. Where
// they do not fit, the first columns stay and what is set of the others
// follows in one.
func (r *Renderer) Overview(res *tools.Result) string {
	g := r.grid(res, len(res.Rows))
	if g.fit(g.natural(), r.width, leastCol) != nil || len(g.head) <= keyColumns {
		return r.draw(g).String()
	}
	narrow := grid{head: g.head[:keyColumns], right: g.right[:keyColumns], code: g.code[:keyColumns]}
	narrow.head = append(narrow.head[:keyColumns:keyColumns], "")
	narrow.right = append(narrow.right[:keyColumns:keyColumns], false)
	narrow.code = append(narrow.code[:keyColumns:keyColumns], false)
	for _, row := range g.rows {
		var rest []string
		for _, cell := range row[keyColumns:] {
			if cell != r.lang.Unset && cell != "" {
				rest = append(rest, cell)
			}
		}
		narrow.rows = append(narrow.rows, append(row[:keyColumns:keyColumns], strings.Join(rest, " · ")))
	}
	return r.draw(narrow).String()
}

// isFigure tells whether a column holds figures to compare; keys of periods
// are none.
func isFigure(c tools.Column) bool {
	return slices.Contains([]string{"count", "number", "money", "rate"}, c.Kind) && !slices.Contains(periods, c.Name)
}

// periods are the columns whose cells are keys of periods.
var periods = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

// same tells whether a table of an answer's text shows this result: the same
// titles and as many rows as wording shows.
func (r *Renderer) same(head []string, rows int, res *tools.Result) bool {
	if rows != min(len(res.Rows), wording.TableRows) || rows == 0 {
		return false
	}
	return slices.Equal(head, r.grid(res, wording.TableRows).head)
}
