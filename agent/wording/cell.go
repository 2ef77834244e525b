package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tesela/tools"
)

// Cell writes one cell of a column as plain text: no Markdown, no control
// characters, so that a value from the data can do nothing but be read.
func (l *Language) Cell(c tools.Column, v any) string {
	if v == nil {
		return l.Unset
	}
	switch t := v.(type) {
	case bool:
		if t {
			return l.Yes
		}
		return l.No
	case string:
		return l.text(c, t)
	case []any:
		parts := make([]string, len(t))
		for i, p := range t {
			parts[i] = l.Cell(c, p)
		}
		return strings.Join(parts, ", ")
	case []string:
		return Clean(strings.Join(t, ", "))
	}
	f, ok := asFloat(v)
	if !ok {
		return Clean(fmt.Sprint(v))
	}
	switch {
	case c.Kind == "rate":
		return l.Percent(f)
	case c.Kind == "money":
		return l.Money(strconv.FormatFloat(f, 'f', 2, 64), c.Unit)
	case c.Name == "weekday":
		if day, ok := l.Weekday(int(f)); ok {
			return day
		}
	case c.Name == "hour":
		return Fill(l.HourForm, "hour", fmt.Sprintf("%02d", int(f)))
	case slices.Contains(periods, c.Name):
		return strconv.FormatFloat(f, 'f', -1, 64) // a year, not a count
	}
	return l.Number(f)
}

// ColumnOf is the column of a row's cell: one whose unit stands in the row has
// that unit, and its kind.
func ColumnOf(columns []tools.Column, row []any, at int) tools.Column {
	c := columns[at]
	unit := unitColumn(columns)
	if c.Unit != tools.UnitOfRow || unit < 0 || unit >= len(row) {
		return c
	}
	c.Unit, _ = row[unit].(string)
	switch {
	case c.Unit == "rate":
		c.Kind = "rate"
	case currency.MatchString(c.Unit):
		c.Kind = "money"
	}
	return c
}

// IsUnit tells the column that holds the units of a row's other figures: they
// are written with these, so it is not shown.
func IsUnit(columns []tools.Column, at int) bool { return at == unitColumn(columns) }

// unitColumn is the place of the units of rows, −1 for none.
func unitColumn(columns []tools.Column) int {
	if !slices.ContainsFunc(columns, func(c tools.Column) bool { return c.Unit == tools.UnitOfRow }) {
		return -1
	}
	return slices.IndexFunc(columns, func(c tools.Column) bool { return c.Name == tools.UnitOfRow })
}

// periods are the columns whose cells are keys of periods.
var periods = []string{"period", "day", "week", "month", "quarter", "year", "weekday", "hour"}

// text writes a textual cell.
func (l *Language) text(c tools.Column, s string) string {
	switch c.Kind {
	case "money":
		if decimal(s) {
			return l.Money(s, c.Unit)
		}
	case "count", "number", "rate":
		if decimal(s) {
			f, _ := strconv.ParseFloat(s, 64)
			if c.Kind == "rate" {
				return l.Percent(f)
			}
			return l.grouped(s)
		}
	case "date", "time":
		if t, whole, ok := instant(s); ok {
			if whole || c.Kind == "date" {
				return l.Date(t)
			}
			return l.Time(t)
		}
	}
	if slices.Contains(periods, c.Name) {
		return l.Period(s)
	}
	if word, ok := l.Cells[c.Name][s]; ok {
		return word
	}
	return Clean(s)
}

// Clean makes a text from the data one line without control characters and
// without those that reorder what stands around them.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar, r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

var special = regexp.MustCompile("[\\\\`*_\\[\\]<>|~]")

// Escape makes a text stand for itself in Markdown.
func Escape(s string) string { return special.ReplaceAllString(Clean(s), `\$0`) }

// Unescape drops the backslashes that keep Markdown's marks from being marks.
func Unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// code is a text as inline code. What marks it is longer than any of its own
// backticks, so that none of them ends it.
func code(s string) string {
	s = Clean(s)
	if !strings.Contains(s, "`") {
		return "`" + s + "`"
	}
	fence := "``"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence + " " + s + " " + fence
}

// IsPeriod tells whether a column's cells are periods, also where they are
// figures.
func IsPeriod(column string) bool { return slices.Contains(periods, column) }

// ValueColumn guesses the column a named value would stand in, from its unit
// and name.
func ValueColumn(name, unit string, v any) tools.Column {
	c := tools.Column{Name: name, Unit: unit}
	text, isText := v.(string)
	switch {
	case currency.MatchString(unit):
		c.Kind = "money"
	case unit == "rate" || unit == "share" || unit == "fraction" || unit == "%" ||
		unit == "" && (name == "share" || strings.HasSuffix(name, "_share") || strings.HasSuffix(name, "_rate")):
		c.Kind = "rate"
	case isText && decimal(text):
		c.Kind = "number"
	case isText:
		if _, whole, ok := instant(text); ok {
			if c.Kind = "time"; whole {
				c.Kind = "date"
			}
		} else {
			c.Kind = "text"
		}
	default:
		c.Kind = "number"
	}
	return c
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)
