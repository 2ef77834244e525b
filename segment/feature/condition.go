package feature

import (
	"math"
	"math/big"

	"tesela/segment/syntax"
)

// Above is true of those whose number is x or more; nobody whose number is
// unset. Below is its complement among those with a number.
//
// The formula agrees with the column of a Table figure for figure, also where
// the column's float64 only comes near the exact figure (a share of a third).
// Numbers beyond 1e38, and nearer to 0 than 1e-22, are taken as those.
func (f Feature) Above(x float64) syntax.Formula { return f.bound(x, true) }

// Below is true of those whose number is less than x.
func (f Feature) Below(x float64) syntax.Formula { return f.bound(x, false) }

func (f Feature) bound(x float64, above bool) syntax.Formula {
	switch {
	case f.Kind != Number || math.IsNaN(x):
		return &syntax.Nobody{}
	case f.span:
		return f.ago(x, above)
	case x > most || x < -most:
		if (x > 0) == above {
			return &syntax.Nobody{}
		}
		return f.Known()
	}
	op := syntax.Lt
	tiny := 0 < x && x < least // any figure beyond 0 is beyond it
	switch {
	case above && tiny:
		op = syntax.Gt
	case above:
		op = syntax.Ge
	case tiny:
		op = syntax.Le
	}
	return &syntax.Compare{Left: f.Value, Op: op, Right: threshold(x)}
}

// most and least are the largest and the smallest number that is written out.
const (
	most  = 1e38
	least = 1e-22
)

// longest bounds distances, in days or years; the language knows ten thousand
// years.
const longest = 9999

// ago is bound for times: the window that ends, or begins, so long ago.
func (f Feature) ago(x float64, above bool) syntax.Formula {
	unit, limit := syntax.Day, float64(longest*365)
	if f.Unit == Years {
		unit, limit = syntax.Year, longest
	}
	n := math.Ceil(x)
	d := syntax.Duration{N: int(min(max(n, 1), limit)), Unit: unit}
	last := &syntax.Within{Value: f.Value, Window: &syntax.Window{Kind: syntax.WindowLast, Duration: d}}
	before := &syntax.Within{Value: f.Value, Window: &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: &d}}}
	switch {
	case n < 1 && !above, n > limit && above:
		return &syntax.Nobody{}
	case n < 1 || n > limit:
		return syntax.Any(last, before)
	case above:
		return before
	}
	return last
}

// Known is true of those for whom the feature is set.
func (f Feature) Known() syntax.Formula {
	switch {
	case f.If != nil:
		return &syntax.Everyone{}
	case f.span:
		return f.ago(0, true) // one in the future is none
	}
	return &syntax.IsSet{Value: f.Value}
}

// Is is true of those whose category is the word, as Column.Words spells it.
func (f Feature) Is(word string) syntax.Formula { return f.In(word) }

// In is true of those whose category is one of the words.
func (f Feature) In(words ...string) syntax.Formula {
	if f.Kind != Category || len(words) == 0 {
		return &syntax.Nobody{}
	}
	if f.If != nil {
		return f.holds(words)
	}
	list := make([]syntax.Literal, len(words))
	for i, w := range words {
		list[i] = &syntax.Text{Value: w}
		if !f.text {
			list[i] = &syntax.Bool{Value: w == True}
		}
	}
	if len(list) == 1 {
		return &syntax.Compare{Left: f.Value, Op: syntax.Eq, Right: list[0]}
	}
	return &syntax.In{Value: f.Value, List: list}
}

// holds is In of a feature that is a formula.
func (f Feature) holds(words []string) syntax.Formula {
	yes, no := false, false
	for _, w := range words {
		yes, no = yes || w == True, no || w == False
	}
	switch {
	case yes && no:
		return &syntax.Everyone{}
	case yes:
		return f.If
	case no:
		return &syntax.Not{X: f.If}
	}
	return &syntax.Nobody{}
}

// threshold writes a number so that every figure that the column holds as x
// or more is no less, and every other is less. Figures are fractions, which a
// float64 only comes near: so it is the shortest decimal that is no more than
// the simplest fraction which x may stand for.
func threshold(x float64) *syntax.Number {
	if math.Abs(x) < least {
		return &syntax.Number{Text: "0"}
	}
	exact := new(big.Rat).SetFloat64(x)
	low := middle(math.Nextafter(x, math.Inf(-1)), exact)
	simple := simplest(low, middle(math.Nextafter(x, math.Inf(1)), exact))
	for digits := range 41 {
		if d := floorAt(simple, digits); d.Cmp(low) > 0 {
			return number(d, digits)
		}
	}
	return &syntax.Number{Text: "0"}
}

func middle(a float64, b *big.Rat) *big.Rat {
	m := new(big.Rat).SetFloat64(a)
	m.Add(m, b)
	return m.Quo(m, big.NewRat(2, 1))
}

// simplest is the fraction of the least denominator strictly between two: the
// first of the Stern-Brocot tree, found by continued fractions.
func simplest(low, high *big.Rat) *big.Rat {
	whole := new(big.Rat).SetInt(floor(low))
	next := new(big.Rat).Add(whole, big.NewRat(1, 1))
	if next.Cmp(high) < 0 {
		if low.Sign() < 0 && high.Sign() > 0 {
			return new(big.Rat)
		}
		return next
	}
	// Both lie in [whole, next]: the same question of 1/(x − whole).
	l, h := new(big.Rat).Sub(low, whole), new(big.Rat).Sub(high, whole)
	if l.Sign() == 0 {
		// Strictly between 0 and h: one over the first whole number past 1/h.
		n := new(big.Rat).SetInt(floor(new(big.Rat).Inv(h)))
		n.Add(n, big.NewRat(1, 1))
		return whole.Add(whole, n.Inv(n))
	}
	s := simplest(new(big.Rat).Inv(h), new(big.Rat).Inv(l))
	return whole.Add(whole, s.Inv(s))
}

func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

// floorAt cuts to decimals, downwards.
func floorAt(r *big.Rat, digits int) *big.Rat {
	ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	d := new(big.Rat).SetInt(floor(new(big.Rat).Mul(r, ten)))
	return d.Quo(d, ten)
}

func number(r *big.Rat, digits int) *syntax.Number {
	n, err := syntax.NewNumber(r.FloatString(digits))
	if err != nil {
		return &syntax.Number{Text: "0"}
	}
	return n
}

// Cut gives the roundest number that parts the figures low and high: more than
// low and at most high. Above(Cut(low, high)) takes high and leaves low.
func Cut(low, high float64) float64 {
	if !(low < high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return high
	}
	for power := 18; power >= -18; power-- {
		step := math.Pow10(power)
		for _, by := range [2]float64{1, 2} { // …, 100, 50, 10, 5, 1, 0.5, …
			s := step / by
			x := math.Floor(high/s) * s
			if power < 0 { // the float64 nearest to the decimal
				x = math.Floor(high*math.Pow10(-power)*by) / (math.Pow10(-power) * by)
			}
			if !(low < x && x <= high) {
				continue
			}
			// Of several as round, the one nearest to the middle.
			middle := low + (high-low)/2
			y := math.Round(middle/s) * s
			if power < 0 {
				y = math.Round(middle*math.Pow10(-power)*by) / (math.Pow10(-power) * by)
			}
			if low < y && y <= high {
				return y
			}
			return x
		}
	}
	return high
}
