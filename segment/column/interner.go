package column

import (
	"hash/maphash"
	"math"
	"math/bits"
	"runtime"
	"sort"
	"sync"
	"unsafe"
)

// Interner gives codes to words while rows are read; known words keep theirs.
// Not safe for concurrent use.
//
// Words lie end to end in a few long stretches, and the index of millions of
// them is one slice of numbers: nothing of it is looked at by the collector,
// and it is made on all cores.
type Interner struct {
	first, n int
	texts    []Texts
	codes    []uint32 // by stretch: the code of its first word
	known    int      // stretches that are not added to
	// slots hold upper bits of a word's hash and its code, at the place that
	// the uppermost bits name or after it; 0 is free. So a longer table is
	// filled in order.
	slots []uint64
	shift uint32 // from the hash to the place
	seed  maphash.Seed
}

// Texts are words end to end.
type Texts struct {
	Text []byte
	Ends []uint32 // by word
}

// word is the bytes of a word.
func (t *Texts) word(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = t.Ends[i-1]
	}
	return t.Text[from:t.Ends[i]]
}

const (
	// mostText bounds a stretch of new words.
	mostText = 1 << 26
	// least is how many slots there are at least, as a power of two.
	leastSlots = 6
)

// NewInterner starts from the words already stored, in code order.
func NewInterner(known []string) *Interner {
	var texts []Texts
	for len(known) > 0 {
		t, n := Texts{}, 0
		for n < len(known) && len(t.Text) < mostText {
			t.Text = append(t.Text, known[n]...)
			t.Ends = append(t.Ends, uint32(len(t.Text)))
			n++
		}
		texts, known = append(texts, t), known[n:]
	}
	return InternerOf(texts)
}

// InternerOf is NewInterner for words that lie end to end, which the caller
// gives away.
func InternerOf(known []Texts) *Interner {
	in := &Interner{texts: known, known: len(known), seed: maphash.MakeSeed()}
	for _, t := range known {
		in.codes = append(in.codes, uint32(in.n+1))
		in.n += len(t.Ends)
	}
	in.first = in.n + 1
	in.index()
	return in
}

// index fills the slots with the words known. Slots are first sorted roughly,
// by what the processor's nearest memory holds of them, and then put to their
// places: to go anywhere among so many at once costs ten times as much.
func (in *Interner) index() {
	size := leastSlots
	for 1<<size/4*3 < in.n {
		size++
	}
	in.slots, in.shift = make([]uint64, 1<<size), uint32(32-size)
	if in.n < 1<<12 {
		for s := range in.texts {
			t := &in.texts[s]
			for i := range t.Ends {
				in.put(uint64(in.hash(t.word(i)))<<32 | uint64(in.codes[s]) + uint64(i))
			}
		}
		return
	}
	cores := runtime.GOMAXPROCS(0)
	// Each core takes a stretch of the words, counts those of each bucket of
	// slots, and then lays them side by side.
	counts := make([][buckets + 1]int, cores)
	each(cores, func(core int) { in.eachHash(core, cores, func(h, _ uint32) { counts[core][h>>(32-bucketBits)+1]++ }) })
	at := 0
	for bucket := range buckets {
		for core := range counts {
			n := counts[core][bucket+1]
			counts[core][bucket] = at
			at += n
		}
	}
	rough := make([]uint64, in.n)
	each(cores, func(core int) {
		next := &counts[core]
		in.eachHash(core, cores, func(h, code uint32) {
			b := h >> (32 - bucketBits)
			rough[next[b]] = uint64(h)<<32 | uint64(code)
			next[b]++
		})
	})
	// Now the last core's places are where buckets end.
	ends := &counts[cores-1]
	over := make([][]uint64, cores) // what runs over the end of its bucket
	each(cores, func(core int) {
		for b := buckets * core / cores; b < buckets*(core+1)/cores; b++ {
			from := 0
			if b > 0 {
				from = ends[b-1]
			}
			end := uint64(len(in.slots) / buckets * (b + 1))
			for _, slot := range rough[from:ends[b]] {
				at := slot >> 32 >> in.shift
				for at < end && in.slots[at] != 0 {
					at++
				}
				if at < end {
					in.slots[at] = slot
				} else {
					over[core] = append(over[core], slot)
				}
			}
		}
	})
	for _, slots := range over {
		for _, slot := range slots {
			in.put(slot)
		}
	}
}

