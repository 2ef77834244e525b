package planner

import (
	"slices"
	"strconv"
	"strings"
)

// compounds find names and values of several words by the words in any order
// and any of the languages: vip_tier is "nivel vip", signup_date "date of
// sign-up".
type compounds struct {
	th    *thesaurus
	items []compound
	byID  map[string][]int // id of a word → items that hold it
	ids   map[string][]string
}

// compound is a name or a value with the ids of its words.
type compound struct {
	words [][]string
	name  nameRef
	value valueRef
	isVal bool
}

func newCompounds(th *thesaurus) *compounds {
	return &compounds{th: th, byID: map[string][]int{}, ids: map[string][]string{}}
}

// idsOf are what a word may stand for: its stem in each language and the
// thesaurus groups it is a form of.
func (c *compounds) idsOf(word string) []string {
	if ids, ok := c.ids[word]; ok {
		return ids
	}
	seen := map[string]bool{}
	var ids []string
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	keys := []string{word}
	for _, lang := range languages {
		s := stem(lang, word)
		add("s" + s)
		keys = append(keys, "~"+lang+" "+s)
	}
	for _, k := range keys {
		for _, g := range c.th.byForm[k] {
			if c.th.only[g] == "" || c.th.only[g] == ofColumns {
				add("g" + strconv.Itoa(g))
			}
		}
		for _, concept := range c.th.played[k] {
			add("c" + concept) // canal_captacion is of a channel
		}
	}
	c.ids[word] = ids
	return ids
}

// enter adds a folded name or value of two to five words.
func (c *compounds) enter(folded string, item compound) {
	words := strings.Fields(folded)
	if len(words) < 2 || len(words) > 5 {
		return
	}
	n := len(c.items)
	for _, w := range words {
		ids := c.idsOf(w)
		item.words = append(item.words, ids)
		for _, id := range ids {
			if list := c.byID[id]; len(list) == 0 || list[len(list)-1] != n {
				c.byID[id] = append(c.byID[id], n)
			}
		}
	}
	c.items = append(c.items, item)
}

// find gives the items made of just these words.
func (c *compounds) find(words []string) []compound {
	ids := make([][]string, len(words))
	for i, w := range words {
		ids[i] = c.wordIDs(w)
	}
	var out []compound
	seen := map[int]bool{}
	for _, id := range ids[0] {
		for _, n := range c.byID[id] {
			if seen[n] || len(c.items[n].words) != len(words) {
				continue
			}
			seen[n] = true
			if pairs(c.items[n].words, ids, 0, make([]bool, len(words))) {
				out = append(out, c.items[n])
			}
		}
	}
	return out
}

// wordIDs is idsOf without remembering: questions come from many readers at
// once.
func (c *compounds) wordIDs(word string) []string {
	if ids, ok := c.ids[word]; ok {
		return ids
	}
	fresh := &compounds{th: c.th, ids: map[string][]string{}}
	return fresh.idsOf(word)
}

// pairs tells whether each word of a can be given a word of b of its own.
func pairs(a, b [][]string, i int, used []bool) bool {
	if i == len(a) {
		return true
	}
	for j := range b {
		if used[j] || !share(a[i], b[j]) {
			continue
		}
		used[j] = true
		if pairs(a, b, i+1, used) {
			return true
		}
		used[j] = false
	}
	return false
}

