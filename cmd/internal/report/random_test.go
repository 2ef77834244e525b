package report

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"tesela/agent/model"
	"tesela/tools"
)

// Whatever tools and models tell, the page is whole, well-formed and the same
// again.
func TestAnyDocIsAPage(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 14))
	texts := []string{"", " ", "a", hostile, "2025-03", "2025-W09", "日本語の長い名前です", "مرحبا", "e\u0301", "a|b`c*d_", "\xff\xfe", "-", "→", "0x1p-2", "NaN", "1e999", "12.50", "-3.00"}
	text := func() string { return texts[random.IntN(len(texts))] }
	value := func() any {
		return []any{nil, true, random.IntN(1000) - 300, random.Float64(), math.NaN(), math.Inf(-1), -1e300, text(), []any{text(), nil}, json.Number("12"), map[string]any{text(): 1}}[random.IntN(11)]
	}
	names := []string{"from", "to", "what", "effect", "low", "high", "period", "month", "condition", "customers", "unit", "share", "segment"}
	for range 100 {
		d := &Doc{Language: text(), Written: text(), Title: text(), Understood: text(), Text: text() + "\n\n# " + text() + "\n\n* " + text(), Status: model.Answered, Data: text(), Command: text()}
		for range 1 + random.IntN(3) {
			r := &tools.Result{Title: text(), Values: map[string]any{text(): value(), "size": value()}, Units: map[string]string{"size": text()}, Notes: []string{text(), text()}}
			width := random.IntN(6)
			for range width {
				r.Columns = append(r.Columns, tools.Column{
					Name: names[random.IntN(len(names))], Kind: []string{"text", "count", "number", "money", "rate", "date", "time", "bool", "x"}[random.IntN(9)],
					Unit: []string{"", "EUR", "unit", hostile}[random.IntN(4)], Detail: random.IntN(5) == 0,
				})
			}
			for range random.IntN(12) {
				row := make([]any, max(0, width-random.IntN(2)))
				for i := range row {
					row[i] = value()
				}
				r.Rows = append(r.Rows, row)
			}
			if random.IntN(4) > 0 && width > 0 {
				of := func() string { return r.Columns[random.IntN(width)].Name }
				r.Chart = &tools.Chart{Type: []string{"bar", "line", "heatmap", "sankey", "scatter", "x"}[random.IntN(6)], X: of(), Y: of()}
				if random.IntN(2) > 0 {
					r.Chart.Series = of()
				}
			}
			for range random.IntN(6) {
				share := random.Float64()*4 - 2
				r.Segments = append(r.Segments, tools.Segment{Name: text(), Formula: text(), Size: random.IntN(9) - 2, Share: share, Revenue: text(), Growth: &share, Apart: []string{text()}, Action: text()})
			}
			d.Parts = append(d.Parts, Part{Tool: text(), Args: json.RawMessage(`{"formula":` + []string{`"x"`, `7`, `null`}[random.IntN(3)] + `}`), Result: r, Waits: random.IntN(4) == 0})
		}
		page := written(t, d)
		nodes(t, page)
		if written(t, d) != page {
			t.Fatal("a second page differs")
		}
	}
}
