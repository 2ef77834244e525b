package planner

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold brings a text to the form in which phrases, names and values are
// compared: lower case, no accents, no apostrophes, hyphens, underscores and
// slashes as spaces, single spaces.
func fold(s string) string { return string(appendFold(nil, s)) }

// appendFold is fold for very many texts.
func appendFold(dst []byte, s string) []byte {
	from := len(dst)
	forms := folded()
	for i, r := range s {
		if r >= utf8.RuneSelf && (r >= rune(len(forms)) || r == utf8.RuneError) {
			dst = foldRest(dst, from, norm.NFD.String(s[i:]))
			break
		}
		dst = appendForm(dst, from, forms[r])
	}
	if len(dst) > from && dst[len(dst)-1] == ' ' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

func appendForm(dst []byte, from int, form string) []byte {
	if form == " " && (len(dst) == from || dst[len(dst)-1] == ' ') {
		return dst
	}
	return append(dst, form...)
}

// foldRest folds a text that is decomposed.
func foldRest(dst []byte, from int, s string) []byte {
	for _, r := range s {
		dst = appendForm(dst, from, foldRune(r))
	}
	return dst
}

// foldRune is what a rune of a decomposed text becomes; " " parts words.
func foldRune(r rune) string {
	switch {
	case r == '-' || r == '_' || r == '/' || r == '.' || r == '‐' || r == '‑' || unicode.IsSpace(r):
		return " "
	case r == '\'' || r == '’' || r == '`' || r == '´' || r == 'º' || r == 'ª' || unicode.Is(unicode.Mn, r):
		return ""
	case r == 'ß':
		return "ss"
	}
	return string(unicode.ToLower(r))
}

// folded are the forms of the runes that most texts are made of, so that these
// need not be decomposed one by one.
var folded = sync.OnceValue(func() []string {
	forms := make([]string, 0x250)
	for r := range forms {
		var b strings.Builder
		for _, part := range norm.NFD.String(string(rune(r))) {
			b.WriteString(foldRune(part))
		}
		forms[r] = b.String()
	}
	return forms
})
