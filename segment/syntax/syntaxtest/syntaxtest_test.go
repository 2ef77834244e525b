package syntaxtest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tesela/segment/syntax"
)

// roundTrip holds a tree to the promise of the language: its text parses to
// the same tree, and that prints the same text.
func roundTrip[T syntax.Node](t *testing.T, tree T, parse func(string) (T, error)) {
	t.Helper()
	text := tree.String()
	again, err := parse(text)
	if err != nil {
		t.Fatalf("%s\ndoes not parse: %v", text, err)
	}
	if !syntax.Equal(tree, again) || !syntax.Equal(again, tree) {
		t.Fatalf("%s\nparses to another tree: %s\n%#v\n%#v", text, again, tree, again)
	}
	if got := again.String(); got != text {
		t.Fatalf("%s\nthen prints as %s", text, got)
	}
}

func TestRoundTrips(t *testing.T) {
	n := 3000
	for seed := range uint64(n) {
		r := rand.New(rand.NewPCG(seed, 7))
		roundTrip(t, Any(r), syntax.Parse)
		roundTrip(t, AnyFilter(r), syntax.ParseFilter)
		roundTrip(t, AnyMeasure(r), syntax.ParseMeasure)
		roundTrip(t, AnyWindow(r), syntax.ParseWindow)
		roundTrip(t, Random(r, Shop()), syntax.Parse)
		roundTrip(t, Random(r, Vocabulary{}), syntax.Parse)
	}
}

// kinds are the shapes of node in a tree, told apart as finely as the text.
func kinds(tree syntax.Node, seen map[string]bool) {
	syntax.Walk(tree, func(n syntax.Node) bool {
		name := fmt.Sprintf("%T", n)
		switch x := n.(type) {
		case *syntax.Window:
			name += fmt.Sprint(x.Kind)
		case *syntax.Arith:
			name += string(x.Op)
		case *syntax.Call:
			name += string(x.Fn)
		case *syntax.Duration:
			name += string(x.Unit)
		case *syntax.Compare:
			name += string(x.Op)
		case *syntax.Match:
			name += string(x.Op)
		case *syntax.DateCompare:
			name += string(x.Op)
		}
		seen[name] = true
		return true
	})
}

// The two generators reach every node: what Any reaches is counted by hand
// from the grammar, and Random lacks only what it says it lacks.
func TestEveryShape(t *testing.T) {
	wild, tame := map[string]bool{}, map[string]bool{}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 8))
		kinds(Any(r), wild)
		kinds(AnyMeasure(r), wild)
		kinds(Random(r, Shop()), tame)
	}
	// 17 formulas with 5 more comparisons, 2 more matches and 2 more date
	// comparisons; 9 values with 3 more operators and 13 more functions; steps,
	// parameters, points; 6 windows; 7 units.
	want := 17 + 5 + 2 + 2 + 9 + 3 + 13 + 3 + 6 + 7
	if len(wild) != want {
		t.Errorf("Any reaches %d shapes, the language has %d: %v", len(wild), want, wild)
	}
	for k := range wild {
		if !tame[k] && k != "*syntax.CustomersOf" && k != "*syntax.PerCustomer" {
			t.Errorf("Random never makes %s", k)
		}
	}
}

func TestLeavesOut(t *testing.T) {
	v := Shop()
	v.NoRank, v.NoSequence, v.NoAnniversary, v.Segments, v.Layers = true, true, true, nil, nil
	for seed := range uint64(2000) {
		seen := map[string]bool{}
		f := Random(rand.New(rand.NewPCG(seed, 9)), v)
		kinds(f, seen)
		for _, k := range []string{"Rank", "Sequence", "Anniversary", "InSegment", "Crossed", "Param"} {
			if seen["*syntax."+k] {
				t.Fatalf("%s in %s", k, f)
			}
		}
	}
}

func TestSameSeedSameFormula(t *testing.T) {
	for seed := range uint64(50) {
		a := Random(rand.New(rand.NewPCG(seed, 1)), Shop())
		b := Random(rand.New(rand.NewPCG(seed, 1)), Shop())
		if !syntax.Equal(a, b) {
			t.Fatalf("%s\n%s", a, b)
		}
	}
}

func FuzzPrint(f *testing.F) {
	for _, s := range []string{"", "a", "formula", "\x00\xff\x80", "0123456789abcdefghijklmnop"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		r := Bytes(data)
		roundTrip(t, Any(r), syntax.Parse)
		roundTrip(t, AnyMeasure(r), syntax.ParseMeasure)
		roundTrip(t, Random(r, Shop()), syntax.Parse)
	})
}
