package micro

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// A group is rewritten as conditions that all hold. The search keeps the best
// few conjunctions of each length (beam search, Lowerre 1976) and then moves
// their thresholds to where they tell best, and to round numbers near there.
const (
	beam         = 20
	beamAlike    = 3   // in the beam by the same features
	shortlist    = 260 // conditions that are tried of each target
	leastFound   = 0.72
	perCondition = 0.012 // what a condition must bring
	foreign      = 0.01  // what one on a feature that was not clustered by must bring beside
	slack        = 0.006 // what a rounder threshold may cost
)

// told is how well a conjunction tells a target within a sample.
type told struct {
	conditions        []condition
	keeps             bitset
	precision, recall float64
	score             float64
}

func (t *told) readable() bool { return t.precision >= readable && t.recall >= readable }

// goal is a target within a sample.
type goal struct {
	s      *sampled
	t      *feature.Table
	target bitset
	size   int
	most   int          // conditions
	own    map[int]bool // features that were clustered by
	only   bool         // no others
}

// mark scores n kept customers, of which in belong to the target.
func (g *goal) mark(n, in, conditions int) (precision, recall, score float64) {
	if n == 0 || g.size == 0 {
		return 0, 0, -1
	}
	precision, recall = float64(in)/float64(n), float64(in)/float64(g.size)
	if in > 0 {
		score = 0.75*min(precision, recall) + 0.25*2*precision*recall/(precision+recall)
	}
	return precision, recall, score - perCondition*float64(conditions)
}

func (g *goal) cost(c *condition) float64 {
	cost := 0.0
	if !g.own[c.feature] {
		cost = foreign
	}
	if c.test == within || c.test == notAtLeast || c.test == notUnder || c.test == noneOf {
		cost += perCondition / 2 // longer to read
	}
	return cost
}

// search finds the conjunction that tells the target best; with no condition
// where nothing tells better than taking all.
func (g *goal) search(ctx context.Context) (*told, error) {
	g.size = g.target.count()
	everyone := newBitset(len(g.s.rows))
	everyone = g.s.not(everyone)
	best := &told{keeps: everyone}
	best.precision, best.recall, best.score = g.mark(len(g.s.rows), g.size, 0)
	if g.size == len(g.s.rows) || g.size == 0 {
		return best, nil
	}
	all := g.shortlist(everyone)
	current := []*told{best}
	for range g.most {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		current = g.extend(current, all)
		if len(current) == 0 {
			break
		}
		if current[0].score > best.score {
			best = current[0]
		}
	}
	return g.polish(best), nil
}

// shortlist are the conditions that keep enough of the target, best first.
func (g *goal) shortlist(everyone bitset) []*condition {
	type marked struct {
		c     *condition
		score float64
	}
	var all []marked
	consider := func(c *condition) {
		if g.only && !g.own[c.feature] {
			return
		}
		n, in := both(c.keeps, everyone, g.target)
		if float64(in) < leastFound*float64(g.size) {
			return
		}
		_, _, score := g.mark(n, in, 1)
		all = append(all, marked{c, score - g.cost(c)})
	}
	for k := range g.s.conditions {
		consider(&g.s.conditions[k])
	}
	for _, c := range g.sets() {
		consider(c)
	}
	slices.SortStableFunc(all, func(a, b marked) int { return cmp.Compare(b.score, a.score) })
	if len(all) > shortlist {
		all = all[:shortlist]
	}
	list := make([]*condition, len(all))
	for k := range all {
		list[k] = all[k].c
	}
	return list
}

// mostListed is how many categories a condition lists.
const mostListed = 4

