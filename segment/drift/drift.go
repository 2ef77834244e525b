// Package drift tells whether the size of a group, or the mix of several, moves
// beyond chance from one date to the next. The same customers are looked at
// again and again, so its tests are those for paired samples. It takes counts,
// and knows neither dates nor labels' words.
package drift

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Pair counts customers by where they were at two dates: in the group or out
// of it, and at one date or both among those that are counted.
type Pair struct {
	InIn, InOut, OutIn, OutOut int
	NewIn, NewOut              int // counted at the later date only
	GoneIn, GoneOut            int // counted at the earlier date only
}

// PairOf takes the counts of one label from those of all: Joint[a][b] were a
// at the earlier date and b at the later, the last row and column standing for
// those who are counted at the other date only.
func PairOf(joint [][]int, label int) Pair {
	var p Pair
	absent := len(joint) - 1
	for a, row := range joint {
		for b, n := range row {
			switch in, is := a == label, b == label; {
			case a == absent && b == absent:
			case a == absent && is:
				p.NewIn += n
			case a == absent:
				p.NewOut += n
			case b == absent && in:
				p.GoneIn += n
			case b == absent:
				p.GoneOut += n
			case in && is:
				p.InIn += n
			case in:
				p.InOut += n
			case is:
				p.OutIn += n
			default:
				p.OutOut += n
			}
		}
	}
	return p
}

// Change is how the share of a group changed.
type Change struct {
	Before, After int // sizes
	From, To      int // of so many
	// By is the difference of the shares, and SE its standard error.
	By, SE float64
	// Movers are those who came and went; P is the chance of a difference as
	// large as this or larger where there is none, or 1 with fewer than
	// LeastMovers.
	Movers int
	P      float64
}

// LeastMovers is with how few who came or went nothing is tested.
const LeastMovers = 10

// Of tests whether a share changed: the difference of two proportions of
// samples that share customers, with the variance summed over customers, of
// what each adds to the difference (for the same customers at both dates that
// is the Wald form of McNemar's test, Agresti 2013, section 11.1).
func (p Pair) Of() Change {
	c := Change{
		Before: p.InIn + p.InOut + p.GoneIn, After: p.InIn + p.OutIn + p.NewIn,
		Movers: p.InOut + p.OutIn + p.NewIn + p.GoneIn, P: 1,
	}
	c.From = c.Before + p.OutIn + p.OutOut + p.GoneOut
	c.To = c.After + p.InOut + p.OutOut + p.NewOut
	if c.From == 0 || c.To == 0 {
		return c
	}
	n1, n2 := float64(c.From), float64(c.To)
	p1, p2 := float64(c.Before)/n1, float64(c.After)/n2
	c.By = p2 - p1
	variance := 0.0
	add := func(n int, x float64) { variance += float64(n) * x * x }
	add(p.InIn, (1-p2)/n2-(1-p1)/n1)
	add(p.InOut, -p2/n2-(1-p1)/n1)
	add(p.OutIn, (1-p2)/n2+p1/n1)
	add(p.OutOut, -p2/n2+p1/n1)
	add(p.NewIn, (1-p2)/n2)
	add(p.NewOut, -p2/n2)
	add(p.GoneIn, -(1-p1)/n1)
	add(p.GoneOut, p1/n1)
	c.SE = math.Sqrt(variance)
	if c.Movers >= LeastMovers && c.SE > 0 {
		c.P = 2 * distuv.UnitNormal.Survival(math.Abs(c.By)/c.SE)
	}
	return c
}

// dearer is by how much a chance counts more for each change that was taken out
// of its reference.
const dearer = 4

// LeastReference is how many other changes make a reference.
const LeastReference = 3

// Unusual gives for each of a series of changes the chance of one as far from
// the others or farther, were it one more of their kind: a prediction interval
// by Student's t (Geisser 1993, section 2.2). The spread of the others is taken
// to be no less than what chance alone makes of the change, its SE. So that a
// rise and the fall back after it do not hide one another, the one farthest
// off, up to a quarter of all, is taken out of the others' reference before the
// next is looked at, and one is as unusual as any that is taken out after it
// (after the generalised extreme Studentised deviate, Rosner 1983). For each
// one taken out the chance of the next counts fourfold, which in simulated
// series of 6 to 24 changes of one kind keeps those with any told at 5% to
// 4 to 6 in a hundred. Ok is false with too few changes.
func Unusual(changes []Change) (chances []float64, ok bool) {
	if len(changes) <= LeastReference {
		return nil, false
	}
	chances = make([]float64, len(changes))
	left := make([]int, len(changes))
	for i := range left {
		left[i] = i
	}
	var out []int // in the order they are taken out
	for range max(1, len(changes)/4) {
		if len(left) <= LeastReference {
			break
		}
		far := 0
		for k := range left {
			chances[left[k]] = unlike(changes, left, k)
			if chances[left[k]] < chances[left[far]] {
				far = k
			}
		}
		chances[left[far]] = math.Min(1, chances[left[far]]*math.Pow(dearer, float64(len(out))))
		out = append(out, left[far])
		left = slices.Delete(left, far, far+1)
	}
	// Those that are left are no more unusual than the last that was taken out.
	for _, i := range left {
		chances[i] = math.Max(chances[i], chances[out[len(out)-1]])
	}
	for k := len(out) - 2; k >= 0; k-- {
		chances[out[k]] = math.Min(chances[out[k]], chances[out[k+1]])
	}
	return chances, true
}

