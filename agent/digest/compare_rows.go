package digest

import (
	"cmp"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"tesela/agent/wording"
	"tesela/tools"
)

// table is what rows are compared in.
type table struct {
	columns []tools.Column
	rows    [][]any
	figure  int // the column whose figures are compared, −1 for none
	names   []int
}

// tableOf gives a result's rows, or its segments where it has none.
func tableOf(r *tools.Result) table {
	t := table{columns: r.Columns, rows: r.Rows, figure: -1}
	if len(r.Columns) == 0 && len(r.Segments) > 0 {
		if _, told := r.Values["size"]; told && len(r.Segments) == 1 {
			return table{figure: -1}
		}
		t.columns = []tools.Column{{Name: "name", Kind: "text"}, {Name: "size", Kind: "count", Unit: "customers"}}
		for _, s := range r.Segments {
			t.rows = append(t.rows, []any{cmp.Or(s.Name, s.Formula), float64(s.Size)})
		}
	}
	x, y := "", ""
	if r.Chart != nil {
		x, y = r.Chart.X, r.Chart.Y
	}
	for i, c := range t.columns {
		figure := slices.Contains([]string{"count", "number", "money", "rate"}, c.Kind) && c.Name != x && !wording.IsPeriod(c.Name)
		switch {
		case wording.IsUnit(t.columns, i):
		case !figure:
			t.names = append(t.names, i)
		case t.figure < 0 || c.Name == y:
			t.figure = i
		}
	}
	return t
}

func (t table) cell(row []any, at int) any {
	if at < 0 || at >= len(row) {
		return nil
	}
	return row[at]
}

// by gives the rows by the name that some columns make, and false where two
// rows have the same.
func (t table) by(columns []int) (map[string][]any, bool) {
	named := map[string][]any{}
	for _, row := range t.rows {
		var parts []string
		for _, i := range columns {
			parts = append(parts, plainText(t.cell(row, i)))
		}
		key := strings.Join(parts, "\x00")
		if _, twice := named[key]; twice {
			return nil, false
		}
		named[key] = row
	}
	return named, true
}

// moved is a row on both sides.
type moved struct {
	key    string
	change Change
	weight *big.Rat
}

// rows compares two tables of the same columns.
func (c *CallChanges) rows(voice *wording.Language, then, now table) {
	// As few columns as tell the rows apart: what stands in others may change.
	var a, b map[string][]any
	ok := false
	names := now.names
	for n := 1; n <= len(now.names) && !ok; n++ {
		names = now.names[:n]
		var first, second bool
		a, first = then.by(names)
		b, second = now.by(names)
		ok = first && second
	}
	if !ok {
		if !reflect.DeepEqual(then.rows, now.rows) {
			c.Why = RowsAlike
		}
		return
	}
	if c.figureless = now.figure < 0; !c.figureless {
		c.Figure = wording.Clean(voice.Title(now.columns[now.figure].Name))
	}
	label := func(t table, row []any) string {
		var parts []string
		for _, i := range names {
			parts = append(parts, voice.Cell(wording.ColumnOf(t.columns, row, i), t.cell(row, i)))
		}
		return strings.Join(parts, ", ")
	}
	var both []moved
	var fresh, gone []moved
	for key, row := range b {
		before, there := a[key]
		if !there {
			fresh = append(fresh, moved{key, now.single(voice, row, label), now.weight(row)})
			continue
		}
		if c.figureless {
			continue
		}
		x, y := then.cell(before, then.figure), now.cell(row, now.figure)
		if same(x, y) {
			continue
		}
		column := wording.ColumnOf(now.columns, row, now.figure)
		one := figures(voice, column, x, y)
		one.Name = label(now, row)
		both = append(both, moved{key, one, distance(x, y, now.columns[now.figure].Unit == tools.UnitOfRow)})
	}
	for key, row := range a {
		if _, there := b[key]; !there {
			gone = append(gone, moved{key, then.single(voice, row, label), then.weight(row)})
		}
	}
	var left []moved
	left, c.MovedMore = foremost(both)
	for _, m := range left {
		c.Moved = append(c.Moved, m.change)
	}
	left, c.NewMore = foremost(fresh)
	for _, m := range left {
		c.New = append(c.New, Row{m.change.Name, m.change.Now})
	}
	left, c.GoneMore = foremost(gone)
	for _, m := range left {
		c.Gone = append(c.Gone, Row{m.change.Name, m.change.Now})
	}
}

// single words a row that is on one side alone.
func (t table) single(voice *wording.Language, row []any, label func(table, []any) string) Change {
	one := Change{Name: label(t, row)}
	if v := t.cell(row, t.figure); v != nil {
		one.Now = voice.Cell(wording.ColumnOf(t.columns, row, t.figure), v)
	}
	return one
}

// weight is the size of a row's figure.
func (t table) weight(row []any) *big.Rat {
	if n, ok := exact(t.cell(row, t.figure)); ok {
		return n.Abs(n)
	}
	return new(big.Rat)
}

// foremost puts the heaviest first and cuts, and says how many are cut.
func foremost(list []moved) ([]moved, int) {
	slices.SortFunc(list, func(a, b moved) int {
		if n := b.weight.Cmp(a.weight); n != 0 {
			return n
		}
		return strings.Compare(a.key, b.key)
	})
	kept := list[:min(len(list), mostRows)]
	return kept, len(list) - len(kept)
}