// sets are conditions of several categories: those that are likelier in the
// target than outside.
func (g *goal) sets() []*condition {
	var all []*condition
	for f, c := range g.t.Columns {
		if c.Numbers != nil || len(c.Words) < 4 || g.only && !g.own[f] {
			continue
		}
		in, n := make([]int, len(c.Words)), make([]int, len(c.Words))
		for k, i := range g.s.rows {
			n[c.Codes[i]]++
			if g.target.has(k) {
				in[c.Codes[i]]++
			}
		}
		var codes []int
		for code := 1; code < len(n); code++ {
			if in[code] > 0 && in[code]*len(g.s.rows) > n[code]*g.size {
				codes = append(codes, code)
			}
		}
		slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(in[b], in[a]) })
		for size := 2; size <= min(len(codes), mostListed); size++ {
			set, words := map[uint32]bool{}, []string{}
			for _, code := range codes[:size] {
				set[uint32(code)] = true
				words = append(words, c.Words[code])
			}
			slices.Sort(words)
			keeps := g.s.ofCodes(c, set)
			all = append(all, &condition{feature: f, test: oneOf, words: words, keeps: keeps, n: keeps.count()})
		}
	}
	return all
}

// extend adds one condition to each conjunction and keeps the best.
func (g *goal) extend(current []*told, all []*condition) []*told {
	type grown struct {
		from  *told
		c     *condition
		n, in int
		score float64
	}
	var next []grown
	for _, t := range current {
		paid := 0.0
		for k := range t.conditions {
			paid += g.cost(&t.conditions[k])
		}
		for _, c := range all {
			if slices.ContainsFunc(t.conditions, func(o condition) bool { return o.feature == c.feature }) {
				continue
			}
			n, in := both(t.keeps, c.keeps, g.target)
			if float64(in) < leastFound*float64(g.size) {
				continue
			}
			_, _, score := g.mark(n, in, len(t.conditions)+1)
			next = append(next, grown{t, c, n, in, score - paid - g.cost(c)})
		}
	}
	slices.SortStableFunc(next, func(a, b grown) int { return cmp.Compare(b.score, a.score) })
	var kept []*told
	alike := map[[conditions]int]int{}
	seen := map[[2]int]bool{} // equally many kept and found: as good as the same
	for _, x := range next {
		if len(kept) == beam {
			break
		}
		var key [conditions]int
		for k, c := range x.from.conditions {
			key[k] = c.feature + 1
		}
		key[len(x.from.conditions)] = x.c.feature + 1
		slices.Sort(key[:])
		if alike[key] >= beamAlike || seen[[2]int{x.n, x.in}] {
			continue
		}
		alike[key]++
		seen[[2]int{x.n, x.in}] = true
		t := &told{conditions: append(slices.Clone(x.from.conditions), *x.c), score: x.score}
		t.keeps = newBitset(len(g.s.rows))
		for k := range t.keeps {
			t.keeps[k] = x.from.keeps[k] & x.c.keeps[k]
		}
		t.precision, t.recall, _ = g.mark(x.n, x.in, 0)
		kept = append(kept, t)
	}
	return kept
}

// polish moves the thresholds, one after the other, to where they tell best
// among all values of the sample.
func (g *goal) polish(t *told) *told {
	for range 2 {
		for k := range t.conditions {
			c := &t.conditions[k]
			if c.test > within {
				continue
			}
			others := g.s.not(newBitset(len(g.s.rows)))
			for j := range t.conditions {
				if j != k {
					for w := range others {
						others[w] &= t.conditions[j].keeps[w]
					}
				}
			}
			if c.test != under {
				g.move(t, c, others, true)
			}
			if c.test != atLeast {
				g.move(t, c, others, false)
			}
		}
	}
	return t
}

