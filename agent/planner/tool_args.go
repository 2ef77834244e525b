package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// part says which argument a slot or list of a form fills, and how it is read.
type part struct {
	slot, arg string
	kind      partKind
}

type partKind uint8

const (
	aGroup     partKind = iota // a formula; everyone is left out
	aWhole                     // a formula, everyone too
	aLabel                     // a label of a layer
	aTime                      // from and to
	aWindow                    // a window
	aLength                    // a duration such as 90d
	inDaysOf                   // a duration as a number of days
	aNumber                    // a whole number
	aPart                      // a percentage as a part of one
	aText                      // words as they were typed
	aFlag                      // true where it is said
	aLayer                     // the name of a layer
	someTraits                 // layers of traits
	aBreakdown                 // what groups are told apart by
	anOutcome                  // what is looked at afterwards
	aCampaign                  // a campaign of the data
	aPeriod                    // day, week, month, quarter or year
	someEvents                 // events by name
	aMember                    // whoever is in a segment
	isOverlap                  // what campaigns have in common, not each by itself
	someNames                  // words as they were typed
)

var (
	timePart   = part{"when", "", aTime}
	amongPart  = part{"among", "formula", aGroup}
	whosePart  = part{"who", "formula", aGroup}
	byPart     = part{"by", "by", aBreakdown}
	aimPart    = part{"outcome", "outcome", anOutcome}
	withinPart = part{"days", "days", inDaysOf}
	topPart    = part{"top", "top", aNumber}
	leastPart  = part{"least", "min_size", aNumber}
	onlyPart   = part{"traits", "layers", someTraits}
	perPart    = part{"per", "per", aPeriod}
	layerPart  = part{"somelayer", "layer", aLayer}
)

// partsOf are what the tools' arguments are filled from, in the order of
// reading.
var partsOf = map[string][]part{
	"explain_segment":       {{"who", "formula", aGroup}, {"other", "against", aGroup}, onlyPart, topPart},
	"compare_segments":      {{"who", "a", aWhole}, {"other", "b", aWhole}, onlyPart, topPart},
	"find_microsegments":    {whosePart, amongPart, onlyPart, {"goal", "goal", aText}, leastPart, {"most", "max_k", aNumber}, topPart},
	"propose_segments":      {{"goal", "goal", aText}, whosePart, amongPart, leastPart, topPart},
	"trace_migration":       {layerPart, {"who", "segment", aGroup}, {"label", "left", aLabel}, {"entered", "entered", aLabel}, {"out_of", "left", aMember}, {"into", "entered", aMember}, {"seg_left", "left", aMember}, {"seg_entered", "entered", aMember}, timePart, amongPart, {"why_too", "why", aFlag}, {"forecast", "predict", aFlag}, {"will", "predict", aFlag}},
	"trace_drift":           {layerPart, {"who", "segment", aGroup}, timePart, perPart, amongPart},
	"backtest_segment":      {{"who", "formula", aGroup}, {"other", "outcome", aGroup}, timePart, {"horizon", "horizon", aLength}, perPart},
	"review_segments":       {leastPart},
	"simulate_reengagement": {whosePart, amongPart, {"events", "events", someEvents}, withinPart, {"lastcall", "last_call", inDaysOf}, {"remove", "remove", inDaysOf}, timePart},
	"measure_effect":        {{"campaign", "campaign", aCampaign}, aimPart, withinPart, byPart, whosePart, amongPart, {"treated", "treated", aGroup}, {"date", "date", aTime}, {"arms", "held_out", someNames}, {"plainly", "plain", aFlag}},
	"recommend_actions":     {whosePart, amongPart, byPart, aimPart, withinPart},
	"plan_test":             {whosePart, amongPart, aimPart, withinPart, {"lift", "lift", aPart}, {"power", "power", aPart}, {"holdout", "hold_out", aPart}, {"arms", "held_out", someNames}, {"name", "name", aText}},
	"review_contacts":       {whosePart, amongPart, {"when", "window", aWindow}, {"overlapping", "show", isOverlap}, {"overlaps", "show", isOverlap}, {"more", "more", aNumber}},
}

