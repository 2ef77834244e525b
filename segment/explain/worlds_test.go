package explain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestNothingDiffers: where nothing differs, something is found in 5% of worlds
// at most, whatever the shapes and sizes.
func TestNothingDiffers(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of worlds")
	}
	for _, size := range [][2]int{{12, 300}, {60, 240}, {400, 400}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			const worlds = 400
			wrong := 0
			for seed := range worlds {
				r := newRandom(fmt.Sprint("nothing differs", size, seed))
				n := size[0] + size[1]
				report, err := Explain(context.Background(), nothingDiffers(r, n), Groups{upTo(0, size[0]), upTo(size[0], n)}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if report.Found > 0 {
					wrong++
				}
			}
			t.Logf("%d of %d worlds", wrong, worlds)
			// 5% and three errors of a count of 400.
			if rate := float64(wrong) / worlds; rate > 0.05+3*math.Sqrt(0.05*0.95/worlds) {
				t.Errorf("something found in %.1f%% of worlds", 100*rate)
			}
		})
	}
}

// nothingDiffers are columns of every shape, none of which knows the group.
func nothingDiffers(r *random, n int) []Column {
	var all []Column
	number := func(f func() float64) {
		c := Column{Numbers: make([]float64, n)}
		for i := range c.Numbers {
			c.Numbers[i] = f()
		}
		all = append(all, c)
	}
	for range 4 {
		number(r.normal)
		number(func() float64 { return math.Exp(1.5 * r.normal()) })
		number(func() float64 { return math.Floor(-3 * math.Log(r.unit())) })
		number(func() float64 {
			if r.yes(0.4) {
				return math.NaN()
			}
			return 100 * r.unit()
		})
		number(func() float64 { // few did it
			if r.yes(0.93) {
				return 0
			}
			return math.Ceil(-2 * math.Log(r.unit()))
		})
		number(func() float64 { // the share of it among one to four things
			n := 1 + r.below(4)
			yes := 0
			for range n {
				if r.yes(0.06) {
					yes++
				}
			}
			return float64(yes) / float64(n)
		})
		all[len(all)-1].Bounded = true
		for _, words := range []int{2, 5, 40} {
			c := Column{Codes: make([]uint32, n), Words: make([]string, words+1)}
			for i := range c.Codes {
				c.Codes[i] = uint32(min(words, 1+int(-float64(words)/3*math.Log(r.unit()))))
			}
			all = append(all, c)
		}
	}
	return all
}

// TestIntervalsCover: intervals have what is true in 95 ± 2% of worlds. The
// truth of the superiorities is by hand: of normals it is Φ(d/√(1+σ²)), of
// exponentials λ/(λ+μ).
func TestIntervalsCover(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of worlds")
	}
	const worlds = 2000
	kinds := []struct {
		name   string
		aspect Aspect
		draw   func(r *random, inA bool) float64
		// what is true of the difference, and of the effect (NaN: not asked)
		difference, effect float64
	}{
		{"even, unlike spreads", Values, func(r *random, inA bool) float64 {
			if inA {
				return 10.5 + 2*r.normal()
			}
			return 10 + r.normal()
		}, 0.5, math.NaN()},
		{"even, like spreads", Values, func(r *random, inA bool) float64 {
			if inA {
				return 10.5 + r.normal()
			}
			return 10 + r.normal()
		}, 0.5, 0.5},
		{"skewed", Values, func(r *random, inA bool) float64 {
			if inA {
				return -2 * math.Log(r.unit())
			}
			return -math.Log(r.unit())
		}, 1, 2*(2.0/3) - 1},
		{"strongly apart", Values, func(r *random, inA bool) float64 {
			if inA {
				return -19 * math.Log(r.unit())
			}
			return -math.Log(r.unit())
		}, 18, 2*0.95 - 1},
		{"shares", Share, func(r *random, inA bool) float64 {
			if inA && r.yes(0.3) || !inA && r.yes(0.15) {
				return 1
			}
			return 2
		}, 0.15, CohensH(0.3, 0.15)},
		{"rare shares", Share, func(r *random, inA bool) float64 {
			if inA && r.yes(0.06) || !inA && r.yes(0.03) {
				return 1
			}
			return 2
		}, 0.03, math.NaN()},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			difference, effect := 0, 0
			for seed := range worlds {
				r := newRandom(fmt.Sprint("cover", k.name, seed))
				const nA, nB = 120, 300
				var c Column
				for i := range nA + nB {
					v := k.draw(r, i < nA)
					if k.aspect == Values {
						c.Numbers = append(c.Numbers, v)
					} else {
						c.Codes, c.Words = append(c.Codes, uint32(v)), []string{"", "yes", "no"}
					}
				}
				w := &work{}
				looks, _, err := w.look(context.Background(), c, Groups{upTo(0, nA), upTo(nA, nA+nB)})
				if err != nil || len(looks) != 1 || looks[0].Aspect != k.aspect {
					t.Fatalf("%v %v", looks, err)
				}
				l := looks[0]
				l.intervals(0.95)
				if k.aspect == Share && l.Drivers[0].Code == 2 { // told of the other word
					l.Low, l.High, l.EffectLow, l.EffectHigh = -l.High, -l.Low, -l.EffectHigh, -l.EffectLow
				}
				if l.Low <= k.difference && k.difference <= l.High {
					difference++
				}
				if l.EffectLow <= k.effect && k.effect <= l.EffectHigh {
					effect++
				}
			}
			t.Logf("difference %.2f%%, effect %.2f%%", 100*float64(difference)/worlds, 100*float64(effect)/worlds)
			near(t, "the difference", float64(difference)/worlds, 0.95, 0.02)
			if !math.IsNaN(k.effect) {
				near(t, "the effect", float64(effect)/worlds, 0.95, 0.02)
			}
		})
	}
}

