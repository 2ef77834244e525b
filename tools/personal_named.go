package tools

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/segment/column"
)

// mostNamed is how many words a value of a personal field is looked for in: a
// name, an address.
const mostNamed = 8

// names tells whether a text names somebody: by a value of a personal field
// that is several words or holds a figure or an at sign, by two words after one
// another that are values by themselves, as a first name and a last one, or by
// a telephone number. A single word that is some customer's name is a word like
// others: May, Paris.
func (p *PersonalSearch) names(text string) bool {
	words := strings.Fields(text)
	return hasTelephone(words) || p.hasValue(words)
}

// tells tells whether a text that the data holds tells of somebody: a name of
// something, or the definition of a segment or word. Long numbers are what is
// sold as well as telephones, so they do not count here.
func (p *PersonalSearch) tells(text string) bool {
	return p.hasValue(strings.Fields(text)) || strings.ContainsAny(text, "=~\"") && p.inFormula(text)
}

// inWords tells whether the title, the notes or the segments of a result tell
// of somebody.
func (p *PersonalSearch) inWords(r *Result) bool {
	texts := append([]string{r.Title}, r.Notes...)
	for _, s := range r.Segments {
		texts = append(texts, s.Name, s.Formula, s.Text, s.Action, s.Evidence)
		texts = append(append(texts, s.Apart...), s.Notes...)
		for _, o := range s.Overlaps {
			texts = append(texts, o.Name)
		}
	}
	return slices.ContainsFunc(texts, p.tells)
}

// hasValue tells whether words hold a value of a personal field, or two.
func (p *PersonalSearch) hasValue(words []string) bool {
	if len(p.values) == 0 {
		return false
	}
	before := false // the word before is a value by itself
	for i := range words {
		for n := 1; n <= mostNamed && i+n <= len(words); n++ {
			part := strings.Trim(strings.Join(words[i:i+n], " "), ".,:;?!¿¡\"'“”«»()")
			if part == "" || !p.isValue(part) {
				if n == 1 {
					before = false
				}
				continue
			}
			if n > 1 || before || strings.ContainsAny(part, "@0123456789") && !wholeNumber(part) {
				return true
			}
			// What ends with a comma is not the first half of a name.
			before = strings.HasSuffix(words[i], part)
		}
	}
	return false
}

// isValue tells whether a personal field has a value, however it is
// capitalised here.
func (p *PersonalSearch) isValue(text string) bool {
	for _, form := range []string{text, strings.ToLower(text), strings.ToUpper(text), capitalised(text)} {
		if slices.ContainsFunc(p.values, func(d *column.Dict) bool { _, ok := d.Code(form); return ok }) {
			return true
		}
	}
	return false
}

// capitalised writes a text with each word's first letter large.
func capitalised(text string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToTitle(r)) + w[size:]
	}
	return strings.Join(words, " ")
}

// hasTelephone tells whether words hold a telephone number: digits in groups
// after a plus, or nine digits and more that are no date and no amount.
func hasTelephone(words []string) bool {
	for i, w := range words {
		w = strings.Trim(w, ",;:?!¿¡\"'“”«»()")
		switch {
		case strings.HasPrefix(w, "+"):
			digits := 0
			for _, part := range words[i:min(len(words), i+6)] {
				n, ok := digitsOf(part)
				if !ok {
					break
				}
				digits += n
			}
			if digits >= 8 {
				return true
			}
		default:
			if n, ok := digitsOf(w); ok && n >= 9 && n <= 15 && !strings.Contains(w, ".") && !looksDated(w) {
				return true
			}
		}
	}
	return false
}

// digitsOf counts the digits of a word that has nothing else but what stands
// between the groups of a number.
func digitsOf(word string) (n int, ok bool) {
	for _, r := range strings.Trim(word, ",;:?!.") {
		switch {
		case r >= '0' && r <= '9':
			n++
		case !strings.ContainsRune("+-().", r):
			return 0, false
		}
	}
	return n, n > 0
}

// looksDated tells whether a word begins as 2011-12-09 does.
func looksDated(word string) bool {
	return len(word) >= 7 && word[4] == '-' && (word[0] == '1' || word[0] == '2')
}
