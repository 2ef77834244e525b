package planner

import "slices"

// byWhom tells whether the words at i say by whom something was done: "por los
// socios" is not "per member".
func (p *parse) byWhom(i int) bool {
	for j := i + 1; j <= min(len(p.toks), i+3); j++ {
		if folded, _, ok := p.phrase(i, j); ok && has(p.lex.exact[folded], entry{cat: "by_agent"}) {
			return true
		}
	}
	return false
}

// byThoseWho tells whether people in the plural are told apart right behind:
// "orders by customers who visited", "money spent by people from Portugal" are
// theirs, and not for each of them.
func (p *parse) byThoseWho(people *node) bool {
	k := people.to
	if k >= len(p.toks) || !p.inPlural(people) && !p.says(people.to-1, "collective") {
		return false
	}
	if p.holdsOneOf(k, "relatives") {
		return true
	}
	for k < len(p.toks) && p.isGlue(k) && p.toks[k].kind != tokBreak {
		k++
	}
	if k >= len(p.toks) || p.toks[k].kind == tokBreak {
		return false
	}
	if p.begins(k, k+1, "compare", p.lex) || p.begins(k, k+1, "age_compare", p.lex) || p.says(k, "compare") {
		return true
	}
	for j := k + 1; j <= len(p.toks); j++ {
		if slices.ContainsFunc(p.cells[k][j], func(n *node) bool { return n.cat == cVal || n.cat == cClause && n.clause.verb }) {
			return true
		}
	}
	return false
}

// ofSeveral tells whether a phrase that is known by its stem ends with people in
// the plural: "pedidos por clientes" may be theirs, and not "pedidos por cliente".
func (p *parse) ofSeveral(i, j int, lx *lexicon) bool {
	one := singular(lx.lang, p.toks[j-1].folded)
	return j > i+2 && one != p.toks[j-1].folded && has(lx.exact[one], entry{"concepts", "customer", "noun"})
}
