package explain

import (
	"context"
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if !(math.Abs(got-want) <= slack) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The examples of Newcombe (1998), Statistics in Medicine 17, table II, method 10.
func TestNewcombePublished(t *testing.T) {
	for _, c := range []struct {
		yesA, nA, yesB, nB int
		low, high          float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1.0000},
		{10, 10, 0, 10, 0.6075, 1.0000},
	} {
		low, high := Newcombe(c.yesA, c.nA, c.yesB, c.nB, 0.95)
		near(t, "low", low, c.low, 5e-5)
		near(t, "high", high, c.high, 5e-5)
	}
}

// A share is beyond chance at a level exactly where its interval at that level
// leaves out 0.
func TestNewcombeTouchesZero(t *testing.T) {
	for _, c := range [][4]int{{56, 70, 48, 80}, {5, 56, 0, 29}, {30, 100, 45, 100}, {900, 1000, 850, 1000}, {0, 40, 9, 40}} {
		p := newcombeP(c[0], c[1], c[2], c[3])
		low, high := Newcombe(c[0], c[1], c[2], c[3], 1-p)
		near(t, "the limit beside 0", min(math.Abs(low), math.Abs(high)), 0, 1e-9)
	}
	if p := newcombeP(3, 30, 3, 30); p != 1 {
		t.Errorf("of equal shares: p = %v", p)
	}
	// Beside Pearson's chi-square of the same table: 56/70, 48/80 give z = 2.6517.
	near(t, "p", newcombeP(56, 70, 48, 80), 0.008, 0.002)
}

// The sleep data of Student (1908), as R's t.test(extra ~ group, data = sleep)
// prints: t = -1.8608, df = 17.776, p-value = 0.07939, interval -3.3654832 to
// 0.2054832, means 0.75 and 2.33.
func TestWelchPublished(t *testing.T) {
	values := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	a, b := momentsOf(values, upTo(0, 10)), momentsOf(values, upTo(10, 20))
	s := welchStats(a, b)
	near(t, "mean of the first", a.mean, 0.75, 1e-12)
	near(t, "mean of the second", b.mean, 2.33, 1e-12)
	near(t, "t", (a.mean-b.mean)/s.se, -1.8608, 5e-5)
	near(t, "df", s.df, 17.776, 5e-4)
	near(t, "p", twoSided((a.mean-b.mean)/s.se, s.df), 0.07939, 5e-6)
	low, high := spread(a.mean-b.mean, s.se, s.df, 0.95)
	near(t, "low", low, -3.3654832, 5e-8)
	near(t, "high", high, 0.2054832, 5e-8)
	// Both groups have ten, so d = t·sqrt(2/10).
	d := (a.mean - b.mean) / s.se * math.Sqrt(2.0/10)
	near(t, "g", hedgesG(a, b), d*(1-3.0/(4*20-9)), 1e-12)
}

// The example of SciPy's documentation of scipy.stats.brunnermunzel (the data
// of Brunner and Munzel 2000): statistic 3.1374674823029505, p-value
// 0.0057862086661515377.
func TestBrunnerMunzelPublished(t *testing.T) {
	x := []float64{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1}
	y := []float64{3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4}
	s := compareRanks(keysOf(x), keysOf(y))
	// Here the error is of the logit; Brunner and Munzel's is of p itself.
	se := s.se * s.p * (1 - s.p)
	statistic := (0.5 - s.p) / se
	near(t, "statistic", statistic, 3.1374674823029505, 1e-12)
	near(t, "p", twoSided(statistic, s.df), 0.0057862086661515377, 1e-12)
	// lawstat's brunner.munzel.test prints P(X<Y)+.5*P(X=Y) = 0.788961 of them, df 17.683.
	near(t, "superiority of y", 1-s.p, 0.788961, 5e-7)
	near(t, "df", s.df, 17.683, 5e-4)
}

// The table of R's help of chisq.test (Agresti 2007, page 39): X-squared =
// 30.07, df = 2, p-value = 2.954e-07.
func TestChiSquarePublished(t *testing.T) {
	table := [][2]int{{762, 484}, {327, 239}, {468, 477}}
	x, df := ChiSquare(table)
	near(t, "X²", x, 30.07, 5e-3)
	if df != 2 {
		t.Errorf("df %d", df)
	}
	l := wordsLook(t, table)
	near(t, "p", l.P, 2.954e-07, 5e-11)
}

