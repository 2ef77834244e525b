package planner

import (
	"regexp"
	"strings"

	"tesela/segment/syntax"
)

// fewLevels is how many values a field has at most of which one may say that
// there is none.
const fewLevels = 60

// noSuch is the value of a text field that says there is none of it: "None" of
// the insurance plans, "sin mutua" of the mutuals.
func (ix *index) noSuch(f field) (string, bool) {
	if !f.isText() || f.values == nil || f.values.Len() > fewLevels {
		return "", false
	}
	for i := range f.values.Len() {
		text := f.values.At(i)
		words := strings.Fields(fold(text))
		switch {
		case len(words) == 0:
		case ix.th.nothing[strings.Join(words, " ")]:
			return text, true
		case len(words) > 1 && ix.th.nothing[words[0]+" …"] && strings.Contains(" "+fold(f.name)+" ", " "+words[len(words)-1]+" "):
			return text, true
		}
	}
	return "", false
}

// fieldIs is that something is known of a field, or is not; of one with a value
// for none, that there is some, or none.
func (p *parse) fieldIs(f field, not bool) syntax.Formula {
	name := &syntax.Name{Name: f.name}
	set := &syntax.IsSet{Value: name, Not: not}
	none, ok := p.ix.noSuch(f)
	switch {
	case !ok:
		return set
	case !not:
		return &syntax.Compare{Left: name, Op: syntax.Ne, Right: &syntax.Text{Value: none}}
	}
	is := &syntax.Compare{Left: name, Op: syntax.Eq, Right: &syntax.Text{Value: none}}
	if !f.gaps {
		return is
	}
	return syntax.Any(is, set)
}

// knownOrNot finds what a call asks of a field.
var knownOrNot = regexp.MustCompile(`(\w+) is (?:not )?set`)

// tellsNone tells whether a call asks if a field of people is known that says
// of each whether there is any: who is "without insurance" has "None", who is
// "without children" has 0 of them.
func (ix *index) tellsNone(args []byte) bool {
	for _, m := range knownOrNot.FindAllSubmatch(args, -1) {
		i := ix.find("", string(m[1]))
		if i < 0 {
			continue
		}
		f := ix.fields[i]
		if _, ok := ix.noSuch(f); ok && !f.gaps || f.kind == "number" && f.low == "0" {
			return true
		}
	}
	return false
}
