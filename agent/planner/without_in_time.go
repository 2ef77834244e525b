package planner

// "Booked without checking in in August" says of one August that the one was
// done and the other was not: what is told by "without" has no verb of its own,
// so the time behind it is that of the sentence.

// withoutInTime tells whether a clause is without a second one in a time that
// is said behind that one, and so has that time itself.
func (p *parse) withoutInTime(a *clause, b *node) bool {
	c := b.clause
	if a == nil || c == nil || !c.neg || c.win == nil || c.ever || c.same || !p.says(p.core(b), "lacking") {
		return false
	}
	return a.win == nil && !a.ever && !a.neg && !a.person && a.event != c.event
}

// inTimeOf is a clause in the time of another.
func inTimeOf(n *node, of *clause) *node {
	x := *n
	x.clause = n.clause.with(func(d *clause) { d.win = of.win })
	return &x
}
