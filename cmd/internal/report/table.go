package report

import (
	"slices"

	"tesela/agent/wording"
	"tesela/tools"
)

// mostRows is how many rows a table shows: a page of more opens slowly.
const mostRows = 2000

// table is rows as a page shows them.
type table struct {
	Head []headCell
	Rows [][]cell
	More string
}

type headCell struct {
	Text  string
	Right bool
}

// cell is one cell; Class colours it by its figure.
type cell struct {
	Text  string
	Right bool
	Code  bool
	Row   bool // names its row
	Class string
}

var figureKinds = []string{"count", "number", "money", "rate"}

func isFigure(c tools.Column) bool {
	return slices.Contains(figureKinds, c.Kind) && !slices.Contains(periods, c.Name)
}

// newTables shows a result's rows. What a chart shows of two groups and one
// figure alone stands as one group by the other, in several tables where they
// are too many for one.
func newTables(lang *wording.Language, w *words, r *tools.Result, p *picture) []*table {
	if p != nil {
		if d := read(lang, w, r); d != nil && d.s >= 0 && r.Chart.Type != "scatter" {
			if list := d.matrix(); list != nil {
				return list
			}
		}
	}
	if t := newTable(lang, w, r); t != nil {
		return []*table{t}
	}
	return nil
}

// newTable shows a result's rows. Columns that hold nothing are left out.
func newTable(lang *wording.Language, w *words, r *tools.Result) *table {
	var columns []int
	for i := range r.Columns {
		if i == 0 || !wording.IsUnit(r.Columns, i) && slices.ContainsFunc(r.Rows, func(row []any) bool { return i < len(row) && row[i] != nil }) {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	t := &table{}
	for _, i := range columns {
		t.Head = append(t.Head, headCell{wording.Clean(lang.Title(r.Columns[i].Name)), isFigure(r.Columns[i])})
	}
	for _, row := range r.Rows[:min(len(r.Rows), mostRows)] {
		cells := make([]cell, len(columns))
		for k, i := range columns {
			c := wording.ColumnOf(r.Columns, row, i)
			text := lang.Unset
			if i < len(row) {
				text = wording.Clean(lang.Cell(c, row[i]))
			}
			cells[k] = cell{Text: text, Right: isFigure(c), Code: c.Name == "condition" || c.Name == "formula", Row: k == 0}
		}
		t.Rows = append(t.Rows, cells)
	}
	if more := len(r.Rows) - mostRows; more > 0 {
		t.More = fill(w.MoreRows, "n", lang.Count(int64(more)))
	}
	return t
}

// mostTables is in how many tables two groups are told at most.
const mostTables = 4

// matrix is tables of two groups: one a row, the other a column. There are none
// where the rows hold more than the figure and its share, or it takes too many.
func (d *data) matrix() []*table {
	for i, c := range d.res.Columns {
		if i != d.x && i != d.s && i != d.y && c.Name != "share" {
			return nil
		}
	}
	wide := make([]float64, len(d.names))
	side := 90.0
	for s, name := range d.names {
		wide[s] = min(boldWidth(name), 130)
		for i := range d.cats {
			wide[s] = max(wide[s], textWidth(d.txt[i][s])*1.2)
		}
	}
	for _, cat := range d.cats {
		side = max(side, min(textWidth(cat)*1.2, 200))
	}
	_, most := d.extent()
	order := d.across()
	var list []*table
	for from := 0; from < len(d.names); {
		to, room := from, wideChart-side
		for to < len(d.names) && (to == from || room >= wide[order[to]]+22) {
			room -= wide[order[to]] + 22
			to++
		}
		t := &table{Head: []headCell{{d.title(d.x) + " ↓ · " + d.title(d.s) + " →", false}}}
		for _, s := range order[from:to] {
			t.Head = append(t.Head, headCell{d.names[s], true})
		}
		for i, cat := range d.cats {
			row := []cell{{Text: cat, Row: true}}
			for _, s := range order[from:to] {
				c := cell{Text: d.txt[i][s], Right: true}
				if c.Text == "" {
					c.Text = d.lang.Unset
				}
				if d.res.Chart.Type == "sankey" { // whose chart shows no figure
					c.Class = shade(d.val[i][s], most)
				}
				row = append(row, c)
			}
			t.Rows = append(t.Rows, row)
		}
		if list = append(list, t); len(list) > mostTables {
			return nil
		}
		from = to
	}
	return list
}

// across is the order of a matrix's columns: that of the rows for groups that
// are both, so that those who stayed lie on the diagonal.
func (d *data) across() []int {
	order := make([]int, 0, len(d.names))
	if d.res.Chart.Type == "sankey" {
		for _, cat := range d.cats {
			if s := slices.Index(d.names, cat); s >= 0 {
				order = append(order, s)
			}
		}
	}
	for s := range d.names {
		if !slices.Contains(order, s) {
			order = append(order, s)
		}
	}
	return order
}
