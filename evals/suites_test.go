package evals_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tesela/evals"
	"tesela/tools"
)

// What the audited suites hold at least, in golds: each is asked in three
// languages.
var (
	auditedFamilies = []string{
		"size", "measure", "breakdown", "ranking", "trend", "members", "layers", "comparison", "follow_up",
		"clarification", "refusal", "write", "injection", "personal_data",
		"explain_customer", "diff_segments", "check_sensitivity", "find_near_misses", "find_values", "describe_data", "export_segment", "tag_customers",
	}
	auditedTags = []string{
		"negation-scope", "never-doers", "timezone", "daylight-saving", "refunds", "ties", "unset", "hostile-values",
		"window-end", "months", "leap-day", "distinct-vs-rows", "case-accents", "two-fields",
	}
	auditedReasons = []string{"missing_field", "out_of_scope", "no_role", "not_yet"}
)

const (
	auditedCases = 360
	leastGolds   = 4
)

func audited(t *testing.T) []*evals.Suite {
	t.Helper()
	suites, err := evals.Find(evals.Audited)
	if err != nil {
		t.Fatal(err)
	}
	return suites
}

// Each question is there in all three languages, alike in all but its words.
func TestAuditedSuitesAskInEqualParts(t *testing.T) {
	byLanguage, all := map[string]int{}, map[string]bool{}
	for _, s := range audited(t) {
		asked := map[string]map[string]*evals.Case{}
		for i := range s.Cases {
			c := &s.Cases[i]
			if all[c.ID] {
				t.Errorf("%s is there in two suites", c.ID)
			}
			all[c.ID] = true
			byLanguage[c.Lang]++
			if c.Level == 0 {
				t.Errorf("%s has no level", c.ID)
			}
			key := strings.Replace(c.ID, "-"+c.Lang+"-", "-", 1)
			if asked[key] == nil {
				asked[key] = map[string]*evals.Case{}
			}
			asked[key][c.Lang] = c
		}
		for _, key := range slices.Sorted(maps.Keys(asked)) {
			words := map[string]bool{}
			for _, lang := range evals.Languages {
				c, en := asked[key][lang], asked[key]["en"]
				if c == nil || en == nil {
					t.Errorf("%s is not asked in %s", key, lang)
					continue
				}
				words[strings.Join(c.Turns, "\n")] = true
				// All but the words: a clarification names its own.
				if a, b := alike(t, c), alike(t, en); a != b {
					t.Errorf("%s in %s is not as in en:\n%s\n%s", key, lang, a, b)
				}
			}
			if len(words) != len(evals.Languages) {
				t.Errorf("%s is asked in the same words in two languages", key)
			}
		}
	}
	if byLanguage["en"] != byLanguage["es"] || byLanguage["en"] != byLanguage["pt"] || len(all) < auditedCases {
		t.Errorf("%d cases, by language %v; at least %d are due, in equal parts", len(all), byLanguage, auditedCases)
	}
}

// alike is what a case has in all languages.
func alike(t *testing.T, c *evals.Case) string {
	t.Helper()
	text, err := json.Marshal([]any{c.Family, c.Tags, c.Level, c.AsOf, len(c.Turns), c.Expected(), c.Clarify, c.Choices, c.Cannot, c.Reason})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAuditedSuitesCoverFamiliesAndTraps(t *testing.T) {
	families, tags, reasons := map[string]int{}, map[string]int{}, map[string]int{}
	for _, s := range audited(t) {
		for i := range s.Cases {
			c := &s.Cases[i]
			if c.Lang != "en" {
				continue
			}
			families[c.Family]++
			reasons[c.Reason]++
			for _, tag := range c.Tags {
				tags[tag]++
			}
		}
	}
	for _, what := range []struct {
		of    string
		got   map[string]int
		names []string
		least int
	}{
		{"family", families, auditedFamilies, leastGolds},
		{"tag", tags, auditedTags, leastGolds},
		{"reason", reasons, auditedReasons, 1},
	} {
		for _, name := range what.names {
			if what.got[name] < what.least {
				t.Errorf("%s %s has %d questions, at least %d are due", what.of, name, what.got[name], what.least)
			}
		}
		for name := range what.got {
			if name != "" && !slices.Contains(what.names, name) {
				t.Errorf("%s %s is not one of those known: a slip of the pen?", what.of, name)
			}
		}
	}
}

// Every gold is asked for, and what the core computes another engine did too.
func TestAuditedGoldsAreUsedAndHaveSQL(t *testing.T) {
	for _, s := range audited(t) {
		used := map[string]bool{}
		for i := range s.Cases {
			for _, g := range append(s.Cases[i].Expected(), s.Cases[i].Choices...) {
				used[g.Name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(s.Golds)) {
			g := s.Golds[name]
			if !used[name] {
				t.Errorf("%s: nobody asks for the gold %s", s.Name, name)
			}
			if g.SQL == "" && (g.Count+g.Share+g.Who != "" || g.List != nil || g.Measure != nil) {
				t.Errorf("%s: the gold %s has no sql", s.Name, name)
			}
		}
	}
}

// No gold is nobody, everybody, nothing, or what a tempting wrong reading comes
// to, on either of a suite's data sets: such a figure tells no reading from another.
func TestAuditedGoldsTellReadingsApart(t *testing.T) {
	for _, s := range audited(t) {
		for _, spec := range []string{s.Data, s.Second} {
			if spec == "" || spec == "retail" && testing.Short() {
				continue
			}
			t.Run(s.Name+"/"+spec, func(t *testing.T) {
				data, err := evals.Open(t.Context(), spec)
				if errors.Is(err, evals.ErrMissing) {
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				defer data.Close()
				for _, name := range slices.Sorted(maps.Keys(s.Golds)) {
					g := s.Golds[name]
					tool, args, err := g.Call()
					if g.Approve != nil { // what would be saved
						tool, args, err = written(g.Approve)
					}
					if err != nil || tool == "" {
						continue
					}
					r, err := data.Box.Call(t.Context(), tools.Caller{Language: "en", AsOf: data.AsOf, Person: true}, tool, args)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					if why := tellsNothing(&g, r); why != "" {
						t.Errorf("%s: %s", name, why)
					}
				}
				checkTempting(t, s, data)
			})
		}
	}
}

// written is the count of what a write keeps; tool is "" where it keeps no
// segment.
func written(c *evals.Call) (tool string, args json.RawMessage, err error) {
	formula := c.Args["formula"]
	if formula == nil {
		formula = c.Args["meaning"]
	}
	if formula == nil {
		return "", nil, nil
	}
	args, err = json.Marshal(map[string]any{"formula": formula})
	return "count_segment", args, err
}

// tellsNothing says why a result tells right from wrong badly; "" for no reason.
func tellsNothing(g *evals.Gold, r *tools.Result) string {
	size, counted := r.Values["size"]
	base := r.Values["base"]
	switch {
	case counted && size == 0:
		return "nobody is in it"
	case counted && size == base && g.Count != "everyone":
		return "everybody is in it"
	case (g.List != nil || g.Measure != nil && len(r.Columns) > 0) && len(r.Rows) < 2 && !g.First:
		return fmt.Sprintf("it has %d rows", len(r.Rows))
	}
	if g.Measure != nil {
		for name, v := range r.Values {
			if text := fmt.Sprint(v); text == "0" || text == "0.00" || v == nil {
				return fmt.Sprintf("%s is %s", name, text)
			}
		}
	}
	return ""
}
