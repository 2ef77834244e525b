package planner

import (
	"math/rand/v2"
	"testing"

	"tesela/tools"
)

// randomToolCall makes a call of the tools that have forms, over shop().
func randomToolCall(r *rand.Rand) (string, any) {
	formula := func() string {
		for {
			switch a := second(randomPlan(r)).(type) {
			case tools.CountSegmentArgs:
				return a.Formula
			case tools.ListCustomersArgs:
				return a.Formula
			}
		}
	}
	maybe := func() string {
		if r.IntN(3) == 0 {
			return ""
		}
		return formula()
	}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	id := func() string { return pick("c17", "17850", "C-00012", "ana@example.com", "p 9") }
	switch r.IntN(10) {
	case 0:
		return "score_rfm", tools.ScoreRFMArgs{Formula: maybe(), Bins: []int{0, 3, 4}[r.IntN(3)], Window: pick("", "", "last 1y", "2025", "last 90d")}
	case 1:
		a := tools.StageLifecycleArgs{Formula: maybe()}
		switch r.IntN(4) {
		case 0:
			a.LapseDays = 60
		case 1:
			a.New = "last 45d"
		case 2:
			a.StarPercent = 5
		}
		return "stage_lifecycle", a
	case 2:
		return "stage_engagement", tools.StageEngagementArgs{Formula: maybe(), Window: pick("", "last 90d", "last 6mo")}
	case 3:
		return "tier_value", tools.TierValueArgs{Formula: maybe(), TopPercent: []int{0, 10}[r.IntN(2)], LowPercent: []int{0, 40}[r.IntN(2)], Window: pick("", "last 90d")}
	case 4:
		return "explain_customer", tools.ExplainCustomerArgs{Customer: id(), Formula: formula()}
	case 5:
		a := tools.DiffSegmentsArgs{From: formula(), To: formula()}
		if a.From == a.To {
			a.To = "everyone"
		}
		return "diff_segments", a
	case 6:
		return "check_sensitivity", tools.CheckSensitivityArgs{Formula: formula()}
	case 7:
		return "check_sensitivity", [...]tools.CheckSensitivityArgs{
			{Formula: "count(order, last 90d) >= 3", Threshold: 1},
			{Formula: "count(order, last 90d) >= 3", Threshold: 2},
			{Formula: "count(order, last 90d) >= 3", Threshold: 1, To: []string{"60d"}},
			{Formula: "count(order, last 90d) >= 3 and days_since(visit) > 20", Threshold: 3, To: []string{"30"}},
			{Formula: "sum(order.amount) >= 250", To: []string{"300"}},
		}[r.IntN(5)]
	case 8:
		return "find_near_misses", tools.FindNearMissesArgs{Formula: formula()}
	default:
		return "find_values", tools.FindValuesArgs{Text: pick("Lumiar", "red kettle", "<b>", "who bought shoes"), Field: pick("", "country", "order.brand", "cart.category")}
	}
}

func second(_ string, args any) any { return args }

// TestToolsRoundTrip holds the planner to what it says of what it asks the
// tools: reading that gives the same call.
func TestToolsRoundTrip(t *testing.T) {
	p := planner(t, shop())
	readBack(t, p, draws(t, 300, 60), 5, 13, func(r *rand.Rand, _ int) (string, any) { return randomToolCall(r) })
}
