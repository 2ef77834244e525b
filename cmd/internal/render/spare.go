package render

import (
	"slices"

	"tesela/tools"
)

// spareColumns are columns of tables of differences that give way, in this
// order, where the window is too narrow for all: what differs and by how much
// stays.
var spareColumns = []string{"also", "folded", "layer", "condition", "low", "high"}

// legible is how many columns of the terminal a text needs to be read there.
const legible = 22

// spare leaves out what gives way, until the texts of the rest are legible.
func (r *Renderer) spare(res *tools.Result, g grid) grid {
	if !slices.ContainsFunc(res.Columns, func(c tools.Column) bool { return c.Unit == tools.UnitOfRow }) {
		return g
	}
	for _, name := range spareColumns {
		if g.fit(g.natural(), r.width, legible) != nil {
			break
		}
		title := Clean(r.lang.Title(name))
		if at := slices.Index(g.head, title); at > 0 || name == res.Columns[0].Name {
			g = g.without(max(at, 0))
		}
	}
	return g
}

// without is a grid less a column.
func (g grid) without(at int) grid {
	out := grid{
		head:  slices.Delete(slices.Clone(g.head), at, at+1),
		right: slices.Delete(slices.Clone(g.right), at, at+1),
		code:  slices.Delete(slices.Clone(g.code), at, at+1),
		bars:  g.bars, barHead: g.barHead,
	}
	for _, row := range g.rows {
		out.rows = append(out.rows, slices.Delete(slices.Clone(row), at, at+1))
	}
	return out
}
