package planner

import (
	"encoding/json"
	"regexp"
	"slices"

	"tesela/agent/model"
	"tesela/tools"
)

// restated reads a question that is, word by word, what some call is said as:
// a restatement that is asked again, or a choice that was offered. Nothing of
// it is a guess. ok is false for every other question.
func (p *Planner) restated(r model.Request, q int, lang string) (calls []model.Call, dec *model.Decision, ok bool, err error) {
	for _, l := range append([]string{lang}, languages...) {
		tool, args, ok := p.say.Read(l, r.Messages[q].Text, p.ix.cat, p.ix.holds)
		if !ok || p.ix.tellsNone(args) || tool == "measure" && (onceOfEach.Match(args) || nobodysRows.Match(args) || p.ix.items() != "items" && rowsSold.Match(args)) {
			continue
		}
		return p.allowed(r, &model.Call{ID: "1", Name: tool, Args: json.RawMessage(args)}, &model.Decision{Status: model.Answered, Language: l})
	}
	return nil, nil, false, nil
}

// onceOfEach finds measures that people say otherwise than they are meant: the
// "first order by month" is who is new, not when the first of all was.
var onceOfEach = regexp.MustCompile(`"(first|last|earliest|latest)\(`)

// rowsSold finds the measure that counts rows where the role of a quantity is
// not given: "units sold" are those of the quantity all the same.
var rowsSold = regexp.MustCompile(`"items"`)

// nobodysRows finds customers filtered as rows are, which no call does:
// "customers without a coupon" are people.
var nobodysRows = regexp.MustCompile(`"measures":\["customers"\].*"where":`)

// restatedWho counts the people that a text describes in the very words of a
// restatement.
func (p *Planner) restatedWho(text, lang string) ([]model.Call, bool) {
	f, ok := p.say.Who(lang, text, p.ix.cat, p.ix.holds)
	if !ok || p.ix.tellsNone([]byte(f.String())) {
		return nil, false
	}
	raw, err := json.Marshal(tools.CountSegmentArgs{Formula: f.String()})
	return []model.Call{{ID: "1", Name: "count_segment", Args: raw}}, err == nil
}

// holds tells whether a trait (event "") or a property has a value, as it is
// written.
func (ix *index) holds(event, name, value string) bool {
	fi := ix.find(event, name)
	return fi >= 0 && slices.ContainsFunc(ix.value(fold(value)), func(v valueRef) bool { return v.field == fi && ix.text(v) == value })
}
