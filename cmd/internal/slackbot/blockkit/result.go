package blockkit

import (
	"strconv"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// result shows a result's rows: as one group by the other where it is of two
// groups, else row by row. What has no room stands in a file.
func (b *builder) result(res *tools.Result) {
	if b.private(res) {
		b.withheld = true
		return
	}
	b.drawn[res] = true
	rows := len(res.Rows)
	extra := b.extra(res)
	if g := crossed(b.lang, res); g != nil && extra == nil {
		b.add(g.piece())
		if rows > wording.TableRows {
			b.caption("all_in_file", "of", b.lang.Count(int64(rows)), "file", b.sheet(res, nil))
		}
		return
	}
	most := rows
	if rows > wording.TableRows {
		most = firstRows
	}
	g, names := gridOf(b.lang, res, most).fitting()
	b.add(g.piece())
	pairs := []string{"n", b.lang.Count(int64(most)), "of", b.lang.Count(int64(rows)), "names", strings.Join(names, ", ")}
	switch {
	case most < rows && len(names) > 0:
		b.caption("first_rows_columns", append(pairs, "file", b.sheet(res, extra))...)
	case most < rows:
		b.caption("first_rows", append(pairs, "file", b.sheet(res, extra))...)
	case extra != nil:
		b.caption("all_groups", append(pairs, "file", b.sheet(res, extra))...)
	case len(names) > 0:
		b.caption("not_all_columns", append(pairs, "file", b.sheet(res, extra))...)
	}
}

// ownTable shows a table of a text that is none of the results'.
func (b *builder) ownTable(g *grid) {
	res := &tools.Result{Title: b.a.Question}
	for i := range g.columns {
		g.columns[i].key, g.columns[i].order = i == 0, i
		res.Columns = append(res.Columns, tools.Column{Name: g.columns[i].title, Kind: "text"})
	}
	for _, row := range g.rows {
		var cells []any
		for _, c := range row {
			cells = append(cells, c)
		}
		res.Rows = append(res.Rows, cells)
	}
	all := len(g.rows)
	if all > wording.TableRows {
		g.rows = g.rows[:firstRows]
	}
	g, names := g.fitting()
	b.add(g.piece())
	pairs := []string{"n", b.lang.Count(int64(len(g.rows))), "of", b.lang.Count(int64(all)), "names", strings.Join(names, ", ")}
	switch {
	case len(g.rows) < all && len(names) > 0:
		b.caption("first_rows_columns", append(pairs, "file", b.sheet(res, nil))...)
	case len(g.rows) < all:
		b.caption("first_rows", append(pairs, "file", b.sheet(res, nil))...)
	case len(names) > 0:
		b.caption("not_all_columns", append(pairs, "file", b.sheet(res, nil))...)
	}
}

// caption stands under a table.
func (b *builder) caption(key string, pairs ...string) {
	b.add(piece{part: aside, lines: []line{plainLine(b.voice.say(key, pairs...), 0)}, quiet: true})
}

// sheet adds a result's rows as a file and gives its name.
func (b *builder) sheet(res *tools.Result, extra []csvColumn) string {
	name := b.name(b.titleOf(res, "table"), b.words["table"], ".csv")
	b.files = append(b.files, File{Name: name, Title: b.titleOf(res, "table"), Body: csvFile(b.lang, res, extra)})
	return name
}

func (b *builder) titleOf(res *tools.Result, otherwise string) string {
	texts := []string{res.Title, b.a.Understood, b.a.Question}
	if results := len(b.left) + len(b.drawn); results <= 1 {
		texts[0], texts[1] = texts[1], texts[0] // says it as it was asked for
	}
	for _, text := range texts {
		if text = clean(text); text != "" {
			return shortened(text, 150)
		}
	}
	return wording.Capital(b.words[otherwise])
}

// name is a file's name, of which there is no second.
func (b *builder) name(title, otherwise, ending string) string {
	base := slug(title, otherwise)
	name := base + ending
	for n := 2; b.names[name]; n++ {
		name = base + "-" + strconv.Itoa(n) + ending
	}
	b.names[name] = true
	return name
}

// extra is what there is to tell of segments beside their rows, for those of
// which not all have a card in the text; nil for other results.
func (b *builder) extra(res *tools.Result) []csvColumn {
	of := res
	if parent := b.segments[res]; parent != nil {
		of = parent
	}
	var list []tools.Segment
	for _, s := range of.Segments {
		if s.Name != "" {
			list = append(list, s)
		}
	}
	if len(list) <= wording.CardsShown || len(list) != len(res.Rows) {
		return nil
	}
	card := false
	for i, s := range list {
		if len(res.Rows[i]) == 0 || res.Rows[i][0] != any(s.Name) {
			return nil
		}
		card = card || wording.HasCard(s)
	}
	if !card {
		return nil
	}
	var extra []csvColumn
	for _, c := range []struct {
		name string
		of   func(tools.Segment) string
	}{
		{"rule", func(s tools.Segment) string { return s.Formula }},
		{"meaning", func(s tools.Segment) string { return s.Text }},
		{"apart", func(s tools.Segment) string { return strings.Join(s.Apart, "; ") }},
		{"action", func(s tools.Segment) string { return s.Action }},
		{"evidence", func(s tools.Segment) string { return s.Evidence }},
	} {
		said := false
		col := csvColumn{title: b.words[c.name]}
		for _, s := range list {
			col.cells = append(col.cells, c.of(s))
			said = said || c.of(s) != ""
		}
		if said && column(res, c.name) < 0 {
			extra = append(extra, col)
		}
	}
	return extra
}

const (
	mostCharts = 4
	fewBars    = 3 // fewer bars than these are told by the table
	mostAlt    = 1000
)

// Charts draws the charts of an answer, those that Answer would draw.
func Charts(a *agent.Answer, o Options) ([]File, error) {
	b, err := newBuilder(a, o)
	if err != nil {
		return nil, err
	}
	b.left = b.drawable()
	b.charts()
	return b.files, nil
}

// charts draws the results of an answer that have a chart, each once.
func (b *builder) charts() {
	if b.a.Status != model.Answered {
		return
	}
	seen := map[string]bool{}
	n := 0
	for _, c := range b.a.Calls {
		res := c.Result
		if res == nil || b.private(res) || seen[res.Fingerprint] && res.Fingerprint != "" {
			continue
		}
		seen[res.Fingerprint] = true
		if len(res.Rows) < fewBars && len(res.Segments) < fewBars {
			continue
		}
		if n == mostCharts {
			break
		}
		// A tool titles by the names of the data; the asker has words for them.
		title := b.titleOf(res, "chart")
		named := *res
		named.Title = title
		png, alt, ok := b.o.Draw(&named)
		if !ok {
			continue
		}
		n++
		alt = clean(alt)
		if alt == "" {
			alt = title
		}
		b.files = append(b.files, File{Name: b.name(title, b.words["chart"], ".png"), Title: title, Alt: shortened(alt, mostAlt), Body: png})
	}
}
