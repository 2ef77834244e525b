package perturb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pieceKind tells what of a text may be touched.
type pieceKind uint8

const (
	gap    pieceKind = iota // spaces and punctuation
	word                    // letters, with hyphens and apostrophes inside
	number                  // digits, with points and commas inside
	code                    // letters and digits, snake_case, addresses, dates
	quoted                  // with its quotes
)

// piece is a stretch of a text. The pieces of a text in a row are the text.
type piece struct {
	kind pieceKind
	text string
}

func join(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// closing are the quotes that end what the key begins.
var closing = map[rune]rune{'"': '"', '“': '”', '«': '»', '`': '`', '‘': '’', '\'': '\''}

// split cuts a text into pieces.
func split(text string) []piece {
	var out []piece
	add := func(k pieceKind, s string) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && k == gap && out[n-1].kind == gap {
			out[n-1].text += s
			return
		}
		out = append(out, piece{k, s})
	}
	before := ' ' // the rune before
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if n := quoteLength(text, before); n > 0 {
			add(quoted, text[:n])
			text, before = text[n:], ' '
			continue
		}
		if unicode.IsSpace(r) {
			add(gap, text[:size])
			text, before = text[size:], r
			continue
		}
		// A chunk without spaces, up to where a quote begins.
		end := len(text)
		last := before
		for i, c := range text {
			if unicode.IsSpace(c) || i > 0 && quoteLength(text[i:], last) > 0 {
				end = i
				break
			}
			last = c
		}
		chunk(text[:end], add)
		text, before = text[end:], last
	}
	return out
}

// quoteLength is how many bytes of the text are a quotation at its start; 0
// for none. A single quote begins one where no letter stands before it, and
// ends it where none stands behind it: else it is an apostrophe.
func quoteLength(text string, before rune) int {
	open, size := utf8.DecodeRuneInString(text)
	shut, ok := closing[open]
	if !ok {
		return 0
	}
	single := open == '\'' || open == '‘' || open == '`'
	if single && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return 0
	}
	for i, r := range text[size:] {
		if r != shut {
			continue
		}
		end := size + i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(text[end:])
		if single && (unicode.IsLetter(next) || unicode.IsDigit(next)) {
			continue
		}
		return end
	}
	return 0
}

// chunk takes the punctuation around a chunk off and says what it is.
func chunk(s string, add func(pieceKind, string)) {
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' }
	from := strings.IndexFunc(s, plain)
	if from < 0 {
		add(gap, s)
		return
	}
	to := strings.LastIndexFunc(s, plain)
	_, size := utf8.DecodeRuneInString(s[to:])
	to += size
	core := s[from:to]
	add(gap, s[:from])
	switch {
	case strings.Trim(core, "0123456789.,") == "":
		add(number, core)
	case isWord(core):
		add(word, core)
	default:
		// "shoes,bags" and "spain/portugal" are words with something between.
		parts := strings.FieldsFunc(core, func(r rune) bool { return r == ',' || r == ';' || r == '?' || r == '!' || r == '(' || r == ')' })
		rest := core
		if len(parts) < 2 {
			add(code, core)
			break
		}
		for _, p := range parts {
			i := strings.Index(rest, p)
			add(gap, rest[:i])
			kind := code
			if isWord(p) {
				kind = word
			}
			add(kind, p)
			rest = rest[i+len(p):]
		}
		add(gap, rest)
	}
	add(gap, s[to:])
}

// isWord tells words of letters, hyphens and apostrophes from codes.
func isWord(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '-' && r != '\'' && r != '’' {
			return false
		}
	}
	return true
}

// isAcronym tells words in capitals such as AOV; in a text of capitals
// everything would be one.
func isAcronym(s string) bool {
	return utf8.RuneCountInString(s) > 1 && strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// isName tells words with a capital after a small letter, such as PayPal.
func isName(s string) bool {
	small := false
	for _, r := range s {
		if small && unicode.IsUpper(r) {
			return true
		}
		small = unicode.IsLower(r)
	}
	return false
}

// isCapital tells whether a word begins with a capital.
func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// bare is a word in lower case without marks, as lists are compared by.
func bare(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s)))
}

// opens tells whether piece i is the first word of the text or of a sentence.
func opens(pieces []piece, i int) bool {
	for i--; i >= 0; i-- {
		if pieces[i].kind != gap {
			return false
		}
		if strings.ContainsAny(pieces[i].text, ".?!:¿¡") {
			return true
		}
	}
	return true
}
