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
	if n < 2 || n > longestLittle || t.text != strings.ToLower(t.text) {
		return nil
	}
	last := i+1 == len(toks) || toks[i+1].kind != tokWord && toks[i+1].kind != tokNumber
	odd := lx.odd(t.folded)
	var found []sense
	for _, w := range lx.little {
		slip := slipOf(t.folded, w)
		switch {
		case slip == slipOther || n == 2 && len(w) == 2 && slip != slipSwapped || last && lx.mayBeQuiet(w):
			continue
		case slip != slipSwapped && t.folded[0] != w[0] && !odd:
			continue // "hat" may be one
		}
		found = append(found, sense{w, slip, true})
	}
	slices.SortStableFunc(found, func(a, b sense) int { return a.slip - b.slip })
	return found[:min(len(found), mostMeant)]
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
