package evals

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

// The published figures are those of Newcombe's comparison of seven methods
// for a single proportion (Statistics in Medicine 17, 1998), table I, method
// 3: the score interval without continuity correction.
func TestWilsonPublished(t *testing.T) {
	for _, c := range []struct {
		n, of     int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
	} {
		r := NewRate(c.n, c.of)
		near(t, fmt.Sprintf("low of %d/%d", c.n, c.of), r.Low, c.low, 0.00005)
		near(t, fmt.Sprintf("high of %d/%d", c.n, c.of), r.High, c.high, 0.00005)
	}
	if r := NewRate(0, 0); r.Rate != 0 || r.Low != 0 || r.High != 1 {
		t.Errorf("of nothing: %+v", r)
	}
	if r := NewRate(20, 20); r.High != 1 || math.Abs(r.Low-(1-0.1611)) > 0.00005 {
		t.Errorf("of all: %+v", r)
	}
}

// The interval is where the normal test of p does not reject: at both ends
// the distance from p̂ is 1.96 standard errors of the end itself.
func TestWilsonEnds(t *testing.T) {
	for of := 1; of <= 60; of++ {
		for n := 0; n <= of; n++ {
			r := NewRate(n, of)
			for _, end := range []float64{r.Low, r.High} {
				if end == 0 || end == 1 {
					continue
				}
				near(t, fmt.Sprintf("z at %v of %d/%d", end, n, of),
					math.Abs(r.Rate-end)/math.Sqrt(end*(1-end)/float64(of)), 1.959964, 1e-6)
			}
		}
	}
}

// Repeats make nothing surer: asked thrice with the same outcome, a case
// counts once.
func TestRepeatsAreNoCases(t *testing.T) {
	var once, thrice []Record
	for i := range 20 {
		r := Record{ID: fmt.Sprint(i), Kind: Answerable, Verdict: Right, Lang: "en"}
		if i%5 == 0 {
			r.Verdict = Wrong
		}
		once = append(once, r)
		for k := range 3 {
			r.Repeat = k
			thrice = append(thrice, r)
		}
	}
	a, b := NewScore(once), NewScore(thrice)
	near(t, "low", b.Correct.Low, a.Correct.Low, 1e-12)
	near(t, "high", b.Correct.High, a.Correct.High, 1e-12)
	if b.Correct.N != 48 || b.Correct.Of != 60 || b.Cases != 20 || b.Asked != 60 {
		t.Errorf("%+v", b)
	}
}

// Against exact fractions: the sum of binomial coefficients over a power of
// two, in whole numbers.
func TestMcNemarExact(t *testing.T) {
	for n := range 61 {
		for better := range n + 1 {
			worse := n - better
			sum := new(big.Int)
			for k := range min(better, worse) + 1 {
				sum.Add(sum, new(big.Int).Binomial(int64(n), int64(k)))
			}
			want, _ := new(big.Rat).SetFrac(sum.Lsh(sum, 1), new(big.Int).Lsh(big.NewInt(1), uint(n))).Float64()
			near(t, fmt.Sprintf("p of %d better, %d worse", better, worse), McNemar(better, worse), min(1, want), 1e-10)
		}
	}
	// By hand: of six changes all one way, 2/64; of ten, nine one way, 22/1024.
	near(t, "six to none", McNemar(6, 0), 0.03125, 1e-12)
	near(t, "one to nine", McNemar(1, 9), 0.021484375, 1e-12)
	near(t, "no change", McNemar(0, 0), 1, 0)
	if p := McNemar(3000, 2000); math.IsNaN(p) || p > 1e-40 || p <= 0 {
		t.Errorf("of thousands: %v", p)
	}
}

// pass^k by counting: of the ways to draw k of n tries, those that drew only
// passes.
func TestPassHatCounted(t *testing.T) {
	for n := 1; n <= 8; n++ {
		for passes := range n + 1 {
			for k := 1; k <= n; k++ {
				all, good := 0, 0
				for drawn := range 1 << n {
					size, passed := 0, true
					for i := range n {
						if drawn>>i&1 == 1 {
							size++
							passed = passed && i < passes
						}
					}
					if size == k {
						all++
						if passed {
							good++
						}
					}
				}
				near(t, fmt.Sprintf("pass^%d of %d in %d", k, passes, n), PassHat(passes, n, k), float64(good)/float64(all), 1e-12)
			}
		}
	}
}

func TestPassKOverCases(t *testing.T) {
	var records []Record
	for id, passes := range map[string]int{"a": 4, "b": 2, "c": 0} {
		for k := range 4 {
			v := Wrong
			if k < passes {
				v = Right
			}
			records = append(records, Record{ID: id, Repeat: k, Verdict: v, Kind: Answerable})
		}
	}
	// By hand: k=1 (1 + 1/2 + 0)/3; k=2 (1 + 1/6)/3; then only a.
	got := NewScore(records).PassK
	for i, want := range []float64{0.5, 7.0 / 18, 1.0 / 3, 1.0 / 3} {
		near(t, fmt.Sprintf("pass^%d", i+1), got[i], want, 1e-12)
	}
	if NewScore(records[:1]).PassK != nil {
		t.Error("one try has no pass^k")
	}
}

