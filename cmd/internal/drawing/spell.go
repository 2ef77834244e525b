package drawing

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"

	"tesela/agent/wording"
)

// spell writes a text with the letters that there are: composed where it is
// decomposed, plain where a letter is only a form of a plain one. What is left
// is told by what it is, in brackets: a picture's name ([athletic shoe]), or
// the script and the numbers of its letters ([Han 6771 4EAC]), so that two
// names stay two; the letters keep that something was.
func (l *letters) spell(s string) string {
	s = norm.NFC.String(wording.Clean(s))
	if strings.IndexFunc(s, func(r rune) bool { return !l.has(r) }) < 0 {
		return s
	}
	var b, lacking strings.Builder
	script := ""
	end := func() {
		if lacking.Len() > 0 {
			b.WriteString("[" + script + lacking.String() + "]")
			lacking.Reset()
			script, l.told = "", true
		}
	}
	for _, r := range s {
		plain, ok := l.plain(r)
		if ok {
			if plain != "" {
				end()
				b.WriteString(plain)
			}
			continue
		}
		name := runenames.Name(r)
		if unicode.IsLetter(r) || unicode.IsMark(r) || name == "" || strings.HasPrefix(name, "<") {
			if of := scriptOf(r); of != script || lacking.Len() == 0 {
				end()
				script = of
			}
			fmt.Fprintf(&lacking, " %04X", r)
			continue
		}
		end()
		b.WriteString("[" + strings.ToLower(name) + "]")
		l.told = true
	}
	end()
	return strings.TrimSpace(b.String())
}

// codes stand for signs of currencies that there are no letters for.
var codes = map[rune]string{'₹': "INR", '₽': "RUB", '₺': "TRY", '₸': "KZT", '฿': "THB", '₼': "AZN", '₾': "GEL"}

// plain is a rune in letters that there are: itself, its plain form, or nothing
// for what only changes how another looks.
func (l *letters) plain(r rune) (string, bool) {
	switch {
	case l.has(r):
		return string(r), true
	case unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Cf, r), r >= 0x1f3fb && r <= 0x1f3ff, r == 0x20e3:
		return "", true // selectors, joiners, tones of skin, the frame of a key
	case unicode.Is(unicode.Zs, r):
		return "\u00a0", true
	case codes[r] != "":
		return codes[r] + "\u00a0", true
	case r >= 0x1f1e6 && r <= 0x1f1ff:
		return string('A' + r - 0x1f1e6), true // the letters of a flag
	}
	for _, form := range []string{norm.NFKC.String(string(r)), unmarked(r)} {
		if form != "" && strings.IndexFunc(form, func(r rune) bool { return !l.has(r) }) < 0 {
			return form, true
		}
	}
	return "", false
}

// unmarked is a letter without its marks.
func unmarked(r rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(string(r)))
}

// scriptOf names the script that a letter is of.
func scriptOf(r rune) string {
	var names []string
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "U+"
	}
	return slices.Min(names)
}
