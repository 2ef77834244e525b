package planner

import (
	"context"
	"encoding/json"
	"slices"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// followTool reads a question that changes the group of the last one, where
// that was asked of a tool about a group ("only Germany", after the RFM of
// all): as a change of a count of the group, put back into the tool's call.
func (p *Planner) followTool(ctx context.Context, ps *parse, history []model.Message, plans []*plan) []*plan {
	last := lastCallOf(history)
	if list := listBefore(history); list != nil && ps.limitsSoon() { // "only women": of the list that the customer was taken from
		return p.followUp(ctx, ps, []model.Message{{Role: model.Assistant, Calls: []model.Call{*list}}}, plans)
	}
	if last == nil || !isLayerTool(last.Name) && last.Name != "check_sensitivity" && last.Name != "find_near_misses" && last.Name != "explain_customer" && !asksOfGroups(last.Name) {
		return p.followUp(ctx, ps, history, plans)
	}
	formula := groupOf(*last)
	if asksOfGroups(last.Name) {
		formula = amongOf(*last)
	}
	if formula == "" {
		formula = (&syntax.Everyone{}).String()
	}
	list := p.followUp(ctx, ps, []model.Message{{Role: model.Assistant, Calls: []model.Call{{ID: "1", Name: "count_segment", Args: marshal(tools.CountSegmentArgs{Formula: formula})}}}}, plans)
	for _, pl := range list {
		a, ok := pl.args.(tools.CountSegmentArgs)
		if !ok || pl.tool != "count_segment" || len(pl.unknown) > 0 {
			continue
		}
		if args := withFormula(*last, a.Formula); args != nil {
			pl.tool, pl.args = last.Name, args
		}
	}
	return list
}

// limitsSoon tells whether a word that limits stands at the beginning: "better
// only women".
func (p *parse) limitsSoon() bool {
	for i := range min(3, len(p.toks)) {
		if slices.ContainsFunc(p.lex.exact[p.toks[i].folded], func(e entry) bool { return e.cat == "only" }) {
			return true
		}
	}
	return false
}

// withFormula is a call's arguments with another group, nil where it has none.
func withFormula(call model.Call, formula string) any {
	switch call.Name {
	case "score_rfm":
		var a tools.ScoreRFMArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	case "stage_lifecycle":
		var a tools.StageLifecycleArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	case "stage_engagement":
		var a tools.StageEngagementArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	case "tier_value":
		var a tools.TierValueArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	case "check_sensitivity":
		return tools.CheckSensitivityArgs{Formula: formula} // the thresholds are others now
	case "find_near_misses":
		var a tools.FindNearMissesArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	case "explain_customer":
		var a tools.ExplainCustomerArgs
		if json.Unmarshal(call.Args, &a) == nil {
			a.Formula = formula
			return a
		}
	default:
		return regrouped(call, formula)
	}
	return nil
}

// layerTables asks a layer's own tool for customers by that layer and nothing
// else, so that both ways to read it are one.
func layerTables(plans []*plan) []*plan {
	for _, pl := range plans {
		a, ok := pl.args.(tools.MeasureArgs)
		if !ok || !pl.whole() || pl.beside != nil || len(a.Measures) != 1 || a.Measures[0] != "customers" || len(a.GroupBy) != 1 ||
			a.Where != "" || a.Window != "" || a.Per != "" || a.Top != 0 || a.Order != "" || a.Shares {
			continue
		}
		switch a.GroupBy[0] {
		case "rfm":
			pl.tool, pl.args = "score_rfm", tools.ScoreRFMArgs{Formula: a.Formula}
		case "lifecycle":
			pl.tool, pl.args = "stage_lifecycle", tools.StageLifecycleArgs{Formula: a.Formula}
		case "engagement":
			pl.tool, pl.args = "stage_engagement", tools.StageEngagementArgs{Formula: a.Formula}
		case "value_tier":
			pl.tool, pl.args = "tier_value", tools.TierValueArgs{Formula: a.Formula}
		}
	}
	return dedupe(plans)
}
