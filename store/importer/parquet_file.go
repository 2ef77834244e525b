package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// parquetFile is a Parquet file opened: its columns, and where their values
// go.
type parquetFile struct {
	*parquet.File
	ctx    context.Context
	header []string
	leaves []parquetLeaf // by column of the file
	bytes  map[int]bool  // columns of the header with bytes that are no text
}

// parquetLeaf is a column of values.
type parquetLeaf struct {
	column int // of the header
	list   bool
	write  func(dst []byte, v parquet.Value) []byte
}

// heedfulAt stops reading when the context ends.
type heedfulAt struct {
	ctx context.Context
	r   io.ReaderAt
}

func (h heedfulAt) ReadAt(p []byte, off int64) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.ReadAt(p, off)
}

// openParquet opens the file as Parquet; a packed one is unpacked into a
// temporary file first, for Parquet is not read from its start to its end.
func (s *source) openParquet() (*parquetFile, error) {
	if s.parquet != nil {
		return s.parquet, nil
	}
	at, size := io.ReaderAt(s.file), s.size
	text, err := s.text(false)
	if err != nil {
		return nil, err
	}
	defer text.Close()
	if _, packed := text.(*ahead); packed {
		f, err := os.CreateTemp("", "tesela-import-*")
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", s.name, err)
		}
		os.Remove(f.Name()) // stays readable here, leaves nothing behind
		s.unpacked = f
		if size, err = io.Copy(f, text); err != nil {
			return nil, fmt.Errorf("unpack %s: %w", s.name, err)
		}
		at = f
	}
	p := &parquetFile{ctx: s.ctx, bytes: map[int]bool{}}
	err = s.guarded(func() (err error) {
		if p.File, err = parquet.OpenFile(heedfulAt{s.ctx, at}, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)); err != nil {
			return err
		}
		p.leaves = make([]parquetLeaf, len(p.Schema().Columns()))
		for _, c := range p.Root().Columns() {
			if err := p.addLeaves(c, c.Name(), false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(p.header) == 0 {
		return nil, fmt.Errorf("%s has no columns", s.name)
	}
	s.parquet = p
	return p, nil
}

// guarded turns faults of a Parquet file, panics of its reader too, into the
// user's words.
func (s *source) guarded(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s is damaged (%v); fetch or copy it again", s.name, r)
		}
	}()
	err = read()
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case strings.Contains(err.Error(), "encrypted"):
		return fmt.Errorf("%s is encrypted; write it anew without encryption", s.name)
	case strings.Contains(err.Error(), "magic footer"):
		return fmt.Errorf("%s is a Parquet file without its end: it was cut short; fetch or copy it again", s.name)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s is damaged or was cut short; fetch or copy it again", s.name)
	}
	return fmt.Errorf("%s is damaged (%w); fetch or copy it again", s.name, err)
}

// addLeaves takes in the columns of values at and beneath a node. A list's
// own layers have no names of their own.
func (p *parquetFile) addLeaves(c *parquet.Column, name string, list bool) error {
	list = list || c.Repeated()
	if c.Leaf() {
		column := len(p.header)
		p.header = append(p.header, strings.TrimSpace(name))
		p.leaves[c.Index()] = parquetLeaf{column: column, list: list, write: parquetWriter(c.Type())}
		return nil
	}
	children := c.Columns()
	for _, child := range children {
		below := name + "." + child.Name()
		switch {
		case len(children) == 1 && child.Repeated() && !c.Repeated():
			below = name // the list's layer
		case len(children) == 1 && c.Repeated() && isElementName(child.Name()):
			below = name // the element's
		}
		if err := p.addLeaves(child, below, list); err != nil {
			return err
		}
	}
	return nil
}

func isElementName(name string) bool {
	switch name {
	case "element", "item", "array", "array_element", "bag", "list":
		return true
	}
	return false
}

// parquetRows reads the rows of a Parquet file.
type parquetRows struct {
	record
	src    *source
	file   *parquetFile
	groups []parquet.RowGroup
	rows   parquet.Rows
	batch  []parquet.Row
	left   []parquet.Row // of the batch
	ended  bool          // of the group
	room   [][]byte
	watch  func(done, total int64)
}

func newParquetRows(s *source, p *parquetFile, watch bool) *parquetRows {
	r := &parquetRows{src: s, file: p, groups: p.RowGroups(), batch: make([]parquet.Row, 256), room: make([][]byte, len(p.header))}
	r.fields = make([][]byte, len(p.header))
	if watch {
		r.watch = s.progress
	}
	return r
}

func (r *parquetRows) next() error {
	for len(r.left) == 0 {
		if r.rows == nil {
			if len(r.groups) == 0 {
				return io.EOF
			}
			if err := r.src.guarded(func() error { r.rows = r.groups[0].Rows(); return nil }); err != nil {
				return err
			}
			r.groups, r.ended = r.groups[1:], false
		}
		if r.ended {
			r.Close()
			continue
		}
		if err := r.file.ctx.Err(); err != nil {
			return err
		}
		err := r.src.guarded(func() error {
			n, err := r.rows.ReadRows(r.batch)
			r.left = r.batch[:n]
			return err
		})
		switch {
		case err == io.EOF:
			r.ended = true
		case err != nil:
			return err
		}
		if r.watch != nil {
			done := float64(r.line+len(r.left)) / float64(max(1, r.file.NumRows()))
			r.watch(int64(done*float64(r.src.size)), r.src.size)
		}
	}
	row := r.left[0]
	r.left = r.left[1:]
	return r.src.guarded(func() error { return r.take(row) })
}

// take makes texts of a row's values.
func (r *parquetRows) take(row parquet.Row) error {
	r.record = record{fields: r.fields, line: r.line + 1}
	clear(r.fields)
	size := 0
	for _, v := range row {
		i := v.Column()
		if v.IsNull() || i < 0 || i >= len(r.file.leaves) {
			continue
		}
		leaf := &r.file.leaves[i]
		c := leaf.column
		if !leaf.list {
			r.room[c] = leaf.write(r.room[c][:0], v)
			if len(r.room[c]) == 0 {
				continue
			}
		} else {
			if r.fields[c] == nil {
				r.room[c] = r.room[c][:0]
			}
			r.room[c] = leaf.write(append(r.room[c], listMark), v)
		}
		r.fields[c] = r.room[c]
		if size += len(r.room[c]); size > maxRecord {
			return fmt.Errorf("row %d is longer than %d MB; this is hardly a table of rows", r.line, maxRecord>>20)
		}
	}
	for i, f := range r.fields {
		if !leafText(f) {
			r.fields[i], r.file.bytes[i] = nil, true
		}
	}
	return nil
}

// Close ends the reading of a group of rows.
func (r *parquetRows) Close() error {
	if r.rows == nil {
		return nil
	}
	rows := r.rows
	r.rows = nil
	return r.src.guarded(rows.Close)
}
