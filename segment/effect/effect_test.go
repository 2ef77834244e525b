package effect_test

import (
	"math"
	"testing"

	"tesela/segment/effect"
)

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Figures of scipy 1.10.1: stats.ttest_ind(a, b, equal_var=False), and the
// interval with stats.t.ppf at Satterthwaite's degrees of freedom, 24.0743.
func TestWelch(t *testing.T) {
	a := effect.Of([]float64{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4})
	b := effect.Of([]float64{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 23.0, 24.4})
	d := effect.Welch(a, b, 0.95)
	near(t, "lift", d.Lift, -2.333333333333332, 1e-12)
	near(t, "low", d.Low, -4.117143886114718, 1e-9)
	near(t, "high", d.High, -0.5495227805519467, 1e-9)
	near(t, "p", d.P, 0.012508522632108731, 1e-10)
	d = effect.Welch(effect.Of([]float64{3, 4, 1, 2.1}), effect.Of([]float64{490.2, 340, 433.9}), 0.95)
	near(t, "p of unequal arms", d.P, 0.01075156114978449, 1e-10)
	if d := effect.Welch(effect.Of([]float64{1}), b, 0.95); !math.IsNaN(d.Low) || d.Shown() {
		t.Errorf("one customer tells %+v", d)
	}
	if d := effect.Welch(effect.Of([]float64{2, 2}), effect.Of([]float64{2, 2}), 0.95); d.Low != 0 || d.High != 0 || d.Shown() {
		t.Errorf("all alike: %+v", d)
	}
}

// Newcombe (1998), Statistics in Medicine 17, table II, method 10.
func TestNewcombe(t *testing.T) {
	for _, c := range []struct {
		x, n, y, m int
		low, high  float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		d := effect.Newcombe(c.x, c.n, c.y, c.m, 0.95)
		near(t, "low", d.Low, c.low, 5e-5)
		near(t, "high", d.High, c.high, 5e-5)
	}
	// By hand: 30/100 against 20/100, pooled 0.25, z = 0.1/√(0.1875·0.02) = 1.63299.
	near(t, "p", effect.Newcombe(30, 100, 20, 100, 0.95).P, 0.1024704, 1e-6)
	if d := effect.Newcombe(0, 0, 1, 5, 0.95); !math.IsNaN(d.Lift) || !math.IsNaN(d.Low) {
		t.Errorf("nobody treated tells %+v", d)
	}
	// Wilson (1927) as in Newcombe's companion paper, table I: 81/263 and 0/20.
	low, high := effect.Wilson(81, 263, 0.95)
	near(t, "low", low, 0.2553, 5e-5)
	near(t, "high", high, 0.3662, 5e-5)
	_, high = effect.Wilson(0, 20, 0.95)
	near(t, "high", high, 0.1611, 5e-5)
}

// Moments against sums taken the plain way, in one go and in two.
func TestPairs(t *testing.T) {
	ys, xs := []float64{1, 4, 2, 8, 5, 7}, []float64{2, 3, 1, 9, 4, 4}
	var all, a, b effect.Pairs
	for i := range ys {
		all.Add(ys[i], xs[i])
		if i < 2 {
			a.Add(ys[i], xs[i])
		} else {
			b.Add(ys[i], xs[i])
		}
	}
	a.Merge(b)
	for _, p := range []effect.Pairs{all, a} {
		// By hand: means 4.5 and 23/6; Σy² − 6·4.5² = 37.5; Σx² = 127 − 529/6; Σxy − 6·4.5·23/6 = 136 − 103.5.
		near(t, "mean", p.MeanY, 4.5, 1e-12)
		near(t, "yy", p.YY, 37.5, 1e-12)
		near(t, "xx", p.XX, 127-529.0/6, 1e-12)
		near(t, "xy", p.XY, 136-103.5, 1e-12)
	}
}

// CUPED is the difference of y − θx, with θ worked out by hand, and its
// interval is Welch's of just those figures.
func TestCUPED(t *testing.T) {
	ty, tx := []float64{5, 7, 9, 6}, []float64{1, 2, 4, 1}
	hy, hx := []float64{3, 6, 4}, []float64{1, 3, 2}
	var a, b effect.Pairs
	for i := range ty {
		a.Add(ty[i], tx[i])
	}
	for i := range hy {
		b.Add(hy[i], hx[i])
	}
	got, ok := effect.CUPED(a, b, 0.95)
	if !ok {
		t.Fatal("no adjustment")
	}
	// Treated: xx 22 − 16, xy 61 − 54; held out: xx 14 − 12, xy 29 − 26.
	theta := (7.0 + 3.0) / (6.0 + 2.0)
	near(t, "theta", got.Theta, theta, 1e-12)
	near(t, "lift", got.Lift, (6.75-theta*2)-(13.0/3-theta*2), 1e-12)
	less := func(ys, xs []float64) effect.Arm {
		var out []float64
		for i := range ys {
			out = append(out, ys[i]-theta*(xs[i]-2))
		}
		return effect.Of(out)
	}
	want := effect.Welch(less(ty, tx), less(hy, hx), 0.95)
	near(t, "low", got.Low, want.Low, 1e-12)
	near(t, "high", got.High, want.High, 1e-12)
	near(t, "p", got.P, want.P, 1e-12)
	var same effect.Pairs
	for _, y := range ty {
		same.Add(y, 3)
	}
	if _, ok := effect.CUPED(same, same, 0.95); ok {
		t.Error("adjusted by what is the same for all")
	}
}

