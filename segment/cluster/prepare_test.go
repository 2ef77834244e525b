package cluster

import (
	"context"
	"math"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-5 }

// By hand: 1 to 9 have the median 5, quartiles 3 and 7, so a spread of 4 /
// 1.349; all lie within four of them. Their standard deviation is √(60/9).
func TestEvenNumbersAreStandardised(t *testing.T) {
	r := prepared(t, []Column{{Numbers: []float64{9, 1, 8, 2, 7, 3, 6, 4, 5}}})
	s := r.Scales[0]
	if s.Log || !s.Kept || s.Median != 5 || s.Mean != 5 || !near(s.Spread, math.Sqrt(60./9)) || !near(s.High, 5+4*4/1.3489795) {
		t.Errorf("%+v", s)
	}
	if got := float64(r.Row(0)[0]); !near(got, 4/math.Sqrt(60./9)) {
		t.Errorf("9 became %v", got)
	}
	if got := s.Back(s.Of(7)); !near(got, 7) {
		t.Errorf("there and back 7 is %v", got)
	}
}

// Amounts in cents or euros, or with an outlier a million times as large, come
// out the same; that one is drawn in.
func TestSkewedNumbers(t *testing.T) {
	s := newStream(1, 1, 1)
	const n = 4000
	euros, cents, wild := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		euros[i] = math.Exp(2 + 1.5*s.normal())
		cents[i] = 100 * euros[i]
		wild[i] = euros[i]
	}
	wild[7] = 1e12
	r := prepared(t, []Column{{Numbers: euros}, {Numbers: cents}, {Numbers: wild}})
	if !r.Scales[0].Log {
		t.Fatalf("a log-normal column is not skewed: %+v", r.Scales[0])
	}
	for i := range n {
		row := r.Row(i)
		if !near(float64(row[0]), float64(row[1])) {
			t.Fatalf("%v euros are %v, as cents %v", euros[i], row[0], row[1])
		}
		if i != 7 && math.Abs(float64(row[0]-row[2])) > 0.02 {
			t.Fatalf("%v became %v, beside an outlier %v", euros[i], row[0], row[2])
		}
	}
	if out := r.Row(7)[2]; out > 5 {
		t.Errorf("the outlier lies at %v", out)
	}
	if x := r.Scales[0].Back(r.Scales[0].Of(20)); !near(x, 20) {
		t.Errorf("there and back 20 is %v", x)
	}
	// Debts are as far from 0 as assets: no logarithm of lopsided negatives.
	for i := range euros {
		euros[i] = -euros[i]
	}
	if r := prepared(t, []Column{{Numbers: euros}}); r.Scales[0].Log {
		t.Error("negative figures went on a logarithmic scale")
	}
}

// A quarter lacks the value in both columns: they get the median, and one
// figure, of variance 4 · ¼ · ¾, tells them apart.
func TestMissingNumbers(t *testing.T) {
	nan := math.NaN()
	a := []float64{nan, 1, 2, 3, nan, 4, 5, 6}
	b := []float64{nan, 6, 5, 4, nan, 3, 2, 1}
	c := []float64{nan, nan, nan, nan, nan, nan, nan, nan}
	r := prepared(t, []Column{{Numbers: a}, {Numbers: b}, {Numbers: c}})
	if r.Dims() != 3 || r.Scales[0].Absent != 2 || r.Scales[1].Absent != 2 || r.Scales[2].Kept || r.Scales[0].Set != 0.75 {
		t.Fatalf("%d figures, %+v", r.Dims(), r.Scales)
	}
	sum := 0.0
	for i := range a {
		x := float64(r.Row(i)[2])
		sum += x * x
		if math.IsNaN(a[i]) && (!near(x, 1.5) || !near(float64(r.Row(i)[0]), r.Scales[0].Of(nan))) || !math.IsNaN(a[i]) && !near(x, -0.5) {
			t.Errorf("row %d is %v", i, r.Row(i))
		}
	}
	if !near(sum/8, 0.75) {
		t.Errorf("the variance is %v", sum/8)
	}
}

func TestColumnsThatTellNothing(t *testing.T) {
	const n = 1000
	same, nearly, some, one := make([]float64, n), make([]float64, n), make([]float64, n), make([]uint32, n)
	for i := range n {
		same[i], one[i] = 3, 2
	}
	nearly[5] = 1 // one in a thousand
	for i := range 20 {
		some[i] = float64(i) // one in fifty
	}
	r := prepared(t, []Column{{Numbers: same}, {Numbers: nearly}, {Numbers: some}, {Codes: one}})
	var kept []bool
	for _, s := range r.Scales {
		kept = append(kept, s.Kept)
	}
	if !slices.Equal(kept, []bool{false, false, true, false}) {
		t.Errorf("kept %v", kept)
	}
}

// Categories are coded from the most frequent; what is missing is one of them.
func TestCategories(t *testing.T) {
	r := prepared(t, []Column{{Codes: []uint32{7, 0, 7, 3, 0, 7}}})
	var got []uint16
	for i := range r.Len() {
		got = append(got, r.codes(i)...)
	}
	if !slices.Equal(got, []uint16{0, 1, 0, 2, 1, 0}) || r.Gamma != 1 || !near(r.Scales[0].Set, 4./6) {
		t.Errorf("%v, gamma %v, %+v", got, r.Gamma, r.Scales)
	}
}

func TestSomeRowsAndFaults(t *testing.T) {
	ctx := context.Background()
	x := []float64{5, 1, 100, 2, 3}
	some, err := Prepare(ctx, []Column{{Numbers: x}}, []int32{4, 1, 3})
	if err != nil {
		t.Fatal(err)
	}
	alone := prepared(t, []Column{{Numbers: []float64{3, 1, 2}}})
	for i := range 3 {
		if some.Row(i)[0] != alone.Row(i)[0] {
			t.Errorf("row %d is %v among others, %v alone", i, some.Row(i), alone.Row(i))
		}
	}
	for name, f := range map[string]func() error{
		"no columns":       func() error { _, err := Prepare(ctx, nil, nil); return err },
		"different length": func() error { _, err := Prepare(ctx, []Column{{Numbers: x}, {Codes: []uint32{1}}}, nil); return err },
		"both kinds": func() error {
			_, err := Prepare(ctx, []Column{{Numbers: x, Codes: make([]uint32, 5)}}, nil)
			return err
		},
		"no such row":  func() error { _, err := Prepare(ctx, []Column{{Numbers: x}}, []int32{5}); return err },
		"too few keys": func() error { return some.Keyed([]uint64{1}) },
		"too many":     func() error { _, err := KMeans(ctx, some, MaxK+1, Options{}); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A sample is drawn by key: of rows that are there both times most are in it
// both times, wherever they stand.
func TestSamplesFollowKeys(t *testing.T) {
	const n, size = 5000, 500
	a, b := make([]uint64, n), make([]uint64, n+50)
	for i := range a {
		a[i] = uint64(i)*7919 + 13
	}
	copy(b[50:], a)
	for i := range 50 {
		b[i] = uint64(i) + 1<<40
	}
	slices.Reverse(b)
	was := map[uint64]bool{}
	for _, i := range draw(n, size, a, 3) {
		was[a[i]] = true
	}
	same := 0
	rows := draw(len(b), size, b, 3)
	for _, i := range rows {
		if was[b[i]] {
			same++
		}
	}
	if len(rows) != size || !slices.IsSorted(rows) || same < size*97/100 {
		t.Errorf("%d of %d rows are in the sample again", same, size)
	}
}
