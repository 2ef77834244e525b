package planner

import (
	"context"
	"slices"
	"sort"
	"time"

	"tesela/agent/model"
)

// beam bounds the meanings kept for one span and category.
const beam = 5

// parse is the reading of one question.
type parse struct {
	toks   []token
	lex    *lexicon   // of the question's language
	others []*lexicon // tried where the language's own has nothing
	lang   string
	talks  []*talkWords // how people talk about the talk; none where it is not asked of
	ix     *index
	zone   *time.Location
	asOf   time.Time
	did    bool // "did", "made": something was done, by whom it goes without saying
	people bool // "who": people are asked for
	// women is the token behind the first word for women who are customers.
	women   int
	follows bool // another question was asked before
	shares  bool // "what share": of whom, and of what
	among   int  // the token "among" in such a question, 0 for none
	// amongThings is one with things that are done behind it, no people.
	amongThings int
	whole       bool // it parts off the whole that a share is of, said behind
	// everyN is the first token of "of every ten", −1 where nothing says so.
	everyN int
	alts   [][]respelling
	// cells[i][j] are the meanings of tokens i…j, cheapest first.
	cells [][][]*node
	marks []assumption     // made of all that is entered just now
	seen  []map[string]int // key → place in the cell, per cell
}

func newParse(toks []token, lex *lexicon, others []*lexicon, ix *index, asOf time.Time, zone *time.Location) *parse {
	n := len(toks)
	p := &parse{toks: toks, lex: lex, others: others, lang: lex.lang, ix: ix, zone: zone, asOf: asOf}
	p.cells = make([][][]*node, n+1)
	for i := range p.cells {
		p.cells[i] = make([][]*node, n+1)
	}
	p.seen = make([]map[string]int, (n+1)*(n+1))
	p.everyN = p.findOfEvery()
	return p
}

// add enters a node into its cell unless a cheaper one means the same.
func (p *parse) add(n *node) {
	if n.cat == cVal && n.to == n.from+1 && p.otherOfAKind(n) {
		return
	}
	if len(p.marks) > 0 {
		n.assume = joinAssumptions(n.assume, p.marks)
	}
	cell := &p.cells[n.from][n.to]
	at := n.from*(len(p.toks)+1) + n.to
	if p.seen[at] == nil {
		p.seen[at] = map[string]int{}
	}
	key := n.key()
	if k, ok := p.seen[at][key]; ok {
		if (*cell)[k].cost > n.cost {
			(*cell)[k] = n
		}
		return
	}
	p.seen[at][key] = len(*cell)
	*cell = append(*cell, n)
}

// build fills the chart from the leaves up.
func (p *parse) build(ctx context.Context) error {
	p.leaves()
	p.asksWhy()
	p.sinceThat()
	n := len(p.toks)
	for width := 1; width <= n; width++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := 0; i+width <= n; i++ {
			j := i + width
			for k := i + 1; k < j; k++ {
				for _, a := range p.cells[i][k] {
					for _, b := range p.cells[k][j] {
						p.combine(a, b)
					}
				}
			}
			// Unary rules may feed each other once.
			for round, from := 0, 0; round < 3; round++ {
				upto := len(p.cells[i][j])
				for _, x := range p.cells[i][j][from:upto] {
					p.promote(x)
				}
				from = upto
			}
			p.prune(i, j)
		}
	}
	return nil
}

// prune keeps the cheapest meanings of each category.
func (p *parse) prune(i, j int) {
	cell := p.cells[i][j]
	sort.SliceStable(cell, func(a, b int) bool { return cell[a].cost < cell[b].cost })
	count := map[cat]int{}
	kept := cell[:0]
	for _, n := range cell {
		limit := beam
		if n.cat == cGlue || n.cat == cBreak || n.cat == cUnknown {
			limit = 1
		}
		if count[n.cat] < limit && n.cost < kept0(kept)+8 {
			count[n.cat]++
			kept = append(kept, n)
		}
	}
	p.cells[i][j] = kept
	p.seen[i*(len(p.toks)+1)+j] = nil
}

func kept0(kept []*node) float64 {
	if len(kept) == 0 {
		return 0
	}
	return kept[0].cost
}

// rule makes nodes of two neighbours; it returns nil where it does not apply.
type rule func(p *parse, a, b *node) []*node

type pair struct{ a, b cat }

