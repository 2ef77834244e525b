package planner

import "slices"

// ofEveryRules read "of every ten customers, how many bought": what share of
// customers bought. The figure is only how they are told, and so is "how many".
func ofEveryRules() map[pair]rule {
	many := func(p *parse, a, b *node) []*node {
		if p.everyN < 0 || a.from > p.everyN || a.to <= p.everyN || b.from != a.to {
			return nil
		}
		p.shares = true
		return one(&node{cat: "ask_share", cost: 0.01})
	}
	return map[pair]rule{{"of_every", cNum}: many, {"of_every", "multipliers"}: many}
}

// findOfEvery gives the first token of what asks how many of so many people:
// at the head of the question or right behind "how many", which must be said.
// −1 where nothing does.
func (p *parse) findOfEvery() int {
	found, head := -1, 0
	for head < len(p.toks) && (p.toks[head].kind == tokBreak || p.isGlue(head) && !p.opensEvery(head)) {
		head++
	}
	for j := 1; j < len(p.toks) && found < 0; j++ {
		if p.opensEvery(j) && p.asksCount(max(0, j-3), j) {
			found = j
		}
	}
	if head < len(p.toks) && p.opensEvery(head) {
		found = head
	}
	if found < 0 || !p.asksCount(0, len(p.toks)) {
		return -1
	}
	return found
}

// opensEvery tells whether "of every" and a figure begin at a token.
func (p *parse) opensEvery(i int) bool {
	for j := i + 1; j <= min(len(p.toks)-1, i+3); j++ {
		if folded, _, ok := p.phrase(i, j); !ok || !has(p.lex.exact[folded], entry{cat: "of_every"}) {
			continue
		}
		if p.toks[j].kind == tokNumber || p.says(j, "numbers") || p.says(j, "multipliers") {
			return true
		}
	}
	return false
}

// counts tells whether the tokens i…j ask how many, in whatever language.
func (p *parse) counts(i, j int) bool {
	folded, _, ok := p.phrase(i, j)
	return ok && slices.ContainsFunc(append([]*lexicon{p.lex}, p.others...), func(lx *lexicon) bool {
		return has(lx.exact[folded], entry{cat: "ask_count"})
	})
}

// asksCount tells whether some of the tokens from…to ask how many.
func (p *parse) asksCount(from, to int) bool {
	for i := from; i < to; i++ {
		for j := i + 1; j <= min(to, i+3); j++ {
			if p.counts(i, j) {
				return true
			}
		}
	}
	return false
}
