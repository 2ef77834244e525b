package migration

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// level is that of all intervals: 95%.
const level = 0.95

// quantile is that of the normal distribution for the level.
var quantile = distuv.UnitNormal.Quantile(0.5 + level/2)

// Estimate is an expected count and where it lies with 95%.
type Estimate struct{ Expected, Low, High float64 }

// Forecast is one step on from sizes of now, by past moves.
type Forecast struct {
	Steps int // past steps that it is made of
	// Rates are the transition rates of the pooled steps: Rates[f][t] of those
	// in f go to t. Past[f] is of how many customers they are; where it is 0
	// nobody is known to have been in f, and everyone is taken to stay.
	Rates [][]float64
	Past  []int
	// Flows are the expected moves: Flows[f][t] for each label f, and in a
	// last row those who join.
	Flows [][]Estimate
	// Sizes are the expected sizes of the labels, those who join included.
	Sizes []Estimate
}

// Fading is the weight of a step against that of the step after it: what
// customers do drifts, so the latest steps say most of the next.
const Fading = 0.5

// Predict carries sizes of now one step on. Steps are past moves over spans as
// long as the one ahead, the latest first, of K+1 rows and K columns: a label
// each, and a last row of those who joined. There is at least one.
//
// The rates are those of all steps pooled, with fading weights w; a step of n
// customers counts as one of w·n. Of N customers so weighted in a label x went
// to another. As much as N of them tell as N·Σwn/Σw²n would without weights
// (Kish 1965). The next n go with a beta-binomial spread (Jeffreys
// prior), widened by how much more the steps differ among each other than
// chance lets them: Pearson's chi-square over its degrees of freedom
// (quasi-likelihood, McCullagh and Nelder 1989, section 4.5), at least 1. Those
// who join are the mean of the steps, spread as they were but no less than a
// Poisson count. Few steps tell their spread badly, so it is widened as
// Student's t is.
func Predict(steps []*Matrix, now []int) *Forecast {
	k := len(now)
	f := &Forecast{Steps: len(steps), Sizes: make([]Estimate, k)}
	spread := make([]float64, k) // variance of the sizes
	for from := range k {
		pooled, weighted := make([]int, k), make([]float64, k)
		past := 0
		sum, squares, w := 0.0, 0.0, 1.0
		for _, s := range steps {
			for to := range k {
				n := s.At(from, to)
				pooled[to] += n
				past += n
				weighted[to] += w * float64(n)
				sum += w * float64(n)
				squares += w * w * float64(n)
			}
			w *= Fading
		}
		rates, flows := make([]float64, k), make([]Estimate, k)
		widening := dispersion(steps, from, pooled, past)
		n := float64(now[from])
		for to := range k {
			if past == 0 {
				if to == from {
					rates[to], flows[to] = 1, Estimate{n, 0, n}
					f.Sizes[to].Expected += n
					spread[to] += n * n / 4
				}
				continue
			}
			rates[to] = weighted[to] / sum
			all := sum * sum / squares // as many tell as much without weights
			p := (rates[to]*all + 0.5) / (all + 1)
			variance := widening * n * p * (1 - p) * (all + 1 + n) / (all + 2)
			flows[to] = around(n*rates[to], n*p, variance, n)
			f.Sizes[to].Expected += n * rates[to]
			spread[to] += variance
		}
		f.Rates, f.Past, f.Flows = append(f.Rates, rates), append(f.Past, past), append(f.Flows, flows)
	}
	joining := make([]Estimate, k)
	for to := range k {
		mean, variance := joined(steps, k, to)
		joining[to] = around(mean, mean, variance, math.Inf(1))
		f.Sizes[to].Expected += mean
		spread[to] += variance
		f.Sizes[to] = around(f.Sizes[to].Expected, f.Sizes[to].Expected, spread[to], math.Inf(1))
	}
	f.Flows = append(f.Flows, joining)
	return f
}

// around is an interval about a centre, of what cannot be less than 0 or more
// than most; the expected count lies inside.
func around(expected, centre, variance, most float64) Estimate {
	half := quantile * math.Sqrt(variance)
	return Estimate{expected, math.Max(0, math.Min(expected, centre-half)), math.Min(most, math.Max(expected, centre+half))}
}

// dispersion is how much more the rates out of a label differ from step to
// step than chance lets them, at least 1.
func dispersion(steps []*Matrix, from int, pooled []int, past int) float64 {
	used, columns := 0, 0
	for _, s := range steps {
		if s.Row(from) > 0 {
			used++
		}
	}
	for _, n := range pooled {
		if n > 0 {
			columns++
		}
	}
	df := (used - 1) * (columns - 1)
	if df < 1 {
		return 1
	}
	chi := 0.0
	for _, s := range steps {
		n := float64(s.Row(from))
		if n == 0 {
			continue
		}
		for to, all := range pooled {
			if all == 0 {
				continue
			}
			e := n * float64(all) / float64(past)
			d := float64(s.At(from, to)) - e
			chi += d * d / e
		}
	}
	phi := chi / float64(df)
	if phi <= 1 {
		return 1
	}
	return phi * few(used-1)
}

// joined is how many join a label in a step: the mean, with fading weights,
// and the variance of the next.
func joined(steps []*Matrix, row, to int) (mean, variance float64) {
	sum, squares, w := 0.0, 0.0, 1.0
	for _, s := range steps {
		mean += w * float64(s.At(row, to))
		sum += w
		squares += w * w
		w *= Fading
	}
	mean /= sum
	told := sum * sum / squares // steps, as if without weights
	if len(steps) == 1 {
		return mean, 2 * mean
	}
	spread := 0.0
	for _, s := range steps {
		d := float64(s.At(row, to)) - mean
		spread += d * d / float64(len(steps)-1)
	}
	if spread <= mean {
		return mean, mean * (1 + 1/told)
	}
	return mean, spread * (1 + 1/told) * few(len(steps)-1)
}

// few is by how much a variance estimated with so few degrees of freedom is
// widened: as the quantile of Student's t is, squared, but no more than
// sixfold, since one or two steps tell next to nothing of their spread.
func few(df int) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(0.5+level/2) / quantile
	return math.Min(6, t*t)
}

// Check is how a forecast came out.
type Check struct {
	// Off is the sum over the labels of how far the expected size was from the
	// real one, as a share of all customers; Still the same of the sizes as
	// they were, as if nothing had changed.
	Off, Still float64
	Inside     int // labels whose size lay in the interval, of Labels
	Labels     int
}

// Compare holds a forecast from sizes against what the sizes became. Labels
// that nobody had or was expected in do not count.
func (f *Forecast) Compare(before, after []int) Check {
	var c Check
	all := 0
	for k, n := range after {
		all += n
		c.Off += math.Abs(f.Sizes[k].Expected - float64(n))
		c.Still += math.Abs(float64(before[k] - n))
		if n == 0 && before[k] == 0 && f.Sizes[k].Expected < 0.5 {
			continue
		}
		c.Labels++
		if low, high := math.Floor(f.Sizes[k].Low), math.Ceil(f.Sizes[k].High); float64(n) >= low && float64(n) <= high {
			c.Inside++
		}
	}
	if all > 0 {
		c.Off /= float64(all)
		c.Still /= float64(all)
	}
	return c
}
