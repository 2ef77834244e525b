package planner

import "tesela/tools"

// layer shows how customers spread over the labels of a layer: "RFM of the
// Spanish customers".
func (s *parts) layer() bool {
	if len(s.layers) > 1 || len(s.meas)+len(s.groups)+len(s.wins)+len(s.ranks)+len(s.fields)+len(s.byValue)+len(s.filters)+len(s.stats) > 0 || s.limit > 0 {
		return false
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	formula := ""
	if f != nil {
		formula = f.String()
	}
	switch s.layers[0].attr {
	case "rfm":
		s.plan.tool, s.plan.args = "score_rfm", tools.ScoreRFMArgs{Formula: formula}
	case "lifecycle":
		s.plan.tool, s.plan.args = "stage_lifecycle", tools.StageLifecycleArgs{Formula: formula}
	case "engagement":
		s.plan.tool, s.plan.args = "stage_engagement", tools.StageEngagementArgs{Formula: formula}
	case "value_tier":
		s.plan.tool, s.plan.args = "tier_value", tools.TierValueArgs{Formula: formula}
	default:
		return false
	}
	return true
}
