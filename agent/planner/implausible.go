package planner

import (
	"math/big"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// manyTimes is from how many times on it is asked whether anybody can have done
// something so often; with more than one in tellingPart of all that was done, nobody is.
var (
	manyTimes   = big.NewRat(500, 1)
	tellingPart = big.NewRat(20, 1)
)

// plausible leaves out readings by which one customer would have to have done a
// great part of all that was ever done: who was "invoiced more than 10,000" was so
// for money. All are kept where no other is as near to the words.
func (p *Planner) plausible(plans []*plan) []*plan {
	left := slices.DeleteFunc(slices.Clone(plans), func(pl *plan) bool { return p.beyondAll(pl) })
	if len(left) == 0 || left[0].cost-plans[0].cost >= margin {
		return plans
	}
	return left
}

// beyondAll tells whether a plan counts what nobody can have done so often.
func (p *Planner) beyondAll(pl *plan) bool {
	var text string
	switch a := pl.args.(type) {
	case tools.CountSegmentArgs:
		text = a.Formula
	case tools.ListCustomersArgs:
		text = a.Formula
	}
	f, err := syntax.Parse(text)
	if text == "" || err != nil {
		return false
	}
	beyond := false
	syntax.Walk(f, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Compare)
		if !ok || c.Op != syntax.Gt && c.Op != syntax.Ge && c.Op != syntax.Eq {
			return true
		}
		call, counts := c.Left.(*syntax.Call)
		num, told := c.Right.(*syntax.Number)
		if !counts || !told || string(call.Fn) != "count" {
			return true
		}
		times, ok := new(big.Rat).SetString(num.String())
		if !ok || times.Cmp(manyTimes) < 0 || len(num.String()) == 4 && num.String() > "2000" && num.String() < "2040" {
			return true // what may be a year is a doubt of its own
		}
		for _, e := range p.ix.cat.Events {
			if e.Name == call.Event && new(big.Rat).Mul(times, tellingPart).Cmp(big.NewRat(int64(e.Rows), 1)) > 0 {
				beyond = true
			}
		}
		return true
	})
	return beyond
}
