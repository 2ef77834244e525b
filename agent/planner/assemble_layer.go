package planner

import (
	"tesela/segment/syntax"
	"tesela/tools"
)

// layer shows how customers spread over the labels of a layer: "RFM of the
// Spanish customers".
func (s *parts) layer() bool {
	for ask, asked := range s.asks {
		switch ask {
		case "ask_count", "ask_list", "ask_what", "ask_compare":
		default:
			if asked {
				return false // the most, a share or a course of time is another question
			}
		}
	}
	if len(s.layers) > 1 || len(s.wins) > 1 || len(s.meas)+len(s.groups)+len(s.ranks)+len(s.fields)+len(s.byValue)+len(s.filters)+len(s.stats) > 0 || s.limit > 0 {
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
	window, upToNow := "", true
	for _, n := range s.wins { // "RFM in the last year": the time that counts
		if n.win != nil {
			window, upToNow = n.win.String(), n.win.Kind == syntax.WindowLast || n.win.Kind == syntax.WindowSince
		} else if s.layers[0].attr == "value_tier" {
			return false // of all time: no window says so
		}
	}
	switch s.layers[0].attr {
	case "rfm":
		s.plan.tool, s.plan.args = "score_rfm", tools.ScoreRFMArgs{Formula: formula, Window: window}
	case "lifecycle":
		if len(s.wins) > 0 {
			return false
		}
		s.plan.tool, s.plan.args = "stage_lifecycle", tools.StageLifecycleArgs{Formula: formula}
	case "engagement":
		if !upToNow || len(s.wins) > 0 && window == "" {
			return false
		}
		s.plan.tool, s.plan.args = "stage_engagement", tools.StageEngagementArgs{Formula: formula, Window: window}
	case "value_tier":
		s.plan.tool, s.plan.args = "tier_value", tools.TierValueArgs{Formula: formula, Window: window}
	default:
		return false
	}
	return true
}
