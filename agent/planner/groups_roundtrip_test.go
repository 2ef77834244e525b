package planner

import (
	"math/rand/v2"
	"testing"

	"tesela/tools"
)

// randomGroupCall makes a call of the tools with forms in groups.yaml, over
// shop().
func randomGroupCall(r *rand.Rand) (string, any) {
	formula := func() string {
		for {
			if a, ok := second(randomPlan(r)).(tools.CountSegmentArgs); ok {
				return a.Formula
			}
		}
	}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	maybe := func() string {
		if r.IntN(2) == 0 {
			return ""
		}
		return formula()
	}
	number := func(list ...int) int { return list[r.IntN(len(list))] }
	layers := func() []string {
		return [][]string{nil, nil, {"product"}, {"channel", "value"}, {"behaviour", "engagement", "demography"}}[r.IntN(5)]
	}
	by := func() []string {
		return [][]string{nil, nil, {"country"}, {"gender", "rfm"}, {"lifecycle"}, {"value_tier", "city"}}[r.IntN(6)]
	}
	from := func() (string, string) {
		switch r.IntN(5) {
		case 0:
			return "2025-03-01", ""
		case 1:
			return "2025-01-01", "2025-07-01"
		case 2:
			return "90d ago", ""
		case 3:
			return "", "2025-10-01"
		}
		return "", ""
	}
	outcome := func() string {
		return pick("", "", "sum(order.amount)", "count(order)", "count(refund)", "count(unsubscribe) >= 1", "distinct(order.category)")
	}
	goal := func() string {
		return pick("win back", "raise the order value", "lanzar en Portugal", "menos cancelamentos, sem perder vendas", "win back who bought shoes")
	}
	switch r.IntN(14) {
	case 0:
		a := tools.ExplainSegmentArgs{Formula: formula(), Against: maybe(), Layers: layers(), Top: number(0, 0, 5)}
		return "explain_segment", a
	case 1:
		a := tools.CompareSegmentsArgs{A: formula(), B: formula(), Layers: layers(), Top: number(0, 0, 20)}
		if a.A == a.B {
			return "", nil
		}
		return "compare_segments", a
	case 2:
		a := tools.FindMicrosegmentsArgs{Formula: maybe(), Layers: layers(), MinSize: number(0, 0, 60, 2500), MaxK: number(0, 0, 4), Top: number(0, 0, 10)}
		if r.IntN(3) == 0 {
			a.Goal = goal()
		}
		return "find_microsegments", a
	case 3:
		return "propose_segments", tools.ProposeSegmentsArgs{Goal: goal(), Formula: maybe(), MinSize: number(0, 0, 80), Top: number(0, 0, 3)}
	case 4, 5:
		a := tools.TraceMigrationArgs{Formula: maybe(), Why: r.IntN(2) == 0, Predict: r.IntN(3) == 0}
		a.From, a.To = from()
		switch r.IntN(6) {
		case 0:
			a.Segment, a.Left = formula(), pick("", "in")
		case 1:
			a.Layer, a.Left = "rfm", pick("Champions", "At Risk", "About To Sleep", "Lost", "New")
		case 2:
			a.Layer, a.Entered = "lifecycle", pick("churned", "at risk", "star", "new", "reactivated")
		case 3:
			a.Layer, a.Left, a.Entered = "value_tier", "top", pick("middle", "low")
		case 4:
			a.Layer, a.Left, a.Entered = "engagement", "engaged", "disengaged"
		default:
			a.Layer = pick("rfm", "lifecycle", "engagement", "value_tier")
		}
		return "trace_migration", a
	case 6:
		a := tools.TraceDriftArgs{Per: pick("", "day", "week", "month", "quarter", "year"), Formula: maybe()}
		a.From, a.To = from()
		if r.IntN(2) == 0 {
			a.Segment = formula()
		} else {
			a.Layer = pick("rfm", "lifecycle", "engagement", "value_tier")
		}
		return "trace_drift", a
	case 7:
		a := tools.BacktestSegmentArgs{Formula: formula(), Outcome: maybe(), Horizon: pick("", "", "60d", "2w", "3mo"), Per: pick("", "week", "quarter")}
		a.From, a.To = from()
		return "backtest_segment", a
	case 8:
		return "review_segments", tools.ReviewSegmentsArgs{MinSize: number(0, 25, 1000)}
	case 9:
		a := tools.SimulateReengagementArgs{Formula: maybe(), Days: number(0, 45, 90), LastCall: number(0, 14), Remove: number(0, 21)}
		if r.IntN(3) == 0 {
			a.Events = []string{"order", "visit"}
		}
		a.From, a.To = from()
		return "simulate_reengagement", a
	case 10:
		a := tools.MeasureEffectArgs{Campaign: pick("", "spring_sale", "black_friday_24"), Outcome: outcome(), Days: number(0, 14, 60), By: by(), Formula: maybe(), Plain: r.IntN(4) == 0, HeldOut: [][]string{nil, nil, {"b"}, {"control", "arm 2"}}[r.IntN(4)]}
		if r.IntN(5) == 0 {
			a.Campaign, a.Treated, a.Date = "", formula(), "2025-05-01"
		}
		return "measure_effect", a
	case 11:
		return "recommend_actions", tools.RecommendActionsArgs{Formula: maybe(), By: by(), Outcome: outcome(), Days: number(0, 14)}
	case 12:
		a := tools.PlanTestArgs{Formula: maybe(), Outcome: outcome(), Days: number(0, 14), Lift: []float64{0, 0.1, 0.025}[r.IntN(3)], Power: []float64{0, 0.9}[r.IntN(2)], HoldOut: []float64{0, 0.2}[r.IntN(2)]}
		if r.IntN(4) == 0 {
			a.Name = pick("spring", "Test of prices, round 2")
		}
		return "plan_test", a
	default:
		return "review_contacts", tools.ReviewContactsArgs{Formula: maybe(), Window: pick("", "last 30d", "2025", "since 2025-03-01"), Show: pick("", "", "overlap"), More: number(0, 0, 5)}
	}
}

// TestGroupsRoundTrip holds the planner to what it says of what it asks about
// groups: reading that gives the same call.
func TestGroupsRoundTrip(t *testing.T) {
	p := planner(t, shop())
	readBack(t, p, draws(t, 200, 40), 17, 23, func(r *rand.Rand, _ int) (string, any) { return randomGroupCall(r) })
}
