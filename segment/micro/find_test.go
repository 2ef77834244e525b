package micro

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"time"

	"tesela/segment/syntax"
)

// Two kinds of customers who differ in everything come out as two groups, each
// told by one condition beside the stage's.
func TestFindsPlantedKinds(t *testing.T) {
	s := twoKinds(400)
	r := find1(t, s, Query{MinSize: 40})
	if r.Readable != 1 || r.Stability < 0.75 || r.Unassigned > 20 {
		t.Errorf("readable %v, stability %v, unassigned %d", r.Readable, r.Stability, r.Unassigned)
	}
	apart := 0
	for _, g := range r.Groups {
		var kinds [2]int
		for _, i := range g.InClusters() {
			kinds[i%2]++
		}
		if kinds[0] == 0 || kinds[1] == 0 {
			apart += kinds[0] + kinds[1]
		}
		if len(g.Apart) == 0 {
			t.Errorf("%s: nothing sets it apart", g.Formula)
		}
	}
	// Those of stages too small to part stay together.
	if apart < 320 {
		t.Errorf("%d of 400 are in groups of their own kind", apart)
	}
}

// What the groups brought in adds up to what their members' orders cost, by
// hand, to the cent.
func TestRevenueIsExact(t *testing.T) {
	s := twoKinds(200)
	r := find1(t, s, Query{MinSize: 20})
	for _, g := range r.Groups {
		want := new(big.Rat)
		for _, row := range s.Rows {
			if row.Event == "order" && g.Members.Has(row.Customer) && row.Time.After(shopNow.AddDate(-1, 0, -1)) {
				want.Add(want, row.Props["amount"].(*big.Rat))
			}
		}
		if g.Revenue.Cmp(want) != 0 {
			t.Errorf("%s: %s, by hand %s", g.Formula, g.Revenue.FloatString(2), want.FloatString(2))
		}
	}
}

// The worlds in which there is little or nothing to part.
func TestBareWorlds(t *testing.T) {
	identical := func(n int) *shop {
		s := newShop()
		for range n {
			c := s.customer(map[string]any{"country": "Spain"})
			s.order(c, 10, 12, 1000, "Bread")
		}
		return s
	}
	for name, world := range map[string]struct {
		shop   *shop
		groups int // 0: any
	}{
		"nobody":        {newShop(), 0},
		"one customer":  {identical(1), 1},
		"all identical": {identical(300), 1},
		"no purchases": {func() *shop {
			s := newShop()
			for range 200 {
				s.visit(s.customer(map[string]any{"country": "Spain"}), 1+s.draw(50))
			}
			return s
		}(), 0},
		"no roles": {func() *shop {
			s := twoKinds(200)
			s.Roles = map[string]string{}
			return s
		}(), 0},
		"no events at all": {func() *shop {
			s := newShop()
			for range 120 {
				s.customer(map[string]any{"country": []string{"Spain", "France"}[s.draw(2)]})
			}
			return s
		}(), 0},
		"a trait that all lack": {func() *shop {
			s := twoKinds(200)
			for i := range s.Customers {
				delete(s.Customers[i].Traits, "country")
			}
			return s
		}(), 0},
		"one giant cluster": {func() *shop {
			s := identical(1000)
			for range 12 {
				c := s.customer(map[string]any{"country": "Malta"})
				for k := range 6 {
					s.order(c, 5+10*k, 3, 90000, "Wine")
				}
			}
			return s
		}(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := find1(t, world.shop, Query{})
			if world.groups > 0 && len(r.Groups) != world.groups {
				t.Errorf("%d groups", len(r.Groups))
			}
			if name != "no roles" && len(r.Stages) != 7 {
				t.Errorf("%d stages", len(r.Stages))
			}
			for _, g := range r.Groups {
				if math.IsNaN(g.Score) || math.IsNaN(g.Share) || g.Size > 0 && math.IsNaN(g.Precision) {
					t.Errorf("%+v", g)
				}
			}
		})
	}
}

