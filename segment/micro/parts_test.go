package micro

import (
	"context"
	"math"
	"slices"
	"testing"

	"tesela/segment"
	"tesela/segment/cluster"
	"tesela/segment/feature"
)

// Three sequences by hand: 0-0 with 60, 0-1 with 5, 1-0 with 30, of which the
// small one lies nearest to its own first cluster.
func TestMergesIntoTheNearest(t *testing.T) {
	var first, second []uint8
	add := func(n int, a, b uint8) {
		for range n {
			first, second = append(first, a), append(second, b)
		}
	}
	add(60, 0, 0)
	add(5, 0, 1)
	add(30, 1, 0)
	far := distances{{{0, 2}, {2, 0}}, {{0, 3}, {3, 0}}}
	all, of := tally([][]uint8{first, second}, 95)
	if len(all) != 3 || all[1].n != 5 || of[60] != 1 {
		t.Fatalf("%+v", all)
	}
	m := newMerging(all, far)
	// 0-1 is 9/4 from 0-0 and 4 + 9/4 from 1-0.
	m.small(10)
	left := m.left()
	if len(left) != 2 || all[left[0]].n != 65 || m.into[1] != 0 || len(all[0].parts) != 2 || !all[0].parts[1].small {
		t.Errorf("left %v, into %v, %+v", left, m.into, all[0])
	}
	if m.small(1000); len(m.left()) != 1 || all[m.left()[0]].n != 95 {
		t.Errorf("all that is too small is one group: %v", m.left())
	}
}

// Of being in a group or not, the index is that of two labels.
func TestYesNoRand(t *testing.T) {
	n, a, b, both := 40, 12, 17, 9
	var x, y []uint8
	for i := range n {
		in, other := uint8(0), uint8(0)
		if i < a {
			in = 1
		}
		if i < both || i >= a && i < a+b-both {
			other = 1
		}
		x, y = append(x, in), append(y, other)
	}
	if got, want := yesNoRand(n, a, b, both), cluster.AdjustedRand(x, y); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}

// Cliff's delta against all pairs.
func TestDelta(t *testing.T) {
	x := []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, math.NaN(), 8}
	members := segment.NewSet(len(x))
	sample := make([]int32, len(x))
	for i := range x {
		sample[i] = int32(i)
		if i%3 == 0 {
			members.Add(i)
		}
	}
	sum, pairs := 0.0, 0.0
	for i, a := range x {
		for j, b := range x {
			if !members.Has(i) || members.Has(j) || math.IsNaN(a) || math.IsNaN(b) {
				continue
			}
			pairs++
			switch {
			case a > b:
				sum++
			case a < b:
				sum--
			}
		}
	}
	if got := delta(rankOf(x), sample, members); math.Abs(got-sum/pairs) > 1e-6 {
		t.Errorf("%v, by pairs %v", got, sum/pairs)
	}
}

// Two points part wholly, an even spread not at all, a bell less than that.
func TestParting(t *testing.T) {
	var points, even, bell []float64
	for i := range 4000 {
		u := (float64(i) + 0.5) / 4000
		points = append(points, float64(i%2))
		even = append(even, u)
		bell = append(bell, math.Sqrt2*math.Erfinv(2*u-1))
	}
	p, e, b := parting(points), parting(even), parting(bell)
	// A bell's best two halves leave 1 − 2/π of its variance, an even spread's
	// a quarter: (0.25 − 0.3634) / 0.25 = −0.4535 for two, less for more.
	if p < 0.999 || math.Abs(e) > 0.02 || b > 0 || b < -0.4535-0.02 {
		t.Errorf("points %v, even %v, bell %v", p, e, b)
	}
}

