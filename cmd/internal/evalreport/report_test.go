package evalreport

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tesela/evals"
)

// hostile is text that would be markup, steer a terminal or end a script if it
// were let through.
const hostile = "</script><img src=x onerror=alert(1)>\"'&amp;\x1b[2J\u202e\x00 {{.Runs}}"

func record(id, lang string, kind evals.Kind, v evals.Verdict) evals.Record {
	return evals.Record{
		Model: "offline", Suite: "s/demo", Data: "demo", ID: id, Lang: lang, Family: "size", Kind: kind, Verdict: v,
		Question: []string{"first " + id, "then " + id}, Understood: "understood " + id, Reading: []string{"count_segment {}"},
		Expected: "expected " + id, Got: "got " + id, Why: "why " + id, ElapsedMS: 12,
	}
}

func report() *evals.Report {
	bad := record("bad", "es", evals.Answerable, evals.Wrong)
	bad.Question, bad.Understood, bad.Expected, bad.Got, bad.Why, bad.Tags = []string{hostile}, hostile, hostile, hostile, hostile, []string{hostile}
	bad.Suite, bad.Family, bad.Reading, bad.Ungrounded = hostile, hostile, []string{hostile}, []string{hostile}
	plain := []evals.Record{
		record("fine", "en", evals.Answerable, evals.Right), bad,
		record("asked", "pt", evals.Answerable, evals.AskedNeedlessly), record("broke", "en", evals.Impossible, evals.Failed),
	}
	other := slices.Clone(plain)
	for i := range other {
		other[i].Model = hostile
	}
	other[0].Verdict = evals.Wrong
	r := &evals.Report{
		Format: 1, Repeat: 1, Notes: []string{hostile},
		Suites: []evals.SuiteSummary{{Name: "s/demo", Cases: 3, Asked: 3}, {Name: hostile, Cases: 1, Asked: 1}, {Name: "retail", Cases: 9, Skipped: "no <file>"}},
		Runs:   []*evals.ScoredRun{evals.NewScoredRun("offline", "", plain), evals.NewScoredRun(hostile, "", other)},
	}
	c := evals.Comparison{Kind: "baseline", Then: "the baseline's " + hostile, Now: "offline", Pairing: evals.Compare(plain, other)}
	r.Compare = append(r.Compare, c)
	return r
}

func written(t *testing.T, write func(io.Writer, *evals.Report) error, r *evals.Report) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// node is an element of a page with all the text in it.
type node struct {
	xml.StartElement
	parent *node
	text   string
}

// nodes are all elements of a page, read by a parser that is not the one that
// escaped them.
func nodes(t *testing.T, page string) []*node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all, open []*node
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{StartElement: token.Copy()}
			if len(open) > 0 {
				n.parent = open[len(open)-1]
			}
			all, open = append(all, n), append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, n := range open {
				n.text += string(token)
			}
		}
	}
}

