package planner

import (
	"testing"

	"tesela/agent/model/modeltest"
)

// The planner keeps to what holds for every model.
func TestLaws(t *testing.T) {
	p := planner(t, shop())
	for _, question := range []string{"how many customers are there?", "flurb the glorp", "¿cuántos clientes en Alemania?", "", "???"} {
		r := modeltest.Question(question)
		r.Catalogue = shop()
		modeltest.Laws(t, p, r)
	}
}

func TestLanguage(t *testing.T) {
	p := planner(t, shop())
	for question, want := range map[string]string{
		"how many customers are there in Germany?": "en", "¿cuántos clientes hay en Alemania?": "es", "quantos clientes há na Alemanha?": "pt", "": "en",
	} {
		if got := p.Language(modeltest.Question(question).Messages); got != want {
			t.Errorf("%q is heard as %q", question, got)
		}
	}
	if got := p.Language(nil); got != "en" {
		t.Errorf("nothing is heard as %q", got)
	}
}
