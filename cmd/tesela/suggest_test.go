package main

import (
	"testing"

	"tesela/agent"
	"tesela/agent/model"
)

// What is offered after an answer is answered when it is asked as it is, by
// itself, and nothing that writes is offered.
func TestSuggestionsAreAnswered(t *testing.T) {
	t.Parallel()
	s, db := demoShell(t)
	ask := func(question string) *agent.Answer {
		t.Helper()
		var a agent.Answer
		s.run("ask", "--db", db, "--json", question).into(&a)
		return &a
	}
	seen := map[string]bool{}
	for _, question := range []string{
		"how many customers ordered at least twice in the last 90 days?",
		"revenue by city this year",
		"receita por mês em 2025",
	} {
		a := ask(question)
		if a.Status != model.Answered || len(a.Suggestions) == 0 {
			t.Errorf("%q: %s, with %v", question, a.Status, a.Suggestions)
		}
		for _, next := range a.Suggestions {
			if seen[next.Question] {
				continue
			}
			seen[next.Question] = true
			b := ask(next.Question)
			if b.Status != model.Answered || b.Language != a.Language {
				t.Errorf("after %q, %q is %s in %q: %s", question, next.Question, b.Status, b.Language, b.Text)
			}
			for _, c := range b.Calls {
				if c.Approval != "" {
					t.Errorf("after %q, %q would write", question, next.Question)
				}
			}
		}
	}
	if a := ask("flurb the grobnix"); len(a.Suggestions) != 0 {
		t.Errorf("nothing was answered, and %v is offered", a.Suggestions)
	}
}
