package planner

import (
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestNothingIsDropped takes each understood question and leaves out one word
// at a time. A word with a meaning of its own must change what is computed, or
// a question must come back: a filter, a negation or a time is never dropped
// in silence.
func TestNothingIsDropped(t *testing.T) {
	raw, err := os.ReadFile("testdata/questions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []question
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	planners := map[string]*Planner{"shop": planner(t, shop()), "casino": planner(t, casino())}
	// A list of ten is what comes without a number; "no … nada" denies once.
	again := map[string]bool{"10": true, "no": true}
	tried := 0
	for _, c := range cases {
		if c.Status != "" || len(c.Turns) > 1 {
			continue
		}
		p := planners[c.On]
		whole := ask(t, p, nil, c.Turns[0])
		words := strings.Fields(c.Turns[0])
		for i, w := range words {
			if !weighty(p, whole.decision.Language, w) || again[w] {
				continue
			}
			tried++
			rest := strings.Join(append(append([]string(nil), words[:i]...), words[i+1:]...), " ")
			o := ask(t, p, nil, rest)
			if strings.Contains(strings.Join(o.decision.Assumptions, " "), w) {
				continue // it was said that this was taken
			}
			if len(o.calls) == 1 && len(whole.calls) == 1 && o.calls[0].Name == whole.calls[0].Name && string(o.calls[0].Args) == string(whole.calls[0].Args) {
				t.Errorf("%q comes to the same without %q: %s", c.Turns[0], w, o.calls[0].Args)
			}
		}
	}
	if tried < 60 {
		t.Fatalf("only %d words were tried", tried)
	}
}

// weighty tells whether a word is a value of the data, a figure, a negation or
// a bound: one that cannot be said without meaning it.
func weighty(p *Planner, lang, word string) bool {
	w := fold(strings.Trim(word, ".,;:?¿!¡\"“”"))
	if w == "" {
		return false
	}
	if w[0] >= '0' && w[0] <= '9' {
		return true
	}
	heavy := len(p.ix.value(w)) > 0
	for _, e := range p.lexicons[lang].exact[w] {
		switch e.cat {
		case "glue":
			return false // "de" is also the code of a country
		case "not", "months":
			heavy = true
		}
	}
	return heavy
}
