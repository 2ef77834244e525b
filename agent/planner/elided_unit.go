package planner

// elidedUnit is the unit that goes without saying behind "in the last 30": that of
// a window before it in the question, as "in the last 90 days but not in the last
// 30" has. It is only where nothing follows that the number could count: "the last
// 30 customers" are no time. "" for none.
func (p *parse) elidedUnit(rolling, n *node) string {
	if p.toks[n.to-1].kind != tokNumber && !p.numberAt(n.to-1) {
		return ""
	}
	if n.to < len(p.toks) && p.toks[n.to].kind != tokBreak && !p.says(n.to, "and") && !p.says(n.to, "but") && !p.says(n.to, "or") {
		return ""
	}
	for k := rolling.from - 1; k >= 2; k-- {
		if p.toks[k-1].kind != tokNumber && !p.numberAt(k-1) || !p.endsPhrase(k-1, "rolling") {
			continue
		}
		for _, e := range p.meanings(p.toks[k].folded) {
			if e.cat == "units" {
				return e.attr
			}
		}
	}
	return ""
}

// endsPhrase tells whether a phrase of a heading ends before a token.
func (p *parse) endsPhrase(to int, heading string) bool {
	for i := to - 1; i >= max(0, to-maxPhrase); i-- {
		folded, _, ok := p.phrase(i, to)
		if !ok {
			return false
		}
		for _, e := range p.meanings(folded) {
			if e.cat == heading {
				return true
			}
		}
	}
	return false
}
