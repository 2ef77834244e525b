package explain

import (
	"context"
	"errors"
	"math"
	"testing"
)

func numbers(n int, f func(i int) float64) Column {
	c := Column{Numbers: make([]float64, n)}
	for i := range c.Numbers {
		c.Numbers[i] = f(i)
	}
	return c
}

func labels(words []string, n int, f func(i int) int) Column {
	c := Column{Words: append([]string{""}, words...), Codes: make([]uint32, n)}
	for i := range c.Codes {
		c.Codes[i] = uint32(f(i))
	}
	return c
}

func explained(t *testing.T, columns []Column, g Groups, o Options) *Report {
	t.Helper()
	r, err := Explain(context.Background(), columns, g, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A world of 300 against 900 in which it is known what sets them apart.
func TestPlantedDifferences(t *testing.T) {
	const nA, n = 300, 1200
	r := newRandom("planted")
	inA := func(i int) bool { return i < nA }
	spend := numbers(n, func(i int) float64 { // skewed, larger for A
		x := 50 * math.Exp(r.normal())
		if inA(i) {
			x *= 4
		}
		return math.Round(x*100) / 100
	})
	columns := []Column{
		0: numbers(n, func(int) float64 { return r.normal() }), // nothing
		1: spend,
		2: numbers(n, func(i int) float64 { return math.Sqrt(spend.Numbers[i]) }), // says the same
		3: labels([]string{"DE", "ES", "PT", "FR"}, n, func(i int) int { // more of PT
			if inA(i) && r.yes(0.5) {
				return 3
			}
			return 1 + r.below(4)
		}),
		4: numbers(n, func(i int) float64 { // age, even; often not known of A
			if inA(i) && r.yes(0.6) || r.yes(0.1) {
				return math.NaN()
			}
			return 40 + 10*r.normal()
		}),
		5: labels([]string{"false", "true"}, n, func(i int) int { // fewer
			if inA(i) && r.yes(0.2) || !inA(i) && r.yes(0.6) {
				return 2
			}
			return 1
		}),
		6: numbers(n, func(i int) float64 { // how the group was made
			if inA(i) {
				return 5 + float64(r.below(5))
			}
			return float64(r.below(5))
		}),
		7: numbers(n, func(int) float64 { return 7 }), // one value
	}
	g := Groups{upTo(0, nA), upTo(nA, n)}
	report := explained(t, columns, g, Options{Definition: func(i int, a Aspect) bool { return i == 6 && a == Values }})
	if report.A != nA || report.B != n-nA || report.Looks != 8 || report.Untested != 0 {
		t.Fatalf("%d and %d customers, %d looks, %d untested", report.A, report.B, report.Looks, report.Untested)
	}
	type told struct {
		column int
		aspect Aspect
		by     Measure
	}
	want := []told{{1, Values, CliffDelta}, {4, Known, CohenH}, {3, Words, CramerV}, {5, Share, CohenH}, {6, Values, HedgesG}}
	seen := map[told]Finding{}
	for i, f := range report.Findings {
		seen[told{f.Column, f.Aspect, f.Measure}] = f
		if i > 0 && !f.Definition && math.Abs(f.D) > math.Abs(report.Findings[i-1].D) {
			t.Errorf("%d is stronger than the one before", i)
		}
	}
	for _, w := range want {
		if _, ok := seen[w]; !ok {
			t.Errorf("%v is not told", w)
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%d told, want %d: %+v", len(seen), len(want), report.Findings)
	}
	last := report.Findings[len(report.Findings)-1]
	if !last.Definition || last.Column != 6 || last.Cut == nil || last.Cut.At != 5 || !last.Cut.Above || last.Cut.A != 1 || last.Cut.B != 0 {
		t.Errorf("by definition, last: %+v %+v", last, last.Cut)
	}
	f := seen[want[0]]
	if len(f.Folded) != 1 || f.Folded[0].Column != 2 || f.Folded[0].Association < 0.99 {
		t.Errorf("folded into spend: %+v", f.Folded)
	}
	if d := seen[want[2]].Drivers; d[0].Code != 3 || d[0].Low <= 0.2 || d[0].High >= 0.5 || d[0].Difference != d[0].A-d[0].B {
		t.Errorf("drivers %+v", d)
	}
	// Known is of all: some 36% of A against 90%.
	if k := seen[want[1]]; math.Abs(k.A-0.36) > 0.08 || math.Abs(k.B-0.9) > 0.04 || k.High >= 0 {
		t.Errorf("known: %+v", k)
	}
	if s := seen[want[3]]; s.Drivers[0].Code != 1 || s.Difference <= 0 {
		t.Errorf("the word that more of A have: %+v", s)
	}
}

// A cut tells exactly those whose number passes it, and no cut tells more apart.
func TestCut(t *testing.T) {
	r := newRandom("cut")
	for range 300 {
		na, nb := 10+r.below(60), 10+r.below(60)
		step := math.Pow10(-r.below(3))
		shift := r.below(9) - 4
		c := numbers(na+nb, func(i int) float64 {
			if r.yes(0.1) {
				return math.NaN()
			}
			x := r.below(20) - 8
			if i < na {
				x += shift
			}
			return float64(x) * step
		})
		g := Groups{upTo(0, na), upTo(na, na+nb)}
		w := &work{}
		looks, _, err := w.look(context.Background(), c, g)
		if err != nil {
			t.Fatal(err)
		}
		if len(looks) == 0 || looks[0].Aspect != Values || looks[0].Cut == nil {
			continue
		}
		l := looks[0]
		passing := func(who []uint32, at float64) (set, all float64) {
			n, pass := 0.0, 0.0
			for _, i := range who {
				v := c.Numbers[i]
				if v == v {
					n++
				}
				if l.Cut.Above && v >= at || !l.Cut.Above && v < at {
					pass++
				}
			}
			return pass / n, pass / float64(len(who))
		}
		setA, allA := passing(g.A, l.Cut.At)
		setB, allB := passing(g.B, l.Cut.At)
		near(t, "share of A", l.Cut.A, allA, 1e-12)
		near(t, "share of B", l.Cut.B, allB, 1e-12)
		best := 0.0
		for _, v := range c.Numbers {
			if v == v {
				a, _ := passing(g.A, v)
				b, _ := passing(g.B, v)
				best = max(best, a-b)
			}
		}
		if setA-setB < nearly*best-1e-12 {
			t.Fatalf("a cut at %v tells %v apart, the best %v", l.Cut.At, setA-setB, best)
		}
	}
}

func TestRoundest(t *testing.T) {
	for _, c := range []struct{ low, high, want float64 }{
		{312.47, 313.02, 313},
		{99, 104, 100},
		{0.31, 0.36, 0.35},
		{2, 3, 3},
		{-5, 3, 0},
		{-3, -2, -2},
		{0.2, 0.3, 0.3},
		{1234.5678, 1234.5679, 1234.5679},
		{7, 7, 7},
		{880, 1210, 1000},
		{math.Inf(-1), 4.2, 4.2},
	} {
		if got := roundest(c.low, c.high); got != c.want {
			t.Errorf("above %v, up to %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
}

// Worlds in which there is little to tell.
func TestThinWorlds(t *testing.T) {
	const n = 200
	r := newRandom("thin")
	columns := []Column{
		numbers(n, func(int) float64 { return r.normal() }),
		labels([]string{"a", "b", "c"}, n, func(int) int { return 1 + r.below(3) }),
		numbers(n, func(int) float64 { return math.NaN() }),
		labels(nil, n, func(int) int { return 0 }),
		numbers(n, func(int) float64 { return math.Inf(1) }),
	}
	for _, c := range []struct {
		name            string
		g               Groups
		looks, untested int
	}{
		{"nobody at all", Groups{}, 0, 5},
		{"nobody in A", Groups{nil, upTo(0, n)}, 0, 5},
		{"nobody in B", Groups{upTo(0, n), nil}, 0, 5},
		{"one customer", Groups{upTo(0, 1), upTo(1, n)}, 0, 5},
		{"nine", Groups{upTo(0, 9), upTo(9, n)}, 0, 5},
		{"ten", Groups{upTo(0, 10), upTo(10, n)}, 1, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := explained(t, columns, c.g, Options{})
			if report.Looks != c.looks || report.Untested != c.untested {
				t.Errorf("%d looks, %d untested; want %d, %d", report.Looks, report.Untested, c.looks, c.untested)
			}
		})
	}
	if _, err := Explain(context.Background(), columns, Groups{upTo(0, 20), upTo(19, 40)}, Options{}); !errors.Is(err, ErrOverlap) {
		t.Errorf("a customer in both: %v", err)
	}
	if _, err := Explain(context.Background(), columns, Groups{[]uint32{3, 2}, upTo(19, 40)}, Options{}); !errors.Is(err, ErrOverlap) {
		t.Errorf("out of order: %v", err)
	}
}

// Groups without any spread lie apart all the same, and what nobody has is no
// difference.
func TestIdenticalCustomers(t *testing.T) {
	same := numbers(100, func(int) float64 { return 3 })
	if r := explained(t, []Column{same}, Groups{upTo(0, 50), upTo(50, 100)}, Options{}); r.Looks != 0 || len(r.Findings) != 0 {
		t.Errorf("identical: %+v", r)
	}
	two := numbers(100, func(i int) float64 { return float64(3 + i/50) })
	r := explained(t, []Column{two}, Groups{upTo(0, 50), upTo(50, 100)}, Options{})
	if len(r.Findings) != 1 {
		t.Fatalf("one value each: %+v", r)
	}
	f := r.Findings[0]
	// All 50 of one below all 50 of the other: two of 100 over 50, 1.0e29.
	if f.Effect != -1 || f.EffectLow != -1 || f.EffectHigh > -0.8 || f.Low != -1 || f.High != -1 || math.Abs(f.P-1.9823e-29) > 1e-32 {
		t.Errorf("one value each: %+v", f.Look)
	}
	if f.Cut == nil || f.Cut.At != 4 || f.Cut.Above {
		t.Errorf("cut %+v", f.Cut)
	}
	missing := numbers(100, func(i int) float64 {
		if i < 50 {
			return math.NaN()
		}
		return 1
	})
	r = explained(t, []Column{missing}, Groups{upTo(0, 50), upTo(50, 100)}, Options{})
	if len(r.Findings) != 1 || r.Findings[0].Aspect != Known || r.Findings[0].A != 0 || r.Findings[0].B != 1 {
		t.Errorf("set in one group alone: %+v", r.Findings)
	}
}

// What says the same folds whatever its kind: a word that follows from another,
// and numbers that follow from words.
func TestFoldAcrossKinds(t *testing.T) {
	const nA, n = 400, 1200
	r := newRandom("kinds")
	city := labels([]string{"a", "b", "c", "d", "e", "f"}, n, func(i int) int {
		if i < nA && r.yes(0.6) {
			return 1 + r.below(2)
		}
		return 1 + r.below(6)
	})
	country := labels([]string{"x", "y", "z"}, n, func(i int) int { return int(city.Codes[i]-1)/2 + 1 })
	distance := numbers(n, func(i int) float64 { return 10*float64(city.Codes[i]) + r.normal() })
	gift := labels([]string{"no", "yes"}, n, func(i int) int { // goes its own way
		if i < nA && r.yes(0.5) || r.yes(0.1) {
			return 2
		}
		return 1
	})
	report := explained(t, []Column{city, country, distance, gift}, Groups{upTo(0, nA), upTo(nA, n)}, Options{})
	if len(report.Findings) != 2 {
		t.Fatalf("%d told, want two: %+v", len(report.Findings), report.Findings)
	}
	for _, f := range report.Findings {
		if f.Column == 3 && len(f.Folded) != 0 || f.Column != 3 && len(f.Folded) != 2 {
			t.Errorf("into %d are folded %+v", f.Column, f.Folded)
		}
	}
	// What goes together with what is by definition restates it too.
	report = explained(t, []Column{city, country, distance, gift}, Groups{upTo(0, nA), upTo(nA, n)}, Options{Definition: func(i int, _ Aspect) bool { return i == 1 }})
	if f := report.Findings; len(f) != 2 || f[0].Column != 3 || f[1].Column != 1 || len(f[1].Folded) != 2 {
		t.Errorf("by definition: %+v", report.Findings)
	}
}

// An effect too small to matter is counted, not told.
func TestTiny(t *testing.T) {
	const nA, n = 20000, 60000
	r := newRandom("tiny")
	c := numbers(n, func(i int) float64 {
		if i < nA {
			return 0.1 + r.normal()
		}
		return r.normal()
	})
	report := explained(t, []Column{c}, Groups{upTo(0, nA), upTo(nA, n)}, Options{})
	if report.Found != 1 || report.Tiny != 1 || len(report.Findings) != 0 {
		t.Errorf("%+v", report)
	}
	if report = explained(t, []Column{c}, Groups{upTo(0, nA), upTo(nA, n)}, Options{Least: 0.05}); len(report.Findings) != 1 {
		t.Errorf("told from 0.05: %+v", report)
	}
}

// Columns that are there for the same customers are one look at that.
func TestKnownOnce(t *testing.T) {
	r := newRandom("known once")
	there := numbers(300, func(i int) float64 {
		if i < 100 && r.yes(0.5) || r.yes(0.1) {
			return 1 + r.unit()
		}
		return math.NaN()
	})
	same := numbers(300, func(i int) float64 { return there.Numbers[i] * r.unit() })
	other := numbers(300, func(i int) float64 { return there.Numbers[(i+1)%300] })
	report := explained(t, []Column{there, same, other}, Groups{upTo(0, 100), upTo(100, 300)}, Options{Definition: func(i int, a Aspect) bool { return i == 1 && a == Known }})
	known := 0
	for _, l := range report.All {
		if l.Aspect == Known {
			if known++; l.Column == 1 || l.Definition != (l.Column == 0) {
				t.Errorf("known: %+v", l)
			}
		}
	}
	if known != 2 || report.Looks != 5 {
		t.Errorf("%d looks at what is known, %d in all", known, report.Looks)
	}
}
