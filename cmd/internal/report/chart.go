package report

import (
	"encoding/json"
	"html/template"
	"math"
	"slices"
	"strconv"

	"tesela/agent/wording"
	"tesela/tools"
)

// picture is a chart drawn for wide and for narrow screens, with what it shows
// in words.
type picture struct {
	Title, Desc  string
	Wide, Narrow template.HTML
	More         string // what is not drawn
	Key          []keyEntry
}

// keyEntry names a line of a chart.
type keyEntry struct{ Class, Name string }

// The widths that charts are drawn for, in pixels.
const (
	wideChart   = 940
	narrowChart = 330
)

// data is what a chart shows of a result: figures by category, and by series
// where there are several.
type data struct {
	lang    *wording.Language
	words   *words
	res     *tools.Result
	x, y, s int      // columns; s is −1 without series
	cats    []string // texts of x
	keys    []string // of x as the data has them
	names   []string // texts of the series; one "" without
	val     [][]float64
	txt     [][]string
	// low and high are an interval's columns, −1 for none.
	low, high int
	// axis is y's column with the unit of its rows.
	axis tools.Column
}

func column(res *tools.Result, name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(res.Columns, func(c tools.Column) bool { return c.Name == name })
}

// figure reads a cell as a number; NaN for what is none.
func figure(v any) float64 {
	switch n := v.(type) {
	case int:
		return float64(n)
	case int64:
		return float64(n)
	case float64:
		return n
	case json.Number:
		if f, err := n.Float64(); err == nil {
			return f
		}
	case string:
		if f, err := strconv.ParseFloat(n, 64); err == nil && !math.IsInf(f, 0) {
			return f
		}
	}
	return math.NaN()
}

// chartOf is a result's chart. Differences that are each in a unit of their own
// have none; what compares them is their effect.
func chartOf(res *tools.Result) *tools.Chart {
	if res.Chart == nil && column(res, "what") >= 0 && column(res, "effect") >= 0 {
		return &tools.Chart{Type: "bar", X: "what", Y: "effect"}
	}
	return res.Chart
}

// read takes from a result what its chart names; nil where that is not there,
// where nothing is to be compared, or where a place holds several figures.
func read(lang *wording.Language, w *words, res *tools.Result) *data {
	c := chartOf(res)
	if c == nil || len(res.Rows) < 2 {
		return nil
	}
	d := &data{lang: lang, words: w, res: res, x: column(res, c.X), y: column(res, c.Y), s: column(res, c.Series)}
	if c.Type == "sankey" && d.s < 0 {
		d.x, d.s = column(res, "from"), column(res, "to")
		if d.s < 0 {
			return nil
		}
	}
	if d.x < 0 || d.y < 0 || c.Series != "" && d.s < 0 || d.x == d.y {
		return nil
	}
	if d.low, d.high = interval(res, d.y); c.Y == "effect" && res.Columns[d.y].Unit != tools.UnitOfRow && d.low >= 0 && res.Columns[d.low].Unit == tools.UnitOfRow {
		d.low, d.high = -1, -1 // of the difference, in its unit
	}
	d.axis = wording.ColumnOf(res.Columns, res.Rows[0], d.y)
	for _, row := range res.Rows {
		if wording.ColumnOf(res.Columns, row, d.y) != d.axis {
			return nil // figures in several units have no common scale
		}
	}
	named := d.s
	if c.Type == "scatter" {
		d.s = -1 // names points, parts nothing
	}
	cats, names := map[string]int{}, map[string]int{}
	if d.s < 0 {
		d.names = []string{""}
	}
	for _, row := range res.Rows {
		if len(row) <= max(d.x, d.y, d.s, d.low, d.high) {
			return nil
		}
		cat := d.text(row, d.x)
		at, there := cats[cat]
		if !there || d.s < 0 {
			at = len(d.cats)
			cats[cat] = at
			d.cats = append(d.cats, cat)
			key, _ := row[d.x].(string)
			d.keys = append(d.keys, key)
		}
		col := 0
		if d.s >= 0 {
			name := d.text(row, d.s)
			if col, there = names[name]; !there {
				col = len(d.names)
				names[name] = col
				d.names = append(d.names, name)
			}
		}
		for len(d.val) <= at {
			d.val, d.txt = append(d.val, nil), append(d.txt, nil)
		}
		for len(d.val[at]) <= col {
			d.val[at], d.txt[at] = append(d.val[at], math.NaN()), append(d.txt[at], "")
		}
		if d.txt[at][col] != "" {
			return nil
		}
		d.val[at][col], d.txt[at][col] = figure(row[d.y]), d.text(row, d.y)
	}
	some := false
	for i := range d.val {
		for len(d.val[i]) < len(d.names) {
			d.val[i], d.txt[i] = append(d.val[i], math.NaN()), append(d.txt[i], "")
		}
		for _, v := range d.val[i] {
			some = some || !math.IsNaN(v)
		}
	}
	if !some {
		return nil
	}
	if d.s = named; d.s >= 0 && len(res.Rows[0]) <= d.s {
		return nil
	}
	return d
}

// interval finds the columns that hold the ends of an interval around y.
func interval(res *tools.Result, y int) (low, high int) {
	name, kind := res.Columns[y].Name, res.Columns[y].Kind
	for _, pair := range [][2]string{{name + "_low", name + "_high"}, {"low", "high"}} {
		low, high = column(res, pair[0]), column(res, pair[1])
		if low >= 0 && high >= 0 && low != y && high != y && res.Columns[low].Kind == kind && res.Columns[high].Kind == kind {
			return low, high
		}
	}
	return -1, -1
}

