package blockkit

import (
	"slices"
	"strings"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
	"tesela/tools"
)

const (
	// tableWidth is how many characters of one width a line has: about as many
	// as a thread beside a channel shows, where a longer line is broken and the
	// columns with it. One group by another may have more, which is better than
	// a long list; its titles then go over several lines.
	tableWidth = 50
	crossWidth = 66
	crossTitle = 8
	gap        = 2
	// A column of texts is not made narrower than this by choice, nor the first
	// of one of many rows.
	leastText = 12
	roomyText = 18
	roomyRows = 8
	// firstRows are those shown of a table whose rows stand in a file.
	firstRows = 10
	mostLines = 4 // a cell of a message goes over no more lines
)

// grid is a table as texts.
type grid struct {
	columns []gridColumn
	rows    [][]string
}

type gridColumn struct {
	name, title string
	right       bool // figures, which are never broken
	key         bool // stays whatever else gives way
	order       int  // which gives way first: the higher
}

// gridOf is a result's rows but the columns that hold nothing or are meant for
// programs.
func gridOf(lang *wording.Language, res *tools.Result, most int) *grid {
	rows := res.Rows[:min(most, len(res.Rows))]
	g := &grid{}
	var shown []int
	for i, c := range res.Columns {
		if i > 0 && (c.Detail || wording.IsUnit(res.Columns, i) || !slices.ContainsFunc(rows, func(row []any) bool { return i < len(row) && row[i] != nil })) {
			continue
		}
		shown = append(shown, i)
		g.columns = append(g.columns, gridColumn{name: c.Name, title: clean(lang.Title(c.Name)), right: isFigure(c), key: i == 0, order: i})
	}
	for _, row := range rows {
		cells := make([]string, len(shown))
		for k, i := range shown {
			cells[k] = lang.Unset
			if i < len(row) {
				cells[k] = clean(lang.Cell(wording.ColumnOf(res.Columns, row, i), row[i]))
			}
		}
		g.rows = append(g.rows, cells)
	}
	if c := res.Chart; c != nil {
		for i := range g.columns {
			if name := g.columns[i].name; name == c.Y || name == c.X || name == c.Series {
				g.columns[i].key = true
			}
		}
	}
	g.rank(res)
	return g
}

// yields are columns that give way before others, the first of them first: of
// differences what differs and by how much stays.
var yields = []string{"also", "folded", "layer", "condition", "formula", "low", "high"}

// lesser are columns that say how well groups were told rather than who they
// are; they give way next.
var lesser = []string{"stability", "recall", "precision", "clustered"}

// rank says which columns give way first: such as only repeat the first, then
// those that are known to, then from the right.
func (g *grid) rank(res *tools.Result) {
	differs := slices.ContainsFunc(res.Columns, func(c tools.Column) bool { return c.Unit == tools.UnitOfRow })
	for i := range g.columns {
		c := &g.columns[i]
		if at := slices.Index(yields, c.name); at >= 0 && (differs || c.name == "condition" || c.name == "formula") {
			c.order, c.key = 1000-at, false
		}
		if at := slices.Index(lesser, c.name); at >= 0 {
			c.order = 500 - at
		}
		if differs && (c.name == "what" || c.name == "effect") {
			c.key = c.name == "what" // by how much is read first, the chart tells the rest
		}
		if i > 0 && !c.right && g.repeats(i) {
			c.order, c.key = 2000, false
		}
	}
	if differs && len(g.columns) > 0 && g.columns[0].name == "layer" {
		g.columns[0].key = false
	}
}

// repeats tells whether each cell of a column begins the first of its row.
func (g *grid) repeats(at int) bool {
	for _, row := range g.rows {
		if !strings.HasPrefix(row[0], row[at]) || row[at] == "" {
			return false
		}
	}
	return len(g.rows) > 0
}

func isFigure(c tools.Column) bool {
	return slices.Contains([]string{"count", "number", "money", "rate"}, c.Kind) && !slices.Contains(periods, c.Name)
}

// periods are the columns whose cells are keys of periods.
var periods = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

// fitting leaves out columns until the table fits a thread, and gives the
// titles of those left out.
func (g *grid) fitting() (*grid, []string) {
	all := g
	for g.widths(tableWidth) == nil {
		at := -1
		for i, c := range g.columns {
			if !c.key && (at < 0 || c.order > g.columns[at].order) {
				at = i
			}
		}
		if at < 0 && len(g.columns) > 2 {
			at = len(g.columns) - 1
		}
		if at < 0 {
			break
		}
		name := g.columns[at].name
		g = g.without(at)
		// One end of an interval says nothing without the other.
		for _, ends := range [][2]string{{"low", "high"}, {"high", "low"}} {
			if other := slices.IndexFunc(g.columns, func(c gridColumn) bool { return c.name == ends[1] }); name == ends[0] && other > 0 {
				g = g.without(other)
			}
		}
	}
	var out []string
	for _, c := range all.columns {
		if !slices.Contains(g.columns, c) {
			out = append(out, c.title)
		}
	}
	return g, out
}

