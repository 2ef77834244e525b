package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/agent/wording"
	"tesela/tools"
)

// hostile is text that would be markup, steer a terminal, end a script or turn
// the direction of writing if it were let through.
const hostile = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;\x1b[2J\u202e\u2066\x00 {{.Title}} http://example.com/x"

func rate(f float64) *float64 { return &f }

// many are micro-segments as a tool tells them.
func many(n int) *tools.Result {
	r := &tools.Result{
		Title: "Micro-segments of all customers", Values: map[string]any{"segments": n, "customers": 25000, "unassigned": 312},
		Units: map[string]string{"customers": "customers", "unassigned": "customers", "revenue": "EUR"}, Fingerprint: "sha256:5e67",
		Notes: []string{"3 groups of fewer than 125 customers were merged into the nearest of their stage.", "k was chosen by the silhouette among 2…8."},
	}
	stages := []string{"star", "active", "new", "at risk", "churned"}
	names := []string{"Evening stars of shoes", "Weekday gift buyers", "Newcomers by phone", "Quiet big spenders", "Bargain hunters gone cold"}
	for i := range n {
		s := tools.Segment{
			Name: fmt.Sprintf("%s %d", names[i%5], i/5+1), Formula: `lifecycle = "` + stages[i%5] + `" and count(order where category = "Shoes", last 1y) >= 3 and avg(order.amount, last 1y) > 62.5`,
			Text: "stars who bought shoes at least 3 times in the last year, for more than €62.50 on average", Size: 2100 - 70*i, Share: float64(2100-70*i) / 25000,
			Stage: stages[i%5], Revenue: fmt.Sprintf("%d.50", 420000-14000*i), RevenueShare: rate(0.061 / float64(i+1)), PerHead: fmt.Sprintf("%d.31", 200-3*i),
			Growth: rate(0.12 - 0.02*float64(i)), Precision: rate(0.93), Recall: rate(0.89), Stability: rate(0.94),
			Apart: []string{"4.2 orders a year against 1.9 of the others", "61% of orders after 18:00, others 34%", "shoes in 3 of 4 orders"},
		}
		if i%2 == 0 {
			s.Action, s.Evidence = "Early access", "+3.1 points more buyers in 30 days (1.2 to 5.0), 2 campaigns with 1,840 of them"
			s.Overlaps = []tools.Overlap{{Name: "VIP", Both: 600, Share: 0.486, Of: 0.75}}
		} else {
			s.Evidence = "no evidence"
			s.Notes = []string{"No buying power: under half of the revenue per head of all."}
		}
		r.Segments = append(r.Segments, s)
	}
	return r
}

// moved is a migration between two dates.
func moved() *tools.Result {
	r := &tools.Result{
		Title: "Moves between stages of the life cycle", Values: map[string]any{"moved": 5210, "stayed": 15800},
		Columns:     []tools.Column{{Name: "from", Kind: "text"}, {Name: "to", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}, {Name: "share", Kind: "rate"}},
		Chart:       &tools.Chart{Type: "sankey", X: "from", Y: "customers", Series: "to"},
		Fingerprint: "sha256:m1",
	}
	labels := []string{"prospect", "new", "active", "star", "at risk", "churned", "reactivated"}
	for i, from := range labels {
		for j, to := range labels {
			n := 2400 / (1 + (i-j)*(i-j)*3)
			if (i+2*j)%5 == 1 && i != j {
				n = 0
			}
			if n > 0 {
				r.Rows = append(r.Rows, []any{from, to, n, float64(n) / 5000})
			}
		}
	}
	r.Rows = append(r.Rows, []any{"(joined since)", "new", 800, nil}, []any{"(joined since)", "active", 90, nil})
	return r
}

// apart is what sets a segment apart, with intervals.
func apart() *tools.Result {
	r := &tools.Result{
		Title:       "What sets the segment apart",
		Columns:     []tools.Column{{Name: "what", Kind: "text"}, {Name: "effect", Kind: "number"}, {Name: "low", Kind: "number"}, {Name: "high", Kind: "number"}, {Name: "segment", Kind: "number"}, {Name: "others", Kind: "number"}},
		Chart:       &tools.Chart{Type: "bar", X: "what", Y: "effect"},
		Fingerprint: "sha256:a1",
	}
	for i, what := range []string{"orders in the last year", "share of orders with shoes in them", "orders after 18:00", "days since the last visit", "country is Spain"} {
		e := 1.4 - 0.45*float64(i)
		r.Rows = append(r.Rows, []any{what, e, e - 0.1 - 0.05*float64(i), e + 0.12, 4.25, 1.75})
	}
	return r
}

// course is a figure over months, of one or several series.
func course(series int) *tools.Result {
	r := &tools.Result{
		Title: "Size over time", Columns: []tools.Column{{Name: "period", Kind: "text"}, {Name: "label", Kind: "text"}, {Name: "customers", Kind: "count"}},
		Chart: &tools.Chart{Type: "line", X: "period", Y: "customers", Series: "label"}, Fingerprint: "sha256:c1",
	}
	for m := range 12 {
		for s := range series {
			r.Rows = append(r.Rows, []any{fmt.Sprintf("2025-%02d", m+1), []string{"star", "active", "new", "at risk", "churned", "prospect", "reactivated"}[s], 900 + 140*s + 37*m*(s+1)%400})
		}
	}
	if series == 1 {
		r.Chart.Series = ""
	}
	return r
}

// points are groups by two figures.
func points() *tools.Result {
	r := &tools.Result{
		Title: "Groups by size and value", Columns: []tools.Column{{Name: "segment", Kind: "text"}, {Name: "share", Kind: "rate"}, {Name: "revenue_per_customer", Kind: "money", Unit: "EUR"}},
		Chart: &tools.Chart{Type: "scatter", X: "share", Y: "revenue_per_customer", Series: "segment"},
	}
	for i := range 12 {
		r.Rows = append(r.Rows, []any{fmt.Sprintf("Group %c", 'A'+i), 0.02 + 0.013*float64(i*7%12), fmt.Sprintf("%d.25", 40+i*i*3)})
	}
	return r
}

// map2 is two groups as a map.
func map2() *tools.Result {
	r := &tools.Result{
		Title: "Orders by category and country", Columns: []tools.Column{{Name: "category", Kind: "text"}, {Name: "country", Kind: "text"}, {Name: "orders", Kind: "count"}},
		Chart: &tools.Chart{Type: "heatmap", X: "category", Y: "orders", Series: "country"},
	}
	for i := range 5 {
		for k := range 3 {
			r.Rows = append(r.Rows, []any{fmt.Sprintf("Category %d", i), []string{"Spain", "Portugal", "France"}[k], (i + 1) * (k + 2) * 10})
		}
	}
	return r
}

func part(tool string, args string, r *tools.Result) Part {
	return Part{Tool: tool, Args: json.RawMessage(args), Result: r, Command: RunCommand(tool, json.RawMessage(args), "en", asOf)}
}

var asOf = time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)

