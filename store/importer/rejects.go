package importer

import (
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// rejects sets rejected rows aside. They get a file of their own only when
// the import is kept, so that nothing is left behind of one that is not.
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
		r.want = rejectsName(o.File, o.Workspace)
	}
	return r
}

// rejectsName is where rejected rows go by default: beside the workspace, for
// the file's own folder is perhaps others', or read-only. The same file gets
// the same name again; files of one name in different folders get different
// ones.
func rejectsName(file, workspace string) string {
	base := "stdin"
	if file != "-" {
		base = filepath.Base(file)
	}
	if workspace == "" {
		return filepath.Join(os.TempDir(), base+".rejects.csv")
	}
	folder := filepath.Dir(workspace)
	if from, err := filepath.Abs(filepath.Dir(file)); err == nil && file != "-" {
		if to, err := filepath.Abs(folder); err == nil && from != to {
			sum := sha256.Sum256([]byte(from))
			base += fmt.Sprintf(".%x", sum[:3])
		}
	}
	own := strings.TrimSuffix(filepath.Base(workspace), filepath.Ext(workspace))
	return filepath.Join(folder, own+"."+base+".rejects.csv")
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
		if isList(f) {
			f = listText(f)
		}
		r.row = append(r.row, string(f))
	}
	r.err = r.w.Write(r.row)
}

// create starts keeping rows in a file without a name, so that an import
// that is killed leaves none behind.
func (r *rejects) create() error {
	f, err := os.CreateTemp("", "tesela-rejects-*")
	if err != nil {
		return err
	}
	os.Remove(f.Name())
	r.file, r.w = f, csv.NewWriter(f)
	return r.w.Write(append([]string{"line", "reason"}, r.header...))
}

// keep writes the file under the name it shall have, or where that cannot be
// into the folder for temporary files. It gives the name, "" where nothing
// was rejected.
func (r *rejects) keep() (name string, err error) {
	if r.n == 0 {
		return "", nil
	}
	if r.err == nil {
		r.w.Flush()
		r.err = r.w.Error()
	}
	if r.err != nil {
		return "", r.err
	}
	name = r.want
	if err = r.copyTo(name); err != nil {
		r.moved = fmt.Sprintf("the rejected rows could not be written to %s (%v)", name, cleanCause(err))
		name = filepath.Join(os.TempDir(), filepath.Base(r.want))
		if err = r.copyTo(name); err != nil {
			return "", err
		}
	}
	return name, nil
}

func (r *rejects) copyTo(name string) (err error) {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".tesela-rejects-*")
	if err != nil {
		return err
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if _, err = io.Copy(f, r.file); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// cleanCause drops the name of a temporary file from a fault.
func cleanCause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// drop ends keeping rows.
func (r *rejects) drop() {
	if r.file != nil {
		r.file.Close()
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
func (r *rejects) refusal(file, lineWord string, read int) error {
	main := ""
	for _, reason := range slices.Sorted(maps.Keys(r.byCause)) {
		if main == "" || r.byCause[reason].n > r.byCause[main].n {
			main = reason
		}
	}
	c := r.byCause[main]
	var lines []string
	for _, s := range c.first {
		at := fmt.Sprintf("%s %d", lineWord, s.line)
		if s.text != "" {
			at += fmt.Sprintf(" (%q)", s.text)
		}
		lines = append(lines, at)
	}
	return fmt.Errorf("%s: %d of %d rows cannot be read, more than half, so nothing was imported\nmostly: %s, %d rows, such as %s\n%s",
		file, r.n, read, main, c.n, strings.Join(lines, ", "), c.fix)
}
