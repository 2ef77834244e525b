package planner

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// weightless are the categories of words that say nothing of their own.
var weightless = map[string]bool{"glue": true, "glue_weak": true, "filler": true, "light": true}

// operators are the categories of words that turn what they stand beside into
// something else: where one is overheard, the figure is another.
var operators = map[string]bool{"or": true, "not": true, "none": true, "only": true, "except": true}

// light tells whether some meaning is of no weight and none turns anything.
func light(list []entry) bool {
	return slices.ContainsFunc(list, func(e entry) bool { return weightless[e.cat] }) && !operates(list)
}

// ofWeight are the meanings that are not without weight.
func ofWeight(list []entry) []entry {
	var out []entry
	for _, e := range list {
		if !weightless[e.cat] {
			out = append(out, e)
		}
	}
	return out
}

func operates(list []entry) bool {
	return slices.ContainsFunc(list, func(e entry) bool { return operators[e.cat] })
}

// contested are the other languages in which a short word of a question in
// mixed languages has another weight: "o" is "or" in one of two neighbours, and
// "the" in the other. In a question all in one language nothing is contested.
func (p *parse) contested() []*lexicon {
	if !p.mixed() {
		return nil
	}
	var out []*lexicon
	for _, lx := range p.others {
		for _, t := range p.toks {
			if t.kind != tokWord {
				continue
			}
			own, other := p.lex.exact[t.folded], lx.exact[t.folded]
			if light(own) && operates(other) || operates(own) && light(other) {
				out = append(out, lx)
				break
			}
		}
	}
	return out
}

// mixed tells whether some word is one of another language only. A word of
// the data is of no language, unless people say it of customers and events or
// it joins words.
func (p *parse) mixed() bool {
	for _, t := range p.toks {
		if t.kind != tokWord || p.lex.words[t.folded] || len(p.lex.exact[t.folded]) > 0 || len(p.ix.value(t.folded)) > 0 || len(p.lex.stems[stem(p.lang, t.folded)]) > 0 {
			continue
		}
		for _, lx := range p.others {
			telling := func(e entry) bool { return e.cat == "concepts" || e.cat == "glue" || e.cat == "by" }
			if slices.ContainsFunc(lx.exact[t.folded], telling) || slices.ContainsFunc(lx.stems[stem(lx.lang, t.folded)], telling) || lx.words[t.folded] && !p.ix.words[t.folded] {
				return true
			}
		}
	}
	return false
}

// inOthers adds, where a question mixes languages and some word of it is
// contested, what it means in the other language as a rival of the best plan.
func (p *parse) inOthers(ctx context.Context, plans []*plan) ([]*plan, error) {
	if len(plans) == 0 || !plans[0].whole() {
		return plans, nil
	}
	best := plans[0]
	for _, lx := range p.contested() {
		others := []*lexicon{p.lex}
		for _, o := range p.others {
			if o != lx {
				others = append(others, o)
			}
		}
		again := newParse(p.toks, lx, others, p.ix, p.asOf, p.zone)
		if err := again.build(ctx); err != nil {
			return nil, err
		}
		list := again.plans(again.derivations())
		if len(list) > 0 && list[0].whole() && list[0].key() != best.key() {
			rival := *list[0]
			rival.cost = best.cost + margin/2
			plans = append([]*plan{best, &rival}, plans[1:]...)
		}
	}
	return plans, nil
}

// saysWhere tells whether a word is a short one that a language has for where or
// when something is, with what it is behind it: "customers en Spain", though some
// field has "en" for a code.
func (p *parse) saysWhere(i int) bool {
	t := p.toks[i]
	return t.kind == tokWord && utf8.RuneCountInString(t.folded) < 3 && t.text == strings.ToLower(t.text) &&
		i+1 < len(p.toks) && p.toks[i+1].kind != tokBreak && !p.isGlue(i+1) && !p.says(i+1, "and") && !p.says(i+1, "or") &&
		(i == 0 || !p.isGlue(i-1) && !p.says(i-1, "by")) &&
		slices.ContainsFunc(append([]*lexicon{p.lex}, p.others...), func(lx *lexicon) bool {
			list := lx.exact[t.folded]
			return light(list) && has(list, entry{cat: "inside"})
		})
}

// overhears tells whether a language would miss what a question says in another:
// a word that denies what is done there ("no presentados") has no weight in it,
// and no word of the question is of it alone.
func (p *Planner) overhears(toks []token, lang, other string) bool {
	own, lx := p.lexicons[lang], p.lexicons[other]
	missed := false
	for i, t := range toks {
		if t.kind != tokWord {
			continue
		}
		if lx.knows(t.folded) && !own.knows(t.folded) {
			return false
		}
		if operates(own.exact[t.folded]) && light(lx.exact[t.folded]) && i+1 < len(toks) {
			next := toks[i+1].folded
			missed = missed || toks[i+1].kind == tokWord && slices.ContainsFunc(own.exact[next], func(e entry) bool { return e.cat == "light" || e.form == "verb" })
		}
	}
	return missed
}

// foreign tells whether a question is said in words of one language, one or more
// of which another knows only as slips of its own: "nuevas altas" is no
// Portuguese.
func (p *Planner) foreign(toks []token, lang, other string) bool {
	of := func(lang, w string) bool {
		return slices.ContainsFunc([]string{w, singular(lang, w)}, func(w string) bool {
			return p.lexicons[lang].knows(w) || p.ix.th.spoken[lang+" "+w]
		})
	}
	strange := false
	for _, t := range toks {
		if t.kind != tokWord || p.ix.words[t.folded] || len(p.ix.names[t.folded]) > 0 {
			continue
		}
		if !of(lang, t.folded) {
			return false
		}
		strange = strange || !of(other, t.folded)
	}
	return strange
}

// knows tells whether a word is of the language, or a form of one.
func (lx *lexicon) knows(word string) bool {
	return lx.words[word] || len(lx.exact[word]) > 0 || len(lx.stems[stem(lx.lang, word)]) > 0
}
