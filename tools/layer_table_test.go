package tools_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/segment/rfm"
	"tesela/tools"
)

// labelled gives the rows that somebody is in, as label, customers and what
// else there is; the shares must add up to one and the labels be all there.
func labelled(t *testing.T, r *tools.Result, labels []string) []string {
	t.Helper()
	var rows, names []string
	total := 0.0
	for _, row := range r.Rows {
		names = append(names, row[0].(string))
		total += row[2].(float64)
		if row[1] != int64(0) {
			rows = append(rows, strings.TrimSpace(fmt.Sprintln(slices.Delete(slices.Clone(row), 2, 3)...)))
		}
	}
	if labels != nil && !slices.Equal(names, labels) {
		t.Errorf("labels %q, want %q", names, labels)
	}
	if len(rows) > 0 && !near(total, 1) {
		t.Errorf("the shares add up to %v", total)
	}
	return rows
}

// By hand: days 20 29 1 107 10, orders 3 1 2 1 1, revenue 60.50 100 16 50 20 of
// c1 … c5; codes 354 215 541 113 412.
func TestScoreRFM(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{Language: "en"}, "score_rfm", tools.ScoreRFMArgs{})
	got := labelled(t, r, rfm.Labels(5))
	if want := []string{"Loyal 1 60.50 60.50 3 20", "Potential Loyalist 1 16.00 16.00 2 1", "New 1 20.00 20.00 1 10", "Cannot Lose 2 150.00 75.00 1 68"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	for key, want := range map[string]any{"customers": int64(8), "scored": 5, "bins": 5, "revenue": "246.50"} {
		if r.Values[key] != want {
			t.Errorf("%s is %v (%[2]T), want %v", key, r.Values[key], want)
		}
	}
	for i, row := range r.Rows {
		if row[0] == "Cannot Lose" && !near(row[2], 0.4) || row[1] == int64(0) && (row[3] != "0.00" || row[4] != nil) {
			t.Errorf("row %d: %v", i, row)
		}
	}
	if want := []string{
		"RFM scores go from 1 to 5, against the 5 customers with a purchase.",
		"3 customers without a purchase in that time have no score and are in no row.",
		"Revenue is of all time.",
	}; !slices.Equal(r.Notes, want) {
		t.Errorf("notes %q, want %q", r.Notes, want)
	}
	// Germans are c1, c2 and c6, still scored against all.
	r = run(t, ws, tools.Caller{}, "score_rfm", tools.ScoreRFMArgs{Formula: `country = "Germany"`})
	if got := labelled(t, r, nil); len(got) != 2 || !strings.HasPrefix(got[0], "Loyal") || !strings.HasPrefix(got[1], "Cannot Lose") || r.Values["scored"] != 2 {
		t.Errorf("Germans: %q, %v", got, r.Values)
	}
	if len(r.Segments) != 1 || r.Segments[0].Size != 3 {
		t.Errorf("segments %+v", r.Segments)
	}
	// June: c1 30 20 days ago, c2 100 29, c3 8.75 1, c5 20 10; one order each. With
	// three bins worse 0 1 | 2 | 3 of four score 1 | 2 | 3.
	r = run(t, ws, tools.Caller{Language: "es"}, "score_rfm", tools.ScoreRFMArgs{Bins: 3, Window: "last  30d"})
	got = labelled(t, r, []string{"311", "211", "113", "112"})
	if want := []string{"311 1 8.75 8.75 1 1", "211 1 20.00 20.00 1 10", "113 1 100.00 100.00 1 29", "112 1 30.00 30.00 1 20"}; !slices.Equal(got, want) {
		t.Errorf("three bins: %q, want %q", got, want)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "3 tramos") }) || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "«last 30d»") }) {
		t.Errorf("notes %q", r.Notes)
	}
}

