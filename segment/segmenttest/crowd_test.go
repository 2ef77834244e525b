package segmenttest_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// TestCrowds compares the columnar engine with the plain evaluator over worlds
// of thousands of customers, who are copies of a few: more than a block of
// customers, more rows than a word of marks, customers with rows and without
// in all densities, and dictionaries of one, two and four bytes.
// TESELA_RANDOM sets another number of worlds.
func TestCrowds(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 8
	}
	if n, err := strconv.Atoi(os.Getenv("TESELA_RANDOM")); err == nil {
		worlds = n
	}
	members, asked := 0, 0
	for seed := range uint64(worlds) {
		r := segmenttest.NewRandom(1_000_000 + seed)
		few, at := r.World()
		if seed%2 == 0 {
			few, at, _ = shopOf(few, at, seed)
		}
		var texts, values []string
		for range 12 {
			texts, values = append(texts, r.Formula()), append(values, r.Value())
		}
		if seed%2 == 0 {
			values = append(values, "rfm", "rfm_m(bins: 3)", "rfm_r", "lifecycle", "engagement", "value_tier", "lifecycle(at: 20d ago)")
			texts = append(texts, `top 10% by rfm_f among (lifecycle != "churned")`)
		}
		c := r.Crowd([]int{300, 4097, 9000, 20_000}[r.IntN(4)])
		wide := r.IntN(3) == 0
		if wide {
			r.Widen(c, few.Events[r.IntN(2)].Name, []int{300, 3000, 70_000}[r.IntN(3)])
		}
		src, err := segmenttest.NewSource(c.Many)
		if err != nil {
			t.Fatal(err)
		}
		plain := segmenttest.Naive{Alike: c.Alike}
		fail := func(text string, i int, got, want any) {
			t.Fatalf("seed %d: %s as of %s, %d customers: %d is %v, want %v as %s of\n%s", seed, text, at.UTC().Format(time.RFC3339Nano),
				len(c.Many.Customers), i, got, want, c.Few.Customers[c.Of[i]].ID, c.Few)
		}
		for _, text := range texts {
			f, err := syntax.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if wide && compares(few, f) {
				continue
			}
			in, _, err := plain.Set(t.Context(), f, c.Few, at)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := segment.Compile(t.Context(), f, src, at)
			if err != nil {
				t.Fatalf("seed %d: %s: %v\n%s", seed, text, err, c.Few)
			}
			set, err := plan.Run(t.Context())
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, text, err)
			}
			for i, of := range c.Of {
				if want := slices.Contains(in, of); set.Has(i) != want {
					fail(text, i, set.Has(i), want)
				}
			}
			members += set.Len()
			asked += len(c.Of)
		}
		for _, text := range values {
			v, err := syntax.ParseValue(text)
			if err != nil {
				t.Fatal(err)
			}
			if name, ok := v.(*syntax.Name); ok && wide && !isTrait(few, name.Name) {
				continue
			}
			want, err := plain.Value(t.Context(), v, c.Few, at)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := segment.CompileValue(t.Context(), v, src, at)
			if err != nil {
				t.Fatalf("seed %d: %s: %v\n%s", seed, text, err, c.Few)
			}
			got, err := plan.Run(t.Context())
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, text, err)
			}
			for i, of := range c.Of {
				if cell := got.Cell(i); fmt.Sprint(cell) != fmt.Sprint(want[of]) {
					fail(text, i, cell, want[of])
				}
			}
		}
	}
	if members < asked/50 {
		t.Errorf("only %d of %d are in", members, asked)
	}
}

// compares tells whether a formula compares customers with others, also in
// saved segments.
func compares(w *segmenttest.World, f syntax.Formula) bool {
	found := false
	syntax.Walk(f, func(n syntax.Node) bool {
		saved := ""
		switch n := n.(type) {
		case *syntax.Rank:
			found = true
		case *syntax.InSegment:
			saved = n.Name
		case *syntax.Crossed:
			saved = n.Name
		}
		if text := strings.TrimSpace(w.Saved[saved]); text != "" {
			g, err := syntax.Parse(text)
			found = found || err == nil && compares(w, g)
		}
		return !found
	})
	return found
}

func isTrait(w *segmenttest.World, name string) bool {
	return slices.ContainsFunc(w.Traits, func(f segmenttest.Field) bool { return f.Name == name })
}
