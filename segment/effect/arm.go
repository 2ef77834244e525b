package effect

import "math"

// Arm is what the customers of one arm show: how many they are, and mean and
// sample variance (over n − 1) of their figure.
type Arm struct {
	N         int
	Mean, Var float64
}

// Of sums figures up.
func Of(figures []float64) Arm {
	var p Pairs
	for _, y := range figures {
		p.Add(y, 0)
	}
	return p.Arm()
}

// Rate is the arm of which x of n did something.
func Rate(x, n int) Arm {
	a := Arm{N: n}
	if n == 0 {
		a.Mean, a.Var = math.NaN(), math.NaN()
		return a
	}
	p := float64(x) / float64(n)
	a.Mean, a.Var = p, math.NaN()
	if n > 1 {
		a.Var = p * (1 - p) * float64(n) / float64(n-1)
	}
	return a
}

// Pairs gathers the moments of a figure y and of what was known before, x, one
// customer after the other (Welford 1962), so that nothing need be kept.
type Pairs struct {
	N            int
	MeanY, MeanX float64
	// Sums of squares and products about the means.
	YY, XX, XY float64
}

// Add takes a customer in.
func (p *Pairs) Add(y, x float64) {
	p.N++
	n := float64(p.N)
	dy, dx := y-p.MeanY, x-p.MeanX
	p.MeanY += dy / n
	p.MeanX += dx / n
	p.YY += dy * (y - p.MeanY)
	p.XX += dx * (x - p.MeanX)
	p.XY += dy * (x - p.MeanX)
}

// Merge takes in all customers of another (Chan, Golub and LeVeque 1983).
func (p *Pairs) Merge(o Pairs) {
	if o.N == 0 {
		return
	}
	if p.N == 0 {
		*p = o
		return
	}
	a, b := float64(p.N), float64(o.N)
	dy, dx := o.MeanY-p.MeanY, o.MeanX-p.MeanX
	w := a * b / (a + b)
	p.YY += o.YY + dy*dy*w
	p.XX += o.XX + dx*dx*w
	p.XY += o.XY + dy*dx*w
	p.MeanY += dy * b / (a + b)
	p.MeanX += dx * b / (a + b)
	p.N += o.N
}

// Arm is the figure y by itself.
func (p *Pairs) Arm() Arm { return armOf(p.N, p.MeanY, p.YY) }

func armOf(n int, mean, squares float64) Arm {
	a := Arm{N: n, Mean: mean, Var: math.NaN()}
	if n == 0 {
		a.Mean = math.NaN()
	}
	if n > 1 {
		a.Var = math.Max(0, squares) / float64(n-1)
	}
	return a
}

// Enough tells whether two arms are enough to compare means: MinArm customers
// in each, and not one and the same figure for all.
func Enough(treated, held Arm) bool {
	return treated.N >= MinArm && held.N >= MinArm && (treated.Var > 0 || held.Var > 0)
}

// EnoughSeen tells whether x of n and y of m are enough to compare rates:
// MinArm customers in each arm, and over both MinSeen who did it and MinSeen
// who did not.
func EnoughSeen(x, n, y, m int) bool {
	return n >= MinArm && m >= MinArm && x+y >= MinSeen && n+m-x-y >= MinSeen
}
