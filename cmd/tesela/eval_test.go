package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tesela/evals"
)

// tinySuite is six questions of a small shop; the offline planner reads four
// as they are meant, refuses one rightly, and the last has a gold that is not
// so.
const tinySuite = `data: demo:customers=120
cases:
  - {id: t-1, lang: en, q: "How many customers do we have?", family: size, count: everyone}
  - {id: t-2, lang: es, q: "¿Cuántos clientes tenemos?", family: size, count: everyone}
  - {id: t-3, lang: pt, q: "Quantos clientes temos?", family: size, count: everyone}
  - {id: t-4, lang: en, q: "revenue by country", family: breakdown, measure: {measures: [revenue], group_by: [country]}}
  - {id: t-5, lang: en, q: "What is the weather like in Seville?", family: scope, cannot: true}
  - {id: t-6, lang: en, q: "How many customers are there?", family: size, tags: [trap], count: 'count(order) >= 1000'}
`

// inFolder is a folder with the suite tiny.yaml to run in.
func inFolder(t *testing.T, suite string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "tiny.yaml"), []byte(suite), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
}

// What the examples choose is there to be asked.
func TestFiltersOfExamplesFindCases(t *testing.T) {
	example := regexp.MustCompile(`eval (audited/\S+) --filter (\S+)`)
	_, help, _ := call(t, "", "eval", "--help")
	for name, text := range map[string]string{"help": help, "README.md": "", "evals/README.md": ""} {
		if text == "" {
			b, err := os.ReadFile(filepath.Join("..", "..", name))
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		found := example.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("%s: no example has a filter", name)
		}
		for _, m := range found {
			if code, _, errs := call(t, "", "eval", m[1], "--filter", m[2]); code != exitOK {
				t.Errorf("%s: %s: code %d, %s", name, m[0], code, errs)
			}
		}
	}
}

func TestEvalReports(t *testing.T) {
	inFolder(t, tinySuite)
	code, out, errs := call(t, "", "eval", "tiny.yaml", "--json", "--html", "r.html", "--junit", "r.xml", "--out", "r.json", "--save-baseline", "b.json")
	if code != exitOK || errs != "" {
		t.Fatalf("code %d, stderr %q", code, errs)
	}
	var r evals.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	s := r.Runs[0].Score
	if r.Format != 1 || len(r.Runs[0].Records) != 6 || s.Correct.N != 5 || s.Wrong.N != 1 || s.Right.Of != 5 || s.Coverage.N != 5 {
		t.Errorf("%+v", s)
	}
	for name, holds := range map[string]string{"r.html": "<!doctype html>", "r.xml": "<testsuites", "b.json": `"t-6": "wrong"`} {
		if text, err := os.ReadFile(name); err != nil || !strings.Contains(string(text), holds) {
			t.Errorf("%s: %v, %.200s", name, err, text)
		}
	}
	if text, err := os.ReadFile("r.json"); err != nil || string(text) != out {
		t.Errorf("--out is not what --json prints: %v", err)
	}
	code, out, _ = call(t, "", "eval", "tiny.yaml")
	if code != exitOK || !strings.Contains(out, "WRONG  tiny t-6") || !strings.Contains(out, "83.3%  5 of 6") {
		t.Errorf("code %d, %s", code, out)
	}
}

