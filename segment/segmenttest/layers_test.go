package segmenttest_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"tesela/segment/column"
	"tesela/segment/segmenttest"
)

// shopWorld makes a random world into one that layers can be had of: with
// roles, refunds, sends, and repeated purchases of few customers.
func shopWorld(seed uint64) (*segmenttest.World, time.Time, *rand.Rand) {
	w, at := segmenttest.NewRandom(seed).World()
	return shopOf(w, at, seed)
}

// shopOf makes a world into such a one.
func shopOf(w *segmenttest.World, at time.Time, seed uint64) (*segmenttest.World, time.Time, *rand.Rand) {
	rng := rand.New(rand.NewPCG(seed, 11))
	w.Roles = map[string]string{"purchase": "order", "amount": "order.amount"}
	amount := column.Money
	if rng.IntN(4) == 0 {
		w.Roles["amount"], amount = "order.price", column.Number
	}
	if rng.IntN(3) > 0 {
		name := w.Roles["amount"][len("order."):]
		w.Roles["refund"] = "refund"
		w.Events = append(w.Events, segmenttest.Kind{Name: "refund", Props: []segmenttest.Field{{Name: name, Kind: amount}}})
		for range rng.IntN(8) * min(1, len(w.Customers)) {
			var x any = float64(rng.IntN(40)) / 4
			if amount == column.Money {
				x = big.NewRat(rng.Int64N(40), 1)
			}
			w.Rows = append(w.Rows, segmenttest.Row{
				Event: "refund", Customer: rng.IntN(len(w.Customers)), Time: at.Add(-time.Duration(rng.IntN(60*24)-10) * time.Hour), Props: map[string]any{name: x},
			})
		}
	}
	if rng.IntN(2) > 0 {
		w.Roles["send"] = "visit"
	}
	// Purchases far apart, so that there are gaps of all lengths.
	for range rng.IntN(30) * min(1, len(w.Customers)) {
		w.Rows = append(w.Rows, segmenttest.Row{
			Event: "order", Customer: rng.IntN(len(w.Customers)), Time: at.Add(-time.Duration(rng.IntN(120*24)) * time.Hour),
			Props: map[string]any{"amount": big.NewRat(rng.Int64N(5), 1), "price": float64(rng.IntN(9)) / 8},
		})
	}
	return w, at, rng
}

// TestLayersAgree compares the layers with the plain evaluator's over random
// small worlds.
func TestLayersAgree(t *testing.T) {
	worlds := 250
	if testing.Short() {
		worlds = 50
	}
	for seed := range uint64(worlds) {
		w, at, rng := shopWorld(seed)
		if rng.IntN(3) == 0 {
			at = at.AddDate(0, 0, -rng.IntN(40))
		}
		window := []string{"", "last 30d", "last 90d", "2011", "since 60d ago", "from 80d ago to 20d ago", "last month", "last 1y"}[rng.IntN(8)]
		bins := 3 + rng.IntN(3)
		score := fmt.Sprintf("(bins: %d)", bins)
		if window != "" {
			score = fmt.Sprintf("(bins: %d, %s)", bins, window)
		}
		for _, text := range []string{
			"rfm", "rfm" + score, "rfm_r" + score, "rfm_f" + score, "rfm_m" + score,
			"lifecycle", fmt.Sprintf("lifecycle(lapse: %d, star: %d)", 1+rng.IntN(60), 1+rng.IntN(100)), fmt.Sprintf("lifecycle(new: last %dd)", 1+rng.IntN(90)),
			"engagement", "engagement(order)", fmt.Sprintf("engagement(visit, order, last %dd)", 1+rng.IntN(90)),
			fmt.Sprintf("lifecycle(at: %dd ago)", 1+rng.IntN(60)), fmt.Sprintf("rfm(at: %dd ago, bins: 3)", 1+rng.IntN(60)),
			fmt.Sprintf("engagement(last %dd, at: %s)", 1+rng.IntN(90), at.AddDate(0, 0, 5-rng.IntN(90)).Format(time.DateOnly)), "value_tier(at: 1mo ago)",
			"value_tier", fmt.Sprintf("value_tier(top: %d, low: %d, last 60d)", 1+rng.IntN(50), 1+rng.IntN(50)),
		} {
			c := segmenttest.Case{Verb: "eval_value", Text: text, At: at, World: w, Want: "\x00"}
			plain := segmenttest.Check(t.Context(), segmenttest.Naive{}, c)
			if c.Want = got(plain); c.Want == "" {
				t.Fatalf("seed %d: %s: the plain evaluator: %v", seed, text, plain)
			}
			if err := segmenttest.Check(t.Context(), segmenttest.Columnar{}, c); err != nil {
				t.Fatalf("seed %d\n%sat %s\neval_value %s\n%v", seed, w, at.UTC().Format(time.RFC3339Nano), text, err)
			}
		}
	}
}
