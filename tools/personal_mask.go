package tools

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Masked stands where a text told of somebody.
const Masked = "▒▒▒"

// Mask takes out of texts what tells of single customers: their ids, where ids
// is set, the values of their personal fields, two names in a row, e-mail
// addresses and telephone numbers. Too much goes rather than too little. The
// number is how many texts it changed.
func (p *PersonalSearch) Mask(texts []string, ids bool) ([]string, int) {
	words := make([][]wordSpan, len(texts))
	asked := map[string]struct{}{}
	for i, text := range texts {
		words[i] = wordSpans(text)
		eachPart(text, words[i], func(_, _ int, part wordSpan) {
			for _, form := range writings(part.of(text)) {
				asked[form] = struct{}{}
			}
		})
	}
	customers, values := p.lookUp(asked, ids)
	out, changed := make([]string, len(texts)), 0
	for i, text := range texts {
		gone := p.personalSpans(text, words[i], customers, values)
		if out[i] = blotted(text, gone); out[i] != text {
			changed++
		}
	}
	return out, changed
}

// MaskPatterns takes e-mail addresses and telephone numbers out of a text,
// which needs no data.
func MaskPatterns(text string) string { return blotted(text, patternSpans(text, wordSpans(text))) }

// wordSpan is a stretch of a text, in bytes.
type wordSpan struct{ from, to int }

func (s wordSpan) of(text string) string { return text[s.from:s.to] }

// wordSpans are the runs of letters and digits of a text.
func wordSpans(text string) []wordSpan {
	var words []wordSpan
	from := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		switch {
		case in && from < 0:
			from = i
		case !in && from >= 0:
			words, from = append(words, wordSpan{from, i}), -1
		}
	}
	if from >= 0 {
		words = append(words, wordSpan{from, len(text)})
	}
	return words
}

// mostPart bounds a part of a text that is looked up, in bytes.
const mostPart = 120

// eachPart gives the parts of a text that may be a value: some words in a row
// with what stands between them, and with the marks right before and after.
func eachPart(text string, words []wordSpan, f func(first, n int, part wordSpan)) {
	for i, w := range words {
		for n := 1; n <= mostNamed && i+n <= len(words); n++ {
			part := wordSpan{w.from, words[i+n-1].to}
			if part.to-part.from > mostPart {
				break
			}
			f(i, n, part)
			before, after := part.from, part.to
			for before > 0 && strings.IndexByte(" \t\r\n\"'(", text[before-1]) < 0 && text[before-1] < utf8.RuneSelf && !(i > 0 && before <= words[i-1].to) {
				before--
			}
			for after < len(text) && strings.IndexByte(" \t\r\n\"',)", text[after]) < 0 && text[after] < utf8.RuneSelf && !(i+n < len(words) && after >= words[i+n].from) {
				after++
			}
			if before < part.from {
				f(i, n, wordSpan{before, part.to})
			}
			if after > part.to {
				f(i, n, wordSpan{part.from, after})
			}
			if before < part.from && after > part.to {
				f(i, n, wordSpan{before, after})
			}
		}
	}
}

// writings are the ways a value may be capitalised.
func writings(part string) []string {
	if strings.ContainsAny(part, "\t\r\n\u00a0") || strings.Contains(part, "  ") {
		part = strings.Join(strings.Fields(part), " ")
	}
	all := []string{part}
	for _, form := range []string{strings.ToLower(part), strings.ToUpper(part), capitalised(part)} {
		if form != all[0] && form != all[len(all)-1] {
			all = append(all, form)
		}
	}
	return all
}

// mostScans is how often values are gone through before they are indexed.
const mostScans = 8

// lookUp tells which of the texts are customers' ids and which are values of
// personal fields. The first times it goes through all of them, for building an
// index takes longer than that; whoever asks again and again is worth one.
func (p *PersonalSearch) lookUp(asked map[string]struct{}, ids bool) (customers, values map[string]bool) {
	customers, values = map[string]bool{}, map[string]bool{}
	if len(asked) == 0 {
		return customers, values
	}
	find := among
	if p.masked.Add(1) > mostScans {
		find = indexed
	}
	if ids {
		find(p.ids, asked, customers)
	}
	for _, d := range p.values {
		find(d, asked, values)
	}
	return customers, values
}

func indexed(d *column.Dict, asked map[string]struct{}, found map[string]bool) {
	for text := range asked {
		if _, ok := d.Code(text); ok {
			found[text] = true
		}
	}
}

func among(d *column.Dict, asked map[string]struct{}, found map[string]bool) {
	var long [mostPart + 1][256]bool // by length and last byte
	for text := range asked {
		long[min(len(text), mostPart)][text[len(text)-1]] = true
	}
	for code := range d.Len() {
		word := d.Word(uint32(code + 1))
		if word == "" || !long[min(len(word), mostPart)][word[len(word)-1]] {
			continue
		}
		if _, ok := asked[word]; ok {
			found[word] = true
		}
	}
}

