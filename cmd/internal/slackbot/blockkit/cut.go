package blockkit

import (
	"strings"
	"unicode/utf16"
)

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
