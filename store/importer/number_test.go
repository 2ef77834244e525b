package importer

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestFiguresAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text    string
		comma   bool
		want    string // "" where it is no number
		percent bool
	}{
		{"12", false, "12", false},
		{"-12.50", false, "-25/2", false},
		{"+3", false, "3", false},
		{"1,234.56", false, "30864/25", false},
		{"1.234,56", true, "30864/25", false},
		{"1.234.567", true, "1234567", false},
		{"1 234,5", true, "2469/2", false},
		{"1'234.5", false, "2469/2", false},
		{"1\u202f234,5", true, "2469/2", false},
		{"€ 12.00", false, "12", false},
		{"12,00 €", true, "12", false},
		{"R$ 1.234,50", true, "2469/2", false},
		{"$-3.20", false, "-16/5", false},
		{"-$3.20", false, "-16/5", false},
		{"USD 7", false, "7", false},
		{"7 EUR", false, "7", false},
		{"(12.50)", false, "-25/2", false},
		{"12-", false, "-12", false},
		{"15%", false, "3/20", true},
		{"1.5e3", false, "1500", false},
		{"2E-2", false, "1/50", false},
		{".5", false, "1/2", false},
		{"0.1000000000000000055511151231257827", false, "1/10", false},
		{"", false, "", false},
		{"abc", false, "", false},
		{"12abc", false, "", false},
		{"1,23", false, "", false},
		{"1,2345", false, "", false},
		{"1.2.3", false, "", false},
		{"--", false, "", false},
		{"€", false, "", false},
		{"99999999999999999999", false, "", false},
		{"85123A", false, "", false},
	} {
		f, ok := parseFigure([]byte(c.text), c.comma)
		if ok != (c.want != "") {
			t.Errorf("%q: read %v, want %q", c.text, ok, c.want)
			continue
		}
		if !ok {
			continue
		}
		got := new(big.Rat).SetFrac(big.NewInt(f.mant), bigPow10(f.scale))
		want, _ := new(big.Rat).SetString(c.want)
		// Seventeen significant figures are what a float has.
		if diff := new(big.Rat).Sub(got, want); diff.Abs(diff).Cmp(big.NewRat(1, 1e16)) > 0 || f.percent != c.percent {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

// Products are exact, and rounded once, halves away from zero: the same as
// with rational numbers.
func TestProductsRoundOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		p := product{d: decimal{mant: 1}}
		exact := big.NewRat(1, 1)
		for range 1 + rng.IntN(3) {
			scale := rng.IntN(5)
			m := rng.Int64N(1<<uint(1+rng.IntN(40))) - rng.Int64N(1<<20)
			p.times(decimal{m, scale})
			exact.Mul(exact, new(big.Rat).SetFrac(big.NewInt(m), bigPow10(scale)))
		}
		digits := rng.IntN(4)
		got, ok := p.round(digits)
		// floor(|x| + 1/2) with the sign put back
		x := new(big.Rat).Mul(exact, new(big.Rat).SetInt(bigPow10(digits)))
		negative := x.Sign() < 0
		x.Abs(x).Add(x, big.NewRat(1, 2))
		want := new(big.Int).Quo(x.Num(), x.Denom())
		if negative {
			want.Neg(want)
		}
		if ok != want.IsInt64() || ok && got != want.Int64() {
			t.Fatalf("%s to %d digits: got %d %v, want %s", exact, digits, got, ok, want)
		}
		if f, _ := exact.Float64(); p.float() != f {
			t.Fatalf("%s as a float: got %g, want %g", exact, p.float(), f)
		}
	}
}

func TestRoundingHalves(t *testing.T) {
	for _, c := range []struct {
		a, b   string
		digits int
		want   int64
	}{
		{"3", "0.335", 2, 101}, // 1.005
		{"-3", "0.335", 2, -101},
		{"1", "1.004999", 2, 100},
		{"12", "2.55", 2, 3060},
		{"3", "2.5", 0, 8}, // yen have no decimals
		{"1", "1.2345", 3, 1235},
	} {
		p := product{d: decimal{mant: 1}}
		for _, s := range []string{c.a, c.b} {
			f, ok := parseFigure([]byte(s), false)
			if !ok {
				t.Fatal(s)
			}
			p.times(f.decimal)
		}
		if got, ok := p.round(c.digits); !ok || got != c.want {
			t.Errorf("%s × %s to %d digits: %d, want %d", c.a, c.b, c.digits, got, c.want)
		}
	}
}

func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"17850.0": "17850 true true", "17850": "17850 false true", "007.00": "007 true true",
		"12.5": " false false", "A1": " false false", "": " false false", "1.": " false false",
	} {
		d, dotted, ok := wholeNumber([]byte(text))
		if got := fmt.Sprintf("%s %v %v", d, dotted, ok); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
