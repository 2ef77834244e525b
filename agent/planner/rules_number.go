package planner

import (
	"math/big"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// numberRules make figures, amounts, percentages, comparisons and durations.
func numberRules() map[pair]rule {
	return map[pair]rule{
		{cNum, "multipliers"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cNum, num: new(big.Rat).Mul(a.num, b.num), form: "word"})
		},
		{cNum, cNum}: func(_ *parse, a, b *node) []*node { return addWords(a, b) },
		{cNum, "and"}: func(_ *parse, a, b *node) []*node {
			if a.form != "word" || b.attr == "," {
				return nil
			}
			return one(&node{cat: "number and", num: a.num})
		},
		{"number and", cNum}: func(_ *parse, a, b *node) []*node {
			x := *a
			x.form = "word"
			return addWords(&x, b)
		},
		{"currencies", cNum}: money,
		{cNum, "currencies"}: func(p *parse, a, b *node) []*node { return money(p, b, a) },
		{cNum, "percent"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: cPercent, num: a.num}) },

		{"compare", cNum}: func(p *parse, a, b *node) []*node {
			out := compareFigure(p, a, b)
			if p.monthAt(b.to) || b.form == "word" && p.numberAt(b.to) { // "ciento veinte" is one number
				for _, n := range out {
					n.cost += 0.3 // "up to 31 March" is a day
				}
			}
			return out
		},
		{"compare", cMoney}:   compareFigure,
		{"compare", cPercent}: compareFigure,
		{"compare", cQty}:     compareFigure,
		{"only", cQty}:        func(p *parse, a, b *node) []*node { return compareFigure(p, &node{attr: "="}, b) },
		{"only", cNum}: func(p *parse, a, b *node) []*node {
			if p.yearAt(b.to - 1) {
				return nil // "only in 2011"
			}
			return compareFigure(p, &node{attr: "="}, b)
		},
		{cNum, "compare_after"}: func(p *parse, a, b *node) []*node {
			if b.attr == string(syntax.Eq) && p.yearAt(a.to-1) {
				return nil // "bought in 2025, only those who …"
			}
			return compareFigure(p, b, a)
		},
		{cMoney, "compare_after"}:   func(p *parse, a, b *node) []*node { return compareFigure(p, b, a) },
		{cPercent, "compare_after"}: func(p *parse, a, b *node) []*node { return compareFigure(p, b, a) },
		{cQty, "compare_after"}:     func(p *parse, a, b *node) []*node { return compareFigure(p, b, a) },
		{"not", cQty}: func(_ *parse, _, b *node) []*node { // "not more than three"
			if b.qty.op == "" || b.qty.isHi || b.qty.op == syntax.Eq && b.qty.lo == "1" && b.qty.unit == "" {
				return nil // "not a single one" is none
			}
			q := *b.qty
			q.op = opposite(q.op)
			return one(&node{cat: cQty, qty: &q, cost: 0.05})
		},

		{cNum, "times"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cQty, qty: &qty{lo: decimal(a.num), unit: "times", at: a.to - 1}})
		},
		{cQty, "times"}: func(_ *parse, a, _ *node) []*node {
			if a.qty.unit != "" {
				return nil
			}
			q := *a.qty
			q.unit = "times"
			return one(&node{cat: cQty, qty: &q})
		},
		{cQty, "currencies"}: func(_ *parse, a, _ *node) []*node {
			if a.qty.unit != "" {
				return nil
			}
			q := *a.qty
			q.unit = "money"
			return one(&node{cat: cQty, qty: &q})
		},

		{"between", cNum}:   func(_ *parse, _, b *node) []*node { return one(&node{cat: cBetween, num: b.num}) },
		{"between", cMoney}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cBetween, num: b.num, attr: "money"}) },
		{cBetween, "to"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: "between n and", num: a.num, attr: a.attr}) },
		{cBetween, "and"}:   func(_ *parse, a, _ *node) []*node { return one(&node{cat: "between n and", num: a.num, attr: a.attr}) },
		{cNum, "to"}:        func(_ *parse, a, _ *node) []*node { return one(&node{cat: "between n and", num: a.num, cost: 0.15}) },
		{cNum, "or"}:        func(_ *parse, a, _ *node) []*node { return one(&node{cat: "n or", num: a.num, cost: 0.15}) },
		{"articles", "compare_after"}: func(_ *parse, a, b *node) []*node { // "una o más"
			if b.attr != string(syntax.Ge) || b.from != a.to {
				return nil
			}
			return one(&node{cat: cQty, qty: &qty{op: syntax.Ge, lo: "1"}})
		},
		{"articles", "or"}: func(_ *parse, _, _ *node) []*node { // "uma ou duas"
			return one(&node{cat: "n or", num: big.NewRat(1, 1), cost: 0.15})
		},
		{"n or", cNum}: func(_ *parse, a, b *node) []*node { // "two or three times"
			if new(big.Rat).Sub(b.num, a.num).Cmp(big.NewRat(1, 1)) != 0 {
				return nil
			}
			return one(&node{cat: cQty, qty: &qty{op: syntax.Ge, lo: decimal(a.num), hi: decimal(b.num), isHi: true}})
		},
		{"between n and", cNum}: func(p *parse, a, b *node) []*node {
			if p.monthAt(b.to) {
				return nil // "between 3 and 9 May" are days
			}
			return rangeOf(p, a, b)
		},
		{"between n and", cMoney}: rangeOf,

		{cNum, "units"}: func(_ *parse, a, b *node) []*node {
			d := durationOf(a.num, b.attr)
			if d == nil {
				return nil
			}
			return one(&node{cat: cDur, dur: d})
		},
		{"articles", "units"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cDur, dur: unitDuration(b.attr)})
		},
		{"compare", "articles"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cQty, qty: &qty{op: syntax.Op(a.attr), lo: "1", article: true}})
		},
		{"only", "articles"}: func(p *parse, a, b *node) []*node {
			if p.core(b) != a.to {
				return nil // "only the ones with a deposit"
			}
			return one(&node{cat: cQty, qty: &qty{op: syntax.Eq, lo: "1"}})
		},
		{"articles", "multipliers"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cNum, num: b.num, form: "word"})
		},
		{"compare", cDur}:       func(_ *parse, a, b *node) []*node { return one(&node{cat: cQtyDur, dur: b.dur, attr: a.attr}) },
		{cDur, "compare_after"}: func(_ *parse, a, b *node) []*node { return one(&node{cat: cQtyDur, dur: a.dur, attr: b.attr}) },
	}
}