// ofCampaigns are the tools that tell of nothing but what was sent to customers
// or tried on them.
var ofCampaigns = map[string]bool{"measure_effect": true, "recommend_actions": true, "review_contacts": true}

// needsSomeone are the tools whose group leaves somebody out: nothing sets
// everyone apart.
var needsSomeone = map[string]bool{"explain_segment": true, "trace_drift": true, "backtest_segment": true, "trace_migration": true}

// newArgs are the arguments of a tool with forms in groups.yaml.
func newArgs(tool string) any {
	switch tool {
	case "explain_segment":
		return &tools.ExplainSegmentArgs{}
	case "compare_segments":
		return &tools.CompareSegmentsArgs{}
	case "find_microsegments":
		return &tools.FindMicrosegmentsArgs{}
	case "propose_segments":
		return &tools.ProposeSegmentsArgs{}
	case "trace_migration":
		return &tools.TraceMigrationArgs{}
	case "trace_drift":
		return &tools.TraceDriftArgs{}
	case "backtest_segment":
		return &tools.BacktestSegmentArgs{}
	case "review_segments":
		return &tools.ReviewSegmentsArgs{}
	case "simulate_reengagement":
		return &tools.SimulateReengagementArgs{}
	case "measure_effect":
		return &tools.MeasureEffectArgs{}
	case "recommend_actions":
		return &tools.RecommendActionsArgs{}
	case "plan_test":
		return &tools.PlanTestArgs{}
	case "review_contacts":
		return &tools.ReviewContactsArgs{}
	}
	return nil
}

// typed puts arguments by name into those of a tool, so that they are written
// in its order; nil where they do not fit.
func typed(tool string, args map[string]any) any {
	raw, err := json.Marshal(args)
	if err != nil {
		return nil
	}
	into := newArgs(tool)
	if into == nil || json.Unmarshal(raw, into) != nil {
		return nil
	}
	return into
}

// groups reads a form of groups.yaml: each part that was said, put into the
// arguments, which are those of the last call where the form changes that.
func (a *asking) ofGroups() bool {
	tool := a.form.tool
	switch tool {
	case whyLeft:
		return a.whyLeft()
	case makeReport:
		if a.has("who") && (!a.persons(a.text("who")) || a.group(a.text("who"), a.found.spans["who"], "").formula == "") {
			return false // of figures, which are told
		}
		return a.withDecision(&model.Decision{Status: model.Cannot, Reason: model.ByCommand, Params: map[string]string{"tool": "tesela report NAME|ANSWER --out FILE.html"}})
	}
	args := map[string]any{}
	if a.form.follows {
		last := lastCallOf(a.r.Messages[:a.q])
		if last == nil || json.Unmarshal(last.Args, &args) != nil {
			return false
		}
	}
	a.note = nil
	for _, p := range partsOf[tool] {
		if !a.has(p.slot) {
			continue
		}
		if !a.fill(args, p) {
			return false
		}
	}
	if !a.whole(args) || len(args) == 0 && a.form.follows {
		return false
	}
	for _, slot := range []string{"who", "other"} {
		if slot == "other" && tool == "compare_segments" && a.isRest(a.text(slot)) {
			return false
		}
		if a.form.weak && !a.form.follows && !a.has("group") && a.has(slot) && !a.persons(a.text(slot)) && !a.alike(args) {
			return false // what someone did, for all we know: "how orders developed"
		}
	}
	into := typed(tool, args)
	return into != nil && a.ask(into)
}

