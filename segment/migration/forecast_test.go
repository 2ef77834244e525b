package migration_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/migration"
)

func matrix(rows ...[]int) *migration.Matrix {
	m := migration.NewMatrix(len(rows), len(rows[0]))
	for f, row := range rows {
		for t, n := range row {
			m.Add(f, t, n)
		}
	}
	return m
}

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// Rows, columns and the whole of a matrix, counted by hand.
func TestMatrixSums(t *testing.T) {
	m := matrix([]int{3, 1}, []int{2, 4}, []int{5, 0})
	if m.Row(0) != 4 || m.Row(1) != 6 || m.Row(2) != 5 || m.Col(0) != 10 || m.Col(1) != 5 || m.Total() != 15 || m.At(1, 1) != 4 {
		t.Errorf("sums of %v", m)
	}
}

// One step, by hand: of 100 in a, 80 stay; of 50 in b, 10 come back; 6 and 4
// join. From 200 and 100: 200·0.8 + 100·0.2 + 6 = 186 in a, 40 + 80 + 4 in b.
func TestPredictByHand(t *testing.T) {
	f := migration.Predict([]*migration.Matrix{matrix([]int{80, 20}, []int{10, 40}, []int{6, 4})}, []int{200, 100})
	if f.Steps != 1 || f.Rates[0][0] != 0.8 || f.Rates[1][0] != 0.2 || f.Past[0] != 100 || f.Past[1] != 50 {
		t.Errorf("rates %v of %v", f.Rates, f.Past)
	}
	if !near(f.Sizes[0].Expected, 186, 1e-9) || !near(f.Sizes[1].Expected, 124, 1e-9) {
		t.Errorf("sizes %v", f.Sizes)
	}
	// The move a→b: p = 20.5/101, variance 200·p·(1−p)·301/102 = 95.468…, so
	// 40.594 ± 1.96·9.7708.
	p := 20.5 / 101
	half := 1.959963984540054 * math.Sqrt(200*p*(1-p)*301/102)
	if e := f.Flows[0][1]; !near(e.Expected, 40, 1e-9) || !near(e.Low, 200*p-half, 1e-9) || !near(e.High, 200*p+half, 1e-9) {
		t.Errorf("a to b %v", e)
	}
	// Those who join: 6 ± 1.96·√12, not below 0.
	if e := f.Flows[2][0]; e.Expected != 6 || e.Low != 0 || !near(e.High, 6+1.959963984540054*math.Sqrt(12), 1e-9) {
		t.Errorf("joining a %v", e)
	}
}

// Two steps of 100, the later one with 40 and the earlier with 20 who move: with
// weights of 1 and ½ the rate is 50 of 150, told as by 150²/125 = 180. Pearson's
// chi-square of 60, 40 against 80, 20 is 2·(10²/70) + 2·(10²/30) = 9.5238 with
// one degree of freedom, and one degree widens sixfold.
func TestStepsThatDifferWiden(t *testing.T) {
	even := []*migration.Matrix{matrix([]int{70, 30}, []int{0, 1}, []int{0, 0}), matrix([]int{70, 30}, []int{0, 1}, []int{0, 0})}
	apart := []*migration.Matrix{matrix([]int{60, 40}, []int{0, 1}, []int{0, 0}), matrix([]int{80, 20}, []int{0, 1}, []int{0, 0})}
	for _, c := range []struct {
		steps        []*migration.Matrix
		expected, by float64
	}{{even, 300, 1}, {apart, 1000.0 / 3, 6 * 9.523809523809524}} {
		e := migration.Predict(c.steps, []int{1000, 0}).Flows[0][1]
		p := (c.expected/1000*180 + 0.5) / 181
		high := 1000*p + 1.959963984540054*math.Sqrt(c.by*1000*p*(1-p)*1181/182)
		if !near(e.Expected, c.expected, 1e-9) || !near(e.High, high, 1e-6) {
			t.Errorf("%v, want %v up to %v", e, c.expected, high)
		}
	}
}

// Labels that nobody had before: everyone is taken to stay, and the interval
// says that nothing is known.
func TestPredictOfWhatNeverWas(t *testing.T) {
	f := migration.Predict([]*migration.Matrix{matrix([]int{0, 0}, []int{0, 10}, []int{0, 0})}, []int{7, 3})
	if e := f.Flows[0][0]; e != (migration.Estimate{Expected: 7, Low: 0, High: 7}) || f.Past[0] != 0 || f.Rates[0][0] != 1 {
		t.Errorf("%v, %v", e, f)
	}
	empty := migration.Predict([]*migration.Matrix{matrix([]int{0, 0}, []int{0, 0}, []int{0, 0})}, []int{0, 0})
	for _, e := range empty.Sizes {
		if e.Expected != 0 || e.High != 0 {
			t.Errorf("of nobody %v are expected", e)
		}
	}
}

func TestCompareByHand(t *testing.T) {
	f := migration.Predict([]*migration.Matrix{matrix([]int{80, 20}, []int{10, 40}, []int{0, 0})}, []int{100, 100})
	// Expected 100·0.8 + 100·0.2 = 100 and 100; real 120 and 80: off by 40 of 200.
	c := f.Compare([]int{100, 100}, []int{120, 80})
	if !near(c.Off, 0.2, 1e-12) || !near(c.Still, 0.2, 1e-12) || c.Labels != 2 {
		t.Errorf("%+v", c)
	}
}

// Over worlds whose rates are what they are, and over ones whose rates waver
// from step to step, the sizes lie in their intervals about as often as said.
func TestIntervalsCover(t *testing.T) {
	rates := [][]float64{{0.7, 0.2, 0.1}, {0.3, 0.5, 0.2}, {0.05, 0.05, 0.9}}
	for _, c := range []struct {
		name          string
		waver         float64
		steps, people int
		least, most   float64
	}{
		{"steady, one step", 0, 1, 400, 0.93, 0.99},
		{"steady, four steps", 0, 4, 400, 0.93, 0.995},
		{"steady, small", 0, 3, 30, 0.92, 1},
		{"wavering", 0.06, 4, 2000, 0.90, 1},
	} {
		r := rand.New(rand.NewPCG(11, 7))
		inside, all := 0, 0
		for range 400 {
			step := func(now []int) (*migration.Matrix, []int) {
				m := migration.NewMatrix(4, 3)
				next := make([]int, 3)
				for f, n := range now {
					p := make([]float64, 3)
					sum := 0.0
					for t := range p {
						p[t] = math.Max(0.001, rates[f][t]+c.waver*r.NormFloat64()*rates[f][t])
						sum += p[t]
					}
					for range n {
						x, t := r.Float64()*sum, 0
						for t < 2 && x >= p[t] {
							x -= p[t]
							t++
						}
						m.Add(f, t, 1)
						next[t]++
					}
				}
				for range c.people / 20 {
					t := r.IntN(3)
					m.Add(3, t, 1)
					next[t]++
				}
				return m, next
			}
			now := []int{c.people, c.people / 2, c.people / 3}
			var steps []*migration.Matrix
			for range c.steps {
				var m *migration.Matrix
				m, now = step(now)
				steps = append(steps, m)
			}
			f := migration.Predict(steps, now)
			_, after := step(now)
			k := f.Compare(now, after)
			inside += k.Inside
			all += k.Labels
		}
		if share := float64(inside) / float64(all); share < c.least || share > c.most {
			t.Errorf("%s: %.3f of the sizes lie in their intervals", c.name, share)
		}
	}
}
