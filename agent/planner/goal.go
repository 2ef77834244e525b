package planner

import (
	"tesela/agent/model"
	"tesela/tools"
)

// goalKnown tells whether a goal is one that groups can be proposed for; if not
// it asks, with those that are near.
func (a *asking) goalKnown(text string) bool {
	near, known, err := tools.NearGoals(a.lang, text)
	if err != nil || known {
		return true // the tool says what is wrong
	}
	d := unknownText(a.lang, text)
	for _, goal := range near {
		said, _ := a.p.say.Call(a.lang, "propose_segments", marshal(tools.ProposeSegmentsArgs{Goal: goal}), a.p.ix.cat)
		d.Choices = append(d.Choices, model.Choice{Label: goal, Question: said})
	}
	return a.withDecision(d)
}