func (d *data) text(row []any, at int) string {
	return wording.Clean(d.lang.Cell(wording.ColumnOf(d.res.Columns, row, at), row[at]))
}

func (d *data) title(at int) string {
	if at < 0 {
		return ""
	}
	return wording.Clean(d.lang.Title(d.res.Columns[at].Name))
}

// periods are the columns whose cells are keys of periods.
var periods = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

// kind is how the data is drawn, "" for not at all.
func (d *data) kind() string {
	t := chartOf(d.res).Type
	switch {
	case t == "bar" && d.s < 0 && d.low >= 0:
		return "forest"
	case t == "bar" && d.s >= 0:
		return "heatmap"
	case t == "heatmap" && d.s < 0:
		return "bar"
	case t == "line" && len(d.names) > mostLines:
		return "multiples"
	case t == "bar", t == "line", t == "heatmap", t == "sankey":
		return t
	case t == "scatter" && !math.IsNaN(figure(d.res.Rows[0][d.x])):
		return t
	}
	return ""
}

// draw draws a result's chart; nil where it has none. The id names it within
// the page.
func draw(lang *wording.Language, w *words, res *tools.Result, id string) *picture {
	d := read(lang, w, res)
	if d == nil {
		return nil
	}
	kind := d.kind()
	drawing := map[string]func(*data, float64) *canvas{
		"bar": (*data).bars, "line": (*data).lines, "multiples": (*data).multiples, "heatmap": (*data).heatmap,
		"sankey": (*data).sankey, "scatter": (*data).scatter, "forest": (*data).forest,
	}[kind]
	if drawing == nil {
		return nil
	}
	wide, narrow := drawing(d, wideChart), drawing(d, narrowChart)
	if wide == nil || narrow == nil {
		return nil
	}
	p := &picture{Title: d.caption(kind), Desc: d.describe(kind)}
	p.Wide = wide.svg(id+"w", "chart wide", p.Title, p.Desc)
	p.Narrow = narrow.svg(id+"n", "chart narrow", p.Title, p.Desc)
	if most, of := d.drawn(kind); most < of {
		p.More = wording.Fill(w.MoreDrawn, "n", lang.Count(int64(most)), "of", lang.Count(int64(of)))
	}
	if kind == "line" && d.s >= 0 {
		for i, name := range d.names {
			p.Key = append(p.Key, keyEntry{hue(i), name})
		}
	}
	return p
}

// drawn is how many of how many categories or series a chart shows.
func (d *data) drawn(kind string) (most, of int) {
	switch kind {
	case "bar":
		if d.upright() {
			return 1, 1
		}
		return min(len(d.cats), mostBars), len(d.cats)
	case "forest":
		return min(len(d.cats), mostBars), len(d.cats)
	case "multiples":
		return min(len(d.names), mostPanels), len(d.names)
	case "heatmap":
		return min(len(d.cats), mostHeatRows), len(d.cats)
	}
	return 1, 1
}

func (d *data) caption(kind string) string {
	y := d.title(d.y)
	if kind == "sankey" {
		return y + ": " + d.title(d.x) + " → " + d.title(d.s)
	}
	if d.s >= 0 {
		return y + " · " + d.title(d.x) + " · " + d.title(d.s)
	}
	return y + " · " + d.title(d.x)
}

// describedBars is how many figures a description lists one by one.
const describedBars = 12

// describe tells a chart in words with figures of the result.
func (d *data) describe(kind string) string {
	say := func(key string, pairs ...string) string { return wording.Fill(d.words.Chart[key], pairs...) }
	text := say(kind, "x", d.title(d.x), "y", d.title(d.y), "series", d.title(d.s))
	type point struct {
		name, value string
		v           float64
	}
	var points []point
	for i, cat := range d.cats {
		for s, name := range d.names {
			if math.IsNaN(d.val[i][s]) {
				continue
			}
			switch {
			case kind == "sankey":
				cat, name = d.cats[i]+" → "+d.names[s], ""
			case name != "":
				name = ", " + name
			}
			points = append(points, point{cat + name, d.txt[i][s], d.val[i][s]})
		}
	}
	if len(points) == 0 {
		return text
	}
	if len(points) <= describedBars {
		for _, p := range points {
			text += " " + say("and", "name", p.name, "value", p.value)
		}
		return text
	}
	high, low := points[0], points[0]
	for _, p := range points {
		if p.v > high.v {
			high = p
		}
		if p.v < low.v {
			low = p
		}
	}
	if kind == "line" {
		first, last := points[0], points[len(points)-1]
		text += " " + say("first", "name", first.name, "value", first.value) + " " + say("last", "name", last.name, "value", last.value)
	}
	text += " " + say("most", "name", high.name, "value", high.value)
	if kind != "sankey" && kind != "heatmap" {
		text += " " + say("least", "name", low.name, "value", low.value)
	}
	return text
}

// extent is the least and the largest figure, of intervals too.
func (d *data) extent() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range d.val {
		for _, v := range d.val[i] {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if d.low >= 0 && d.s < 0 {
		for _, row := range d.res.Rows {
			if l, h := figure(row[d.low]), figure(row[d.high]); !math.IsNaN(l) && !math.IsNaN(h) {
				low, high = min(low, l), max(high, h)
			}
		}
	}
	return low, high
}

// hue is the class of a series' colour.
func hue(i int) string { return "c" + strconv.Itoa(i%8) }
