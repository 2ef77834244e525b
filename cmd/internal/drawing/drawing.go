// Package drawing draws the chart of a result: bars, columns, lines, small
// pictures of many lines, maps, flows, points, and points with their intervals.
// It lays a chart out once, as a list of marks, and draws the marks as SVG for
// a page and as PNG for where only pictures go. It computes nothing beyond
// lengths and places, and it chooses nothing: what is drawn over what is the
// result's own Chart.
package drawing

import (
	"html/template"
	"math"
	"slices"

	"tesela/agent/wording"
	"tesela/tools"
)

// The widths that a page's charts are drawn for, in pixels.
const (
	Wide   = 940
	Narrow = 330
)

// onPage is how much a chart on a page shows.
var onPage = bounds{bars: 30, panels: 24, rows: 40, points: math.MaxInt}

// Picture is a chart drawn for wide and for narrow screens, with what it shows
// in words. Its colours are those of the page's style, by class.
type Picture struct {
	Title, Desc  string
	Wide, Narrow template.HTML // SVG elements
	More         string        // what is not drawn
	Key          []Key
}

// Key names a line of a chart by its class.
type Key struct{ Class, Name string }

// SVG draws a result's chart, nil where it has none that shows something. The
// id names the picture within its page.
func SVG(lang *wording.Language, res *tools.Result, id string) (*Picture, error) {
	w, err := wordsFor(lang)
	if err != nil {
		return nil, err
	}
	d := read(lang, w, res, onPage)
	if d == nil {
		return nil, nil
	}
	kind := d.kind()
	wide, narrow := d.layout(kind, Wide), d.layout(kind, Narrow)
	if wide == nil || narrow == nil {
		return nil, nil
	}
	p := &Picture{Title: d.caption(kind), Desc: d.describe(kind), More: d.undrawn(kind), Key: d.legend(kind)}
	p.Wide = wide.svg(id+"w", "chart wide", p.Title, p.Desc)
	p.Narrow = narrow.svg(id+"n", "chart narrow", p.Title, p.Desc)
	return p, nil
}

// Cross is what a chart shows of two groups by one figure, for a table of
// them: a row for each of one group, a column for each of the other.
type Cross struct {
	Head          string // names both groups
	Rows, Columns []string
	Text          [][]string // the figures, "" where there is none
	Shade         [][]string // the classes of their colours in a map: hm, h0 … h6
	Flow          bool       // the groups are those that something goes between
	// Whole tells that the result's rows hold no more than this.
	Whole bool
}

// CrossOf is the table behind a chart of two groups, nil where there is none.
func CrossOf(lang *wording.Language, res *tools.Result) *Cross {
	d := read(lang, nil, res, onPage)
	if d == nil || d.s < 0 || res.Chart.Type == "scatter" {
		return nil
	}
	x := &Cross{Head: d.title(d.x) + " ↓ · " + d.title(d.s) + " →", Rows: d.cats, Flow: res.Chart.Type == "sankey", Whole: true}
	for i, c := range res.Columns {
		if i != d.x && i != d.s && i != d.y && c.Name != "share" {
			x.Whole = false
		}
	}
	order := d.across()
	for _, s := range order {
		x.Columns = append(x.Columns, d.names[s])
	}
	_, most := d.extent()
	for i := range d.cats {
		var texts, shades []string
		for _, s := range order {
			texts, shades = append(texts, d.txt[i][s]), append(shades, shade(d.val[i][s], most))
		}
		x.Text, x.Shade = append(x.Text, texts), append(x.Shade, shades)
	}
	return x
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

// IsPeriod tells a column whose cells are keys of periods, which are no figures
// to compare.
func IsPeriod(name string) bool { return slices.Contains(periods, name) }
