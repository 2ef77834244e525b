package blockkit

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
	"tesela/tools"
)

// tableOf is the code block of an answer over one result, without its fences.
func tableOf(t *testing.T, r *Rendered) []string {
	t.Helper()
	var lines []string
	for _, m := range r.Messages {
		for _, text := range texts(m) {
			inside, _ := fences(t, text)
			for _, in := range inside {
				lines = append(lines, strings.Split(strings.Trim(in, "\n"), "\n")...)
			}
		}
	}
	return lines
}

func columns(list ...string) []tools.Column {
	var out []tools.Column
	for _, c := range list {
		name, kind, _ := strings.Cut(c, ":")
		kind, unit, _ := strings.Cut(kind, ":")
		out = append(out, tools.Column{Name: name, Kind: kind, Unit: unit})
	}
	return out
}

func over(t *testing.T, language string, res *tools.Result) *agent.Answer {
	return worded(t, language, agent.CallRecord{Tool: "measure", Args: []byte(`{}`), Result: res})
}

// Columns stand under each other by what they take on the screen: accents,
// wide letters and emoji. Figures stand to the right.
func TestColumnsStand(t *testing.T) {
	res := &tools.Result{Columns: columns("name:text", "customers:count"), Rows: [][]any{
		{"Señales", 7}, {"日本語", 1234}, {"cafe\u0301", 12}, {"👩‍👧 kids", 5}, {"a & b < c", 3},
	}}
	lines := tableOf(t, render1(t, over(t, "es", res), Options{}))
	if len(lines) != 7 {
		t.Fatalf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	undo := strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
	for _, l := range lines {
		if w := render.Width(undo.Replace(l)); w != render.Width(lines[1]) {
			t.Errorf("%q takes %d, the rule %d", l, w, render.Width(lines[1]))
		}
	}
	if lines[3] != "日本語        1.234" || lines[6] != "a &amp; b &lt; c         3" {
		t.Errorf("rows %q and %q", lines[3], lines[6])
	}
}

// A table within 20 rows is told whole and has no file; a longer one begins in
// the message and is whole in the file.
func TestEachRowOnce(t *testing.T) {
	for _, n := range []int{1, 2, 19, 20, 21, 22, 250} {
		res := &tools.Result{Title: "Things", Columns: columns("thing:text", "customers:count")}
		for i := range n {
			res.Rows = append(res.Rows, []any{fmt.Sprintf("thing-%04d.", i), i})
		}
		r := render1(t, over(t, "en", res), Options{})
		text := said(r.Messages)
		if (len(r.Files) > 0) != (n > 20) {
			t.Fatalf("%d rows: %d files", n, len(r.Files))
		}
		for i := range n {
			name := fmt.Sprintf("thing-%04d.", i)
			inText, inFile := strings.Count(text, name), 0
			if n > 20 {
				inFile = strings.Count(string(r.Files[0].Body), name)
			}
			switch {
			case n <= 20 && inText != 1, n > 20 && inFile != 1, n > 20 && inText != min(1, max(0, firstRows-i)):
				t.Errorf("%d rows: %s %d times in the text, %d in the file", n, name, inText, inFile)
			}
		}
		if n > 20 && (!strings.Contains(text, "first 10 of "+fmt.Sprint(n)+" rows") || strings.Contains(text, "more row")) {
			t.Errorf("%d rows: %s", n, text)
		}
	}
}

// A table parted over blocks and messages begins each part with its head, and
// no row is parted.
func TestTablesPartBetweenRows(t *testing.T) {
	g := &grid{columns: []gridColumn{{title: "Text", key: true}, {title: "Number", right: true}}}
	for i := range 400 {
		g.rows = append(g.rows, []string{fmt.Sprintf("%03d begin %s %03d end", i, strings.Repeat("& ", i%90), i), fmt.Sprint(i)})
	}
	messages := pack(lay([]piece{g.piece()}))
	if len(messages) < 3 {
		t.Fatalf("%d messages", len(messages))
	}
	n := 0
	for _, m := range messages {
		checkMessage(t, "table", m)
		for _, text := range texts(m) {
			inside, _ := fences(t, text)
			for _, in := range inside {
				if !strings.HasPrefix(in, "\nText ") || !strings.Contains(strings.Split(in, "\n")[2], "──") {
					t.Errorf("a part begins with %.80q", in)
				}
				for begin := strings.Index(in, "begin"); begin >= 0; begin = strings.Index(in, "begin") {
					in = in[begin+5:]
					n++
				}
			}
		}
	}
	if n != 400 {
		t.Errorf("%d rows", n)
	}
}

// A table that is too wide keeps the columns that matter, says which it leaves
// out, and has them in the file.
func TestWideTables(t *testing.T) {
	all := recorded(t)
	for name, want := range map[string]struct{ in, out []string }{
		"explain_segment.es":    {[]string{"Qué", "Segmento", "Otros", "Diferencia"}, []string{"Efecto", "Capa", "Condición"}},
		"find_microsegments.en": {[]string{"Segment", "Customers", "Share", "Revenue"}, []string{"Stage", "Per head", "Precision", "Stability"}},
	} {
		r := render1(t, all[name], Options{})
		lines := tableOf(t, r)
		for _, l := range lines {
			if w := render.Width(l); w > tableWidth+4 { // escapes
				t.Errorf("%s: a line of %d: %s", name, w, l)
			}
		}
		if len(r.Files) != 1 {
			t.Fatalf("%s: %d files", name, len(r.Files))
		}
		head := strings.Split(string(r.Files[0].Body), "\r\n")[0]
		for _, c := range want.in {
			if !strings.Contains(lines[0], c) || !strings.Contains(head, c) {
				t.Errorf("%s: %s is not in %q and %q", name, c, lines[0], head)
			}
		}
		for _, c := range want.out {
			if strings.Contains(lines[0], c) || !strings.Contains(head, c) {
				t.Errorf("%s: %s is in %q or not in %q", name, c, lines[0], head)
			}
		}
	}
}

// Two groups and one figure stand as one group by the other, each figure at
// its place.
func TestCrossed(t *testing.T) {
	res := &tools.Result{
		Columns: columns("category:text", "country:text", "orders:count"), Chart: &tools.Chart{Type: "heatmap", X: "category", Y: "orders", Series: "country"},
		Rows: [][]any{{"Shoes", "Spain", 10}, {"Shoes", "Portugal", 20}, {"Toys", "Spain", 30}, {"Bags", "Portugal", 40}},
	}
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(tableOf(t, render1(t, over(t, "en", res), Options{})), "\n")
	want := "Category  Spain  Portugal\n────────  ─────  ────────\nShoes        10        20\nToys         30         —\nBags          —        40"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	res.Rows = append(res.Rows, []any{"Toys", "Spain", 31})
	if crossed(lang, res) != nil {
		t.Error("two figures at one place")
	}
	res.Rows = res.Rows[:4]
	res.Columns = append(res.Columns, tools.Column{Name: "revenue", Kind: "money", Unit: "EUR"})
	for i := range res.Rows {
		res.Rows[i] = append(res.Rows[i], "1.00")
	}
	if crossed(lang, res) != nil {
		t.Error("a second figure was left out")
	}
}

// A text of a model without a table is shown with the rows that it speaks of;
// one with a table of its own keeps it.
func TestModelsTables(t *testing.T) {
	res := &tools.Result{Columns: columns("thing:text", "customers:count"), Rows: [][]any{{"x1", 1}, {"x2", 2}}, Chart: &tools.Chart{Type: "bar", X: "thing", Y: "customers"}}
	a := over(t, "en", res)
	a.Text = "There are two things."
	if got := strings.Join(tableOf(t, render1(t, a, Options{})), "\n"); got != "Thing  Customers\n─────  ─────────\nx1             1\nx2             2" {
		t.Errorf("got\n%s", got)
	}
	a.Text = "| Mine | N |\n| --- | ---: |\n| own | 3 |"
	if got := strings.Join(tableOf(t, render1(t, a, Options{})), "\n"); got != "Mine  N\n────  ─\nown   3" {
		t.Errorf("got\n%s", got)
	}
}

// Whatever the cells are, lines keep their width and each cell its column.
func TestAnyTableKeepsItsWidth(t *testing.T) {
	random := rand.New(rand.NewPCG(66, 2))
	words := []string{"a", "customers", "señal", "日本語の長い名前です", "👩‍👧", "e\u0301", "supercalifragilisticexpialidocious-and-so-on-without-a-blank", "—", ""}
	for range 300 {
		g := &grid{}
		for i := range 1 + random.IntN(9) {
			g.columns = append(g.columns, gridColumn{title: words[random.IntN(len(words))], right: i > 0 && random.IntN(2) == 0, key: i == 0, order: i})
		}
		for range 1 + random.IntN(25) {
			row := make([]string, len(g.columns))
			for i := range row {
				if g.columns[i].right {
					row[i] = strings.Repeat("9", random.IntN(12))
					continue
				}
				var cell []string
				for range random.IntN(8) {
					cell = append(cell, words[random.IntN(len(words))])
				}
				row[i] = strings.Join(cell, " ")
			}
			g.rows = append(g.rows, row)
		}
		g, _ = g.fitting()
		p := g.piece()
		for _, l := range strings.Split(p.head+"\n"+strings.Join(p.rows, "\n"), "\n") {
			if w := render.Width(l); w > crossWidth {
				t.Fatalf("a line of %d: %q", w, l)
			}
		}
	}
}