// Every condition that is offered keeps just those that its formula is true of.
func TestConditionsAreTheirFormulas(t *testing.T) {
	s := newShop()
	for range 700 {
		c := s.customer(map[string]any{"consent": s.draw(2) == 0})
		if s.draw(5) > 0 {
			s.Customers[c].Traits["country"] = []string{"Spain", "France", "Italy", "Malta"}[s.draw(4)]
		}
		for range s.draw(7) {
			s.order(c, s.draw(500), s.draw(24), int64(s.draw(3000)), []string{"Bread", "Wine", "Salt"}[s.draw(3)])
		}
	}
	src := s.source(t)
	w := &work{src: src, at: shopNow, mostK: 8, least: 50}
	must(t, w.gather(context.Background()))
	var err error
	w.hashes, err = hashCustomers(context.Background(), src)
	must(t, err)
	must(t, w.read(context.Background()))
	rows := make([]int32, len(s.Customers))
	for i := range rows {
		rows[i] = int32(i)
	}
	o, err := offer(context.Background(), w.table, rows)
	must(t, err)
	if len(o.conditions) < 500 {
		t.Fatalf("only %d conditions", len(o.conditions))
	}
	for k := 0; k < len(o.conditions); k += 7 {
		c := &o.conditions[k]
		f := c.formula(w.table.Features[c.feature])
		sets, err := evaluate(context.Background(), src, shopNow, []syntaxFormula{f})
		must(t, err)
		for i := range rows {
			if c.keeps.has(i) != sets[0].Has(i) {
				t.Fatalf("%s: customer %d, kept %v", f, i, c.keeps.has(i))
			}
		}
	}
}

// What two thresholds and a word make is found again, in as many conditions.
func TestSearchFindsTheRule(t *testing.T) {
	const n = 3000
	table := &feature.Table{N: n}
	x, y := make([]float64, n), make([]float64, n)
	codes := make([]uint32, n)
	rows := make([]int32, n)
	target := newBitset(n)
	for i := range n {
		rows[i] = int32(i)
		x[i] = float64(mix(uint64(3*i)) % 1000)
		y[i] = float64(mix(uint64(3*i+1))%1000) / 1000
		codes[i] = uint32(1 + mix(uint64(3*i+2))%4)
		if x[i] >= 300 && y[i] < 0.5 && codes[i] == 2 {
			target.add(i)
		}
	}
	for _, name := range []string{"x", "y", "z"} {
		table.Features = append(table.Features, traitFeature(t, name))
	}
	table.Columns = []feature.Column{{Numbers: x}, {Numbers: y}, {Codes: codes, Words: []string{"", "a", "b", "c", "d"}}}
	o, err := offer(context.Background(), table, rows)
	must(t, err)
	g := goal{s: o, t: table, target: target, most: 3}
	told, err := g.search(context.Background())
	must(t, err)
	got := told.formula(table, nil).String()
	if told.precision < 0.99 || told.recall < 0.99 || len(told.conditions) != 3 {
		t.Errorf("%s: precision %v, recall %v", got, told.precision, told.recall)
	}
	if want := `x >= 300 and y < 0.5 and z = "b"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// With one condition less it still keeps both as high as it can.
	g.most = 2
	if told, err = g.search(context.Background()); err != nil || len(told.conditions) != 2 || told.recall < 0.7 {
		t.Errorf("%s: %v %v", told.formula(table, nil), told.precision, err)
	}
}

// Draws do not depend on who else there is: of those drawn before, nearly all
// are drawn again among one in a hundred more.
func TestDrawsStay(t *testing.T) {
	hashes := make([]uint64, 10100)
	var some, all []int32
	for i := range hashes {
		hashes[i] = mix(uint64(i) * 77)
		all = append(all, int32(i))
		if i < 10000 {
			some = append(some, int32(i))
		}
	}
	a, b := draw(some, hashes, 2000), draw(all, hashes, 2000)
	if len(a) != 2000 || len(b) != 2000 || !slices.IsSorted(a) {
		t.Fatalf("%d and %d", len(a), len(b))
	}
	kept := 0
	for _, i := range a {
		if _, ok := slices.BinarySearch(b, i); ok {
			kept++
		}
	}
	if kept < 1960 {
		t.Errorf("%d of 2000 are drawn again", kept)
	}
}
