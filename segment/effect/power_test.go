package effect_test

import (
	"math"
	"testing"

	"tesela/segment/effect"
)

// Figures of R's help pages, power.t.test and power.prop.test, and of
// scipy.stats.nct (1.10.1) for arms of different sizes.
func TestPower(t *testing.T) {
	near(t, "power.t.test(n = 20, delta = 1, sd = 1)", effect.PowerMeans(20, 20, 1, 1, 0.05), 0.8689528, 1e-6)
	near(t, "100 against 25", effect.PowerMeans(100, 25, 0.5, 1, 0.05), 0.602036075645304, 1e-8)
	near(t, "64 each", effect.PowerMeans(64, 64, -0.5, 1, 0.05), 0.8014586233743857, 1e-8)
	near(t, "power.prop.test(n = 50, p1 = .50, p2 = .75)", effect.PowerRates(50, 50, 0.75, 0.5, 0.05), 0.7401659, 1e-6)
	// Just under and over where t is taken to be normal.
	near(t, "no step", effect.PowerMeans(2501, 2500, 0.08, 1, 0.05), effect.PowerMeans(2502, 2501, 0.08, 1, 0.05), 1e-3)
	for _, nothing := range []float64{
		effect.PowerMeans(10, 10, 1, 0, 0.05), effect.PowerMeans(0, 10, 1, 1, 0.05), effect.PowerRates(10, 10, 0.5, 0.5, 0.05),
	} {
		if nothing != 0 {
			t.Errorf("power %v of nothing", nothing)
		}
	}
}

// R: power.t.test(power = .90, delta = 1) is 22.02110 each; power.prop.test(p1 =
// .50, p2 = .75, power = .90) is 76.65294 each (76.7 in the help page).
func TestSize(t *testing.T) {
	ninety := effect.Test{Alpha: 0.05, Power: 0.9}
	n, m, ok := ninety.Size(effect.Outcome{Mean: 3, SD: 1}, 1, 0.5)
	if !ok || n != 23 || m != 23 {
		t.Errorf("means need %d and %d", n, m)
	}
	half := effect.Outcome{Rate: true, Mean: 0.5}
	if n, m, ok = ninety.Size(half, 0.25, 0.5); !ok || n != 77 || m != 77 {
		t.Errorf("rates need %d and %d", n, m)
	}
	// With a tenth held out: nine times as many treated; enough, and one in a
	// hundred less is not.
	n, m, ok = effect.Usual.Size(effect.Outcome{Rate: true, Mean: 0.1}, 0.02, 0.1)
	if !ok || math.Abs(float64(n)-9*float64(m)) > 9 {
		t.Errorf("a tenth held out: %d and %d", n, m)
	}
	if p := effect.PowerRates(float64(n), float64(m), 0.12, 0.1, 0.05); p < 0.8 || p > 0.801 {
		t.Errorf("power %v", p)
	}
	for _, lift := range []float64{0, 0.6, -0.6, math.NaN()} {
		if _, _, ok := effect.Usual.Size(half, lift, 0.5); ok {
			t.Errorf("a lift of %v from one half can be shown", lift)
		}
	}
	if _, _, ok := effect.Usual.Size(half, 0.1, 0); ok {
		t.Error("nobody is held out and yet it shows")
	}
	if _, _, ok := effect.Usual.Size(effect.Outcome{Mean: 1}, 0.1, 0.5); ok {
		t.Error("a figure that is the same for all")
	}
}

// What Smallest and HoldOut give has just the power that is asked for.
func TestSmallest(t *testing.T) {
	for _, o := range []effect.Outcome{{Rate: true, Mean: 0.07}, {Mean: 20, SD: 45}} {
		lift := effect.Usual.Smallest(o, 3000, 1000)
		near(t, "power at the smallest", o.Shows(3000, 1000, lift, 0.05), 0.8, 1e-6)
		share, ok := effect.Usual.HoldOut(o, lift*1.5, 4000)
		at := func(s float64) float64 { return o.Shows(4000*(1-s), 4000*s, lift*1.5, 0.05) }
		if !ok || at(share) < 0.8 || at(share-0.001) >= 0.8 {
			t.Errorf("held out %v of 4000: power %v, and %v with one in a thousand less", share, at(share), at(share-0.001))
		}
		if _, ok := effect.Usual.HoldOut(o, lift/2, 4000); ok {
			t.Error("half the smallest lift shows")
		}
	}
	if x := effect.Usual.Smallest(effect.Outcome{Rate: true, Mean: 0.9}, 10, 10); !math.IsNaN(x) {
		t.Errorf("ten each show %v", x)
	}
	if x := effect.Usual.Smallest(effect.Outcome{Mean: 0}, 10, 10); !math.IsNaN(x) {
		t.Errorf("a figure that is the same for all shows %v", x)
	}
}