// addWords joins number words: twenty five, two hundred fifty.
func addWords(a, b *node) []*node {
	if a.form != "word" || b.form != "word" || !a.num.IsInt() || !b.num.IsInt() || b.num.Sign() <= 0 {
		return nil
	}
	x, y := a.num.Num().Int64(), b.num.Num().Int64()
	fits := x >= 20 && x < 100 && x%10 == 0 && y < 10 || x >= 100 && x%100 == 0 && y < 100 && y > 0 || x >= 1000 && x%1000 == 0 && y < 1000
	if !fits {
		return nil
	}
	return one(&node{cat: cNum, num: new(big.Rat).Add(a.num, b.num), form: "word"})
}

func money(_ *parse, _, b *node) []*node { return one(&node{cat: cMoney, num: b.num}) }

// yearAt tells whether a token is written as years are: a bare figure is then
// no number of things that "only" might make exact.
func (p *parse) yearAt(at int) bool {
	t := p.toks[at].text
	return len(t) == 4 && (t[:2] == "19" || t[:2] == "20")
}

// yearOfNow tells whether a token is written as one of the years that people
// ask about: the last twenty, or the next.
func (p *parse) yearOfNow(at int) bool {
	year, err := strconv.Atoi(p.toks[at].text)
	return err == nil && p.yearAt(at) && year <= p.asOf.Year()+1 && year > p.asOf.Year()-20
}

// compareFigure joins a comparison (a) and a figure or a bare count (b).
func compareFigure(p *parse, a, b *node) []*node {
	q := figure(b)
	if q == nil || q.op != "" {
		return nil
	}
	if k := p.core(b); b.cat == cNum && k > b.from && p.says(k-1, "inside") && p.yearOfNow(k) {
		return nil // "at least once in 2025"
	}
	q.op, q.once = syntax.Op(a.attr), false
	return one(&node{cat: cQty, qty: q})
}

// figure reads a node as a bare figure; nil where it is none.
func figure(n *node) *qty {
	switch n.cat {
	case cNum:
		return &qty{lo: decimal(n.num), at: n.to - 1}
	case cMoney:
		return &qty{lo: decimal(n.num), unit: "money"}
	case cPercent:
		return &qty{lo: decimal(n.num), unit: "percent"}
	case cQty:
		q := *n.qty
		return &q
	}
	return nil
}

func rangeOf(_ *parse, a, b *node) []*node {
	if a.num.Cmp(b.num) > 0 {
		return nil
	}
	q := &qty{op: syntax.Ge, lo: decimal(a.num), hi: decimal(b.num), isHi: true}
	if b.cat == cMoney || a.attr == "money" {
		q.unit = "money"
	}
	return one(&node{cat: cQty, qty: q})
}

// durationOf makes a duration of a whole number of units; a fortnight is two
// weeks, half a year six months.
func durationOf(n *big.Rat, unit string) *syntax.Duration {
	switch unit {
	case "fortnight":
		n, unit = new(big.Rat).Mul(n, big.NewRat(2, 1)), "w"
	case "bimester", "third", "semester":
		n, unit = new(big.Rat).Mul(n, big.NewRat(int64(unitMonths(unit)), 1)), "mo"
	}
	smaller := map[string]struct {
		unit string
		by   int64
	}{"y": {"mo", 12}, "h": {"min", 60}, "q": {"mo", 3}, "w": {"d", 7}, "d": {"h", 24}}
	if !n.IsInt() {
		s, ok := smaller[unit]
		if !ok {
			return nil
		}
		n, unit = new(big.Rat).Mul(n, big.NewRat(s.by, 1)), s.unit
	}
	if !n.IsInt() || n.Sign() <= 0 || !n.Num().IsInt64() || n.Num().Int64() > 100000 {
		return nil
	}
	return &syntax.Duration{N: int(n.Num().Int64()), Unit: syntax.Unit(unit)}
}

func opposite(op syntax.Op) syntax.Op {
	switch op {
	case syntax.Eq:
		return syntax.Ne
	case syntax.Ne:
		return syntax.Eq
	case syntax.Lt:
		return syntax.Ge
	case syntax.Le:
		return syntax.Gt
	case syntax.Gt:
		return syntax.Le
	default:
		return syntax.Lt
	}
}

// decimal prints an exact number as formulas write it. Numbers that people
// type are decimals, so ten places always suffice.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(strings.TrimRight(r.FloatString(10), "0"), ".")
}
