package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// quotedText reads a string: \" \\ \n \t and \uXXXX (pairs of surrogates
// together) are escapes; everything else, line breaks too, stands for itself.
func (l *lexer) quotedText() token {
	from := l.pos
	l.pos++
	var b strings.Builder
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		switch {
		case r == utf8.RuneError && size == 1:
			at := l.pos
			l.pos++
			return l.bad(at, "the text is not valid UTF-8 here")
		case r == '"':
			l.pos++
			return token{kind: tokString, text: norm.NFC.String(b.String()), span: Span{From: from}}
		case r == '\\':
			at := l.pos
			e, n := unescape(l.src[at:])
			if n == 0 {
				l.pos = min(at+2, len(l.src))
				for l.pos < len(l.src) && !utf8.RuneStart(l.src[l.pos]) {
					l.pos++
				}
				return l.bad(at, `unknown escape in a text: there are \" \\ \n \t and \u with four hexadecimal digits`)
			}
			b.WriteRune(e)
			l.pos += n
		default:
			b.WriteString(l.src[l.pos : l.pos+size])
			l.pos += size
		}
	}
	return l.bad(from, `the text that begins here lacks its closing "`)
}

// unescape reads the escape at the start of s; n is 0 where there is none.
func unescape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\':
		return rune(s[1]), 2
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'u':
		high, ok := hex4(s)
		if !ok {
			return 0, 0
		}
		if !utf16.IsSurrogate(high) {
			return high, 6
		}
		low, ok := hex4(s[6:])
		if !ok {
			return 0, 0
		}
		if r := utf16.DecodeRune(high, low); r != unicode.ReplacementChar {
			return r, 12
		}
	}
	return 0, 0
}

// hex4 reads \uXXXX at the start of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for i := 2; i < 6; i++ {
		if !strings.Contains("0123456789abcdefABCDEF", s[i:i+1]) {
			return 0, false
		}
	}
	v, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(v), err == nil
}

// quotedName reads a name in back quotes, in which two back quotes stand for
// one and nothing else is special.
func (l *lexer) quotedName() token {
	from := l.pos
	l.pos++
	var b strings.Builder
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if r == utf8.RuneError && size == 1 {
			at := l.pos
			l.pos++
			return l.bad(at, "the text is not valid UTF-8 here")
		}
		if r == '`' {
			if !strings.HasPrefix(l.src[l.pos+1:], "`") {
				l.pos++
				if b.Len() == 0 {
					return l.bad(from, "a name in back quotes cannot be empty")
				}
				return token{kind: tokQuoted, text: norm.NFC.String(b.String()), span: Span{From: from}}
			}
			l.pos++
		}
		b.WriteString(l.src[l.pos : l.pos+size])
		l.pos += size
	}
	return l.bad(from, "the name that begins here lacks its closing back quote")
}

// Quote prints a name as a formula holds it: bare where that is possible,
// else in back quotes.
func Quote(name string) string {
	if bare(name) && !reserved[name] {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// QuoteText prints a text as a formula holds it: in double quotes, with
// escapes for the quote, the backslash and what cannot be seen.
func QuoteText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// hidden tells of controls, line separators and the marks that turn the
// direction of writing: shown raw they would make a formula read as another.
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case '\u200e' <= r && r <= '\u200f', '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}