func (n *node) attr(name string) string {
	for _, a := range n.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// What comes from outside is text: the page has the elements it would have
// without, one script, no handler of events and nothing from elsewhere.
func TestPageEscapes(t *testing.T) {
	scripts := 0
	for _, n := range nodes(t, written(t, HTML, report())) {
		switch n.Name.Local {
		case "script":
			scripts++
		case "img", "link", "iframe", "object", "base":
			t.Errorf("there is an element %s", n.Name.Local)
		}
		for _, a := range n.Attr {
			name := strings.ToLower(a.Name.Local)
			if strings.HasPrefix(name, "on") || name == "src" || name == "href" && !strings.HasPrefix(a.Value, "#") {
				t.Errorf("%s has %s=%q", n.Name.Local, name, a.Value)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts", scripts)
	}
}

func TestPageShowsEveryCase(t *testing.T) {
	found := map[string]string{}
	for _, n := range nodes(t, written(t, HTML, report())) {
		if n.Name.Local != "details" || n.attr("class") != "case" {
			continue
		}
		for _, id := range []string{"fine", "bad", "asked", "broke"} {
			if strings.Contains(n.attr("data-words"), " "+id+" ") {
				found[id] = n.attr("data-pass") + " " + n.attr("data-verdicts") + " " + n.text
			}
		}
	}
	if len(found) != 4 {
		t.Fatalf("cases: %v", found)
	}
	// It passed with one model and failed with the other.
	if !strings.Contains(found["bad"], "wrong|not grounded ") || strings.Contains(found["asked"], "not grounded") {
		t.Errorf("%s", found["bad"])
	}
	if !strings.HasPrefix(found["fine"], "no right|wrong ") || !strings.HasPrefix(found["asked"], "no asked needlessly ") {
		t.Errorf("%s\n%s", found["fine"], found["asked"])
	}
	for _, part := range []string{"first asked → then asked", "understood asked", "expected asked", "got asked", "why asked", "count_segment {}"} {
		if !strings.Contains(found["asked"], part) {
			t.Errorf("%q is not in %s", part, found["asked"])
		}
	}
	if !strings.Contains(found["bad"], "</script><img src=x") {
		t.Errorf("the hostile text is not shown as text: %q", found["bad"])
	}
}

// Every control has a label, every picture a name or is hidden from readers.
func TestPageIsAccessible(t *testing.T) {
	heads := 0
	for _, n := range nodes(t, written(t, HTML, report())) {
		switch n.Name.Local {
		case "select", "input":
			if n.parent.Name.Local != "label" {
				t.Errorf("a %s stands outside of a label", n.Name.Local)
			}
		case "svg":
			if n.attr("aria-hidden") != "true" && n.attr("aria-label") == "" {
				t.Error("a picture without a name")
			}
		case "html":
			if n.attr("lang") != "en" {
				t.Error("the page names no language")
			}
		case "h1":
			heads++
		}
	}
	if heads != 1 {
		t.Errorf("%d main headings", heads)
	}
}

func TestBarsAreWhole(t *testing.T) {
	r := report()
	for _, p := range bar(&r.Runs[0].Score) {
		if p.Len != 25 {
			t.Errorf("%+v: one of four each", p)
		}
	}
	if pieces := bar(&r.Runs[0].Score); len(pieces) != 4 || pieces[3].Class != "bad" || pieces[3].X != 75 {
		t.Errorf("%+v", pieces)
	}
}

func TestTextIsSafeAndWhole(t *testing.T) {
	text := written(t, Text, report())
	if strings.ContainsAny(text, "\x1b\x00\u202e") {
		t.Error("marks that steer a terminal come through")
	}
	for _, want := range []string{"WRONG", "ASKED NEEDLESSLY", "got asked", "expected asked", "first asked → then asked", "1 worse of 4 cases", "25.0%  1 of 4"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestJUnitReadsBack(t *testing.T) {
	var all junitAll
	if err := xml.Unmarshal([]byte(written(t, JUnit, report())), &all); err != nil {
		t.Fatal(err)
	}
	// Of each of two runs: four cases and the suite that was skipped.
	if all.Tests != 10 || all.Failures != 5 || all.Errors != 2 || all.Skipped != 2 || len(all.Suites) != 6 {
		t.Errorf("%d tests, %d failures, %d errors, %d skipped, %d suites", all.Tests, all.Failures, all.Errors, all.Skipped, len(all.Suites))
	}
	tests, failures := 0, 0
	for _, s := range all.Suites {
		tests += s.Tests
		failures += s.Failures
		for _, c := range s.Cases {
			if c.Name == "asked" && (c.Failure == nil || c.Failure.Type != "asked needlessly" || !strings.Contains(c.Failure.Text, "got: got asked") || c.Time != "0.012") {
				t.Errorf("%+v", c)
			}
			if c.Name == "broke" && c.Error == nil || c.Name == "retail" && c.Skipped == nil {
				t.Errorf("%+v", c)
			}
		}
	}
	if tests != all.Tests || failures != all.Failures {
		t.Errorf("%d of %d tests, %d of %d failures", tests, all.Tests, failures, all.Failures)
	}
}

func TestPercent(t *testing.T) {
	for part, want := range map[float64]string{0: "0.0%", 1: "100.0%", 0.9999: "99.9%", 0.0001: "0.1%", 0.1234: "12.3%", 1.0 / 3: "33.3%"} {
		if got := percent(part); got != want {
			t.Errorf("%v is %s, not %s", part, got, want)
		}
	}
}

// The text of a case that was asked several times shows each try's verdict.
func TestPageShowsTries(t *testing.T) {
	var tries []evals.Record
	for i, v := range []evals.Verdict{evals.Right, evals.Wrong, evals.Right} {
		r := record("again", "en", evals.Answerable, v)
		r.Repeat, r.Got = i, fmt.Sprint("try ", i)
		tries = append(tries, r)
	}
	r := &evals.Report{Format: 1, Repeat: 3, Runs: []*evals.ScoredRun{evals.NewScoredRun("offline", "", tries)}, Suites: []evals.SuiteSummary{{Name: "s/demo", Cases: 1, Asked: 1}}}
	p := newPage(r)
	if len(p.Failures) != 1 || len(p.Failures[0].Tries) != 1 || p.Failures[0].Tries[0].Got != "try 1" || len(p.Failures[0].Tries[0].All) != 3 {
		t.Errorf("%+v", p.Failures)
	}
	chips := regexp.MustCompile(`<summary>(<span class="chip [a-z]+">[a-z ]+</span> ){3}<span class="q">`)
	if text := written(t, HTML, r); !chips.MatchString(text) {
		t.Error("the tries' verdicts are not shown")
	}
}
