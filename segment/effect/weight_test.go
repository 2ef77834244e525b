package effect_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"tesela/segment/effect"
)

func upTo(from, to int) []int {
	var all []int
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// By hand: six in ten of the treated have it, two of eight others; so each of
// the two weighs 0.3, each of the six 0.4/6, and 1/Σw² = 1/(0.18 + 0.16/6).
func TestWeight(t *testing.T) {
	x := make([]float64, 18)
	for _, i := range []int{0, 1, 2, 3, 4, 5, 10, 11} {
		x[i] = 1
	}
	same := make([]float64, 18)
	w, err := effect.Weight(t.Context(), []effect.Covariate{{Name: "x", Figures: x}, {Name: "same", Figures: same}}, upTo(0, 10), upTo(10, 18))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weight of one with it", w.Weights[0], 0.3, 1e-5)
	near(t, "weight of one without", w.Weights[7], 0.4/6, 1e-5)
	near(t, "effective", w.Effective, 1/(0.18+0.16/6), 1e-3)
	b := w.Balance[0]
	near(t, "before", b.Before, 0.25, 1e-12)
	near(t, "after", b.After, 0.6, 1e-5)
	// Variances 0.6·0.4·10/9 and 0.25·0.75·8/7.
	near(t, "apart", b.Apart, 0.35/math.Sqrt((0.24*10/9+0.1875*8/7)/2), 1e-12)
	near(t, "matched", b.Matched, 0, 1e-4)
	if w.Balance[1].Apart != 0 || w.Worst() > 1e-4 {
		t.Errorf("balance %+v", w.Balance)
	}
	// Figures that follow x alone: the weighted comparison sees no effect.
	d, _, others := w.Compare(x, upTo(0, 10), upTo(10, 18), 0.95)
	near(t, "lift", d.Lift, 0, 1e-5)
	near(t, "others", others.Mean, 0.6, 1e-5)
	if others.N != 5 || d.Shown() {
		t.Errorf("others %+v, difference %+v", others, d)
	}
}

// Several covariates at once, means matched; one that nobody among the others
// comes near stays apart and is seen to.
func TestWeightsOfManyCovariates(t *testing.T) {
	const n, treated = 600, 200
	var cs [3][]float64
	s := uint64(7)
	draw := func() float64 { // a fixed sequence, uniform in 0…1
		s = s*6364136223846793005 + 1442695040888963407
		return float64(s>>11) / (1 << 53)
	}
	for i := range n {
		shift := 0.0
		if i < treated {
			shift = 0.3
		}
		cs[0] = append(cs[0], draw()+shift)
		cs[1] = append(cs[1], draw()*draw()+cs[0][i])
		far := 0.0
		if i < treated {
			far = 10
		}
		cs[2] = append(cs[2], far+draw())
	}
	all := []effect.Covariate{{Name: "a", Figures: cs[0]}, {Name: "b", Figures: cs[1]}, {Name: "a again", Figures: cs[0]}}
	w, err := effect.Weight(t.Context(), all, upTo(0, treated), upTo(treated, n))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, x := range w.Weights {
		if x < 0 {
			t.Fatal("a weight below 0")
		}
		sum += x
	}
	near(t, "weights", sum, 1, 1e-9)
	if w.Worst() > 1e-3 || w.Balance[0].Apart < 0.5 || w.Effective > n-treated || w.Effective < 30 {
		t.Errorf("effective %v, balance %+v", w.Effective, w.Balance)
	}
	w, err = effect.Weight(t.Context(), []effect.Covariate{{Name: "a", Figures: cs[0]}, {Name: "far", Figures: cs[2]}}, upTo(0, treated), upTo(treated, n))
	if err != nil || w.Worst() < effect.Balanced {
		t.Errorf("what cannot be balanced: %+v, %v", w.Balance, err)
	}
	for _, x := range w.Weights {
		if math.IsNaN(x) {
			t.Fatal("a weight is no number")
		}
	}
}

func TestWeightStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := effect.Weight(ctx, []effect.Covariate{{Name: "x", Figures: []float64{1, 2, 3}}}, []int{0}, []int{1, 2}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := effect.Weight(t.Context(), nil, nil, []int{1}); err == nil {
		t.Error("nobody treated")
	}
	w, err := effect.Weight(t.Context(), nil, []int{0}, []int{1, 2})
	if err != nil || w.Effective != 2 {
		t.Errorf("without covariates: %+v, %v", w, err)
	}
}
