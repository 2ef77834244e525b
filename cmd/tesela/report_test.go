package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/cmd/internal/report"
)

// asked asks a question and gives the answer.
func asked(t *testing.T, db string, args ...string) agent.Answer {
	t.Helper()
	code, out, errs := callOn(t, db, "", append([]string{"ask", "--json"}, args...)...)
	var a agent.Answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("ask %q: exit %d: %v\n%s", args, code, err, errs)
	}
	return a
}

// reported writes a report and gives its text.
func reported(t *testing.T, db string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.html")
	code, out, errs := callOn(t, db, "", append([]string{"report", "--out", path}, args...)...)
	if code != exitOK || !strings.Contains(out, path) {
		t.Fatalf("report %q: exit %d\n%s%s", args, code, out, errs)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), report.Mark) || !strings.HasSuffix(strings.TrimSpace(string(text)), "</html>") {
		t.Fatalf("report %q is no whole page", args)
	}
	return string(text)
}

func TestReportOfAnAnswer(t *testing.T) {
	db := smallShop(t)
	a := asked(t, db, "orders by country")
	page := reported(t, db, a.ID)
	for _, want := range []string{"orders by country", a.Data, a.Calls[0].Result.Fingerprint, "tesela replay " + a.ID, "tesela run measure"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if again := reported(t, db, a.ID[:6]); again != page {
		t.Error("the report of the beginning of its id is another")
	}
	// In another language the page's words are other, the answer's stay.
	es := reported(t, db, a.ID, "--lang", "es")
	if !strings.Contains(es, `lang="es"`) || !strings.Contains(es, `<h1 lang="en">orders by country</h1>`) || !strings.Contains(es, "Cómo volver a obtener las mismas cifras") {
		t.Error("the page is not in Spanish around an English answer")
	}
	// From a file, and to standard output, it is the same.
	file := filepath.Join(t.TempDir(), "a.json")
	if code, _, errs := callOn(t, db, "", "answers", "export", a.ID, "--out", file); code != exitOK {
		t.Fatal(errs)
	}
	if reported(t, db, file) != page {
		t.Error("the report of the file is another")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := callOn(t, db, string(text), "report", "-", "--out", "-")
	if code != exitOK || out != page {
		t.Errorf("from standard input to standard output: exit %d, %d bytes, not %d\n%s", code, len(out), len(page), errs)
	}
	if code, out, _ = callOn(t, db, "", "report", a.ID, "--json", "--out", filepath.Join(t.TempDir(), "j.html")); code != exitOK ||
		!strings.Contains(out, fmt.Sprintf(`"bytes": %d`, len(page))) || !strings.Contains(out, `"kind": "answer"`) {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestReportOfASegment(t *testing.T) {
	db := smallShop(t)
	for name, formula := range map[string]string{"Twice <b>": "count(order) >= 2", "All": "everyone"} {
		if code, _, errs := callOn(t, db, "", "segment", "save", name, formula); code != exitOK {
			t.Fatal(errs)
		}
	}
	page := reported(t, db, "Twice <b>")
	for _, want := range []string{
		"Twice &lt;b&gt;", "count(order) &gt;= 2", `tesela report &#39;Twice &lt;b&gt;&#39; --as-of `, "tesela run count_segment", "sha256:",
		"How firm its thresholds are", "“All” has",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if reported(t, db, "Twice <b>") != page {
		t.Error("a second page differs")
	}
	if past := reported(t, db, "Twice <b>", "--as-of", "2010-01-01", "--lang", "pt"); past == page || !strings.Contains(past, "1 de janeiro de 2010") {
		t.Error("as of another date it is the same page")
	}
}

func TestReportOfSingleCustomersSaysSo(t *testing.T) {
	db := smallShop(t)
	a := asked(t, db, "list the customers with at least one order")
	path := filepath.Join(t.TempDir(), "p.html")
	code, _, errs := callOn(t, db, "", "report", a.ID, "--out", path)
	if code != exitOK || !strings.Contains(errs, "single customers") {
		t.Fatalf("exit %d: %s", code, errs)
	}
	text, _ := os.ReadFile(path)
	if !strings.Contains(string(text), "Handle it as personal data") {
		t.Error("the page does not say that it is personal")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	ids := 0
	for _, row := range a.Calls[len(a.Calls)-1].Result.Rows {
		if strings.Contains(string(text), ">"+fmt.Sprint(row[0])+"<") {
			ids++
		}
	}
	bare := reported(t, db, a.ID, "--without-personal")
	for _, row := range a.Calls[len(a.Calls)-1].Result.Rows {
		if strings.Contains(bare, ">"+fmt.Sprint(row[0])+"<") {
			t.Errorf("%v is still there", row[0])
		}
	}
	if ids == 0 || !strings.Contains(bare, "were left out of this report") || strings.Contains(bare, "Handle it as personal data") {
		t.Errorf("%d customers were in it; what is left out is not said", ids)
	}
}

// A file that is no report stays, unless it is said that it may go.
func TestReportReplacesReportsOnly(t *testing.T) {
	db := smallShop(t)
	id := asked(t, db, "how many customers are there?").ID
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.html")
	if err := os.WriteFile(path, []byte("<!doctype html>\n<html>mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, _, errs := callOn(t, db, "", "report", id, "--out", path)
	if text, _ := os.ReadFile(path); code != exitUsage || !strings.Contains(errs, "--force") || !strings.Contains(string(text), "mine") {
		t.Errorf("exit %d: %s", code, errs)
	}
	for _, args := range [][]string{{"--force"}, nil} {
		if code, _, errs := callOn(t, db, "", append([]string{"report", id, "--out", path}, args...)...); code != exitOK {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files are left behind: %v", left)
	}
}

func TestReportFaults(t *testing.T) {
	db := smallShop(t)
	id := asked(t, db, "how many customers are there?").ID
	dir := t.TempDir()
	out := filepath.Join(dir, "x.html")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"report", id}, exitUsage, "--out"},
		{[]string{"report", "--out", out}, exitUsage, "microsegments"},
		{[]string{"report", id, "--out", dir}, exitUsage, "is a folder"},
		{[]string{"report", id, "--out", filepath.Join(dir, "no", "x.html")}, exitUsage, "no folder"},
		{[]string{"report", id, "--out", out, "--lang", "fr"}, exitUsage, "en, es or pt"},
		{[]string{"report", id, "--out", out, "--as-of", "2011-01-01"}, exitUsage, "ask again"},
		{[]string{"report", "Nobody", "--out", out}, exitError1, "no saved segment, no answer and no file"},
		{[]string{"report", "ffffffffffff", "--out", out}, exitError1, "no saved segment, no answer and no file"},
		{[]string{"report", os.DevNull, "--out", os.DevNull}, exitUsage, "is no file"},
	} {
		code, stdout, errs := callOn(t, db, "", c.args...)
		if code != c.code || !strings.Contains(errs, c.says) || stdout != "" {
			t.Errorf("%q: exit %d, want %d and %q: %s%s", c.args, code, c.code, c.says, stdout, errs)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a report was written")
	}
}
