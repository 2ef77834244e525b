package evalreport

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"tesela/evals"
)

// The shapes of JUnit's XML, as build servers read it.
type junitAll struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string      `xml:"name,attr"`
	Class   string      `xml:"classname,attr"`
	Time    string      `xml:"time,attr"`
	Failure *junitFault `xml:"failure"`
	Error   *junitFault `xml:"error"`
	Skipped *junitFault `xml:"skipped"`
	Output  string      `xml:"system-out,omitempty"`
}

type junitFault struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as JUnit XML: a test suite for each run and suite,
// a test for each record. What does not pass is a failure, what came to an
// error an error, and a suite without data is one skipped test.
func JUnit(w io.Writer, r *evals.Report) error {
	all := junitAll{Name: "tesela eval"}
	var total float64
	for _, run := range r.Runs {
		for _, s := range r.Suites {
			suite, ms := junitOf(run, s)
			total += ms
			all.Tests += suite.Tests
			all.Failures += suite.Failures
			all.Errors += suite.Errors
			all.Skipped += suite.Skipped
			all.Suites = append(all.Suites, suite)
		}
	}
	all.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitOf(run *evals.ScoredRun, s evals.SuiteSummary) (junitSuite, float64) {
	suite := junitSuite{Name: run.Name() + " " + s.Name}
	var total float64
	for i := range run.Records {
		r := &run.Records[i]
		if r.Suite != s.Name {
			continue
		}
		c := junitCase{Name: r.ID, Class: run.Name() + "." + s.Name + "." + r.Lang + "." + r.Family, Time: seconds(r.ElapsedMS)}
		if r.Repeat > 0 {
			c.Name += fmt.Sprintf(" (try %d)", r.Repeat+1)
		}
		fault := &junitFault{Type: string(r.Verdict), Message: strings.Join(r.Question, " → ") + ": " + string(r.Verdict), Text: details(r)}
		switch {
		case r.Verdict == evals.Failed:
			c.Error = fault
			suite.Errors++
		case !r.Verdict.Good():
			c.Failure = fault
			suite.Failures++
		}
		total += r.ElapsedMS
		suite.Cases = append(suite.Cases, c)
	}
	if s.Skipped != "" {
		suite.Cases = append(suite.Cases, junitCase{Name: s.Name, Class: run.Name(), Time: seconds(0), Skipped: &junitFault{Message: s.Skipped}})
		suite.Skipped = 1
	}
	suite.Tests, suite.Time = len(suite.Cases), seconds(total)
	return suite, total
}

// details are what there is to know of a record, a line each.
func details(r *evals.Record) string {
	var b strings.Builder
	for _, f := range [][2]string{
		{"asked", strings.Join(r.Question, " → ")},
		{"understood", r.Understood},
		{"expected", r.Expected},
		{"got", r.Got},
		{"amiss", r.Why},
	} {
		if f[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", f[0], Plain(f[1]))
		}
	}
	return b.String()
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
