package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonRows reads rows that are JSON objects: one on each line, or, as the
// whole file shows it, a list of them or objects laid out over several lines.
type jsonRows struct {
	record
	*jsonParser
	lines *scanner // used for its buffer and its lines
	// laidOut: objects are cut out of the text wherever they end, and what is
	// between them is as in a list.
	laidOut bool
}

func newJSONRows(r io.Reader, f *form, grow bool) *jsonRows {
	return &jsonRows{jsonParser: newJSONParser(f.header, grow), lines: newScanner(r, ','), laidOut: f.laidOut}
}

func (j *jsonRows) next() error {
	text, line, err := j.cut()
	if err != nil {
		return err
	}
	j.record = record{line: line, raw: text, badly: !utf8.Valid(text), zero: bytes.IndexByte(text, 0) >= 0}
	if j.badly || j.zero {
		return nil
	}
	switch err := j.row(text); {
	case errors.Is(err, errColumns):
		return fmt.Errorf("line %d: the rows up to here have over %d different fields; are ids used as names? leave such parts out of the file first", line, maxColumns)
	case err != nil && j.laidOut:
		return fmt.Errorf("line %d: %w in the object that starts here; nothing was imported: write the file anew, with an object on each line", line, err)
	case errors.Is(err, errDeep):
		j.unfit, j.fix = err.Error(), fmt.Sprintf("objects may lie in each other %d deep; make such lines plainer", maxDepth)
	case errors.Is(err, errNoObject):
		j.unfit, j.fix = err.Error(), `each line is an object such as {"customer": "7", "total": 12.5}`
	case err != nil:
		j.unfit, j.fix = err.Error(), `each line is an object such as {"customer": "7", "total": 12.5}; was the file cut short?`
	default:
		j.record.fields, j.record.news = j.jsonParser.fields, j.jsonParser.news
	}
	return nil
}

// cut brings the text of the next row.
func (j *jsonRows) cut() (text []byte, line int, err error) {
	s := j.lines
	for {
		if j.laidOut {
			if err := j.between(); err != nil {
				return nil, 0, err
			}
			return j.object()
		}
		length, err := s.findLine()
		if err != nil {
			return nil, 0, err
		}
		text, line = trimNewline(s.buf[s.start:s.start+length]), s.nextLine
		s.start += length
		s.nextLine++
		if len(bytes.TrimSpace(text)) > 0 {
			return text, line, nil
		}
	}
}

// between steps over what parts laid-out objects.
func (j *jsonRows) between() error {
	s := j.lines
	for {
		for s.start < s.end {
			switch s.buf[s.start] {
			case '\n':
				s.nextLine++
			case ' ', '\t', '\r', ',', '[', ']':
			default:
				return nil
			}
			s.start++
		}
		if !s.fill() {
			if s.err != nil {
				return s.err
			}
			return io.EOF
		}
	}
}

// object finds where the object that starts here ends.
func (j *jsonRows) object() (text []byte, line int, err error) {
	s := j.lines
	line = s.nextLine
	depth, quoted := 0, false
	for i := 0; ; i++ {
		if s.start+i >= s.end && !s.fill() {
			if s.err != nil {
				return nil, 0, s.err
			}
			return nil, 0, fmt.Errorf("line %d: the object that starts here does not end; the file was cut short, fetch or copy it again", line)
		}
		if i > maxRecord {
			return nil, 0, fmt.Errorf("line %d: the object that starts here is longer than %d MB; each row has to be an object of its own", line, maxRecord>>20)
		}
		switch c := s.buf[s.start+i]; {
		case c == '\n':
			s.nextLine++
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			depth--
		}
		if depth <= 0 && !quoted {
			if i == 0 {
				return nil, 0, fmt.Errorf("line %d: an object is expected here, such as {\"customer\": \"7\", \"total\": 12.5}; nothing was imported", line)
			}
			text = s.buf[s.start : s.start+i+1]
			s.start += i + 1
			return text, line, nil
		}
	}
}

// jsonForm tells whether a text is JSON, and how its objects lie.
func jsonForm(name string, head []byte, whole bool) (is, laidOut bool, err error) {
	start := bytes.TrimLeft(head, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false, false, nil
	}
	rest := bytes.TrimLeft(start[1:], " \t\r\n")
	switch {
	case start[0] == '{' && len(rest) > 0 && rest[0] != '"' && rest[0] != '}':
		return false, false, nil
	case start[0] == '[':
		if len(rest) > 0 && rest[0] != '{' && rest[0] != ']' {
			if rest[0] == '"' || rest[0] == '[' || rest[0]-'0' <= 9 {
				return false, false, fmt.Errorf("%s is a JSON list without objects; each row has to be an object that names its values, such as {\"customer\": \"7\", \"total\": 12.5}", name)
			}
			return false, false, nil
		}
		if line, _, _ := bytes.Cut(start, []byte("\n")); !bytes.HasPrefix(bytes.TrimSpace(line), []byte("[{")) && len(bytes.TrimSpace(line)) > 1 {
			return false, false, nil
		}
		return true, true, nil
	}
	line, more, cut := bytes.Cut(start, []byte("\n"))
	p := newJSONParser(nil, true)
	if err := p.row(line); err == nil {
		if len(bytes.TrimSpace(more)) == 0 && whole {
			return true, false, wrapped(name, line)
		}
		return true, false, nil
	}
	if next := bytes.TrimLeft(more, " \t\r\n"); cut && len(next) > 0 && next[0] == '{' {
		return true, false, nil // the first line is at fault, others may not be
	}
	return true, cut && len(more) > 0, wrapped(name, start)
}

// wrapped finds a file that is one object around the list of the rows, as
// programs answer over the web.
func wrapped(name string, text []byte) error {
	depth, quoted, from := 0, false, 0
	key := ""
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted = !quoted; quoted {
				from = i + 1
			} else if depth == 1 {
				if after := bytes.TrimLeft(text[i+1:], " \t\r\n"); len(after) > 0 && after[0] == ':' {
					key = string(text[from:i])
					after = bytes.TrimLeft(after[1:], " \t\r\n")
					if len(after) > 1 && after[0] == '[' {
						if in := bytes.TrimLeft(after[1:], " \t\r\n"); len(in) > 0 && in[0] == '{' && rowsKey(key) {
							return fmt.Errorf("%s is one object with the rows in its part %q; each row has to be an object of its own, such as made by\n  jq -c '.%s[]' %s > rows.jsonl", name, key, key, shellWord(name))
						}
					}
				}
			}
		case quoted:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return nil
			}
		}
	}
	return nil
}

// rowsKey tells the names under which programs answer with many things from
// those of a thing with parts, such as an order's lines.
func rowsKey(key string) bool {
	for _, k := range words().Wrappers {
		if squash(snake(key)) == k {
			return true
		}
	}
	return false
}