// whole tells whether a call has what it cannot do without, and no more than
// can be said at once. What follows "it" is the group of the last answer.
func (a *asking) whole(args map[string]any) bool {
	if ofCampaigns[a.form.tool] && args["treated"] == nil && a.p.ix.role("send") == "" && a.p.ix.role("trial") == "" && a.p.ix.role("campaign") == "" {
		return a.withDecision(&model.Decision{Status: model.Cannot, Reason: model.NoRole, Params: map[string]string{"role": "send", "word": "send", "field": "send"}})
	}
	switch a.form.tool {
	case "explain_segment", "backtest_segment":
		if args["formula"] == nil {
			if a.has("who") { // what everyone has, and others have not
				return a.unclear(a.text("who"))
			}
			f := a.lastGroup()
			if f == "" {
				return a.unclear(a.bareQuestion())
			}
			args["formula"] = f
		}
	case "compare_segments":
		if args["a"] == nil {
			f := a.lastGroup()
			if f == "" {
				return a.unclear(a.bareQuestion())
			}
			args["a"] = f
		}
		if args["b"] == nil || args["a"] == args["b"] {
			return a.unclear(a.bareQuestion())
		}
		if a.inOnePhrase("who", "other") {
			return false // "new vs returning customers" is a figure by its name
		}
		for _, p := range partsOf["compare_segments"][:2] {
			if text, _ := args[p.arg].(string); text == (&syntax.Everyone{}).String() && a.has(p.slot) {
				return a.unclear(a.text(p.slot)) // all, or those who are not the others
			}
		}
	case "trace_migration":
		if (a.has("seg_left") || a.has("seg_entered")) && args["why"] == nil && args["predict"] == nil {
			return false // who left is counted without it
		}
	case "propose_segments":
		goal, ok := args["goal"].(string)
		return ok && a.goalKnown(goal)
	case "trace_drift":
		if args["segment"] != nil && args["layer"] != nil {
			return false
		}
		if a.has("it") && args["segment"] == nil {
			f := a.lastGroup()
			if f == "" {
				return a.unclear(a.bareQuestion())
			}
			args["segment"] = f
		}
	}
	if a.has("theirs") && args["formula"] == nil { // "what do I offer them?"
		f := a.lastGroup()
		if f == "" {
			return a.unclear(a.bareQuestion())
		}
		args["formula"] = f
	}
	return true
}

// fill reads one part into the arguments.
func (a *asking) fill(args map[string]any, p part) bool {
	set := func(v any, ok bool) bool {
		if ok {
			args[p.arg] = v
		}
		return ok
	}
	switch p.kind {
	case aGroup, aWhole:
		f, ok := a.partGroup(p.slot)
		if _, all := parseOr(f).(*syntax.Everyone); ok && all && p.kind == aGroup {
			return !needsSomeone[a.form.tool] || p.slot != "who"
		}
		if before, said := args[p.arg].(string); ok && said && before != "" && (a.form.follows || p.slot == "among") {
			f = syntax.All(parseOr(before), parseOr(f)).String()
		}
		return set(f, ok)
	case aLabel:
		return a.labelled(args, p)
	case aTime:
		return a.span(args, p)
	case aText:
		t := a.text(p.slot)
		return set(t, t != "")
	case aMember:
		return set("in", true)
	case isOverlap:
		return set("overlap", true)
	case aFlag:
		return set(true, true)
	case aLayer:
		return set(a.saidLayer(), true)
	}
	v, ok := a.partValue(p)
	if !ok && p.kind == aCampaign && !a.has("campaignword") {
		return false // nobody said that it is one
	}
	if !ok && p.kind == aCampaign {
		d := unknownText(a.lang, a.text(p.slot))
		d.Nearest = a.campaignsNear(a.text(p.slot))
		return a.withDecision(d)
	}
	if !ok && a.err == nil {
		return a.unclear(a.text(p.slot))
	}
	return set(v, ok)
}

// whyLeft is the pseudo tool of why customers were lost, which no call tells
// alone: what those have in common, or what turned with them.
const whyLeft = "why_left"

// makeReport is the pseudo tool of a report to send on, which a command makes.
const makeReport = "make_report"

func (a *asking) whyLeft() bool {
	if a.p.ix.role("purchase") == "" {
		return false
	}
	gone := &syntax.Compare{Left: &syntax.Name{Name: "lifecycle"}, Op: syntax.Eq, Right: &syntax.Text{Value: "churned"}}
	d := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous}
	for _, c := range []struct {
		tool string
		args any
	}{
		{"explain_segment", tools.ExplainSegmentArgs{Formula: gone.String()}},
		{"trace_migration", tools.TraceMigrationArgs{Layer: "lifecycle", Entered: "churned", Why: true}},
	} {
		d.Choices = append(d.Choices, a.p.offer(a.lang, c.tool, marshal(c.args)))
	}
	return a.withDecision(d)
}