// move looks at all places of the lower or upper threshold of a condition.
func (g *goal) move(t *told, c *condition, others bitset, lower bool) {
	x := g.t.Columns[c.feature].Numbers
	order := g.s.sorted[c.feature]
	value := func(k int) float64 { return x[g.s.rows[order[k]]] }
	// Cumulative counts from the moving side's far end inwards.
	inside := func(v float64) bool { // of the end that stays
		switch {
		case lower && c.test == within:
			return v <= c.high
		case !lower && c.test == within:
			return v >= c.low
		}
		return true
	}
	type at struct {
		from  int
		score float64
	}
	var places []at
	n, in := 0, 0
	take := func(k int) {
		if j := int(order[k]); others.has(j) && inside(value(k)) {
			n++
			if g.target.has(j) {
				in++
			}
		}
	}
	if lower {
		for k := len(order) - 1; k > 0; k-- {
			if take(k); value(k-1) != value(k) {
				_, _, score := g.mark(n, in, len(t.conditions))
				places = append(places, at{k, score})
			}
		}
	} else {
		for k := range len(order) - 1 {
			if take(k); value(k+1) != value(k) {
				_, _, score := g.mark(n, in, len(t.conditions))
				places = append(places, at{k + 1, score})
			}
		}
	}
	best := -1
	for p := range places {
		if best < 0 || places[p].score > places[best].score {
			best = p
		}
	}
	if best < 0 {
		return
	}
	low, high := places[best].from, places[best].from
	for p := best; p >= 0 && places[p].score >= places[best].score-slack; p-- {
		low, high = min(low, places[p].from), max(high, places[p].from)
	}
	for p := best; p < len(places) && places[p].score >= places[best].score-slack; p++ {
		low, high = min(low, places[p].from), max(high, places[p].from)
	}
	if lower {
		c.low = feature.Cut(value(low-1), value(high))
	} else if c.test == under {
		c.high = feature.Cut(value(low-1), value(high))
	} else {
		c.high = last(value(low-1), value(high))
	}
	keeps := newBitset(len(g.s.rows))
	for k, j := range order {
		v := value(k)
		ok := true
		switch c.test {
		case atLeast:
			ok = v >= c.low
		case under:
			ok = v < c.high
		case within:
			ok = v >= c.low && v <= c.high
		}
		if ok {
			keeps.add(int(j))
		}
	}
	c.keeps, c.n = keeps, keeps.count()
	all := newBitset(len(g.s.rows))
	for w := range all {
		all[w] = others[w] & keeps[w]
	}
	t.keeps = all
	size, found := both(all, all, g.target)
	t.precision, t.recall, t.score = g.mark(size, found, len(t.conditions))
}

// formula writes the conjunction, after the stage's condition if there is one.
func (t *told) formula(table *feature.Table, stage syntax.Formula) syntax.Formula {
	var all []syntax.Formula
	if stage != nil {
		all = append(all, stage)
	}
	order := slices.Clone(t.conditions)
	slices.SortStableFunc(order, func(a, b condition) int { return cmp.Compare(a.feature, b.feature) })
	for k := range order {
		all = append(all, order[k].formula(table.Features[order[k].feature]))
	}
	return syntax.All(all...)
}

// terms describes the conjunction in the order of its formula.
func (t *told) terms(table *feature.Table) []Term {
	order := slices.Clone(t.conditions)
	slices.SortStableFunc(order, func(a, b condition) int { return cmp.Compare(a.feature, b.feature) })
	all := make([]Term, len(order))
	for k, c := range order {
		senses := map[test]Sense{
			atLeast: High, under: Low, within: Middle, absent: None, notAtLeast: Low, notUnder: High, oneOf: Is, noneOf: IsNot,
		}
		all[k] = Term{Feature: table.Features[c.feature], Sense: senses[c.test], Words: c.words, From: math.NaN(), To: math.NaN()}
		if s := all[k].Sense; c.test == atLeast || c.test == notAtLeast || s == Middle {
			all[k].From = c.low
		}
		if s := all[k].Sense; c.test == under || c.test == notUnder || s == Middle {
			all[k].To = c.high
		}
	}
	return all
}

// leastSample scales a number of customers down to a sample of them.
func leastSample(least, sample, of int) int {
	if sample >= of {
		return least
	}
	return int(math.Ceil(float64(least) * float64(sample) / float64(of)))
}
