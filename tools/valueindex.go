package tools

import (
	"bytes"
	"context"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tesela/segment"
	"tesela/segment/column"
)

// likeness says how a text matched, best first.
type likeness uint8

const (
	isExact    likeness = iota // the same text
	isFolded                   // the same but for case, accents and separators
	isPrefix                   // begins with it
	isWord                     // holds it from the start of a word on
	isContains                 // holds it anywhere
	isFuzzy                    // differs by typing errors
)

// String is the stable word that results use.
func (l likeness) String() string {
	return [...]string{"exact", "folded", "prefix", "contains", "contains", "fuzzy"}[l]
}

// match is a value, by its code, that is like a text.
type match struct {
	code     uint32
	how      likeness
	distance uint8 // typing errors; only of fuzzy ones
}

// valueIndex keeps the folded texts of dictionaries, the newest of each field,
// so that a search of a million values takes milliseconds.
type valueIndex struct {
	mu     sync.Mutex
	folded map[segment.FieldRef]*foldedDict
}

func newValueIndex() *valueIndex {
	return &valueIndex{folded: map[segment.FieldRef]*foldedDict{}}
}

// of gives the folded texts of a field's dictionary.
func (x *valueIndex) of(ctx context.Context, ref segment.FieldRef, d *column.Dict) (*foldedDict, error) {
	x.mu.Lock()
	f := x.folded[ref]
	x.mu.Unlock()
	if f != nil && f.dict == d && f.len() == d.Len() {
		return f, nil
	}
	f, err := foldDict(ctx, d)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	x.folded[ref] = f
	x.mu.Unlock()
	return f, nil
}

// foldedDict is all texts of a dictionary, folded, in one piece of memory: the
// text of code i+1 is text[starts[i]:starts[i+1]-1], and a line feed, which
// no folded text holds, ends it.
type foldedDict struct {
	dict   *column.Dict
	text   []byte
	starts []uint32
	// letters has a bit for each letter that a text holds, so that most texts
	// are told apart from a misspelt one without comparing them.
	letters []uint32
}

// checkEvery is how many values pass between looks at the context.
const checkEvery = 1 << 15

func foldDict(ctx context.Context, d *column.Dict) (*foldedDict, error) {
	n := d.Len()
	f := &foldedDict{dict: d, starts: make([]uint32, 1, n+1), letters: make([]uint32, n)}
	for i := range n {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		from := len(f.text)
		f.text = appendFolded(f.text, d.Word(uint32(i+1)))
		f.letters[i] = letterBits(f.text[from:])
		f.text = append(f.text, '\n')
		f.starts = append(f.starts, uint32(len(f.text)))
	}
	return f, nil
}

func (f *foldedDict) len() int { return len(f.starts) - 1 }

// word gives the folded text of value i.
func (f *foldedDict) word(i int) []byte { return f.text[f.starts[i] : f.starts[i+1]-1] }

// letterBits sets a bit for each of a…z that the text holds, and others for
// digits and whatever lies beyond ASCII.
func letterBits(s []byte) uint32 {
	var set uint32
	for _, c := range s {
		switch {
		case 'a' <= c && c <= 'z':
			set |= 1 << (c - 'a')
		case '0' <= c && c <= '9':
			set |= 1 << (26 + c%5)
		case c >= utf8.RuneSelf:
			set |= 1 << 31
		}
	}
	return set
}

// like finds the values that equal, begin with or hold the text.
func (f *foldedDict) like(ctx context.Context, text string) ([]match, error) {
	sought := []byte(fold(text))
	if len(sought) == 0 {
		return nil, nil
	}
	exact := norm.NFC.String(text)
	var found []match
	for at, i := 0, 0; ; {
		hit := bytes.Index(f.text[at:], sought)
		if hit < 0 {
			return found, nil
		}
		at += hit
		for int(f.starts[i+1]) <= at {
			i++
		}
		word := f.word(i)
		m := match{code: uint32(i + 1), how: isContains}
		switch {
		case len(word) == len(sought):
			m.how = isFolded
			if f.dict.Word(m.code) == exact {
				m.how = isExact
			}
		case at == int(f.starts[i]):
			m.how = isPrefix
		case f.text[at-1] == ' ' || bytes.Contains(word, append([]byte{' '}, sought...)):
			m.how = isWord
		}
		found = append(found, m)
		if at = int(f.starts[i+1]); len(found)%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// misspelt finds the values that the text becomes by a few typing errors, or
// that hold such words in a row.
func (f *foldedDict) misspelt(ctx context.Context, text string) ([]match, error) {
	folded := fold(text)
	most := typos(folded)
	if most == 0 || utf8.RuneCountInString(folded) > mostLetters {
		return nil, nil
	}
	sought, letters := newSpeller(folded), letterBits([]byte(folded))
	words := strings.Count(folded, " ") + 1
	// The values are parted among the cores; what is found stays in order.
	parts := max(1, min(runtime.GOMAXPROCS(0), f.len()/checkEvery))
	found := make([][]match, parts)
	var work sync.WaitGroup
	for part := range parts {
		work.Go(func() {
			for i := f.len() * part / parts; i < f.len()*(part+1)/parts; i++ {
				if i%checkEvery == 0 && ctx.Err() != nil {
					return
				}
				if bits.OnesCount32(letters&^f.letters[i]) > most {
					continue
				}
				if d := sought.inWords(f.word(i), words, most); d <= most {
					found[part] = append(found[part], match{code: uint32(i + 1), how: isFuzzy, distance: uint8(d)})
				}
			}
		})
	}
	work.Wait()
	return slices.Concat(found...), ctx.Err()
}
