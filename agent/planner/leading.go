package planner

import "context"

// costMoved is what it costs to read a question with its beginning at its end.
const costMoved = 0.1

// trailed reads a question that begins with a time ("in 2025, who bought
// shoes") as if it ended with it, where that way it says something whole and
// as it stands it does not, or less plainly. It returns the parse and the plans
// to go on with.
func (p *parse) trailed(ctx context.Context, plans []*plan) (*parse, []*plan, error) {
	k := p.leadingTime()
	if k == 0 {
		return p, plans, nil
	}
	var toks []token
	rest := p.toks[k:]
	for len(rest) > 0 && rest[0].kind == tokBreak {
		rest = rest[1:]
	}
	end := len(rest)
	for end > 0 && rest[end-1].kind == tokBreak {
		end--
	}
	if end < 2 {
		return p, plans, nil
	}
	toks = append(append(append(toks, rest[:end]...), p.toks[:k]...), rest[end:]...)
	moved := newParse(toks, p.lex, p.others, p.ix, p.asOf, p.zone)
	if err := moved.build(ctx); err != nil {
		return nil, nil, err
	}
	list := moved.plans(moved.derivations())
	for _, pl := range list {
		pl.cost += costMoved
	}
	if len(list) == 0 || !list[0].whole() || len(plans) > 0 && plans[0].whole() && plans[0].cost <= list[0].cost {
		return p, plans, nil
	}
	return moved, list, nil
}

// leadingTime is how many tokens at the start of the question are a period,
// and nothing else; 0 for none.
func (p *parse) leadingTime() int {
	for k := min(len(p.toks)-1, 2*maxPhrase); k > 0; k-- {
		if p.toks[k-1].kind == tokBreak {
			continue
		}
		for _, n := range p.cells[0][k] {
			if n.cat == cWin && n.win != nil && n.cost < costFuzzy {
				return k
			}
		}
	}
	return 0
}
