package planner

// whichRows makes dearer the readings as a period of words that are a value of an
// event's rows, where people have just that event: who has "an annual invoice"
// has one of that kind, and nothing is told year by year.
func (p *parse) whichRows() {
	for i := range p.toks {
		for _, n := range p.cells[i][i+1] {
			if n.cat == cGroup && n.groups[0].field < 0 && n.groups[0].per != "" && p.kindOfHad(i) {
				n.cost += 0.4
			}
		}
	}
}

// kindOfHad tells whether a word is a value of the rows of an event that is named
// beside it, behind a word for having.
func (p *parse) kindOfHad(i int) bool {
	for _, v := range p.cells[i][i+1] {
		if v.cat != cVal || v.cost >= costFuzzy {
			continue
		}
		for _, ref := range v.vals {
			event := p.ix.fields[ref.field].event
			for _, k := range []int{i - 1, i + 1} {
				if event == "" || k < 0 || k >= len(p.toks) || !p.leafOf(k, event) {
					continue
				}
				at := min(i, k) - 1
				for at >= 0 && p.isGlue(at) && !p.holdsOneOf(at, "having", "is_set", "lacking") {
					at--
				}
				if at >= 0 && p.holdsOneOf(at, "having", "is_set", "lacking") {
					return true
				}
			}
		}
	}
	return false
}

// leafOf tells whether a word says an event.
func (p *parse) leafOf(k int, event string) bool {
	for _, n := range p.cells[k][k+1] {
		if n.cat == cClause && n.clause.event == event && n.cost < costFuzzy {
			return true
		}
	}
	return false
}
