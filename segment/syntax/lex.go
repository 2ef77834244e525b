package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind tells tokens apart.
type kind uint8

const (
	tokEnd    kind = iota
	tokBad         // err says why
	tokWord        // a bare word, keyword or name: text in lower case
	tokQuoted      // a name in back quotes: text is the name
	tokString      // text is the string
	tokNumber      // raw digits in text
	tokDate        // canonical date in text
	tokSign        // punctuation or an operator in text
)

// token is one lexical unit of a formula.
type token struct {
	kind kind
	text string
	span Span
	err  *Error
}

// is tells whether the token is that sign or keyword.
func (t token) is(text string) bool {
	return (t.kind == tokSign || t.kind == tokWord) && t.text == text
}

// comparison tells whether the token is = != < <= > or >=.
func (t token) comparison() bool {
	return t.kind == tokSign && (t.text == "!=" || t.text[0] == '=' || t.text[0] == '<' || t.text[0] == '>')
}

// lexer cuts a text into tokens. The first fault becomes a tokBad, and ends
// the list: the parser reports it if it gets that far.
type lexer struct {
	src  string
	pos  int
	toks []token
}

func lex(src string) []token {
	l := &lexer{src: src}
	for l.pos < len(l.src) {
		t := l.next()
		if t.kind == tokEnd {
			continue // white space
		}
		t.span.To = l.pos
		l.toks = append(l.toks, t)
		if t.kind == tokBad {
			break
		}
	}
	l.toks = append(l.toks, token{kind: tokEnd, span: Span{len(src), len(src)}})
	return l.toks
}

// next reads one token, or skips white space and returns a tokEnd.
func (l *lexer) next() token {
	from := l.pos
	r, size := utf8.DecodeRuneInString(l.src[from:])
	t := token{span: Span{From: from}}
	switch {
	case r == utf8.RuneError && size == 1:
		l.pos++
		return l.bad(from, "the text is not valid UTF-8 here")
	case unicode.IsSpace(r):
		l.pos += size
		return t
	case r == '_' || unicode.IsLetter(r):
		for l.pos < len(l.src) {
			r, size := utf8.DecodeRuneInString(l.src[l.pos:])
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				break
			}
			l.pos += size
		}
		t.kind, t.text = tokWord, lowerASCII(l.src[from:l.pos])
		return t
	case '0' <= r && r <= '9':
		return l.number()
	case r == '"':
		return l.quotedText()
	case r == '`':
		return l.quotedName()
	}
	return l.sign(r, size)
}

// signSlips are signs of other languages, and what to write instead.
var signSlips = []struct{ sign, hint string }{
	{"===", `write "=" to compare`},
	{"==", `write "=" to compare`},
	{"<>", `write "!=" for "is not"`},
	{"=<", `write "<=" for "at most"`},
	{"=>", `write ">=" for "at least"`},
	{"≤", `write "<=" for "at most"`},
	{"≥", `write ">=" for "at least"`},
	{"≠", `write "!=" for "is not"`},
	{"&&", `write "and"`},
	{"&", `write "and"`},
	{"||", `write "or"`},
	{"|", `write "or"`},
	{"!", `write "not", or "!=" to compare`},
	{"'", `texts stand in double quotes: "…"`},
	{"“", `texts stand in straight double quotes: "…"`},
	{"”", `texts stand in straight double quotes: "…"`},
	{"„", `texts stand in straight double quotes: "…"`},
	{"«", `texts stand in straight double quotes: "…"`},
	{"»", `texts stand in straight double quotes: "…"`},
	{"‘", `texts stand in straight double quotes: "…"`},
	{"’", `texts stand in straight double quotes: "…"`},
	{"−", `write the plain minus sign "-"`},
	{"–", `write the plain minus sign "-"`},
	{"—", `write the plain minus sign "-"`},
	{"×", `write "*" to multiply`},
	{"÷", `write "/" to divide`},
	{"[", `use round brackets "(" and ")"`},
	{"]", `use round brackets "(" and ")"`},
	{"{", `use round brackets "(" and ")"`},
	{"}", `use round brackets "(" and ")"`},
	{";", `join conditions with "and" or "or"`},
	{"$", "write an amount as a plain number, without its currency"},
	{"€", "write an amount as a plain number, without its currency"},
	{"£", "write an amount as a plain number, without its currency"},
}

func (l *lexer) sign(r rune, size int) token {
	from := l.pos
	rest := l.src[from:]
	t := token{kind: tokSign, span: Span{From: from}}
	if strings.HasPrefix(rest, "!=") {
		l.pos += 2
		t.text = "!="
		return t
	}
	for _, s := range signSlips {
		if strings.HasPrefix(rest, s.sign) {
			l.pos += len(s.sign)
			return l.bad(from, fmt.Sprintf("%q is not part of the language: %s", s.sign, s.hint))
		}
	}
	if strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, ">=") {
		l.pos += 2
		t.text = rest[:2]
		return t
	}
	if strings.ContainsRune("=<>+-*/(),.:%", r) {
		l.pos += size
		t.text = string(r)
		if r == '.' && l.pos < len(l.src) && digit(l.src[l.pos]) {
			if n := len(l.toks); n > 0 && l.toks[n-1].span.To == from &&
				(l.toks[n-1].kind == tokWord || l.toks[n-1].kind == tokQuoted) {
				return l.bad(from, "a name that begins with a digit stands in back quotes, as in order.`2nd_price`")
			}
			return l.bad(from, "a number begins with a digit: write 0.5, not .5")
		}
		return t
	}
	l.pos += size
	return l.bad(from, fmt.Sprintf("%q has no meaning here; a name with such signs stands in back quotes, a text in double quotes", r))
}

// bad is a token for a fault that spans from there to the present position.
func (l *lexer) bad(from int, message string) token {
	s := Span{from, l.pos}
	return token{kind: tokBad, span: s, err: &Error{Span: s, Message: message}}
}

// number reads a number or a date; a year-month stays three tokens, since
// only a window gives it that meaning.
func (l *lexer) number() token {
	from := l.pos
	t := token{kind: tokNumber, span: Span{From: from}}
	if n := dateLen(l.src[from:]); n > 0 {
		l.pos += n
		d, err := newDate(l.src[from:l.pos])
		if err != "" {
			return l.bad(from, err)
		}
		t.kind, t.text = tokDate, d
		return t
	}
	for l.pos < len(l.src) && digit(l.src[l.pos]) {
		l.pos++
	}
	if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && digit(l.src[l.pos+1]) {
		l.pos++
		for l.pos < len(l.src) && digit(l.src[l.pos]) {
			l.pos++
		}
	}
	t.text = l.src[from:l.pos]
	return t
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
