package tools

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is what matching compares of a text; see fold.
func Fold(s string) string { return fold(s) }

// fold reduces a text to what matching compares: lower case without accents,
// words separated by one blank whatever stood between them ("Home_Décor" and
// "home decor" are one).
func fold(s string) string { return string(appendFolded(nil, s)) }

// appendFolded appends fold(s) to b.
func appendFolded(b []byte, s string) []byte {
	start := len(b)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendFoldedRunes(b[:start], s)
		case 'A' <= c && c <= 'Z':
			b = append(b, c+('a'-'A'))
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || !separates(rune(c)):
			b = append(b, c)
		case len(b) > start && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return trimBlank(b, start)
}

// appendFoldedRunes is the long way, for texts beyond ASCII.
func appendFoldedRunes(b []byte, s string) []byte {
	start := len(b)
	for _, r := range cases.Fold().String(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case !separates(r):
			b = utf8.AppendRune(b, r)
		case len(b) > start && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return trimBlank(b, start)
}

func trimBlank(b []byte, start int) []byte {
	if len(b) > start && b[len(b)-1] == ' ' {
		return b[:len(b)-1]
	}
	return b
}

// separates tells whether a rune only stands between words. Signs that carry
// meaning on their own (+ % & # @ and currency signs) do not.
func separates(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("_-–—/\\.,;:'’‘\"“”«»()[]{}|!?¡¿·*", r)
}

// typos is how many typing errors a folded text may hold and still be taken
// for another one: none in short words, numbers and codes, more as it grows.
func typos(folded string) int {
	if strings.ContainsFunc(folded, unicode.IsDigit) {
		return 0
	}
	switch n := utf8.RuneCountInString(folded); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	case n < 14:
		return 2
	default:
		return 3
	}
}
