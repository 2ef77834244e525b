package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/store/importer"
)

// dataFileHere finds a real data set, or skips: in $TESELA_DATA, else in
// shared/data beside a folder above.
func dataFileHere(t *testing.T, name string) string {
	t.Helper()
	folders := []string{os.Getenv("TESELA_DATA")}
	for dir, _ := os.Getwd(); ; dir = filepath.Dir(dir) {
		folders = append(folders, filepath.Join(dir, "shared", "data"))
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, f := range folders {
		if path := filepath.Join(f, name); f != "" {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	t.Skipf("%s is not here; TESELA_DATA may name its folder", name)
	return ""
}

func summaryOf(t *testing.T, stdout string) importer.Summary {
	t.Helper()
	var s importer.Summary
	if err := json.Unmarshal([]byte(stdout), &s); err != nil {
		t.Fatalf("%v in %q", err, stdout)
	}
	return s
}

// The published figures of Online Retail, with the flags and with the preset;
// and the same file again adds nothing.
func TestImportOnlineRetail(t *testing.T) {
	path := dataFileHere(t, "online_retail.csv.gz")
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	for name, flags := range map[string][]string{
		"flags": {
			"--events", "order", path, "--customer", "CustomerID", "--time", "InvoiceDate", "--event-id", "InvoiceNo",
			"--prop", "amount=Quantity*UnitPrice:money", "--prop", "product=StockCode", "--customer-trait", "country=Country",
			"--currency", "GBP", "--timezone", "Europe/London",
		},
		"preset":  {"--preset", "online-retail", path},
		"guessed": {path, "--yes", "--currency", "GBP", "--timezone", "Europe/London"},
	} {
		db := filepath.Join(t.TempDir(), "t.db")
		args := append([]string{"import", "--db", db, "--json", "--rejects", rejects}, flags...)
		code, out, errs := call(t, "", args...)
		if code != exitOK || errs != "" {
			t.Fatalf("%s: exit %d: %s", name, code, errs)
		}
		s := summaryOf(t, out)
		if s.Read != 541909 || s.Rejected != 135080 || s.Reasons["missing customer"] != 135080 || s.Imported != 397924+8905 ||
			s.Events["order"] != 397924 || s.Events["refund"] != 8905 || s.Customers != 4372 || s.AlreadyThere != 0 {
			t.Errorf("%s: %s", name, out)
		}
		for role, want := range map[string]string{"purchase": "order", "amount": "order.amount", "refund": "refund", "product": "order.product", "country": "country"} {
			if s.Roles[role] != want {
				t.Errorf("%s: role %s is %q, not %q", name, role, s.Roles[role], want)
			}
		}
		lines, err := os.ReadFile(rejects)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(lines), "\n"); n != 135080+1 {
			t.Errorf("%s: %d lines of rejects", name, n)
		}
		if name == "guessed" {
			continue
		}
		code, out, errs = call(t, "", args...)
		if s := summaryOf(t, out); code != exitOK || s.Imported != 0 || s.AlreadyThere != 397924+8905 || s.Duplicates != s.AlreadyThere || s.Customers != 0 {
			t.Errorf("%s again: exit %d %s %s", name, code, out, errs)
		}
	}
}

// Rejected rows lie beside the workspace; the source's folder stays as it was.
func TestImportLeavesTheSourcesFolderAlone(t *testing.T) {
	source, home := t.TempDir(), t.TempDir()
	path := filepath.Join(source, "lines.csv")
	if err := os.WriteFile(path, []byte("customer,when,total\na,2020-01-01,5\n,2020-01-01,5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := call(t, "", "import", path, "--db", filepath.Join(home, "shop.db"), "--json", "--events", "order", "--customer", "customer", "--time", "when")
	s := summaryOf(t, out)
	if code != exitOK || s.Rejected != 1 || filepath.Dir(s.RejectsFile) != home || !strings.HasPrefix(filepath.Base(s.RejectsFile), "shop.lines.csv.") {
		t.Errorf("exit %d %s %s", code, out, errs)
	}
	if _, err := os.Stat(s.RejectsFile); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(source); len(entries) != 1 {
		t.Errorf("the source's folder has %v", entries)
	}
}

// CDNOW's sample is parted by blanks: the message says so and how to mend it.
func TestImportBlankSeparated(t *testing.T) {
	path := dataFileHere(t, "CDNOW_sample.txt")
	db := filepath.Join(t.TempDir(), "t.db")
	code, _, errs := call(t, "", "import", "--db", db, path, "--events", "order", "--customer", "id", "--time", "date")
	if code != exitError1 || !strings.Contains(errs, "blanks") || !strings.Contains(errs, "sed") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportExitCodesAndWorkspace(t *testing.T) {
	good := write(t, "good.csv", "customer,when,total\na,2020-01-01,5\n")
	bad := write(t, "bad.csv", "customer,when,total\na,nonsense,5\n")
	mapping := []string{"--events", "order", "--customer", "customer", "--time", "when", "--prop", "amount=total:money"}
	db := filepath.Join(t.TempDir(), "sub", "t.db")
	do := func(args ...string) (int, string, string) {
		return call(t, "", append([]string{"import", "--db", db}, args...)...)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no file named", nil, exitUsage, "name a file"},
		{"no such file", append([]string{good + "x"}, mapping...), exitError1, "nearest"},
		{"a column misspelt", []string{good, "--events", "order", "--customer", "custmer", "--time", "when"}, exitUsage, "nearest: customer"},
		{"no mapping", []string{good}, exitUsage, "--yes"},
		{"unreadable", append([]string{bad}, mapping...), exitError1, "nothing was imported"},
		{"two files, one for rejects", append([]string{good, bad, "--rejects", "x.csv"}, mapping...), exitUsage, "--rejects"},
	} {
		code, out, errs := do(c.args...)
		if code != c.code || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", c.name, code, out, errs)
		}
		if _, err := os.Stat(db); err == nil {
			t.Errorf("%s: a workspace was left behind", c.name)
		}
	}
	// Of several files those before a fault stay.
	code, out, errs := do(append([]string{good, bad}, mapping...)...)
	if code != exitError1 || !strings.Contains(out, "1 row read, 1 imported") || !strings.Contains(errs, "before "+bad+" are imported") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
	if code, out, _ := do(append([]string{good, "--json"}, mapping...)...); code != exitOK || summaryOf(t, out).AlreadyThere != 1 {
		t.Errorf("the file before the fault is not there: %s", out)
	}
}

func TestImportStandardInput(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	code, out, errs := call(t, "customer,when,total\na,2020-01-01,5\n", "import", "--db", db, "-", "--yes", "--json")
	if s := summaryOf(t, out); code != exitOK || s.File != "-" || s.Imported != 1 {
		t.Errorf("exit %d %s %s", code, out, errs)
	}
}

// A killed import leaves the workspace as it was, and the next one goes
// through.
func TestKilledImport(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program in large imports")
	}
	bin := program(t)
	db := filepath.Join(t.TempDir(), "t.db")
	small := write(t, "small.csv", "customer,when,total\na,2020-01-01,5\n")
	large := write(t, "large.csv", "customer,when,total\n"+strings.Repeat("b,2020-01-01 10:00,5\n,2020-01-01,5\nc,2020-02-02,7\nc,2020-02-02,7\n", 400000))
	rows, err := os.ReadFile(large)
	if err != nil {
		t.Fatal(err)
	}
	mapping := []string{"--events", "order", "--customer", "customer", "--time", "when", "--prop", "amount=total:money"}
	if code, _, errs := call(t, "", append([]string{"import", "--db", db, small}, mapping...)...); code != exitOK {
		t.Fatal(errs)
	}
	_, before, _ := call(t, "", "catalog", "--db", db, "--json")
	for _, after := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond} {
		// The input never ends, so however slow this test is woken the import
		// is not over before it is killed.
		cmd := exec.Command(bin, append([]string{"import", "--db", db, "-"}, mapping...)...)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		fed := make(chan struct{})
		go func() {
			defer close(fed)
			_, _ = in.Write(rows)
		}()
		time.Sleep(after)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-fed // before Wait, which closes the pipe
		if err := cmd.Wait(); err == nil {
			t.Fatal("the import was over before it was killed")
		}
		code, now, errs := call(t, "", "catalog", "--db", db, "--json")
		if code != exitOK || now != before {
			t.Fatalf("killed after %s: exit %d %s\n%s", after, code, errs, now)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(large), "*rejects*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	code, out, errs := call(t, "", append([]string{"import", "--db", db, "--json", large}, mapping...)...)
	if s := summaryOf(t, out); code != exitOK || s.Imported != 1200000 || s.Rejected != 400000 {
		t.Errorf("exit %d %s %s", code, out, errs)
	}
}
