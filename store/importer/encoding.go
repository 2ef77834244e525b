package importer

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"tesela/segment/syntax"
)

// The encodings told apart without --encoding.
const (
	utf8Text    = "utf-8"
	windowsText = "windows-1252"
)

// findEncoding knows an encoding by the names that browsers know.
func findEncoding(name string) (encoding.Encoding, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case "utf-16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	case "cp850", "cp-850":
		return charmap.CodePage850, nil
	case "cp437":
		return charmap.CodePage437, nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		known := []string{"utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin1", "iso-8859-1", "iso-8859-15", "macintosh", "cp850", "windows-1250", "windows-1251", "shift_jis", "gbk", "big5", "euc-kr", "koi8-r"}
		near := syntax.NearestNames(name, known, 3)
		if len(near) == 0 {
			near = []string{"utf-8", "utf-16", "windows-1252"}
		}
		return nil, usage("the encoding %q is unknown; nearest: %s", name, strings.Join(near, ", "))
	}
	return e, nil
}

// decoded reads text in the named encoding as UTF-8, without a byte order
// mark. An empty name means UTF-8.
func decoded(r io.Reader, name string) (io.Reader, error) {
	if name == "" || strings.EqualFold(name, utf8Text) || strings.EqualFold(name, "utf8") {
		return withoutMark(r)
	}
	e, err := findEncoding(name)
	if err != nil {
		return nil, err
	}
	return withoutMark(transform.NewReader(r, e.NewDecoder()))
}

// withoutMark drops a UTF-8 byte order mark.
func withoutMark(r io.Reader) (io.Reader, error) {
	mark := []byte{0xef, 0xbb, 0xbf}
	head := make([]byte, len(mark))
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	if bytes.Equal(head[:n], mark) {
		return r, nil
	}
	return io.MultiReader(bytes.NewReader(head[:n]), r), nil
}

// unicodeMark tells the encoding that a byte order mark, or the zero bytes of
// UTF-16 text without one, give away; "" for none.
func unicodeMark(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "utf-16be"
	}
	if len(head) < 8 {
		return ""
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i&1]++
		}
	}
	switch half := len(head) / 2; {
	case zeros[1] > half*7/10 && zeros[0] == 0:
		return "utf-16le"
	case zeros[0] > half*7/10 && zeros[1] == 0:
		return "utf-16be"
	}
	return ""
}

// macLines makes line feeds of the carriage returns that end the lines of
// files that have no line feeds at all.
type macLines struct{ r io.Reader }

func (m macLines) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