func share(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// partLeaves reads one word of a field's name of several ("class" of
// class_type), where no other field has it.
func (p *parse) partLeaves(i int) {
	if p.toks[i].kind != tokWord || len(p.toks[i].folded) < 3 || p.isGlue(i) {
		return
	}
	if has(p.lex.exact[p.toks[i].folded], entry{cat: "stats", attr: "median"}) || p.lex.states(p.toks[i].folded) {
		return
	}
	for _, e := range p.lex.exact[p.toks[i].folded] {
		if e.cat == "concepts" && (e.attr == "customer" || e.attr == "account") {
			return // "accounts" are not told apart by their acct_mgr
		}
	}
	p.eventPart(i)
	byName, spelt := map[string][]int{}, map[string][]int{} // spelt: by the word itself, not by another for it
	told := i > 0 && p.says(i-1, "by") && (i+1 == len(p.toks) || !p.says(i+1, "of"))
	vague := p.ix.th.vague[p.toks[i].folded] || p.ix.th.vague["~"+p.lang+" "+stem(p.lang, p.toks[i].folded)]
	if vague && !told {
		return // "size" names no field by itself
	}
	unit := p.says(i, "units") || p.says(i, "unit_plurals")
	base := strings.TrimSuffix(p.toks[i].folded, "s")
	own := p.ix.callsField(p.toks[i].folded) // by no other word, then
	for _, id := range p.ix.compounds.wordIDs(p.toks[i].folded) {
		if (unit || own) && id[0] == 'g' {
			continue // "10 minutes" are no 10 of a duration in seconds
		}
		for _, n := range p.ix.compounds.byID[id] {
			if it := p.ix.compounds.items[n]; !it.isVal && it.name.field >= 0 {
				name := p.ix.fields[it.name.field].name
				if p.ix.fields[it.name.field].kind == "bool" && !p.saysAll(it, id) {
					continue // those with an "email" are not those of email_opt_out
				}
				if vague && !p.kindOfItsEvent(it.name.field) || p.isOfItsEvent(it.name.field, id) {
					continue
				}
				if !overlaps(byName[name], []int{it.name.field}) {
					byName[name] = append(byName[name], it.name.field)
				}
				if id[0] == 's' && !overlaps(spelt[name], []int{it.name.field}) {
					spelt[name] = append(spelt[name], it.name.field)
				}
			}
		}
	}
	for _, key := range []string{p.toks[i].folded, base, "~" + p.lang + " " + stem(p.lang, p.toks[i].folded)} {
		for _, r := range p.ix.names[key] {
			if r.field >= 0 && p.ix.fields[r.field].event == "" {
				return // a trait of just that name
			}
		}
	}
	// "plan" is the customers' plan_tier before it is an upgrade's from_plan.
	ofPeople := map[string][]int{}
	for name, fields := range byName {
		if p.ix.fields[fields[0]].event == "" {
			ofPeople[name] = fields
		}
	}
	if len(ofPeople) == 1 {
		byName = ofPeople
	}
	if len(byName) > 1 && len(spelt) == 1 {
		byName = spelt // "duração" is duracao_min before it is dias_atraso
	}
	if len(byName) != 1 {
		return
	}
	for _, fields := range byName {
		p.fieldLeaf(i, i+1, 0.2, fields, "noun")
	}
}

// compoundLeaves finds names and values whose words stand in i…j with small
// words between them.
func (p *parse) compoundLeaves(i, j int) {
	if j-i < 2 || p.isGlue(i) || p.isGlue(j-1) {
		return
	}
	var words []string
	stat := "" // "tiempo medio de entrega": the average stands amid the name
	for k := i; k < j; k++ {
		if p.toks[k].kind != tokWord {
			return
		}
		if a := p.statAt(k); a != "" && stat == "" && k > i && k < j-1 {
			stat = a
			continue
		}
		if !p.isGlue(k) {
			words = append(words, p.toks[k].folded)
		}
	}
	if len(words) < 2 || len(words) > 5 {
		return
	}
	var fields []int
	if stat != "" {
		for _, it := range p.ix.compounds.find(words) {
			if !it.isVal && it.name.field >= 0 && p.ix.fields[it.name.field].isNumber() {
				fields = append(fields, it.name.field)
			}
		}
		if len(fields) == 0 {
			return
		}
		for _, n := range p.statField(&node{attr: stat}, &node{fields: fields}) {
			n.from, n.to, n.cost = i, j, n.cost+costTranslate+costStem
			p.add(n)
		}
		return
	}
	for _, it := range p.ix.compounds.find(words) {
		if !it.isVal && p.valueInstead(words, it) {
			continue
		}
		if it.isVal && p.opensDenied(i) {
			continue
		}
		switch {
		case it.isVal:
			p.add(&node{cat: cVal, from: i, to: j, cost: costTranslate + costStem, vals: []valueRef{it.value}})
		case it.name.field >= 0:
			fields = append(fields, it.name.field)
		case it.name.event != "":
			p.add(&node{cat: cClause, from: i, to: j, cost: costTranslate + costStem, clause: &clause{event: it.name.event}})
		}
	}
	if len(fields) > 0 {
		p.fieldLeaf(i, j, costTranslate+costStem, fields, "noun")
	}
}

// valueInstead tells whether one of the words is a value of the data, and is in
// the name only by its stem: a sale in the "estadio" is no estado_venta.
func (p *parse) valueInstead(words []string, it compound) bool {
	name := it.name.event
	if it.name.field >= 0 {
		name = p.ix.fields[it.name.field].name
	}
	own := strings.Fields(fold(name))
	return slices.ContainsFunc(words, func(w string) bool { return len(p.ix.value(w)) > 0 && !slices.Contains(own, w) })
}

// kindOfItsEvent tells whether a field is called after its event and one more
// word: exams have a type_of_exam, which is just their type.
func (p *parse) kindOfItsEvent(fi int) bool {
	f := p.ix.fields[fi]
	words := strings.Fields(fold(f.name))
	if f.event == "" || len(words) < 2 {
		return false
	}
	left := 0
	for _, w := range words {
		if !slices.Contains(strings.Fields(fold(f.event)), w) {
			left++
		}
	}
	return left == 1
}

// statAt is the statistic that a word behind a name asks for; "" for none.
func (p *parse) statAt(k int) string {
	for _, e := range p.lex.exact[p.toks[k].folded] {
		if e.cat == "stats_after" && e.attr != "sum" {
			return e.attr
		}
	}
	return ""
}
