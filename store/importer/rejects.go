package importer

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// rejects sets rejected rows aside. The file takes its name only when the
// import is kept, so that nothing is left behind of one that is not.
type rejects struct {
	want    string // the name it shall have
	header  []string
	file    *os.File
	w       *csv.Writer
	row     []string
	err     error
	moved   string // why it lies elsewhere
	n       int
	byCause map[string]*cause
}

// cause of rejections, with the first few.
type cause struct {
	n     int
	first []sample
	fix   string
}

func newRejects(o *Options, header []string) *rejects {
	r := &rejects{want: o.Rejects, header: header, byCause: map[string]*cause{}}
	if r.want == "" {
		r.want = o.File + ".rejects.csv"
		if o.File == "-" {
			r.want = "stdin.rejects.csv"
		}
	}
	return r
}

// add rejects a row. text is the value at fault, fix what may mend it.
func (r *rejects) add(line int, reason string, fields [][]byte, text []byte, fix string) {
	r.n++
	c := r.byCause[reason]
	if c == nil {
		c = &cause{fix: fix}
		r.byCause[reason] = c
	}
	if c.n++; len(c.first) < 3 {
		c.first = append(c.first, sample{string(text[:min(len(text), 60)]), line})
	}
	if r.err != nil {
		return
	}
	if r.file == nil {
		if r.err = r.create(); r.err != nil {
			return
		}
	}
	r.row = append(r.row[:0], strconv.Itoa(line), reason)
	for _, f := range fields {
		r.row = append(r.row, string(f))
	}
	r.err = r.w.Write(r.row)
}

func (r *rejects) create() error {
	f, err := os.CreateTemp(filepath.Dir(r.want), ".tesela-rejects-*")
	if err != nil {
		why := err
		if f, err = os.CreateTemp("", "tesela-rejects-*"); err != nil {
			return err
		}
		r.moved = fmt.Sprintf("the rejected rows could not be written to %s (%v)", r.want, why)
		r.want = filepath.Join(os.TempDir(), filepath.Base(r.want))
	}
	r.file, r.w = f, csv.NewWriter(f)
	return r.w.Write(append([]string{"line", "reason"}, r.header...))
}

// keep gives the file its name.
func (r *rejects) keep() (name string, err error) {
	if r.n == 0 {
		return "", nil
	}
	if r.err == nil {
		r.w.Flush()
		r.err = r.w.Error()
	}
	if r.err == nil {
		r.err = r.file.Chmod(0o644)
	}
	if r.err != nil {
		return "", r.err
	}
	if err := r.file.Close(); err != nil {
		return "", err
	}
	if err := os.Rename(r.file.Name(), r.want); err != nil {
		return "", err
	}
	r.file = nil
	return r.want, nil
}

// drop leaves nothing behind; after keep it does nothing.
func (r *rejects) drop() {
	if r.file != nil {
		r.file.Close()
		os.Remove(r.file.Name())
		r.file = nil
	}
}

func (r *rejects) reasons() map[string]int {
	out := make(map[string]int, len(r.byCause))
	for reason, c := range r.byCause {
		out[reason] = c.n
	}
	return out
}

// refusal is the fault of a file most of whose rows cannot be read.
func (r *rejects) refusal(file string, read int) error {
	main := ""
	for _, reason := range slices.Sorted(maps.Keys(r.byCause)) {
		if main == "" || r.byCause[reason].n > r.byCause[main].n {
			main = reason
		}
	}
	c := r.byCause[main]
	var lines []string
	for _, s := range c.first {
		at := fmt.Sprintf("line %d", s.line)
		if s.text != "" {
			at += fmt.Sprintf(" (%q)", s.text)
		}
		lines = append(lines, at)
	}
	return fmt.Errorf("%s: %d of %d rows cannot be read, more than half, so nothing was imported\nmostly: %s, %d rows, such as %s\n%s",
		file, r.n, read, main, c.n, strings.Join(lines, ", "), c.fix)
}
