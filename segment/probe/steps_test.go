package probe_test

import (
	"strings"
	"testing"

	"tesela/segment/probe"
)

// The steps that thresholds move by, worked out from their rule.
func TestStepsOfThresholds(t *testing.T) {
	_, src, _ := shop(t)
	for _, c := range []struct{ formula, want string }{
		{"count(order) >= 3", "count 3: 1 2 4 5"},
		{"count(order) >= 1", "count 1: 2 3"}, // at 0 everyone is in
		{"count(order) > 1", "count 1: 0 2 3"},
		{"count(order) = 0", "count 0: 1 2"},
		{"count(order) >= 40", "count 40: 32 36 44 48"},
		{"3 <= count(order)", "count 3: 1 2 4 5"},
		{"sum(order.amount) > 500", "amount 500: 400 450 550 600"},
		{"sum(order.amount) > 0.05", "amount 0.05: 0.04 0.06"}, // 10% is half a cent, away from zero
		{"sum(order.amount) > 0", ""},
		{"days_since(order) > 60", "days 60: 50 55 65 70"},
		{"days_since(order) > 1", "days 1: 0 2 3"},
		{"count(order, last 60d) >= 1", "length 60d: 50d 55d 65d 70d | count 1: 2 3"},
		{"count(order, last 30d) = 0", "length 30d: 26d 28d 32d 34d | count 0: 1 2"},
		{"count(order, last 1y) = 0", "length 1y: 10mo 11mo 13mo 14mo | count 0: 1 2"},
		{"count(order, last 1w) = 0", "length 1w: 5d 6d 8d 9d | count 0: 1 2"},
		{"count(order, last 1d) = 0", "length 1d: 2d 3d | count 0: 1 2"},
		{
			"sum(order.amount, last 90d) < 0.5 * sum(order.amount, from 180d ago to 90d ago)",
			"length 90d: 70d 80d 100d 110d | figure 0.5: 0.4 0.45 0.55 0.6 | length 180d: 140d 160d 200d 220d | length 90d: 70d 80d 100d 110d",
		},
		{"age between 18 and 35", "figure 18: 14 16 20 22 | figure 35: 28 32 39 42"},
		{"top 10% by count(order)", "rank 10: 8 9 11 12"},
		{"top 100% by count(order)", "rank 100: 80 90"},
		{"top 1 by count(order) among (age > 30)", "rank 1: 2 3 | figure 30: 24 27 33 36"},
		{"sequence(visit, order where amount > 50, within 7d, last 3mo)", "amount 50: 40 45 55 60 | length 7d: 5d 6d 8d 9d | length 3mo: 1mo 2mo 4mo 5mo"},
		{`country = "Germany" or count(order, 2024-05) in (1, 2)`, ""},
		{`not (age > 30 and segment "Lapsed")`, "figure 30: 24 27 33 36"},
	} {
		all, canonical, err := probe.Thresholds(parse(t, c.formula), src.Schema())
		must(t, err)
		var got []string
		for _, th := range all {
			if text := canonical.String()[th.At.From:th.At.To]; text != th.Text {
				t.Errorf("%s: %s stands where %s should", c.formula, text, th.Text)
			}
			if steps := th.Steps(); len(steps) > 0 {
				got = append(got, string(th.Role)+" "+th.Text+": "+strings.Join(steps, " "))
			}
		}
		if text := strings.Join(got, " | "); text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.formula, text, c.want)
		}
	}
}
