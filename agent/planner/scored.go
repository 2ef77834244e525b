package planner

import "tesela/segment/syntax"

// scoreField is the number that answers of a survey are given as, -1 where the verb
// of a clause does not say that one was given: "rated us", "nos puntuaron".
func (p *parse) scoreField(a *node) int {
	c := a.clause
	if !c.verb || c.qty != nil || c.fn != "" || c.event != p.ix.events["survey"] {
		return -1
	}
	for i := a.from; i < a.to; i++ {
		for j := i + 1; j <= a.to; j++ {
			if folded, _, ok := p.phrase(i, j); !ok || !has(p.lex.exact[folded], entry{cat: "concepts", attr: "score", form: "verb"}) {
				continue
			}
			for _, fi := range p.ix.concepts["score"] {
				if f := p.ix.fields[fi]; f.event == c.event && f.isNumber() {
					return fi
				}
			}
		}
	}
	return -1
}

// scored is an answer with such a score: who "rated us below 6" did not do so fewer
// than six times. Nil where no score is spoken of.
func (p *parse) scored(a *node, q *qty) []*node {
	fi := p.scoreField(a)
	if fi < 0 || q == nil || q.unit != "" {
		return nil
	}
	return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) {
		c.where = append(c.where[:len(c.where):len(c.where)], q.condition(&syntax.Name{Name: p.ix.fields[fi].name}))
	})})
}
