package planner

import "slices"

// A word without weight ("left a review") may be all that is said of people:
// "how many members left". Then it is a statement, and where this data does not
// know what it says, the question is not understood; it is not of everyone.

// partOfGone tells whether words stand within a verb of going away behind which
// nothing follows that could be left: they are not without weight.
func (p *parse) partOfGone(i, j int) bool {
	for a := max(0, i-2); a <= i; a++ {
		for b := j; b <= min(len(p.toks), a+4); b++ {
			if p.standsAs(a, b, "gone") && !p.somethingBehind(b) {
				return true
			}
		}
	}
	return false
}

// standsAs tells whether words are a verb that says something by itself.
func (p *parse) standsAs(i, j int, attr string) bool {
	folded, _, ok := p.phrase(i, j)
	return ok && has(p.lex.exact[folded], entry{cat: "by_itself", attr: attr})
}

// endsWhat are the headings of words that begin something else than the object
// of the verb before them.
var endsWhat = []string{
	"and", "or", "but", "by", "inside", "since", "before", "after", "within", "until", "ago", "named_days", "months", "calendar_last", "calendar_last_after",
	"calendar_this", "rolling", "units", "soon_after", "then", "to_date", "weekdays", "days", "copula",
}

// somethingBehind tells whether an object follows at once.
func (p *parse) somethingBehind(j int) bool {
	for ; j < len(p.toks); j++ {
		switch {
		case p.toks[j].kind == tokBreak, p.holdsOneOf(j, endsWhat...):
			return false
		case p.toks[j].kind == tokNumber, p.holdsOneOf(j, "articles", "numbers"):
		default:
			return true
		}
	}
	return false
}

// saysByItself is a verb that says something of people, where the reading has
// nothing of it; "" for none.
func (p *parse) saysByItself() string {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+4); j++ {
			if slices.ContainsFunc([]string{"gone", "came"}, func(attr string) bool { return p.standsAs(i, j, attr) }) && !p.somethingBehind(j) {
				return p.typed(i, j)
			}
		}
	}
	return ""
}
