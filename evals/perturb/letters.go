package perturb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// shortest is the length in letters from which words bear slips: in shorter
// ones a slip makes another word.
const shortest = 5

// manyWords is the length in words from which a text bears two slips.
const manyWords = 7

// mistyped makes a slip or two in long words: two neighbouring letters
// swapped, one left out, one typed twice, or the key beside it.
func (l *language) mistyped(text string, d *dice, known func(string) bool) string {
	pieces := split(text)
	shouted := strings.ToUpper(text) == text
	words := 0
	var long []int
	for i, p := range pieces {
		if p.kind != word {
			continue
		}
		words++
		if utf8.RuneCountInString(p.text) < shortest || strings.ContainsFunc(p.text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		if isName(p.text) || isAcronym(p.text) && !shouted || l.numeral(p.text) {
			continue
		}
		long = append(long, i)
	}
	slips := 1
	if words >= manyWords {
		slips += d.roll(2)
	}
	for _, at := range d.order(len(long)) {
		if slips == 0 {
			break
		}
		i := long[at]
		if s, ok := l.slip(pieces[i].text, d, known); ok {
			pieces[i].text = s
			slips--
		}
	}
	return join(pieces)
}

// tries is how many slips of a word are thought of before it is left alone.
const tries = 8

// slip makes one slip in a word, after its first letter, that makes no other
// word that is known.
func (l *language) slip(s string, d *dice, known func(string) bool) (string, bool) {
	was := []rune(s)
	for range tries {
		at := 1 + d.roll(len(was)-2) // neither the first letter nor the last
		typed := append([]rune(nil), was...)
		switch d.roll(4) {
		case 0:
			typed[at], typed[at+1] = typed[at+1], typed[at]
		case 1:
			typed = append(typed[:at], typed[at+1:]...)
		case 2:
			typed = append(typed[:at+1], typed[at:]...)
		case 3:
			near := l.near[unicode.ToLower(was[at])]
			if len(near) == 0 {
				continue
			}
			typed[at] = near[d.roll(len(near))]
			if unicode.IsUpper(was[at]) {
				typed[at] = unicode.ToUpper(typed[at])
			}
		}
		noisy := norm.NFC.String(string(typed))
		if noisy != s && bare(noisy) != bare(s) && !(known != nil && (known(strings.ToLower(noisy)) || known(bare(noisy)))) {
			return noisy, true
		}
	}
	return s, false
}

// misaccented leaves all accents out, or in a third of the texts writes some
// wrongly: another mark, or one where none belongs.
func (l *language) misaccented(text string, d *dice, known func(string) bool) string {
	pieces := split(text)
	wrong := d.roll(3) == 0
	at := d.order(len(pieces))
	if wrong {
		left := 1 + d.roll(2)
		for _, i := range at {
			if left == 0 {
				break
			}
			if s, ok := l.remark(pieces[i], d, known); ok {
				pieces[i].text = s
				left--
			}
		}
		return join(pieces)
	}
	for i, p := range pieces {
		if p.kind == word {
			pieces[i].text = unmarked(p.text)
		}
	}
	return join(pieces)
}

// remark writes an accent of a word wrongly, where that makes no known word.
func (l *language) remark(p piece, d *dice, known func(string) bool) (string, bool) {
	if p.kind != word || utf8.RuneCountInString(p.text) < 4 {
		return "", false
	}
	letters := []rune(p.text)
	for _, at := range d.order(len(letters)) {
		marks := l.wrong[unicode.ToLower(letters[at])]
		if len(marks) == 0 {
			continue
		}
		r := marks[d.roll(len(marks))]
		if unicode.IsUpper(letters[at]) {
			r = unicode.ToUpper(r)
		}
		typed := append([]rune(nil), letters...)
		typed[at] = r
		if s := norm.NFC.String(string(typed)); known == nil || !known(strings.ToLower(s)) {
			return s, true
		}
	}
	return "", false
}

// unmarked is a word without its marks.
func unmarked(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// letterCase is a way to write a word, first being the first of its sentence.
type letterCase func(s string, first bool) string

func lower(s string, _ bool) string { return strings.ToLower(s) }
func upper(s string, _ bool) string { return strings.ToUpper(s) }

func title(s string, _ bool) string { return capital(s) }

func sentence(s string, first bool) string {
	if first {
		return capital(s)
	}
	return strings.ToLower(s)
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + strings.ToLower(s[size:])
}

// recased writes a text in the first of the cases, shuffled, that it is not in.
func recased(text string, d *dice) string {
	cases := []letterCase{lower, upper, title, sentence}
	for _, i := range d.order(len(cases)) {
		if noisy := caseOf(text, cases[i]); noisy != text {
			return noisy
		}
	}
	return text
}

func caseOf(text string, write letterCase) string {
	pieces := split(text)
	for i, p := range pieces {
		if p.kind == word {
			pieces[i].text = write(p.text, opens(pieces, i))
		}
	}
	return join(pieces)
}