// A base, own layers, saved segments that overlap, and the least size.
func TestQueries(t *testing.T) {
	s := twoKinds(300)
	base, err := syntax.Parse(`country != "Italy"`)
	must(t, err)
	first := find1(t, s, Query{Base: base, MinSize: 30})
	saved := first.Groups[0].Formula
	r := find1(t, s, Query{Base: base, MinSize: 30, Saved: []Saved{{Name: "Mine", Formula: saved}}})
	for k, g := range r.Groups {
		if g.Clustered < 30 && !g.Tiny {
			t.Errorf("%s has %d", g.Formula, g.Clustered)
		}
		if repeats := g.Repeats == "Mine"; repeats != (k == 0) {
			t.Errorf("%s: repeats %q", g.Formula, g.Repeats)
		}
		for _, o := range g.Overlaps {
			both := len(members(t, s, syntax.All(saved, base, g.Formula), shopNow))
			if o.Both != both || o.Share != ratio(both, g.Size) {
				t.Errorf("%s: overlap %+v, plainly %d", g.Formula, o, both)
			}
		}
	}
}

// texts is a result in full.
func texts(r *Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d %d %v %v %v\n", r.Customers, r.Unassigned, r.Several, r.Readable, r.Stability, r.Revenue)
	for _, s := range r.Stages {
		fmt.Fprintf(&b, "%s %d %v %d %d\n", s.Label, s.Customers, s.Stability, s.Sequences, s.Merged)
		for _, l := range s.Layers {
			fmt.Fprintf(&b, "  %s %d %v %v %s", l.Layer, l.K, l.Silhouette, l.Used, l.Why)
			for _, f := range l.Features {
				fmt.Fprintf(&b, " %s;", f.Key())
			}
			b.WriteByte('\n')
		}
	}
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "%s %v %d %d %v %v %v %v %v\n", g.Formula, g.Sequence, g.Clustered, g.Size, g.Precision, g.Recall, g.Stability, g.Score, g.Merged)
		for _, d := range g.Apart {
			fmt.Fprintf(&b, "  %s %s %v %v %v\n", d.Feature.Key(), d.Word, d.Here, d.Others, d.Effect)
		}
	}
	return b.String()
}

// Twice the same, on one core and on two.
func TestEqualResults(t *testing.T) {
	s := twoKinds(300)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := texts(find1(t, s, Query{MinSize: 25}))
	runtime.GOMAXPROCS(2)
	for range 2 {
		if two := texts(find1(t, s, Query{MinSize: 25})); two != one {
			t.Fatalf("one core:\n%s\ntwo:\n%s", one, two)
		}
	}
}

// A search that is cancelled ends within 50 ms (or what a busy machine makes of
// it), wherever it is.
func TestCancelled(t *testing.T) {
	src := twoKinds(2000).source(t)
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 60 * time.Millisecond, 250 * time.Millisecond} {
		ctx, cancel := context.WithCancel(context.Background())
		var late time.Duration
		done := make(chan error, 1)
		go func() {
			_, err := Find(ctx, src, shopNow, Query{})
			done <- err
		}()
		time.Sleep(after)
		cancel()
		from := time.Now()
		err := <-done
		late = time.Since(from)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("after %v: %v", after, err)
		}
		if late > 500*time.Millisecond {
			t.Errorf("cancelled after %v it took %v", after, late)
		}
	}
}

// Progress goes forward through the phases and never runs from two goroutines
// at a time.
func TestProgress(t *testing.T) {
	var told []string
	last := map[Phase]int{}
	find1(t, twoKinds(300), Query{Progress: func(p Phase, done, total int) {
		if done < last[p] || done > total {
			t.Errorf("%s: %d of %d after %d", p, done, total, last[p])
		}
		last[p] = done
		told = append(told, string(p))
	}})
	for _, p := range []Phase{Reading, Clustering, Counting} {
		if last[p] == 0 {
			t.Errorf("nothing told of %s: %v", p, told)
		}
	}
}