// unlike is the chance of the k-th of some changes against the others.
func unlike(changes []Change, some []int, k int) float64 {
	n := float64(len(some) - 1)
	mean, squares := 0.0, 0.0
	for j, i := range some {
		if j != k {
			mean += changes[i].By / n
		}
	}
	for j, i := range some {
		if d := changes[i].By - mean; j != k {
			squares += d * d
		}
	}
	c := changes[some[k]]
	spread := math.Sqrt(math.Max(squares/(n-1), c.SE*c.SE) * (1 + 1/n))
	if spread == 0 {
		if c.By == mean {
			return 1
		}
		return 0
	}
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Survival(math.Abs(c.By-mean)/spread)
}

// Corrected corrects chances for the number of looks, in their order: of what
// is told at 5% no more than 5% is expected to be false (Benjamini and Hochberg
// 1995).
func Corrected(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	out := make([]float64, len(p))
	least := 1.0
	for k, i := range order {
		rank := float64(len(p) - k)
		least = math.Min(least, p[i]*float64(len(p))/rank)
		out[i] = least
	}
	return out
}

// Mix tests whether the mix of labels changed among those counted at both
// dates: the Stuart–Maxwell test of equal margins (Stuart 1955, Maxwell 1970).
// It gives chi-square, its degrees of freedom (0: nobody moved) and the chance
// of one as large or larger. Joint is as of PairOf.
func Mix(joint [][]int) (chi float64, df int, p float64) {
	k := len(joint) - 1
	var used []int // labels that somebody came to or left
	for i := range k {
		moved := 0
		for j := range k {
			if i != j {
				moved += joint[i][j] + joint[j][i]
			}
		}
		if moved > 0 {
			used = append(used, i)
		}
	}
	if len(used) < 2 {
		return 0, 0, 1
	}
	n := len(used)
	d, v := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	for a, i := range used {
		diagonal, difference := 0, 0
		for _, j := range used {
			if i != j {
				difference += joint[i][j] - joint[j][i]
				diagonal += joint[i][j] + joint[j][i]
			}
		}
		d.SetVec(a, float64(difference))
		for b, j := range used {
			if a == b {
				v.SetSym(a, b, float64(diagonal))
			} else {
				v.SetSym(a, b, -float64(joint[i][j]+joint[j][i]))
			}
		}
	}
	// The margins sum to the same, so v has no inverse; labels between which
	// nobody moves at all take more from its rank.
	var e mat.EigenSym
	if !e.Factorize(v, true) {
		return 0, 0, 1
	}
	values := e.Values(nil)
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	for c, value := range values {
		if value <= 1e-9*values[n-1] {
			continue
		}
		df++
		along := 0.0
		for r := range n {
			along += vectors.At(r, c) * d.AtVec(r)
		}
		chi += along * along / value
	}
	if df == 0 {
		return 0, 0, 1
	}
	return chi, df, distuv.ChiSquared{K: float64(df)}.Survival(chi)
}

// The population stability index from which on a mix is usually said to have
// moved somewhat, and much (Siddiqi 2006, section 11).
const (
	SomewhatMoved = 0.10
	MuchMoved     = 0.25
)

// PSI is the population stability index of sizes against a reference, as
// shares: Σ (a − r)·ln(a/r). A label that nobody has counts as half a customer.
func PSI(reference []float64, sizes []int) float64 {
	all := 0.0
	counts := make([]float64, len(sizes))
	for i, n := range sizes {
		counts[i] = math.Max(0.5, float64(n))
		if n == 0 && reference[i] == 0 {
			counts[i] = 0 // a label that never was
		}
		all += float64(n)
	}
	if all == 0 {
		return 0
	}
	psi := 0.0
	for i, n := range counts {
		if n == 0 {
			continue
		}
		a, r := n/all, math.Max(reference[i], 0.5/all)
		psi += (a - r) * math.Log(a/r)
	}
	return psi
}
