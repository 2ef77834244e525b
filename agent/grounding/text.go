package grounding

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/agent/wording"
)

// document is a text cut into paragraphs, rows of tables and sentences.
type document struct {
	sentences []*sentence
}

// sentence is a stretch of text whose names and figures belong together.
type sentence struct {
	line   int
	tokens []token
	spans  []span  // code and quotations
	labels []label // of results, named in it
	// taken marks tokens that are part of a name or date and no figures of
	// their own.
	taken []bool
}

// token is a word, a number or a mark. Low is the word without case.
type token struct {
	text, low string
	kind      tokenKind
	space     bool // blank before it
	code      bool // within code
	start     bool // of a sentence, item or cell: a capital says nothing
}

type tokenKind int

const (
	mark tokenKind = iota
	word
	number
	period
)

// span is a quotation or code within a sentence.
type span struct {
	text string
	from int // first token
	to   int // after the last
}

var (
	// listNumber is the number of an item of a Markdown list.
	listNumber = regexp.MustCompile(`^\s*\d+[.)]\s+`)
	pieces     = regexp.MustCompile("`+|" + // code
		`\d{4}-(?:W\d{2}|Q[1-4]|\d{2}(?:-\d{2})?)\b` + // the key of a period
		`|\d+\pL+\d[\pL\d]*` + // an id
		`|\d(?:[\d.,'’\x{a0}\x{202f}]*\d)?` + // a number
		`|[\pL\p{M}\d_]+(?:[.'’_\-/][\pL\p{M}\d_]+)*` + // a word, also count.field, a-b and x_y
		`|[^\s]`)
	ends = regexp.MustCompile(`^[.!?;:…]$`)
)

// read cuts a Markdown text.
func read(text string) *document {
	d := &document{}
	line := 0
	for raw := range strings.SplitSeq(norm.NFC.String(text), "\n") {
		raw = listNumber.ReplaceAllString(wording.Unescape(strings.TrimRight(raw, " \r")), "")
		if strings.TrimSpace(raw) == "" {
			line++
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(raw), "|") || strings.HasPrefix(strings.TrimSpace(raw), "-") || strings.HasPrefix(strings.TrimSpace(raw), "*") {
			line++
		}
		d.add(line, raw)
	}
	return d
}

// add cuts one line into sentences.
func (d *document) add(line int, raw string) {
	s := &sentence{line: line}
	end := func() {
		if len(s.tokens) > 0 {
			s.taken = make([]bool, len(s.tokens))
			d.sentences = append(d.sentences, s)
		}
		s = &sentence{line: line}
	}
	inCode, last := "", 0
	var open []int // tokens at which quotations begin
	for _, at := range pieces.FindAllStringIndex(raw, -1) {
		piece := raw[at[0]:at[1]]
		if strings.HasPrefix(piece, "`") {
			switch {
			case inCode == "":
				inCode = piece
				s.spans = append(s.spans, span{from: len(s.tokens), to: -1})
			case inCode == piece:
				inCode = ""
				c := &s.spans[len(s.spans)-1]
				c.to = len(s.tokens)
				c.text = textOf(s.tokens[c.from:])
			}
			last = at[1]
			continue
		}
		if strings.TrimSpace(piece) == "" {
			continue // a blank that does not break
		}
		t := token{text: piece, low: strings.ToLower(piece), space: at[0] > last, code: inCode != "", kind: mark}
		switch r := []rune(piece)[0]; {
		case isPeriod.MatchString(piece):
			t.kind = period
		case isNumber.MatchString(piece):
			t.kind = number
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			t.kind = word
		}
		t.start = begins(s.tokens)
		last = at[1]
		if inCode == "" && t.kind == mark {
			switch piece {
			case "*", "~", "|", "#":
				if piece != "~" || nextIs(raw, at[1], '~') {
					if piece == "|" {
						s.tokens = append(s.tokens, t)
					}
					continue
				}
			case "“", "«":
				open = append(open, len(s.tokens)+1)
			case "”", "»", `"`:
				if n := len(open); n > 0 {
					s.spans = append(s.spans, span{from: open[n-1], to: len(s.tokens), text: textOf(s.tokens[min(open[n-1], len(s.tokens)):])})
					open = open[:n-1]
				} else if piece == `"` {
					open = append(open, len(s.tokens)+1)
				}
			}
		}
		s.tokens = append(s.tokens, t)
		if inCode == "" && ends.MatchString(piece) && len(open) == 0 && (at[1] == len(raw) || raw[at[1]] == ' ' || raw[at[1]] == '*') {
			end()
		}
	}
	for i := range s.spans {
		if s.spans[i].to < 0 {
			s.spans[i].to, s.spans[i].text = len(s.tokens), textOf(s.tokens[s.spans[i].from:])
		}
	}
	end()
}

var (
	isPeriod = regexp.MustCompile(`^\d{4}-(?:W\d{2}|Q[1-4]|\d{2}(?:-\d{2})?)$`)
	isNumber = regexp.MustCompile(`^\d(?:[\d.,'’\x{a0}\x{202f}]*\d)?$`)
)

// nextIs tells whether a character follows.
func nextIs(raw string, at int, c byte) bool { return at < len(raw) && raw[at] == c }

// begins tells whether a token after these is the first of something.
func begins(tokens []token) bool {
	for i := len(tokens) - 1; i >= 0; i-- {
		switch {
		case tokens[i].kind != mark:
			return false
		case strings.ContainsAny(tokens[i].text, "|:•·–—-¿¡(“«\"'"):
			return true
		case tokens[i].text == ",":
			return false
		}
	}
	return true
}

// textOf writes tokens as they stood, more or less.
func textOf(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.space {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// key makes a text comparable: its words and numbers without case, a blank
// between.
func key(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}
