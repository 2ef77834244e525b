package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// form is how the file's text is written.
type form struct {
	format   fileKind
	laidOut  bool   // JSON objects are not one on each line
	encoding string // "" and utf8Text: UTF-8
	mac      bool   // lines end in a carriage return alone
	delim    byte
	title    int  // lines of a title above the header
	sepLine  bool // a line such as sep=; stands before the header, as Excel has it
	header   []string
}

const sniffBytes = 256 << 10

const canImport = "CSV, JSON Lines and Parquet are what can be imported"

// sniff reads the file's beginning and tells its form, or what kind of file
// it is instead of CSV.
func (s *source) sniff(opts *Options) (form, error) {
	var f form
	text, err := s.text(false)
	if err != nil {
		return f, err
	}
	defer text.Close()
	head, err := readUpTo(text, sniffBytes)
	if err != nil {
		return f, err
	}
	if len(head) == 0 {
		return f, fmt.Errorf("%s is empty", s.name)
	}
	if bytes.HasPrefix(head, []byte("PAR1")) {
		p, err := s.openParquet()
		if err != nil {
			return f, err
		}
		f.format, f.header = formatParquet, p.header
		return f, nil
	}
	if what := binaryKind(head); what != "" {
		return f, fmt.Errorf("%s is %s; %s", s.name, what, canImport)
	}
	f.encoding = opts.Encoding
	if f.encoding == "" {
		f.encoding = unicodeMark(head)
	} else if _, err := decoded(bytes.NewReader(nil), f.encoding); err != nil {
		return f, err
	}
	if f.encoding == "" && bytes.IndexByte(head, 0) >= 0 {
		return f, fmt.Errorf("%s is a binary file, not text (a zero byte at %d); %s", s.name, bytes.IndexByte(head, 0)+1, canImport)
	}
	whole := len(head) < sniffBytes
	plain, err := decoded(bytes.NewReader(head), f.encoding)
	if err != nil {
		return f, err
	}
	head, err = io.ReadAll(plain)
	if err != nil {
		return f, fmt.Errorf("decode %s: %w", s.name, err)
	}
	if f.encoding == "" && !utf8.Valid(lastWhole(head, whole)) && !mostlyUTF8(head) {
		f.encoding = windowsText
		plain, _ := decoded(bytes.NewReader(head), f.encoding)
		head, _ = io.ReadAll(plain)
	}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		f.mac = true
		head = bytes.ReplaceAll(head, []byte("\r"), []byte("\n"))
	}
	if what := otherText(head); what != "" {
		return f, fmt.Errorf("%s is %s; %s", s.name, what, canImport)
	}
	if is, laidOut, err := jsonForm(s.name, head, whole); err != nil {
		return f, err
	} else if is {
		f.format, f.laidOut = formatJSON, laidOut
		return f, nil
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return f, fmt.Errorf("%s is empty: it has blank lines only", s.name)
	}
	given := opts.Delimiter
	if line, rest, ok := bytes.Cut(head, []byte("\n")); ok {
		if d, ok := bytes.CutPrefix(trimNewline(line), []byte("sep=")); ok && len(d) == 1 {
			f.sepLine, head = true, rest
			if given == "" {
				given = string(d)
			}
		}
	}
	if f.delim, err = chooseDelimiter(s.name, head, whole, given); err != nil {
		return f, err
	}
	f.title, f.delim = titleLines(head, whole, f.delim, given != "")
	rows := newScanner(bytes.NewReader(head), f.delim)
	for range f.title {
		if err := rows.skipLine(); err != nil {
			return f, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if err := rows.next(); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it has no header line")
		}
		return f, fmt.Errorf("%s: %w", s.name, err)
	}
	for _, name := range rows.fields {
		f.header = append(f.header, strings.TrimSpace(string(name)))
	}
	return f, headerFault(s.name, f)
}

// open starts a pass over the records, the header already read. With grow,
// rows that name their columns add those they bring.
func (s *source) open(f form, watch, grow bool) (records, io.Closer, error) {
	if f.format == formatParquet {
		p, err := s.openParquet()
		if err != nil {
			return nil, nil, err
		}
		rows := newParquetRows(s, p, watch)
		return rows, rows, nil
	}
	text, err := s.text(watch)
	if err != nil {
		return nil, nil, err
	}
	r, err := decoded(text, f.encoding)
	if err != nil {
		text.Close()
		return nil, nil, err
	}
	if f.mac {
		r = macLines{r}
	}
	if f.format == formatJSON {
		return newJSONRows(r, &f, grow), text, nil
	}
	rows := newScanner(r, f.delim)
	for range f.title + f.sepLines() {
		if err := rows.skipLine(); err != nil {
			text.Close()
			return nil, nil, s.named(err)
		}
	}
	if err := rows.next(); err != nil { // the header
		text.Close()
		return nil, nil, fmt.Errorf("%s: %w", s.name, err)
	}
	rows.want = len(f.header)
	return rows, text, nil
}

// sepLines is how many lines such as sep=; come first.
func (f form) sepLines() int {
	if f.sepLine {
		return 1
	}
	return 0
}

func readUpTo(r io.Reader, n int) ([]byte, error) {
	buf := make([]byte, n)
	got, err := io.ReadFull(r, buf)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return buf[:got], err
}

// lastWhole drops a character cut by the end of the sample.
func lastWhole(head []byte, whole bool) []byte {
	if whole {
		return head
	}
	for i := 1; i <= utf8.UTFMax && i <= len(head); i++ {
		if utf8.RuneStart(head[len(head)-i]) {
			return head[:len(head)-i]
		}
	}
	return head
}

// mostlyUTF8 tells whether more lines carry sound UTF-8 beyond ASCII than
// unsound bytes: a UTF-8 file with a few broken lines.
func mostlyUTF8(text []byte) bool {
	good, bad := 0, 0
	for line := range bytes.Lines(text) {
		switch {
		case !utf8.Valid(line):
			bad++
		case beyondASCII(line):
			good++
		}
	}
	return good > bad
}

func beyondASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// binaryKind names well-known formats by their first bytes.
func binaryKind(head []byte) string {
	for _, k := range []struct{ magic, what string }{
		{"PK\x03\x04", "an Excel workbook or a ZIP archive: save the sheet as CSV, or unpack it first"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV first"},
		{"ARROW1", "an Arrow file"},
		{"SQLite format 3\x00", "an SQLite database: export the table as CSV, or name it with --db if it is a workspace"},
		{"%PDF", "a PDF"},
		{"\xfd7zXZ", "packed with xz: unpack it first"},
		{"BZh", "packed with bzip2: unpack it first"},
		{"7z\xbc\xaf", "a 7-Zip archive: unpack it first"},
		{"\x1f\x8b", "packed twice: unpack it first"},
		{"\x89PNG", "a picture"},
		{"\xff\xd8\xff", "a picture"},
		{"\x7fELF", "a program"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return k.what
		}
	}
	return ""
}

// otherText names text formats that are not tables.
func otherText(head []byte) string {
	start := bytes.ToLower(bytes.TrimSpace(head[:min(len(head), 512)]))
	switch {
	case bytes.HasPrefix(start, []byte("<!doctype")), bytes.HasPrefix(start, []byte("<html")):
		return "a web page, perhaps a log-in page saved instead of the file"
	case bytes.HasPrefix(start, []byte("<?xml")):
		return "XML"
	}
	return ""
}
