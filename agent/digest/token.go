package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word, a run of digits or one sign of a text, in the form that is
// compared: lower case and without accents.
type token struct {
	text       string
	start, end int // bytes of the text as it was typed
}

// tokens takes a text apart; spaces only part what lies around them.
func tokens(text string) []token {
	var list []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		class := classOf(r)
		j := i + size
		for j < len(text) && (class == letters || class == digits) {
			next, n := utf8.DecodeRuneInString(text[j:])
			if classOf(next) != class && (class != letters || !joins(next)) {
				break
			}
			j += n
		}
		if folded := fold(text[i:j]); class != spaces && folded != "" {
			list = append(list, token{folded, i, j})
		}
		i = j
	}
	return list
}

type class int

const (
	signs class = iota
	letters
	digits
	spaces
)

func classOf(r rune) class {
	switch {
	case unicode.IsSpace(r):
		return spaces
	case r == 'º' || r == 'ª':
		return signs
	case unicode.IsLetter(r):
		return letters
	case r >= '0' && r <= '9':
		return digits
	}
	return signs
}

// joins tells signs that stand within words: apostrophes and the accents of
// decomposed text.
func joins(r rune) bool {
	return r == '\'' || r == '’' || r == '`' || r == '´' || unicode.Is(unicode.Mn, r)
}

// fold is the form in which words are compared.
func fold(word string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(word) {
		if !joins(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
