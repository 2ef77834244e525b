package blockkit

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"tesela/agent/wording"
	"tesela/tools"
)

// csvFile writes rows for a spreadsheet: UTF-8 with a byte order mark, which
// Excel needs to read accents, a semicolon between cells where the language
// writes a comma in numbers, as Excel expects there, and lines as RFC 4180 has
// them. Figures are written without units, shares as fractions, so that they
// can be computed with; texts stand in quotes, and those that a spreadsheet
// would take for a formula begin with an apostrophe
// (OWASP, "CSV Injection").
func csvFile(lang *wording.Language, res *tools.Result, extra []csvColumn) []byte {
	between := ","
	if lang.Decimal == "," {
		between = ";"
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	var cells []string
	end := func() {
		b.WriteString(strings.Join(cells, between) + "\r\n")
		cells = nil
	}
	for _, c := range res.Columns {
		title := clean(lang.Title(c.Name))
		if c.Kind == "money" && c.Unit != "" && c.Unit != tools.UnitOfRow {
			title += " (" + clean(c.Unit) + ")"
		}
		cells = append(cells, csvText(title))
	}
	for _, c := range extra {
		cells = append(cells, csvText(c.title))
	}
	end()
	for i, row := range res.Rows {
		for k := range res.Columns {
			var v any
			if k < len(row) {
				v = row[k]
			}
			cells = append(cells, csvCell(lang, wording.ColumnOf(res.Columns, row, k), v))
		}
		for _, c := range extra {
			cells = append(cells, csvText(clean(c.cells[i])))
		}
		end()
	}
	return []byte(b.String())
}

// csvColumn is a column beside those of a result, a text for each row.
type csvColumn struct {
	title string
	cells []string
}

// csvCell writes one cell.
func csvCell(lang *wording.Language, c tools.Column, v any) string {
	if v == nil {
		return ""
	}
	switch c.Kind {
	case "count", "number", "money", "rate":
		if c.Name == "weekday" {
			break
		}
		if s, ok := v.(string); ok {
			if plainNumber(s) {
				return strings.Replace(s, ".", lang.Decimal, 1)
			}
			break
		}
		if f := wording.Figure(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return strings.Replace(figureText(f), ".", lang.Decimal, 1)
		}
	case "date", "time":
		if s, ok := v.(string); ok {
			return csvText(clean(s))
		}
	}
	if s, ok := v.(string); ok && isPeriod(c.Name) {
		return csvText(clean(s)) // a key, which sorts
	}
	return csvText(clean(lang.Cell(c, v)))
}

func isPeriod(name string) bool {
	for _, p := range periods {
		if p == name {
			return true
		}
	}
	return false
}

// figureText writes a number so that nothing of it is lost: tiny and vast ones
// with an exponent, as spreadsheets read them.
func figureText(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strings.ToUpper(strconv.FormatFloat(f, 'e', -1, 64))
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// plainNumber tells whether a text is a plain decimal number.
func plainNumber(s string) bool {
	whole, fraction, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!dot || digits(fraction))
}

// csvText writes a text in quotes. An apostrophe stands before what would be
// computed, also behind a separator within it: a spreadsheet that expects
// another separator than the file has parts the text there.
func csvText(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	begins := true
	for i, r := range s {
		if begins && computes(s[i:]) {
			b.WriteByte('\'')
		}
		begins = strings.ContainsRune(",;\t", r) || begins && strings.ContainsRune(` "`, r)
		if b.WriteRune(r); r == '"' {
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

// computes tells whether a spreadsheet would take a text for a formula. A
// figure with its sign is none.
func computes(s string) bool {
	first, _ := firstRune(s)
	if !strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", first) {
		return false
	}
	return (first != '-' && first != '+') || strings.Trim(s[1:], "0123456789., \u00a0%€$£;") != ""
}

// slug is a name for a file from words.
func slug(title, otherwise string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(shortened(clean(title), 60)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return otherwise
}
