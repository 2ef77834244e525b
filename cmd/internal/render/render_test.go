package render

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

func english(t *testing.T) *wording.Language {
	t.Helper()
	l, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func draws(t *testing.T, what, got, want string) {
	t.Helper()
	if got = strings.TrimRight(got, "\n"); got != strings.Trim(want, "\n") {
		t.Errorf("%s draws\n%s\nwant\n%s", what, got, strings.Trim(want, "\n"))
	}
}

func result(chart *tools.Chart, columns []tools.Column, rows ...[]any) *tools.Result {
	return &tools.Result{Columns: columns, Rows: rows, Chart: chart}
}

var (
	country = tools.Column{Name: "country", Kind: "text"}
	month   = tools.Column{Name: "month", Kind: "text"}
	orders  = tools.Column{Name: "orders", Kind: "count"}
	money   = tools.Column{Name: "revenue", Kind: "money", Unit: "GBP"}
)

// A bar of 18 columns has 144 eighths: 1000 of 1000 is all of them, 500 are
// 72, or nine columns, 39 are 5.6, so six eighths, 1 still shows.
func TestBars(t *testing.T) {
	r := New(english(t), nil, 35, Plain)
	res := result(&tools.Chart{Type: "bar", X: "country", Y: "orders"}, []tools.Column{country, orders},
		[]any{"Germany", 1000}, []any{"España", 500}, []any{"日本", 39}, []any{"Malta", 1}, []any{nil, nil}, []any{"Peru", -250})
	draws(t, "bars", r.Result(res), `
Country  Orders
───────  ──────
Germany   1,000  ██████████████████
España      500  █████████
日本         39  ▊
Malta         1  ▏
—             —
Peru       -250  ▒▒▒▒▒
`)
	res = result(&tools.Chart{Type: "bar", X: "country", Y: "orders"}, []tools.Column{country, orders, money},
		[]any{"Germany", 4, "10.00"}, []any{"Spain", 2, "99.50"})
	draws(t, "bars of one of two figures", New(english(t), nil, 40, Plain).Result(res), `
Country  Orders  Revenue  Orders
───────  ──────  ───────
Germany       4   £10.00  ██████████████
Spain         2   £99.50  ███████
`)
}

// Eight lines are 64 eighths: 2,658 takes all, 1,400 of them 33.7, so four
// lines and two eighths, 788 are 19: two lines and three.
func TestColumns(t *testing.T) {
	r := New(english(t), nil, 40, Plain)
	res := result(&tools.Chart{Type: "line", X: "month", Y: "orders"}, []tools.Column{month, orders},
		[]any{"2011-11", 2658}, []any{"2011-12", 788}, []any{"2012-01", 1400}, []any{"2012-02", 0}, []any{"2012-03", nil})
	draws(t, "columns", r.Result(res), `
2,658 │ █████
      │ █████
      │ █████
      │ █████       ▂▂▂▂▂
      │ █████       █████
      │ █████ ▃▃▃▃▃ █████
      │ █████ █████ █████
    0 ┤ █████ █████ █████
        Nov   Dec   Jan   Feb   Mar
        2011        2012

Month          Orders
─────────────  ──────
November 2011   2,658
December 2011     788
January 2012    1,400
February 2012       0
March 2012          —
`)
	// 60 above and 20 below zero share eight lines as six and two.
	res = result(&tools.Chart{Type: "line", X: "month", Y: "revenue"}, []tools.Column{month, money},
		[]any{"2012-01", "60.00"}, []any{"2012-02", "-20.00"}, []any{"2012-03", "-5.00"})
	chart, _, _ := strings.Cut(r.Result(res), "\n\n")
	draws(t, "columns under zero", chart, `
 £60.00 │ ████████
        │ ████████
        │ ████████
        │ ████████
        │ ████████
      0 ┤ ████████
        │          ████████ ▀▀▀▀▀▀▀▀
-£20.00 │          ████████
          Jan      Feb      Mar
          2012
`)
}

// TestManyPeriods asks that two years of days fit a narrow window, with the
// highest of all still the highest.
func TestManyPeriods(t *testing.T) {
	res := result(&tools.Chart{Type: "line", X: "day", Y: "orders"}, []tools.Column{{Name: "day", Kind: "date"}, orders})
	for i := range 730 {
		n := 10
		if i == 411 {
			n = 1000
		}
		res.Rows = append(res.Rows, []any{time.Date(2010, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), n})
	}
	chart, _, _ := strings.Cut(New(english(t), nil, 60, Plain).Result(res), "\n\n")
	lines := strings.Split(chart, "\n")
	if !strings.HasPrefix(lines[0], "1,000 │ ") || strings.Count(lines[0], "█") != 1 || !strings.Contains(lines[8], "1") || !strings.Contains(lines[9], "Jan 2010") {
		t.Errorf("\n%s", chart)
	}
}

func TestSeries(t *testing.T) {
	columns := []tools.Column{month, country, orders}
	rows := [][]any{
		{"2012-01", "Germany", 80}, {"2012-01", "Spain", 10}, {"2012-02", "Germany", 40}, {"2012-02", "Spain", 20}, {"2012-03", "Spain", 0},
	}
	r := New(english(t), nil, 60, Plain)
	draws(t, "lines", r.Result(result(&tools.Chart{Type: "line", X: "month", Y: "orders", Series: "country"}, columns, rows...)), `
Germany  █████ ▄▄▄▄▄         ▲ 80
Spain    ▁▁▁▁▁ ▂▂▂▂▂         ▲ 20
         Jan   Feb   Mar
         2012
`)
	draws(t, "a map", r.Result(result(&tools.Chart{Type: "heatmap", X: "month", Y: "orders", Series: "country"}, columns, rows...)), `
Month          Germany  Spain
─────────────  ───────  ─────
January 2012      █ 80   ░ 10
February 2012     ▒ 40   ░ 20
March 2012           —      0
`)
}

func TestNarrowTable(t *testing.T) {
	res := result(nil, []tools.Column{country, orders, money}, []any{"United Kingdom", 1234567, "6767873.39"}, []any{"Malta", 1, "0.10"})
	draws(t, "a cut name", New(english(t), nil, 36, Plain).Result(res), `
Country        Orders        Revenue
──────────  ─────────  ─────────────
United Ki…  1,234,567  £6,767,873.39
Malta               1          £0.10
`)
	// Figures are never cut: where they do not fit, rows become lines.
	draws(t, "rows as lines", New(english(t), nil, 24, Plain).Result(res), `
Country  United Kingdom
Orders   1,234,567
Revenue  £6,767,873.39

Country  Malta
Orders   1
Revenue  £0.10
`)
}

func TestMarkdown(t *testing.T) {
	source := "# Head\n\nA **bold** word, `code`, a\\_b, [link](https://x.example) and a long line that goes on and on.  \nNext line\n\n" +
		"- one\n- two\n  more\n\n1. first\n2. second\n\n> said\n\n```\ncode  block\n```\n\n---\n\n| Name | Orders |\n| --- | ---: |\n| a \\| b | 1,400 |\n| `c \\| d` | 7 |\n\n<b>raw</b> \x1b[31mred\x1b[0m\n"
	draws(t, "Markdown", New(english(t), nil, 44, Plain).Markdown(source), `
Head

A bold word, code, a_b, link
(https://x.example) and a long line that
goes on and on.
Next line

· one
· two more

1. first
2. second

│ said

code  block

────────────────────────

Name   Orders
─────  ──────
a | b   1,400
c | d       7

<b>raw</b> red
`)
}

func TestAnswer(t *testing.T) {
	l := english(t)
	res := result(&tools.Chart{Type: "bar", X: "country", Y: "revenue"}, []tools.Column{country, money}, []any{"Germany", "20.00"}, []any{"Spain", "10.00"})
	res.Values, res.Units, res.Fingerprint = map[string]any{"revenue": "30.00"}, map[string]string{"revenue": "GBP"}, "sha256:1"
	args := json.RawMessage(`{"measures":["revenue"],"window":"last 1y"}`)
	a := &agent.Answer{
		ID: "3f9a21c04d77", Status: model.Answered, Understood: "Revenue by country", Assumptions: []string{"all customers"},
		Text:  l.Answer([]wording.Call{{Tool: "measure", Args: args, Result: res}}),
		Calls: []agent.CallRecord{{Tool: "measure", Args: args, Result: res}, {Tool: "measure", Args: args, Result: res}},
		AsOf:  time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC), Model: "offline", ElapsedMS: 1234,
	}
	r := New(l, time.FixedZone("", 3600), 60, Plain)
	words := Words{Understood: "Understood:", AsOf: "as of"}
	draws(t, "the head", r.Head(a, words), "Understood: Revenue by country\n· all customers")
	draws(t, "the foot", r.Foot(a, words), "offline · as of 10 December 2011, 01:00 · 1.2 s ·\n3f9a21c04d77")
	own := `
Revenue overall: £30.00

Most: Germany, with £20.00.

Country  Revenue
───────  ───────
Germany   £20.00  ██████████████████████████████████████████
Spain     £10.00  █████████████████████

Measure: revenue · Window: last 1y
`
	draws(t, "the body", r.Body(a), own)
	// A model's own words are followed by the rows that they speak of, once.
	a.Text = "Germany leads with **£20.00**."
	draws(t, "a model's words", r.Body(a), `
Germany leads with £20.00.

Country  Revenue
───────  ───────
Germany   £20.00  ██████████████████████████████████████████
Spain     £10.00  █████████████████████
`)
	back := &agent.Answer{Status: model.Clarify, Choices: []model.Choice{{Label: "a"}, {Question: "b"}}, Text: "Which?\n\n1. a\n2. b"}
	draws(t, "a question back", r.Body(back)+"\n"+r.Choices(back.Choices, 1), "Which?\n  1. a\n❯ 2. b")
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mb\x1b[0m":          "ab",
		"\x1b]0;title\x07x":          "x",
		"\x1b]8;;http://x\x1b\\y":    "y",
		"\u009b2Jz":                  "2Jz",
		"tab\there\r\nnow":           "tab here  now",
		"\u202egnp.exe\u2066":        "gnp.exe",
		"👩\u200d👩\u200d👧 e\u0301 日本": "👩\u200d👩\u200d👧 e\u0301 日本",
		"\x00\x07\x08\x7f\u2028|":    "|",
	} {
		got := Clean(in)
		if got != want && !(strings.ContainsRune(in, '\u009b') && !strings.ContainsRune(got, '\u009b')) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestNothingSteersOrOverflows draws random results with hostile cells in all
// modes and widths: no line is wider than the window, and no sequence but
// styles comes through.
func TestNothingSteersOrOverflows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"Germany", "日本の寿司", "🍣🍣", "e\u0301\u0301", "\x1b[2Jx", "\x1b]52;c;eA==\x07", "a|b`c*d_", "\u202eabc", strings.Repeat("long ", 30), "", "\u009b1m", "2011-03", "<b>"}
	styles := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	kinds := []string{"text", "count", "number", "money", "rate", "date"}
	for range 3000 {
		res := &tools.Result{Title: texts[random.IntN(len(texts))], Chart: &tools.Chart{
			Type: []string{"bar", "line", "heatmap", "sankey"}[random.IntN(4)], X: "c0", Y: "c1",
		}}
		columns := 1 + random.IntN(6)
		if columns > 2 && random.IntN(2) == 0 {
			res.Chart.Series = "c2"
		}
		for i := range columns {
			res.Columns = append(res.Columns, tools.Column{Name: "c" + string(rune('0'+i)), Kind: kinds[random.IntN(len(kinds))], Unit: "GBP"})
		}
		for range random.IntN(30) {
			var row []any
			for range random.IntN(columns + 1) {
				row = append(row, []any{nil, texts[random.IntN(len(texts))], random.IntN(9999) - 2000, random.NormFloat64() * 1e6, "123456.78"}[random.IntN(5)])
			}
			res.Rows = append(res.Rows, row)
		}
		width := narrowest + random.IntN(180)
		r := New(english(t), nil, width, Mode(random.IntN(5)))
		a := &agent.Answer{Status: model.Answered, Calls: []agent.CallRecord{{Result: res}}, Understood: texts[random.IntN(len(texts))]}
		a.Text = r.lang.Answer([]wording.Call{{Result: res}})
		if random.IntN(2) == 0 {
			a.Text = texts[random.IntN(len(texts))]
		}
		for _, drawn := range []string{r.Result(res), r.Overview(res), r.Body(a), r.Head(a, Words{})} {
			plain := styles.ReplaceAllString(drawn, "")
			if strings.ContainsAny(plain, "\x1b\x07\u009b\u202e\r\t") {
				t.Fatalf("steers the terminal: %q", drawn)
			}
			if r.mode == Plain && plain != drawn {
				t.Fatalf("plain text has styles: %q", drawn)
			}
			for line := range strings.SplitSeq(plain, "\n") {
				if Width(line) > width {
					t.Fatalf("%d columns in %d: %q of %+v", Width(line), width, line, res)
				}
			}
		}
	}
}
