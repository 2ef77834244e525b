package planner

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// tails are what may be said behind a question or amid it, each once and in
// any order: "… since March, by country, in Spain".
type tails []pattern

func (s tails) match(m *fitting, i int, then func(int) bool) bool { return s.rest(m, i, 0, then) }

// rest goes on with those that are not used yet.
func (s tails) rest(m *fitting, i int, used uint64, then func(int) bool) bool {
	if m.steps--; m.steps < 0 {
		return false
	}
	if then(i) {
		return true
	}
	for k, p := range s {
		if used&(1<<k) != 0 {
			continue
		}
		if p.match(m, i, func(j int) bool { return s.rest(m, j, used|1<<k, then) }) {
			return true
		}
	}
	return false
}

func (tails) needs() clauses { return nil }

func (s tails) tell(v *vocabulary) { inTurn(s).tell(v) }

// groupWords are the forms of the tools that tell of groups, of how they
// change and of what was done to them (prompts/lexicon/groups.yaml).
type groupWords struct {
	Lists []map[string][]string `yaml:"lists"`
	// Traits are what the layers of traits are called.
	Traits map[string][]string `yaml:"traits"`
	Tails  map[string][]string `yaml:"tails"`
	Forms  map[string][]string `yaml:"forms"`
}

// groupForms is prompts/lexicon/groups.yaml.
type groupForms struct {
	Takes     map[string][]string   `yaml:"takes"`
	Languages map[string]groupWords `yaml:"languages"`
}

// readGroupForms adds the forms of groups to a language's; lists are those that
// tools.yaml has.
func (w *toolWords) readGroupForms(doc *groupForms, lang string, lists map[string]pattern) error {
	g, ok := doc.Languages[lang]
	if !ok {
		return fmt.Errorf("read the forms of groups: %s is missing", lang)
	}
	fail := func(what string, err error) error {
		return fmt.Errorf("read the forms of groups in %s: %s: %w", lang, what, err)
	}
	for _, some := range g.Lists {
		for name, texts := range some {
			p, err := readPattern(strings.Join(texts, " | "), lists)
			if err != nil {
				return fail(name, err)
			}
			lists[name] = sharing(p)
		}
	}
	for _, name := range []string{"label_before", "label_after", "part", "nth_last", "fromall"} {
		if lists[name] == nil {
			return fail(name, fmt.Errorf("there is no such list"))
		}
	}
	w.labelBefore, w.labelAfter, w.part, w.rest = lists["label_before"], lists["label_after"], lists["part"], lists["fromall"]
	w.readPlaces(lists)
	w.traits = map[string]pattern{}
	for name, texts := range g.Traits {
		p, err := readPattern(strings.Join(texts, " | "), lists)
		if err != nil {
			return fail(name, err)
		}
		w.traits[name] = p
		w.traitNames = append(w.traitNames, name)
	}
	sort.Strings(w.traitNames)
	read := map[string]pattern{}
	for name, texts := range g.Tails {
		p, err := readPattern(strings.Join(texts, " | "), lists)
		if err != nil {
			return fail(name, err)
		}
		read[name] = sharing(p)
	}
	for _, tool := range groupTools {
		var all tails
		for _, name := range doc.Takes[tool] {
			if read[name] == nil {
				return fail(tool, fmt.Errorf("there is no tail %s", name))
			}
			all = append(all, read[name])
		}
		lists["&"] = sharing(all)
		if len(g.Forms[tool]) == 0 {
			return fail(tool, fmt.Errorf("there is no form of it"))
		}
		for _, text := range g.Forms[tool] {
			f := toolForm{tool: tool}
			text, f.weak = strings.CutPrefix(text, "~")
			text, f.late = strings.CutPrefix(text, "?")
			text, f.follows = strings.CutPrefix(text, "+")
			var err error
			if f.of, err = readPattern(text, lists); err != nil {
				return fail(tool, err)
			}
			w.add(f)
		}
	}
	delete(lists, "&")
	return nil
}

// groupTools are the tools with forms in groups.yaml, in the order of trying.
var groupTools = []string{
	whyLeft, makeReport,
	"compare_segments", "explain_segment", "trace_migration", "trace_drift", "backtest_segment", "review_segments",
	"simulate_reengagement", "recommend_actions", "measure_effect", "plan_test", "review_contacts", "propose_segments", "find_microsegments",
}

// asksOfGroups tells whether a tool has its forms there.
func asksOfGroups(tool string) bool { return slices.Contains(groupTools, tool) }
