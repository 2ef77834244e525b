package grounding

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/wording"
	"tesela/tools"
)

// evidence is what a turn has borne out.
type evidence struct {
	facts []fact
	dates []moment
	// texts are those of results, arguments and the question, as key makes
	// them, a blank at either end of each.
	texts strings.Builder
	all   string
	// labels are names of rows by their key.
	labels map[string][]label
	// labelled are the rows that have one, and cells the places where.
	labelled map[[2]int]bool
	cells    map[label]bool
	when     map[string]bool        // names that are dates
	longest  int                    // words of the longest label
	known    func(name string) bool // a name of the data; nil: not known
	codes    []string               // formulas and other texts of arguments as they stand
	fields   map[string]bool        // columns that hold the data's own words
	repeated []string               // texts of arguments, longest first
	words    *words
}

// fact is a figure of a result, an argument or a question.
type fact struct {
	value float64
	unit  unit
	// change is set for figures whose sign tells a direction.
	change bool
	// exact is set where nothing but the value is known: any unit may be
	// given to it.
	any bool
	// row and of tell the row of a result with several; of is −1 else.
	of, row int
	slack   float64 // of a fact that a text gave in rounded form
	// asked is set for figures of the question and of arguments: they are
	// bounds that were asked for; nothing was found to be so many.
	asked asking
	// plain is set for names that are digits: they count nothing.
	plain bool
}

// label is the name of a row in a column of a result.
type label struct {
	of, column, row int
}

// changes are figures of results whose sign is a direction.
var changes = []string{"change", "growth", "difference", "lift", "effect", "gain", "delta", "trend"}

func isChange(name string) bool {
	return slices.ContainsFunc(changes, func(c string) bool {
		return name == c || strings.HasPrefix(name, c+"_") || strings.HasSuffix(name, "_"+c)
	})
}

// mostWords bounds how long a name that is looked for may be.
const mostWords = 40

// mostRows bounds the rows whose names are looked for.
const mostRows = 5000

// gather collects what a turn bears out.
func gather(t Turn, w *words) *evidence {
	e := &evidence{words: w, labels: map[string][]label{}, labelled: map[[2]int]bool{}, cells: map[label]bool{}, when: map[string]bool{}, known: namesOf(t.Catalogue), fields: fieldsOf(t.Catalogue)}
	e.asks(t.Language, w, t.Question, byWord)
	// What columns are called, and days of the week, name nothing of the data.
	for _, title := range t.Language.Titles {
		e.note(title)
	}
	for _, d := range t.Language.Weekdays {
		e.note(d)
	}
	if !t.AsOf.IsZero() {
		e.dates = append(e.dates, day(t.AsOf.Date()))
		last := t.AsOf.Add(-1) // the last instant of the data's last day
		e.dates = append(e.dates, day(last.Date()))
	}
	for i, c := range t.Calls {
		e.note(c.Tool)
		e.arguments(t.Language, w, c.Args)
		e.given(c.Args)
		if c.Result != nil {
			e.result(t.Language, w, i, c)
		}
	}
	e.all = e.texts.String()
	return e
}

// note takes a text among those in which names may stand.
func (e *evidence) note(text string) {
	if k := key(text); k != "" {
		e.texts.WriteString(" " + k + " ")
	}
}

// says takes a text of people or tools: its figures, dates and names.
func (e *evidence) says(lang *wording.Language, w *words, text string) {
	if text == "" {
		return
	}
	e.note(text)
	for _, s := range read(text).sentences {
		e.dates = append(e.dates, w.dates(lang, s)...)
		for _, c := range w.claims(lang, s) {
			e.facts = append(e.facts, fact{value: c.value, unit: c.unit, any: c.unit.kind == bare, of: -1, slack: c.slack})
			if c.direction < 0 {
				e.facts = append(e.facts, fact{value: -c.value, unit: c.unit, any: c.unit.kind == bare, change: true, of: -1, slack: c.slack})
			}
		}
	}
}

var (
	argumentNumber = regexp.MustCompile(`(-?)(\d+(?:\.\d+)?)(min|mo|h|d|w|q|y)?`)
	periodText     = regexp.MustCompile(`\d{4}(?:-(?:W\d{2}|Q[1-4]|\d{2}(?:-\d{2})?))?`)
)

