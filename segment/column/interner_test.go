package column

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestInternerAgainstAMap interns words at random, some known, some new, some
// of them often, and keeps codes in a map beside it.
func TestInternerAgainstAMap(t *testing.T) {
	for _, known := range []int{0, 1, 47, 48, 49, 5000, 100_000} {
		r := rand.New(rand.NewPCG(uint64(known), 5))
		words, codes := make([]string, known), map[string]uint32{}
		for i := range words {
			words[i] = "w" + strconv.Itoa(i*7)
			codes[words[i]] = uint32(i + 1)
		}
		in := NewInterner(words)
		if in.Len() != known || in.First() != uint32(known+1) || len(in.Added()) != 0 {
			t.Fatalf("%d words, first new %d", in.Len(), in.First())
		}
		var added []string
		for range 30_000 {
			word := "w" + strconv.Itoa(r.IntN(2*7*known+9000))
			if r.IntN(50) == 0 {
				word = strings.Repeat(word, 1+r.IntN(300))
			}
			want, there := codes[word]
			if got, ok := in.Lookup(word); ok != there || got != want {
				t.Fatalf("%s looked up: %d %v, want %d %v", word, got, ok, want, there)
			}
			if !there {
				want = uint32(len(codes) + 1)
				codes[word] = want
				added = append(added, word)
			}
			if got := in.Code([]byte(word)); got != want {
				t.Fatalf("%s has code %d, want %d", word, got, want)
			}
		}
		if in.Code(nil) != 0 || in.Word(0) != "" || in.Len() != len(codes) {
			t.Fatalf("%d words, want %d", in.Len(), len(codes))
		}
		for word, code := range codes {
			if in.Word(code) != word {
				t.Fatalf("code %d is %q, want %q", code, in.Word(code), word)
			}
		}
		if fmt.Sprint(in.Added()) != fmt.Sprint(added) {
			t.Fatal("the words added are others")
		}
	}
}

func BenchmarkInterner(b *testing.B) {
	const n = 1_000_000
	words := make([]string, n)
	for i := range words {
		words[i] = strconv.Itoa(100_000_000 + i)
	}
	b.Run("known", func(b *testing.B) {
		for b.Loop() {
			NewInterner(words)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/word")
	})
	b.Run("new", func(b *testing.B) {
		var word []byte
		for b.Loop() {
			in := NewInterner(nil)
			for i := range n {
				word = strconv.AppendInt(word[:0], int64(i), 10)
				in.Code(word)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/word")
	})
}