func (g *grid) without(at int) *grid {
	less := &grid{columns: slices.Delete(slices.Clone(g.columns), at, at+1)}
	for _, row := range g.rows {
		less.rows = append(less.rows, slices.Delete(slices.Clone(row), at, at+1))
	}
	return less
}

// widths are those of the columns in a thread: titles of figures go over
// several lines first, then texts, the widest first. It gives nil where that
// is not enough.
func (g *grid) widths(most int) []int {
	wide, least := make([]int, len(g.columns)), make([]int, len(g.columns))
	titles := 14
	if most > tableWidth {
		titles = crossTitle
	}
	total := gap * (len(g.columns) - 1)
	for i, c := range g.columns {
		body := 0
		for _, row := range g.rows {
			body = max(body, render.Width(row[i]))
		}
		wide[i] = max(body, render.Width(c.title))
		if c.right {
			least[i] = max(body, min(longestWord(c.title), titles))
		} else {
			least[i] = min(wide[i], leastText)
			if i == 0 && len(g.rows) > roomyRows {
				least[i] = min(wide[i], roomyText)
			}
		}
		wide[i] = max(wide[i], least[i], 1)
		total += wide[i]
	}
	for total > most {
		at := -1
		for _, figures := range []bool{true, false} {
			for i, c := range g.columns {
				if c.right == figures && wide[i] > least[i] && (at < 0 || wide[i] > wide[at]) {
					at = i
				}
			}
			if at >= 0 {
				break
			}
		}
		if at < 0 {
			return nil
		}
		wide[at]--
		total--
	}
	return wide
}

func longestWord(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		n = max(n, render.Width(w))
	}
	return n
}

// piece draws the table.
func (g *grid) piece() piece {
	p := piece{part: fixed}
	if len(g.columns) == 0 || len(g.rows) == 0 {
		return p
	}
	widths := g.widths(crossWidth)
	if w := g.widths(tableWidth); w != nil {
		widths = w
	}
	if widths == nil { // there is nothing left to leave out
		widths = make([]int, len(g.columns))
		for i := range widths {
			widths[i] = max(leastText, tableWidth/len(g.columns)-gap)
		}
	}
	titles, rule := make([]string, len(widths)), make([]string, len(widths))
	for i, c := range g.columns {
		titles[i], rule[i] = c.title, strings.Repeat("─", widths[i])
	}
	p.head = g.row(titles, widths, true) + "\n" + strings.Join(rule, strings.Repeat(" ", gap))
	for _, row := range g.rows {
		p.rows = append(p.rows, g.row(row, widths, false))
		var told []string
		for i, cell := range row {
			if cell != "" && cell != "—" {
				told = append(told, g.columns[i].title+": "+cell)
			}
		}
		p.told = append(p.told, strings.Join(told, ", "))
	}
	return p
}

// row lays cells out, over several lines where they are broken; titles stand
// at the bottom of theirs.
func (g *grid) row(cells []string, widths []int, head bool) string {
	broken := make([][]string, len(cells))
	high := 1
	for i, cell := range cells {
		broken[i] = wrap(cell, widths[i])
		if !head && len(broken[i]) > mostLines {
			broken[i] = broken[i][:mostLines]
			last := &broken[i][mostLines-1]
			*last = render.Truncate(*last, widths[i]-1) + "…"
			*last = strings.Replace(*last, "……", "…", 1)
		}
		high = max(high, len(broken[i]))
	}
	lines := make([]string, high)
	for n := range high {
		var parts []string
		for i, lines := range broken {
			at := n
			if head {
				at = n - (high - len(lines))
			}
			text := ""
			if at >= 0 && at < len(lines) {
				text = lines[at]
			}
			space := strings.Repeat(" ", max(0, widths[i]-render.Width(text)))
			if g.columns[i].right {
				text = space + text
			} else {
				text += space
			}
			parts = append(parts, text)
		}
		lines[n] = strings.TrimRight(strings.Join(parts, strings.Repeat(" ", gap)), " ")
	}
	return strings.Join(lines, "\n")
}

// wrap breaks a text into lines of at most so many columns, between words
// where they are not longer than a line.
func wrap(s string, width int) []string {
	var out []string
	now := ""
	for word := range strings.FieldsSeq(s) {
		if now != "" && render.Width(now)+1+render.Width(word) <= width {
			now += " " + word
			continue
		}
		if now != "" {
			out = append(out, now)
		}
		for render.Width(word) > width {
			head := cutWidth(word, width)
			out = append(out, head)
			word = word[len(head):]
		}
		now = word
	}
	return append(out, now)
}

// cutWidth is the beginning of a word that takes at most so many columns, at
// least one character.
func cutWidth(word string, width int) string {
	at := 0
	for i, r := range word {
		end := i + len(string(r))
		if at > 0 && render.Width(word[:end]) > width {
			break
		}
		at = end
	}
	return word[:at]
}
