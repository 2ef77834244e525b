package blockkit

import (
	"strings"
	"unicode"
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

// literal writes a text so that mrkdwn shows it as it is: marks that could set
// a style and names of emoji are written with what looks like them.
func literal(s string) string {
	runes := []rune(uncalled(s))
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
	return "`" + escapes.Replace(noMark.Replace(uncalled(s))) + "`"
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
