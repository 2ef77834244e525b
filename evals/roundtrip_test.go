package evals_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/evals"
	"tesela/tools"
)

// TestRoundTripOverWorlds says drawn calls over other businesses' names and
// values in each language, and asks what was said: the planner must come to
// the same call. TESELA_ROUNDTRIPS says how many a language are drawn, and
// has the kinds listed that fail.
func TestRoundTripOverWorlds(t *testing.T) {
	calls, worlds := 240, []string{"demo:customers=300", "grocer", "hotel", "wholesale"}
	text := os.Getenv("TESELA_ROUNDTRIPS")
	if text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("TESELA_ROUNDTRIPS: %v", err)
		}
		calls = n
	} else if testing.Short() {
		calls = 60
	}
	held, drawn, shown := map[string]int{}, map[string]int{}, map[string]int{}
	byKind := map[string][2]int{}
	for i, spec := range worlds {
		data, err := evals.Open(t.Context(), spec)
		if err != nil {
			t.Fatal(err)
		}
		data.Catalogue.Segments = append(data.Catalogue.Segments, "Letter readers", "Fãs de 2025")
		for _, lang := range evals.Languages {
			d := &drawer{Rand: rand.New(rand.NewPCG(uint64(i), 29)), cat: data.Catalogue}
			for range calls / len(worlds) {
				tool, args := d.draw()
				kind := d.kind
				raw, err := json.Marshal(args)
				if err != nil {
					t.Fatal(err)
				}
				said, _ := data.Restate.Call(lang, tool, raw, data.Catalogue)
				got := readBack(t, data, said)
				drawn[lang]++
				n := byKind[kind]
				n[1]++
				if got == tool+" "+string(raw) {
					held[lang]++
					n[0]++
				} else if shown[kind+lang]++; text != "" && shown[kind+lang] <= 3 {
					t.Logf("%s %s [%s]: %s %s\n  said: %s\n  read: %s", spec, lang, kind, tool, raw, said, got)
				}
				byKind[kind] = n
			}
		}
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, lang := range evals.Languages {
		t.Logf("%s: %d of %d held", lang, held[lang], drawn[lang])
		if float64(held[lang]) < 0.98*float64(drawn[lang]) {
			t.Errorf("%s: only %d of %d calls were read back", lang, held[lang], drawn[lang])
		}
	}
	if text != "" {
		for _, k := range slices.SortedFunc(maps.Keys(byKind), func(a, b string) int {
			return (byKind[b][1] - byKind[b][0]) - (byKind[a][1] - byKind[a][0])
		}) {
			t.Logf("%-20s %d of %d", k, byKind[k][0], byKind[k][1])
		}
	}
}

// draw draws a call.
func (d *drawer) draw() (string, any) {
	switch n := d.IntN(10); {
	case n < 3:
		return "measure", d.measure()
	case n < 4:
		return "list_customers", tools.ListCustomersArgs{Formula: d.formula()}
	case n < 6:
		return d.tool()
	}
	return "count_segment", tools.CountSegmentArgs{Formula: d.formula()}
}

// readBack asks a question and prints what the planner would call.
func readBack(t *testing.T, data *evals.Data, question string) string {
	t.Helper()
	var calls []string
	status := ""
	for d, err := range data.Model.Generate(t.Context(), model.Request{
		Messages: []model.Message{{Role: model.User, Text: question}}, AsOf: data.AsOf,
	}) {
		if err != nil {
			t.Fatalf("%q: %v", question, err)
		}
		if d.Call != nil {
			calls = append(calls, d.Call.Name+" "+string(d.Call.Args))
		}
		if d.Decision != nil {
			status = fmt.Sprint(d.Decision.Status, " ", d.Decision.Reason, " ", d.Decision.Unknown)
		}
	}
	if len(calls) == 0 {
		return status
	}
	return strings.Join(calls, "\n")
}
