// Package page reads blobs of a table straight from the pages of an SQLite
// file. It is for large immutable blobs: SQLite puts each together page by page
// in memory of its own and its driver copies that once more into memory that
// was never touched before, which takes several times as long as the reading;
// here they go into the reader's own room, over and over the same, on all
// cores at once. It knows the documented format of tables
// (https://www.sqlite.org/fileformat2.html) and nothing of indexes, of
// transactions and of the write-ahead log: who uses it holds a read
// transaction, and sees to it that nothing of the file lies in the log.
//
// Whatever the pages say is checked before it is followed, so damaged ones give
// ErrUnfit, as does all that it does not know; the same is then to be read
// through SQLite, which tells what is wrong.
package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrUnfit is wrapped by all errors but those of reading.
var ErrUnfit = errors.New("not to be read by pages")

// File is an SQLite file. It is safe for concurrent use.
type File struct {
	from io.ReaderAt
	size int // of a page
	// usable bytes are those of a page but the reserved ones at its end.
	usable int
}

const headerLen = 100

// New reads the file's header.
func New(from io.ReaderAt) (*File, error) {
	head := make([]byte, headerLen)
	if _, err := from.ReadAt(head, 0); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 1 << 16
	}
	f := &File{from: from, size: size, usable: size - int(head[20])}
	if string(head[:16]) != "SQLite format 3\x00" || size < 512 || size&(size-1) != 0 || f.usable < 480 {
		return nil, fmt.Errorf("%w: no header of SQLite's", ErrUnfit)
	}
	return f, nil
}

// Row is a row of whole numbers and texts that ends with a blob.
type Row struct {
	Ints []int64 // 0 for texts
	Blob Blob
}

// Blob is where a blob lies.
type Blob struct {
	// Head are its first bytes, those that lie with the row.
	Head []byte
	// Len is its whole length.
	Len  int
	next uint32 // the page with the bytes after Head
}

// Most is room that is enough to Read a blob of so many bytes into.
func (f *File) Most(length int) int { return length + (length/(f.usable-4)+2)*4 + f.size }

// Read appends a blob to room.
func (f *File) Read(b Blob, room []byte) ([]byte, error) {
	start := len(room)
	room = append(room, b.Head...)
	each := f.usable - 4
	const most = 1 << 20 // bytes read at once
	for at := b.next; len(room)-start < b.Len; {
		rest := b.Len - (len(room) - start)
		// What does not fit with the row mostly lies in neighbouring pages.
		pages := min((rest+each-1)/each, max(1, most/f.size))
		if at < 2 {
			return room, fmt.Errorf("%w: a blob ends too early", ErrUnfit)
		}
		n := len(room)
		room = grown(room, pages*f.size)
		raw := room[n : n+pages*f.size]
		read, err := f.from.ReadAt(raw, int64(at-1)*int64(f.size))
		if err != nil && !errors.Is(err, io.EOF) {
			return room[:n], err
		}
		got := read / f.size
		if got == 0 {
			return room[:n], fmt.Errorf("%w: page %d is beyond the end", ErrUnfit, at)
		}
		// Each page begins with the number of the next: the rest is moved
		// together, in place.
		for k := range got {
			p := raw[k*f.size:][:f.size]
			next := binary.BigEndian.Uint32(p)
			take := min(each, b.Len-(len(room)-start))
			room = append(room, p[4:4+take]...)
			at++
			if next != at || len(room)-start == b.Len {
				at = next
				break
			}
		}
	}
	return room, nil
}

// grown gives room for n more bytes.
func grown(room []byte, n int) []byte {
	if cap(room)-len(room) >= n {
		return room
	}
	more := make([]byte, len(room), len(room)+n)
	copy(more, room)
	return more
}
