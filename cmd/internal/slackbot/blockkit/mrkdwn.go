package blockkit

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"tesela/cmd/internal/render"
)

// style is how a run of text is set.
type style uint8

const (
	bold style = 1 << iota
	italic
	strike
	code
)

// run is a piece of text in one style, not yet escaped. Link is where it
// leads, "" for nowhere.
type run struct {
	text  string
	style style
	link  string
}

// line is what stands on one line as far as there is room: a paragraph, an item
// of a list. Its prefix is Slack's own writing already; then is that of the
// lines it goes on over where it has to be cut.
type line struct {
	prefix, then string
	runs         []run
}

// plainLine is a line of one text.
func plainLine(text string, s style) line { return line{runs: []run{{text: text, style: s}}} }

// marks that set a style in mrkdwn, and what looks like them and is none. Slack
// has no way to escape them.
var lookalike = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼', '`': 'ˋ'}

// noMark makes a text within code or a table be nothing but read there.
var noMark = strings.NewReplacer("`", "ˋ")

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// clean is a text of the data, of a person or of a model as one line that can
// do nothing but be read: no control characters, none that nobody sees, and no
// call to everybody.
func clean(s string) string {
	s = render.Clean(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	marks, last := 0, rune(' ')
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\u200d' && last > 0x2000 && i+1 < len(runes): // joins emoji
		case r == '\u200c' && unicode.IsLetter(last) && last > 0x300: // joins letters of scripts that need it
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u00ad' || r == '\u034f' || r == '\u180e' ||
			r == '\u2028' || r == '\u2029' || r >= '\u2060' && r <= '\u206f' || r >= 0xe0000 && r <= 0xe0fff || r == '\u115f' || r == '\u3164':
			continue
		}
		if unicode.Is(unicode.Mn, r) && r != '\ufe0f' {
			if marks++; marks > 3 {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
		last = r
	}
	return calls.Replace(b.String())
}

// calls are words that call a whole channel where a client looks for them.
var calls = strings.NewReplacer("@here", "＠here", "@channel", "＠channel", "@everyone", "＠everyone", "@group", "＠group",
	"@Here", "＠Here", "@Channel", "＠Channel", "@Everyone", "＠Everyone", "@HERE", "＠HERE", "@CHANNEL", "＠CHANNEL", "@EVERYONE", "＠EVERYONE")

// literal writes a text so that mrkdwn shows it as it is: marks that could set
// a style and names of emoji are written with what looks like them.
func literal(s string) string {
	runes := []rune(s)
	for i, r := range runes {
		if other, ok := lookalike[r]; ok {
			within := i > 0 && i+1 < len(runes) && alnum(runes[i-1]) && alnum(runes[i+1])
			apart := i > 0 && i+1 < len(runes) && runes[i-1] == ' ' && runes[i+1] == ' '
			if r == '`' || !within && !apart {
				runes[i] = other
			}
		}
		if r == ':' && i > 0 && emojiEnds(runes[:i]) {
			runes[i] = '∶'
		}
	}
	return escapes.Replace(string(runes))
}

// emojiEnds tells whether a text ends with what a colon would make the name of
// an emoji. Digits alone are times, but for the two names there are.
func emojiEnds(before []rune) bool {
	at := len(before)
	for at > 0 && (alnum(before[at-1]) && before[at-1] < utf8Self || strings.ContainsRune("_+-'", before[at-1])) {
		at--
	}
	if at == len(before) || at == 0 || before[at-1] != ':' {
		return false
	}
	name := string(before[at:])
	return strings.Trim(name, "0123456789") != "" || name == "100" || name == "1234"
}

const utf8Self = 0x80

func alnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// codeSpan is a text as inline code.
func codeSpan(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return ""
	}
	return "`" + escapes.Replace(noMark.Replace(s)) + "`"
}

// mrkdwn writes a line. A style whose marks Slack would not see as such, as
// they stand within a word, is left out.
func (l line) mrkdwn() string {
	runs := tidy(l.runs)
	var b strings.Builder
	b.WriteString(l.prefix)
	for i, r := range runs {
		if i == 0 && l.prefix == "" && strings.HasPrefix(r.text, ">") && r.style&code == 0 {
			r.text = "＞" + r.text[1:] // no quote
		}
		before, after := ' ', ' '
		if i > 0 {
			before = lastRune(runs[i-1].text)
			if runs[i-1].style != 0 {
				before = 'x' // a mark right behind a mark
			}
		}
		if i+1 < len(runs) {
			after, _ = firstRune(runs[i+1].text)
		}
		b.WriteString(r.mrkdwn(parts(before) && parts(after)))
	}
	return b.String()
}

// parts tells whether a mark beside this is seen as one.
func parts(r rune) bool {
	return r == ' ' || r == '\n' || r < utf8Self && !alnum(r) && lookalike[r] == 0 || strings.ContainsRune("·–—“”«»¿¡", r)
}

