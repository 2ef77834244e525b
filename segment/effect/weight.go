package effect

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Covariate is something known before of every customer, by name; one figure
// per customer, all set.
type Covariate struct {
	Name    string
	Figures []float64
	// Aside tells that it is not weighed by, only told in the balance.
	Aside bool
}

// Balance tells how alike the two groups are in one covariate.
type Balance struct {
	Name           string
	Treated        float64 // mean
	Before, After  float64 // mean of the others, as they are and weighted
	Apart, Matched float64 // standardised differences before and after
}

// Weighting makes others comparable with those who were treated.
type Weighting struct {
	// Weights of the others, in the order given, adding up to 1.
	Weights []float64
	// Effective is how many unweighted customers would tell as much (Kish 1965).
	Effective float64
	Balance   []Balance
}

// Worst is the largest standardised difference that is left.
func (w *Weighting) Worst() float64 {
	worst := 0.0
	for _, b := range w.Balance {
		worst = math.Max(worst, math.Abs(b.Matched))
	}
	return worst
}

// Balanced is the standardised difference up to which groups are taken to be
// alike (Austin 2009).
const Balanced = 0.1

// ridge holds the weights back a little where nothing else does, in units of
// standard deviations squared.
const ridge = 1e-6

// Weight weighs the others so that their means of all covariates are those of
// the treated (entropy balancing, Hainmueller 2012): of all such weights those
// nearest to equal ones. Where no weights can do that, they come as near as a
// slight penalty lets them, which the balance then shows. Treated and others are
// positions in the covariates' figures; neither may be empty.
func Weight(ctx context.Context, covariates []Covariate, treated, others []int) (*Weighting, error) {
	if len(treated) == 0 || len(others) == 0 {
		return nil, fmt.Errorf("weigh: %d treated and %d others; both must be there", len(treated), len(others))
	}
	w := &Weighting{Weights: make([]float64, len(others))}
	for i := range w.Weights {
		w.Weights[i] = 1 / float64(len(others))
	}
	var used []int
	sds := make([]float64, len(covariates))
	w.Balance = make([]Balance, len(covariates))
	for k, c := range covariates {
		a, b := moments(c.Figures, treated), moments(c.Figures, others)
		w.Balance[k] = Balance{Name: c.Name, Treated: a.Mean, Before: b.Mean}
		sds[k] = math.Sqrt((orZero(a.Var) + orZero(b.Var)) / 2)
		if b.Var > 0 && !c.Aside { // without variance no weights move its mean
			used = append(used, k)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	if len(used) > 0 {
		if err := w.balance(ctx, covariates, used, sds, others); err != nil {
			return nil, err
		}
	}
	squares := 0.0
	for _, x := range w.Weights {
		squares += x * x
	}
	w.Effective = 1 / squares
	for k := range w.Balance {
		b := &w.Balance[k]
		for i, o := range others {
			b.After += w.Weights[i] * covariates[k].Figures[o]
		}
		b.Apart, b.Matched = apart(b.Treated-b.Before, sds[k]), apart(b.Treated-b.After, sds[k])
	}
	return w, nil
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// apart is a difference in standard deviations.
func apart(d, sd float64) float64 {
	switch {
	case math.Abs(d) < 1e-12:
		return 0
	case sd == 0:
		return math.Inf(int(math.Copysign(1, d)))
	}
	return d / sd
}

func moments(figures []float64, of []int) Arm {
	var p Pairs
	for _, i := range of {
		p.Add(figures[i], 0)
	}
	return p.Arm()
}

// steps bounds how often the weights are bettered.
const steps = 60

// balance finds the weights by Newton's method on the dual: exp(z·λ), with z the
// others' covariates less the mean of the treated, in standard deviations.
func (w *Weighting) balance(ctx context.Context, covariates []Covariate, used []int, sds []float64, others []int) error {
	m := len(used)
	z := make([]float64, len(others)*m)
	for j, k := range used {
		for i, o := range others {
			z[i*m+j] = (covariates[k].Figures[o] - w.Balance[k].Treated) / sds[k]
		}
	}
	lambda := make([]float64, m)
	value, err := w.set(ctx, z, lambda)
	if err != nil {
		return err
	}
	next := make([]float64, m)
	for range steps {
		slope, bend, err := w.slopes(ctx, z, lambda)
		if err != nil {
			return err
		}
		var step mat.VecDense
		if err := step.SolveVec(bend, mat.NewVecDense(m, slope)); err != nil {
			break // as good as it gets: covariates that say the same
		}
		steep := 0.0
		for j := range slope {
			steep += slope[j] * step.AtVec(j)
		}
		if steep < 1e-18 {
			break
		}
		moved := false
		for size := 1.0; size > 1e-6; size /= 2 {
			for j := range next {
				next[j] = lambda[j] - size*step.AtVec(j)
			}
			v, err := w.set(ctx, z, next)
			if err != nil {
				return err
			}
			if v <= value-1e-4*size*steep {
				copy(lambda, next)
				value, moved = v, true
				break
			}
		}
		if !moved {
			break
		}
	}
	_, err = w.set(ctx, z, lambda)
	return err
}

// askEvery is how many customers are gone over between looks at the context.
const askEvery = 1 << 15

// set makes the weights of λ and gives what the dual comes to.
func (w *Weighting) set(ctx context.Context, z, lambda []float64) (float64, error) {
	m := len(lambda)
	most := math.Inf(-1)
	for i := range w.Weights {
		if i%askEvery == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		x := 0.0
		for j, l := range lambda {
			x += z[i*m+j] * l
		}
		w.Weights[i] = x
		most = math.Max(most, x)
	}
	sum := 0.0
	for i, x := range w.Weights {
		w.Weights[i] = math.Exp(x - most)
		sum += w.Weights[i]
	}
	for i := range w.Weights {
		w.Weights[i] /= sum
	}
	value := most + math.Log(sum)
	for _, l := range lambda {
		value += ridge / 2 * l * l
	}
	return value, nil
}

// slopes are the dual's first and second derivatives at the weights at hand.
func (w *Weighting) slopes(ctx context.Context, z, lambda []float64) ([]float64, *mat.SymDense, error) {
	m := len(lambda)
	mean, square := make([]float64, m), make([]float64, m*m)
	for i, x := range w.Weights {
		if i%askEvery == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		row := z[i*m : i*m+m]
		for j, a := range row {
			xa := x * a
			mean[j] += xa
			for k, b := range row[:j+1] {
				square[j*m+k] += xa * b
			}
		}
	}
	bend := mat.NewSymDense(m, nil)
	for j := range m {
		for k := range j + 1 {
			bend.SetSym(j, k, square[j*m+k]-mean[j]*mean[k])
		}
		bend.SetSym(j, j, bend.At(j, j)+ridge)
	}
	for j, l := range lambda {
		mean[j] += ridge * l
	}
	return mean, bend, nil
}

// Compare sets the treated against the weighted others. The standard error takes
// the weights as given. The interval is Welch's, with the others counted as
// Effective.
func (w *Weighting) Compare(figures []float64, treated, others []int, level float64) (Difference, Arm, Arm) {
	a := moments(figures, treated)
	b := Arm{N: max(1, int(math.Round(w.Effective)))}
	for i, o := range others {
		b.Mean += w.Weights[i] * figures[o]
	}
	spread := 0.0
	for i, o := range others {
		d := figures[o] - b.Mean
		spread += w.Weights[i] * w.Weights[i] * d * d
	}
	b.Var = spread * float64(b.N)
	return Welch(a, b, level), a, b
}
