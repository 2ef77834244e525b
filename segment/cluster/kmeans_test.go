package cluster

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"testing"
)

func prepared(t *testing.T, cols []Column) *Rows {
	t.Helper()
	r, err := Prepare(context.Background(), cols, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// On few rows the clusters are the best of all partitions there are, by trying
// them all; with categories, where moving one row at a time may help when moving
// centers does not, nearly always, and never far from it.
func TestSmallDataAgainstAllPartitions(t *testing.T) {
	s := newStream(11, 1, 1)
	missed := 0
	for round := range 40 {
		n, k := 8, 2+round%3
		c := cols(2, n)
		codes := make([]uint32, n)
		for i := range n {
			c[0].Numbers[i], c[1].Numbers[i], codes[i] = s.normal(), s.normal(), uint32(s.below(3))
		}
		if round%2 == 1 {
			c = append(c, Column{Codes: codes})
		}
		r := prepared(t, c)
		got, err := KMeans(context.Background(), r, k, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := math.Inf(1)
		label := make([]int, n)
		for {
			want = min(want, costOf(r, label, k))
			at := 0
			for at < n {
				if label[at]++; label[at] < k {
					break
				}
				label[at] = 0
				at++
			}
			if at == n {
				break
			}
		}
		if got.Inertia > want*(1+1e-9)+1e-12 {
			missed++
			if r.cats == 0 || got.Inertia > 1.15*want {
				t.Errorf("round %d: inertia %v in %d clusters, the best is %v", round, got.Inertia, k, want)
			}
		}
	}
	if missed > 2 {
		t.Errorf("the best partition was missed in %d of 40 rounds", missed)
	}
}

// costOf is the inertia of a partition about its own means and modes.
func costOf(r *Rows, label []int, k int) float64 {
	total := 0.0
	for j := range k {
		var rows []int
		for i, l := range label {
			if l == j {
				rows = append(rows, i)
			}
		}
		for d := range r.dims {
			mean := 0.0
			for _, i := range rows {
				mean += float64(r.Row(i)[d]) / float64(len(rows))
			}
			for _, i := range rows {
				total += (float64(r.Row(i)[d]) - mean) * (float64(r.Row(i)[d]) - mean)
			}
		}
		for c := range r.cats {
			count, top := map[uint16]int{}, 0
			for _, i := range rows {
				count[r.codes(i)[c]]++
				top = max(top, count[r.codes(i)[c]])
			}
			total += r.Gamma * float64(len(rows)-top)
		}
	}
	return total
}

// The bounds change nothing: iterations without them end alike.
func TestBoundsAgainstPlainIterations(t *testing.T) {
	for _, w := range worlds(4, 3000) {
		r := prepared(t, w.cols)
		for k := 2; k <= 8; k += 3 {
			c := seed(r, k, newStream(1, 2, 3))
			plain := newCenters(r, c.k)
			copy(plain.mean, c.mean)
			l := newLloyd(r, c, false)
			if err := l.run(context.Background(), 12, 0); err != nil {
				t.Fatal(err)
			}
			for range 12 {
				sums, counts := make([]float64, len(plain.mean)), make([]int, c.k)
				for i := range r.n {
					best, _, _ := plain.nearest(r, i)
					counts[best]++
					for d, x := range r.Row(i) {
						sums[best*r.dims+d] += float64(x)
					}
				}
				for j, n := range counts {
					for d := range r.dims {
						if n > 0 {
							plain.mean[j*r.dims+d] = sums[j*r.dims+d] / float64(n)
						}
					}
				}
			}
			if a, b := inertia(r, l.c), inertia(r, plain); math.Abs(a-b) > 1e-6*b {
				t.Errorf("%s, k = %d: inertia %v with bounds, %v without", w.name, k, a, b)
			}
		}
	}
}

// Labels, sizes, centers and inertia agree with one another.
func TestClustersAreWhatTheySay(t *testing.T) {
	w := blobs("unequal", 40000, 5, 4, 4, []float64{0.6, 0.25, 0.1, 0.05}, 1, 9)
	r := prepared(t, w.cols)
	c, err := KMeans(context.Background(), r, 4, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sizes, total := make([]int, c.K), 0.0
	for i, l := range c.Labels {
		sizes[l]++
		own, least := 0.0, math.Inf(1)
		for j := range c.Centers {
			d := 0.0
			for a, x := range r.Row(i) {
				d += (float64(x) - c.Centers[j][a]) * (float64(x) - c.Centers[j][a])
			}
			least = min(least, d)
			if j == int(l) {
				own = d
			}
		}
		if own > least*(1+1e-9) {
			t.Fatalf("row %d is in cluster %d at %v, another is at %v", i, l, own, least)
		}
		total += own
	}
	if !reflect.DeepEqual(sizes, c.Sizes) || math.Abs(total-c.Inertia) > 1e-6*total {
		t.Errorf("sizes %v, inertia %v; counted %v, %v", c.Sizes, c.Inertia, sizes, total)
	}
	for j := range c.Sizes[1:] {
		if c.Sizes[j] < c.Sizes[j+1] {
			t.Errorf("sizes %v: the largest is not first", c.Sizes)
		}
	}
}

// As many cores as there are, the result is the same to the last bit.
func TestCoresChangeNothing(t *testing.T) {
	w := blobs("wide", 60000, 6, 5, 3, nil, 2, 3)
	words := make([]uint32, len(w.want))
	for i := range words {
		words[i] = uint32(i*i%7) + uint32(w.want[i])
	}
	cols := append(w.cols, Column{Codes: words})
	var all []*Clusters
	for _, cores := range []int{1, 2, 5} {
		was := runtime.GOMAXPROCS(cores)
		_, c := find(t, cols, Options{Seed: 5, MaxK: 6})
		runtime.GOMAXPROCS(was)
		all = append(all, c)
	}
	for _, c := range all[1:] {
		if !reflect.DeepEqual(all[0], c) {
			t.Errorf("inertia %v and %v, sizes %v and %v", all[0].Inertia, c.Inertia, all[0].Sizes, c.Sizes)
		}
	}
}

func TestSmallestWorlds(t *testing.T) {
	nan := math.NaN()
	for name, cols := range map[string][]Column{
		"one customer":        {{Numbers: []float64{3}}, {Codes: []uint32{1}}},
		"two customers":       {{Numbers: []float64{3, 4}}},
		"nothing known":       {{Numbers: []float64{nan, nan, nan}}, {Codes: []uint32{0, 0, 0}}},
		"one known":           {{Numbers: []float64{nan, 5, nan}}},
		"infinite":            {{Numbers: []float64{math.Inf(1), 5, math.Inf(-1), 6}}},
		"huge":                {{Numbers: []float64{1e308, -1e308, 0, 5}}},
		"tiny":                {{Numbers: []float64{1e-308, 2e-308, 0, 5e-324}}},
		"fewer than clusters": {{Numbers: []float64{1, 1, 2, 2, 3}}},
	} {
		r, c := find(t, cols, Options{})
		for k := 1; k <= 8; k++ {
			c, err := KMeans(context.Background(), r, k, Options{})
			if err != nil || c.K > k || c.K < 1 || math.IsNaN(c.Inertia) {
				t.Errorf("%s, k = %d: %+v, %v", name, k, c, err)
			}
		}
		if s, err := Stability(context.Background(), r, c, Options{}, 3); err != nil || math.IsNaN(s) {
			t.Errorf("%s: stability %v, %v", name, s, err)
		}
	}
	r := prepared(t, []Column{{Numbers: []float64{}}})
	if _, err := Find(context.Background(), r, Options{}); err == nil {
		t.Error("nobody was clustered")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := blobs("any", 20000, 5, 4, 4, nil, 0, 9)
	r := prepared(t, w.cols)
	cancel()
	if _, err := Prepare(ctx, w.cols, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Prepare: %v", err)
	}
	if _, err := Find(ctx, r, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: %v", err)
	}
	if _, err := KMeans(ctx, r, 3, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("KMeans: %v", err)
	}
}