func TestEvalThresholds(t *testing.T) {
	inFolder(t, tinySuite)
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--min-correct 0.83 --max-wrong 17%", exitOK, ""},
		{"--min-correct 0.84", exitError1, "offline misses --min-correct 0.84: 0.8333"},
		{"--max-wrong 0.015", exitError1, "offline misses --max-wrong 0.015: 0.1667"},
		{"--max-gap 33.4", exitOK, ""}, // en has 2 of 3
		{"--max-gap 33.3", exitError1, "--max-gap"},
		{"--max-drop 4", exitOK, ""}, // no noise was asked for: nothing dropped
		{"--min-grounded 1", exitOK, ""},
		{"--max-failed 0", exitOK, ""},
		{"--filter t-5 --min-precision 0.5", exitError1, "no case that it is a rate of"},
		{"--min-correct 88", exitUsage, "0.88 or 88%"},
		{"--max-gap 4%", exitUsage, "points"},
	} {
		code, _, errs := call(t, "", append([]string{"eval", "tiny.yaml"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(errs, c.says) || c.code == exitOK && errs != "" {
			t.Errorf("%s: code %d, %s", c.args, code, errs)
		}
	}
}

// A case that passed and does no more fails the run, and is told with its
// question, then and now; new ones and gone ones do not.
func TestEvalBaseline(t *testing.T) {
	inFolder(t, tinySuite)
	if code, _, errs := call(t, "", "eval", "tiny.yaml", "--save-baseline", "slim.json", "--out", "full.json"); code != exitOK {
		t.Fatal(errs)
	}
	for _, base := range []string{"slim.json", "full.json"} {
		if code, _, errs := call(t, "", "eval", "tiny.yaml", "--baseline", base); code != exitOK || errs != "" {
			t.Errorf("against itself: code %d, %s", code, errs)
		}
	}
	changed := strings.Replace(tinySuite, "family: size, count: everyone}\n  - {id: t-3", "family: size, count: 'count(order) = 0'}\n  - {id: t-33", 1)
	inFolderKeep(t, changed)
	for _, base := range []string{"slim.json", "full.json"} {
		code, out, errs := call(t, "", "eval", "tiny.yaml", "--baseline", base)
		if code != exitError1 || !strings.Contains(errs, "tiny t-2: right → wrong: ¿Cuántos clientes tenemos?") || strings.Contains(errs, "t-6") {
			t.Errorf("%s: code %d, %s", base, code, errs)
		}
		if !strings.Contains(out, "new: tiny t-33") || !strings.Contains(out, "gone: tiny t-3") || !strings.Contains(out, "1 worse of 5 cases") {
			t.Errorf("%s: %s", base, out)
		}
	}
	// With --filter the rest is not missed; a baseline that is also to be
	// saved is not overwritten by what got worse.
	if code, out, errs := call(t, "", "eval", "tiny.yaml", "--baseline", "slim.json", "--filter", "t-1"); code != exitOK || strings.Contains(out, "t-2") || !strings.Contains(out, "of 1 cases") {
		t.Errorf("filtered: code %d, %s%s", code, out, errs)
	}
	before, _ := os.ReadFile("slim.json")
	code, _, _ := call(t, "", "eval", "tiny.yaml", "--baseline", "slim.json", "--save-baseline", "slim.json")
	if after, _ := os.ReadFile("slim.json"); code != exitError1 || string(after) != string(before) {
		t.Errorf("code %d, the baseline is now %s", code, after)
	}
	if code, _, _ := call(t, "", "eval", "tiny.yaml", "--save-baseline", "slim.json"); code != exitOK {
		t.Error("a new baseline is not saved")
	}
	if code, _, errs := call(t, "", "eval", "tiny.yaml", "--baseline", "slim.json"); code != exitOK {
		t.Errorf("against the new one: %s", errs)
	}
}

// A baseline holds wherever the command is called from, protects itself under
// whatever name, and one that holds nothing of what was asked is no pass.
func TestEvalBaselineFromElsewhere(t *testing.T) {
	inFolder(t, tinySuite)
	if code, _, errs := call(t, "", "eval", "tiny.yaml", "--save-baseline", "slim.json"); code != exitOK {
		t.Fatal(errs)
	}
	inFolderKeep(t, strings.Replace(tinySuite, "family: size, count: everyone}\n  - {id: t-3", "family: size, count: 'count(order) = 0'}\n  - {id: t-3", 1))
	before, _ := os.ReadFile("slim.json")
	code, _, errs := call(t, "", "eval", "tiny.yaml", "--baseline", "slim.json", "--save-baseline", "./slim.json")
	if after, _ := os.ReadFile("slim.json"); code != exitError1 || string(after) != string(before) || !strings.Contains(errs, "1 case that passed in slim.json does no more") {
		t.Errorf("code %d, %s, the baseline is now %s", code, errs, after)
	}
	if err := os.Mkdir("sub", 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir("sub")
	if code, _, errs := call(t, "", "eval", "../tiny.yaml", "--baseline", "../slim.json"); code != exitError1 || !strings.Contains(errs, "tiny t-2: right → wrong") {
		t.Errorf("from another folder: code %d, %s", code, errs)
	}
	if err := os.Rename("../tiny.yaml", "../renamed.yaml"); err != nil {
		t.Fatal(err)
	}
	code, out, errs := call(t, "", "eval", "../renamed.yaml", "--baseline", "../slim.json")
	if code != exitError1 || !strings.Contains(errs, "none of the cases") || !strings.Contains(errs, "tiny") || !strings.Contains(out, "correct") {
		t.Errorf("of another suite: code %d, %s%s", code, out, errs)
	}
}

// A report that cannot be written fails the run, but what it came to is told.
func TestEvalTellsThoughAFileCannotBeWritten(t *testing.T) {
	inFolder(t, tinySuite)
	if err := os.Mkdir("r.html.part", 0o700); err != nil { // in its way, for root too
		t.Fatal(err)
	}
	code, out, errs := call(t, "", "eval", "tiny.yaml", "--html", "r.html", "--out", "r.json")
	if code != exitError1 || !strings.Contains(out, "correct") || !strings.Contains(errs, "write r.html") {
		t.Errorf("code %d, %s%s", code, out, errs)
	}
	if _, err := os.Stat("r.json"); err != nil {
		t.Errorf("the other report is not written: %v", err)
	}
}

// inFolderKeep writes another text of the suite into the folder one is in.
func inFolderKeep(t *testing.T, suite string) {
	t.Helper()
	if err := os.WriteFile("tiny.yaml", []byte(suite), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEvalFilterOfVerdicts(t *testing.T) {
	inFolder(t, tinySuite)
	code, out, errs := call(t, "", "eval", "tiny.yaml", "--json", "--filter", "verdict=wrong,family=size")
	var r evals.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK {
		t.Fatalf("code %d, %v, %s", code, err, errs)
	}
	if len(r.Runs[0].Records) != 1 || r.Runs[0].Records[0].ID != "t-6" || r.Runs[0].Score.Correct.Of != 4 {
		t.Errorf("%d records of %s", len(r.Runs[0].Records), r.Runs[0].Score.Correct)
	}
}

func TestEvalNoise(t *testing.T) {
	inFolder(t, tinySuite)
	code, out, errs := call(t, "", "eval", "tiny.yaml", "--json", "--perturb", "typos", "--perturb", "accents,upper", "--seed", "4")
	var r evals.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK {
		t.Fatalf("code %d, %v, %s", code, err, errs)
	}
	if len(r.Runs) != 3 || r.Seed != 4 || len(r.Compare) != 2 || r.Compare[1].Now != "offline with accents,upper" || r.Compare[1].Kind != "noise" {
		t.Fatalf("%d runs, %+v", len(r.Runs), r.Compare)
	}
	for _, rec := range r.Runs[2].Records {
		if q := rec.Question[0]; q != strings.ToUpper(q) {
			t.Error(q)
		}
	}
}

func TestEvalUsage(t *testing.T) {
	inFolder(t, tinySuite)
	if err := os.WriteFile("kept.json", []byte(`{"baseline": 1, "runs": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"audited/dmeo", "audited/demo"},
		{"nothing.yaml", "--list"},
		{"tiny.yaml --filter lnag=es", "there is no key"},
		{"tiny.yaml --filter lang=de", "no case has it; there are "},
		{"tiny.yaml --filter nowhere", "no case is left"},
		{"tiny.yaml --jobs 0", "from 1"},
		{"tiny.yaml --repeat 0", "from 1"},
		{"tiny.yaml --perturb typo", "typos"},
		{"tiny.yaml --model gpt", "offline"},
		{"tiny.yaml --model offline --model offline", "named twice"},
		{"tiny.yaml --price offline", "MODEL=IN,OUT"},
		{"tiny.yaml --price offline=1", "two prices"},
		{"tiny.yaml --price openai:x=1,2", "not asked"},
		{"tiny.yaml --html nowhere/r.html", "no folder"},
		{"tiny.yaml --out .", "is a folder"},
		{"tiny.yaml --html r --junit ./r", "--html and --junit name the same file"},
		{"tiny.yaml --out tiny.json --journal tiny.json", "the same file"},
		{"tiny.yaml --out ./kept.json --baseline kept.json", "the same file"},
		{"tiny.yaml --sealed", "unknown flag"},
	} {
		code, out, errs := call(t, "", append([]string{"eval"}, strings.Fields(c.args)...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%s: code %d, stdout %q, stderr %q", c.args, code, out, errs)
		}
	}
	for _, args := range []string{"tiny.yaml --baseline none.json", "tiny.yaml --baseline tiny.yaml", "tiny.yaml --journal tiny.yaml"} {
		code, out, errs := call(t, "", append([]string{"eval"}, strings.Fields(args)...)...)
		if code != exitError1 || out != "" || errs == "" {
			t.Errorf("%s: code %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
}

// A bad suite is refused whole, with the file, the case and what is amiss.
func TestEvalRefusesBadSuites(t *testing.T) {
	for bad, says := range map[string][]string{
		strings.Replace(tinySuite, "lang: pt", "lang: de", 1):                     {"tiny", "t-3", "de"},
		strings.Replace(tinySuite, "count: 'count(order) >= 1000'", "", 1):        {"tiny", "t-6"},
		strings.Replace(tinySuite, "count(order) >= 1000", "count(order", 1):      {"tiny", "t-6", "count(order"},
		strings.Replace(tinySuite, "count(order) >= 1000", "count(ordr) >= 1", 1): {"tiny", "t-6", "nearest: order"},
		strings.Replace(tinySuite, "t-2", "t-1", 1):                               {"tiny", "t-1", "twice"},
		strings.Replace(tinySuite, "family: scope", "fmaily: scope", 1):           {"tiny", "fmaily"},
		strings.Replace(tinySuite, "demo:customers=120", "dmeo", 1):               {"tiny", "dmeo", "demo"},
	} {
		inFolder(t, bad)
		code, out, errs := call(t, "", "eval", "tiny.yaml")
		if code != exitError1 || out != "" {
			t.Errorf("code %d, %q", code, out)
		}
		for _, s := range says {
			if !strings.Contains(errs, s) {
				t.Errorf("%q is not in %s", s, errs)
			}
		}
	}
}

func TestEvalList(t *testing.T) {
	code, out, _ := call(t, "", "eval", "--list", "--json")
	var lines []suiteLine
	if err := json.Unmarshal([]byte(out), &lines); err != nil || code != exitOK {
		t.Fatal(err)
	}
	if len(lines) != len(evals.Shipped()) {
		t.Errorf("%d of %d suites", len(lines), len(evals.Shipped()))
	}
	for _, l := range lines {
		if l.Cases == 0 || l.Langs["en"]+l.Langs["es"]+l.Langs["pt"] != l.Cases {
			t.Errorf("%+v", l)
		}
		if strings.Contains(l.Name, "sealed") {
			t.Errorf("%s is listed", l.Name)
		}
	}
	if code, out, _ := call(t, "", "eval", "--list"); code != exitOK || !strings.Contains(out, "understanding/demo") || !strings.Contains(out, "all  ") {
		t.Errorf("code %d, %s", code, out)
	}
}
