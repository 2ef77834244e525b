package segment

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// isASCII tells whether a text has one normal form only.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// matches applies a test on text to folded texts.
func matches(op syntax.MatchOp, folded, part string) bool {
	switch op {
	case syntax.StartsWith:
		return strings.HasPrefix(folded, part)
	case syntax.EndsWith:
		return strings.HasSuffix(folded, part)
	default:
		return strings.Contains(folded, part)
	}
}

// codesOf finds all codes of a text: the exact word, and words that differ
// from it only by Unicode normal form.
func codesOf(d *column.Dict, text string) []uint32 {
	var codes []uint32
	if c, ok := d.Code(text); ok {
		codes = append(codes, c)
	}
	if isASCII(text) {
		return codes
	}
	want := norm.NFC.String(text)
	for c := uint32(1); int(c) <= d.Len(); c++ {
		w := d.Word(c)
		if w != text && !norm.NFC.IsNormalString(w) && norm.NFC.String(w) == want {
			codes = append(codes, c)
		}
	}
	return codes
}

// nearestWords bounds the search for values like an unknown one: a dictionary
// of millions must not make a typing error slow.
const nearestWords = 20_000

// nearestValues names the dictionary's words nearest to a text, quoted.
func nearestValues(d *column.Dict, text string) []string {
	var known []string
	folded := syntax.Fold(text)
	for c := uint32(1); int(c) <= min(d.Len(), 10*nearestWords) && len(known) < nearestWords; c++ {
		w := d.Word(c)
		if len(w) <= 3*len(text)+8 {
			known = append(known, w)
		}
		if syntax.Fold(w) == folded {
			return []string{quote(w)}
		}
	}
	near := syntax.NearestNames(text, known, 3)
	for i, w := range near {
		near[i] = quote(w)
	}
	return near
}

func quote(s string) string { return (&syntax.Text{Value: s}).String() }