// arguments takes the numbers, dates and names of a call's arguments.
func (e *evidence) arguments(lang *wording.Language, w *words, raw json.RawMessage) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return
	}
	e.note(string(raw))
	for _, text := range texts(nil, v) {
		e.codes = append(e.codes, text)
		e.note(text)
		for _, m := range periodText.FindAllString(text, -1) {
			if d, ok := periodOf(m); ok {
				e.dates = append(e.dates, d)
			}
		}
		for _, m := range argumentNumber.FindAllStringSubmatch(text, -1) {
			n, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				continue
			}
			f := fact{value: n, any: true, of: -1, asked: byCall}
			if m[3] != "" {
				f = fact{value: n, unit: unit{duration, []string{m[3]}}, of: -1, asked: byCall}
			} else if m[1] != "" {
				e.facts = append(e.facts, fact{value: -n, any: true, of: -1, asked: byCall})
			}
			e.facts = append(e.facts, f)
		}
	}
	for _, n := range numbers(nil, v) {
		e.facts = append(e.facts, fact{value: n, any: true, of: -1, asked: byCall})
	}
}

// result takes a result's figures with their units, its rows' names, and what
// it says in words.
func (e *evidence) result(lang *wording.Language, w *words, of int, c wording.Call) {
	r := c.Result
	for name, v := range r.Values {
		e.note(name)
		e.note(lang.Title(name))
		col := wording.ValueColumn(name, r.Units[name], v)
		if f, ok := factOf(w, col, v); ok {
			f.of = -1
			e.facts = append(e.facts, f)
			continue
		}
		v = plain(v)
		for _, s := range texts(nil, v) {
			e.note(s)
			if !e.written(name, s) {
				e.says(lang, w, e.own(s))
			}
			if d, ok := periodOf(s); ok {
				e.dates = append(e.dates, d)
			} else if len(s) >= 10 {
				if d, ok := periodOf(s[:10]); ok {
					e.dates = append(e.dates, d)
				}
			}
		}
		for _, n := range numbers(nil, v) {
			e.facts = append(e.facts, fact{value: n, any: true, of: -1})
		}
	}
	one := len(r.Rows) == 1
	for i, row := range r.Rows {
		for k := range r.Columns {
			if k >= len(row) || row[k] == nil {
				continue
			}
			col := wording.ColumnOf(r.Columns, row, k)
			if f, ok := factOf(w, col, row[k]); ok && !slices.Contains(periodColumns, col.Name) {
				if f.of, f.row = of, i; one {
					f.of = -1
				}
				e.facts = append(e.facts, f)
				continue
			}
			e.name(lang, w, label{of, k, i}, col, row[k])
		}
	}
	for _, col := range r.Columns {
		e.note(col.Name)
		e.note(lang.Title(col.Name))
	}
	e.count(float64(len(r.Rows)), float64(len(r.Rows)-wording.TableRows), float64(len(r.Segments)),
		float64(len(r.Segments)-wording.TableRows), float64(len(r.Segments)-wording.CardsShown))
	for i, s := range r.Segments {
		e.segment(lang, w, of, i, len(r.Segments) == 1, s, r.Units["revenue"])
	}
	for _, s := range append([]string{r.Title}, r.Notes...) {
		e.note(s)
		e.says(lang, w, e.own(s))
	}
}

// count takes how many of something there are.
func (e *evidence) count(values ...float64) {
	for _, v := range values {
		if v > 0 {
			e.facts = append(e.facts, fact{value: v, unit: unit{kind: things}, of: -1})
		}
	}
}

// segment takes the figures of a segment, which belong to its name.
func (e *evidence) segment(lang *wording.Language, w *words, of, row int, one bool, s tools.Segment, currency string) {
	at := label{of, -1, row}
	e.name(lang, w, at, tools.Column{Name: "segment", Kind: "text"}, s.Name)
	if one {
		of = -1
	}
	add := func(name, kind, unit string, v any) {
		if f, ok := factOf(w, tools.Column{Name: name, Kind: kind, Unit: unit}, v); ok {
			f.of, f.row = of, row
			e.facts = append(e.facts, f)
		}
	}
	add("size", "count", "customers", s.Size)
	add("share", "rate", "", s.Share)
	if s.Revenue != "" {
		add("revenue", "money", currency, s.Revenue)
	}
	if s.PerHead != "" {
		add("per_head", "money", currency, s.PerHead)
	}
	for name, v := range map[string]*float64{"revenue_share": s.RevenueShare, "growth": s.Growth, "precision": s.Precision, "recall": s.Recall, "stability": s.Stability} {
		if v != nil {
			add(name, "rate", "", *v)
		}
	}
	for _, o := range s.Overlaps {
		e.note(o.Name)
		add("both", "count", "customers", o.Both)
		add("share", "rate", "", o.Share)
		add("share", "rate", "", o.Of)
	}
	e.codes = append(e.codes, s.Formula)
	if b, err := json.Marshal(s.Formula); err == nil {
		e.arguments(lang, w, b)
	}
	e.note(s.Stage)
	e.asks(lang, w, s.Text, byCall) // the definition in words
	for _, text := range slices.Concat([]string{s.Action, s.Evidence}, s.Apart, s.Notes) {
		e.note(text)
		e.says(lang, w, e.own(text))
	}
}

