package planner

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A slip in a short word mostly makes another word, so that none is heard in
// what is short ("golf" is no "gold"). The words that are said most are the
// exception: "th", "qeu", "pot canal" are typed every day, and are words of
// no trade. They are listed under "little".

// littles reads the heading of that name.
func (lx *lexicon) littles(doc map[string]any) error {
	list, _ := doc["little"].([]any)
	for _, one := range list {
		w := fold(fmt.Sprint(one))
		if strings.ContainsFunc(w, notLetter) {
			return fmt.Errorf("little: %q is not one word", one)
		}
		lx.little = append(lx.little, w)
	}
	delete(doc, "little")
	return nil
}

// longestLittle is the longest word that a little one is typed as.
const longestLittle = 6

// littleMeant are the little words that a typed one is a plain slip of: two
// letters swapped, one typed twice, one left out, or the key beside hit. It is
// no name, and where nothing follows it says something by itself.
func (lx *lexicon) littleMeant(toks []token, i int) []sense {
	t := toks[i]
	n := utf8.RuneCountInString(t.folded)
	if n < 2 || n > longestLittle || t.text[1:] != strings.ToLower(t.text[1:]) || i > 0 && t.text != strings.ToLower(t.text) {
		return nil
	}
	last := i+1 == len(toks) || toks[i+1].kind != tokWord && toks[i+1].kind != tokNumber
	odd := lx.odd(t.folded)
	var found []sense
	for _, w := range lx.little {
		slip := slipOf(t.folded, w)
		switch {
		case slip == slipOther && !(odd && underKeys(t.folded, w)) || n == 2 && len(w) == 2 && slip != slipSwapped || last && lx.mayBeQuiet(w):
			continue
		case slip != slipSwapped && t.folded[0] != w[0] && !odd && n > 2:
			continue // "hat" may be one
		}
		found = append(found, sense{w, slip, true})
	}
	slices.SortStableFunc(found, func(a, b sense) int { return a.slip - b.slip })
	return found[:min(len(found), mostMeant)]
}

// joinedLittle tells whether two halves of a typed word may be a little word
// and another: "pormes", "mulheresde". Of two letters, they may begin many a
// word, so that the other half is a long one.
func (lx *lexicon) joinedLittle(a, b string) bool {
	little, other := a, b
	if !slices.Contains(lx.little, a) {
		little, other = b, a
	}
	return slices.Contains(lx.little, little) && (len(little) > 2 && len(other) > 2 || len(little) == 2 && len(other) > 4)
}

// underKeys tells whether the typed word is the other with one key hit that
// lies over or under the right one: "aue".
func underKeys(typed, w string) bool {
	if len(typed) != len(w) {
		return false
	}
	at := 0
	for at < len(w) && typed[at] == w[at] {
		at++
	}
	if at == len(w) || typed[at+1:] != w[at+1:] {
		return false
	}
	for i, row := range keys[1:] {
		for k := range row {
			if a, b := row[k], keys[i][k]; a == typed[at] && b == w[at] || b == typed[at] && a == w[at] {
				return true
			}
		}
	}
	return false
}

// keys are the rows of the keyboard.
var keys = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

// besideOnKeys tells whether a letter is typed for the one beside it.
func besideOnKeys(a, b rune) bool {
	for _, row := range keys {
		i, j := strings.IndexRune(row, a), strings.IndexRune(row, b)
		if i >= 0 && j >= 0 && (i-j == 1 || j-i == 1) {
			return true
		}
	}
	return false
}

// asFingersDo are the words that a typed one comes to with two letters swapped
// back, or one typed once: that is so plain that words that are short or forms
// of others are heard too ("yogga", "aposstaron").
func (p *Planner) asFingersDo(t token, lang string) []sense {
	var found, forms []sense
	try := func(w string, slip int) {
		s := sense{w, slip, p.lexicons[lang].says(w)}
		switch {
		case len(w) < 4 || p.spokenElsewhere(w, lang):
		case p.lexicons[lang].words[w] || p.ix.th.spoken[lang+" "+w] || p.ix.words[w]:
			found = append(found, s)
		case len(w) > 5 && p.reads(token{kind: tokWord, text: w, folded: w}, lang):
			forms = append(forms, s)
		}
	}
	w := t.folded
	for i := 1; i < len(w); i++ {
		if w[i] == w[i-1] {
			try(w[:i]+w[i+1:], slipDoubled)
		} else {
			try(w[:i-1]+w[i:i+1]+w[i-1:i]+w[i+1:], slipSwapped)
		}
	}
	if len(found) == 0 {
		return forms
	}
	return found
}

// spokenElsewhere tells whether a word is one of a trade in another language
// only: "depositosr" is no slip of "depósitos" where English is spoken.
func (p *Planner) spokenElsewhere(w, lang string) bool {
	said := func(l string) bool {
		return p.ix.th.spoken[l+" "+w] || p.ix.th.spoken[l+" "+singular(l, w)]
	}
	return !said(lang) && slices.ContainsFunc(languages, said)
}
