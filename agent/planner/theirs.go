package planner

import (
	"context"
	"encoding/json"
	"slices"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// fragment tells whether the question names neither customers nor a figure, so
// that it says something only of the question before.
func (p *parse) fragment() bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
			for _, n := range p.cells[i][j] {
				switch n.cat {
				case cCust, cMeas, cClause, cMissing, "ask_count", "count customers", "ask_list", "ask_amount", "ask_share", "ask_data", "ask_most", "ask_least", "sentence_out", "actions", "forecast":
					if n.cost < costOtherLang {
						return false
					}
				}
			}
		}
	}
	return true
}

// theirs tells whether the question is of the people just told of: "how much
// did they spend?", "¿cuánto gastaron?"; it names no others.
func (p *parse) theirs(call *model.Call) bool {
	return groupOf(*call) != "" && p.takesUp()
}

// takesUp tells whether the question is of people told of before, and names
// none itself.
func (p *parse) takesUp() bool {
	said, verb, subject, nobody := false, false, false, 0 // up to where nobody does it
	for i, t := range p.toks {
		for _, e := range p.lex.exact[t.folded] {
			switch e.cat {
			case "people_anaphora":
				said = true
			case "relatives", "people_words":
				return false
			}
		}
		for _, n := range p.cells[i][i+1] {
			if n.cat == cCust {
				return false
			}
		}
		subject = subject || p.isPeopleWord(i)
		for _, w := range p.talks {
			if n := matchAny(p.toks[i:], w.nobody); n > 0 {
				nobody = max(nobody, i+n)
			}
			verb = verb || i >= nobody && matchAny(p.toks[i:], w.they) > 0
		}
	}
	return said || verb && !subject
}

// isPeopleWord tells whether a token is a word of the business for some people,
// named by its article as who does it: "¿cuánto gastan los fieles?", not
// "¿cuántos son fieles?".
func (p *parse) isPeopleWord(i int) bool {
	if i == 0 || !slices.ContainsFunc(p.lex.exact[p.toks[i-1].folded], func(e entry) bool { return e.cat == "articles" || e.cat == "glue" }) {
		return false
	}
	return slices.ContainsFunc(p.ix.names[p.toks[i].folded], func(r nameRef) bool {
		_, err := syntax.Parse(p.ix.cat.Words[r.word])
		return r.word != "" && err == nil
	})
}

// within reads the question without the words that take people up, and holds
// it to those people.
func (p *parse) within(ctx context.Context, call *model.Call) []*plan {
	group := groupOf(*call)
	if group == "" {
		return nil
	}
	var toks []token
	for i := 0; i < len(p.toks); {
		n := p.takesUpAt(i)
		if n == 0 {
			toks = append(toks, p.toks[i])
			n = 1
		}
		i += n
	}
	again := newParse(toks, p.lex, p.others, p.ix, p.asOf, p.zone)
	if again.build(ctx) != nil {
		return nil
	}
	var out []*plan
	for _, pl := range again.plans(again.derivations()) {
		if !pl.whole() || pl.beside != nil || len(out) >= 3 {
			continue
		}
		of := func(formula string) string {
			own, f := parseOr(formula), parseOr(group)
			if _, all := own.(*syntax.Everyone); all {
				return f.String()
			}
			if _, all := f.(*syntax.Everyone); all {
				return own.String()
			}
			return syntax.All(append(slices.Clone(factors(f)), factors(own)...)...).String()
		}
		switch a := pl.args.(type) {
		case tools.CountSegmentArgs:
			if _, all := parseOr(a.Formula).(*syntax.Everyone); all {
				continue // "how many of them are students?" says something of them
			}
			a.Formula = of(a.Formula)
			pl.args = a
		case tools.ListCustomersArgs:
			a.Formula = of(a.Formula)
			pl.args = a
		case tools.MeasureArgs:
			if a.Formula = of(a.Formula); a.Formula == (&syntax.Everyone{}).String() {
				a.Formula = ""
			}
			if a.Window == "" {
				a.Window = windowOf(call)
			}
			if a.Window == "" && a.Formula != "" && len(a.GroupBy) == 0 {
				a = p.inSameTime(a, parseOr(a.Formula))
			}
			pl.args = a
		default:
			continue
		}
		out = append(out, pl)
	}
	return out
}

// takesUpAt is how many tokens at i take up people named before.
func (p *parse) takesUpAt(i int) int {
	for j := min(len(p.toks), i+maxPhrase); j > i; j-- {
		for _, n := range p.cells[i][j] {
			if n.cat == "people_anaphora" && n.cost < costGlue {
				return j - i
			}
		}
	}
	for _, e := range p.lex.exact[p.toks[i].folded] {
		if e.cat == "people_anaphora" {
			return 1
		}
	}
	return 0
}

// windowOf is the time of a measure; "" for other calls.
func windowOf(call *model.Call) string {
	var a tools.MeasureArgs
	if call.Name != "measure" || json.Unmarshal(call.Args, &a) != nil {
		return ""
	}
	return a.Window
}
