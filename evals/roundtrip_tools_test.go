package evals_test

import (
	"tesela/tools"
)

// tool draws a call of the tools that take a segment, over any formula.
func (d *drawer) tool() (string, any) {
	f := d.formula()
	g := d.formula()
	maybe := ""
	if d.IntN(2) == 0 {
		maybe = f
	}
	from, to := "", ""
	if d.IntN(3) == 0 {
		from = "2025-01-01"
		if d.IntN(2) == 0 {
			to = "2025-04-01"
		}
	}
	name := "Leitores & más, round 2"
	tool, args := d.pick("save_segment", "tag_customers", "export_segment", "set_word", "explain_customer", "diff_segments", "check_sensitivity",
		"find_near_misses", "explain_segment", "compare_segments", "find_microsegments", "trace_migration", "trace_migration", "trace_drift",
		"backtest_segment", "score_rfm", "stage_lifecycle", "stage_engagement", "tier_value", "plan_test", "recommend_actions"), any(nil)
	switch tool {
	case "save_segment":
		args = tools.SaveSegmentArgs{Name: name, Formula: f}
	case "tag_customers":
		args = tools.TagCustomersArgs{Tag: name, Formula: f}
	case "export_segment":
		args = tools.ExportSegmentArgs{Formula: f, Format: d.pick("csv", "json")}
	case "set_word":
		args = tools.SetWordArgs{Word: name, Meaning: f}
	case "explain_customer":
		args = tools.ExplainCustomerArgs{Customer: "A-17", Formula: f}
	case "diff_segments":
		args = tools.DiffSegmentsArgs{From: f, To: g}
	case "check_sensitivity":
		args = tools.CheckSensitivityArgs{Formula: f}
	case "find_near_misses":
		args = tools.FindNearMissesArgs{Formula: f}
	case "explain_segment":
		args = tools.ExplainSegmentArgs{Formula: f, Top: d.IntN(2) * 5}
	case "compare_segments":
		args = tools.CompareSegmentsArgs{A: f, B: g}
	case "find_microsegments":
		args = tools.FindMicrosegmentsArgs{Formula: maybe, MinSize: d.IntN(2) * 60}
	case "trace_migration":
		args = tools.TraceMigrationArgs{Segment: f, From: from, To: to}
		if d.IntN(2) == 0 {
			a := tools.TraceMigrationArgs{Layer: "lifecycle", Left: d.pick("active", "star", "new"), From: from, To: to, Formula: maybe}
			if d.IntN(2) == 0 {
				a.Entered = d.pick("churned", "at risk", "reactivated")
			}
			args = a
		}
	case "trace_drift":
		args = tools.TraceDriftArgs{Segment: f, Per: d.pick("", "week", "quarter"), From: from, To: to}
	case "backtest_segment":
		args = tools.BacktestSegmentArgs{Formula: f, Outcome: g, Horizon: d.pick("", "60d")}
	case "score_rfm":
		args = tools.ScoreRFMArgs{Formula: maybe, Window: d.pick("", "last 1y")}
	case "stage_lifecycle":
		args = tools.StageLifecycleArgs{Formula: maybe}
	case "stage_engagement":
		args = tools.StageEngagementArgs{Formula: maybe, Window: d.pick("", "last 90d")}
	case "tier_value":
		args = tools.TierValueArgs{Formula: maybe, TopPercent: d.IntN(2) * 10, Window: d.pick("", "2025")}
	case "plan_test":
		args = tools.PlanTestArgs{Formula: maybe, Days: d.IntN(2) * 14}
	case "recommend_actions":
		args = tools.RecommendActionsArgs{Formula: maybe, By: []string{"rfm"}}
	}
	if d.kind = tool; tool == "recommend_actions" && d.cat.Roles["send"] == "" {
		return "find_near_misses", tools.FindNearMissesArgs{Formula: f} // nothing was done to anybody
	}
	return tool, args
}