// Of groups of one size, V less the correction is Cramér's own sqrt(X²/n).
func TestBalancedV(t *testing.T) {
	table := [][2]int{{500, 300}, {300, 300}, {200, 400}}
	x, _ := ChiSquare(table)
	near(t, "V²", math.Pow(balancedV(table), 2), x/2000-2*(2.0/1000)/4, 1e-12)
	// A group a hundred times as large with the same shares changes little.
	large := [][2]int{{500, 30000}, {300, 30000}, {200, 40000}}
	near(t, "V", balancedV(large), balancedV(table), 0.01)
	if v := balancedV([][2]int{{10, 10}, {20, 20}, {5, 5}}); v != 0 {
		t.Errorf("of equal shares: %v", v)
	}
}

// The p values of Benjamini and Hochberg (1995), section 4; adjusted by hand
// from the largest: p(k)·15/k, no more than the next. At 5% the first four are
// found, as the paper says.
func TestBenjaminiHochberg(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	want := []float64{0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486, 0.5811818, 0.714875, 0.7532308, 0.8132143, 1}
	shuffled := []int{7, 2, 14, 0, 11, 5, 9, 1, 13, 4, 10, 3, 12, 8, 6}
	mixed := make([]float64, len(p))
	for to, from := range shuffled {
		mixed[to] = p[from]
	}
	found := 0
	for to, x := range BenjaminiHochberg(mixed) {
		near(t, "adjusted", x, want[shuffled[to]], 5e-8)
		if x <= 0.05 {
			found++
		}
	}
	if found != 4 {
		t.Errorf("%d found, want 4", found)
	}
}

// Cohen (1988), table 6.2.1 and page 180: of 0.5 and 0.25 the arcsines are
// 1.571 and 1.047.
func TestCohensH(t *testing.T) {
	near(t, "h", CohensH(0.5, 0.25), math.Pi/2-math.Pi/3, 1e-12)
	near(t, "h of all and none", CohensH(1, 0), math.Pi, 1e-12)
	// d of one half has a probability of superiority of 0.638 (McGraw and Wong 1992, table 1).
	near(t, "d", deltaToD(2*0.6382-1, 1000, 1000), 0.5, 1e-3)
}

func TestStudentQuantile(t *testing.T) {
	// Tables of Student's t; R's qt(c(0.975, 0.995, 0.9999), c(1, 5, 30)).
	near(t, "1", studentQuantile(0.975, 1), 12.7062047, 1e-6)
	near(t, "5", studentQuantile(0.995, 5), 4.0321430, 1e-6)
	near(t, "30", studentQuantile(0.975, 30), 2.0422725, 1e-6)
	near(t, "many", studentQuantile(0.975, 1e9), 1.9599640, 1e-6)
}

// TestAgainstBruteForce counts all pairs, and takes Brunner and Munzel's
// figures from ranks by their own formulas.
func TestAgainstBruteForce(t *testing.T) {
	r := newRandom("brute force")
	for range 300 {
		a, b := make([]float64, 2+r.below(30)), make([]float64, 2+r.below(30))
		for _, s := range [][]float64{a, b} {
			for i := range s {
				s[i] = float64(r.below(12)) / 4 * float64(1-2*r.below(2))
			}
		}
		s := compareRanks(keysOf(a), keysOf(b))
		wins := 0.0
		for _, x := range a {
			for _, y := range b {
				if x > y {
					wins++
				} else if x == y {
					wins += 0.5
				}
			}
		}
		near(t, "superiority", s.p, wins/float64(len(a)*len(b)), 1e-12)
		if s.separate || s.se == 0 {
			continue
		}
		all := append(slices.Clone(a), b...)
		va, vb := rankVariance(a, all), rankVariance(b, all)
		na, nb := float64(len(a)), float64(len(b))
		se := math.Sqrt(va/nb/nb/na + vb/na/na/nb)
		near(t, "error", s.se*s.p*(1-s.p), se, 1e-9)
		want := math.Pow(va/nb+vb/na, 2) / (math.Pow(va/nb, 2)/(na-1) + math.Pow(vb/na, 2)/(nb-1))
		near(t, "df", s.df, want, 1e-6*want)
		near(t, "median", median(keysOf(a)), middle(a), 1e-12)
	}
}

