package planner

import (
	"slices"
	"strings"
)

// eventPart reads the first or the last word of an event's name of several
// ("lesson" of lesson_viewed, "clases" of clase_practica), where nothing else is
// called so or has it in its name, or where the event's own fields call it so:
// estado_clase.
func (p *parse) eventPart(i int) {
	word := p.toks[i].folded
	if p.ix.th.vague[word] || len(p.ix.names[word])+len(p.ix.value(word)) > 0 {
		return
	}
	for _, n := range p.cells[i][i+1] {
		if n.cat != cMissing && !p.isAfterItsEvent(n, word) {
			return
		}
	}
	event, fields, others := "", []int{}, false
	for _, id := range p.ix.compounds.wordIDs(word) {
		for _, n := range p.ix.compounds.byID[id] {
			it := p.ix.compounds.items[n]
			switch {
			case it.isVal:
				others = true
			case it.name.field >= 0:
				fields = append(fields, it.name.field)
			case it.name.event == "" || event != "" && event != it.name.event || !p.heads(it.name.event, word, id):
				return
			default:
				event = it.name.event
			}
		}
	}
	for _, fi := range fields {
		if p.ix.fields[fi].event != event {
			return
		}
	}
	if event != "" && (!others || len(fields) > 0) {
		p.add(&node{cat: cClause, from: i, to: i + 1, cost: 0.2, clause: &clause{event: event}})
	}
}

// heads tells whether a word stands at an end of an event's name: as the first,
// or as the last where it states nothing. What only plays the same part as the
// first says where it is ("branch", of a shop_sale), not what.
func (p *parse) heads(event, word, id string) bool {
	words := strings.Fields(fold(event))
	is := func(w string) bool { return slices.Contains(p.ix.compounds.wordIDs(w), id) }
	return is(words[0]) && id[0] != 'c' || is(words[len(words)-1]) && !p.lex.endsLikeVerb(word)
}

// isOfItsEvent tells whether the word by which a field might be meant is that of
// its event: estado_clase is the state of a clase_practica, and no "clase".
func (p *parse) isOfItsEvent(fi int, id string) bool {
	words := strings.Fields(fold(p.ix.fields[fi].event))
	return len(words) > 1 && slices.ContainsFunc(words, func(w string) bool { return slices.Contains(p.ix.compounds.wordIDs(w), id) })
}

// isAfterItsEvent tells whether a node is a field that is meant by no more than
// the word of its event.
func (p *parse) isAfterItsEvent(n *node, word string) bool {
	if n.cat != cField || n.cost == 0 {
		return false
	}
	for _, fi := range n.fields {
		if !slices.ContainsFunc(p.ix.compounds.wordIDs(word), func(id string) bool { return p.isOfItsEvent(fi, id) }) {
			return false
		}
	}
	return true
}
