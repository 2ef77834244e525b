package render

import (
	"math"
	"slices"
	"strings"

	"tesela/tools"
)

// mostMoves is how many flows are listed beside a matrix that shows them all.
const mostMoves = 8

// shortHead is how long a title over a column of a tight matrix is.
const shortHead = 6

// sankey draws who went from where to where: as a matrix with the broadest
// flows that leave their group beneath, or, where that does not fit, as a list
// of all.
func (r *Renderer) sankey(res *tools.Result) block {
	p := r.pivotOf(res)
	if p == nil {
		return nil
	}
	p.diagonal()
	title := Clean(r.lang.Title(res.Chart.X)) + " → " + Clean(r.lang.Title(res.Chart.Series))
	matrix := r.matrix(res, p, title)
	return stack(matrix, r.moves(res, p, title, matrix != nil))
}

// diagonal puts the series in the order of x where they are the same groups,
// so that those who stayed lie on the diagonal.
func (p *pivot) diagonal() {
	order := make([]int, 0, len(p.series)) // new place → old
	for _, x := range p.x {
		if s := slices.Index(p.series, x); s >= 0 {
			order = append(order, s)
		}
	}
	for s := range p.series {
		if !slices.Contains(order, s) {
			order = append(order, s)
		}
	}
	series, at, values := make([]string, len(order)), map[[2]int]int{}, map[[2]int]float64{}
	for to, from := range order {
		series[to] = p.series[from]
		for x := range p.x {
			if i, ok := p.at[[2]int{x, from}]; ok {
				at[[2]int{x, to}], values[[2]int{x, to}] = i, p.values[[2]int{x, from}]
			}
		}
	}
	p.series, p.at, p.values = series, at, values
}

// matrix draws a pivot with shades, in a tight window without, and gives nil
// where it does not fit at all.
func (r *Renderer) matrix(res *tools.Result, p *pivot, corner string) block {
	most := 0.0
	for _, v := range p.values {
		if !math.IsNaN(v) {
			most = max(most, v)
		}
	}
	for _, shaded := range []bool{true, false} {
		g := grid{head: []string{corner}, right: []bool{false}, code: []bool{false}}
		for _, s := range p.series {
			if !shaded {
				s = Truncate(s, shortHead)
			}
			g.head, g.right, g.code = append(g.head, s), append(g.right, true), append(g.code, false)
		}
		for x, name := range p.x {
			row := []string{name}
			for s := range p.series {
				text := r.lang.Unset
				if i, ok := p.at[[2]int{x, s}]; ok {
					text = r.cell(res.Columns[p.y], res.Rows[i], p.y)
					if v := p.values[[2]int{x, s}]; shaded && most > 0 && v > 0 {
						text = shades[min(4, int(math.Ceil(v/most*4)))] + " " + text
					}
				}
				row = append(row, text)
			}
			g.rows = append(g.rows, row)
		}
		if g.fit(g.natural(), r.width, leastCol) != nil {
			return r.draw(g)
		}
	}
	return nil
}

// moves lists flows with bars: all in the order of a matrix, or only the
// broadest of those that leave their group.
func (r *Renderer) moves(res *tools.Result, p *pivot, title string, leaving bool) block {
	type move struct {
		name  string
		row   int
		value float64
	}
	var list []move
	for x, from := range p.x {
		for s, to := range p.series {
			v, ok := p.values[[2]int{x, s}]
			if ok && v > 0 && !math.IsInf(v, 0) && (!leaving || from != to) {
				list = append(list, move{from + " → " + to, p.at[[2]int{x, s}], v})
			}
		}
	}
	if leaving {
		slices.SortStableFunc(list, func(a, b move) int {
			switch {
			case a.value > b.value:
				return -1
			case a.value < b.value:
				return 1
			}
			return 0
		})
		list = list[:min(len(list), mostMoves)]
	}
	if len(list) == 0 {
		return nil
	}
	share := column(res, "share")
	g := grid{head: []string{title, Clean(r.lang.Title(res.Columns[p.y].Name))}, right: []bool{false, true}, code: []bool{false, false}}
	if share >= 0 {
		g.head, g.right, g.code = append(g.head, Clean(r.lang.Title("share"))), append(g.right, true), append(g.code, false)
	}
	values := make([]float64, len(list))
	for i, m := range list {
		row := []string{m.name, r.cell(res.Columns[p.y], res.Rows[m.row], p.y)}
		if share >= 0 {
			row = append(row, r.cell(res.Columns[share], res.Rows[m.row], share))
		}
		g.rows = append(g.rows, row)
		values[i] = m.value
	}
	g.bars = fractions(values)
	if share >= 0 && total(g.natural()) > r.width {
		g = g.without(2) // rather than cut names
	}
	return r.draw(g)
}

// givesWay are columns of a table of segments that give way in a narrow
// window, in this order; the cards have them.
var givesWay = []string{"clustered", "stage", "stability", "recall", "precision", "growth", "share", "per_head", "revenue"}

// legibleName is how many columns of the terminal a segment's name needs.
const legibleName = 34

// ofSegments tells a table that tells a segment a row.
func ofSegments(res *tools.Result) bool {
	return len(res.Columns) > 2 && res.Columns[0].Name == "segment" && res.Columns[0].Kind == "text"
}

// segments draws such a table: columns give way until the names can be read;
// where they never can, each name has a line of its own with its figures under
// it.
func (r *Renderer) segments(res *tools.Result, g grid) block {
	all := g
	for _, name := range givesWay[:len(givesWay)-1] {
		if g.fit(g.natural(), r.width, legibleName) != nil {
			break
		}
		if at := slices.Index(g.head, Clean(r.lang.Title(name))); at > 0 && column(res, name) > 0 {
			g = g.without(at)
		}
	}
	if g.fit(g.natural(), r.width, legibleName) != nil {
		if total(g.natural())+gap+leastBar > r.width {
			g.bars = nil // rather than cut names
		}
		return r.draw(g)
	}
	kept := all
	for _, name := range givesWay[:6] {
		if at := slices.Index(kept.head, Clean(r.lang.Title(name))); at > 0 {
			kept = kept.without(at)
		}
	}
	var out block
	for _, row := range kept.rows {
		out = append(out, wrap(row[0], r.width)...)
		var rest []string
		for _, cell := range row[1:] {
			if cell != r.lang.Unset {
				rest = append(rest, cell)
			}
		}
		for _, line := range wrap(strings.Join(rest, " · "), r.width-2) {
			out = append(out, "  "+r.styles.Muted.Render(line))
		}
	}
	return out
}
