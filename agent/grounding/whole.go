package grounding

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text that is still being written is cut where what follows proves that a
// sentence is over: never after what could be the point of a number, of an
// abbreviation or of a list's item, nor within code, emphasis, quotations or
// brackets, nor within the head of a table.

// Whole tells how many bytes of a Markdown text that is still growing are whole
// sentences, items, rows and headings: 0 where none is over yet. The rest may
// still turn into something else with the next character.
func Whole(text string) int {
	whole := 0
	fence := ""    // that is open
	table := false // the lines before are a table with its head
	for start := 0; start < len(text); {
		end := strings.IndexByte(text[start:], '\n')
		last := end < 0
		line := text[start:]
		if !last {
			line = text[start : start+end]
		}
		trimmed := strings.TrimSpace(line)
		mark := fenceOf.FindString(trimmed)
		switch {
		case last && fence != "":
			return whole
		case last:
			if n := sentencesOf(line); n > 0 && !strings.HasPrefix(trimmed, "|") {
				return start + n
			}
			return whole
		}
		next := start + end + 1
		switch {
		case fence != "":
			if mark != "" && strings.HasPrefix(mark, fence) && strings.Trim(trimmed, mark[:1]) == "" {
				fence, whole = "", next
			}
		case mark != "":
			fence = mark
		case strings.HasPrefix(trimmed, "|"):
			// The head is none before the line under it.
			if table = table || tableRule.MatchString(trimmed); table {
				whole = next
			}
		case trimmed == "":
			if start == whole || closed(text[whole:start]) {
				whole = next
			}
		case strings.HasPrefix(trimmed, "#"):
			whole = next
		default:
			if n := sentencesOf(line); n > 0 {
				whole = start + n
			}
			if rest := text[whole:next]; closed(rest) && (over(trimmed) || begun(text[next:])) {
				whole = next
			}
		}
		if !strings.HasPrefix(trimmed, "|") {
			table = false
		}
		start = next
	}
	return whole
}

var (
	fenceOf   = regexp.MustCompile("^(?:`{3,}|~{3,})")
	tableRule = regexp.MustCompile(`^\|?[\s|:-]*-[\s|:-]*$`)
	// blockMark begins a line that goes on with nothing before it; what it may
	// still turn into is none either.
	blockMark = regexp.MustCompile("^(?:\\s*\n|\\s*(?:[-*+•]\\s|\\d{1,3}[.)]\\s|#{1,6}\\s|>|\\||```))")
	itemOnly  = regexp.MustCompile(`^\s*(?:[-*+•]|\d{1,3}[.)])\s*$`)
)

// begun tells whether a text begins with a block of its own.
func begun(text string) bool { return blockMark.MatchString(text) }

// over tells whether a line ends as a sentence does.
func over(line string) bool {
	line = strings.TrimRight(line, closers)
	if line == "" || itemOnly.MatchString(line) {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune(".!?…:", r) && strings.ContainsFunc(line, unicode.IsLetter)
}

// closers may stand between a sentence and the blank after it.
const closers = " \r*_\"'”’»)]"

// closed tells whether nothing is open in a text: code, emphasis, quotations or
// brackets.
func closed(text string) bool {
	if strings.Count(text, "`")%2 != 0 || strings.Count(text, "**")%2 != 0 || strings.Count(text, `"`)%2 != 0 {
		return false
	}
	for _, pair := range [][2]string{{"“", "”"}, {"«", "»"}, {"(", ")"}, {"[", "]"}} {
		if strings.Count(text, pair[0]) > strings.Count(text, pair[1]) {
			return false
		}
	}
	return true
}

// sentencesOf tells how many bytes of a line are whole sentences, with the
// blanks after them.
func sentencesOf(line string) int {
	whole := 0
	for i, r := range line {
		if !strings.ContainsRune(".!?…", r) {
			continue
		}
		at := i + utf8.RuneLen(r)
		rest := strings.TrimLeft(line[at:], closers[2:])
		blank := len(line) - len(rest)
		after := strings.TrimLeft(rest, " ")
		if after == "" || len(after) == len(rest) || !utf8.FullRuneInString(after) {
			continue // a blank, and what comes after it
		}
		if !closed(line[whole:blank]) || !starts(after, r) || r == '.' && !full(line[whole:i]) {
			continue
		}
		whole = len(line) - len(after)
	}
	return whole
}

// starts tells whether a text may be the beginning of a sentence: a point may
// be followed by other things than one.
func starts(text string, end rune) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "*_\"“«(['‘¿¡"))
	if first == utf8.RuneError {
		return false
	}
	return unicode.IsUpper(first) || end != '.' && unicode.IsDigit(first)
}

// full tells whether what stands before a point can be a sentence: it ends with
// a figure or with a word too long for an abbreviation.
func full(text string) bool {
	text = strings.TrimRight(text, closers)
	if itemOnly.MatchString(text + ".") {
		return false
	}
	at := strings.LastIndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(“«\"'*_`", r) })
	word := text[at+1:]
	if strings.ContainsFunc(word, unicode.IsDigit) {
		return true
	}
	letters := []rune(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
	switch {
	case len(letters) == 0:
		return word != "" // a percent sign or the like
	case strings.ContainsRune(string(letters), '.'): // e.g, p.ej, a.m
		return false
	case unicode.IsUpper(letters[0]) && at >= 0:
		return len(letters) > 5 // Prof, Sept
	}
	return len(letters) > 2
}
