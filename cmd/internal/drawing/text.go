package drawing

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"tesela/agent/wording"
)

// fontSize is that of texts in charts.
const fontSize = 12.5

// TextWidth guesses how wide a text is drawn: fonts differ, so it guesses high.
func TextWidth(s string) float64 {
	em := 0.0
	for _, r := range s {
		em += runeWidth(r)
	}
	return em * fontSize
}

// BoldWidth is TextWidth of bold letters.
func BoldWidth(s string) float64 { return 1.1 * TextWidth(s) }

func runeWidth(r rune) float64 {
	switch k := width.LookupRune(r).Kind(); {
	case k == width.EastAsianWide || k == width.EastAsianFullwidth:
		return 1.05
	case unicode.Is(unicode.Mn, r):
		return 0
	case strings.ContainsRune("il.,:;|!'’ ·()[]jftI", r):
		return 0.38
	case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '%' || r == '@' || r == '—' || r == '…':
		return 1
	case unicode.IsUpper(r):
		return 0.73
	case r > 0x2fff:
		return 1.3
	}
	return 0.64
}

// short cuts a text to a width. Room made from a text's own width is enough
// for it, whatever sums have rounded off.
func short(s string, room float64) string {
	s = wording.Clean(s)
	room += 1e-6
	if TextWidth(s) <= room {
		return s
	}
	// The longest beginning that has room with the dots behind it: without the
	// blanks at its end no beginning is narrower than a shorter one.
	em, end := 0.0, 0
	for i, r := range s {
		em += runeWidth(r)
		if r == ' ' {
			continue
		}
		if (em+runeWidth('…'))*fontSize > room {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return s[:end] + "…"
}
