package prompting

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/agent/model"
)

// mostWords is how many words a value may have to be found in a question.
const mostWords = 6

// mostIndexed bounds the index, at 16 bytes a value; values beyond are found
// with the tool for it.
const mostIndexed = 4 << 20

// place is a value of a field: which field of all, which value of it.
type place struct {
	hash  uint64
	field uint32
	value uint32
}

// valueIndex finds the values of a catalogue that a question names. It holds
// no text, only hashes; a find is verified against the value itself.
type valueIndex struct {
	catalogue *model.Catalogue
	fields    []namedField
	once      sync.Once
	seed      maphash.Seed
	places    []place
}

// namedField is a trait, with no event, or a property.
type namedField struct {
	event string
	model.Field
}

func newValueIndex(c *model.Catalogue) *valueIndex {
	ix := &valueIndex{catalogue: c, seed: maphash.MakeSeed()}
	for _, f := range c.Traits {
		ix.fields = append(ix.fields, namedField{Field: f})
	}
	for _, e := range c.Events {
		for _, f := range e.Props {
			ix.fields = append(ix.fields, namedField{event: e.Name, Field: f})
		}
	}
	return ix
}

// build reads the values, when the first question is asked.
func (ix *valueIndex) build() {
	for i, f := range ix.fields {
		if f.Values == nil {
			continue
		}
		for v := range f.Values.Len() {
			if len(ix.places) >= mostIndexed {
				break
			}
			words := split(f.Values.At(v))
			if len(words) == 0 || len(words) > mostWords {
				continue
			}
			ix.places = append(ix.places, place{maphash.String(ix.seed, strings.Join(words, " ")), uint32(i), uint32(v)})
		}
	}
	slices.SortFunc(ix.places, func(a, b place) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		case a.field != b.field:
			return int(a.field) - int(b.field)
		}
		return int(a.value) - int(b.value)
	})
}

// match is a phrase of a question that is a value of a field.
type match struct {
	phrase string
	field  int
	value  string
}

// find lists the values a question names, in the order of the question, longer
// phrases before those within them.
func (ix *valueIndex) find(question string) []match {
	ix.once.Do(ix.build)
	words, typed := splitTyped(question)
	var found []match
	for i := range words {
		for n := min(mostWords, len(words)-i); n > 0; n-- {
			phrase := strings.Join(words[i:i+n], " ")
			hash := maphash.String(ix.seed, phrase)
			at, _ := slices.BinarySearchFunc(ix.places, hash, func(p place, h uint64) int {
				switch {
				case p.hash < h:
					return -1
				case p.hash > h:
					return 1
				}
				return 0
			})
			for ; at < len(ix.places) && ix.places[at].hash == hash; at++ {
				p := ix.places[at]
				value := ix.fields[p.field].Values.At(int(p.value))
				if strings.Join(split(value), " ") != phrase {
					continue
				}
				// "de" is a word, "DE" may be a country.
				if said := strings.Join(typed[i:i+n], " "); n == 1 && len([]rune(phrase)) <= 3 && said != value {
					continue
				}
				found = append(found, match{phrase: strings.Join(typed[i:i+n], " "), field: int(p.field), value: value})
			}
		}
	}
	return found
}

// split is a text in folded words: lower case, no accents, no signs.
func split(text string) []string {
	folded, _ := splitTyped(text)
	return folded
}

// splitTyped is split with the words as they were typed beside.
func splitTyped(text string) (folded, typed []string) {
	typed = strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
	folded = make([]string, len(typed))
	for i, w := range typed {
		folded[i] = fold(w)
	}
	return folded, typed
}

func fold(word string) string {
	plain := true
	for i := range len(word) {
		plain = plain && word[i] < 0x80
	}
	if plain {
		return strings.ToLower(word)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(word)))
}