// Benjamini and Hochberg (1995), section 3.2: of 15 tests the first four are
// shown at 0.05.
func TestDiscoveries(t *testing.T) {
	ps := []float64{0.3240, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, math.NaN(), 0.0344, 0.0459, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	q := effect.Discoveries(ps)
	shown := 0
	for i, p := range ps {
		if q[i] <= 0.05 {
			shown++
			if p > 0.0095 {
				t.Errorf("%v is shown", p)
			}
		}
	}
	if shown != 4 || !math.IsNaN(q[8]) {
		t.Errorf("%d are shown, q %v", shown, q)
	}
	near(t, "the fourth", q[4], 0.0095*15/4, 1e-12)
	// The fifth takes the least of its own 0.0201·15/5 and those after it.
	near(t, "the fifth", q[5], math.Min(0.0201*15/5, math.Min(0.0298*15/7, 0.0344*15/8)), 1e-12)
	if got := effect.Discoveries(nil); len(got) != 0 {
		t.Errorf("nothing gives %v", got)
	}
}

// Thirteen trials of a vaccine (Colditz and others 1994): log risk ratios. The
// Paule–Mandel variance that R's metafor gives is 0.3181; the other figures are
// of scipy.optimize.brentq on the same equation.
func TestShrink(t *testing.T) {
	ys := []float64{-0.8893113339202054, -1.5853886572014306, -1.3480731482996924, -1.4415511900213054, -0.21754732221129558, -0.7861155858188642, -1.6208982235983918, 0.011952333523841396, -0.4694176487381485, -1.3713448034727849, -0.3393588283383906, 0.44591340057137874, -0.017313948216879815}
	vs := []float64{0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573, 0.05121017216963086, 0.0069056184559087574, 0.22301724757231517, 0.0039615792978177295, 0.056434210463248966, 0.07302479361302891, 0.01241221397155972, 0.5325058452001528, 0.0714046596839863}
	ses := make([]float64, len(vs))
	for i, v := range vs {
		ses[i] = math.Sqrt(v)
	}
	p := effect.Shrink(ys, ses, 0.95)
	near(t, "tau²", p.Tau2, 0.3180684522050241, 1e-9)
	near(t, "overall", p.Overall, -0.714968153493444, 1e-9)
	near(t, "its error", p.SE, 0.18089219153762354, 1e-9)
	near(t, "the first", p.Groups[0].Lift, -0.8011217903715402, 1e-9)
	near(t, "its error", p.Groups[0].SE, 0.41141709956541184, 1e-9)
	near(t, "its low", p.Groups[0].Low, -0.8011217903715402-1.959963984540054*0.41141709956541184, 1e-8)

	// Eight schools (Rubin 1981; Gelman and others, Bayesian Data Analysis,
	// section 5.5): no variance shown, all drawn to 7.7 with an error of 4.1.
	p = effect.Shrink([]float64{28, 8, -3, 7, -1, 1, 18, 12}, []float64{15, 10, 16, 11, 9, 11, 10, 18}, 0.95)
	near(t, "tau²", p.Tau2, 0, 0)
	near(t, "overall", p.Overall, 7.7, 0.05)
	near(t, "its error", p.SE, 4.1, 0.05)
	for _, g := range p.Groups {
		near(t, "a school", g.Lift, p.Overall, 1e-12)
	}
	p = effect.Shrink([]float64{1, math.NaN(), 3}, []float64{0.5, 1, 0}, 0.95)
	if !math.IsNaN(p.Groups[1].Lift) || !math.IsNaN(p.Groups[2].Lift) || p.Groups[0].Lift != 1 || p.Groups[0].SE != 0.5 {
		t.Errorf("one group that is known: %+v", p)
	}
	if p := effect.Shrink(nil, nil, 0.95); !math.IsNaN(p.Overall) || len(p.Groups) != 0 {
		t.Errorf("no groups: %+v", p)
	}
}

func TestEnough(t *testing.T) {
	big, same := effect.Arm{N: 30, Mean: 1, Var: 2}, effect.Arm{N: 30, Mean: 1}
	if !effect.Enough(big, same) || effect.Enough(same, same) || effect.Enough(big, effect.Arm{N: 29, Mean: 1, Var: 1}) {
		t.Error("means")
	}
	if !effect.EnoughSeen(5, 30, 0, 30) || effect.EnoughSeen(4, 30, 0, 30) || effect.EnoughSeen(5, 29, 5, 100) || effect.EnoughSeen(30, 30, 26, 30) {
		t.Error("rates")
	}
}
