package drawing

import (
	"math"
	"slices"

	"tesela/agent/wording"
	"tesela/tools"
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
	most bounds
	// letters are those that texts are spelled in, nil as they are.
	letters *letters
}

// bounds are how much of a result a chart shows; a table has the others.
type bounds struct {
	bars   int // and intervals
	panels int // small pictures of lines
	rows   int // of a map
	points int
}

func column(res *tools.Result, name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(res.Columns, func(c tools.Column) bool { return c.Name == name })
}

// chartOf is a result's chart. Differences that are each in a unit of their own
// have none; what compares them is their effect.
func chartOf(res *tools.Result) *tools.Chart {
	if res.Chart == nil && column(res, "what") >= 0 && column(res, "effect") >= 0 {
		return &tools.Chart{Type: "bar", X: "what", Y: "effect"}
	}
	return res.Chart
}

// mostCells is how many places a chart of two groups may have: rows that name
// other groups each are no chart, and their places too many to keep.
const mostCells = 1 << 20

// widest is how far apart figures may lie: beyond, sums of them have no end.
const widest = 1e300

// read takes from a result what its chart names; nil where that is not there,
// where nothing is to be compared, or where a place holds several figures.
func read(lang *wording.Language, w *words, res *tools.Result, most bounds) *data {
	c := chartOf(res)
	if c == nil || len(res.Rows) < 2 {
		return nil
	}
	d := &data{lang: lang, words: w, res: res, most: most, x: column(res, c.X), y: column(res, c.Y), s: column(res, c.Series)}
	if c.Type == "sankey" && d.s < 0 {
		d.x, d.s = column(res, "from"), column(res, "to")
		if d.s < 0 {
			return nil
		}
	}
	if d.x < 0 || d.y < 0 || c.Series != "" && d.s < 0 || d.x == d.y {
		return nil
	}
	if d.low, d.high = Interval(res, d.y); c.Y == "effect" && res.Columns[d.y].Unit != tools.UnitOfRow && d.low >= 0 && res.Columns[d.low].Unit == tools.UnitOfRow {
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
		if len(d.cats)*len(d.names) > mostCells {
			return nil
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
		d.val[at][col], d.txt[at][col] = wording.Figure(row[d.y]), d.text(row, d.y)
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
	if low, high := d.extent(); !some || high-low > widest {
		return nil
	}
	if d.s = named; d.s >= 0 && len(res.Rows[0]) <= d.s {
		return nil
	}
	return d
}

// Interval finds the columns that hold the ends of an interval around a
// column of figures, −1 where there are none.
func Interval(res *tools.Result, y int) (low, high int) {
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
	return d.spelled(wording.Clean(d.lang.Cell(wording.ColumnOf(d.res.Columns, row, at), row[at])))
}

func (d *data) title(at int) string {
	if at < 0 {
		return ""
	}
	return d.spelled(wording.Clean(d.lang.Title(d.res.Columns[at].Name)))
}

// periods are the columns whose cells are keys of periods.
var periods = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

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
			if l, h := wording.Figure(row[d.low]), wording.Figure(row[d.high]); !math.IsNaN(l) && !math.IsNaN(h) {
				low, high = min(low, l), max(high, h)
			}
		}
	}
	return low, high
}

// spelled is a text in the letters that there are.
func (d *data) spelled(s string) string {
	if d.letters == nil {
		return s
	}
	return d.letters.spell(clip(s, longestName))
}

// spell writes what a chart of a kind draws in the letters that there are.
func (d *data) spell(l *letters, kind string) {
	d.letters = l
	cats, names := len(d.cats), len(d.names)
	switch most, of := d.drawn(kind); {
	case kind == "multiples":
		names = most
	case of > 1:
		cats = most
	}
	for i := range cats {
		d.cats[i] = d.spelled(d.cats[i])
		for s := 0; s < len(d.txt[i]) && (kind == "bar" || kind == "forest" || kind == "heatmap"); s++ {
			d.txt[i][s] = d.spelled(d.txt[i][s])
		}
	}
	for s := range names {
		d.names[s] = d.spelled(d.names[s])
	}
}
