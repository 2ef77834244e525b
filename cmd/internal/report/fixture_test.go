package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

const hostile = charttest.Hostile

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
			part("find_microsegments", `{}`, many(7)), part("trace_migration", `{"layer":"lifecycle"}`, charttest.Moves()),
			part("explain_segment", `{"formula":"count(order, last 1y) >= 3"}`, charttest.Effects()), part("trace_drift", `{"segment":"everyone"}`, charttest.Course(1)),
			part("trace_drift", `{"layer":"lifecycle"}`, charttest.Course(4)), part("trace_drift", `{"layer":"rfm"}`, charttest.Course(7)),
			part("measure", `{"measures":["revenue"]}`, charttest.Points()), part("measure", `{"measures":["orders"]}`, charttest.Map()),
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