// periodColumns are those whose cells are keys of periods.
var periodColumns = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

// name takes a cell that names its row.
func (e *evidence) name(lang *wording.Language, w *words, at label, col tools.Column, v any) {
	shown := lang.Cell(col, v)
	raw, _ := v.(string)
	_, dated := periodOf(raw)
	if d, ok := periodOf(raw); ok && (slices.Contains(periodColumns, col.Name) || col.Kind == "date" || col.Kind == "time" || strings.Count(raw, "-") == 2) {
		e.dates = append(e.dates, d)
	} else if len(raw) >= 10 {
		if d, ok := periodOf(raw[:10]); ok {
			e.dates = append(e.dates, d)
		}
	}
	if n := wording.Figure(v); !math.IsNaN(n) && !slices.Contains(periodColumns, col.Name) {
		e.facts = append(e.facts, fact{value: n, plain: true, of: -1}) // a name in digits may stand anywhere
	}
	forms := []string{raw, shown, fmt.Sprint(v)}
	if t, err := time.Parse("2006-01", raw); err == nil {
		forms = append(forms, lang.Months[t.Month()-1]) // without its year
	}
	for _, form := range forms {
		k := key(form)
		if k == "" {
			continue
		}
		e.note(form)
		if at.row >= mostRows || len([]rune(k)) < 2 {
			continue
		}
		// The forms of one cell come one after the other.
		if known := e.labels[k]; len(known) > 0 && known[len(known)-1] == at {
			continue
		}
		e.labels[k] = append(e.labels[k], at)
		if dated {
			e.when[k] = true
		}
		e.labelled[[2]int{at.of, at.row}] = true
		e.cells[at] = true
		e.longest = min(max(e.longest, strings.Count(k, " ")+1), mostWords)
	}
	// What a tool says in words within a cell.
	if strings.ContainsRune(raw, ' ') && strings.ContainsAny(raw, "0123456789") {
		e.codes = append(e.codes, raw)
		if !e.written(col.Name, raw) {
			e.says(lang, w, e.own(raw))
		}
	}
}

// factOf is a cell as a figure.
func factOf(w *words, col tools.Column, v any) (fact, bool) {
	n := wording.Figure(v)
	if math.IsNaN(n) {
		return fact{}, false
	}
	f := fact{value: n, change: isChange(col.Name), of: -1}
	switch col.Kind {
	case "rate":
		f.unit = unit{kind: share}
	case "money":
		f.unit = unit{kind: money}
		if col.Unit != "" {
			f.unit.names = []string{col.Unit}
		}
	case "count", "number":
		f.unit = unit{kind: things}
		name := strings.ToLower(col.Unit)
		if name == "" {
			name = col.Name
		}
		switch {
		case name == "days":
			f.unit = unit{duration, []string{"d"}}
		case name == "hours":
			f.unit = unit{duration, []string{"h"}}
		case w.counts(name):
			f.unit.names = []string{name}
		case col.Kind == "number":
			f.unit, f.any = unit{}, true
		}
	default:
		return fact{}, false
	}
	return f, true
}

// counts tells whether a name is that of a unit that the language has nouns for.
func (w *words) counts(name string) bool {
	for _, unit := range w.nouns {
		if unit == name {
			return true
		}
	}
	return false
}

// plain is a value as JSON reads it back.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}

// texts gathers the texts in a JSON value.
func texts(list []string, v any) []string {
	switch v := v.(type) {
	case string:
		return append(list, v)
	case []any:
		for _, x := range v {
			list = texts(list, x)
		}
	case map[string]any:
		for k, x := range v {
			list = texts(append(list, k), x)
		}
	}
	return list
}

// numbers gathers the numbers in a JSON value.
func numbers(list []float64, v any) []float64 {
	switch v := v.(type) {
	case float64:
		return append(list, v)
	case []any:
		for _, x := range v {
			list = numbers(list, x)
		}
	case map[string]any:
		for _, x := range v {
			list = numbers(list, x)
		}
	}
	return list
}
