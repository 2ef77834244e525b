package drift_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/drift"
)

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// The same 200 customers twice, 40 leave and 20 come: the shares differ by
// 0.1, and with a standard error of √(60 − 20²/200)/200 = 0.038079 that is
// z = 2.6261, P = 0.008637 (R: 2*pnorm(-0.1/(sqrt(60-400/200)/200))).
func TestSameCustomersTwice(t *testing.T) {
	c := drift.Pair{InIn: 60, InOut: 40, OutIn: 20, OutOut: 80}.Of()
	if c.Before != 100 || c.After != 80 || c.From != 200 || c.To != 200 || c.Movers != 60 {
		t.Errorf("%+v", c)
	}
	if !near(c.By, -0.1, 1e-12) || !near(c.SE, 0.0380788655293195, 1e-12) || !near(c.P, 0.008637, 5e-6) {
		t.Errorf("by %v, se %v, p %v", c.By, c.SE, c.P)
	}
}

// Two samples that share nobody: the unpooled test of two proportions, 45 of
// 150 against 70 of 160: se = √(0.3·0.7/150 + 0.4375·0.5625/160).
func TestNobodyTwice(t *testing.T) {
	c := drift.Pair{GoneIn: 45, GoneOut: 105, NewIn: 70, NewOut: 90}.Of()
	want := math.Sqrt(0.3*0.7/150 + 0.4375*0.5625/160)
	if c.From != 150 || c.To != 160 || !near(c.By, 0.1375, 1e-12) || !near(c.SE, want, 1e-12) {
		t.Errorf("%+v, want se %v", c, want)
	}
}

func TestFewMoversAreNotTested(t *testing.T) {
	if c := (drift.Pair{InIn: 50, OutIn: 9, OutOut: 50}).Of(); c.P != 1 {
		t.Errorf("%+v", c)
	}
	if c := (drift.Pair{}).Of(); c.P != 1 || c.By != 0 {
		t.Errorf("%+v", c)
	}
}

