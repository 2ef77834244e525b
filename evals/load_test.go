package evals

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const oneCase = "cases:\n  - {id: a, lang: en, q: how many, family: size, count: everyone}\n"

func TestFind(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := write("one.yaml", "data: workspace:shops/mine.db\nsecond: workspace:/abs/other.db\n"+oneCase)
	write("two.yaml", "data: gym\n"+oneCase)
	write("notes.txt", "no suite")

	suites, err := Find(one)
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites: %v", len(suites), err)
	}
	if s := suites[0]; s.Data != "workspace:"+filepath.Join(folder, "shops", "mine.db") || s.Second != "workspace:/abs/other.db" ||
		s.Cases[0].Data != s.Data || s.Cases[0].Suite != s.Name || filepath.Base(s.Name) != "one" {
		t.Errorf("%+v", s)
	}
	if suites, err = Find(folder); err != nil || len(suites) != 2 {
		t.Errorf("%d suites of the folder: %v", len(suites), err)
	}
	if suites, err = Find(Understanding); err != nil || len(suites) < 5 ||
		!slices.ContainsFunc(suites, func(s *Suite) bool { return s.Name == "understanding/casino" }) {
		t.Errorf("%d shipped suites: %v", len(suites), err)
	}
	if suites, err = Find("understanding/gym"); err != nil || len(suites) != 1 || suites[0].Data != "gym" {
		t.Errorf("%d suites: %v", len(suites), err)
	}
	for _, name := range Shipped() {
		if strings.Contains(name, "sealed") {
			t.Errorf("%s is shipped", name)
		}
	}

	bad := write("bad.yaml", "data: gym\n"+oneCase+"  - {id: b, lang: fr, q: combien, family: size, count: everyone}\n")
	for name, fault := range map[string]string{
		"understanding/gim":             "nearest: understanding/gym",
		filepath.Join(folder, "none"):   "no file or folder",
		t.TempDir():                     "holds no suite",
		bad:                             "case 2 b: lang \"fr\"",
		filepath.Join(folder, "no.txt"): "no file or folder",
	} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Find(one, one); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the same suite twice: %v", err)
	}
}

