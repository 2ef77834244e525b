package micro

import (
	"context"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/cluster"
)

// settle clusters all customers of a stage in the layers that were chosen on
// its sample, and makes the groups.
func (w *work) settle(ctx context.Context, p *parted, place int, s *sampled) error {
	chosen := p.chosen
	if len(p.sample) < len(p.rows) {
		chosen = nil
		for _, x := range p.chosen {
			all := &split{layer: x.layer, choice: x.choice, use: x.use}
			if err := w.cluster(ctx, p, all, p.rows, x.choice.K); err != nil {
				return err
			}
			chosen = append(chosen, all)
		}
	}
	m, of := sequences(chosen, len(p.rows))
	p.stage.Sequences = len(m.all)
	m.small(w.least)
	drawn := of
	if len(p.sample) < len(p.rows) {
		drawn = make([]int32, 0, len(p.sample))
		for k, i := range p.rows {
			if len(drawn) < len(p.sample) && p.sample[len(drawn)] == i {
				drawn = append(drawn, of[k])
			}
		}
	}
	t, err := w.tell(ctx, s, chosen, m, drawn, 1)
	if err != nil {
		return err
	}
	if len(t.groups) < 2 {
		w.whole(p, place)
		return nil
	}
	stage := w.people.stageFormula(place)
	place2group := map[int32]int{}
	for k, at := range t.groups {
		g := w.group(place)
		x := m.all[at]
		g.Clustered, g.Formula = x.n, t.told[k].formula(w.table, stage)
		g.Terms = t.told[k].terms(w.table)
		g.Sequence = w.sequence(chosen, x.key)
		for _, part := range x.parts {
			if !slices.Equal(part.key, x.key) {
				g.Merged = append(g.Merged, Merge{Sequence: w.sequence(chosen, part.key), Customers: part.n, Small: part.small})
			}
		}
		p.stage.Merged += len(g.Merged)
		place2group[int32(at)] = k
		p.groups = append(p.groups, g)
	}
	for k, i := range p.rows {
		g := &p.groups[place2group[m.into[of[k]]]]
		g.of = append(g.of, i)
	}
	p.stage.Groups = len(p.groups)
	labels := make([]uint8, len(p.sample))
	for k := range drawn {
		labels[k] = uint8(place2group[m.into[drawn[k]]])
	}
	return w.resample(ctx, p, labels)
}

func (w *work) sequence(chosen []*split, key []uint8) []Part {
	all := make([]Part, len(key))
	for k := range key {
		all[k] = Part{Layer: chosen[k].layer.name, Cluster: int(key[k]) + 1}
	}
	return all
}

// resample clusters halves of the sample anew and compares: the stage by the
// adjusted Rand index over all its groups, each group by that of being in it
// or not, against the group of the half that it agrees with most. Both are
// means over the halves.
func (w *work) resample(ctx context.Context, p *parted, labels []uint8) error {
	total := 0.0
	each := make([]float64, len(p.groups))
	times := 0
	for b := range resamples {
		var half []int32
		var mine []uint8
		salt := hashText("half") + uint64(b)
		for k, i := range p.sample {
			if mix(w.hashes[i]^mix(salt))&1 == 0 {
				half, mine = append(half, i), append(mine, labels[k])
			}
		}
		again, err := w.again(ctx, p, half)
		if err != nil {
			return err
		}
		if again == nil {
			continue
		}
		times++
		total += cluster.AdjustedRand(mine, again)
		for g := range each {
			each[g] += bestAgreement(mine, again, uint8(g))
		}
	}
	if times == 0 {
		return nil
	}
	p.stage.Stability = total / float64(times)
	for g := range p.groups {
		p.groups[g].Stability = each[g] / float64(times)
	}
	return nil
}

// again parts some customers as the stage was: by the same layers, into as
// many clusters each, and as many groups.
func (w *work) again(ctx context.Context, p *parted, rows []int32) ([]uint8, error) {
	if len(rows) < 2 {
		return nil, nil
	}
	var chosen []*split
	for _, x := range p.chosen {
		s := &split{layer: x.layer, choice: x.choice, use: x.use}
		if err := w.cluster(ctx, p, s, rows, x.choice.K); err != nil {
			return nil, err
		}
		chosen = append(chosen, s)
	}
	m, of := sequences(chosen, len(rows))
	m.small(leastSample(w.least, len(rows), len(p.rows)))
	for left := m.left(); len(left) > len(p.groups); left = m.left() {
		last := left[len(left)-1]
		m.join(last, m.nearest(last), true)
	}
	place := map[int32]uint8{}
	for k, at := range m.left() {
		place[int32(at)] = uint8(k)
	}
	labels := make([]uint8, len(rows))
	for k := range labels {
		labels[k] = place[m.into[of[k]]]
	}
	return labels, nil
}

// bestAgreement is the adjusted Rand index (Hubert, Arabie 1985) of being in a
// group or not, against the group of another parting that it is highest with.
func bestAgreement(mine, other []uint8, group uint8) float64 {
	var in int
	var size, both [256]int
	for k, g := range mine {
		size[other[k]]++
		if g == group {
			in++
			both[other[k]]++
		}
	}
	best := 0.0
	for o := range size {
		if both[o] == 0 {
			continue
		}
		best = max(best, yesNoRand(len(mine), in, size[o], both[o]))
	}
	return best
}

// yesNoRand is the adjusted Rand index of two partings in two: a and b of n
// are on the one side, both on both's.
func yesNoRand(n, a, b, both int) float64 {
	pairs := func(m int) float64 { return float64(m) * float64(m-1) / 2 }
	cells := pairs(both) + pairs(a-both) + pairs(b-both) + pairs(n-a-b+both)
	rows, cols := pairs(a)+pairs(n-a), pairs(b)+pairs(n-b)
	all := pairs(n)
	if all == 0 {
		return 1
	}
	expected, most := rows*cols/all, (rows+cols)/2
	if most == expected {
		return 1
	}
	return (cells - expected) / (most - expected)
}

// judge finds how well each formula tells its clusters.
func (w *work) judge(_ context.Context, r *Result) error {
	fine := 0
	for k := range r.Groups {
		g := &r.Groups[k]
		of := segment.NewSet(g.Members.N())
		for _, i := range g.of {
			of.Add(int(i))
		}
		both := of.And(g.Members).Len()
		g.Precision, g.Recall = ratio(both, g.Size), ratio(both, g.Clustered)
		if g.Precision >= readable && g.Recall >= readable && len(segment.Conditions(g.Formula)) <= conditions {
			fine++
		}
	}
	r.Readable = math.NaN()
	if len(r.Groups) > 0 {
		r.Readable = ratio(fine, len(r.Groups))
	}
	return nil
}
