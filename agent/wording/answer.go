package wording

import (
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"tesela/tools"
)

// TableRows is how many rows of a result a table shows.
const TableRows = 20

// Call is a call and its result.
type Call struct {
	Tool   string
	Args   json.RawMessage
	Result *tools.Result
}

// Answer words the results of a turn's calls, in order: a sentence with the
// figures, the rows as a table, what a reader must know of them, and what was
// computed as code.
func (l *Language) Answer(calls []Call) string {
	var sections []string
	titles, noted := map[string]bool{}, map[string]bool{}
	for _, c := range calls {
		titles[c.Result.Title] = true
	}
	for _, c := range calls {
		var parts []string
		add := func(s string) {
			if s != "" {
				parts = append(parts, s)
			}
		}
		if len(titles) > 1 && c.Result.Title != "" {
			add("**" + Escape(c.Result.Title) + "**")
		}
		said, own := l.figures(c)
		add(said)
		if !own {
			add(l.Leader(c))
		}
		if !own || len(c.Result.Rows) > 1 || c.Result.Segments == nil || unitColumn(c.Result.Columns) >= 0 {
			add(l.table(c.Result))
		}
		add(l.segments(c.Result))
		if len(c.Result.Rows) == 0 && len(c.Result.Segments) == 0 {
			switch {
			case len(c.Result.Columns) > 0 && !own:
				add(l.NoRows)
			case len(c.Result.Values) == 0:
				add(l.Nothing)
			}
		}
		add(notes(c.Result.Notes, noted))
		add(l.arguments(c.Args))
		sections = append(sections, strings.Join(parts, "\n\n"))
	}
	return strings.Join(sections, "\n\n")
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// figures words the result's values: in the tool's own sentence where the
// language has one (own is true), else a line each.
func (l *Language) figures(c Call) (text string, own bool) {
	if s, ok := l.Sentence(c); ok {
		return s, true
	}
	var lines []string
	for _, f := range l.Values(c) {
		form := l.Line
		if slices.ContainsFunc(c.Result.Columns, func(c tools.Column) bool { return c.Name == f.Key }) {
			form = l.LineOverall // the same figure of everything that the rows break down
		}
		lines = append(lines, Fill(form, "title", Escape(f.Label), "value", Escape(f.Value)))
	}
	return strings.Join(lines, "  \n"), false
}

// Sentence words the result's values in the tool's own sentence, as Markdown,
// where the language has one.
func (l *Language) Sentence(c Call) (string, bool) {
	if len(c.Result.Values) == 0 {
		return "", false
	}
	for _, key := range []string{c.Tool, c.Tool + "_less", c.Tool + "_least"} {
		if s, ok := l.sentence(key, c.Result); ok {
			return s, true
		}
	}
	return "", false
}

// Values are the result's values one by one, as plain texts with what they
// count, in the order that they are told in.
func (l *Language) Values(c Call) []Fact {
	var facts []Fact
	for _, name := range order(c) {
		v := c.Result.Values[name]
		column := ValueColumn(name, c.Result.Units[name], v)
		text := l.Cell(column, v)
		if !strings.EqualFold(l.unit(column)["other"], l.Title(name)) {
			text = l.withUnit(text, column, v)
		}
		facts = append(facts, Fact{name, Clean(l.Title(name)), text})
	}
	return facts
}

// sentence words the values by a tool's own form. It is not used where the
// result lacks a value that the form names; the tool may then have one that
// names less.
func (l *Language) sentence(tool string, r *tools.Result) (string, bool) {
	forms, ok := l.Sentences[tool]
	if !ok {
		return "", false
	}
	first := placeholder.FindStringSubmatch(forms["other"])
	if first == nil {
		return "", false
	}
	n, ok := asFloat(r.Values[first[1]])
	if !ok {
		return "", false
	}
	form := l.pick(forms, int64(n))
	for _, whole := range []string{"base", "shown"} {
		if f, ok := asFloat(r.Values[whole]); ok && f == n && n > 1 && forms["all"] != "" {
			form = forms["all"]
		}
	}
	if n == 0 && forms["none"] != "" {
		form = forms["none"]
	}
	var pairs []string
	for _, m := range placeholder.FindAllStringSubmatch(form, -1) {
		v, ok := r.Values[m[1]]
		if !ok || v == nil {
			return "", false
		}
		pairs = append(pairs, m[1], Escape(l.Cell(ValueColumn(m[1], r.Units[m[1]], v), v)))
	}
	return Fill(form, pairs...), true
}

// order is that in which values are told: as the measures were asked for, the
// others by name.
func order(c Call) []string {
	var args struct {
		Measures []string `json:"measures"`
	}
	_ = json.Unmarshal(c.Args, &args)
	var names []string
	for _, m := range args.Measures {
		if _, ok := c.Result.Values[m]; ok && !slices.Contains(names, m) {
			names = append(names, m)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(c.Result.Values)) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// Leader names, as Markdown, the row with the most or the least, where bars or periods are
// compared and one row is alone at that end. Of groups, which come in order
// and may be cut, only the first can be it; periods are all there.
func (l *Language) Leader(c Call) string {
	r := c.Result
	if r.Chart == nil || r.Chart.Series != "" || r.Chart.Type != "bar" && r.Chart.Type != "line" || len(r.Rows) < 2 {
		return ""
	}
	named := func(name string) int {
		return slices.IndexFunc(r.Columns, func(c tools.Column) bool { return c.Name == name })
	}
	x, y := named(r.Chart.X), named(r.Chart.Y)
	if x < 0 || y < 0 {
		return ""
	}
	top, bottom := 0, 0 // the rows at the ends, −1 for several
	var high, low float64
	known := 0
	for i, row := range r.Rows {
		if len(row) <= max(x, y) {
			return ""
		}
		f := Figure(row[y])
		switch {
		case math.IsNaN(f) && i == 0:
			return ""
		case math.IsNaN(f):
			continue
		}
		if known++; known == 1 {
			high, low = f, f
			continue
		}
		if f > high {
			top, high = i, f
		} else if f == high {
			top = -1
		}
		if f < low {
			bottom, low = i, f
		} else if f == low {
			bottom = -1
		}
	}
	form, at := l.Top, top
	if periodic := slices.Contains(periods, r.Chart.X); !periodic && at != 0 {
		if form, at = l.Bottom, bottom; at != 0 {
			return ""
		}
	} else if periodic && cut(c.Args) {
		return ""
	}
	if at < 0 || known < 2 || r.Rows[at][x] == nil {
		return ""
	}
	row := r.Rows[at]
	value := l.withUnit(Escape(l.Cell(r.Columns[y], row[y])), r.Columns[y], row[y])
	return Fill(form, "name", Escape(l.Cell(r.Columns[x], row[x])), "value", value)
}

// unit is the words for what a column counts, nil where there are none.
func (l *Language) unit(c tools.Column) plural {
	if unit, ok := l.Units[c.Unit]; ok || c.Kind == "money" || c.Kind == "rate" {
		return unit
	}
	return l.Units[c.Name]
}

// withUnit puts what a plain figure counts behind it, where the language has a
// word for it.
func (l *Language) withUnit(text string, c tools.Column, v any) string {
	f, ok := asFloat(v)
	unit := l.unit(c)
	if !ok || unit == nil || c.Kind != "number" && c.Kind != "count" {
		return text
	}
	if f != math.Trunc(f) {
		return text + " " + unit["other"]
	}
	return text + " " + l.pick(unit, int64(f))
}

// cut tells that only some rows were asked for.
func cut(args json.RawMessage) bool {
	var a struct {
		Top int `json:"top"`
	}
	return json.Unmarshal(args, &a) != nil || a.Top > 0
}

// table shows the rows as Markdown, figures to the right. Columns that hold
// nothing are left out.
func (l *Language) table(r *tools.Result) string {
	rows := r.Rows[:min(len(r.Rows), TableRows)]
	var columns []int
	for i := range r.Columns {
		if i == 0 || !r.Columns[i].Detail && !IsUnit(r.Columns, i) && slices.ContainsFunc(rows, func(row []any) bool { return i < len(row) && row[i] != nil }) {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 || len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	for _, i := range columns {
		b.WriteString("| " + Escape(l.Title(r.Columns[i].Name)) + " ")
	}
	b.WriteString("|\n")
	for _, i := range columns {
		if c := r.Columns[i]; slices.Contains(figureKinds, c.Kind) && !slices.Contains(periods, c.Name) {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, row := range rows {
		for _, i := range columns {
			var v any
			if i < len(row) {
				v = row[i]
			}
			b.WriteString("| " + l.markdownCell(ColumnOf(r.Columns, row, i), v) + " ")
		}
		b.WriteString("|\n")
	}
	if more := int64(len(r.Rows) - TableRows); more > 0 {
		b.WriteString("\n" + Fill(l.pick(l.MoreRows, more), "n", l.Count(more)) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

var figureKinds = []string{"count", "number", "money", "rate"}

// markdownCell is a cell in a Markdown table; formulas stand as code.
func (l *Language) markdownCell(c tools.Column, v any) string {
	if s, ok := v.(string); ok && (c.Name == "condition" || c.Name == "formula") {
		return strings.ReplaceAll(code(s), "|", `\|`)
	}
	return Escape(l.Cell(c, v))
}

// notes lists what a reader must know, each thing once an answer.
func notes(list []string, said map[string]bool) string {
	var lines []string
	for _, n := range list {
		if !said[n] {
			lines = append(lines, "- "+Escape(n))
		}
		said[n] = true
	}
	return strings.Join(lines, "\n")
}

// shownArguments are the arguments that define what was computed, in the
// order they are shown.
var shownArguments = []string{"measures", "formula", "by", "where", "window"}

// Defined shows as code what calls computed, each once.
func (l *Language) Defined(calls []Call) string {
	var parts []string
	for _, c := range calls {
		if s := l.arguments(c.Args); s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n")
}

// arguments shows as code what was computed.
func (l *Language) arguments(args json.RawMessage) string {
	var given map[string]any
	if json.Unmarshal(args, &given) != nil {
		return ""
	}
	var shown []string
	for _, name := range shownArguments {
		var texts []string
		switch v := given[name].(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, e := range v {
				if s, ok := e.(string); ok {
					texts = append(texts, s)
				}
			}
		}
		for i := range texts {
			texts[i] = code(texts[i])
		}
		title := l.Arguments[name]
		if _, list := given[name].([]any); list && name == "by" {
			title = l.Arguments["groups"] // to break down by, not to rank by
		}
		if joined := strings.Join(texts, ", "); joined != "" && joined != "``" && title != "" {
			shown = append(shown, title+": "+joined)
		}
	}
	return strings.Join(shown, " · ")
}