// A suite's name does not hang on the folder one is in, or on how its file is
// named; files of one name are told apart by their folders.
func TestNamesOfFiles(t *testing.T) {
	root := t.TempDir()
	for _, file := range []string{"a/x/shop.yaml", "b/x/shop.yaml", "b/other.yaml"} {
		path := filepath.Join(root, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("data: gym\n"+oneCase), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for in, cases := range map[string]map[string]string{
		root:                          {"a/x/shop.yaml": "shop", "b": "other", "b/other.yaml b/x audited/gym": "other shop audited/gym", "a/x b/x/shop.yaml": "a/x/shop b/x/shop"},
		filepath.Join(root, "b"):      {"../a/x": "shop", "./other.yaml ../a/x/shop.yaml": "other shop"},
		filepath.Join(root, "a/x"):    {"shop.yaml": "shop", root + "/a/x/shop.yaml": "shop"},
		filepath.Join(root, "b", "x"): {". ../../a/x": "b/x/shop a/x/shop"},
	} {
		t.Chdir(in)
		for names, want := range cases {
			suites, err := Find(strings.Fields(names)...)
			if err != nil {
				t.Errorf("%s: %v", names, err)
				continue
			}
			var got []string
			for _, s := range suites {
				got = append(got, s.Name)
				if s.Cases[0].Suite != s.Name {
					t.Errorf("%s: its cases are of %s", s.Name, s.Cases[0].Suite)
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %v, not %s", names, got, want)
			}
		}
		if _, err := Find("."); err != nil && !strings.Contains(err.Error(), "holds no suite") {
			t.Error(err)
		}
	}
	t.Chdir(filepath.Join(root, "b"))
	if _, err := Find("other.yaml", "../b/other.yaml"); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("one file by two names: %v", err)
	}
}

// Golds by name, and what a suite may not say.
func TestSettle(t *testing.T) {
	const golds = "data: gym\ngolds:\n  all: {count: everyone}\n  some: {who: 'plan = \"x\"', tolerance: 0.1}\n"
	s, err := Parse([]byte(golds + "cases:\n  - {id: a, lang: pt, q: x, family: f, gold: some, first: true, or: [{gold: all}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := s.Cases[0]
	if g := c.Expected(); len(g) != 2 || g[0].Who == "" || !g[0].First || g[0].Tolerance != 0.1 || g[1].Count != "everyone" || g[1].Name != "all" {
		t.Errorf("%+v", g)
	}
	for fault, text := range map[string]string{
		"there is no gold":        "{id: a, lang: en, q: x, family: f, gold: som}",
		"says nothing else":       "{id: a, lang: en, q: x, family: f, gold: all, count: everyone}",
		"in one way only":         "{id: a, lang: en, q: x, family: f, count: everyone, who: everyone}",
		"a gold says nothing":     "{id: a, lang: en, q: x, family: f, count: everyone, or: [{first: true}]}",
		"is not within 0 and 1":   "{id: a, lang: en, q: x, family: f, count: everyone, tolerance: 2}",
		"formula count(":          "{id: a, lang: en, q: x, family: f, count: 'count('}",
		"names its tool":          "{id: a, lang: en, q: x, family: f, approve: {args: {name: X}}}",
		"a reason is that of":     "{id: a, lang: en, q: x, family: f, count: everyone, reason: forecast}",
		"word and choices":        "{id: a, lang: en, q: x, family: f, cannot: true, word: x}",
		"level 4":                 "{id: a, lang: en, q: x, family: f, count: everyone, level: 4}",
		"as_of":                   "{id: a, lang: en, q: x, family: f, count: everyone, as_of: tomorrow}",
		"sql is that of a named":  "{id: a, lang: en, q: x, family: f, count: everyone, sql: SELECT 1}",
		"give q or turns":         "{id: a, lang: en, q: x, turns: [x], family: f, count: everyone}",
		"give a gold, or clarify": "{id: a, lang: en, q: x, family: f}",
		"nearest: missing_field":  "{id: a, lang: en, q: x, family: f, cannot: true, reason: mising_field}",
		"a question says nothing": "{id: a, lang: en, q: '  ', family: f, cannot: true}",
		"one at least":            "{id: a, lang: en, q: x, family: f, table: []}",
		"figure is one":           "{id: a, lang: en, q: x, family: f, figure: [1, 2]}",
		"are those of a gold":     "{id: a, lang: en, q: x, family: f, cannot: true, tolerance: 0.1}",
		"line break":              "{id: \"a\\n\", lang: en, q: x, family: f, cannot: true}",
	} {
		if _, err := Parse([]byte(golds + "cases:\n  - " + text + "\n")); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", fault, err)
		}
	}
	if s, err = Parse([]byte(golds + "cases:\n  - {id: a, lang: pt, q: x, family: f, gold: some, ordered: true, tolerance: 0.2}\n")); err != nil {
		t.Fatal(err)
	}
	if g := s.Cases[0].Expected()[0]; !g.Ordered || g.Tolerance != 0.2 {
		t.Errorf("what is said beside a gold by name is lost: %+v", g)
	}
	for fault, text := range map[string]string{
		"it is empty":         " \n",
		"UTF-8":               "data: gym # a\xf1o\n" + oneCase,
		"more than one YAML":  "data: gym\n" + oneCase + "---\ndata: gym\n" + oneCase,
		"no data set":         "data: gim\n" + oneCase,
		"name its data":       oneCase,
		"there twice":         "data: gym\n" + oneCase + strings.TrimPrefix(oneCase, "cases:\n"),
		"gold g: a gold says": "data: gym\ngolds: {g: {first: true}}\n" + oneCase,
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", fault, err)
		}
	}
}

// Editors put a mark of their own before a file, and end lines in two ways.
func TestParseTakesWhatEditorsWrite(t *testing.T) {
	text := "\uFEFF" + strings.ReplaceAll("data: gym\n"+oneCase, "\n", "\r\n")
	if s, err := Parse([]byte(text)); err != nil || len(s.Cases) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Kept results lie beside the suite, in whatever place suites are read from.
func TestKeptBeside(t *testing.T) {
	const suite = "data: gym\ngolds: {g: {count: everyone, sql: SELECT 1}}\ncases:\n  - {id: a, lang: en, q: x, family: f, gold: g}\n"
	from := fstest.MapFS{"s/a.yaml": {Data: []byte(suite)}}
	if _, err := Load(from, "s"); err == nil || !strings.Contains(err.Error(), "suite s/a: gold g") {
		t.Errorf("without a kept result: %v", err)
	}
	from["s/a.golds.json"] = &fstest.MapFile{Data: []byte(`{"golds":{"g":{"sql":"` + SQLSum(" SELECT 1\n") + `","on":{"gym":{"data":"x","columns":["n"],"rows":[[7]]}}}}}`)}
	suites, err := Load(from, "s")
	if err != nil {
		t.Fatal(err)
	}
	if k := suites[0].Cases[0].kept; k == nil || jsonText(k.On["gym"].Rows) != "[[7]]" {
		t.Errorf("%+v", k)
	}
}
