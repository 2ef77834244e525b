package importer

import (
	"bytes"
	"hash/maphash"
	"io"

	"tesela/segment/column"
)

// Sizes of a block: enough work for one hand to be worth handing over, few
// enough bytes that the blocks under way take little memory.
const (
	blockRows = 8192
	blockText = 1 << 20
)

// block is a stretch of rows on its way from the file into the batch: copied
// from the file by one goroutine, read by any hand, poured in the file's
// order. Its room is used again and again.
type block struct {
	text  []byte   // the fields' texts, end to end
	ends  []uint32 // where each ends
	marks []mark
	odd   []record // rows that are no sound records, in order
	err   error    // why the reading ended behind these rows

	// What a hand made of the rows; columns have a place for every row.
	faults []uint32 // rows that were set aside, ascending
	names  []string // of the events here
	rows   [][]uint32
	times  []int64
	who    words32
	ids    words32
	cols   []blockColumn // by field of the plan
	read   chan struct{} // one entry when the hand is done

	customers []uint32 // by row, the customer's number; made when poured
}

// mark is one row of a block.
type mark struct {
	line  int
	first uint32 // of its fields in ends
	odd   bool
}

// blockColumn holds one field's values by row.
type blockColumn struct {
	set    int // how many values there are
	ints   []int64
	floats []float64
	words  words32 // Text: codes by row; Tags: codes end to end
	starts []uint32
}

// fill takes rows from the file.
func (b *block) fill(rows records, sound func(*record) bool) {
	b.text, b.ends, b.marks, b.odd, b.err = b.text[:0], b.ends[:0], b.marks[:0], b.odd[:0], nil
	for len(b.marks) < blockRows && len(b.text) < blockText {
		if b.err = rows.next(); b.err != nil {
			return
		}
		r := rows.now()
		if !sound(r) {
			b.marks = append(b.marks, mark{line: r.line, odd: true})
			b.odd = append(b.odd, r.clone())
			continue
		}
		b.marks = append(b.marks, mark{line: r.line, first: uint32(len(b.ends))})
		for _, f := range r.fields {
			b.text = append(b.text, f...)
			b.ends = append(b.ends, uint32(len(b.text)))
		}
	}
}

// last tells whether no rows follow this block.
func (b *block) last() bool { return b.err != nil }

// fault of the reading, nil at the file's end.
func (b *block) fault() error {
	if b.err == io.EOF {
		return nil
	}
	return b.err
}

// fields of a sound row; dst is room for them.
func (b *block) fields(row int, dst [][]byte) [][]byte {
	first, end := b.marks[row].first, uint32(len(b.ends))
	for next := row + 1; next < len(b.marks); next++ {
		if !b.marks[next].odd {
			end = b.marks[next].first
			break
		}
	}
	from := uint32(0)
	if first > 0 {
		from = b.ends[first-1]
	}
	dst = dst[:0]
	for _, to := range b.ends[first:end] {
		dst = append(dst, b.text[from:to:to])
		from = to
	}
	return dst
}

// clone copies a record out of its reader's buffers.
func (r *record) clone() record {
	c := *r
	c.raw = bytes.Clone(r.raw)
	c.fields = make([][]byte, len(r.fields))
	for i, f := range r.fields {
		c.fields[i] = bytes.Clone(f)
	}
	return c
}

// words32 are the texts of a block's column: a code by value, and the word of
// each code. Codes are given in the order of the rows, so that what the batch
// makes of them does not depend on how blocks were cut and read.
type words32 struct {
	codes []uint32
	bytes []byte
	ends  []uint32 // of word i+1
	table []wordSlot
	last  uint32 // neighbouring rows often repeat a word
}

type wordSlot struct{ hash, code uint32 }

var wordSeed = maphash.MakeSeed()

// reset forgets the words; there will be at most n of them, or the table
// grows.
func (w *words32) reset() {
	w.codes, w.bytes, w.ends, w.last = w.codes[:0], w.bytes[:0], w.ends[:0], 0
	clear(w.table)
}

// word of a code.
func (w *words32) word(code uint32) []byte {
	from := uint32(0)
	if code > 1 {
		from = w.ends[code-2]
	}
	return w.bytes[from:w.ends[code-1]]
}

// code of a word, which must not be empty.
func (w *words32) code(b []byte) uint32 {
	if w.last != 0 && bytes.Equal(w.word(w.last), b) {
		return w.last
	}
	if 2*(len(w.ends)+1) > len(w.table) {
		w.grow()
	}
	h := uint32(maphash.Bytes(wordSeed, b))
	mask := uint32(len(w.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &w.table[i]
		if s.code == 0 {
			w.bytes = append(w.bytes, b...)
			w.ends = append(w.ends, uint32(len(w.bytes)))
			*s = wordSlot{h, uint32(len(w.ends))}
			w.last = s.code
			return s.code
		}
		if s.hash == h && bytes.Equal(w.word(s.code), b) {
			w.last = s.code
			return s.code
		}
	}
}

func (w *words32) grow() {
	old := w.table
	w.table = make([]wordSlot, max(256, 2*len(old)))
	mask := uint32(len(w.table) - 1)
	for _, s := range old {
		if s.code == 0 {
			continue
		}
		i := s.hash & mask
		for w.table[i].code != 0 {
			i = (i + 1) & mask
		}
		w.table[i] = s
	}
}

// translate gives codes of an interner for this block's codes, those not yet
// known as they are first asked for.
type translation struct {
	to   []uint32
	from *words32
	in   *column.Interner
}

func (t *translation) begin(from *words32, in *column.Interner) {
	t.from, t.in = from, in
	n := len(from.ends) + 1
	if cap(t.to) < n {
		t.to = make([]uint32, n, 2*n)
	}
	t.to = t.to[:n]
	clear(t.to)
}

func (t *translation) code(local uint32) uint32 {
	if local == 0 {
		return 0
	}
	g := t.to[local]
	if g == 0 {
		g = t.in.Code(t.from.word(local))
		t.to[local] = g
	}
	return g
}
