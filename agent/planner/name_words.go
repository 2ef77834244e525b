package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

const (
	// shortestInPart is the least length of a word that names are found by.
	shortestInPart = 3
	// mostNameWords and mostLooked bound the search for words that stand side
	// by side in names: so many words, in so many values of the rarest of them.
	mostNameWords = 5
	mostLooked    = 20_000
	// surelyMeant is how long a word is that names hold, and that a slip of it
	// is taken for.
	surelyMeant = 8
)

// namesInPart reads words that mean nothing else as what names hold, of the
// things that people did something with: "lunch bags" where dozens of products
// have that in their name. The longest such phrase is taken.
func (p *parse) namesInPart() {
	for i := 0; i < len(p.toks); i++ {
		if p.toks[i].kind == tokQuoted && len(p.ix.value(fold(p.toks[i].text))) == 0 { // in quotes, as it is
			if vals := p.ix.namesHolding(strings.Fields(syntax.Fold(p.toks[i].text))); len(vals) > 0 {
				p.add(&node{cat: cVal, from: i, to: i + 1, cost: 0.5, vals: vals})
			}
			continue
		}
		for j := min(len(p.toks), i+mostNameWords); j > i; j-- {
			if p.mayBeName(i, j) && p.heldInNames(i, j) {
				i = j - 1
				break
			}
		}
	}
}

// mayBeName tells whether words are but words, begin and end with one of
// weight, and hold one that nothing else explains.
func (p *parse) mayBeName(i, j int) bool {
	unknown := false
	for k := i; k < j; k++ {
		if p.toks[k].kind != tokWord {
			return false
		}
		unknown = unknown || p.unread(k)
	}
	return unknown && !p.isGlue(i) && !p.isGlue(j-1) && len(p.toks[i].folded) >= shortestInPart && len(p.toks[j-1].folded) >= shortestInPart
}

// unread tells whether nothing is known of a word; a word for what this data
// lacks is known.
func (p *parse) unread(k int) bool {
	return !slices.ContainsFunc(p.cells[k][k+1], func(n *node) bool { return n.cat != cUnknown })
}

// heldInNames adds the reading of words as a text that values of events hold.
func (p *parse) heldInNames(i, j int) bool {
	words := make([]string, j-i)
	for k := range words {
		words[k] = p.toks[i+k].folded
	}
	last := words[len(words)-1]
	forms := [][]string{words}
	for _, one := range []string{singular(p.lang, last), strings.TrimSuffix(last, "s")} {
		if one != last && len(one) >= shortestInPart && strings.HasPrefix(last, one) { // names with several hold that too
			forms = slices.Insert(forms, 0, append(slices.Clone(words[:len(words)-1]), one))
		}
	}
	for _, form := range forms {
		if vals := p.ix.namesHolding(form); len(vals) > 0 {
			p.add(&node{cat: cVal, from: i, to: j, cost: 0.5, vals: vals})
			return true
		}
	}
	return false
}

// namesHolding are all the values of a field that hold words side by side, for
// each event that has the field; none where no value does.
func (ix *index) namesHolding(words []string) []valueRef {
	var vals []valueRef
	for _, at := range ix.fieldsHolding(words) {
		vals = append(vals, valueRef{field: int(at.field), code: int(at.code), part: strings.Join(words, " ")})
	}
	return vals
}

// inPart tells whether a node is of what names hold.
func inPart(n *node) bool {
	return slices.ContainsFunc(n.vals, func(v valueRef) bool { return v.part != "" })
}

// fieldsHolding are the first values, one for each field of one name, that hold
// words side by side; the name of the most of them where fields of several do.
func (ix *index) fieldsHolding(words []string) []valueAt {
	var rarest []valueAt
	for k, w := range slices.DeleteFunc(slices.Clone(words), func(w string) bool { return len(w) < shortestInPart }) {
		if list := ix.holding.of(w); k == 0 || len(list) < len(rarest) {
			rarest = list
		}
	}
	text := strings.Join(words, " ")
	first, times := map[int32]valueAt{}, map[string]int{}
	var order []int32
	for k, at := range rarest {
		if k == mostLooked {
			break
		}
		f := ix.fields[at.field]
		if !strings.Contains(syntax.Fold(f.values.At(int(at.code))), text) {
			continue
		}
		if _, seen := first[at.field]; !seen {
			first[at.field] = at
			order = append(order, at.field)
		}
		times[f.name]++
	}
	best := ""
	for _, fi := range order {
		if name := ix.fields[fi].name; best == "" || times[name] > times[best] {
			best = name
		}
	}
	var out []valueAt
	for _, fi := range order {
		if ix.fields[fi].name == best {
			out = append(out, first[fi])
		}
	}
	return out
}

// namedWith are the fields of names where those of codes, which were meant,
// hold no such text: a "product containing lunch" is one described so.
func (ix *index) namedWith(fields []int, text string) []int {
	folded := syntax.Fold(text)
	holds := func(fi int) bool {
		v := ix.fields[fi].values
		for c := 0; v != nil && c < min(v.Len(), mostLooked); c++ {
			if strings.Contains(syntax.Fold(v.At(c)), folded) {
				return true
			}
		}
		return v != nil && v.Len() > mostLooked
	}
	if slices.ContainsFunc(fields, holds) {
		return fields
	}
	var out []int
	for _, v := range ix.namesHolding(strings.Fields(folded)) {
		if slices.ContainsFunc(fields, func(fi int) bool { return ix.fields[fi].event == ix.fields[v.field].event }) {
			out = append(out, v.field)
		}
	}
	if len(out) == 0 {
		return fields
	}
	return out
}

// guessesName tells whether a call looks for names that hold a word which was
// but guessed from a slip: among thousands of names some word is near to any.
func (ix *index) guessesName(args []byte, word string) bool {
	word = fold(word)
	return len(word) < surelyMeant && len(ix.holding.of(word)) > 0 && strings.Contains(string(args), ` contains \"`) && strings.Contains(string(args), word)
}
