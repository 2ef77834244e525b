package perturb

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// move is a rule that moves a clause: a text of the form from becomes one of
// the form to ($1, ${rest}), unless one of the bars is found in the group
// called rest.
type move struct {
	from   *regexp.Regexp
	to     string
	unless []*regexp.Regexp
}

// reorder applies the first rule, shuffled, that fits. A text with quotations
// or more than one sentence is left alone.
func (l *language) reorder(text string, d *dice) string {
	for _, p := range split(text) {
		if p.kind == quoted {
			return text
		}
	}
	trimmed := strings.TrimSpace(text)
	if i := strings.IndexAny(trimmed, ".?!;"); i >= 0 && strings.Trim(trimmed[i:], ".?!") != "" {
		return text
	}
	for _, i := range d.order(len(l.moves)) {
		if noisy, ok := l.moves[i].apply(trimmed); ok {
			return l.recapitalised(trimmed, noisy)
		}
	}
	return text
}

func (m move) apply(text string) (string, bool) {
	at := m.from.FindStringSubmatchIndex(text)
	if at == nil {
		return "", false
	}
	rest := text
	if g := m.from.SubexpIndex("rest"); g >= 0 && at[2*g] >= 0 {
		rest = text[at[2*g]:at[2*g+1]]
	}
	for _, bar := range m.unless {
		if bar.MatchString(bare(rest)) {
			return "", false
		}
	}
	noisy := string(m.from.ExpandString(nil, m.to, text, at))
	return strings.Join(strings.Fields(noisy), " "), noisy != text
}

// recapitalised begins a text with a capital where the one before did, and
// writes the word that began it small where that is a word that only the
// start of a sentence makes great.
func (l *language) recapitalised(was, now string) string {
	first := func(s string) (int, int) {
		from := strings.IndexFunc(s, unicode.IsLetter)
		if from < 0 {
			return 0, 0
		}
		to := strings.IndexFunc(s[from:], func(r rune) bool { return !unicode.IsLetter(r) })
		if to < 0 {
			to = len(s) - from
		}
		return from, from + to
	}
	from, to := first(was)
	opener := was[from:to]
	if !isCapital(opener) || isAcronym(opener) {
		return now
	}
	if i := strings.Index(now, opener); i > 0 && slices.Contains(l.openers, bare(opener)) {
		now = now[:i] + strings.ToLower(opener) + now[i+len(opener):]
	}
	from, _ = first(now)
	r, size := utf8.DecodeRuneInString(now[from:])
	return now[:from] + string(unicode.ToUpper(r)) + now[from+size:]
}

// mixed puts one or two words in another of the languages. Words with a
// capital inside a sentence are names and stay.
func (n *Noise) mixed(l *language, text string, d *dice) string {
	pieces := split(text)
	left := 1 + d.roll(2)
	for _, i := range d.order(len(pieces)) {
		if left == 0 {
			break
		}
		p := pieces[i]
		if p.kind != word || isCapital(p.text) && !opens(pieces, i) && !isAcronym(p.text) {
			continue
		}
		if s := n.foreign(l.code, p.text, d); s != "" && s != p.text {
			pieces[i].text = s
			left--
		}
	}
	return join(pieces)
}

// foreign is a word in another language, "" for none.
func (n *Noise) foreign(lang, s string, d *dice) string {
	for _, row := range n.mix {
		if len(row["of"]) > 0 && !slices.Contains(row["of"], lang) || !slices.ContainsFunc(row[lang], func(w string) bool { return bare(w) == bare(s) }) {
			continue
		}
		var others []string
		for _, code := range languages {
			if w := row[code][0]; code != lang && !slices.ContainsFunc(row[lang], func(own string) bool { return bare(own) == bare(w) }) {
				others = append(others, w)
			}
		}
		if len(others) == 0 {
			return ""
		}
		w := others[d.roll(len(others))]
		switch {
		case isAcronym(s):
			return strings.ToUpper(w)
		case isCapital(s):
			return capital(w)
		}
		return w
	}
	return ""
}

// courtesies are what is said around a question: Before stands at its start,
// Inside before its end mark, After behind it. Where one of Words stands in
// the text already, it is left alone.
type courtesies struct {
	Before []string `yaml:"before"`
	Inside []string `yaml:"inside"`
	After  []string `yaml:"after"`
	Words  []string `yaml:"words"`
}

// courteous greets, asks kindly or thanks.
func (l *language) courteous(text string, d *dice) string {
	for _, p := range split(text) {
		if p.kind == word && slices.Contains(l.court.Words, bare(p.text)) {
			return text
		}
	}
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return text
	}
	body := strings.TrimRight(trimmed, "?.! ")
	end := strings.TrimSpace(trimmed[len(body):])
	if body == "" {
		return text
	}
	which := d.roll(4)
	if which == 0 || which == 3 {
		greeting := l.court.Before[d.roll(len(l.court.Before))]
		body = l.recapitalised(body, greeting+body)
	}
	if which == 1 || which == 3 {
		body += l.court.Inside[d.roll(len(l.court.Inside))]
	}
	if which == 2 {
		end += l.court.After[d.roll(len(l.court.After))]
	}
	return body + end
}
