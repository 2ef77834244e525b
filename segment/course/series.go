package course

import (
	"context"
	"math"

	"tesela/segment"
	"tesela/segment/drift"
	"tesela/segment/syntax"
)

// Series is a subject at the ends of periods.
type Series struct {
	Labels []string
	Points []Reading
	// Looks is for how many changes the chances are corrected.
	Looks int
	// Reference tells that changes are held against the others too; with too
	// few periods for that they are held against chance alone.
	Reference bool
	Notes     []segment.Note
}

// Reading is a subject at one of the ends.
type Reading struct {
	End
	Base   int          // customers counted
	Labels []LabelDrift // by label
	// PSI is the population stability index against the mean mix of all
	// earlier points; Mix the corrected chance of as large a change of the mix
	// against the point before. Both NaN where there is none to compare with.
	PSI, Mix float64
}

// LabelDrift is one label at one of the ends.
type LabelDrift struct {
	Size  int
	Share float64
	// By is the change of the share since the point before, and P the chance,
	// corrected for the number of looks, of one so large; NaN where it is not
	// tested: at the first point, for a period that is not over, and where
	// nobody came or went.
	By, P float64
	Alert int // 1 rose, -1 fell, beyond chance; else 0
}

// significant is the corrected chance below which a change is an alert.
const significant = 0.05

// Follow evaluates a subject at the ends of periods, among a base as of each
// end (nil: everyone), and tells which changes are beyond chance. Points before
// anyone was there are left out. Progress, where it is not nil, is told before
// each end.
func Follow(ctx context.Context, src segment.Source, s Subject, base syntax.Formula, seen *Seen, ends []End, progress func(done, total int)) (*Series, error) {
	series := &Series{}
	series.Labels, _ = s.Labels(src.Schema())
	var joints [][][]int // of each point with the one before
	var before *State
	var beforeAmong *segment.Set
	for k, end := range ends {
		if progress != nil {
			progress(k, len(ends))
		}
		st, err := s.Stand(ctx, src, seen, end.At)
		if err != nil {
			return nil, err
		}
		among := segment.Everyone(src.Schema().Customers)
		if base != nil {
			plan, err := segment.Compile(ctx, base, src, end.At)
			if err != nil {
				return nil, err
			}
			if among, err = plan.Run(ctx); err != nil {
				return nil, err
			}
		}
		r := Reading{End: end, PSI: math.NaN(), Mix: math.NaN()}
		for _, n := range st.Sizes(among) {
			r.Base += n
			r.Labels = append(r.Labels, LabelDrift{Size: n, By: math.NaN(), P: math.NaN()})
		}
		if r.Base == 0 && len(series.Points) == 0 {
			continue
		}
		for k := range r.Labels {
			if r.Base > 0 {
				r.Labels[k].Share = float64(r.Labels[k].Size) / float64(r.Base)
			}
		}
		if before != nil {
			joints = append(joints, joint(before, st, beforeAmong, among))
		}
		series.Points = append(series.Points, r)
		before, beforeAmong, series.Notes = st, among, st.Notes
	}
	series.test(joints)
	return series, ctx.Err()
}

// joint counts the customers of two states by both labels; the last row and
// column stand for those who are counted at the other only.
func joint(before, after *State, then, now *segment.Set) [][]int {
	k := len(after.Labels)
	counts := make([][]int, k+1)
	for a := range counts {
		counts[a] = make([]int, k+1)
	}
	for i := range after.codes {
		a, b := k, k
		if c := before.Code(i); c > 0 && then.Has(i) {
			a = c - 1
		}
		if c := after.Code(i); c > 0 && now.Has(i) {
			b = c - 1
		}
		counts[a][b]++
	}
	counts[k][k] = 0
	return counts
}

// test tells which changes are beyond chance: so large by the chances of who
// happens to come and go (drift.Pair), and, where there are enough of them,
// also unlike the other changes of the series (drift.Unusual). The larger of
// the two chances counts, corrected for all looks.
func (s *Series) test(joints [][][]int) {
	// The last point's period may not be over: it moved for a shorter time.
	tested := len(joints)
	if n := len(s.Points); n > 0 && s.Points[n-1].Partial {
		tested = max(0, tested-1)
	}
	s.Reference = tested > drift.LeastReference
	mean := make([]float64, len(s.Labels)) // of the shares so far
	changes := make([][]drift.Change, len(s.Labels))
	for at := range s.Points {
		point := &s.Points[at]
		if at > 0 {
			sizes := make([]int, len(point.Labels))
			for k := range point.Labels {
				change := drift.PairOf(joints[at-1], k).Of()
				sizes[k], point.Labels[k].By = point.Labels[k].Size, change.By
				changes[k] = append(changes[k], change)
			}
			point.PSI = drift.PSI(mean, sizes)
		}
		for k, l := range point.Labels {
			mean[k] += (l.Share - mean[k]) / float64(at+1)
		}
	}
	// The two sides of a segment mirror each other: one look tells both.
	labels := len(s.Labels)
	if labels == 2 && s.Labels[0] == In {
		labels = 1
	}
	var looks []*LabelDrift
	var chances, mixes []float64
	for k := range labels {
		unusual, ok := drift.Unusual(changes[k][:tested])
		for at, change := range changes[k][:tested] {
			if change.Movers == 0 {
				continue // nobody came to the label or left it
			}
			p := change.P
			if ok {
				p = math.Max(p, unusual[at])
			}
			looks = append(looks, &s.Points[at+1].Labels[k])
			chances = append(chances, p)
		}
	}
	for _, j := range joints[:tested] {
		if labels > 1 {
			_, _, p := drift.Mix(j)
			mixes = append(mixes, p)
		}
	}
	s.Looks = len(looks)
	for i, p := range drift.Corrected(chances) {
		l := looks[i]
		if l.P = p; p < significant {
			if l.Alert = 1; l.By < 0 {
				l.Alert = -1
			}
		}
	}
	for at, p := range drift.Corrected(mixes) {
		s.Points[at+1].Mix = p
	}
}
