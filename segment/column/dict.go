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