// Counts of one label out of those of all, by hand.
func TestPairOf(t *testing.T) {
	joint := [][]int{{5, 2, 1, 3}, {4, 6, 0, 1}, {0, 7, 8, 0}, {2, 9, 1, 0}} // three labels and absence
	want := drift.Pair{InIn: 6, InOut: 4, OutIn: 9, OutOut: 14, NewIn: 9, NewOut: 3, GoneIn: 1, GoneOut: 3}
	if got := drift.PairOf(joint, 1); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Of two labels the test is McNemar's: (40 − 20)²/60.
func TestMixOfTwoLabelsIsMcNemar(t *testing.T) {
	chi, df, p := drift.Mix([][]int{{60, 40, 0}, {20, 80, 0}, {0, 0, 0}})
	if !near(chi, 400.0/60, 1e-9) || df != 1 || !near(p, 0.00982327, 1e-7) {
		t.Errorf("chi %v, df %d, p %v", chi, df, p)
	}
}

// Three labels by the closed form of Fleiss and Everitt (1971):
// (n̄23·d1² + n̄13·d2² + n̄12·d3²) / (2(n̄12·n̄13 + n̄12·n̄23 + n̄13·n̄23)).
func TestMixOfThreeLabels(t *testing.T) {
	joint := [][]int{{35, 5, 0, 0}, {15, 20, 5, 0}, {10, 5, 5, 9}, {4, 4, 4, 0}}
	n12, n13, n23 := 10.0, 5.0, 5.0
	d1, d2, d3 := 40.0-60, 40.0-30, 20.0-10
	want := (n23*d1*d1 + n13*d2*d2 + n12*d3*d3) / (2 * (n12*n13 + n12*n23 + n13*n23))
	chi, df, _ := drift.Mix(joint)
	if !near(chi, want, 1e-9) || df != 2 {
		t.Errorf("chi %v, df %d, want %v", chi, df, want)
	}
	if chi, df, p := drift.Mix([][]int{{5, 0, 0}, {0, 7, 0}, {1, 2, 0}}); chi != 0 || df != 0 || p != 1 {
		t.Errorf("nobody moved: %v, %d, %v", chi, df, p)
	}
}

// (0.3 − 0.2)·ln 1.5 + (0.7 − 0.8)·ln 0.875 = 0.05390.
func TestPSIByHand(t *testing.T) {
	if psi := drift.PSI([]float64{0.2, 0.8, 0}, []int{30, 70, 0}); !near(psi, 0.1*math.Log(1.5)-0.1*math.Log(0.875), 1e-12) {
		t.Errorf("%v", psi)
	}
	if psi := drift.PSI([]float64{0.5, 0.5}, []int{0, 0}); psi != 0 {
		t.Errorf("of nobody: %v", psi)
	}
	if psi := drift.PSI([]float64{1, 0}, []int{0, 100}); math.IsInf(psi, 0) || psi < 1 {
		t.Errorf("all have moved: %v", psi)
	}
}

// R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "BH") is 0.04 0.05333333 0.05333333 0.5.
func TestCorrected(t *testing.T) {
	got := drift.Corrected([]float64{0.01, 0.04, 0.03, 0.5})
	for i, want := range []float64{0.04, 0.16 / 3, 0.16 / 3, 0.5} {
		if !near(got[i], want, 1e-12) {
			t.Errorf("%v", got)
		}
	}
}

func changes(by ...float64) []drift.Change {
	all := make([]drift.Change, len(by))
	for i, x := range by {
		all[i].By = x
	}
	return all
}

// Other changes 1, 2, 3 and one of 9: t = (9 − 2)/√(1·4/3) = 6.0622 with 2
// degrees of freedom; two-sided P = 1 − 6.0622/√(2 + 6.0622²) = 0.026151.
func TestUnusual(t *testing.T) {
	p, ok := drift.Unusual(changes(1, 9, 2, 3))
	if x := 7 / math.Sqrt(4.0/3); !ok || !near(p[1], 1-x/math.Sqrt(2+x*x), 1e-9) {
		t.Errorf("%v, %v", p, ok)
	}
	if _, ok := drift.Unusual(changes(1, 2, 9)); ok {
		t.Error("two changes make no reference")
	}
	if p, ok := drift.Unusual(changes(1, 1, 1, 1)); !ok || p[0] != 1 {
		t.Errorf("as ever: %v", p)
	}
	// A rise and the fall after it: neither hides the other.
	p, _ = drift.Unusual(changes(0.1, -0.1, 0.2, 9, -9, 0, 0.1, -0.2, 0.05, -0.1))
	if p[3] > 1e-6 || p[4] > 1e-6 || p[0] < 0.05 {
		t.Errorf("a rise and a fall: %v", p)
	}
}

// Where nothing changes but by chance, shares are told to have changed about
// as often as said, and so are mixes.
func TestFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	const worlds, people = 2000, 500
	shares, mixes := 0, 0
	for range worlds {
		joint := make([][]int, 4)
		for i := range joint {
			joint[i] = make([]int, 4)
		}
		for range people {
			// A chain in balance: labels of weights 3:2:1, one in five redrawn.
			draw := func() int { return []int{0, 0, 0, 1, 1, 2}[r.IntN(6)] }
			a := draw()
			b := a
			if r.IntN(5) == 0 {
				b = draw()
			}
			if r.IntN(10) == 0 {
				a = 3
			}
			joint[a][b]++
		}
		if drift.PairOf(joint, 0).Of().P < 0.05 {
			shares++
		}
		if _, _, p := drift.Mix(joint); p < 0.05 {
			mixes++
		}
	}
	for name, n := range map[string]int{"shares": shares, "mixes": mixes} {
		if rate := float64(n) / worlds; rate < 0.03 || rate > 0.07 {
			t.Errorf("%s are told to have changed in %.3f of worlds where they have not", name, rate)
		}
	}
}

// Of series of twelve changes of one kind, about one in twenty has one that
// is told to be unlike the others; of those with a jump of ten times the
// spread nearly all.
func TestSeriesAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	const series, length = 2000, 12
	alarms, found := 0, 0
	for range series {
		for _, jump := range []float64{0, 10} {
			by := make([]float64, length)
			for i := range by {
				by[i] = 0.5 + r.NormFloat64()
			}
			by[7] += jump
			p, _ := drift.Unusual(changes(by...))
			for i, x := range drift.Corrected(p) {
				switch {
				case x >= 0.05:
				case jump == 0:
					alarms++
				case i == 7:
					found++
				}
			}
		}
	}
	if rate := float64(alarms) / series; rate > 0.075 {
		t.Errorf("%.3f false alarms a series", rate)
	}
	if rate := float64(found) / series; rate < 0.95 {
		t.Errorf("%.3f of the jumps are found", rate)
	}
}