// buckets are stretches of the slots, by the uppermost bits of hashes.
const (
	bucketBits = 8
	buckets    = 1 << bucketBits
)

// each runs do for every core.
func each(cores int, do func(core int)) {
	var group sync.WaitGroup
	for core := range cores {
		group.Go(func() { do(core) })
	}
	group.Wait()
}

// eachHash gives the hashes and codes of one core's stretch of the known words.
func (in *Interner) eachHash(core, cores int, take func(h, code uint32)) {
	for s := range in.texts {
		t := &in.texts[s]
		n := len(t.Ends)
		for i := n * core / cores; i < n*(core+1)/cores; i++ {
			take(in.hash(t.word(i)), in.codes[s]+uint32(i))
		}
	}
}

func (in *Interner) hash(word []byte) uint32 { return uint32(maphash.Bytes(in.seed, word) >> 32) }

// put takes a free slot for a word that has none.
func (in *Interner) put(slot uint64) {
	mask := uint64(len(in.slots) - 1)
	at := slot >> 32 >> in.shift
	for in.slots[at&mask] != 0 {
		at++
	}
	in.slots[at&mask] = slot
}

// find looks for a word, given with its hash.
func (in *Interner) find(word []byte, h uint32) (uint32, bool) {
	mask := uint64(len(in.slots) - 1)
	for at := uint64(h >> in.shift); ; at++ {
		slot := in.slots[at&mask]
		if slot == 0 {
			return 0, false
		}
		if uint32(slot>>32) == h && string(in.bytes(uint32(slot))) == string(word) {
			return uint32(slot), true
		}
	}
}

// Code returns the word's code, a new one if it was unknown; "" is 0.
func (in *Interner) Code(word []byte) uint32 {
	if len(word) == 0 {
		return 0
	}
	h := in.hash(word)
	if c, ok := in.find(word, h); ok {
		return c
	}
	last := len(in.texts) - 1
	if last < in.known || len(in.texts[last].Text) > min(mostText, math.MaxUint32-len(word)) {
		in.texts, in.codes = append(in.texts, Texts{}), append(in.codes, uint32(in.n+1))
		last++
	}
	t := &in.texts[last]
	t.Text = append(t.Text, word...)
	t.Ends = append(t.Ends, uint32(len(t.Text)))
	in.n++
	if in.n > len(in.slots)/4*3 {
		in.grow()
	}
	in.put(uint64(h)<<32 | uint64(in.n))
	return uint32(in.n)
}

// grow doubles the slots.
func (in *Interner) grow() {
	old := in.slots
	in.slots = make([]uint64, 2*len(old))
	in.shift = uint32(32 - bits.Len(uint(len(in.slots)-1)))
	for _, slot := range old {
		if slot != 0 {
			in.put(slot)
		}
	}
}

// Lookup returns the code of a known word without adding it.
func (in *Interner) Lookup(word string) (uint32, bool) {
	b := unsafe.Slice(unsafe.StringData(word), len(word)) // only read
	return in.find(b, in.hash(b))
}

// Len is the number of words, known and new.
func (in *Interner) Len() int { return in.n }

// bytes are those of a code's word; they never change.
func (in *Interner) bytes(code uint32) []byte {
	k := len(in.codes) - 1
	if k > 0 && in.codes[k] > code {
		k = sort.Search(k, func(i int) bool { return in.codes[i] > code }) - 1
	}
	return in.texts[k].word(int(code - in.codes[k]))
}

// Word gives the text of a code; code 0 is "".
func (in *Interner) Word(code uint32) string {
	if code == 0 {
		return ""
	}
	b := in.bytes(code)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Added returns the words that came since NewInterner, in code order.
func (in *Interner) Added() []string {
	words := make([]string, 0, in.n+1-in.first)
	for code := in.first; code <= in.n; code++ {
		words = append(words, in.Word(uint32(code)))
	}
	return words
}

// First is the code of the first word of Added.
func (in *Interner) First() uint32 { return uint32(in.first) }
