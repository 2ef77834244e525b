package planner

// losesClause tells whether what stands before a "but" would be lost: a verb
// without weight of its own, and nothing that has any ("put money in, but never
// bet"). What is set against what follows says something.
func (p *parse) losesClause() bool {
	for k := range p.toks {
		if k == 0 || !p.holdsOneOf(k, "but") {
			continue
		}
		verb := false
		for i := k - 1; i >= 0 && p.toks[i].kind != tokBreak; i-- {
			if p.isWord(i, "light") {
				verb = true
			} else if !p.isGlue(i) && !p.holdsOneOf(i, "people_words", "relatives", "ask_list", "ask_count", "money_of") {
				verb = false
				break
			}
		}
		if verb {
			return true
		}
	}
	return false
}
