// Package report draws an answer, a segment or a set of segments as one HTML
// page that needs nothing else: no script, no network, no other file. It
// renders what tools told and computes nothing beyond lengths and places on a
// chart; what is asked for, and where the page goes, is its caller's.
//
// A page is a Doc: make one with OfAnswer or by hand, then write it with HTML.
// Equal docs give equal bytes. Texts of the data, of models and of people are
// text in it, never markup.
package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// Doc is what a report shows, in the order that it is shown in.
type Doc struct {
	// Language is that of the page's own words: en, es or pt.
	Language string
	// Written is the language of the texts that the doc holds, where it is
	// another: those of an answer are as they were given.
	Written string
	Kind    Kind
	Title   string
	// Understood and Assumptions say what the title was taken to mean.
	Understood  string
	Assumptions []string
	Status      model.Status // "" is answered
	// Text is Markdown that stands before the parts.
	Text  string
	Parts []Part
	Notes []string
	// Personal tells that single customers are told of.
	Personal bool

	// What the figures lean on. Zone is the workspace's, nil is UTC.
	AsOf    time.Time
	Zone    *time.Location
	Data    string // fingerprint of the workspace
	Model   string
	Program string
	ID      string // of the kept answer
	// Command gives the same figures again; parts may have their own.
	Command string
}

// Kind is what a report is of.
type Kind string

// The kinds of reports.
const (
	Answer        Kind = "answer"
	Segment       Kind = "segment"
	Microsegments Kind = "microsegments"
)

// Part is one result with what it was asked by.
type Part struct {
	Heading string // "" takes the result's title
	// Language is that of the result's texts, "" that of the doc's.
	Language string
	Tool     string
	Args     json.RawMessage
	Result   *tools.Result
	Command  string
	Failed   string // why there is no result
	// Waits tells that nothing has happened yet: the result is what would.
	Waits bool
	// Withheld tells that rows were left out.
	Withheld bool
}

var (
	//go:embed page.html
	pageText string
	//go:embed style.css
	styleText string
)

// Mark begins every report, so that a file can be told to be one.
const Mark = "<!doctype html>\n<html data-made-by=\"tesela report\""

// HTML writes the page.
func HTML(w io.Writer, doc *Doc) error {
	v, err := newView(doc)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	var text strings.Builder
	if err := t.Execute(&text, v); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if _, err := io.WriteString(w, strings.Map(harmless, text.String())); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
