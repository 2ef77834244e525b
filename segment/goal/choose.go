package goal

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment/effect"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// Two groups are nearly the same people where half of all in either are in
// both, or four of five of the smaller one in the larger.
const (
	sameOfAll     = 0.5
	sameOfSmaller = 0.8
)

// broadest is the share of the customers beyond which a group is no group.
const broadest = 0.5

// riskiest is the share of the revenue that a safe test may be made on.
const riskiest = 0.25

// choose ranks the groups and leaves out what repeats a better one.
func (w *work) choose(context.Context) error {
	for _, c := range w.all {
		w.test(c)
		c.Gain = Assumed * c.Mean * c.Worth * float64(c.Reach)
		c.Low, c.High = math.NaN(), math.NaN()
		c.score = w.score(c)
	}
	slices.SortStableFunc(w.all, func(a, b *candidate) int {
		return cmp.Or(compareBool(a.fallback, b.fallback), compareScores(b.score, a.score), cmp.Compare(b.Size, a.Size))
	})
	r := w.report
	for _, c := range w.all {
		if float64(c.Size) > broadest*float64(r.Base) && !c.fallback {
			r.Broad++
			continue
		}
		if w.q.Goal.Rank == BySafe && c.Smallest != c.Smallest {
			r.Small++
			continue
		}
		if w.q.Goal.Rank == BySafe && r.Revenue != nil && c.Revenue.Cmp(scaled(r.Revenue, riskiest)) > 0 {
			r.Risky++
			continue
		}
		if c.fallback && len(r.Proposals) > 0 {
			r.Same++
			continue
		}
		if slices.ContainsFunc(r.Proposals, func(p Proposal) bool { return nearlySame(c.Proposal, p) }) {
			r.Same++
			continue
		}
		if len(r.Proposals) < max(asked, w.q.Most) {
			r.Proposals = append(r.Proposals, c.Proposal)
		}
	}
	return nil
}

// asked is how many groups past trials are asked about, whatever number is
// proposed, so that a shorter list is the beginning of a longer one.
const asked = 20

func nearlySame(a, b Proposal) bool {
	both := float64(a.Set.And(b.Set).Len())
	return both >= sameOfAll*float64(a.Size+b.Size-int(both)) || both >= sameOfSmaller*float64(min(a.Size, b.Size))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareScores puts what is not known last.
func compareScores(a, b float64) int {
	switch {
	case a != a && b != b:
		return 0
	case a != a:
		return -1
	case b != b:
		return 1
	}
	return cmp.Compare(a, b)
}

func (w *work) score(c *candidate) float64 {
	switch w.q.Goal.Rank {
	case ByStake:
		return c.Stake
	case BySafe:
		return -c.Smallest / c.Mean
	}
	return c.Gain
}

// wanted is the relative change that a hold-out is made for where a group is
// large enough; leastHeld is the smallest that is held out.
const (
	wanted    = 0.2
	leastHeld = 0.1
)

// test plans how a change among those in reach would be shown.
func (w *work) test(c *candidate) {
	c.HeldOut, c.Smallest = math.NaN(), math.NaN()
	if c.Reach < 2*fewest || c.Mean != c.Mean {
		return
	}
	if c.Mean == 0 { // nothing to set a change against
		c.HeldOut, c.Held = leastHeld, int(math.Round(leastHeld*float64(c.Reach)))
		return
	}
	o := effect.Outcome{Rate: c.Rate, Mean: c.Mean, SD: c.SD}
	if c.Rate && w.q.Goal.Fewer {
		o.Mean = 1 - c.Mean // fewer of one is more of the other
	}
	share, ok := effect.Usual.HoldOut(o, wanted*c.Mean, c.Reach)
	if !ok || w.q.Goal.Rank == BySafe {
		share = 0.5
	}
	c.HeldOut = max(share, leastHeld)
	c.Held = int(math.Round(c.HeldOut * float64(c.Reach)))
	c.Smallest = effect.Usual.Smallest(o, c.Reach-c.Held, c.Held)
}

// EvidenceDays is how many days after an action trials are read for.
const EvidenceDays = trial.DefaultDays

// ask finds what past trials showed for the groups that are left, and ranks
// them anew by it.
func (w *work) ask(ctx context.Context) error {
	ps := w.report.Proposals
	if len(ps) == 0 {
		return nil
	}
	outcomes := map[string][]int{} // groups of pairs have outcomes of their own
	var order []string
	figure := map[string]*trial.Figure{}
	for i, p := range ps {
		f := w.outcomeOf(p)
		key := f.String()
		if figure[key] == nil {
			figure[key] = f
			order = append(order, key)
		}
		outcomes[key] = append(outcomes[key], i)
	}
	for _, key := range order {
		if w.q.Goal.Untried {
			break
		}
		var groups []syntax.Formula
		for _, i := range outcomes[key] {
			groups = append(groups, ps[i].Formula)
		}
		advice, err := trial.RecommendFor(ctx, w.src, w.at, groups, trial.Query{Outcome: figure[key], Days: EvidenceDays})
		if err != nil {
			return err
		}
		for k, i := range outcomes[key] {
			ps[i].Advice = advice[k]
			w.gain(&ps[i])
		}
	}
	if w.q.Goal.Rank == ByGain {
		slices.SortStableFunc(ps, func(a, b Proposal) int { return compareScores(b.Gain, a.Gain) })
	}
	ps = ps[:min(len(ps), w.q.Most)]
	for i := range ps {
		for j := range i {
			if both := ps[i].Set.And(ps[j].Set).Len(); both > 0 {
				ps[i].Overlaps = append(ps[i].Overlaps, Overlap{With: j, Both: both})
			}
		}
	}
	w.report.Proposals = ps
	return nil
}

// outcomeOf is what trials are to raise for a group.
func (w *work) outcomeOf(p Proposal) *trial.Figure {
	for _, c := range w.all {
		if c.Set == p.Set {
			return &c.outcome
		}
	}
	return w.outcome
}

// gain is what the best action of past trials would bring.
func (w *work) gain(p *Proposal) {
	best := p.Advice.Best
	if best == nil {
		return
	}
	by := p.Worth * float64(p.Reach)
	p.Gain, p.Low, p.High = best.Lift*by, best.Low*by, best.High*by
}
