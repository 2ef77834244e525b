package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/store"
	"tesela/tools"
)

// corrected is the folder of answers with figures known to have been wrong.
const corrected = "corrected"

// answersOf lists the files of each release, by release.
func answersOf(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(answersFolder, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	of := map[string][]string{}
	for _, f := range files {
		if release := filepath.Base(filepath.Dir(f)); release != corrected {
			of[release] = append(of[release], f)
		}
	}
	return of
}

// What any release answered is still what the core computes, on a workspace
// made anew of the same files.
func TestOldAnswers(t *testing.T) {
	t.Parallel()
	ws := answersShop(t)
	now, err := present(t.Context(), ws, func(ws store.Workspace) tools.Runner { return tools.NewBox(ws) })
	if err != nil {
		t.Fatal(err)
	}
	of := answersOf(t)
	for _, release := range []string{"0.1", "0.2"} {
		if len(of[release]) < 24 {
			t.Errorf("%s has %d answers", release, len(of[release]))
		}
	}
	for release, files := range of {
		statuses, languages, used := map[string]int{}, map[string]int{}, map[string]int{}
		for _, name := range files {
			r, a := replayFile(t, now, name)
			if !r.Figures || slices.Contains(r.Changed, "file") || slices.Contains(r.Changed, "data") || slices.Contains(r.Changed, "definition") {
				t.Errorf("%s:\n%s", name, replayText(r))
			}
			if ran := len(r.Calls) + len(r.Left); ran != len(a.Calls) {
				t.Errorf("%s: %d of %d calls ran", name, ran, len(a.Calls))
			}
			statuses[string(a.Status)]++
			languages[a.Language]++
			for _, c := range a.Calls {
				used[c.Tool]++
			}
		}
		if len(statuses) != 5 || len(languages) != 3 || len(used) < 14 {
			t.Errorf("%s has answers of status %v, languages %v, tools %v", release, statuses, languages, used)
		}
	}
}

// Of no old answer a figure can be changed without its being found.
func TestOldAnswersForged(t *testing.T) {
	t.Parallel()
	ws := answersShop(t)
	now, err := present(t.Context(), ws, func(ws store.Workspace) tools.Runner { return tools.NewBox(ws) })
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range answersOf(t) {
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for what, change := range forgeries {
				forged := change(t, text)
				if forged == nil {
					continue
				}
				r, err := now.Replay(t.Context(), forged)
				switch {
				case err != nil:
					t.Errorf("%s, %s: %v", name, what, err)
				case r.Same || r.Figures || !slices.Contains(r.Because, "file"):
					t.Errorf("%s, %s: because of %v, %+v", name, what, r.Because, r)
				}
			}
		}
	}
}

// forgeries change one figure of an answer by hand; nil where it has none
// there.
var forgeries = map[string]func(t *testing.T, answer []byte) []byte{
	"a value": func(t *testing.T, answer []byte) []byte {
		return edited(t, answer, func(result map[string]any) bool {
			values, _ := result["values"].(map[string]any)
			for _, name := range []string{"size", "base", "customers", "conditions", "found", "size_to"} {
				if n, ok := values[name].(float64); ok {
					values[name] = n + 1
					return true
				}
			}
			return false
		})
	},
	"a cell": func(t *testing.T, answer []byte) []byte {
		return edited(t, answer, func(result map[string]any) bool {
			rows, _ := result["rows"].([]any)
			for _, row := range slices.Backward(rows) {
				cells, _ := row.([]any)
				for i, cell := range slices.Backward(cells) {
					switch cell := cell.(type) {
					case float64:
						cells[i] = cell + 1
						return true
					case string:
						cells[i] = cell + "1"
						return true
					}
				}
			}
			return false
		})
	},
	"a row less": func(t *testing.T, answer []byte) []byte {
		return edited(t, answer, func(result map[string]any) bool {
			rows, _ := result["rows"].([]any)
			if len(rows) == 0 {
				return false
			}
			result["rows"] = rows[:len(rows)-1]
			return true
		})
	},
}

// edited is an answer in whose first result something was changed.
func edited(t *testing.T, answer []byte, change func(result map[string]any) bool) []byte {
	t.Helper()
	var a map[string]any
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatal(err)
	}
	if a["status"] != "answered" {
		return nil
	}
	for _, c := range a["calls"].([]any) {
		result, _ := c.(map[string]any)["result"].(map[string]any)
		if result != nil && change(result) {
			text, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
	}
	return nil
}

func replayFile(t *testing.T, now agent.Present, name string) (*agent.Replayed, *agent.Answer) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := readAnswers(strings.NewReader(string(text)), name)
	if err != nil || len(answers) != 1 {
		t.Fatalf("%s: %d answers, %v", name, len(answers), err)
	}
	var a agent.Answer
	if err := json.Unmarshal(answers[0], &a); err != nil {
		t.Fatal(err)
	}
	r, err := now.Replay(t.Context(), answers[0])
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r, &a
}
