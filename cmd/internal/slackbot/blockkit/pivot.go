package blockkit

import (
	"slices"

	"tesela/agent/wording"
	"tesela/tools"
)

// column finds a column by name, −1 for none.
func column(res *tools.Result, name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(res.Columns, func(c tools.Column) bool { return c.Name == name })
}

// crossed lays rows of two groups and one figure out as one group by the other,
// which reads better than a long list. It gives nil where the rows tell more,
// where a place holds several figures, or where that does not fit.
func crossed(lang *wording.Language, res *tools.Result) *grid {
	c := res.Chart
	if c == nil {
		return nil
	}
	x, s, y := column(res, c.X), column(res, c.Series), column(res, c.Y)
	if c.Type == "sankey" && s < 0 {
		x, s = column(res, "from"), column(res, "to")
	}
	if x < 0 || s < 0 || y < 0 || x == s || x == y || s == y || len(res.Rows) < 4 {
		return nil
	}
	for i, col := range res.Columns {
		if i != x && i != s && i != y && col.Name != "share" && !col.Detail && !wording.IsUnit(res.Columns, i) {
			return nil
		}
	}
	across := crossing(lang, res, x, s, y)
	if across.fits() {
		return across
	}
	if down := crossing(lang, res, s, x, y); down.fits() {
		return down
	}
	return nil
}

func (g *grid) fits() bool {
	return g != nil && len(g.rows) <= wording.TableRows && g.widths(crossWidth) != nil
}

// crossing has a row for each value of one column and a column for each of
// another.
func crossing(lang *wording.Language, res *tools.Result, down, across, figure int) *grid {
	text := func(row []any, at int) string {
		if at >= len(row) {
			return lang.Unset
		}
		return clean(lang.Cell(wording.ColumnOf(res.Columns, row, at), row[at]))
	}
	g := &grid{columns: []gridColumn{{title: clean(lang.Title(res.Columns[down].Name)), key: true}}}
	rows, columns := map[string]int{}, map[string]int{}
	filled := map[[2]int]bool{}
	for _, row := range res.Rows {
		d, a := text(row, down), text(row, across)
		i, ok := rows[d]
		if !ok {
			i = len(g.rows)
			rows[d] = i
			g.rows = append(g.rows, []string{d})
		}
		k, ok := columns[a]
		if !ok {
			k = len(g.columns)
			columns[a] = k
			g.columns = append(g.columns, gridColumn{title: a, right: true, key: true})
		}
		if filled[[2]int{i, k}] || len(g.columns) > crossWidth/4 {
			return nil
		}
		filled[[2]int{i, k}] = true
		for len(g.rows[i]) <= k {
			g.rows[i] = append(g.rows[i], lang.Unset)
		}
		g.rows[i][k] = text(row, figure)
	}
	for i := range g.rows {
		for len(g.rows[i]) < len(g.columns) {
			g.rows[i] = append(g.rows[i], lang.Unset)
		}
	}
	return g
}
