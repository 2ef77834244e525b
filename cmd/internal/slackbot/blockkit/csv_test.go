package blockkit

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"tesela/agent/wording"
	"tesela/tools"
)

// read parses a file as a spreadsheet does.
func read(t *testing.T, body []byte, comma rune) [][]string {
	t.Helper()
	body, ok := bytes.CutPrefix(body, []byte("\ufeff"))
	if !ok {
		t.Error("no byte order mark")
	}
	if bytes.Contains(bytes.ReplaceAll(body, []byte("\r\n"), nil), []byte("\n")) {
		t.Error("a line that does not end as RFC 4180 has it")
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma = comma
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// A spreadsheet reads each cell as it was: figures as figures in its language,
// texts as texts that compute nothing.
func TestCSV(t *testing.T) {
	res := &tools.Result{
		Columns: columns("name:text", "customers:count", "revenue:money:EUR", "share:rate", "day:date", "month:text", "new:bool", "weekday:number", "p:number"),
		Rows: [][]any{
			{"=1+1", 12345, "-1234.50", 0.125, "2025-03-01", "2025-03", true, 6, 2.5e-21},
			{`say "hi"; a,b`, 0, "0.00", nil, nil, nil, false, 7, 0.25},
			{"-5,2 %", -3, "x", -0.5, "2025-03-02", "2025-W09", nil, nil, 1e21},
			{"-cmd", nil, nil, nil, nil, nil, nil, nil, nil},
		},
	}
	for code, want := range map[string]struct {
		comma rune
		rows  [][]string
	}{
		"en": {',', [][]string{
			{"Name", "Customers", "Revenue (EUR)", "Share", "Day", "Month", "New", "Weekday", "Chance"},
			{"'=1+1", "12345", "-1234.50", "0.125", "2025-03-01", "2025-03", "yes", "Saturday", "2.5E-21"},
			{`say "hi"; a,b`, "0", "0.00", "", "", "", "no", "Sunday", "0.25"},
			{"-5,2 %", "-3", "x", "-0.5", "2025-03-02", "2025-W09", "", "", "1E+21"},
			{"'-cmd", "", "", "", "", "", "", "", ""},
		}},
		"es": {';', [][]string{
			{"Nombre", "Clientes", "Ingresos (EUR)", "Proporción", "Día", "Mes", "New", "Día de la semana", "Probabilidad"},
			{"'=1+1", "12345", "-1234,50", "0,125", "2025-03-01", "2025-03", "sí", "sábado", "2,5E-21"},
			{`say "hi"; a,b`, "0", "0,00", "", "", "", "no", "domingo", "0,25"},
			{"-5,2 %", "-3", "x", "-0,5", "2025-03-02", "2025-W09", "", "", "1E+21"},
			{"'-cmd", "", "", "", "", "", "", "", ""},
		}},
	} {
		lang, err := wording.For(code)
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, csvFile(lang, res, nil), want.comma)
		if len(got) != len(want.rows) {
			t.Fatalf("%s: %d lines", code, len(got))
		}
		for i := range got {
			if !slices.Equal(got[i], want.rows[i]) {
				t.Errorf("%s: line %d\n%q\nwant\n%q", code, i, got[i], want.rows[i])
			}
		}
	}
}

// No text that begins as a formula does stands so in a file, whichever of the
// two separators a spreadsheet goes by.
func TestCSVComputesNothing(t *testing.T) {
	bad := []string{"=cmd|' /C calc'!A0", "+1+cmd", "-1+cmd", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "|x", "%x", `";=1`, `",=1`, "a;=1", "a,=1", "a\n=1", "-2+3", "+", "-", "@"}
	res := &tools.Result{Columns: columns("name:text", "other:count", "again:text")}
	for _, s := range bad {
		res.Rows = append(res.Rows, []any{s, s, s})
	}
	for _, code := range wording.Codes() {
		lang, err := wording.For(code)
		if err != nil {
			t.Fatal(err)
		}
		body := csvFile(lang, res, []csvColumn{{title: "=T", cells: bad}})
		comma := ','
		if lang.Decimal == "," {
			comma = ';'
		}
		rows := read(t, body, comma)
		for i, s := range bad { // nothing is lost
			if got := strings.ReplaceAll(rows[i+1][0], "'", ""); got != strings.ReplaceAll(clean(s), "'", "") {
				t.Errorf("%s: %q is %q", code, s, got)
			}
		}
		// The worst reading with the other separator: quotes mean nothing.
		for l := range strings.SplitSeq(strings.TrimPrefix(string(body), "\ufeff"), "\r\n") {
			rows = append(rows, strings.FieldsFunc(l, func(r rune) bool { return r == ',' || r == ';' || r == '\t' }))
		}
		for _, row := range rows {
			for _, cell := range row {
				if s := strings.TrimLeft(cell, " \t\r\n\""); s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) && strings.Trim(s, "+-\" ") != "" {
					t.Errorf("%s: a cell %q", code, cell)
				}
			}
		}
	}
}

// Files are named by what is in them, in letters that any system takes.
func TestNames(t *testing.T) {
	for title, want := range map[string]string{
		"Receita líquida por mês": "receita-líquida-por-mês", "Revenue by order.category, country": "revenue-by-order-category-country",
		"../../etc/passwd": "etc-passwd", "": "table", "???": "table", "日本語": "日本語", "a\x00b\u202ec": "abc",
		strings.Repeat("word ", 50): "word-word-word-word-word-word-word-word-word-word-word",
	} {
		if got := slug(title, "table"); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}
