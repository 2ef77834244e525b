// Package syntaxtest makes random trees of the formula language for tests.
// Random gives formulas that pass checking against a small vocabulary; Any and
// AnyMeasure give every shape of tree there is, with names and texts as odd as
// the language allows. It judges nothing: it knows neither data nor meaning.
package syntaxtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// Field is a trait or a property: its kind is one of text, number, money,
// bool, time, date and tags. Values are written as in the data: texts, plain
// decimals, or dates and instants; formulas draw their literals from them.
// With none there are made-up numbers and dates, and no conditions that need
// a text.
type Field struct {
	Name, Kind string
	Values     []string
}

// Event is an event and its properties.
type Event struct {
	Name  string
	Props []Field
}

// Layer is a layer with its labels, or without labels a score. Params holds
// whole parameter lists to choose from, such as `bins: 3`; "" is none.
type Layer struct {
	Name   string
	Params []string
	Labels []string
}

// Vocabulary is the small world that random formulas speak about.
type Vocabulary struct {
	Traits   []Field
	Events   []Event
	Segments []string // names of saved segments
	Layers   []Layer
	// Start and End bound the made-up dates, as 2011-01-31; empty: 2011.
	Start, End string
	// Depth bounds the nesting of and, or and not; 0 stands for 3.
	Depth int
	// The parts of the language to leave out.
	NoRank, NoSequence, NoAnniversary bool
}

// Shop is a vocabulary of all kinds, for tests that bring no world of their
// own.
func Shop() Vocabulary {
	return Vocabulary{
		Traits: []Field{
			{"country", "text", []string{"Germany", "Côte d'Ivoire", "United Kingdom"}},
			{"age", "number", []string{"17", "35.5", "80"}},
			{"credit", "money", []string{"0", "12.50", "-3"}},
			{"vip", "bool", nil},
			{"signup", "time", []string{"2010-12-31T23:59:59Z", "2011-03-27T01:30:00Z"}},
			{"birthday", "date", []string{"1980-02-29", "1999-12-31"}},
			{"interests", "tags", []string{"shoes", "bags", "Ça va"}},
			{"last", "text", []string{"a \"quoted\" name", "back\\slash", "line\nbreak"}},
		},
		Events: []Event{
			{"order", []Field{
				{"amount", "money", []string{"9.99", "100", "0.01"}},
				{"quantity", "number", []string{"1", "2", "12"}},
				{"category", "text", []string{"Shoes", "Bags", "São"}},
				{"gift", "bool", nil},
				{"ships", "date", nil},
			}},
			{"visit", []Field{{"page", "text", []string{"/", "/cart"}}}},
			{"where", nil},
		},
		Segments: []string{"Newsletter", "VIP \"gold\""},
		Layers: []Layer{
			{"rfm", []string{"", "last 1y", "bins: 4"}, []string{"Champions", "At Risk"}},
			{"rfm_r", []string{"", "bins: 3, last 6mo"}, nil},
			{"intent", []string{"order, next 30d"}, []string{"most likely", "least likely"}},
		},
	}
}

// Bytes is a source of choices that plays back data and then goes on with
// numbers seeded by it: a fuzzer that changes a byte changes a choice.
func Bytes(data []byte) *rand.Rand {
	h := fnv.New64a()
	h.Write(data)
	return rand.New(&playback{data: data, rest: rand.NewPCG(h.Sum64(), uint64(len(data)))})
}

type playback struct {
	data []byte
	rest *rand.PCG
}

// Uint64 spends one byte a number, spread over the high bits, from which
// rand.IntN takes its choice.
func (p *playback) Uint64() uint64 {
	if len(p.data) == 0 {
		return p.rest.Uint64()
	}
	b := p.data[0]
	p.data = p.data[1:]
	return uint64(b) * 0x0101010101010101
}

// made is a made-up decimal.
func made(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return "0"
	case 1:
		return fmt.Sprintf("%d.%d", r.IntN(100), 1+r.IntN(9))
	case 2:
		return fmt.Sprintf("-%d", 1+r.IntN(50))
	}
	return fmt.Sprint(1 + r.IntN(30))
}

func one[T any](r *rand.Rand, xs ...T) T { return xs[r.IntN(len(xs))] }

func odds(r *rand.Rand, in int) bool { return r.IntN(in) == 0 }
