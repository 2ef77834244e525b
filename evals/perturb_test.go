package evals_test

import (
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/evals"
)

func TestPerturb(t *testing.T) {
	c := evals.Case{ID: "x", Lang: "es", Question: "¿Cuántos jugadores depositaron en 2025?", Turns: []string{"¿Cuántos jugadores depositaron en 2025?"}}
	for kind, want := range map[string]string{
		"lower": "¿cuántos jugadores depositaron en 2025?",
		"upper": "¿CUÁNTOS JUGADORES DEPOSITARON EN 2025?",
	} {
		got := evals.Perturb(c, []string{kind}, 1)
		if got.Turns[0] != want || got.Question != want || !slices.Equal(got.Noise, []string{kind}) {
			t.Errorf("%s: %s by %v", kind, got.Turns[0], got.Noise)
		}
	}
	if c.Turns[0] != "¿Cuántos jugadores depositaron en 2025?" || len(c.Noise) > 0 {
		t.Errorf("the case itself was changed: %+v", c)
	}
}

// TestPerturbTellsWhatChanged: a case that noise leaves as it was says so.
func TestPerturbTellsWhatChanged(t *testing.T) {
	c := evals.Case{ID: "x", Lang: "en", Turns: []string{"AOV?"}}
	got := evals.Perturb(c, []string{"typos", "numbers", "reorder", "mix", "case"}, 1)
	if !slices.Equal(got.Noise, []string{"case"}) || got.Turns[0] == "AOV?" {
		t.Errorf("%q by %v", got.Turns[0], got.Noise)
	}
	if got = evals.Perturb(got, []string{"numbers"}, 1); len(got.Noise) > 0 {
		t.Errorf("the noise of before was told again: %v", got.Noise)
	}
	// Turns have noise of their own.
	c.Turns = []string{"customers in Spain", "customers in Spain"}
	differ := false
	for seed := range 10 {
		got := evals.Perturb(c, []string{"typos"}, seed)
		differ = differ || got.Turns[0] != got.Turns[1]
		if !slices.Equal(got.Noise, []string{"typos"}) {
			t.Errorf("seed %d: %v", seed, got.Noise)
		}
	}
	if !differ {
		t.Error("both turns were typed alike with each of ten seeds")
	}
}

// values are the values of a field.
type values []string

func (v values) Len() int        { return len(v) }
func (v values) At(i int) string { return v[i] }

// TestTyposMakeNoKnownWord: neither a word of a lexicon nor one of the data.
func TestTyposMakeNoKnownWord(t *testing.T) {
	slips := values{"shoees", "shors", "sjoes", "sgoes", "sheos", "shose", "sooes", "shoe", "shos", "shhoes", "shpes", "shies"}
	n, err := evals.NewNoise(&model.Catalogue{Traits: []model.Field{{Name: "brand", Kind: "text", Values: slips}}})
	if err != nil {
		t.Fatal(err)
	}
	c := evals.Case{ID: "x", Lang: "en", Turns: []string{"shoes"}}
	typed := map[string]bool{}
	for seed := range 200 {
		plain, informed := evals.Perturb(c, []string{"typos"}, seed), n.Perturb(c, []string{"typos"}, seed)
		typed[plain.Turns[0]] = true
		if slices.Contains(slips, informed.Turns[0]) {
			t.Errorf("seed %d: shoes became the brand %s", seed, informed.Turns[0])
		}
	}
	if !typed["shose"] && !typed["shhoes"] {
		t.Errorf("no slip was one of the brands without knowing them: %v", typed)
	}
	never := evals.Case{ID: "x", Lang: "en", Turns: []string{"never"}}
	for seed := range 200 {
		if got := evals.Perturb(never, []string{"typos"}, seed).Turns[0]; strings.EqualFold(got, "ever") {
			t.Errorf("seed %d: never became ever", seed)
		}
	}
}