// personalSpans are the stretches of a text that tell of somebody.
func (p *PersonalSearch) personalSpans(text string, words []wordSpan, customers, values map[string]bool) []wordSpan {
	has := func(set map[string]bool, part string) bool {
		for _, form := range writings(part) {
			if set[form] {
				return true
			}
		}
		return false
	}
	gone := patternSpans(text, words)
	alone := make([]bool, len(words)) // the word is a value by itself
	eachPart(text, words, func(i, n int, span wordSpan) {
		part := span.of(text)
		if customers[part] && !(wholeNumber(part) && len(part) < 5) {
			gone = append(gone, span)
		}
		if !has(values, part) {
			return
		}
		if n == 1 && (wholeNumber(part) || !strings.ContainsAny(part, "@0123456789")) {
			alone[i] = true
			return
		}
		gone = append(gone, span)
	})
	for i := 1; i < len(words); i++ {
		if alone[i] && alone[i-1] && !strings.ContainsAny(text[words[i-1].to:words[i].from], ",;:") {
			gone = append(gone, wordSpan{words[i-1].from, words[i].to})
		}
	}
	return gone
}

// patternSpans are the stretches that look like e-mail addresses or telephone
// numbers.
func patternSpans(text string, words []wordSpan) []wordSpan {
	var gone []wordSpan
	for at := 0; at < len(text); at++ {
		if text[at] != '@' {
			continue
		}
		from, to := at, at+1
		for from > 0 && !strings.ContainsRune(" \t\r\n\"'<>()[]{},;:|=", rune(text[from-1])) {
			from--
		}
		for to < len(text) && !strings.ContainsRune(" \t\r\n\"'<>()[]{},;:|=?!", rune(text[to])) {
			to++
		}
		if from < at && isAddress(strings.TrimRight(text[from:to], ".")) {
			gone = append(gone, wordSpan{from, to})
		}
	}
	for i := range words {
		if span, ok := telephoneAt(text, words, i); ok {
			gone = append(gone, span)
		}
	}
	return gone
}

// telephoneAt tells whether a telephone number begins with a word: digits in
// groups after a plus or a bracket, or nine digits and more that are no date
// and no amount, without a space.
func telephoneAt(text string, words []wordSpan, i int) (wordSpan, bool) {
	if !allDigits(words[i].of(text)) || i > 0 && allDigits(words[i-1].of(text)) && betweenGroups(text[words[i-1].to:words[i].from], false) {
		return wordSpan{}, false // the middle of one
	}
	from := words[i].from
	for from > 0 && (text[from-1] == '+' || text[from-1] == '(') {
		from--
	}
	marked := from < words[i].from
	digits, j := 0, i
	for ; j < len(words) && j < i+7 && allDigits(words[j].of(text)); j++ {
		if j > i && !betweenGroups(text[words[j-1].to:words[j].from], marked) {
			break
		}
		digits += words[j].to - words[j].from
	}
	span := wordSpan{from, words[j-1].to}
	decimals := span.to+1 < len(text) && text[span.to] == '.' && allDigits(text[span.to+1:span.to+2])
	if decimals || from > 0 && strings.IndexByte(".,", text[from-1]) >= 0 || looksDated(span.of(text)) {
		return wordSpan{}, false // a figure, or a date
	}
	if marked {
		return span, digits >= 8
	}
	return span, digits >= 9 && digits <= 15
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// betweenGroups tells whether what stands between two runs of digits may stand
// between the groups of one telephone number; a space only where a mark said
// that it is one.
func betweenGroups(s string, marked bool) bool {
	switch s {
	case "-", ")", ")-":
		return true
	case " ", ") ", " (", " - ":
		return marked
	}
	return false
}

// blotted is a text with stretches of it masked; those that overlap are one.
func blotted(text string, gone []wordSpan) string {
	if len(gone) == 0 {
		return text
	}
	masked := make([]bool, len(text))
	for _, s := range gone {
		for i := s.from; i < s.to; i++ {
			masked[i] = true
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !masked[i]:
			b.WriteByte(text[i])
		case i == 0 || !masked[i-1]:
			b.WriteString(Masked)
		}
	}
	return b.String()
}

// OverPersonal tells whether a text is a formula over values of personal
// fields; of one that cannot be read it is enough to name such a field.
func (p *PersonalSearch) OverPersonal(text string) bool {
	if !strings.ContainsAny(text, "=~<>\"") {
		return false
	}
	if _, err := syntax.Parse(text); err == nil {
		return p.inFormula(text)
	}
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), p.isField)
}
