package evals_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/jsonschema-go/jsonschema"

	"tesela/evals"
)

// suiteSchema is suites/suite.schema.json, ready to validate.
func suiteSchema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("suites", "suite.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatalf("read the schema: %v", err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		t.Fatalf("resolve the schema: %v", err)
	}
	return resolved
}

// plain reads YAML as JSON would be read.
func plain(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatalf("read as YAML: %v", err)
	}
	var v any
	if err := json.Unmarshal(asJSON, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// suiteFiles are the shipped suites' files.
func suiteFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("suites", folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no suites in %s: %v", folder, err)
	}
	return files
}

func TestShippedSuitesFitTheSchema(t *testing.T) {
	schema := suiteSchema(t)
	for _, file := range append(suiteFiles(t, evals.Audited), suiteFiles(t, evals.Understanding)...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(plain(t, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if _, err := evals.Parse(text); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// Every field there is, in a suite that is well formed.
const wholeSuite = `
data: demo:seed=3,customers=500
second: casino:seed=2
as_of: 2026-01-01
sealed: never
golds:
  spain: {count: 'country = "Spain"', sql: 'SELECT count(*) FROM customers'}
  best: {list: {formula: everyone, by: age, limit: 3}, first: true}
cases:
  - {id: a-1, lang: en, family: size, level: 1, tags: [trap], q: how many, gold: spain, first: true}
  - {id: a-2, lang: es, family: list, turns: [uno, dos], gold: best, as_of: "2025-03-30T01:00:00+01:00"}
  - {id: a-3, lang: pt, family: measure, q: quanto, measure: {measures: [revenue]}, tolerance: 0.01, or: [{gold: spain}, {figure: 3}]}
  - {id: a-4, lang: en, family: clarification, q: which, clarify: true, word: which, choices: [{gold: spain}, {share: 'everyone'}]}
  - {id: a-5, lang: en, family: refusal, q: weather, cannot: true, reason: out_of_scope}
  - {id: a-6, lang: en, family: write, q: save, approve: {tool: save_segment, args: {name: X}}}
  - {id: a-7, lang: en, family: table, q: table, table: [[Spain, 3], [Portugal, 2]], ordered: true}
  - {id: a-8, lang: en, family: members, q: who, members: [c1, c2]}
  - {id: a-9, lang: en, family: tool, q: data, tool: describe_data}
  - {id: a-10, lang: en, family: run, q: rfm, run: {tool: score_rfm}}
  - {id: a-11, lang: en, family: calls, q: two, calls: [{tool: measure, args: {}}, {tool: count_segment}]}
  - {id: a-12, lang: en, family: formula, q: the formula, formula: everyone, cannot: false}
  - {id: a-13, lang: en, family: who, q: who are they, who: 'age > 30', cannot: true, clarify: true}
`

// What is not well formed is refused by whoever reads the schema and by who
// reads the suite.
func TestWrongSuitesAreRefusedTwice(t *testing.T) {
	schema := suiteSchema(t)
	if err := schema.Validate(plain(t, []byte(wholeSuite))); err != nil {
		t.Fatalf("a right suite is refused by the schema: %v", err)
	}
	if _, err := evals.Parse([]byte(wholeSuite)); err != nil {
		t.Fatalf("a right suite is refused when read: %v", err)
	}
	for name, change := range map[string][2]string{
		"no data":                   {"data: demo:seed=3,customers=500\n", ""},
		"unknown data":              {"data: demo:seed=3,customers=500", "data: shop"},
		"data made with nothing":    {"customers=500", "customers="},
		"data made with what":       {"second: casino:seed=2", "second: casino:sead=2"},
		"a clock that is no date":   {"as_of: 2026-01-01", "as_of: tomorrow"},
		"a case's clock":            {`as_of: "2025-03-30T01:00:00+01:00"`, "as_of: 30/3/2025"},
		"sealed always":             {"sealed: never", "sealed: always"},
		"an unknown field":          {"sealed: never", "seal: never"},
		"an unknown field of cases": {"level: 1,", "difficulty: 1,"},
		"an unknown field of golds": {"first: true}\ncases", "last: true}\ncases"},
		"no id":                     {"id: a-1, ", ""},
		"no family":                 {"family: size, ", ""},
		"no language":               {"lang: en, family: size", "family: size"},
		"another language":          {"lang: pt", "lang: fr"},
		"a level too high":          {"level: 1", "level: 4"},
		"no question":               {"q: weather, ", ""},
		"question and turns":        {"turns: [uno, dos]", "turns: [uno, dos], q: tres"},
		"a reason of nothing":       {"cannot: true, reason: out_of_scope", "who: everyone, reason: out_of_scope"},
		"a word of nothing":         {"clarify: true, word: which, choices: [{gold: spain}, {share: 'everyone'}]", "cannot: true, word: which"},
		"choices of nothing":        {"clarify: true, word: which, choices", "cannot: true, choices"},
		"nothing expected":          {"cannot: true, reason: out_of_scope", "clarify: false"},
		"two ways":                  {"who: 'age > 30'", "who: 'age > 30', count: 'age > 30'"},
		"a name and a way":          {"gold: best, ", "gold: best, count: everyone, "},
		"a gold in two ways":        {"spain: {count: 'country = \"Spain\"'", "spain: {count: 'country = \"Spain\"', figure: 3"},
		"a gold that says nothing":  {"spain: {count: 'country = \"Spain\"', sql: 'SELECT count(*) FROM customers'}", "spain: {first: true}"},
		"an alternative of nothing": {"{figure: 3}", "{tolerance: 0.1}"},
		"a tolerance of all":        {"tolerance: 0.01", "tolerance: 1"},
		"a tolerance below nothing": {"tolerance: 0.01", "tolerance: -0.1"},
		"SQL beside a tool":         {"tool: describe_data", "tool: describe_data, sql: SELECT 1"},
		"a call of no tool":         {"run: {tool: score_rfm}", "run: {args: {}}"},
		"a write of no tool":        {"approve: {tool: save_segment,", "approve: {"},
		"a call with more":          {"{tool: count_segment}", "{tool: count_segment, name: x}"},
		"a blank question":          {"q: weather", "q: '  '"},
		"a blank turn":              {"turns: [uno, dos]", "turns: [uno, ' ']"},
		"an id with a line break":   {"id: a-1,", "id: \"a-1\\n\","},
		"a reason there is not":     {"reason: out_of_scope", "reason: out_of_scop"},
		"an empty table":            {"table: [[Spain, 3], [Portugal, 2]]", "table: []"},
		"no members":                {"members: [c1, c2]", "members: []"},
		"no calls":                  {"calls: [{tool: measure, args: {}}, {tool: count_segment}]", "calls: []"},
		"several figures":           {"{figure: 3}", "{figure: [3]}"},
		"turns that are a text":     {"turns: [uno, dos]", "turns: {uno: dos}"},
		"cases that are none":       {"cases:\n", "cases: none\nx:\n"},
	} {
		text := strings.Replace(wholeSuite, change[0], change[1], 1)
		if text == wholeSuite {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := schema.Validate(plain(t, []byte(text))); err == nil {
			t.Errorf("%s: the schema takes it", name)
		}
		if _, err := evals.Parse([]byte(text)); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}

// What the schema knows, the page for people explains; and its example is one.
func TestReadmeTellsEveryField(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("suites", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("suites", "suite.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	for where, of := range map[string]*jsonschema.Schema{"a suite": &s, "a case": s.Defs["case"], "a gold": s.Defs["gold"]} {
		for name, field := range of.Properties {
			if !strings.Contains(string(page), "`"+name+"`") && !strings.Contains(string(page), "`"+name+": ") {
				t.Errorf("the README does not tell %s of %s", name, where)
			}
			if field.Description == "" && field.Ref == "" {
				t.Errorf("the schema does not describe %s of %s", name, where)
			}
		}
	}
	_, example, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if err := suiteSchema(t).Validate(plain(t, []byte(example))); err != nil {
		t.Errorf("the example: %v", err)
	}
	if suite, err := evals.Parse([]byte(example)); err != nil || len(suite.Cases) != 3 {
		t.Errorf("the example: %v", err)
	}
}
