package planner

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells words from numbers, quoted texts and punctuation.
type tokenKind uint8

const (
	tokWord tokenKind = iota
	tokNumber
	tokDate
	tokQuoted
	tokSymbol // % € + < and the like: looked up in the lexicon
	tokBreak  // , ; : ( ) : part clauses, otherwise without weight
)

// token is a piece of the question with its place in it.
type token struct {
	kind     tokenKind
	text     string // as typed
	folded   string // see fold; may hold spaces for snake_case or hyphens
	from, to int    // byte offsets
	mended   bool   // stands for a slip: it is none itself
}

var tokenForms = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`"[^"]*"|“[^”]*”|«[^»]*»`, // quoted
	`\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\d{1,2}/\d{1,2}/\d{2}\b|\d{1,2}/\d{4}\b|\d{4}-\d{2}\b|\d{1,2}/\d{1,2}\b`, // dates
	`['’]\d{2}\b`,                     // years of two digits
	`\d+\.?[ºª]|\d+(?:st|nd|rd|th)\b`, // ordinals
	`\d{4,}\p{L}[\p{L}\p{N}]*`,        // codes such as 85123A
	`\d+(?:[.,]\d+)*(?:['’]s\b)?`,     // numbers, "2025's" among them
	`r\$|us\$`,                        // currency signs with letters
	`[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*(?:['’´][\p{L}]+)*`, // words
	`>=|<=|==|!=|[%€£$<>=≥≤+&–-]`,                        // symbols
	`[,;:()?¿!¡.]`,
}, "|"))

// tokenize cuts a question into tokens; runes of no use are skipped.
func tokenize(s string) []token {
	var out []token
	for _, m := range cuts(s) {
		t := token{text: s[m[0]:m[1]], from: m[0], to: m[1]}
		first, _ := utf8.DecodeRuneInString(t.text)
		switch {
		case first == '\'' && m[1] > m[0]+3 && s[m[1]-1] == '\'':
			t.kind, t.text = tokQuoted, t.text[1:len(t.text)-1]
			t.folded = fold(t.text)
		case first == '"' || first == '“' || first == '«':
			t.kind = tokQuoted
			_, a := utf8.DecodeRuneInString(t.text)
			_, z := utf8.DecodeLastRuneInString(t.text)
			t.text = t.text[a : len(t.text)-z]
			t.folded = fold(t.text)
		case first == '\'' || first == '’':
			t.kind, t.folded = tokDate, t.text
		case first >= '0' && first <= '9' && strings.ContainsAny(t.text, "ºª"):
			t.kind, t.folded = tokNumber, strings.TrimRight(fold(t.text), " ")
		case first >= '0' && first <= '9' && strings.ContainsFunc(t.text, unicode.IsLetter):
			t.kind, t.folded = tokWord, fold(t.text)
		case first >= '0' && first <= '9':
			t.kind = tokNumber
			if dateForm.MatchString(t.text) {
				t.kind = tokDate
			}
			if own, is := strings.CutSuffix(strings.ReplaceAll(strings.ToLower(t.text), "’", "'"), "'s"); is {
				t.text = own
			}
			t.folded = t.text
		case strings.ContainsRune(",;:()?¿!¡.", first):
			t.kind = tokBreak
			t.folded = t.text
		case strings.ContainsRune("%€£$<>=!≥≤+&–-", first):
			t.kind = tokSymbol
			t.folded = t.text
		default:
			t.kind = tokWord
			// "customers'" and "customer's" are the noun; "didn't" is one word.
			w := strings.ReplaceAll(t.text, "’", "'")
			if low := strings.ToLower(w); strings.HasSuffix(low, "'s") {
				w = w[:len(w)-2]
			}
			t.folded = fold(w)
		}
		if t.folded == "" {
			continue
		}
		// A hyphenated word is words: "one-time", "e-mail". A bare hyphen
		// between words has no weight, between numbers it is a range.
		if t.kind == tokSymbol && (t.folded == "-" || t.folded == "–") {
			joined := t.from > 0 && t.to < len(s) && s[t.from-1] != ' ' && s[t.to] != ' '
			digits := t.from > 0 && t.to < len(s) && isDigit(s[t.from-1]) && isDigit(s[t.to])
			if joined && !digits {
				continue
			}
			switch {
			case digits:
			case t.to < len(s) && isDigit(s[t.to]): // a figure below zero: no word knows it
				t.folded = "−"
			default:
				t.kind = tokBreak
			}
		}
		out = append(out, t)
	}
	return out
}

// capital tells whether a word is written as a name is: with a capital amid a
// question that writes other words without one.
func (p *parse) capital(i int) bool { return capitalAt(p.toks, i) }

// capitalAt is capital of the tokens of a question.
func capitalAt(toks []token, i int) bool {
	upper := func(t token) bool {
		r, _ := utf8.DecodeRuneInString(t.text)
		return unicode.IsUpper(r)
	}
	if i == 0 || !upper(toks[i]) {
		return false
	}
	for _, t := range toks[:i] {
		if t.kind == tokWord && !upper(t) {
			return true
		}
	}
	return false
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

var dateForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}/\d{1,2}/\d{2}|\d{1,2}/\d{4}|\d{4}-\d{2}|\d{1,2}/\d{1,2})$`)
