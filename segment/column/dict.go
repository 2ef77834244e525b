package column

import "sync"

// Dict is the distinct texts of a column by code. Code 0 is the empty text
// and means unset. It only grows, and is safe for concurrent readers.
type Dict struct {
	words []string
	once  sync.Once
	codes map[string]uint32
}

// NewDict makes a dictionary of words; word i gets code i+1. The caller gives
// the slice away.
func NewDict(words []string) *Dict {
	all := make([]string, 1, len(words)+1)
	return &Dict{words: append(all, words...)}
}

// Len is the number of words without the unset one. Codes are 1…Len.
func (d *Dict) Len() int {
	if d == nil {
		return 0
	}
	return len(d.words) - 1
}

// Word gives the text of a code; code 0 is "".
func (d *Dict) Word(code uint32) string { return d.words[code] }

// Code finds a word; the first call builds an index.
func (d *Dict) Code(word string) (uint32, bool) {
	if d == nil {
		return 0, false
	}
	d.once.Do(func() {
		d.codes = make(map[string]uint32, len(d.words))
		for i, w := range d.words[1:] {
			d.codes[w] = uint32(i + 1)
		}
	})
	c, ok := d.codes[word]
	return c, ok
}

// Interner gives codes to words while rows are read; known words keep theirs.
// Not safe for concurrent use.
type Interner struct {
	words []string
	codes map[string]uint32
	first int
}

// NewInterner starts from the words already stored, in code order.
func NewInterner(known []string) *Interner {
	in := &Interner{words: make([]string, 1, len(known)+1), codes: make(map[string]uint32, len(known)), first: len(known) + 1}
	in.words = append(in.words, known...)
	for i, w := range known {
		in.codes[w] = uint32(i + 1)
	}
	return in
}

// Code returns the word's code, a new one if it was unknown; "" is 0.
func (in *Interner) Code(word []byte) uint32 {
	if len(word) == 0 {
		return 0
	}
	if c, ok := in.codes[string(word)]; ok {
		return c
	}
	w := string(word)
	c := uint32(len(in.words))
	in.words = append(in.words, w)
	in.codes[w] = c
	return c
}

// Lookup returns the code of a known word without adding it.
func (in *Interner) Lookup(word string) (uint32, bool) {
	c, ok := in.codes[word]
	return c, ok
}

// Len is the number of words, known and new.
func (in *Interner) Len() int { return len(in.words) - 1 }

// Word gives the text of a code.
func (in *Interner) Word(code uint32) string { return in.words[code] }

// Added returns the words that came since NewInterner, in code order.
func (in *Interner) Added() []string { return in.words[in.first:] }

// First is the code of the first word of Added.
func (in *Interner) First() uint32 { return uint32(in.first) }
