package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const delimiters = ",;\t|"

// parseDelimiter reads --delimiter: a character, or tab, comma, semicolon,
// pipe by name.
func parseDelimiter(text string) (byte, error) {
	switch strings.ToLower(text) {
	case "tab", `\t`:
		return '\t', nil
	case "comma":
		return ',', nil
	case "semicolon":
		return ';', nil
	case "pipe":
		return '|', nil
	}
	if len(text) != 1 || text[0] >= 0x80 || text == "\"" || text == "\n" || text == "\r" {
		return 0, usage("--delimiter %q: one character is expected, or tab, comma, semicolon, pipe", text)
	}
	return text[0], nil
}

// chooseDelimiter takes the delimiter under which the header and the first
// lines have the same number of fields, the more the better.
func chooseDelimiter(name string, head []byte, whole bool, given string) (byte, error) {
	if given != "" {
		return parseDelimiter(given)
	}
	best, bestScore := byte(0), 0.0
	for i := range len(delimiters) {
		d := delimiters[i]
		fields, same, rows := tryDelimiter(head, whole, d)
		if fields < 2 {
			continue
		}
		// Agreement first, then the number of fields.
		score := float64(same)/float64(rows)*1000 + float64(min(fields, 500))
		if score > bestScore {
			best, bestScore = d, score
		}
	}
	if best != 0 {
		return best, nil
	}
	if looksBlankSeparated(head) {
		return 0, fmt.Errorf("%s looks separated by blanks, not by commas; it needs a header line and a separator, such as made by\n  (echo id,…; sed 's/^ *//; s/ *\\r*$//; s/  */,/g' %s) > %s.csv", name, name, name)
	}
	return ',', nil // a single column
}

// tryDelimiter counts the header's fields and the records that have as many.
func tryDelimiter(head []byte, whole bool, d byte) (fields, same, rows int) {
	s := newScanner(bytes.NewReader(head), d)
	for rows < 1000 {
		if err := s.next(); err != nil {
			if !errors.Is(err, io.EOF) {
				return 0, 0, 1
			}
			break
		}
		if !whole && s.start == s.end && s.eof {
			break // the sample cuts the last record
		}
		if rows == 0 {
			fields = len(s.fields)
			s.want = fields
		}
		if len(s.fields) == fields {
			same++
		}
		rows++
	}
	return fields, same, max(rows, 1)
}

func looksBlankSeparated(head []byte) bool {
	want, lines := 0, 0
	for line := range bytes.Lines(head) {
		n := len(bytes.Fields(line))
		if n == 0 {
			continue
		}
		if lines == 0 {
			want = n
		}
		if n != want || n < 2 {
			return false
		}
		if lines++; lines == 20 {
			break
		}
	}
	return lines >= 2
}

// otherDelimiter tells whether a line with a wrong number of fields is a
// sound one under another delimiter.
func otherDelimiter(raw []byte, delim byte, want int) (byte, bool) {
	if want < 2 {
		return 0, false
	}
	for i := range len(delimiters) {
		d := delimiters[i]
		if d == delim || bytes.Count(raw, []byte{d}) != want-1 || bytes.Count(raw, []byte{delim}) >= want-1 {
			continue
		}
		return d, true
	}
	return 0, false
}

// delimiterName is how messages call a delimiter.
func delimiterName(d byte) string {
	switch d {
	case '\t':
		return "tabs"
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '|':
		return "pipes"
	}
	return fmt.Sprintf("%q", string(d))
}