// whole is a doc that holds every kind of part.
func whole(lang string) *Doc {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		madrid = time.UTC
	}
	return &Doc{
		Language: lang, Kind: Microsegments, Title: "Find me micro-segments and who moved", Understood: "Micro-segments of all customers",
		Assumptions: []string{"behaviour of the last year counts"}, AsOf: asOf, Zone: madrid, Data: "sha256:6acef4b4ce54", Model: "offline", Program: "Tesela v1", ID: "3f9a21c04d77",
		Command: "tesela replay 3f9a21c04d77",
		Parts: []Part{
			part("find_microsegments", `{}`, many(7)), part("trace_migration", `{"layer":"lifecycle"}`, moved()),
			part("explain_segment", `{"formula":"count(order, last 1y) >= 3"}`, apart()), part("trace_drift", `{"segment":"everyone"}`, course(1)),
			part("trace_drift", `{"layer":"lifecycle"}`, course(4)), part("trace_drift", `{"layer":"rfm"}`, course(7)),
			part("measure", `{"measures":["revenue"]}`, points()), part("measure", `{"measures":["orders"]}`, map2()),
		},
	}
}

// evil is a doc whose every text is hostile.
func evil() *Doc {
	d := whole("en")
	d.Title, d.Understood, d.Text, d.Data, d.Model, d.Program, d.ID, d.Command = hostile, hostile, hostile+"\n\n"+hostile+"\n\n| a |\n| - |\n| "+hostile+" |\n\n[x](javascript:alert(1)) ![y](http://example.com/i.png)\n\n```\n"+hostile+"\n```\n", hostile, hostile, hostile, hostile, hostile
	d.Assumptions, d.Notes, d.Written = []string{hostile}, []string{hostile}, `en" onload="alert(1)`
	for i := range d.Parts {
		p := &d.Parts[i]
		p.Heading, p.Command, p.Failed = hostile, hostile, hostile
		args, _ := json.Marshal(map[string]string{"formula": hostile})
		p.Args = args
		r := p.Result
		r.Title, r.Notes, r.Fingerprint, r.Units = hostile, []string{hostile}, hostile, map[string]string{"customers": hostile}
		r.Values = map[string]any{hostile: hostile, "customers": 3}
		for k := range r.Columns {
			if r.Columns[k].Kind == "text" {
				for n := range r.Rows {
					r.Rows[n][k] = fmt.Sprint(r.Rows[n][k]) + hostile
				}
			} else {
				r.Columns[k].Unit = hostile
			}
		}
		for k := range r.Segments {
			r.Segments[k] = tools.Segment{
				Name: hostile, Formula: hostile, Text: hostile, Stage: hostile, Revenue: hostile, PerHead: hostile, Apart: []string{hostile}, Size: 3, Share: 7,
				Overlaps: []tools.Overlap{{Name: hostile}}, Action: hostile, Evidence: hostile, Notes: []string{hostile},
			}
		}
	}
	d.Parts = append(d.Parts, Part{Tool: hostile, Failed: hostile})
	return d
}

func written(t *testing.T, d *Doc) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func english(t *testing.T) (*wording.Language, *words) {
	t.Helper()
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	return lang, all["en"]
}
