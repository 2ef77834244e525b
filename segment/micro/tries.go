package micro

import (
	"context"
	"slices"
)

// cuts parts a stage that has few groups by layers without gaps between
// customers: in three or two clusters, where others drawn from them would be
// cut in the same places.
func (w *work) cuts(ctx context.Context, p *parted, s *sampled, order []*split, least, have int) error {
	for _, x := range order {
		if len(p.chosen) == mostLayers || have >= fewInStage {
			return nil
		}
		if x.choice.K > 1 || x.choice.Why != Mute {
			continue
		}
		for k := min(3, w.mostK); k > 1; k-- {
			y := &split{layer: x.layer, choice: x.choice, use: x.use, cut: true}
			if err := w.cluster(ctx, p, y, p.sample, k); err != nil {
				return err
			}
			if y.choice.K < 2 || !(y.choice.Stability >= leastStable) {
				x.choice.Why = Unstable
				continue
			}
			a, err := w.attempt(ctx, p, s, y, least, have)
			if err != nil {
				return err
			}
			if x.choice.Why = a.why; a.why == "" {
				*x = *y
				x.choice.Used, x.choice.Readable, x.choice.Why, x.choice.Cut = true, a.share, "", true
				p.chosen, have = append(p.chosen, x), a.groups
				break
			}
		}
	}
	return nil
}

// attempt is what comes of a layer as the next of a stage's sequence.
type attempt struct {
	split  *split
	why    Reason // why not
	groups int
	share  float64 // of the groups that are readable
	untold int     // sequences that had to be merged for being told by nothing
}

// try takes a layer as the next of the sequence: in as many clusters as stand
// out most, or else in the next best number, if then every group is told as it
// is.
func (w *work) try(ctx context.Context, p *parted, s *sampled, x *split, least, have int) (attempt, error) {
	var best attempt
	for n, k := range x.fits[:min(len(x.fits), mostTries)] {
		y := x
		if k != x.choice.K {
			y = &split{layer: x.layer, choice: x.choice, use: x.use}
			if err := w.cluster(ctx, p, y, p.sample, k); err != nil {
				return best, err
			}
		}
		a, err := w.attempt(ctx, p, s, y, least, have)
		if err != nil {
			return best, err
		}
		if n == 0 || a.why == "" && (best.why != "" || a.untold < best.untold) {
			best = a
		}
		if best.why == "" && best.untold == 0 {
			break
		}
	}
	return best, nil
}

func (w *work) attempt(ctx context.Context, p *parted, s *sampled, x *split, least, have int) (attempt, error) {
	a := attempt{split: x}
	trial := append(slices.Clone(p.chosen), x)
	m, of := sequences(trial, len(p.sample))
	m.small(least)
	before := len(m.left())
	if before <= have {
		a.why = Small
		return a, nil
	}
	t, err := w.tell(ctx, s, trial, m, of, have)
	if err != nil {
		return a, err
	}
	a.share, a.groups, a.untold = t.share, len(t.groups), before-len(t.groups)
	switch {
	case a.groups <= have || a.share < readableShare:
		a.why = Unreadable
	case a.groups > mostInStage:
		a.why = Crowded
	}
	return a, nil
}
