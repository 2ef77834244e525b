package planner

import (
	"slices"
	"strings"
)

// mostInPart bounds the values that may be meant by a word that all of them hold.
// Fields of more values than fewInPart hold names, whose words say too little.
const (
	mostInPart = 4
	fewInPart  = 60
)

// valuesInPart reads words that nothing else is made of as part of a value:
// "the gala" where only gala_anual is one, "a suite" where there are a junior
// and a royal one. What was taken is told.
func (p *parse) valuesInPart(i int) {
	for width := 1; width <= 3 && i+width <= len(p.toks); width++ {
		if width > 1 && (len(p.cells[i][i+width]) > 0 || p.isGlue(i+width-1)) || p.toks[i+width-1].kind != tokWord || len(p.toks[i+width-1].folded) < 3 {
			return
		}
		if width == 1 && (len(p.toks[i].folded) < 4 || len(p.cells[i][i+1]) > 0) {
			if p.statementOrThing(i) { // "vino": who came, or what they drink
				p.heldBy(i, i+1)
				p.thingBehindDoing(i)
			}
			if len(p.cells[i][i+1]) == 0 || p.isGlue(i) {
				return
			}
			continue
		}
		p.heldBy(i, i+width)
	}
}

func (p *parse) heldBy(i, j int) {
	var held []int // items with each of the words, as the data has them
	for _, n := range p.ix.compounds.byID["s"+stem(languages[0], p.toks[i].folded)] {
		it := p.ix.compounds.items[n]
		if !it.isVal || it.value.field >= 0 && p.ix.fields[it.value.field].event == "" && j == i+1 && p.namesTheKind(i) {
			continue
		}
		if len(it.words) <= j-i || p.ix.fields[it.value.field].values.Len() > fewInPart {
			continue
		}
		words, all := strings.Fields(fold(p.ix.text(it.value))), true
		for k := i; k < j && all; k++ {
			all = slices.Contains(words, p.toks[k].folded)
		}
		if all {
			held = append(held, n)
		}
	}
	cost := 0.45
	if len(held) == 0 && j == i+1 {
		held, cost = p.holdingInOtherWords(i), 0.5
	}
	slices.Sort(held)
	byField := map[string]*node{}
	var order []string
	for _, n := range held {
		v := p.ix.compounds.items[n].value
		f := p.ix.fields[v.field]
		k := f.name
		if f.event == "" {
			k = "\x00" + k
		}
		if byField[k] == nil {
			order = append(order, k)
			byField[k] = &node{cat: cVal, from: i, to: j, cost: cost}
		}
		byField[k].vals = append(byField[k].vals, v)
	}
	for _, k := range order {
		n := byField[k]
		var texts []string
		for _, v := range n.vals {
			if t := p.ix.text(v); !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
		}
		if len(texts) > mostInPart {
			continue
		}
		n.assume = []assumption{{"in_part", map[string]string{"text": p.typed(i, j), "values": strings.Join(texts, ", ")}}}
		p.add(n)
	}
}

// holdingInOtherWords are the values with a word in them that means the same as
// one of another language: "ruleta" where there is a Live Roulette. What people
// are is too near to what others do: a "pet owner" is no seller.
func (p *parse) holdingInOtherWords(i int) []int {
	var held []int
	word := p.toks[i].folded
	if !p.ix.th.spoken[p.lang+" "+word] && !p.ix.th.spoken[p.lang+" "+singular(p.lang, word)] || p.lex.states(word) || p.namesTheKind(i) {
		return nil // a form of a word, "stayed", "jogaram", names no kind of thing
	}
	for _, id := range p.ix.compounds.wordIDs(word) {
		if id[0] != 'g' {
			continue
		}
		for _, n := range p.ix.compounds.byID[id] {
			if it := p.ix.compounds.items[n]; it.isVal && p.ix.fields[it.value.field].event != "" && p.ix.fields[it.value.field].values.Len() <= fewInPart && !slices.Contains(held, n) && !p.denies(p.ix.text(it.value)) {
				held = append(held, n)
			}
		}
	}
	return held
}

// statementOrThing tells whether a word that says what people did is as well
// what some trade calls a thing.
func (p *parse) statementOrThing(i int) bool {
	return len(p.cells[i][i+1]) > 0 && p.ix.th.spoken[p.lang+" "+p.toks[i].folded] &&
		!slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool { return n.cat != cClause || !n.clause.verb })
}

// thingBehindDoing makes of a word that may be a statement or a thing the thing
// where it stands right behind another statement: in "compraron vino" nobody
// came.
func (p *parse) thingBehindDoing(i int) {
	if i == 0 || !slices.ContainsFunc(p.cells[i-1][i], func(n *node) bool { return n.cat == cClause && n.clause.verb && !n.clause.weak }) {
		return
	}
	for _, n := range p.cells[i][i+1] {
		if n.cat == cClause {
			n.cost++
		}
	}
}

// denies tells whether a value says that something is not: "no_answer" is no
// kind of answer.
func (p *parse) denies(value string) bool {
	return slices.ContainsFunc(strings.Fields(fold(value)), func(w string) bool {
		return slices.ContainsFunc(append([]*lexicon{p.lex}, p.others...), func(lx *lexicon) bool {
			return slices.ContainsFunc(lx.exact[w], func(e entry) bool { return e.cat == "not" || e.cat == "none" })
		})
	})
}
