package segment_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
)

// many is a world of customers who did nothing but be there.
func many(t testing.TB, n int) (*segmenttest.Source, time.Time) {
	t.Helper()
	var b strings.Builder
	b.WriteString("load\nzone UTC\ncustomers\n")
	for i := range n {
		fmt.Fprintf(&b, "  cust-%d\n", i)
	}
	b.WriteString("event visit\n  cust-0 2011-06-01T10:00\nat 2011-07-01\neval everyone -> none\n")
	return source(t, b.String())
}

func members(t testing.TB, src segment.Source, at time.Time, formula string) *segment.Set {
	t.Helper()
	p, err := segment.Compile(t.Context(), parse(t, formula), src, at)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The places come from the published recipe, worked out a second time with big
// integers; what is written here is checked with `printf 'spring:cust-7' | sha256sum`.
func TestSplit(t *testing.T) {
	src, at := many(t, 5000)
	held := members(t, src, at, `split("spring", held_out: 20) = "held out"`)
	treated := members(t, src, at, `split("spring", held_out: 20) = "treated"`)
	if !held.Not().Equal(treated) {
		t.Error("somebody is in both or in none")
	}
	for i := range 5000 {
		sum := sha256.Sum256(fmt.Appendf(nil, "spring:cust-%d", i))
		h, _ := new(big.Int).SetString(hex.EncodeToString(sum[:8]), 16)
		place := new(big.Int).Rsh(h.Mul(h, big.NewInt(1_000_000)), 64).Int64()
		if want := place < 200_000; held.Has(i) != want {
			t.Fatalf("customer %d at place %d: held out %v", i, place, held.Has(i))
		}
	}
	sum := sha256.Sum256([]byte("spring:cust-7"))
	if got := hex.EncodeToString(sum[:8]); got != splitOfCustomer7 {
		t.Errorf("the hash of spring:cust-7 begins with %s", got)
	}
	// More held out keeps those who were; a year later all is the same.
	if more := members(t, src, at, `split("spring", held_out: 30.5) = "held out"`); !held.IsSubset(more) || more.Len() <= held.Len() {
		t.Error("raising the share moves people")
	}
	if !members(t, src, at.AddDate(1, 0, 0), `split("spring", held_out: 20) = "held out"`).Equal(held) {
		t.Error("time moves people")
	}
	if !members(t, src, at, `split("spring") = "held out"`).Equal(members(t, src, at, `split("spring", held_out: 50) = "held out"`)) {
		t.Error("half is not what is held out by itself")
	}
}

const splitOfCustomer7 = "b6cfe9cf3599e34e"

// Pearson's chi-square at 1 in 1000: the places are even over twenty classes
// (43.8 with 19 degrees of freedom), and two names split independently (16.3
// with 3, over the four quarters of two splits in halves), for several names.
func TestSplitIsEvenAndIndependent(t *testing.T) {
	const n = 20_000
	src, at := many(t, n)
	for _, name := range []string{"a", "b", "spring 2026", "spring 2027", "Sorteo de mayo", "x:y"} {
		before, chi := 0, 0.0
		for k := 1; k <= 20; k++ {
			below := n
			if k < 20 {
				below = members(t, src, at, fmt.Sprintf("split(%q, held_out: %d) = \"held out\"", name, 5*k)).Len()
			}
			d := float64(below-before) - n/20
			chi += d * d / (n / 20)
			before = below
		}
		if chi > 43.8 {
			t.Errorf("%s: chi-square %.1f over twenty classes", name, chi)
		}
		one := members(t, src, at, fmt.Sprintf("split(%q) = \"held out\"", name))
		for _, other := range []string{"c", name + "2", strings.ToUpper(name) + "!"} {
			two := members(t, src, at, fmt.Sprintf("split(%q) = \"held out\"", other))
			chi := 0.0
			for _, cell := range []*segment.Set{one.And(two), one.AndNot(two), two.AndNot(one), one.Or(two).Not()} {
				chi += math.Pow(float64(cell.Len())-n/4, 2) / (n / 4)
			}
			if chi > 16.3 {
				t.Errorf("%s and %s: chi-square %.1f over four quarters", name, other, chi)
			}
		}
	}
}

func TestSplitFaults(t *testing.T) {
	src, at := many(t, 3)
	for text, says := range map[string]string{
		`split = "treated"`:                                  "needs the name",
		`split(held_out: 20) = "treated"`:                    "needs the name",
		`split("") = "treated"`:                              "is a text",
		`split("a", held_out: 0) = "treated"`:                "above 0 and below 100",
		`split("a", held_out: 100) = "treated"`:              "above 0 and below 100",
		`split("a", held_out: 0.00001) = "treated"`:          "four decimals",
		`split("a", held_out: "b") = "treated"`:              "number of percent",
		`split("a", 20, 30) = "treated"`:                     "twice",
		`split("a", bins: 3) = "treated"`:                    "takes no parameter",
		`split("a", held_out: 20) = "held-out"`:              "held out",
		`split("a", held_out: 20, held_out: 30) = "treated"`: "twice",
	} {
		_, err := segment.Compile(t.Context(), parse(t, text), src, at)
		if err == nil || !strings.Contains(fmt.Sprint(err), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if f := parse(t, `split("a",held_out:2.50)="held out"`).String(); f != `split("a", held_out: 2.5) = "held out"` {
		t.Errorf("printed %s", f)
	}
}
