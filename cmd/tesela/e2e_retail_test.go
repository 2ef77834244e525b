package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store/importer"
)

// retailFlags import Online Retail as order lines.
var retailFlags = []string{
	"--events", "order", "--customer", "CustomerID", "--time", "InvoiceDate", "--event-id", "InvoiceNo",
	"--prop", "amount=Quantity*UnitPrice:money", "--prop", "product=StockCode", "--customer-trait", "country=Country",
	"--currency", "GBP", "--timezone", "Europe/London",
}

// TestRetail drives the program through real orders: import, the same again,
// and questions in three languages whose figures are known.
func TestRetail(t *testing.T) {
	source := dataFileHere(t, "online_retail.csv.gz")
	s := newShell(t)
	db, rejects := filepath.Join(s.dir, "shop.db"), filepath.Join(s.dir, "rejects.csv")
	importing := append([]string{"import", "--db", db, "--json", "--rejects", rejects, source}, retailFlags...)

	var first, again importer.Summary
	if r := s.run(importing...).exits(exitOK).into(&first); r.errs != "" {
		r.fail("an import that speaks of more than its summary")
	}
	if first.Read != 541909 || first.Rejected != 135080 || first.Reasons["missing customer"] != 135080 || first.Imported != 406829 ||
		first.Events["order"] != 397924 || first.Events["refund"] != 8905 || first.Customers != 4372 || first.Duplicates != 5225 || first.RejectsFile != rejects {
		t.Fatalf("summary %+v", first)
	}
	sameRejects(t, source, rejects)

	ask := func(question string, more ...string) ran {
		t.Helper()
		return s.run(append([]string{"ask", "--db", db, question}, more...)...)
	}
	before := ask("how many customers do we have?", "--json").answer()
	s.run(importing...).exits(exitOK).into(&again)
	if again.Read != 541909 || again.Imported != 0 || again.Duplicates != 406829 || again.Rejected != 135080 || again.Customers != 0 {
		t.Errorf("the same file again: %+v", again)
	}
	if after := ask("how many customers do we have?", "--json").answer(); after.Data != before.Data || after.ID != before.ID {
		t.Errorf("the same file again changed the data from %s to %s", before.Data, after.Data)
	}

	for _, c := range retailQuestions {
		for lang, questions := range c.asked {
			for i, question := range questions {
				t.Run(lang+" "+question, func(t *testing.T) {
					t.Parallel()
					s := s.under(t)
					asJSON := s.run("ask", "--db", db, "--json", question)
					checkRetail(t, c, lang, asJSON.answer())
					if i > 0 {
						return
					}
					checkRetailText(c, lang, s.run("ask", "--db", db, question))
					if again := s.run("ask", "--db", db, "--json", question); stable(again.out) != stable(asJSON.out) {
						again.fail("the same question twice, another answer than\n" + asJSON.out)
					}
				})
			}
		}
	}
}

var elapsed = regexp.MustCompile(`"elapsed_ms": *[0-9.e+-]+`)

// stable is an answer without what may differ from run to run.
func stable(answer string) string { return elapsed.ReplaceAllString(answer, "") }

// checkRetail holds the answer to a question to what is known.
func checkRetail(t *testing.T, c retailCase, lang string, a agent.Answer) {
	t.Helper()
	if a.Language != lang {
		t.Errorf("answered in %s", a.Language)
	}
	if c.cannot != nil {
		if a.Status != model.Cannot || len(a.Calls) > 0 {
			t.Fatalf("%s with %d calls", a.Status, len(a.Calls))
		}
		for _, there := range c.cannot {
			if !strings.Contains(a.Text, there) {
				t.Errorf("%q does not name %s, which the data has", a.Text, there)
			}
		}
		return
	}
	if a.Status != model.Answered || a.Understood == "" || len(a.Calls) == 0 || a.Calls[0].Result == nil {
		t.Fatalf("%+v", a)
	}
	result := a.Calls[0].Result
	var values []string
	for _, v := range result.Values {
		values = append(values, fmt.Sprint(v))
	}
	if c.whole != "" && !slices.Contains(values, c.whole) {
		t.Errorf("values %v hold no %s", values, c.whole)
	}
	rows := map[string]string{}
	for _, row := range result.Rows {
		if len(row) > 1 {
			rows[fmt.Sprint(row[0])] = fmt.Sprint(row[1])
		}
	}
	for name, figure := range c.rows {
		if rows[name] != figure {
			t.Errorf("%s is %q, not %s", name, rows[name], figure)
		}
	}
	if c.howMany != 0 && len(rows) != c.howMany {
		t.Errorf("%d rows, not %d", len(rows), c.howMany)
	}
	for _, figure := range c.figures() {
		if !strings.Contains(a.Text, localFigure(figure, lang)) {
			t.Errorf("%q does not say %s", a.Text, localFigure(figure, lang))
		}
	}
}

// checkRetailText holds an answer printed for people to what is known.
func checkRetailText(c retailCase, lang string, r ran) {
	r.t.Helper()
	if r.errs != "" {
		r.fail("an answer with something on standard error")
	}
	if c.cannot != nil {
		r.exits(exitCannot)
		return
	}
	r.exits(exitOK)
	for _, figure := range c.figures() {
		if !strings.Contains(r.out, localFigure(figure, lang)) {
			r.fail("no " + localFigure(figure, lang))
		}
	}
}

// sameRejects holds the rejects file to the source, read here: each row
// without a customer, with its line and reason and as it stood, and no other.
func sameRejects(t *testing.T, source, rejects string) {
	t.Helper()
	packed, err := os.Open(source)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	set, err := os.Open(rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	in, aside := csv.NewReader(plain), csv.NewReader(set)
	header, err := in.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(header, "CustomerID")
	if top, err := aside.Read(); err != nil || !slices.Equal(top, append([]string{"line", "reason"}, header...)) {
		t.Fatalf("%v, header %q", err, top)
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[column] != "" {
			continue
		}
		line, _ := in.FieldPos(0)
		want := append([]string{strconv.Itoa(line), "missing customer"}, row...)
		if got, err := aside.Read(); err != nil || !slices.Equal(got, want) {
			t.Fatalf("rejected %q, %v; the source has %q", got, err, want)
		}
	}
	if more, err := aside.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("rejected too: %q %v", more, err)
	}
}
