package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/segment"
	"tesela/store/sqlite"
)

// demoFigures are the answers to the demo's questions, counted here with plain
// loops over the rows.
type demoFigures struct {
	keenAndSilent int            // three orders and no mail opened in the last 90 days
	cents         map[string]int // revenue of 2024 by country
	orders        map[string]int // of 2025 by month
}

func countDemo(t *testing.T, path string) demoFigures {
	t.Helper()
	ws, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	src, err := ws.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := src.Load(t.Context(), segment.Need{
		Traits: []string{"country"},
		Events: map[string][]string{"order": {"amount"}, "refund": {"amount"}, "open": nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	since := time.Date(2025, 10, 3, 0, 0, 0, 0, zone) // 90 days before 2026-01-01
	country := func(who uint32) string {
		c := data.Traits["country"]
		return c.Dict.Word(c.Code(int(who)))
	}
	f := demoFigures{cents: map[string]int{}, orders: map[string]int{}}
	recent, opened, seen := map[uint32]int{}, map[uint32]bool{}, map[uint32]bool{}
	for event, table := range data.Tables {
		for i, who := range table.Who {
			for row := table.Starts[i]; row < table.Starts[i+1]; row++ {
				at := time.UnixMicro(table.Time(int(row))).In(zone)
				if event == "open" {
					opened[who] = opened[who] || !at.Before(since)
					continue
				}
				cents := int(table.Props["amount"].Int(int(row)))
				if event == "refund" {
					cents = -cents
				}
				if at.Year() == 2024 {
					f.cents[country(who)] += cents
				}
				if event == "order" && !seen[table.IDs[row]] {
					seen[table.IDs[row]] = true
					if at.Year() == 2025 {
						f.orders[at.Format("2006-01")]++
					}
					if !at.Before(since) {
						recent[who]++
					}
				}
			}
		}
	}
	for who, n := range recent {
		if n >= 3 && !opened[who] {
			f.keenAndSilent++
		}
	}
	return f
}

// TestDemoWalk asks the three questions in each language, as the program does
// without a terminal, and holds the answers to figures counted from the rows.
func TestDemoWalk(t *testing.T) {
	db := filepath.Join(t.TempDir(), "d.db")
	for _, lang := range []string{"en", "es", "pt"} {
		code, out, errs := callDemo(t, "--db", db, "--customers", "3000", "--lang", lang, "--json")
		var answers []agent.Answer
		if err := json.Unmarshal([]byte(out), &answers); err != nil || code != exitOK || len(answers) != 3 {
			t.Fatalf("%s: code %d, %v, stdout %q, stderr %q", lang, code, err, out, errs)
		}
		want := countDemo(t, db)
		if want.keenAndSilent == 0 || len(want.cents) != 3 || len(want.orders) != 12 {
			t.Fatalf("counted %+v", want)
		}
		for _, a := range answers {
			if a.Status != model.Answered || a.Language != lang || len(a.Calls) != 1 || a.Calls[0].Result == nil {
				t.Fatalf("%s: %q is %+v", lang, a.Question, a)
			}
		}
		if got := fmt.Sprint(answers[0].Calls[0].Result.Values["size"]); got != fmt.Sprint(want.keenAndSilent) {
			t.Errorf("%s: %q: %s, counted %d", lang, answers[0].Question, got, want.keenAndSilent)
		}
		rows := answers[1].Calls[0].Result.Rows
		for _, row := range rows {
			cents := want.cents[fmt.Sprint(row[0])]
			if got := fmt.Sprint(row[1]); got != fmt.Sprintf("%d.%02d", cents/100, cents%100) {
				t.Errorf("%s: %q: %v is %s, counted %d cents", lang, answers[1].Question, row[0], got, cents)
			}
		}
		months := answers[2].Calls[0].Result.Rows
		for _, row := range months {
			if got := fmt.Sprint(row[1]); got != fmt.Sprint(want.orders[fmt.Sprint(row[0])]) {
				t.Errorf("%s: %q: %v is %s, counted %d", lang, answers[2].Question, row[0], got, want.orders[fmt.Sprint(row[0])])
			}
		}
		if len(rows) != 3 || len(months) != 12 {
			t.Errorf("%s: %d countries, %d months", lang, len(rows), len(months))
		}
	}
}
