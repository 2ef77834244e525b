// Package hindsight says how good an alarm would have been: of those it named
// how many had the outcome (precision), of those who had it how many it named
// (recall), and how many times the base rate that is (lift), with intervals. It
// takes counts, and knows neither formulas nor dates.
package hindsight

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// level is that of all intervals: 95%.
const level = 0.95

var quantile = distuv.UnitNormal.Quantile(0.5 + level/2)

// Counts are how many could have had the outcome, and of them how many were
// named, had it, and both.
type Counts struct{ Eligible, Named, Had, Hits int }

// Add adds the counts of another date.
func (c *Counts) Add(o Counts) {
	c.Eligible += o.Eligible
	c.Named += o.Named
	c.Had += o.Had
	c.Hits += o.Hits
}

// Figure is a rate or a ratio and where it lies with 95%. All are NaN where
// there is nothing to take it of.
type Figure struct{ Value, Low, High float64 }

var none = Figure{math.NaN(), math.NaN(), math.NaN()}

// Quality is how good an alarm was.
type Quality struct {
	Counts
	Precision, Recall, Base, Lift Figure
}

// Of gives the quality at one date, where each customer counts once: Wilson's
// intervals of the rates (Wilson 1927), and of the lift one by the delta method
// on its logarithm.
func Of(c Counts) Quality {
	spread := lifts{c: c}
	spread.add(one{1, 1, 1, 1}, c.Hits)
	spread.add(one{1, 1, 0, 0}, c.Named-c.Hits)
	spread.add(one{1, 0, 1, 0}, c.Had-c.Hits)
	spread.add(one{1, 0, 0, 0}, c.Eligible-c.Named-c.Had+c.Hits)
	q := Quality{
		Counts: c, Precision: rate(c.Hits, c.Named, float64(c.Named)), Recall: rate(c.Hits, c.Had, float64(c.Had)),
		Base: rate(c.Had, c.Eligible, float64(c.Eligible)),
	}
	q.Lift = spread.lift(q)
	return q
}

// Pool counts each customer over several dates. The same customer is named, and
// has the outcome, at many of them, so those are no independent cases: the
// intervals are by the differences between customers (Taylor series of a ratio
// with clusters, Cochran 1977, section 6.5), as if so many fewer had been seen
// (Korn and Graubard 1998 for Wilson's interval).
type Pool struct {
	customers []one
	c         Counts
}

// one is a customer's dates.
type one struct{ eligible, named, had, hits uint16 }

// NewPool is for so many customers.
func NewPool(customers int) *Pool { return &Pool{customers: make([]one, customers)} }

// Add counts a date of a customer who could have had the outcome.
func (p *Pool) Add(customer int, named, had bool) {
	x := &p.customers[customer]
	x.eligible++
	p.c.Eligible++
	if named {
		x.named++
		p.c.Named++
	}
	if had {
		x.had++
		p.c.Had++
	}
	if named && had {
		x.hits++
		p.c.Hits++
	}
}

// Quality is that of all dates together.
func (p *Pool) Quality() Quality {
	q := Quality{Counts: p.c}
	q.Precision = p.rate(func(x one) (float64, float64) { return float64(x.hits), float64(x.named) })
	q.Recall = p.rate(func(x one) (float64, float64) { return float64(x.hits), float64(x.had) })
	q.Base = p.rate(func(x one) (float64, float64) { return float64(x.had), float64(x.eligible) })
	spread := lifts{c: p.c}
	for _, x := range p.customers {
		if x.eligible > 0 {
			spread.add(x, 1)
		}
	}
	q.Lift = spread.lift(q)
	return q
}

// rate is a ratio of sums over customers.
func (p *Pool) rate(of func(one) (part, whole float64)) Figure {
	parts, wholes, clusters := 0.0, 0.0, 0.0
	for _, x := range p.customers {
		part, whole := of(x)
		parts += part
		wholes += whole
		if whole > 0 {
			clusters++
		}
	}
	if wholes == 0 {
		return none
	}
	r, squares := parts/wholes, 0.0
	for _, x := range p.customers {
		part, whole := of(x)
		d := part - r*whole
		squares += d * d
	}
	// As many independent cases would tell the rate as well.
	cases := clusters
	if squares > 0 && clusters > 1 {
		cases = math.Min(wholes, r*(1-r)*wholes*wholes/(squares*clusters/(clusters-1)))
	}
	return wilson(r, cases)
}

func rate(part, whole int, cases float64) Figure {
	if whole == 0 {
		return none
	}
	return wilson(float64(part)/float64(whole), cases)
}

// wilson is Wilson's interval of a rate seen in so many cases.
func wilson(r, n float64) Figure {
	z := quantile * quantile
	centre := (r + z/(2*n)) / (1 + z/n)
	half := quantile * math.Sqrt(r*(1-r)/n+z/(4*n*n)) / (1 + z/n)
	return Figure{r, math.Max(0, math.Min(r, centre-half)), math.Min(1, math.Max(r, centre+half))}
}

// lifts sums up the variance of the logarithm of a lift, of what each customer
// adds to it.
type lifts struct {
	c        Counts
	variance float64
}

func (l *lifts) add(x one, times int) {
	if l.c.Hits == 0 || times == 0 {
		return
	}
	d := float64(x.hits)/float64(l.c.Hits) - float64(x.named)/float64(l.c.Named) - float64(x.had)/float64(l.c.Had) + float64(x.eligible)/float64(l.c.Eligible)
	l.variance += float64(times) * d * d
}

func (l *lifts) lift(q Quality) Figure {
	switch {
	case l.c.Named == 0 || l.c.Had == 0:
		return none
	case l.c.Hits == 0:
		return Figure{0, 0, q.Precision.High / q.Base.Value}
	}
	value := q.Precision.Value / q.Base.Value
	width := math.Exp(quantile * math.Sqrt(l.variance))
	return Figure{value, value / width, value * width}
}

// Quartiles are the lower quartile, the median and the upper one by nearest
// rank; ok is false without figures.
func Quartiles(figures []int) (lower, median, upper int, ok bool) {
	n := len(figures)
	if n == 0 {
		return 0, 0, 0, false
	}
	sorted := slices.Sorted(slices.Values(figures))
	rank := func(percent int) int { return sorted[(n*percent+99)/100-1] }
	return rank(25), rank(50), rank(75), true
}
