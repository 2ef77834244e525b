package drawing

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// visual is a text in the order that it is drawn in, from left to right: what
// lies between letters that run to the left runs so too, but for numbers. It
// does for names what Unicode's rules do for texts that begin at the left.
func visual(s string) string {
	var b strings.Builder
	for s != "" {
		from, to := leftward(s)
		if from < 0 {
			break
		}
		b.WriteString(s[:from])
		b.WriteString(turned(s[from:to]))
		s = s[to:]
	}
	b.WriteString(s)
	return b.String()
}

// leftward is the first piece that runs to the left: from a letter that does to
// the last before one that does not; −1 where there is none.
func leftward(s string) (from, to int) {
	from = -1
	for i, r := range s {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL:
			if from < 0 {
				from = i
			}
			to = i + len(string(r))
		case bidi.NSM:
			if to == i {
				to = i + len(string(r)) // a mark goes with its letter
			}
		case bidi.L:
			if from >= 0 {
				return from, to
			}
		}
	}
	return from, to
}

// mirrored are the other sides of brackets.
var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«'}

// turned is a piece read from its end, numbers in it as they are and marks
// behind their letters.
func turned(s string) string {
	runes := []rune(s)
	var b strings.Builder
	for end := len(runes); end > 0; {
		from := end - 1
		for from > 0 && unicode.IsMark(runes[from]) {
			from--
		}
		if unicode.IsDigit(runes[from]) {
			// As far as digits go, with what stands within a number.
			for k := from - 1; k >= 0 && (unicode.IsDigit(runes[k]) || strings.ContainsRune(".,:/", runes[k])); k-- {
				if unicode.IsDigit(runes[k]) {
					from = k
				}
			}
		}
		if other := mirrored[runes[from]]; other != 0 {
			runes[from] = other
		}
		b.WriteString(string(runes[from:end]))
		end = from
	}
	return b.String()
}
