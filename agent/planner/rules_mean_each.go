package planner

import (
	"math/big"

	"tesela/segment/syntax"
)

// cMeanFigure is "spend over 200 on average", of what is still to be said.
const cMeanFigure cat = "mean figure"

// meanEachRules read what people spend on average each time as a condition on
// them: "customers who spend over 200 on average per booking" did not spend as
// much in all, and no average is asked for.
func meanEachRules() map[pair]rule {
	mean := func(p *parse, a, b *node) []*node {
		if b.attr != "mean" || p.breaks(a.to, b) {
			return nil
		}
		return meanFigure(a.clause)
	}
	return map[pair]rule{
		{cMeas, cQty}: func(_ *parse, a, b *node) []*node { // "spend on average over 200"
			m := a.meas
			if !m.mean || len(m.exprs) != 1 || m.exprs[0] != "revenue" || len(m.base)+len(m.where) > 0 || m.of != nil || b.qty.op == "" && !b.qty.isHi || b.qty.unit == "times" || b.qty.unit == "percent" {
				return nil
			}
			return one(&node{cat: cMeanFigure, qty: b.qty, win: m.win})
		},
		{cClause, "stats"}:       mean, // "spend over 200 on average"
		{cClause, "stats_after"}: mean,
		{cMeanFigure, cPerEvent}: func(p *parse, a, b *node) []*node {
			if !p.isPurchase(b.clause.event) || b.num.Cmp(big.NewRat(1, 1)) != 0 || b.clause.win != nil && a.win != nil {
				return nil
			}
			win := a.win
			if win == nil {
				win = b.clause.win
			}
			return p.meanEach(a.qty, win)
		},
		{cMeanFigure, cClause}: func(p *parse, a, b *node) []*node { // "por compra", where sales are told apart by a "canal_venda" too
			if !p.isPurchase(b.clause.event) || !plainThing(b.clause) || b.clause.win != nil || len(b.clause.where) > 0 || !p.opensGroup(max(0, b.from-1), b) {
				return nil
			}
			return p.meanEach(a.qty, a.win)
		},
		{cClause, cMeas}: func(p *parse, a, b *node) []*node { // "spend over 200", "on average per booking"
			if p.someGoods(a, b) {
				return again(a, 0.02)
			}
			f := meanFigure(a.clause)
			if f == nil || b.meas == nil || len(b.meas.exprs) != 1 || b.meas.exprs[0] != "aov" || len(b.meas.base)+len(b.meas.where) > 0 || b.meas.win != nil || !p.adverbialMean(a.to, b) {
				return nil
			}
			return p.meanEach(f[0].qty, f[0].win)
		},
	}
}

func (p *parse) isPurchase(event string) bool { return event != "" && event == p.ix.role("purchase") }

// meanFigure is the figure of what people spent in all, taken as an average.
func meanFigure(c *clause) []*node {
	if c.fn != syntax.Sum || c.neg || c.qty == nil || c.qty.unit == "percent" || len(c.where) > 0 || c.ever || c.it || c.same || c.repeat || c.stopped {
		return nil
	}
	return one(&node{cat: cMeanFigure, qty: c.qty, win: c.win})
}

func (p *parse) meanEach(q *qty, win *syntax.Window) []*node {
	v := p.ofEach("aov", win)
	if v == nil {
		return nil
	}
	return one(&node{cat: cCond, cond: q.condition(v), cost: 0.05})
}

// adverbialMean tells whether a measure's word for the average stands behind a
// small word that makes an adverb of it ("em média", "de media"): a noun asks
// for the average itself.
func (p *parse) adverbialMean(from int, n *node) bool {
	k := p.core(n)
	if k <= from-1 || k == 0 || p.breaks(from, n) {
		return false
	}
	folded, _, _ := p.phrase(k-1, k+1)
	for _, e := range p.lex.exact[folded] {
		if (e.cat == "stats" || e.cat == "stats_after") && e.attr == "mean" {
			return true
		}
	}
	return false
}