func (r run) mrkdwn(free bool) string {
	var text string
	switch {
	case r.style&code != 0:
		text = codeSpan(r.text)
	default:
		text = literal(r.text)
	}
	if r.link != "" {
		text = "<" + r.link + "|" + strings.ReplaceAll(text, "|", "¦") + ">"
	}
	if !free || r.style&code != 0 || strings.TrimSpace(r.text) == "" {
		return text
	}
	for _, m := range []struct {
		style style
		mark  string
	}{{strike, "~"}, {italic, "_"}, {bold, "*"}} {
		if r.style&m.style != 0 {
			text = m.mark + text + m.mark
		}
	}
	return text
}

// tidy joins neighbours of one style and puts blanks outside of styles.
func tidy(runs []run) []run {
	var out []run
	add := func(r run) {
		if r.text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].style == r.style && out[n-1].link == r.link && r.style&code == 0 {
			out[n-1].text += r.text
			return
		}
		out = append(out, r)
	}
	for _, r := range runs {
		if r.style == 0 && r.link == "" {
			add(r)
			continue
		}
		inner := strings.Trim(r.text, " ")
		lead := r.text[:len(r.text)-len(strings.TrimLeft(r.text, " "))]
		add(run{text: lead})
		if inner == "" {
			continue
		}
		add(run{text: inner, style: r.style, link: r.link})
		add(run{text: r.text[len(lead)+len(inner):]})
	}
	return out
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return ' ', false
}

func lastRune(s string) rune {
	last := ' '
	for _, r := range s {
		last = r
	}
	return last
}

// plain is a line's text without styles.
func (l line) plain() string {
	var b strings.Builder
	for _, r := range l.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

// spoken is a line's text without styles, with its number where it has one.
func (l line) spoken() string {
	if number := strings.TrimSpace(l.prefix); strings.Trim(number, "0123456789") == "." {
		return number + " " + l.plain()
	}
	return l.plain()
}

// size is a text's length as Slack may count it at most: characters beyond the
// first plane as two.
func size(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// cut parts a line into lines that are each written in at most so many
// characters: between words, and within one only where it is longer than that
// itself.
func (l line) cut(most int) []line {
	if size(l.mrkdwn()) <= most {
		return []line{l}
	}
	var out []line
	now := line{prefix: l.prefix, then: l.then}
	long, last := size(l.prefix), run{}
	flush := func() {
		now.runs = joined(now.runs)
		out = append(out, now)
		now = line{prefix: l.then, then: l.then}
		long, last = size(l.then), run{}
	}
	put := func(r run) {
		long += cost(r, last)
		last = r
		now.runs = append(now.runs, r)
	}
	for _, r := range tidy(l.runs) {
		// Code stays whole where a line has room for it, and links do.
		whole := r.link != "" || r.style&code != 0 && size(l.then)+cost(r, run{}) <= most
		for _, word := range atBlanks(r.text, whole) {
			piece := run{text: word, style: r.style, link: r.link}
			if long+cost(piece, last) <= most {
				put(piece)
				continue
			}
			if len(now.runs) > 0 {
				flush()
			}
			piece.text = strings.TrimLeft(word, " ")
			for long+cost(piece, last) > most {
				at := longest(piece, most-long)
				put(run{text: piece.text[:at], style: r.style})
				flush()
				piece.text, piece.link = piece.text[at:], ""
			}
			put(piece)
		}
	}
	if len(now.runs) > 0 {
		flush()
	}
	return out
}

// markCost is what the marks of a run's styles take at most.
const markCost = 8

// cost is how many characters a run adds at most to a line behind another.
func cost(r, before run) int {
	n := size(escapes.Replace(r.text))
	if r.style != before.style || r.link != before.link || r.link != "" || before.text == "" {
		n += markCost
	}
	if r.link != "" {
		n += size(r.link) + 3
	}
	return n
}

// joined puts the words of what was one run together again.
func joined(runs []run) []run {
	var out []run
	for _, r := range runs {
		if n := len(out); n > 0 && out[n-1].style == r.style && out[n-1].link == r.link {
			out[n-1].text += r.text
			continue
		}
		out = append(out, r)
	}
	return out
}

// longest is how much of a word fits into so many characters, in bytes; at
// least a character.
func longest(r run, most int) int {
	n := markCost
	for i, c := range r.text {
		if n += size(escapes.Replace(string(c))); n > most && i > 0 {
			return i
		}
	}
	return len(r.text)
}

// atBlanks parts a text before each blank, so that the parts joined are the text;
// whole keeps it in one.
func atBlanks(s string, whole bool) []string {
	if whole {
		return []string{s}
	}
	var out []string
	start := 0
	for i := 1; i < len(s); i++ {
		if s[i] == ' ' && s[i-1] != ' ' {
			out = append(out, s[start:i])
			start = i
		}
	}
	return append(out, s[start:])
}
