// Package perturb types a question worse, or otherwise, without asking another
// one: slips of the keyboard, missing and wrong accents, upper and lower case,
// numbers in words or digits, clauses moved, words for words that say the same,
// words of another language, courtesies. The words, keyboards and rules of the languages are data
// (data/*.yaml); nothing in Go is a word of one. It knows no suites, no
// planner and no data, and it asks nothing.
//
// What stands in quotes, and what looks like a code, a date or a name of a
// field, is never touched, and where it is not sure that the meaning stays it
// leaves the text as it is: a question that came to mean something else would
// be counted against whoever answers it.
package perturb

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Kinds are the kinds of noise in the order in which they are applied: first
// what changes words, then what changes letters.
var Kinds = []string{"numbers", "reorder", "synonyms", "mix", "politeness", "typos", "accents", "case", "lower", "upper"}

// Check says which of the kinds there are not.
func Check(kinds []string) error {
	for _, k := range kinds {
		if !slices.Contains(Kinds, k) {
			return fmt.Errorf("there is no noise called %q; there are %s", k, strings.Join(Kinds, ", "))
		}
	}
	return nil
}

// Options say whose noise it is. The same options give the same text on every
// machine.
type Options struct {
	Lang string // en, es or pt
	// ID and Seed choose among the ways in which a text can be made noisier;
	// cases have different noise at the same seed.
	ID   string
	Seed int
	// Known tells whether a word is one of the language or of the data, so
	// that no slip makes another one; nil knows none. It is asked for words in
	// lower case.
	Known func(word string) bool
}

// Noise is the data of all languages. It is safe for concurrent use once it
// has learnt what it is to learn (see Learn).
type Noise struct {
	langs map[string]*language
	mix   []mixRow
}

// longest is the length in bytes up to which a text is a question; longer ones
// are left alone.
const longest = 2000

// Apply makes a text noisier in the ways of kinds, each once, in the order of
// Kinds, and tells which of them changed something. Kinds that there are not
// change nothing (see Check). The text comes back as valid UTF-8 in normal
// form C.
func (n *Noise) Apply(text string, kinds []string, o Options) (string, []string) {
	text = norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD"))
	l := n.langs[o.Lang]
	if l == nil || len(text) > longest {
		return text, nil
	}
	var changed []string
	for _, kind := range Kinds {
		if !slices.Contains(kinds, kind) {
			continue
		}
		noisy := norm.NFC.String(n.one(l, kind, text, o))
		if noisy != text {
			text, changed = noisy, append(changed, kind)
		}
	}
	return text, changed
}

func (n *Noise) one(l *language, kind, text string, o Options) string {
	d := newDice(o.ID, kind, o.Seed)
	switch kind {
	case "numbers":
		return l.renumber(text, d)
	case "reorder":
		return l.reorder(text, d)
	case "synonyms":
		return l.reworded(text, d)
	case "mix":
		return n.mixed(l, text, d)
	case "politeness":
		return l.courteous(text, d)
	case "typos":
		return l.mistyped(text, d, o.Known)
	case "accents":
		return l.misaccented(text, d, o.Known)
	case "case":
		return recased(text, d)
	case "lower":
		return caseOf(text, lower)
	case "upper":
		return caseOf(text, upper)
	}
	return text
}

// dice are the choices of one kind of noise in one text.
type dice struct{ src *rand.PCG }

func newDice(id, kind string, seed int) *dice {
	h := fnv.New64a()
	h.Write([]byte(id + "\x00" + kind + "\x00" + strconv.Itoa(seed)))
	return &dice{rand.NewPCG(h.Sum64(), uint64(seed))}
}

// roll is a number from 0 to below n; n is small against 2⁶⁴, so that what
// the remainder favours does not matter.
func (d *dice) roll(n int) int { return int(d.src.Uint64() % uint64(n)) }

// order is the numbers below n, shuffled.
func (d *dice) order(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := d.roll(i + 1)
		list[i], list[j] = list[j], list[i]
	}
	return list
}
