package planner

import (
	"encoding/json"
	"slices"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// others is everyone who is not of the group just told of. Where that group
// has several conditions, it may be all others, or those who differ in the last
// one only: that is asked back.
func (a *amending) others() ([]model.Call, *model.Decision) {
	formula := groupOf(a.last)
	if formula == "" || a.last.Name != "count_segment" && a.last.Name != "list_customers" {
		return nil, nil
	}
	f := parseOr(formula)
	if _, all := f.(*syntax.Everyone); all {
		return nil, nil
	}
	not := func(f syntax.Formula) syntax.Formula {
		if n, is := f.(*syntax.Not); is {
			return n.X
		}
		return &syntax.Not{X: f}
	}
	parts := factors(f)
	if len(parts) == 1 {
		return a.one("count_segment", tools.CountSegmentArgs{Formula: clean(not(f))})
	}
	n := len(parts) - 1
	if a.added() == n {
		return a.one("count_segment", tools.CountSegmentArgs{Formula: clean(syntax.All(append(slices.Clone(parts[:n]), not(parts[n]))...))})
	}
	near := syntax.All(append(slices.Clone(parts[:n]), not(parts[n]))...)
	d := a.asks(model.Ambiguous)
	for _, f := range []syntax.Formula{near, not(f)} {
		d.Choices = append(d.Choices, a.p.offer(a.lang, "count_segment", marshal(tools.CountSegmentArgs{Formula: clean(f)})))
	}
	return nil, d
}

// added is how many conditions the question before the last had, where the last
// one only added one more to them; else -1.
func (a *amending) added() int {
	var groups []string
	for _, t := range slices.Backward(a.turns) {
		if calls := t.calls(); len(calls) == 1 {
			groups = append(groups, groupOf(calls[0]))
		}
		if len(groups) == 2 {
			break
		}
	}
	if len(groups) < 2 || groups[1] == "" {
		return -1
	}
	now, was := factors(parseOr(groups[0])), factors(parseOr(groups[1]))
	if len(now) != len(was)+1 {
		return -1
	}
	for i, f := range was {
		if f.String() != now[i].String() {
			return -1
		}
	}
	return len(was)
}

// clean is a formula as it is written.
func clean(f syntax.Formula) string {
	if again, err := syntax.Parse(f.String()); err == nil {
		return again.String()
	}
	return f.String()
}

// regroup breaks the last figures down by something, beside what they are
// broken down by already or in its place.
func (a *amending) regroup(beside bool) ([]model.Call, *model.Decision) {
	calls := a.follow(a.p.talk[a.said.lang].frame("by", a.said.slot("who")))
	if len(calls) != 1 || calls[0].Name == a.last.Name && sameArgs(calls[0].Args, a.last.Args) {
		return nil, nil
	}
	var was, now tools.MeasureArgs
	if !beside || calls[0].Name != "measure" || a.last.Name != "measure" || json.Unmarshal(a.last.Args, &was) != nil || json.Unmarshal(calls[0].Args, &now) != nil {
		return calls, a.answers("", nil)
	}
	with := was
	with.GroupBy = slices.Clone(was.GroupBy)
	for _, g := range now.GroupBy {
		if !slices.Contains(with.GroupBy, g) {
			with.GroupBy = append(with.GroupBy, g)
		}
	}
	if now.Per != "" {
		with.Per = now.Per
	}
	with.Top, with.Order = 0, ""
	return a.one("measure", with)
}

// sort lists the group just told of by something.
func (a *amending) sort() ([]model.Call, *model.Decision) {
	formula := groupOf(a.last)
	if formula == "" {
		return nil, nil
	}
	text := a.said.slot("text")
	if text == "" {
		text = a.said.slot("who")
	}
	calls, dec := a.readAlone(a.p.talk[a.said.lang].frame("ranked", text))
	var by, was tools.ListCustomersArgs
	if dec == nil || len(calls) != 1 || calls[0].Name != "list_customers" || json.Unmarshal(calls[0].Args, &by) != nil || by.By == "" {
		return nil, nil
	}
	if a.last.Name == "list_customers" && json.Unmarshal(a.last.Args, &was) == nil {
		formula, by.With = was.Formula, was.With
		if was.Limit > 0 {
			by.Limit = was.Limit
		}
	}
	by.Formula, by.Ascending = formula, a.said.kind == "sort_up"
	return a.one("list_customers", by)
}

// readAlone reads a text as a question without anything before it.
func (a *amending) readAlone(text string) ([]model.Call, *model.Decision) {
	r := a.r
	r.Messages = []model.Message{{Role: model.Assistant, Reply: &model.Decision{Language: a.said.lang}}, {Role: model.User, Text: text}}
	calls, dec, err := a.p.read(a.ctx, r, 1)
	if err != nil {
		a.err = err
	}
	if dec == nil || dec.Status != model.Answered {
		return nil, nil
	}
	return calls, dec
}

// turn shows the other end of a ranking, or so many of it.
func (a *amending) turn() ([]model.Call, *model.Decision) {
	up := a.said.kind != "best"
	n := 0
	if a.said.kind == "worst_n" {
		if n = a.p.smallNumber(a.said.slot("n"), a.said.lang); n == 0 {
			return nil, nil
		}
	}
	switch a.last.Name {
	case "measure":
		var m tools.MeasureArgs
		if json.Unmarshal(a.last.Args, &m) != nil || len(m.GroupBy) == 0 {
			return nil, nil
		}
		m.Order = ""
		if up {
			m.Order = "asc"
		}
		if n > 0 {
			m.Top = n
		}
		return a.one("measure", m)
	case "list_customers":
		var l tools.ListCustomersArgs
		if json.Unmarshal(a.last.Args, &l) != nil || l.By == "" {
			return nil, nil
		}
		l.Ascending = up
		if n > 0 {
			l.Limit = n
		}
		return a.one("list_customers", l)
	}
	return nil, nil
}

// share gives the figures as parts of the whole; a count of customers has its
// share beside it already.
func (a *amending) share() ([]model.Call, *model.Decision) {
	switch a.last.Name {
	case "count_segment":
		return []model.Call{{ID: "1", Name: a.last.Name, Args: a.last.Args}}, a.answers("", nil)
	case "measure":
		var m tools.MeasureArgs
		if json.Unmarshal(a.last.Args, &m) != nil || len(m.GroupBy) == 0 && m.Per == "" {
			return nil, nil
		}
		m.Shares = true
		return a.one("measure", m)
	}
	return nil, nil
}

// compare sets what was just told beside another time or group.
func (a *amending) compare() ([]model.Call, *model.Decision) {
	who := a.said.slot("who")
	calls := a.follow(a.earlier(who))
	if len(calls) == 0 {
		calls = a.follow(who)
	}
	if len(calls) == 0 {
		// "and the year before" is of the time of the question.
		calls = a.readFollowing(a.p.talk[a.said.lang].frame("and", who))
	}
	if len(calls) != 1 || calls[0].Name != a.last.Name || sameArgs(calls[0].Args, a.last.Args) {
		return nil, nil
	}
	calls[0].ID = "2"
	return []model.Call{{ID: "1", Name: a.last.Name, Args: a.last.Args}, calls[0]}, a.answers("", nil)
}

// correct puts one thing in the place of another: "I said Portugal, not Spain".
func (a *amending) correct() ([]model.Call, *model.Decision) {
	who, not := a.said.slot("who"), a.said.slot("text")
	_, plain := a.said.spans["said"]
	if a.said.kind == "correct_back" {
		at, end := a.said.spans["text"], a.said.spans["who"]
		_, but := a.said.spans["but"]
		between := end[0] > at[1] && a.said.toks[at[1]].kind == tokBreak
		if at[0] > 0 && a.said.toks[at[0]-1].kind == tokBreak || !but && !between {
			return nil, nil // "no, the last 30 days" denies nothing in it
		}
	}
	before := a.follow(not)
	was := len(before) == 1 && before[0].Name == a.last.Name && sameArgs(before[0].Args, a.last.Args)
	if !was && !plain {
		return nil, nil
	}
	calls := a.follow(who)
	if len(calls) != 1 || calls[0].Name == a.last.Name && sameArgs(calls[0].Args, a.last.Args) {
		return nil, nil
	}
	if _, values := a.named(not); len(values) > 0 {
		// What was not meant goes, also where it is of another field.
		b := *a
		b.last = calls[0]
		if again, dec := b.drop(not); dec != nil {
			return again, dec
		}
	}
	return calls, a.answers("", nil)
}
