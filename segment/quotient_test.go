package segment_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/syntax"
)

// spenders is a random shop: negative and unset amounts, customers without
// rows, and with wild some amounts that no product may be taken of.
func spenders(rng *rand.Rand, wild bool) string {
	var b strings.Builder
	b.WriteString("load\nzone Europe/Madrid\ncurrency EUR 2\ncustomers level:money\n")
	n := 1 + rng.IntN(90)
	for i := range n {
		level := "-"
		if rng.IntN(3) > 0 {
			level = fmt.Sprintf("%d.%02d", rng.IntN(7), rng.IntN(100))
		}
		fmt.Fprintf(&b, "  c%d %s\n", i, level)
	}
	b.WriteString("event order amount:money\n")
	for i := range n {
		for range rng.IntN(6) * rng.IntN(2) {
			amount := fmt.Sprintf("%d.%02d", rng.IntN(9)-2, rng.IntN(4)*25)
			switch {
			case rng.IntN(6) == 0:
				amount = "-"
			case wild && rng.IntN(8) == 0:
				amount = fmt.Sprintf("%d.00", rng.Int64N(20_000_000_000_000_000)-9_000_000_000_000_000)
			}
			fmt.Fprintf(&b, "  c%d 2011-%02d-%02dT10:00 %s\n", i, 6+rng.IntN(6), 1+rng.IntN(28), amount)
		}
	}
	b.WriteString("at 2011-12-10\neval nobody ->\n")
	return b.String()
}

// figures are what the values below are computed of; the figures of each
// customer, nil where unset.
var figures = []string{
	"count(order)", "count(order, last 60d)", "sum(order.amount)", "sum(order.amount, last 90d)",
	"avg(order.amount)", "avg(order.amount, last 60d)", "min(order.amount)", "days_since(order)", "level",
}

// computed is a random value's text and what it is for each customer.
func computed(rng *rand.Rand, leaves map[string][]*big.Rat, n, depth int) (string, []*big.Rat) {
	if depth == 0 || rng.IntN(4) == 0 {
		if rng.IntN(3) == 0 {
			text := []string{"0", "1", "0.5", "3", "0.01", "7.25", "1000000000000000000", "0.000000000001"}[rng.IntN(8)]
			r, _ := new(big.Rat).SetString(text)
			return text, slices.Repeat([]*big.Rat{r}, n)
		}
		text := figures[rng.IntN(len(figures))]
		return text, leaves[text]
	}
	op := "+-*/"[rng.IntN(4)]
	lt, l := computed(rng, leaves, n, depth-1)
	rt, r := computed(rng, leaves, n, depth-1)
	out := make([]*big.Rat, n)
	for i := range out {
		if l[i] == nil || r[i] == nil || op == '/' && r[i].Sign() == 0 {
			continue
		}
		out[i] = new(big.Rat)
		switch op {
		case '+':
			out[i].Add(l[i], r[i])
		case '-':
			out[i].Sub(l[i], r[i])
		case '*':
			out[i].Mul(l[i], r[i])
		default:
			out[i].Quo(l[i], r[i])
		}
	}
	return fmt.Sprintf("(%s %c %s)", lt, op, rt), out
}

// Comparisons of computed values are those of fractions of any size.
func TestComparisonsAgreeWithFractions(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	holds := map[string]func(c int) bool{
		"=": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c != 0 },
		"<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 },
		">": func(c int) bool { return c > 0 }, ">=": func(c int) bool { return c >= 0 },
	}
	ops := []string{"=", "!=", "<", "<=", ">", ">="}
	asked, members := 0, 0
	for round := range 60 {
		src, at := source(t, spenders(rng, round%3 == 0))
		n := src.Schema().Customers
		leaves := map[string][]*big.Rat{}
		for _, text := range figures {
			v, err := syntax.ParseValue(text)
			if err != nil {
				t.Fatal(err)
			}
			p, err := segment.CompileValue(t.Context(), v, src, at)
			if err != nil {
				t.Fatal(err)
			}
			values, err := p.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				leaves[text] = append(leaves[text], values.Rat(i))
			}
		}
		for range 60 {
			lt, l := computed(rng, leaves, n, 2)
			rt, r := computed(rng, leaves, n, rng.IntN(2))
			op := ops[rng.IntN(len(ops))]
			text := lt + " " + op + " " + rt
			f, err := syntax.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			p, err := segment.Compile(t.Context(), f, src, at)
			if err != nil {
				continue // of literals alone
			}
			set, err := p.Run(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			asked++
			members += set.Len()
			for i := range n {
				want := l[i] != nil && r[i] != nil && holds[op](l[i].Cmp(r[i]))
				if set.Has(i) != want {
					t.Fatalf("round %d, %s of customer %d: %v, want %v (%v against %v)", round, text, i, set.Has(i), want, l[i], r[i])
				}
			}
		}
	}
	if asked < 2000 || members < 10_000 {
		t.Errorf("%d comparisons with %d members in all: too few to tell", asked, members)
	}
}

// So are tests of several literals at once.
func TestComputedValuesInAndBetween(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	for range 20 {
		src, at := source(t, spenders(rng, false))
		for _, value := range []string{"avg(order.amount)", "sum(order.amount) / count(order)", "2 * avg(order.amount) - 1"} {
			v, err := syntax.ParseValue(value)
			if err != nil {
				t.Fatal(err)
			}
			vp, err := segment.CompileValue(t.Context(), v, src, at)
			if err != nil {
				t.Fatal(err)
			}
			values, err := vp.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for test, holds := range map[string]func(r *big.Rat) bool{
				" between 1.25 and 3": func(r *big.Rat) bool { return r.Cmp(big.NewRat(5, 4)) >= 0 && r.Cmp(big.NewRat(3, 1)) <= 0 },
				" in (1.5, 2, 4.75)": func(r *big.Rat) bool {
					f, _ := r.Float64()
					return r.Denom().Int64() <= 4 && (f == 1.5 || f == 2 || f == 4.75)
				},
				" not in (2, 3)": func(r *big.Rat) bool { return !r.IsInt() || r.Num().Int64() != 2 && r.Num().Int64() != 3 },
			} {
				f, err := syntax.Parse(value + test)
				if err != nil {
					t.Fatal(err)
				}
				p, err := segment.Compile(t.Context(), f, src, at)
				if err != nil {
					t.Fatal(err)
				}
				set, err := p.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for i := range values.N() {
					r := values.Rat(i)
					if want := r != nil && holds(r); set.Has(i) != want {
						t.Fatalf("%s%s of %v: %v", value, test, r, set.Has(i))
					}
				}
			}
		}
	}
}