func TestPercentilesAreNearestRanks(t *testing.T) {
	values := make([]float64, 20)
	for i := range values {
		values[i] = float64(20 - i)
	}
	if s := NewSpread(values); s.P50 != 10 || s.P95 != 19 || s.Sum != 210 {
		t.Errorf("%+v", s)
	}
	if s := NewSpread([]float64{7}); s.P50 != 7 || s.P95 != 7 {
		t.Errorf("%+v", s)
	}
	if s := NewSpread(nil); s != (Spread{}) {
		t.Errorf("%+v", s)
	}
}

// sample is ten cases of each verdict's kind, counted by hand below.
func sample() []Record {
	rec := func(id, lang string, kind Kind, v Verdict) Record {
		return Record{Model: "m", Suite: "s", Data: "demo", ID: id, Lang: lang, Family: "size", Kind: kind, Verdict: v}
	}
	records := []Record{
		rec("01", "en", Answerable, Right),
		rec("02", "en", Answerable, Right),
		rec("03", "es", Answerable, Right),
		rec("04", "es", Answerable, Wrong),
		rec("05", "es", Answerable, AskedNeedlessly),
		rec("06", "en", Answerable, RefusedWrongly),
		rec("07", "pt", Answerable, AskedRightly), // as right as an answer, here
		rec("08", "pt", Unclear, AskedRightly),
		rec("09", "pt", Unclear, AskedOddly),
		rec("10", "en", Unclear, Wrong),
		rec("11", "en", Impossible, RefusedRightly),
		rec("12", "en", Impossible, RefusedOddly),
		rec("13", "es", Impossible, AskedNeedlessly),
		rec("14", "es", Impossible, Failed),
	}
	records[0].Tags, records[3].Tags = []string{"trap", "times"}, []string{"trap"}
	records[3].Ungrounded = []string{"42"}
	records[0].Tools, records[1].Tools = []string{"measure", "measure"}, []string{"count_segment"}
	records[1].Level = 2
	return records
}

func TestScoreByHand(t *testing.T) {
	s := NewScore(sample())
	for _, c := range []struct {
		name  string
		got   Rate
		n, of int
	}{
		{"correct", s.Correct, 6, 14},
		{"wrong", s.Wrong, 2, 14},
		{"failed", s.Failed, 1, 14},
		{"right", s.Right, 4, 7},
		{"coverage", s.Coverage, 4, 6},   // 01–06; 07 was rightly asked back
		{"precision", s.Precision, 3, 5}, // 01–04, 10
		{"asked rightly", s.AskedRightly, 1, 3},
		{"asked oddly", s.AskedOddly, 1, 3},
		{"asked needlessly", s.AskedNeedlessly, 2, 11},
		{"refused rightly", s.RefusedRightly, 1, 4},
		{"refused oddly", s.RefusedOddly, 1, 4},
		{"refused wrongly", s.RefusedWrongly, 1, 10},
		{"grounded", s.Grounded, 4, 5},
	} {
		if c.got.N != c.n || c.got.Of != c.of {
			t.Errorf("%s is %d of %d, not %d of %d", c.name, c.got.N, c.got.Of, c.n, c.of)
		}
	}
	for i, sum := range []int{6, 6 - 10, 6 - 20} {
		near(t, fmt.Sprint("penalty ", s.Penalty[i].C), s.Penalty[i].Mean, float64(sum)/14, 1e-12)
	}
	// en 2 of 3, es 1 of 3, pt 1 of 1.
	if g := s.Gap; g == nil || g.Best != "pt" || g.Worst != "es" {
		t.Fatalf("gap %+v", g)
	}
	near(t, "gap", s.Gap.Points, 100-100.0/3, 1e-9)
	total := 0
	for _, v := range Verdicts {
		total += s.Verdicts[v]
	}
	if total != 14 || len(s.Verdicts) != len(Verdicts) {
		t.Errorf("verdicts %v", s.Verdicts)
	}
}

func TestScoreOfNothing(t *testing.T) {
	s := NewScore(nil)
	if s.Gap != nil || s.Cost != nil || s.Correct.Of != 0 || math.IsNaN(s.Penalty[2].Mean) {
		t.Errorf("%+v", s)
	}
}

func TestBreakdowns(t *testing.T) {
	got := map[string]string{}
	var order []string
	for _, b := range Breakdowns(sample()) {
		order = append(order, b.By)
		for _, g := range b.Groups {
			got[b.By+"="+g.Name] = fmt.Sprintf("%d/%d", g.Correct.N, g.Correct.Of)
		}
	}
	if !slices.Equal(order, []string{"language", "data", "suite", "family", "tag", "tool", "level"}) {
		t.Error(order)
	}
	for name, want := range map[string]string{
		"language=en": "3/6", "language=es": "1/5", "language=pt": "2/3", "data=demo": "6/14", "tag=trap": "1/2", "tag=times": "1/1",
		"tool=measure": "1/1", "tool=count_segment": "1/1", "level=2": "1/1",
	} {
		if got[name] != want {
			t.Errorf("%s is %s, not %s", name, got[name], want)
		}
	}
}
