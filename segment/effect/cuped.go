package effect

// Adjusted is a comparison adjusted by what was known before.
type Adjusted struct {
	Difference
	Treated, Held Arm // adjusted
	// Theta is how much of the figure each unit of the covariate foretells.
	Theta float64
	// Saved is the share of the variance that the adjustment takes away.
	Saved float64
}

// CUPED compares two means of y less what x, known before anybody was treated,
// foretells of it: y − θ(x − mean of x), with θ the pooled slope of y on x within
// the arms (Deng, Xu, Kohavi and Walker 2013). ok is false where x is the same
// for all, or tells nothing.
func CUPED(treated, held Pairs, level float64) (a Adjusted, ok bool) {
	xx := treated.XX + held.XX
	yy := treated.YY + held.YY
	if treated.N < 2 || held.N < 2 || !(xx > 0) || !(yy > 0) {
		return a, false
	}
	xy := treated.XY + held.XY
	a.Theta = xy / xx
	a.Saved = a.Theta * xy / yy
	if !(a.Saved > 0) {
		return a, false
	}
	all := (float64(treated.N)*treated.MeanX + float64(held.N)*held.MeanX) / float64(treated.N+held.N)
	a.Treated, a.Held = treated.less(a.Theta, all), held.less(a.Theta, all)
	a.Difference = Welch(a.Treated, a.Held, level)
	return a, true
}

// less is the arm of y − θ(x − all).
func (p *Pairs) less(theta, all float64) Arm {
	return armOf(p.N, p.MeanY-theta*(p.MeanX-all), p.YY-2*theta*p.XY+theta*theta*p.XX)
}
