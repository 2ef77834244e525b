package trial

import (
	"math"

	"tesela/segment/effect"
)

// Method is how a comparison was made.
type Method string

// The methods.
const (
	ByWelch    Method = "welch"    // means as they are
	ByNewcombe Method = "newcombe" // rates as they are
	ByCUPED    Method = "cuped"    // adjusted by the same figure before
	ByWeights  Method = "weights"  // others weighted, where nobody was held out
)

// Comparison is a figure of treated and held-out customers.
type Comparison struct {
	// Difference is the lift with its interval, adjusted where Method says so.
	effect.Difference
	Method Method
	// Treated and Held are the figures as they are: mean or rate, and how many
	// customers have one.
	Treated, Held effect.Arm
	// Plain is the lift as it is, whatever the method.
	Plain effect.Difference
	// Saved is the share of the variance that the adjustment takes away.
	Saved float64
	// Enough tells that there are customers enough to tell anything.
	Enough bool
}

// Relative is the lift as a share of the held-out figure; NaN where that is not
// above 0.
func (c Comparison) Relative() float64 {
	if !(c.Held.Mean > 0) {
		return math.NaN()
	}
	return c.Lift / c.Held.Mean
}

// arm gathers one arm's figures.
type arm struct {
	pairs effect.Pairs
	seen  int // of rates: whose figure is 1
}

func (a *arm) add(y, x float64) {
	a.pairs.Add(y, x)
	if y == 1 {
		a.seen++
	}
}

func (a *arm) merge(o arm) {
	a.pairs.Merge(o.pairs)
	a.seen += o.seen
}

// compare sets treated against held out.
func compare(rate bool, treated, held arm, plain bool) Comparison {
	c := Comparison{Treated: treated.pairs.Arm(), Held: held.pairs.Arm()}
	n, m := treated.pairs.N, held.pairs.N
	if rate {
		c.Method, c.Plain = ByNewcombe, effect.Newcombe(treated.seen, n, held.seen, m, effect.Level)
		c.Treated, c.Held = effect.Rate(treated.seen, n), effect.Rate(held.seen, m)
		c.Enough = effect.EnoughSeen(treated.seen, n, held.seen, m)
	} else {
		c.Method, c.Plain = ByWelch, effect.Welch(c.Treated, c.Held, effect.Level)
		c.Enough = effect.Enough(c.Treated, c.Held)
	}
	c.Difference = c.Plain
	if !plain && c.Enough {
		if a, ok := effect.CUPED(treated.pairs, held.pairs, effect.Level); ok {
			c.Difference, c.Method, c.Saved = a.Difference, ByCUPED, a.Saved
		}
	}
	return c
}

// arms gathers the figures of those of a trial's people who belong, by arm.
func (p *people) arms(figure int, belongs func(k int) bool) []arm {
	all := make([]arm, len(p.trial.Arms))
	after, prior := p.after[figure], p.prior[figure]
	for k, at := range p.at {
		if y := after[k]; !math.IsNaN(y) && belongs(k) {
			all[p.trial.arm[at]].add(y, prior[k])
		}
	}
	return all
}

// fill puts the mean where nothing was known before, so that it adjusts
// nobody.
func fill(xs []float64) {
	sum, n := 0.0, 0
	for _, x := range xs {
		if !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	if n == len(xs) {
		return
	}
	mean := 0.0
	if n > 0 {
		mean = sum / float64(n)
	}
	for i, x := range xs {
		if math.IsNaN(x) {
			xs[i] = mean
		}
	}
}

// heldOut pools the arms that were held out.
func (t *Trial) heldOut(all []arm) arm {
	var held arm
	for i, a := range t.Arms {
		if a.HeldOut {
			held.merge(all[i])
		}
	}
	return held
}