// alike tells whether two groups that are compared have each another value of
// one trait, and one of them says people: "Spain and Portugal customers".
func (a *asking) alike(args map[string]any) bool {
	if a.form.tool != "compare_segments" || !a.persons(a.text("who")) && !a.persons(a.text("other")) {
		return false
	}
	trait := func(arg string) string {
		text, _ := args[arg].(string)
		if c, ok := parseOr(text).(*syntax.Compare); ok && c.Op == syntax.Eq {
			name, named := c.Left.(*syntax.Name)
			if _, word := c.Right.(*syntax.Text); named && word {
				return name.Name
			}
		}
		return ""
	}
	return trait("a") != "" && trait("a") == trait("b")
}

// persons tells whether a text says people: as people does, or by a label or a
// word that is of women or men only.
func (a *asking) persons(text string) bool {
	if a.people(text) || a.labelGroup(text) != "" {
		return true
	}
	ps := a.parse(text)
	if ps == nil {
		return false
	}
	for i := range ps.toks {
		for _, n := range ps.cells[i][i+1] {
			if n.cat == cCust && n.cost < costFuzzy {
				return true
			}
			if n.cat == cVal && slices.ContainsFunc(n.vals, func(v valueRef) bool { return a.p.ix.concept(v.field) == "gender" }) && fold(ps.toks[i].text) != fold(a.p.ix.text(n.vals[0])) {
				return true
			}
		}
	}
	return false
}

// mostNearest is how many names are told that may be meant.
const mostNearest = 6

// partGroup is the group that a slot names.
func (a *asking) partGroup(slot string) (string, bool) {
	if a.form.tool == "backtest_segment" {
		if f := a.stage(a.text(slot)); f != "" {
			return f, true
		}
	}
	g := a.group(a.text(slot), a.found.spans[slot], "")
	if g.formula == "" {
		if f := a.labelGroup(a.text(slot)); f != "" {
			return f, true
		}
		if g.dec == nil {
			g.dec = unknownText(a.lang, a.text(slot))
		}
		return "", a.withDecision(g.dec)
	}
	a.note = with(a.note, g.note...)
	return g.formula, true
}

// stage is the group of a stage whose name a label of another layer has too:
// before customers are lost, which is a stage, the stage is meant. It is ""
// where the words are of no such label.
func (a *asking) stage(text string) string {
	list := a.labelsNamed(text)
	if len(list) < 2 || a.p.everyday(text, a.lang) {
		return ""
	}
	for _, l := range list {
		if !strings.EqualFold(l.label, list[0].label) {
			return ""
		}
	}
	for _, l := range list {
		if l.layer == "lifecycle" {
			return (&syntax.Compare{Left: &syntax.Name{Name: l.layer}, Op: syntax.Eq, Right: &syntax.Text{Value: l.label}}).String()
		}
	}
	return ""
}

// bareQuestion is the question without its marks.
func (a *asking) bareQuestion() string {
	from, to := a.toks[0].from, a.toks[len(a.toks)-1].to
	for _, t := range a.toks {
		if !isPause(t) {
			from = t.from
			break
		}
	}
	for i := len(a.toks) - 1; i >= 0; i-- {
		if !isPause(a.toks[i]) {
			to = a.toks[i].to
			break
		}
	}
	return a.question[from:to]
}

// regrouped is a call of groups.yaml with another group, nil where it is of
// none.
func regrouped(call model.Call, formula string) any {
	for _, p := range partsOf[call.Name] {
		if p.arg != "formula" {
			continue
		}
		args := map[string]any{}
		if json.Unmarshal(call.Args, &args) != nil {
			return nil
		}
		args["formula"] = formula
		return typed(call.Name, args)
	}
	return nil
}

// amongOf is the formula of those among whom a call of groups.yaml looks, ""
// for all.
func amongOf(call model.Call) string {
	var a struct {
		Formula string `json:"formula"`
	}
	if json.Unmarshal(call.Args, &a) != nil {
		return ""
	}
	return a.Formula
}
