package drawing

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tesela/agent/wording"
	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

// Whatever texts and figures a result holds, its picture is whole, bounded and
// soon there.
func TestHostileResultsHavePictures(t *testing.T) {
	lang := english(t)
	every := func(text string) func() *tools.Result {
		return func() *tools.Result {
			r := bars("5.00", "3.00", "2.00")
			r.Title = text
			for i := range r.Rows {
				r.Rows[i][0] = fmt.Sprint(i) + text
			}
			r.Columns[1].Unit = text
			return r
		}
	}
	crowd := func(kind string, cats, names int) func() *tools.Result {
		return func() *tools.Result {
			r := &tools.Result{
				Title: "Crowd", Columns: []tools.Column{{Name: "a", Kind: "text"}, {Name: "b", Kind: "text"}, {Name: "n", Kind: "number"}},
				Chart: &tools.Chart{Type: kind, X: "a", Y: "n", Series: "b"},
			}
			if names == 1 {
				r.Chart.Series = ""
			}
			if kind == "scatter" {
				r.Columns[0].Kind = "number"
			}
			for i := range cats {
				for k := range names {
					var a any = fmt.Sprintf("category %d", i)
					if kind == "scatter" {
						a = i * 7919 % 10_007
					}
					r.Rows = append(r.Rows, []any{a, fmt.Sprintf("name %d", k), (i*k + i*104_729 + k) % 1009})
				}
			}
			return r
		}
	}
	title := every("x")()
	title.Title = strings.Repeat("ñ", 2_500_000)
	for name, make := range map[string]func() *tools.Result{
		"control and bidi":       every(charttest.Hostile),
		"right to left":          every("שלום עולם (12) مرحبا"),
		"a megabyte":             every(strings.Repeat("lorem ipsum ", 100_000)),
		"a title of 5 megabytes": func() *tools.Result { return title },
		"no letters":             every(strings.Repeat("東", 100_000)),
		"marks alone":            every(strings.Repeat("\u0301", 5000)),
		"huge":                   func() *tools.Result { return bars(1e300, -1e300, 1e-300) },
		"nearly all there is":    func() *tools.Result { return bars(math.MaxFloat64, -math.MaxFloat64) },
		"infinite":               func() *tools.Result { return bars(math.Inf(1), math.Inf(-1), 3.0) },
		"some unset":             func() *tools.Result { return bars("3.00", nil, math.NaN(), "x") },
		"all negative":           func() *tools.Result { return bars("-3.00", "-4.00") },
		"tiny figures":           func() *tools.Result { return bars(1e-12, 2e-12) },
		"10,000 bars":            crowd("bar", 10_000, 1),
		"10,000 points of line":  crowd("line", 10_000, 1),
		"5 long lines":           crowd("line", 400, 5),
		"500 lines":              crowd("line", 20, 500),
		"10,000 points":          crowd("scatter", 10_000, 1),
		"a tall map":             crowd("heatmap", 1000, 10),
		"a wide map":             crowd("heatmap", 10, 60),
		"many flows":             crowd("sankey", 16, 16),
	} {
		r := make()
		start := time.Now()
		raw, alt, ok, err := PNG(lang, r, Options{Source: r.Title})
		took := time.Since(start)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !ok {
			t.Logf("%s: no picture", name)
			continue
		}
		im := decoded(t, raw)
		t.Logf("%s: %v, %d bytes, %v", name, im.Bounds().Max, len(raw), took.Round(time.Millisecond))
		if took > time.Minute { // under 0.4 s on an idle machine
			t.Errorf("%s: drawn in %v", name, took)
		}
		if alt == "" || len([]rune(alt)) > longestAlt {
			t.Errorf("%s: told in %d letters", name, len([]rune(alt)))
		}
		if t.Failed() {
			t.Fatalf("by then: %s", name)
		}
	}
	// Rows that each name others make no map.
	r := crowd("heatmap", 5000, 1)()
	r.Chart.Series = "b"
	for i := range r.Rows {
		r.Rows[i][1] = fmt.Sprint(i)
	}
	if _, _, ok, err := PNG(lang, r, Options{}); ok || err != nil {
		t.Errorf("a map of 5,000 × 5,000 places is drawn (%v)", err)
	}
}

// anyResult is a result made of random numbers, or of what a fuzzer gives.
func anyResult(next func(n int) int) *tools.Result {
	texts := []string{"", " ", "a", charttest.Hostile, "2025-03", "2025-W09", "日本語の長い名前です", "مرحبا", "e\u0301", "a|b`c*d_", "\xff\xfe", "-", "→", "0x1p-2", "NaN", "1e999", "12.50", "-3.00", "👟", strings.Repeat("long ", 50)}
	text := func() string { return texts[next(len(texts))] }
	value := func() any {
		return []any{
			nil, true, next(1000) - 300, float64(next(1000)) / 7, math.NaN(), math.Inf(1 - 2*next(2)), -1e300, math.MaxFloat64, 1e-300, text(), []any{text(), nil}, json.Number("12"), map[string]any{text(): 1}, next(10), next(10), next(10),
		}[next(16)]
	}
	names := []string{"from", "to", "what", "effect", "low", "high", "period", "month", "condition", "customers", "unit", "share", "segment"}
	r := &tools.Result{Title: text()}
	width := 1 + next(5)
	for range width {
		r.Columns = append(r.Columns, tools.Column{
			Name: names[next(len(names))], Kind: []string{"text", "count", "number", "money", "rate", "date", "time", "bool", "x"}[next(9)], Unit: []string{"", "EUR", "unit", charttest.Hostile}[next(4)],
		})
	}
	for range next(40) {
		row := make([]any, max(0, width-next(20)/19))
		for i := range row {
			row[i] = value()
			if next(3) > 0 {
				row[i] = next(2000) - 200
			}
		}
		r.Rows = append(r.Rows, row)
	}
	of := func() string { return r.Columns[next(width)].Name }
	r.Chart = &tools.Chart{Type: []string{"bar", "line", "heatmap", "sankey", "scatter", "x"}[next(6)], X: of(), Y: of()}
	if next(2) > 0 {
		r.Chart.Series = of()
	}
	for range next(8) {
		r.Segments = append(r.Segments, tools.Segment{Name: text(), Size: next(9) - 2, Stage: text()})
	}
	return r
}

// Whatever a tool tells, the picture is whole, or there is none.
func FuzzPNG(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed, "en")
	}
	f.Fuzz(func(t *testing.T, seed uint64, code string) {
		lang, err := wording.For(code)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 1))
		raw, alt, ok, err := PNG(lang, anyResult(random.IntN), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if ok != (len(raw) > 0) || ok != (alt != "") {
			t.Fatalf("a picture: %v, of %d bytes, told as %q", ok, len(raw), alt)
		}
		if ok {
			decoded(t, raw)
		}
	})
}
