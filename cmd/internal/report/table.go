package report

import (
	"slices"
	"unicode/utf8"

	"tesela/agent/wording"
	"tesela/cmd/internal/drawing"
	"tesela/tools"
)

// mostRows is how many rows a table shows: a page of more opens slowly.
const mostRows = 2000

// table is rows as a page shows them.
type table struct {
	Head  []headCell
	Rows  [][]cell
	More  string
	Dense bool // many columns
	Vast  bool // very many
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
	Long  bool // wants room
	Class string
	Under string // a formula that stands under the text
}

var figureKinds = []string{"count", "number", "money", "rate"}

func isFigure(c tools.Column) bool {
	return slices.Contains(figureKinds, c.Kind) && !drawing.IsPeriod(c.Name)
}

// newTables shows a result's rows. What a chart shows of two groups and one
// figure alone stands as one group by the other, in several tables where they
// are too many for one.
func newTables(lang *wording.Language, w *words, r *tools.Result, p *drawing.Picture) []*table {
	if p != nil {
		if x := drawing.CrossOf(lang, r); x != nil {
			list := matrix(x, lang.Unset)
			if list != nil && !x.Whole {
				if t := newTable(lang, w, r); t != nil {
					list = append(list, t)
				}
			}
			if list != nil {
				return list
			}
		}
	}
	if t := newTable(lang, w, r); t != nil {
		return []*table{t}
	}
	return nil
}

// newTable shows a result's rows. Columns that hold nothing are left out, the
// ends of an interval stand in one, and where columns are many, formulas stand
// under the text that they belong to.
func newTable(lang *wording.Language, w *words, r *tools.Result) *table {
	l := layOut(r)
	if len(l.columns) == 0 {
		return nil
	}
	title := func(i int) string { return wording.Clean(lang.Title(r.Columns[i].Name)) }
	t := &table{Dense: len(l.columns) >= manyColumns, Vast: len(l.columns) >= tooManyColumns}
	for _, i := range l.columns {
		h := headCell{Text: title(i), Right: isFigure(r.Columns[i])}
		if high, ok := l.high[i]; ok {
			h.Text += " – " + title(high)
		}
		t.Head = append(t.Head, h)
	}
	for _, row := range r.Rows[:min(len(r.Rows), mostRows)] {
		cells := make([]cell, len(l.columns))
		text := func(i int) string {
			if i >= len(row) {
				return lang.Unset
			}
			return wording.Clean(lang.Cell(wording.ColumnOf(r.Columns, row, i), row[i]))
		}
		for k, i := range l.columns {
			c := cell{Text: text(i), Right: isFigure(r.Columns[i]), Code: isCode(r.Columns[i]), Row: k == 0, Long: l.long[i]}
			if high, ok := l.high[i]; ok && c.Text != lang.Unset {
				c.Text += " – " + text(high)
			}
			if i == l.host && l.code < len(row) && row[l.code] != nil {
				c.Under = text(l.code)
			}
			cells[k] = c
		}
		t.Rows = append(t.Rows, cells)
	}
	if more := len(r.Rows) - mostRows; more > 0 {
		t.More = wording.Fill(w.MoreRows, "n", lang.Count(int64(more)))
	}
	return t
}

// Many columns make a table dense; of more, formulas stand under texts; with
// yet more a table is too broad for paper but in small print.
const (
	manyColumns    = 8
	moreColumns    = 10
	tooManyColumns = 13
)

// longText is how many characters want a broader column.
const longText = 18

// layout is which columns stand in a table, and how.
type layout struct {
	columns    []int
	long       map[int]bool
	high       map[int]int // of intervals: the upper end by the lower, in whose column it stands
	host, code int         // a text and the formula under it, −1 for none
}

func isCode(c tools.Column) bool { return c.Name == "condition" || c.Name == "formula" }

func layOut(r *tools.Result) layout {
	l := layout{long: map[int]bool{}, high: map[int]int{}, host: -1, code: -1}
	upper := map[int]bool{}
	for i := range r.Columns {
		if low, high := drawing.Interval(r, i); low >= 0 && isFigure(r.Columns[i]) {
			l.high[low], upper[high] = high, true
		}
	}
	most := 0
	for i, c := range r.Columns {
		texts := map[string]bool{}
		filled := i == 0
		for _, row := range r.Rows {
			if i >= len(row) || row[i] == nil {
				continue
			}
			filled = true
			if s, ok := row[i].(string); ok && c.Kind == "text" {
				texts[s] = true
				l.long[i] = l.long[i] || utf8.RuneCountInString(s) > longText
			}
		}
		if !filled || wording.IsUnit(r.Columns, i) || upper[i] {
			continue
		}
		l.columns = append(l.columns, i)
		switch {
		case isCode(c) && i > 0:
			l.code = i
		case c.Kind == "text" && len(texts) > most:
			most, l.host = len(texts), i
		}
	}
	if l.code < 0 || l.host < 0 || len(l.columns) < moreColumns {
		l.host, l.code = -1, -1
		return l
	}
	l.columns = slices.DeleteFunc(l.columns, func(i int) bool { return i == l.code })
	l.long[l.host] = true
	return l
}

// mostTables is in how many tables two groups are told at most.
const mostTables = 4

// matrix is tables of two groups: one a row, the other a column. There are none
// where it takes too many, nor of what is no flow where the rows hold more than
// the figure and its share.
func matrix(x *drawing.Cross, unset string) []*table {
	if !x.Whole && !x.Flow {
		return nil
	}
	wide := make([]float64, len(x.Columns))
	side := 90.0
	for s, name := range x.Columns {
		wide[s] = min(drawing.BoldWidth(name), 130)
		for i := range x.Rows {
			wide[s] = max(wide[s], drawing.TextWidth(x.Text[i][s])*1.2)
		}
	}
	for _, name := range x.Rows {
		side = max(side, min(drawing.TextWidth(name)*1.2, 200))
	}
	var list []*table
	for from := 0; from < len(x.Columns); {
		to, room := from, drawing.Wide-side
		for to < len(x.Columns) && (to == from || room >= wide[to]+22) {
			room -= wide[to] + 22
			to++
		}
		t := &table{Head: []headCell{{x.Head, false}}}
		for _, name := range x.Columns[from:to] {
			t.Head = append(t.Head, headCell{name, true})
		}
		for i, name := range x.Rows {
			row := []cell{{Text: name, Row: true}}
			for s := from; s < to; s++ {
				c := cell{Text: x.Text[i][s], Right: true}
				if c.Text == "" {
					c.Text = unset
				}
				if x.Flow { // whose chart shows no figure
					c.Class = x.Shade[i][s]
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
