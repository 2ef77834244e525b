package hindsight_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/hindsight"
)

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// Of 200 customers 50 were named, 40 had it, 30 both. Wilson's interval of
// 30/50 is 0.461814…0.723916 (scipy.stats.binomtest(30, 50).proportion_ci(
// method="wilson")), that of 30/40 0.598060…0.858129; the lift is 0.6/0.2 = 3.
func TestOneDate(t *testing.T) {
	q := hindsight.Of(hindsight.Counts{Eligible: 200, Named: 50, Had: 40, Hits: 30})
	if q.Precision.Value != 0.6 || q.Recall.Value != 0.75 || q.Base.Value != 0.2 || !near(q.Lift.Value, 3, 1e-12) {
		t.Errorf("%+v", q)
	}
	if !near(q.Precision.Low, 0.4618, 2e-4) || !near(q.Precision.High, 0.7239, 2e-4) || !near(q.Recall.Low, 0.5981, 2e-4) || !near(q.Recall.High, 0.8581, 2e-4) {
		t.Errorf("intervals %+v", q)
	}
	// The logarithm of the lift varies by Σ d²: 30 of (1/30 − 1/50 − 1/40 +
	// 1/200), 20 of (−1/50 + 1/200), 10 of (−1/40 + 1/200), 140 of 1/200.
	v := 30*math.Pow(1.0/30-1.0/50-1.0/40+1.0/200, 2) + 20*math.Pow(-0.015, 2) + 10*math.Pow(-0.02, 2) + 140*math.Pow(0.005, 2)
	if want := 3 * math.Exp(1.959963984540054*math.Sqrt(v)); !near(q.Lift.High, want, 1e-9) || !near(q.Lift.Low, 9/want, 1e-9) {
		t.Errorf("lift %+v, want up to %v", q.Lift, want)
	}
}

func TestNothingToTakeItOf(t *testing.T) {
	q := hindsight.Of(hindsight.Counts{Eligible: 10})
	if !math.IsNaN(q.Precision.Value) || !math.IsNaN(q.Lift.Value) || q.Base.Value != 0 {
		t.Errorf("%+v", q)
	}
	if q := hindsight.Of(hindsight.Counts{Eligible: 10, Named: 5, Had: 2}); q.Lift.Value != 0 || q.Lift.High <= 0 || q.Precision.Low != 0 {
		t.Errorf("%+v", q)
	}
	if q := hindsight.NewPool(3).Quality(); !math.IsNaN(q.Base.Value) {
		t.Errorf("%+v", q)
	}
}

// A pool of one date is that date.
func TestPoolOfOneDate(t *testing.T) {
	p := hindsight.NewPool(200)
	for i := range 200 {
		p.Add(i, i < 50, i < 30 || i >= 190)
	}
	pooled, single := p.Quality(), hindsight.Of(hindsight.Counts{Eligible: 200, Named: 50, Had: 40, Hits: 30})
	if pooled.Counts != single.Counts || !near(pooled.Precision.Low, single.Precision.Low, 0.003) || !near(pooled.Lift.High, single.Lift.High, 1e-9) {
		t.Errorf("%+v, want about %+v", pooled, single)
	}
}

// The same customers at four dates alike tell no more than at one.
func TestRepeatedDatesTellNoMore(t *testing.T) {
	once, often := hindsight.NewPool(200), hindsight.NewPool(200)
	for i := range 200 {
		once.Add(i, i < 50, i < 30 || i >= 190)
		for range 4 {
			often.Add(i, i < 50, i < 30 || i >= 190)
		}
	}
	a, b := once.Quality(), often.Quality()
	for _, pair := range [][2]hindsight.Figure{{a.Precision, b.Precision}, {a.Recall, b.Recall}, {a.Lift, b.Lift}} {
		if !near(pair[0].Value, pair[1].Value, 1e-12) || !near(pair[0].Low, pair[1].Low, 1e-9) || !near(pair[0].High, pair[1].High, 1e-9) {
			t.Errorf("once %v, four times %v", pair[0], pair[1])
		}
	}
}

// Intervals over customers who are what they are at all dates hold the truth
// about as often as said.
func TestPooledIntervalsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 7))
	const worlds, people, dates = 600, 150, 6
	// A third of the people have it at 60% of the dates and are named at 70% of
	// them; the others at 10% and 20%.
	base := (0.6 + 2*0.1) / 3
	precision := (0.7*0.6 + 2*0.2*0.1) / (0.7 + 2*0.2)
	held, lifts := 0, 0
	for range worlds {
		p := hindsight.NewPool(people)
		for i := range people {
			name, have := 0.2, 0.1
			if r.IntN(3) == 0 {
				name, have = 0.7, 0.6
			}
			for range dates {
				p.Add(i, r.Float64() < name, r.Float64() < have)
			}
		}
		q := p.Quality()
		if q.Precision.Low <= precision && precision <= q.Precision.High {
			held++
		}
		if truth := precision / base; q.Lift.Low <= truth && truth <= q.Lift.High {
			lifts++
		}
	}
	for name, n := range map[string]int{"precision": held, "lift": lifts} {
		if share := float64(n) / worlds; share < 0.92 || share > 0.98 {
			t.Errorf("%s: %.3f of the intervals hold the truth", name, share)
		}
	}
}

func TestQuartiles(t *testing.T) {
	if a, b, c, ok := hindsight.Quartiles([]int{50, 10, 40, 20, 30}); !ok || a != 20 || b != 30 || c != 40 {
		t.Errorf("%d %d %d", a, b, c)
	}
	if _, _, _, ok := hindsight.Quartiles(nil); ok {
		t.Error("of nothing")
	}
}
