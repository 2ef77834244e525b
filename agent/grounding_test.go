package agent

import (
	"encoding/json"
	"testing"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

func wordsOf(t *testing.T, code string) *wording.Language {
	t.Helper()
	l, err := wording.For(code)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func evidence() []wording.Call {
	return []wording.Call{
		{Tool: "count_segment", Args: json.RawMessage(`{"formula":"count(order, last 90d) >= 5"}`), Result: counted()},
		{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue"],"per":"month"}`), Result: &tools.Result{
			Values:  map[string]any{"revenue": "8300065.81", "change": -0.125, "mean": 4.8744},
			Units:   map[string]string{"revenue": "GBP", "change": "rate"},
			Columns: []tools.Column{{Name: "month", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
			Rows:    [][]any{{"2011-11", "437.10"}, {"2011-12", "-12.00"}},
		}},
	}
}

func TestFiguresAreGrounded(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		grounded   bool
	}{
		{"en", "1,115 customers, 25.5% of 4,372.", true},
		{"en", "About 26% of them.", true},
		{"en", "1,116 customers.", false},
		{"en", "1.115 customers.", false},
		{"es", "1.115 clientes, el 25,5 % de 4.372.", true},
		{"es", "1.115 clientes, el 25,6 % de 4.372.", false},
		{"pt", "A receita foi de 8.300.065,81 £.", true},
		{"pt", "A receita foi de 8.300.065,82 £.", false},
		{"en", "Revenue was £8,300,066 in all.", true},
		{"en", "Revenue was £8,300,067 in all.", false},
		{"en", "It fell: -12.5%.", true},
		{"en", "In November 2011, £437.10; in 2012, nothing.", false},
		{"en", "In November 2011, £437.10, on average 4.87.", true},
		{"en", "Within 90 days, 2 months, as you said: 77.", true},
		{"en", "1. First\n2. Second: 4,372", true},
		{"en", "No figures at all.", true},
	} {
		if got := Grounded(wordsOf(t, c.lang), c.text, evidence(), "is it 77?"); got != c.grounded {
			t.Errorf("%s %q: grounded %v, strange %q", c.lang, c.text, got, Strange(wordsOf(t, c.lang), c.text, evidence(), "is it 77?"))
		}
	}
}

// What the core words itself must pass its own check, in every language.
func TestOwnWordingIsGrounded(t *testing.T) {
	calls := evidence()
	long := &tools.Result{Columns: []tools.Column{{Name: "day", Kind: "text"}, {Name: "orders", Kind: "count"}, {Name: "share", Kind: "rate"}, {Name: "hour", Kind: "count"}}}
	for i := range 50 {
		long.Rows = append(long.Rows, []any{"2011-03-05", 12345 + i, float64(i) / 4999, i % 24})
	}
	calls = append(calls, wording.Call{Tool: "measure", Result: long})
	for _, code := range wording.Codes() {
		l := wordsOf(t, code)
		if strange := Strange(l, l.Answer(calls), calls, ""); len(strange) > 0 {
			t.Errorf("%s: %q in\n%s", code, strange, l.Answer(calls))
		}
	}
}

// Figures that a note writes as its language does, and money owed.
func TestNotesAndDebts(t *testing.T) {
	r := &tools.Result{
		Values: map[string]any{"revenue": "-130.00"}, Units: map[string]string{"revenue": "USD"},
		Notes: []string{"2,196 customers without a purchase have no label."},
	}
	calls := []wording.Call{{Tool: "measure", Result: r}}
	for text, grounded := range map[string]bool{
		"Revenue was -$130.00; 2,196 customers have no label.": true,
		"Revenue was −R$ 130.00.":                              false, // it was dollars
		"Revenue was -130.":                                    true,
		"Revenue was $130.00.":                                 false,
		"2,195 customers have no label.":                       false,
		"196 customers have no label.":                         false,
	} {
		if Grounded(wordsOf(t, "en"), text, calls, "") != grounded {
			t.Errorf("%q: %v", text, !grounded)
		}
	}
	if own := wordsOf(t, "en").Answer(calls); !Grounded(wordsOf(t, "en"), own, calls, "") {
		t.Errorf("%q is not grounded: %q", own, Strange(wordsOf(t, "en"), own, calls, ""))
	}
}

// The digits of a fingerprint, or of an approval's, are nobody's figures.
func TestPrintsAreNoFigures(t *testing.T) {
	r := counted()
	r.Fingerprint, r.Approval = "sha256:77aa1234bb5", "sha256:88cc"
	calls := []wording.Call{{Tool: "count_segment", Result: r}}
	for _, text := range []string{"77 customers.", "256 customers.", "1,234 customers.", "88 customers."} {
		if Grounded(wordsOf(t, "en"), text, calls, "") {
			t.Errorf("%q is grounded", text)
		}
	}
}

func TestUngroundedTextIsReplaced(t *testing.T) {
	wrong := says(model.Delta{Text: "There are 99 of them."})
	own := []wording.Call{{Tool: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 5"}`), Result: counted()}}
	for name, c := range map[string]struct {
		replies []func(func(model.Delta, error) bool)
		want    string
		rounds  int
	}{
		"grounded at once": {[]func(func(model.Delta, error) bool){says(count), says(model.Delta{Text: "It is 1,115."})}, "It is 1,115.", 2},
		"repaired":         {[]func(func(model.Delta, error) bool){says(count), wrong, says(model.Delta{Text: "It is 1,115."})}, "It is 1,115.", 3},
		"never":            {[]func(func(model.Delta, error) bool){says(count), wrong, wrong}, wordsOf(t, "en").Answer(own), 3},
	} {
		m := &script{replies: c.replies}
		a, _ := ask(t, New(Config{Tools: &box{}, Model: m}), "who?")
		if a.Text != c.want || len(m.requests) != c.rounds || a.Status != model.Answered {
			t.Errorf("%s: %q after %d rounds", name, a.Text, len(m.requests))
		}
	}
}

// What an answer says of segments is grounded as it is worded, in each
// language, whatever the tool tells of them in words.
func TestSegmentsAreGrounded(t *testing.T) {
	share, stability := 0.2537, 0.9134
	for code, apart := range map[string]string{"en": "4.2 orders against 2.1, 1,250 of them", "es": "4,2 pedidos frente a 2,1, 1.250 de ellos", "pt": "4,2 pedidos contra 2,1, 1.250 deles"} {
		r := &tools.Result{Units: map[string]string{"revenue": "EUR"}}
		for i := range wording.TableRows + 7 {
			r.Segments = append(r.Segments, tools.Segment{
				Name: "G", Formula: "count(order, last 90d) >= 3", Size: 1234 + i, Share: 0.0494, Revenue: "170000.50", RevenueShare: &share, PerHead: "137.76",
				Growth: &share, Stability: &stability, Apart: []string{apart}, Overlaps: []tools.Overlap{{Name: "VIP", Both: 600, Share: 0.4862, Of: 0.75}}, Evidence: apart,
			})
		}
		calls := []wording.Call{{Tool: "find_microsegments", Result: r}}
		if strange := Strange(wordsOf(t, code), wordsOf(t, code).Answer(calls), calls, ""); len(strange) > 0 {
			t.Errorf("%s: from nowhere: %q", code, strange)
		}
		if Grounded(wordsOf(t, code), "1255555", calls, "") {
			t.Errorf("%s: any figure is grounded", code)
		}
	}
}
