package report

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

// fake is tools that tell what they are given to tell.
type fake struct {
	results map[string]*tools.Result
	errs    map[string]error
	asked   *[]string
}

func (f fake) List() []model.Tool {
	var list []model.Tool
	for name := range f.results {
		list = append(list, model.Tool{Name: name})
	}
	for name := range f.errs {
		list = append(list, model.Tool{Name: name})
	}
	return list
}

func (f fake) Call(_ context.Context, _ tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	*f.asked = append(*f.asked, name+" "+string(args))
	if name == "count_segment" && strings.Contains(string(args), ") and (") {
		return &tools.Result{Segments: []tools.Segment{{Size: 3}}}, nil
	}
	if name == "count_segment" && strings.Contains(string(args), "other") {
		return &tools.Result{Segments: []tools.Segment{{Size: 12}}}, nil
	}
	if err := f.errs[name]; err != nil {
		return nil, err
	}
	if r := f.results[name]; r != nil {
		return r, nil
	}
	return nil, &tools.ArgumentError{Tool: name, Message: "there is no such tool"}
}

func counted() *tools.Result {
	return &tools.Result{
		Title: "Customers", Values: map[string]any{"size": 6, "base": 24, "share": 0.25}, Units: map[string]string{"size": "customers"},
		Segments: []tools.Segment{{Formula: "f", Size: 6, Share: 0.25}}, Fingerprint: "sha256:n",
	}
}

func TestSegmentIsGathered(t *testing.T) {
	var asked []string
	worth := &tools.Result{Title: "w", Values: map[string]any{"revenue": "90.00", "revenue / customers": "15.00"}, Units: map[string]string{"revenue": "EUR"}}
	f := fake{
		asked:   &asked,
		results: map[string]*tools.Result{"count_segment": counted(), "measure": worth, "explain_segment": charttest.Effects(), "trace_drift": charttest.Course(1)},
		errs:    map[string]error{"check_sensitivity": &tools.CannotError{Message: "no threshold"}},
	}
	d, err := OfSegment(t.Context(), f, tools.Caller{Language: "es", AsOf: asOf}, Subject{Name: "S", Formula: "f", Text: "los f", Others: [][2]string{{"Otro", "other"}}})
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, p := range d.Parts {
		parts = append(parts, p.Tool)
	}
	if want := []string{"count_segment", "measure", "trace_drift", "explain_segment"}; !slices.Equal(parts, want) {
		t.Errorf("parts %q, want %q", parts, want)
	}
	// What is not there is not asked for, what cannot be told is said.
	if slices.ContainsFunc(asked, func(s string) bool { return strings.HasPrefix(s, "find_near_misses") }) {
		t.Errorf("asked %q", asked)
	}
	if len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "no threshold") {
		t.Errorf("notes %q", d.Notes)
	}
	card := d.Parts[0].Result.Segments[0]
	if card.Name != "S" || card.Size != 6 || card.Share != 0.25 || card.Revenue != "90.00" || card.PerHead != "15.00" ||
		!slices.Equal(card.Overlaps, []tools.Overlap{{Name: "Otro", Both: 3, Share: 0.5, Of: 0.25}}) {
		t.Errorf("card %+v", card)
	}
	page := written(t, d)
	for _, want := range []string{"90,00\u00a0€", "«Otro» tiene 3 de estos clientes", "Tamaño a lo largo del tiempo", `tesela run count_segment &#39;{&#34;formula&#34;:&#34;f&#34;}&#39; --lang es`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not there", want)
		}
	}
	// The count itself must be there, and what breaks is not hidden.
	f.errs["count_segment"], f.results["count_segment"] = errors.New("broken"), nil
	if _, err := OfSegment(t.Context(), f, tools.Caller{}, Subject{Formula: "f"}); err == nil {
		t.Error("a segment that cannot be counted is reported")
	}
	f.errs["count_segment"], f.results["count_segment"], f.errs["trace_drift"] = nil, counted(), errors.New("broken")
	if _, err := OfSegment(t.Context(), f, tools.Caller{}, Subject{Formula: "f"}); err == nil {
		t.Error("a tool that broke is passed over")
	}
}

func TestMicrosegmentsAreReported(t *testing.T) {
	var asked []string
	f := fake{asked: &asked, results: map[string]*tools.Result{"find_microsegments": many(9)}}
	d, err := OfMicrosegments(t.Context(), f, tools.Caller{Language: "en", AsOf: asOf}, tools.FindMicrosegmentsArgs{})
	if err != nil {
		t.Fatal(err)
	}
	page := written(t, d)
	all := nodes(t, page)
	cards := elements(all, "article")
	if len(cards) != 9 || d.Title != "Micro-segments of all customers" {
		t.Fatalf("%d cards of %q", len(cards), d.Title)
	}
	for _, want := range []string{
		"Evening stars of shoes 1", "2,100 customers · 8.4%", "avg(order.amount, last 1y) > 62.5", "€420,000.50 (6.1% of all)", "€200.31", "+12.0%", "93.0%", "89.0%", "0.94",
		"61% of orders after 18:00", "Early access", "+3.1 points more buyers", "“VIP” has 600 of these customers",
	} {
		if !strings.Contains(cards[0].text, want) {
			t.Errorf("the first card lacks %q:\n%s", want, cards[0].text)
		}
	}
	if !strings.Contains(cards[1].text, "No buying power") || strings.Contains(cards[1].text, "What to do") {
		t.Errorf("the second card says\n%s", cards[1].text)
	}
	if len(elements(all, "table")) != 1 || !strings.Contains(page, "3 groups of fewer than 125 customers were merged") {
		t.Error("the table or the notes are missing")
	}
	if _, err := OfMicrosegments(t.Context(), fake{asked: &asked}, tools.Caller{}, tools.FindMicrosegmentsArgs{}); err == nil {
		t.Error("without the tool there is a report")
	}
}
