package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// change reads a change of one thing of the last question that more than a
// value or a time says: a filter goes, another breakdown comes in, the order is
// turned round.
func (t *talking) change() ([]model.Call, *model.Decision) {
	last := lastCallOf(t.r.Messages[:t.q])
	if unanswered(t.r.Messages[:t.q]) {
		last = nil // what it changes was not answered; the one before is not meant
	}
	if list := listBefore(t.r.Messages[:t.q]); last != nil && list != nil {
		last = list // whoever was told of in between
	}
	var calls []model.Call
	var dec *model.Decision
	unfit := false
	t.p.talkOf(t.question, t.lang, true, func(s *said) bool {
		if last == nil {
			// Nothing to change, unless it says more than that.
			if !s.weak && slices.Contains(bareChanges, s.kind) && !t.standsAlone() {
				dec = t.asks(model.NothingBefore)
			}
			return dec != nil
		}
		a := &amending{talking: t, said: s, last: *last}
		calls, dec = a.apply()
		if dec == nil && t.err == nil && !s.weak && slices.Contains(bareChanges, s.kind) {
			unfit = true
		}
		return dec != nil || t.err != nil
	})
	if dec == nil && last != nil && t.err == nil {
		calls, dec = t.placed(last)
	}
	if dec == nil && unfit && t.err == nil && !t.standsAlone() {
		dec = t.unfit(*last)
	}
	return calls, dec
}

// bareChanges are the changes that say nothing where there is nothing to change.
var bareChanges = []string{"drop_time", "drop", "others", "worst", "best", "reverse", "mean", "total", "share", "sort", "sort_up", "place", "why_place", "why_moved", "count_them"}

// standsAlone tells whether the words are a question of their own all the same.
func (t *talking) standsAlone() bool {
	r := t.r
	r.Messages = []model.Message{{Role: model.Assistant, Reply: &model.Decision{Language: t.lang}}, {Role: model.User, Text: t.question}}
	calls, dec, err := t.p.read(t.ctx, r, 1)
	return err == nil && dec != nil && dec.Status == model.Answered && len(calls) > 0
}

// unfit says that the last question cannot be changed so, and what it was.
func (t *talking) unfit(last model.Call) *model.Decision {
	d := t.asks(model.DoesNotFit)
	text, _ := t.p.say.Call(t.lang, last.Name, last.Args, t.p.ix.cat)
	d.Params = map[string]string{"last": text}
	return d
}

// amending is a change being made.
type amending struct {
	*talking
	said *said
	last model.Call
}

func (a *amending) apply() ([]model.Call, *model.Decision) {
	switch a.said.kind {
	case "drop_time":
		return a.ofGroup(func(f syntax.Formula) (syntax.Formula, bool) { return timeless(f) }, func(m *tools.MeasureArgs) bool {
			had := m.Window != ""
			m.Window = ""
			return had
		})
	case "drop":
		return a.dropOr(a.said.slot("field"))
	case "others":
		return a.others()
	case "add_group":
		return a.regroup(true)
	case "group":
		return a.regroup(false)
	case "sort", "sort_up":
		return a.sort()
	case "worst", "best", "worst_n":
		return a.turn()
	case "reverse":
		return a.reverse()
	case "mean", "total":
		return a.figure()
	case "worth":
		return a.worth()
	case "why_moved":
		return a.moved()
	case "share":
		return a.share()
	case "compare":
		return a.compare()
	case "resize":
		return a.resize()
	case "correct", "correct_back":
		return a.correct()
	case "count_them":
		if f := groupOf(a.last); f != "" {
			return a.one("count_segment", tools.CountSegmentArgs{Formula: f})
		}
	case "why": // what sets those people apart is all that can be said of it
		f := groupOf(a.last)
		if _, all := parseOr(f).(*syntax.Everyone); all || a.last.Name != "count_segment" && a.last.Name != "list_customers" {
			return a.moved()
		}
		return a.one("explain_segment", tools.ExplainSegmentArgs{Formula: f})
	case "list_with":
		return a.listWith()
	case "place", "why_place":
		return a.place()
	}
	return nil, nil
}

