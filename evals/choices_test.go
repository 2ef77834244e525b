package evals_test

import (
	"slices"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/evals"
)

// What stands beside a reading must be what picking it answers.
func TestChoicesComeToTheirFigures(t *testing.T) {
	suites, err := evals.Find(evals.Shipped()...)
	if err != nil {
		t.Fatal(err)
	}
	var figures, choices int
	for _, world := range []string{"casino", "hotel", "traps"} {
		d, err := evals.Open(t.Context(), world)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		answer := func(question string) *agent.Answer {
			talk := agent.New(agent.Config{Tools: d.Box, Model: d.Model, AsOf: d.AsOf, Catalogue: d.Catalogue, Restate: d.Restate, Person: true})
			var a *agent.Answer
			for e, err := range talk.Ask(t.Context(), question) {
				if err != nil {
					t.Fatal(err)
				}
				a = e.Answer
			}
			return a
		}
		for _, s := range suites {
			if s.Data != world || strings.Contains(s.Name, "groups") {
				continue
			}
			for _, c := range s.Cases {
				if len(c.Turns) > 1 {
					continue
				}
				a := answer(c.Turns[0])
				if a.Status != model.Clarify {
					continue
				}
				lang, err := wording.For(a.Language)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range a.Choices {
					choices++
					if o.Figure == "" {
						continue
					}
					figures++
					picked := answer(o.Question)
					var got []string
					for _, call := range picked.Calls {
						if call.Result != nil {
							got = append(got, lang.Short(wording.Call{Tool: call.Tool, Args: call.Args, Result: call.Result}))
						}
					}
					if !slices.Equal(got, []string{o.Figure}) {
						t.Errorf("%s: %s stands at %q; asked, it is %s %q", c.ID, o.Figure, o.Question, picked.Status, got)
					}
				}
			}
		}
	}
	if figures < 40 || figures*2 < choices {
		t.Errorf("of %d choices only %d have figures", choices, figures)
	}
}
