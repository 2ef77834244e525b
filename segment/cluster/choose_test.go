package cluster

import (
	"context"
	"testing"
)

func find(t *testing.T, cols []Column, o Options) (*Rows, *Clusters) {
	t.Helper()
	r, err := Prepare(context.Background(), cols, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Find(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, c
}

// What was planted is found: how many, and who; and nothing where there is
// nothing.
func TestPlantedGroupsAreFound(t *testing.T) {
	wrong, all := 0, 0
	for _, seed := range []uint64{1, 2} {
		for i, w := range worlds(seed, 2500) {
			if w.k > 1 && i%2 != int(seed)%2 || testing.Short() && i%3 != 0 {
				continue
			}
			_, c := find(t, w.cols, Options{})
			all++
			if c.K != w.k {
				wrong++
				t.Logf("seed %d, %s: %d clusters (%s), planted %d", seed, w.name, c.K, c.Choice.Why, w.k)
				if w.k == 1 {
					t.Errorf("seed %d, %s: groups where there are none", seed, w.name)
				}
				continue
			}
			if got := AdjustedRand(c.Labels, w.want); got < 0.85 {
				t.Errorf("seed %d, %s: the adjusted Rand index with what was planted is %.3f", seed, w.name, got)
			}
		}
	}
	if wrong*20 > all {
		t.Errorf("the wrong number of clusters in %d of %d worlds", wrong, all)
	}
}

// One in a hundred new customers, of the same kind or drawn evenly from
// everywhere, leave at least nine in ten of the others where they were.
func TestFewMoreCustomersLeaveTheOthers(t *testing.T) {
	const n, more = 5000, 50
	list := worlds(5, n)
	for i, same := range worlds(5, n+more) {
		if w := list[i]; w.k > 1 && i%4 != 0 || testing.Short() && i%4 != 0 {
			continue
		}
		w := list[i]
		_, before := find(t, w.cols, Options{})
		stray := newStream(7, i, 0)
		junk := cols(len(w.cols), n+more)
		for j, c := range w.cols {
			copy(junk[j].Numbers, c.Numbers)
			low, high := 0.0, 0.0
			for _, x := range c.Numbers {
				if !missing(x) {
					low, high = min(low, x), max(high, x)
				}
			}
			for k := n; k < n+more; k++ {
				junk[j].Numbers[k] = low + stray.unit()*(high-low)
			}
		}
		for name, cols := range map[string][]Column{"alike": same.cols, "strays": junk} {
			_, after := find(t, cols, Options{})
			if _, share := Match(before.Labels, after.Labels[:n]); share < 0.9 {
				t.Errorf("%s, %s: %.3f keep their cluster; %d clusters before, %d after", w.name, name, share, before.K, after.K)
			}
		}
	}
}

func TestRowsWithFewValues(t *testing.T) {
	const n = 400
	one := make([]float64, n)
	two := make([]float64, n)
	words := make([]uint32, n)
	for i := range n {
		one[i], two[i], words[i] = 7, float64(i%2), uint32(i%3)
	}
	for _, w := range []struct {
		name string
		cols []Column
		k    int
		why  Why
	}{
		{"all alike", []Column{{Numbers: one}}, 1, Identical},
		{"yes and no", []Column{{Numbers: one}, {Numbers: two}}, 2, FewValues},
		{"categories", []Column{{Codes: words}}, 3, FewValues},
		{"both", []Column{{Codes: words}, {Numbers: two}}, 6, FewValues},
	} {
		r, c := find(t, w.cols, Options{})
		if c.K != w.k || c.Choice.Why != w.why {
			t.Errorf("%s: %d clusters, %s; want %d, %s", w.name, c.K, c.Choice.Why, w.k, w.why)
		}
		if c.Inertia > 1e-9 {
			t.Errorf("%s: inertia %g of %d rows in as many clusters as there are values", w.name, c.Inertia, r.Len())
		}
	}
	// Rare values are no clusters of their own.
	words[3] = 9
	if _, c := find(t, []Column{{Codes: words}}, Options{}); c.K != 3 {
		t.Errorf("%d clusters with a category that one of 400 has; want 3", c.K)
	}
}

// Categories that go together are found among ones that do not.
func TestPlantedCategories(t *testing.T) {
	const n = 6000
	s := newStream(3, 1, 1)
	want := make([]uint8, n)
	code := make([][]uint32, 5)
	for j := range code {
		code[j] = make([]uint32, n)
	}
	number := make([]float64, n)
	for i := range n {
		g := s.below(3)
		want[i] = uint8(g)
		for j := range code {
			code[j][i] = uint32(1 + s.below(6))
			if j < 4 && s.unit() < 0.8 {
				code[j][i] = uint32(1 + g)
			}
		}
		number[i] = s.normal()
	}
	for name, cols := range map[string][]Column{
		"categories": {{Codes: code[0]}, {Codes: code[1]}, {Codes: code[2]}, {Codes: code[3]}},
		"mixed":      {{Codes: code[0]}, {Codes: code[1]}, {Codes: code[2]}, {Codes: code[3]}, {Codes: code[4]}, {Numbers: number}},
	} {
		_, c := find(t, cols, Options{})
		if got := AdjustedRand(c.Labels, want); c.K != 3 || got < 0.8 {
			t.Errorf("%s: %d clusters, adjusted Rand index %.3f; planted 3", name, c.K, got)
		}
	}
	// Without what goes together there is one group.
	if _, c := find(t, []Column{{Codes: code[4]}, {Numbers: number}}, Options{}); c.K != 1 {
		t.Errorf("%d clusters of a category and a number that know nothing of one another", c.K)
	}
}

func TestStabilityTellsGroupsFromCuts(t *testing.T) {
	ctx := context.Background()
	apart := blobs("apart", 5000, 4, 3, 7, nil, 0, 1)
	r, c := find(t, apart.cols, Options{})
	if got, err := Stability(ctx, r, c, Options{}, 0); err != nil || got < 0.99 {
		t.Errorf("stability %.3f (%v) of groups far apart", got, err)
	}
	cloud := blobs("cloud", 5000, 4, 1, 0, nil, 0, 1)
	r, err := Prepare(ctx, cloud.cols, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = KMeans(ctx, r, 5, Options{}); err != nil {
		t.Fatal(err)
	}
	if got, err := Stability(ctx, r, c, Options{}, 0); err != nil || got > 0.8 {
		t.Errorf("stability %.3f (%v) of a cloud cut in five", got, err)
	}
}
