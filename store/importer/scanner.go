package importer

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxRecord bounds a record's bytes, and so the memory that reading takes.
const maxRecord = 16 << 20

// maxBroken is how many records may open a quote that never closes before
// the file is taken for something else than quoted CSV.
const maxBroken = 100

// scanner splits delimited text into records without an allocation a field.
// It is lenient where people's files are: a quote inside a field is a
// character like any other, and a quote that never closes spoils its own line
// only.
type scanner struct {
	r     io.Reader
	delim byte
	// want is the number of fields of a sound record; 0 while unknown.
	want int

	record // its texts are slices of the scanner's buffer

	buf        []byte
	start, end int // unread bytes are buf[start:end]
	nextLine   int
	eof        bool
	err        error
	spans      []span
	brokens    int
}

type span struct {
	from, to int
	quoted   bool
}

func newScanner(r io.Reader, delim byte) *scanner {
	return &scanner{r: r, delim: delim, buf: make([]byte, 256<<10), nextLine: 1}
}

// fill reads more behind the unread bytes; false at the end of the text.
func (s *scanner) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if s.start > 0 && s.end == len(s.buf) {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	if s.end == len(s.buf) {
		bigger := make([]byte, min(2*len(s.buf), maxRecord+256<<10))
		copy(bigger, s.buf[:s.end])
		s.buf = bigger
	}
	for tries := 0; tries < 100; tries++ {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		switch {
		case err == io.EOF:
			s.eof = true
			return n > 0
		case err != nil:
			s.err = err
			return false
		case n > 0:
			return true
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// next reads the next record; io.EOF after the last. Blank lines are skipped.
func (s *scanner) next() error {
	for {
		length, lines, quotes, err := s.find()
		if err != nil {
			return err
		}
		record := s.buf[s.start : s.start+length]
		s.line = s.nextLine
		s.broken = false
		body := trimNewline(record)
		if len(bytes.TrimSpace(body)) == 0 && bytes.IndexByte(body, s.delim) < 0 {
			s.start += length
			s.nextLine += lines
			continue
		}
		if !quotes {
			s.split(body)
		} else if closed := s.splitQuoted(body); !closed || (lines > 1 && s.want > 0 && len(s.spans) != s.want) {
			// The quote swallowed lines that are not its own.
			s.broken = true
			if s.brokens++; s.brokens > maxBroken {
				return fmt.Errorf("line %d: a quote opens here and does not close, as on %d lines before it; if quotes mean nothing in this file, remove them first", s.line, maxBroken)
			}
			if i := bytes.IndexByte(record, '\n'); i >= 0 {
				length, lines = i+1, 1
				body = trimNewline(record[:length])
			}
			s.split(body)
		} else {
			s.unescape(body)
		}
		s.raw = body
		s.badly = !utf8.Valid(body)
		s.zero = bytes.IndexByte(body, 0) >= 0
		s.start += length
		s.nextLine += lines
		return nil
	}
}

// find brings a whole record into the buffer and tells its length with the
// line end, how many physical lines it has, and whether it has quotes.
func (s *scanner) find() (length, lines int, quotes bool, err error) {
	if length, err = s.findLine(); err != nil {
		return 0, 0, false, err
	}
	if bytes.IndexByte(s.buf[s.start:s.start+length], '"') < 0 {
		return length, 1, false, nil
	}
	return s.findQuoted()
}

// findLine brings a whole line into the buffer and tells its length with the
// line end; io.EOF after the last.
func (s *scanner) findLine() (length int, err error) {
	from := s.start
	for {
		if i := bytes.IndexByte(s.buf[from:s.end], '\n'); i >= 0 {
			length = from + i + 1 - s.start
			break
		}
		at := s.end - s.start
		if at > maxRecord {
			return 0, s.tooLong()
		}
		if !s.fill() {
			if s.err != nil {
				return 0, s.err
			}
			if s.start == s.end {
				return 0, io.EOF
			}
			length = s.end - s.start
			break
		}
		from = s.start + at
	}
	if length > maxRecord {
		return 0, s.tooLong()
	}
	return length, nil
}

// skipLine steps over a line, whatever is in it.
func (s *scanner) skipLine() error {
	length, err := s.findLine()
	if err == nil {
		s.start += length
		s.nextLine++
	}
	return err
}

// findQuoted is find for a record with quotes, which may hold line ends.
func (s *scanner) findQuoted() (length, lines int, quotes bool, err error) {
	lines = 1
	inside, fieldStart := false, true
	for i := 0; ; i++ {
		for s.start+i+1 >= s.end && s.fill() {
		}
		if s.err != nil {
			return 0, 0, false, s.err
		}
		if s.start+i >= s.end {
			return i, lines, true, nil
		}
		if i > maxRecord {
			return 0, 0, false, s.tooLong()
		}
		c := s.buf[s.start+i]
		switch {
		case inside && c == '"':
			if s.start+i+1 < s.end && s.buf[s.start+i+1] == '"' {
				i++
			} else if closes(s.buf[s.start+i+1:s.end], s.delim) {
				inside, fieldStart = false, false
			}
		case inside:
			if c == '\n' {
				lines++
			}
		case c == '\n':
			return i + 1, lines, true, nil
		case c == s.delim:
			fieldStart = true
		case c == '"' && fieldStart:
			inside = true
		case c != ' ':
			fieldStart = false
		}
	}
}

// closes tells whether what stands after a quote ends its field.
func closes(rest []byte, delim byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) == 0 || rest[0] == delim || rest[0] == '\n' || rest[0] == '\r'
}

func (s *scanner) tooLong() error {
	return fmt.Errorf("line %d is longer than %d MB; this is hardly a table of lines (or a quote opens there and never closes)", s.nextLine, maxRecord>>20)
}

// split cuts a record that has no quotes to heed.
func (s *scanner) split(body []byte) {
	s.fields = s.fields[:0]
	for {
		i := bytes.IndexByte(body, s.delim)
		if i < 0 {
			s.fields = append(s.fields, body)
			return
		}
		s.fields = append(s.fields, body[:i])
		body = body[i+1:]
	}
}

// splitQuoted finds the spans of a record's fields; closed is false where a
// quote opens and does not close.
func (s *scanner) splitQuoted(body []byte) (closed bool) {
	s.spans = s.spans[:0]
	for i := 0; ; {
		from := i
		for i < len(body) && body[i] == ' ' && s.delim != ' ' {
			i++
		}
		if i < len(body) && body[i] == '"' {
			i++
			from = i
			for {
				j := bytes.IndexByte(body[i:], '"')
				if j < 0 {
					return false
				}
				i += j
				if i+1 < len(body) && body[i+1] == '"' {
					i += 2
					continue
				}
				if closes(body[i+1:], s.delim) {
					break
				}
				i++
			}
			s.spans = append(s.spans, span{from, i, true})
			i++
			for i < len(body) && body[i] != s.delim {
				i++
			}
		} else {
			j := bytes.IndexByte(body[from:], s.delim)
			if j < 0 {
				j = len(body) - from
			}
			i = from + j
			s.spans = append(s.spans, span{from, i, false})
		}
		if i >= len(body) {
			return true
		}
		i++
	}
}

// unescape makes fields of the spans; doubled quotes become one, in place.
func (s *scanner) unescape(body []byte) {
	s.fields = s.fields[:0]
	for _, sp := range s.spans {
		f := body[sp.from:sp.to]
		if sp.quoted {
			f = undouble(f)
		}
		s.fields = append(s.fields, f)
	}
}

func undouble(f []byte) []byte {
	i := bytes.Index(f, []byte(`""`))
	if i < 0 {
		return f
	}
	to := i
	for ; i < len(f); i++ {
		f[to] = f[i]
		to++
		if f[i] == '"' && i+1 < len(f) && f[i+1] == '"' {
			i++
		}
	}
	return f[:to]
}

func trimNewline(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return b
}
