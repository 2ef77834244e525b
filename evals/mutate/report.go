package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// Catch is what tests or the suite made of a fault; "" where they were not
// asked.
type Catch string

// The catches. Endless is one that never came to an end, which is a catch too.
const (
	Caught   Catch = "caught"
	Endless  Catch = "caught: does not end"
	Survived Catch = "survived"
)

func (c Catch) is() bool { return c == Caught || c == Endless }

// Outcome is what became of a fault. Failure names the first test that failed.
type Outcome struct {
	ID      string  `json:"id"`
	File    string  `json:"file,omitempty"`
	What    string  `json:"what,omitempty"`
	Tests   Catch   `json:"tests,omitempty"`
	Suite   Catch   `json:"suite,omitempty"`
	Asked   string  `json:"suite_command,omitempty"`
	Failure string  `json:"failure,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	Commit  string  `json:"commit,omitempty"`
}

func (o Outcome) caught() bool { return o.Tests.is() || o.Suite.is() }

// settled tells whether everything that is asked for has been tried.
func (o Outcome) settled(by options) bool {
	switch {
	case by.again && o.Tests == Survived && !o.Suite.is():
		return false
	case by.suiteOnly:
		return o.Suite != ""
	case by.testsOnly:
		return o.Tests != ""
	case by.suiteToo:
		return o.Tests != "" && o.Suite != ""
	}
	return o.Tests.is() || o.Tests != "" && o.Suite != ""
}

func (o Outcome) String() string {
	by := "SURVIVED"
	switch {
	case o.Tests.is() && o.Suite.is():
		by = "tests and suite"
	case o.Tests.is():
		by = "tests"
	case o.Suite.is():
		by = "suite"
	}
	return fmt.Sprintf("%-16s %s (%.0fs) %s", by, o.ID, o.Seconds, o.Failure)
}

// Report is a run.
type Report struct {
	Suite    string    `json:"suite"`
	Outcomes []Outcome `json:"faults"`
	// All are the faults, Caught those that tests or the suite caught. Of the
	// Asked that the suite was asked about it caught BySuite.
	All     int `json:"all"`
	Caught  int `json:"caught"`
	ByTests int `json:"caught_by_tests"`
	Asked   int `json:"suite_asked"`
	BySuite int `json:"caught_by_suite"`
}

// Summarise counts outcomes.
func Summarise(outcomes []Outcome, suite string) *Report {
	r := &Report{Suite: suite, Outcomes: outcomes, All: len(outcomes)}
	for _, o := range outcomes {
		if o.caught() {
			r.Caught++
		}
		if o.Tests.is() {
			r.ByTests++
		}
		if o.Suite != "" {
			r.Asked++
		}
		if o.Suite.is() {
			r.BySuite++
		}
	}
	return r
}

// Verdict is an error where a smaller share than this was caught.
func (r *Report) Verdict(least float64) error {
	if share := float64(r.Caught) / float64(r.All); share < least {
		return fmt.Errorf("%d of %d faults were caught, %.1f%%; at least %.1f%% are to be", r.Caught, r.All, 100*share, 100*least)
	}
	return nil
}

// Print writes a table, and what it comes to.
func (r *Report) Print(w io.Writer, markdown bool) {
	said := func(c Catch) string {
		if c == "" {
			return "not asked"
		}
		return string(c)
	}
	if markdown {
		fmt.Fprintln(w, "| fault | what it is | tests | suite | caught first by |")
		fmt.Fprintln(w, "| --- | --- | --- | --- | --- |")
		for _, o := range r.Outcomes {
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", o.ID, o.What, said(o.Tests), said(o.Suite), o.Failure)
		}
	} else {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "fault\ttests\tsuite\tseconds\twhat it is")
		for _, o := range r.Outcomes {
			fmt.Fprintf(t, "%s\t%s\t%s\t%.0f\t%s\n", o.ID, said(o.Tests), said(o.Suite), o.Seconds, o.What)
		}
		t.Flush()
	}
	fmt.Fprintf(w, "\n%d of %d faults caught (%.1f%%): %d by tests; the suite (%s) caught %d of the %d it was asked about; %d survived\n",
		r.Caught, r.All, 100*float64(r.Caught)/float64(max(1, r.All)), r.ByTests, r.Suite, r.BySuite, r.Asked, r.All-r.Caught)
}

// Write writes the report as JSON.
func (r *Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