// TestFalseDiscoveries: of what is found among true and no differences, 5% at
// most is none, and the intervals of what is found miss in 5% at most.
func TestFalseDiscoveries(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of worlds")
	}
	const worlds, columns, true1 = 300, 40, 10
	var falsely, missed float64
	for seed := range worlds {
		r := newRandom(fmt.Sprint("false discoveries", seed))
		var all []Column
		for k := range columns {
			var c Column
			for i := range 500 {
				v := r.normal()
				if k < true1 && i < 150 {
					v += 0.3
				}
				c.Numbers = append(c.Numbers, v)
			}
			all = append(all, c)
		}
		report, err := Explain(context.Background(), all, Groups{upTo(0, 150), upTo(150, 500)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Found == 0 {
			continue
		}
		no, out := 0.0, 0.0
		for _, l := range report.All {
			if !l.Found {
				if l.Low > 0 || l.High < 0 {
					t.Fatalf("not found, and yet 0 is not in %v … %v", l.Low, l.High)
				}
				continue
			}
			if l.Low <= 0 && l.High >= 0 {
				t.Fatalf("found, and yet 0 is in %v … %v", l.Low, l.High)
			}
			truth := 0.0
			if l.Column < true1 {
				truth = 0.3
			} else {
				no++
			}
			if truth < l.Low || truth > l.High {
				out++
			}
		}
		falsely += no / float64(report.Found)
		missed += out / float64(report.Found)
	}
	t.Logf("%.2f%% false, %.2f%% of intervals miss", 100*falsely/worlds, 100*missed/worlds)
	if falsely/worlds > 0.055 || missed/worlds > 0.06 {
		t.Errorf("%.2f%% of what was found is none; %.2f%% of intervals miss", 100*falsely/worlds, 100*missed/worlds)
	}
}

// TestSameOnEveryMachine: equal figures on one core and on two, and none once
// it is cancelled.
func TestSameOnEveryMachine(t *testing.T) {
	r := newRandom("cores")
	columns := nothingDiffers(r, 5000)
	for i := range 1500 {
		columns[0].Numbers[i] += 1
		columns[1].Numbers[i] *= 4
		columns[6].Codes[i] = 1
	}
	g := Groups{upTo(0, 1500), upTo(1500, 5000)}
	var reports []*Report
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		report, err := Explain(context.Background(), columns, g, Options{})
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, report)
	}
	if len(reports[0].Findings) < 3 {
		t.Fatalf("found only %d", len(reports[0].Findings))
	}
	if diff := cmp.Diff(reports[0], reports[1], cmpopts.IgnoreUnexported(Look{}), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	if _, err := Explain(ctx, columns, g, Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkExplain looks at sixty columns of a million customers.
func BenchmarkExplain(b *testing.B) {
	const n = 1_000_000
	r := newRandom("bench")
	var columns []Column
	for k := range 60 {
		c := Column{}
		switch k % 4 {
		case 3:
			c.Codes, c.Words = make([]uint32, n), make([]string, 21)
			for i := range c.Codes {
				c.Codes[i] = uint32(1 + r.below(20))
			}
		default:
			c.Numbers = make([]float64, n)
			for i := range c.Numbers {
				c.Numbers[i] = -math.Log(r.unit()) * 100
				if k%4 == 1 {
					c.Numbers[i] = math.Floor(c.Numbers[i] / 10)
				}
				if i < n/10 {
					c.Numbers[i] *= 1.5
				}
			}
		}
		columns = append(columns, c)
	}
	g := Groups{upTo(0, n/10), upTo(n/10, n)}
	for b.Loop() {
		start := time.Now()
		report, err := Explain(context.Background(), columns, g, Options{})
		if err != nil || len(report.Findings) == 0 {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "s/run")
	}
}