// follow reads a text as a plain change of the last question.
func (a *amending) follow(text string) []model.Call {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return a.readFollowing(a.p.talk[a.said.lang].frame("follow", text))
}

// readFollowing reads a text as what follows the last question.
func (a *amending) readFollowing(text string) []model.Call {
	r := a.r
	r.Messages = append(slices.Clone(a.r.Messages[:a.q]), model.Message{Role: model.User, Text: text})
	calls, dec, err := a.p.read(a.ctx, r, a.q)
	if err != nil {
		a.err = err
	}
	if dec == nil || dec.Status != model.Answered {
		return nil
	}
	return calls
}

// one is a call with other arguments as the answer.
func (a *amending) one(tool string, args any) ([]model.Call, *model.Decision) {
	return []model.Call{{ID: "1", Name: tool, Args: marshal(args)}}, a.answers("", nil)
}

// ofGroup changes the formula of the last call, and of a measure more than
// that; false from both is no change.
func (a *amending) ofGroup(group func(syntax.Formula) (syntax.Formula, bool), of func(*tools.MeasureArgs) bool) ([]model.Call, *model.Decision) {
	switch a.last.Name {
	case "count_segment":
		var args tools.CountSegmentArgs
		if json.Unmarshal(a.last.Args, &args) != nil {
			return nil, nil
		}
		f, done := group(parseOr(args.Formula))
		if !done {
			return nil, nil
		}
		args.Formula = f.String()
		return a.one(a.last.Name, args)
	case "list_customers":
		var args tools.ListCustomersArgs
		if json.Unmarshal(a.last.Args, &args) != nil {
			return nil, nil
		}
		f, done := group(parseOr(args.Formula))
		args.Formula = f.String()
		if v, err := syntax.ParseValue(args.By); err == nil && args.By != "" && a.said.kind == "drop_time" {
			syntax.Walk(v, func(n syntax.Node) bool {
				if c, ok := n.(*syntax.Call); ok && c.Window != nil {
					c.Window, done = nil, true
				}
				return true
			})
			args.By = v.String()
		}
		if !done {
			return nil, nil
		}
		return a.one(a.last.Name, args)
	case "measure":
		var args tools.MeasureArgs
		if json.Unmarshal(a.last.Args, &args) != nil {
			return nil, nil
		}
		f, done := group(parseOr(args.Formula))
		if args.Formula = f.String(); args.Formula == (&syntax.Everyone{}).String() {
			args.Formula = ""
		}
		if !of(&args) && !done {
			return nil, nil
		}
		return a.one(a.last.Name, args)
	}
	formula := groupOf(a.last)
	if asksOfGroups(a.last.Name) {
		formula = amongOf(a.last)
	}
	f, done := group(parseOr(formula))
	if !done {
		return nil, nil
	}
	if args := withFormula(a.last, f.String()); args != nil {
		return a.one(a.last.Name, args)
	}
	return nil, nil
}

// timeless lets each event of a formula be of any time.
func timeless(f syntax.Formula) (syntax.Formula, bool) {
	again, had := parseOr(f.String()), false
	syntax.Walk(again, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok && c.Window != nil {
			c.Window, had = nil, true
		}
		return true
	})
	return again, had
}

