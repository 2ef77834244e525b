package tools

import (
	"bytes"
	"iter"
	"unicode/utf8"
)

// speller counts typing errors (insertions, deletions, changes, swaps of
// neighbours: optimal string alignment) between one text and many others, a
// letter of the other in a few machine operations: the bit-parallel algorithm
// of H. Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau
// Edit Distances", Nordic Journal of Computing 10 (2003).
type speller struct {
	size  int // letters of the text
	ascii [utf8.RuneSelf]uint64
	other map[rune]uint64
}

// mostLetters is how long a text may be: one bit per letter.
const mostLetters = 64

// newSpeller prepares a text of at most mostLetters letters.
func newSpeller(text string) *speller {
	s := &speller{other: map[rune]uint64{}}
	for _, r := range text {
		if r < utf8.RuneSelf {
			s.ascii[r] |= 1 << s.size
		} else {
			s.other[r] |= 1 << s.size
		}
		s.size++
	}
	return s
}

// distance is the number of errors that turn the text into other.
func (s *speller) distance(other []byte) int {
	_, last := s.scan(other, true)
	return last
}

// closest is the least number of errors that turn the text into any part of
// other.
func (s *speller) closest(other []byte) int {
	least, _ := s.scan(other, false)
	return least
}

// inWords is the number of errors that turn the text into other, or into as
// many words in a row of it; anything above most stands for more than most.
func (s *speller) inWords(other []byte, words, most int) int {
	if s.closest(other) > most {
		return most + 1 // no part of it comes near, so no words of it do
	}
	least := s.distance(other)
	for run := range runs(other, words) {
		least = min(least, s.distance(run))
	}
	return least
}

// scan goes over other once. Whole sets what a letter of other before the
// part matched costs: one error each, or nothing.
func (s *speller) scan(other []byte, whole bool) (least, last int) {
	least, last = s.size, s.size
	first := uint64(0)
	if whole {
		first = 1
	}
	end := uint64(1) << (s.size - 1)
	plus, minus, diagonal, before := ^uint64(0), uint64(0), uint64(0), uint64(0)
	for i := 0; i < len(other); {
		var here uint64
		if c := other[i]; c < utf8.RuneSelf {
			here = s.ascii[c]
			i++
		} else {
			r, n := utf8.DecodeRune(other[i:])
			here = s.other[r]
			i += n
		}
		swap := ((^diagonal & here) << 1) & before
		diagonal = (((here & plus) + plus) ^ plus) | here | minus | swap
		up, down := minus|^(diagonal|plus), diagonal&plus
		if up&end != 0 {
			last++
		}
		if down&end != 0 {
			last--
		}
		least = min(least, last)
		up, down = up<<1|first, down<<1
		plus, minus = down|^(diagonal|up), up&diagonal
		before = here
	}
	return least, last
}

// runs goes over the parts of a folded text that are n words in a row.
func runs(text []byte, n int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for from := 0; ; {
			end := from
			for k := range n {
				next := bytes.IndexByte(text[end:], ' ')
				switch {
				case next >= 0:
					end += next + 1
				case k == n-1:
					end = len(text) + 1
				default:
					return // fewer than n words are left
				}
			}
			if !yield(text[from:end-1]) || end > len(text) {
				return
			}
			from += bytes.IndexByte(text[from:], ' ') + 1
		}
	}
}
