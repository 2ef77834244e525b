package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
)

// Table is a table of the file by the number of its first page. It keeps the
// pages that it went through last, and is not safe for concurrent use.
type Table struct {
	file *File
	root uint32
	// inner are the pages above the leaves, leaf the last one read.
	inner map[uint32][]byte
	leaf  []byte
	at    uint32
}

// Table gives the table whose first page is root, as sqlite_schema tells it.
func (f *File) Table(root uint32) *Table {
	return &Table{file: f, root: root, inner: map[uint32][]byte{}}
}

// Kinds of pages.
const (
	innerPage = 5
	leafPage  = 13
)

// Row finds a row by its rowid.
func (t *Table) Row(rowid int64) (Row, error) {
	at := t.root
	for range 20 { // no tree of this width is deeper
		p, err := t.page(at)
		if err != nil {
			return Row{}, err
		}
		head := 0
		if at == 1 {
			head = headerLen
		}
		kind, count := p[head], int(binary.BigEndian.Uint16(p[head+3:]))
		if kind == innerPage {
			if at, err = t.below(p, head, count, rowid); err != nil {
				return Row{}, err
			}
			continue
		}
		if kind != leafPage {
			return Row{}, fmt.Errorf("%w: page %d is none of a table", ErrUnfit, at)
		}
		return t.row(p, head, count, rowid)
	}
	return Row{}, fmt.Errorf("%w: a table without leaves", ErrUnfit)
}

// page gives a page of the tree.
func (t *Table) page(at uint32) ([]byte, error) {
	if p := t.inner[at]; p != nil {
		return p, nil
	}
	if t.at == at && at != 0 {
		return t.leaf, nil
	}
	if at == 0 {
		return nil, fmt.Errorf("%w: page 0", ErrUnfit)
	}
	t.at = 0
	if t.leaf == nil {
		t.leaf = make([]byte, t.file.size)
	}
	switch n, err := t.file.from.ReadAt(t.leaf, int64(at-1)*int64(t.file.size)); {
	case n == len(t.leaf):
	case err == nil || errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: page %d is beyond the end", ErrUnfit, at)
	default:
		return nil, err
	}
	p := t.leaf
	if kind := p[0]; kind == innerPage || at == 1 {
		t.inner[at], t.leaf = p, nil
	} else {
		t.at = at
	}
	return p, nil
}

// cell gives the bytes from a cell's start to the usable end of the page.
func (t *Table) cell(p []byte, pointers, i int) ([]byte, error) {
	if pointers+2*i+2 > t.file.usable {
		return nil, fmt.Errorf("%w: more cells than fit a page", ErrUnfit)
	}
	from := int(binary.BigEndian.Uint16(p[pointers+2*i:]))
	if from >= t.file.usable {
		return nil, fmt.Errorf("%w: a cell beyond its page", ErrUnfit)
	}
	return p[from:t.file.usable], nil
}

// below finds the child page that a row is under.
func (t *Table) below(p []byte, head, count int, rowid int64) (uint32, error) {
	var fault error
	i := sort.Search(count, func(i int) bool {
		c, err := t.cell(p, head+12, i)
		if err != nil || len(c) < 5 {
			fault = fmt.Errorf("%w: a cell cut short", ErrUnfit)
			return true
		}
		key, n := varint(c[4:])
		if n == 0 {
			fault = fmt.Errorf("%w: a cell cut short", ErrUnfit)
		}
		return int64(key) >= rowid
	})
	if fault != nil {
		return 0, fault
	}
	if i == count {
		return binary.BigEndian.Uint32(p[head+8:]), nil
	}
	c, err := t.cell(p, head+12, i)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(c), nil
}

// row reads a row of a leaf.
func (t *Table) row(p []byte, head, count int, rowid int64) (Row, error) {
	short := fmt.Errorf("%w: a row cut short", ErrUnfit)
	var size uint64
	var body []byte
	found := false
	i := sort.Search(count, func(i int) bool {
		c, err := t.cell(p, head+8, i)
		if err != nil {
			return true
		}
		n, a := varint(c)
		if a == 0 {
			return true
		}
		key, b := varint(c[a:])
		if b == 0 {
			return true
		}
		if int64(key) == rowid {
			size, body, found = n, c[a+b:], true
		}
		return int64(key) >= rowid
	})
	if i == count || !found {
		return Row{}, fmt.Errorf("%w: there is no row %d", ErrUnfit, rowid)
	}
	if size > 1<<31 {
		return Row{}, short
	}
	length, local, next := int(size), int(size), uint32(0)
	if length > t.file.usable-35 {
		least := (t.file.usable-12)*32/255 - 23
		local = least + (length-least)%(t.file.usable-4)
		if local > t.file.usable-35 {
			local = least
		}
		if len(body) < local+4 {
			return Row{}, short
		}
		next = binary.BigEndian.Uint32(body[local:])
	}
	if len(body) < local {
		return Row{}, short
	}
	return record(body[:local], length, next)
}

// record takes a row apart: whole numbers and texts, which are passed over, then
// a blob, which may go on elsewhere.
func record(b []byte, length int, next uint32) (Row, error) {
	odd := fmt.Errorf("%w: a row of another kind", ErrUnfit)
	headed, n := varint(b)
	if n == 0 || headed < uint64(n) || headed > uint64(len(b)) {
		return Row{}, odd
	}
	types, values := b[n:headed], b[headed:]
	var row Row
	for len(types) > 0 {
		kind, n := varint(types)
		if n == 0 {
			return Row{}, odd
		}
		types = types[n:]
		if len(types) == 0 { // the last one
			if kind < 12 || kind%2 != 0 || kind > 1<<32 {
				return Row{}, odd
			}
			row.Blob = Blob{Len: int(kind-12) / 2, next: next}
			break
		}
		v, n, ok := whole(kind, values)
		if !ok {
			return Row{}, odd
		}
		row.Ints, values = append(row.Ints, v), values[n:]
	}
	if row.Blob.Len != length-(len(b)-len(values)) {
		return Row{}, odd
	}
	row.Blob.Head = append([]byte(nil), values...)
	return row, nil
}

// whole reads a whole number of a record; a text gives 0.
func whole(kind uint64, b []byte) (v int64, n int, ok bool) {
	switch kind {
	case 8, 9:
		return int64(kind - 8), 0, true
	case 1, 2, 3, 4:
		n = int(kind)
	case 5:
		n = 6
	case 6:
		n = 8
	default:
		if n = int(kind-13) / 2; kind < 13 || kind%2 == 0 || kind > 1<<31 || n > len(b) {
			return 0, 0, false
		}
		return 0, n, true
	}
	if len(b) < n {
		return 0, 0, false
	}
	v = int64(int8(b[0]))
	for _, c := range b[1:n] {
		v = v<<8 | int64(c)
	}
	return v, n, true
}

// varint reads a number of SQLite's one to nine bytes; n is 0 where it is cut
// short.
func varint(b []byte) (v uint64, n int) {
	for i, c := range b {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