// By hand: gaps of 21, 131 and 149 days, so L = 149; c2 and c5 began in June.
func TestStageLifecycle(t *testing.T) {
	ws := shop(t, true)
	stages := []string{"prospect", "new", "active", "star", "reactivated", "at risk", "churned"}
	r := run(t, ws, tools.Caller{Language: "en"}, "stage_lifecycle", tools.StageLifecycleArgs{})
	got := labelled(t, r, stages)
	if want := []string{"prospect 3 0.00 0.00", "new 2 120.00 60.00", "active 3 126.50 42.17"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	for key, want := range map[string]any{"customers": int64(8), "lapse_days": int64(149), "lapse_gaps": int64(3), "lapse_percentile": int64(90)} {
		if r.Values[key] != want {
			t.Errorf("%s is %v, want %v", key, r.Values[key], want)
		}
	}
	if len(r.Notes) == 0 || r.Notes[0] != "The lapse point is 149 days, from this data: 90% of the 3 gaps between purchase days are no longer." {
		t.Errorf("notes %q", r.Notes)
	}
	// Within 60 days c1 came back after 131, c3 after 149; c4 was last here 107
	// days ago.
	r = run(t, ws, tools.Caller{Language: "pt"}, "stage_lifecycle", tools.StageLifecycleArgs{LapseDays: 60})
	got = labelled(t, r, stages)
	if want := []string{"prospect 3 0.00 0.00", "new 2 120.00 60.00", "reactivated 2 76.50 38.25", "churned 1 50.00 50.00"}; !slices.Equal(got, want) {
		t.Errorf("60 days: %q, want %q", got, want)
	}
	if r.Values["lapse_days"] != int64(60) || r.Values["lapse_gaps"] != nil || r.Notes[0] != "O ponto de abandono foi fixado em 60 dias." {
		t.Errorf("60 days: %v, %q", r.Values, r.Notes)
	}
	// As of 1 February there is but one order, c1's, 21 days ago, over the least
	// of 14: churned.
	r = run(t, ws, tools.Caller{AsOf: madrid(t, "2024-02-01")}, "stage_lifecycle", tools.StageLifecycleArgs{})
	if got := labelled(t, r, stages); len(got) != 2 || !strings.HasPrefix(got[1], "churned 1") || r.Values["lapse_days"] != int64(14) {
		t.Errorf("1 February: %q, %v", got, r.Values)
	}
}

// By hand: c4's order is of March, c7 did nothing, c6 and c8 only visited.
func TestStageEngagement(t *testing.T) {
	ws := shop(t, true)
	labels := []string{"engaged", "disengaged", "never"}
	r := run(t, ws, tools.Caller{Language: "en"}, "stage_engagement", tools.StageEngagementArgs{})
	got := labelled(t, r, labels)
	if want := []string{"engaged 6 196.50 32.75", "disengaged 1 50.00 50.00", "never 1 0.00 0.00"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if !slices.Contains(r.Notes, "“engaged” means any of these in “last 60d”: order, refund, visit.") {
		t.Errorf("notes %q", r.Notes)
	}
	r = run(t, ws, tools.Caller{}, "stage_engagement", tools.StageEngagementArgs{Events: []string{"visit", "`visit`"}, Window: "last 7d"})
	if got, want := labelled(t, r, labels), []string{"engaged 1 0.00 0.00", "disengaged 2 60.50 30.25", "never 5 186.00 37.20"}; !slices.Equal(got, want) {
		t.Errorf("visits: %q, want %q", got, want)
	}
	// Without purchases there is no revenue to show.
	r = run(t, shop(t, false), tools.Caller{}, "stage_engagement", nil)
	if len(r.Columns) != 3 || r.Values["revenue"] != nil || len(r.Rows) != 3 || r.Rows[0][1] != int64(6) {
		t.Errorf("without roles: %v %v", r.Columns, r.Rows)
	}
}

// By hand: the best 2 of 8 are c2 and c1, the last 4 c6 to c8 and c3.
func TestTierValue(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{Language: "en"}, "tier_value", tools.TierValueArgs{})
	got := labelled(t, r, []string{"top", "middle", "low"})
	if want := []string{"top 2 160.50 80.25", "middle 2 70.00 35.00", "low 4 16.00 4.00"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if r.Values["revenue"] != "246.50" || r.Units["revenue"] != "EUR" || !slices.Contains(r.Notes, "Revenue is that of “last 1y”.") {
		t.Errorf("%v %v %q", r.Values, r.Units, r.Notes)
	}
	r = run(t, ws, tools.Caller{}, "tier_value", tools.TierValueArgs{TopPercent: 10, LowPercent: 40, Window: "last 30d"})
	// June: c2 100, c1 30, c5 20, c3 8.75; the last 4 have nothing.
	if got, want := labelled(t, r, nil), []string{"top 1 100.00 100.00", "middle 3 58.75 19.58", "low 4 0.00 0.00"}; !slices.Equal(got, want) {
		t.Errorf("June: %q, want %q", got, want)
	}
}

// What the tools of layers count, formulas with the same layers count too.
func TestLayersAgreeWithFormulas(t *testing.T) {
	ws := shop(t, true)
	for tool, layer := range map[string]string{"score_rfm": "rfm", "stage_lifecycle": "lifecycle", "stage_engagement": "engagement", "tier_value": "value_tier"} {
		r := run(t, ws, tools.Caller{}, tool, nil)
		for _, row := range r.Rows {
			formula := fmt.Sprintf("%s = %q", layer, row[0])
			if n := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: formula}).Values["size"]; int64(n.(int)) != row[1] {
				t.Errorf("%s: %v, but the tool says %v", formula, n, row[1])
			}
		}
		grouped := run(t, ws, tools.Caller{}, "measure", tools.MeasureArgs{Measures: []string{"customers", "revenue"}, GroupBy: []string{layer}})
		for _, row := range grouped.Rows {
			if row[0] == nil {
				continue
			}
			i := slices.IndexFunc(r.Rows, func(o []any) bool { return o[0] == row[0] })
			if i < 0 || r.Rows[i][1] != row[1] {
				t.Errorf("%s: %v in measure, %v in the tool", layer, row, r.Rows)
			}
		}
	}
	r := run(t, ws, tools.Caller{}, "list_customers", tools.ListCustomersArgs{Formula: "rfm is set", By: "rfm_m", Limit: 2})
	if got := fmt.Sprint(r.Rows); got != "[[c2 5] [c1 4]]" {
		t.Errorf("by rfm_m: %s", got)
	}
}

// What a layer is made of may be missing: that is for the data to mend.
func TestLayersWithoutTheirRole(t *testing.T) {
	ws := shop(t, false)
	for tool, args := range map[string]any{
		"score_rfm": nil, "stage_lifecycle": nil, "tier_value": nil,
		"count_segment":  tools.CountSegmentArgs{Formula: `country = "Germany" and rfm = "Lost"`},
		"list_customers": tools.ListCustomersArgs{Formula: "everyone", By: "rfm_r"},
		"measure":        tools.MeasureArgs{Measures: []string{"customers"}, GroupBy: []string{"lifecycle"}},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{Language: "en"}, tool, jsonOf(t, args))
		var cannot *tools.CannotError
		if !errors.As(err, &cannot) || cannot.Reason != model.NoRole || cannot.Params["role"] != "purchase" {
			t.Errorf("%s: %v", tool, err)
		}
	}
}