// rankVariance is the variance of ranks among all less ranks within the group.
func rankVariance(s, all []float64) float64 {
	rank := func(x float64, among []float64) float64 {
		r := 0.5
		for _, y := range among {
			if y < x {
				r++
			} else if y == x {
				r += 0.5
			}
		}
		return r
	}
	var d []float64
	mean := 0.0
	for _, x := range s {
		d = append(d, rank(x, all)-rank(x, s))
		mean += d[len(d)-1] / float64(len(s))
	}
	v := 0.0
	for _, x := range d {
		v += (x - mean) * (x - mean) / float64(len(s)-1)
	}
	return v
}

func middle(s []float64) float64 {
	s = slices.Sorted(slices.Values(s))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func keysOf(s []float64) []uint64 {
	w := &work{}
	keys, _ := w.sorted(context.Background(), nil, s, upTo(0, len(s)))
	return keys
}

func upTo(from, to int) []uint32 {
	var who []uint32
	for i := from; i < to; i++ {
		who = append(who, uint32(i))
	}
	return who
}

// wordsLook looks at a category that has these counts.
func wordsLook(t *testing.T, table [][2]int) Look {
	t.Helper()
	c := Column{Words: make([]string, len(table)+1)}
	var g Groups
	for side, who := range []*[]uint32{&g.A, &g.B} {
		for k, row := range table {
			for range row[side] {
				*who = append(*who, uint32(len(c.Codes)))
				c.Codes = append(c.Codes, uint32(k+1))
			}
		}
	}
	l, tested, err := words(context.Background(), c, g)
	if err != nil || !tested {
		t.Fatalf("not looked at: %v", err)
	}
	return l
}

// random is SplitMix64 (Steele, Lea, Flood 2014) from a text.
type random struct{ state uint64 }

func newRandom(seed string) *random {
	r := &random{}
	for _, b := range []byte(seed) {
		r.state = r.state*0x100000001b3 ^ uint64(b)
	}
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) below(n int) int    { return int(r.next() % uint64(n)) }
func (r *random) unit() float64      { return (float64(r.next()>>11) + 0.5) / (1 << 53) }
func (r *random) normal() float64    { return normalQuantile(r.unit()) }
func (r *random) yes(p float64) bool { return r.unit() < p }

// What SciPy 1.10.1 prints of the same data: mannwhitneyu(x, y,
// use_continuity=False, method="asymptotic"), ttest_ind(a, b, equal_var=True),
// skew, spearmanr and contingency.association(…, method="cramer").
func TestAgainstSciPy(t *testing.T) {
	x := []float64{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1}
	y := []float64{3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4}
	s := compareRanks(keysOf(x), keysOf(y))
	near(t, "rank sum", s.p*14*11, 32.5, 1e-12)
	near(t, "its p", s.null, 0.007071989482222141, 1e-12)

	sleep := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	a, b := momentsOf(sleep, upTo(0, 10)), momentsOf(sleep, upTo(10, 20))
	near(t, "Student's p", studentP(a, b), 0.07918671421593829, 1e-12)
	near(t, "skewness of the first", a.skew, 0.48987532503933034, 1e-12)
	near(t, "skewness of the second", b.skew, 0.3253397700874913, 1e-12)

	// Ranks of the two, three times over, so that there are enough of them.
	var first, second Column
	for range 3 {
		first.Numbers, second.Numbers = append(first.Numbers, sleep[:10]...), append(second.Numbers, sleep[10:]...)
	}
	w := &work{}
	one, _ := w.trace(context.Background(), Look{Aspect: Values}, first, upTo(0, 30))
	other, _ := w.trace(context.Background(), Look{Aspect: Values}, second, upTo(0, 30))
	rho, n := one.within(other)
	near(t, "Spearman's rho", rho, 0.7818181818181817, 1e-12)
	if n != 30 {
		t.Errorf("over %d", n)
	}

	// Cramér's V, before it is balanced: √(X²/n).
	chi, _ := ChiSquare([][2]int{{762, 484}, {327, 239}, {468, 477}})
	near(t, "V", math.Sqrt(chi/2757), 0.10443580235646777, 1e-12)
}