// rules by the categories of the two sides; anyRules apply to all.
var rules = func() map[pair][]rule {
	m := map[pair][]rule{}
	for _, set := range append(whoSets(), []map[pair]rule{
		numberRules(), timeRules(), dateRules(), periodRules(), stretchRules(),
		detailRules(), clauseRules(), traitRules(), joinRules(), measureRules(), answerRules(), knownRules(), consentRules(),
		doerRules(), goodsRules(), textRules(), ofEveryRules(), moreRules(),
		thanRules(), exceedRules(), averagePersonRules(), agedRules(), ofThisRules(), inactiveRules(), idiomRules(), asShareRules(), sequenceRules(), neitherRules(), figureRules(), kindRules(), besideRules(), biggestRules(),
		objectRules(), gotRules(), ratioRules(), rateRules(), priorRules(), yearEarlierRules(), versusRules(),
	}...) {
		for k, r := range set {
			m[k] = append(m[k], r)
		}
	}
	return m
}()

// combine applies the rules to two neighbours.
func (p *parse) combine(a, b *node) {
	switch {
	case b.cat == "units" && a.cat == cGlue && p.pointing(a.to-1):
		// "this" before a unit points at one
	case b.cat == "stats_after" && a.cat == cGlue && p.says(a.to-1, "by"):
		// "por medio de pago" tells of no average
	case (b.cat == cFrag || b.cat == "none" || b.cat == "not") && a.cat == cGlue && p.saysDone(a.to-1):
		// "não veio nenhuma vez" denies the coming, and not what was said before
	case timed[b.cat] && (a.cat == cGlue || a.cat == cBreak) && p.boundsTime(a.to):
		// what bounds a time is not without weight before one
	case a.cat == cGlue && b.cat != cUnknown && b.cat != cBreak,
		a.cat == cBreak && a.text != "." && b.cat != cUnknown && b.cat != cBreak && b.cat != cGlue:
		x := *b
		x.from, x.cost = a.from, a.cost+b.cost
		p.add(&x)
	}
	if (a.cat == "not" || a.cat == "none") && p.breaks(a.to, b) {
		return // "no, …" denies nothing that follows
	}
	if (a.cat == cQty || a.cat == cNum || a.cat == cMoney) && p.relative(a.to, b) {
		return
	}
	if p.shares && saysWho[a.cat] && saysWho[b.cat] && p.tiedTo(b) {
		return // whom a share is of and what it is the share of stay apart
	}
	for _, r := range rules[pair{a.cat, b.cat}] {
		for _, n := range r(p, a, b) {
			n.from, n.to = a.from, b.to
			n.cost += a.cost + b.cost
			n.assume = joinAssumptions(a.assume, b.assume, n.assume)
			p.add(n)
		}
	}
}

// saysDone tells whether a word says by itself that something was done.
func (p *parse) saysDone(k int) bool {
	return slices.ContainsFunc(p.cells[k][k+1], func(n *node) bool {
		return n.cat == cClause && n.clause.verb && !n.clause.weak && !n.clause.person && n.cost < costFuzzy
	})
}

// breaks tells whether a break stands among the small words before a node.
func (p *parse) breaks(from int, b *node) bool {
	for k := from; k < b.to && (k < p.core(b) || p.isGlue(k)); k++ {
		if p.toks[k].kind == tokBreak {
			return true
		}
	}
	return false
}

// core is the first token of a node behind its small words.
func (p *parse) core(n *node) int {
	k := n.from
	for k < n.to-1 && p.isGlue(k) {
		k++
	}
	return k
}

// relative tells whether a node opens with a word such as "who", before what it
// is itself.
func (p *parse) relative(from int, b *node) bool {
	for k := from; k < b.to-1 && p.isGlue(k); k++ {
		for _, e := range p.lex.exact[p.toks[k].folded] {
			if e.cat == "relatives" {
				return true
			}
		}
	}
	return false
}

// inRelative tells whether people are told apart by a clause, "who returned",
// with the word that says so in it or right before it.
func (p *parse) inRelative(c *node) bool {
	return p.relative(c.from, c) || p.relative(max(0, c.from-1), c)
}

func joinAssumptions(lists ...[]assumption) []assumption {
	var out []assumption
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// one wraps a rule's single result.
func one(n *node) []*node { return []*node{n} }

// catalogue is the data's names and values.
func (p *parse) catalogue() *model.Catalogue { return p.ix.cat }