// drop takes out what a field, a value or a kind of condition filters by.
func (a *amending) drop(text string) ([]model.Call, *model.Decision) {
	names, values := a.named(text)
	if len(names)+len(values) == 0 {
		values = a.sharing(text)
	}
	if len(names)+len(values) == 0 {
		return a.dropTime(text)
	}
	if calls, dec := a.fewer(values); dec != nil {
		return calls, dec
	}
	out := func(n syntax.Node, event string) bool { return a.tests(n, event, names, values) }
	return a.ofGroup(func(f syntax.Formula) (syntax.Formula, bool) { return lacking(f, out) }, func(m *tools.MeasureArgs) bool {
		w, err := syntax.ParseFilter(m.Where)
		if m.Where == "" || err != nil {
			return false
		}
		event := ""
		if ps := a.chart(text); ps != nil {
			event = ps.measuredEvent(m.Measures)
		}
		left, done := lackingIn(w, event, out)
		m.Where = ""
		if left != nil {
			m.Where = left.String()
		}
		return done
	})
}

// chart is the chart of a text; nil where it has none.
func (a *amending) chart(text string) *parse {
	toks := tokenize(text)
	if len(toks) == 0 || len(toks) > maxTokens {
		return nil
	}
	var others []*lexicon
	for _, l := range languages {
		if l != a.said.lang {
			others = append(others, a.p.lexicons[l])
		}
	}
	ps := newParse(toks, a.p.lexicons[a.said.lang], others, a.p.ix, a.r.AsOf, a.zone)
	if a.err = ps.build(a.ctx); a.err != nil {
		return nil
	}
	return ps
}

// named are the fields and the values that a text names as a whole.
func (a *amending) named(text string) (fields map[int]bool, values map[string]bool) {
	ps := a.chart(text)
	if ps == nil {
		return nil, nil
	}
	fields, values = map[int]bool{}, map[string]bool{}
	for _, n := range ps.cells[0][len(ps.toks)] {
		switch n.cat {
		case cField:
			for _, f := range n.fields {
				fields[f] = true
			}
		case cVal:
			for _, v := range n.vals {
				values[ps.ix.text(v)] = true
			}
		case cCond, cClause: // "age", "consent": fields that are conditions by themselves
			if n.cond != nil {
				for i, f := range a.p.ix.fields {
					if f.event == "" && traitOf(n.cond) == f.name {
						fields[i] = true
					}
				}
			}
		}
	}
	return fields, values
}

// tests tells whether a condition is on one of the fields or has one of the
// values; event is that of the rows it is on, "" for customers.
func (a *amending) tests(n syntax.Node, event string, fields map[int]bool, values map[string]bool) bool {
	hit := false
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			return false // its rows' conditions are looked at one by one
		case *syntax.Name:
			for i := range fields {
				f := a.p.ix.fields[i]
				hit = hit || f.name == n.Name && f.event == event
			}
		case *syntax.Text:
			hit = hit || values[n.Value]
		}
		return true
	})
	return hit
}

// lacking leaves the conditions out of a formula that out tells, of customers
// and of rows; done is false where there are none.
func lacking(f syntax.Formula, out func(n syntax.Node, event string) bool) (syntax.Formula, bool) {
	again, done := parseOr(f.String()), false
	syntax.Walk(again, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Call)
		if !ok || c.Where == nil {
			return true
		}
		left, gone := lackingIn(c.Where, c.Event, out)
		c.Where, done = left, done || gone
		return true
	})
	left, gone := lackingIn(again, "", out)
	if left == nil {
		left = &syntax.Everyone{}
	}
	return left, done || gone
}

// lackingIn does so among the parts of an and; nil where none is left.
func lackingIn(f syntax.Formula, event string, out func(n syntax.Node, event string) bool) (syntax.Formula, bool) {
	var left []syntax.Formula
	parts := factors(f)
	for _, x := range parts {
		if !out(x, event) {
			left = append(left, x)
		}
	}
	if len(left) == len(parts) {
		return f, false
	}
	if len(left) == 0 {
		return nil, true
	}
	return syntax.All(left...), true
}

// factors are the conditions that must all hold.
func factors(f syntax.Formula) []syntax.Formula {
	if a, ok := f.(*syntax.And); ok {
		return a.Factors
	}
	return []syntax.Formula{f}
}
