package planner

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/syntax"
)

// madeWords are so many distinct words of syllables, in order.
func madeWords(n int) []string {
	syllables := []string{"ba", "ro", "lin", "ve", "tor", "mi", "sa", "ken", "du", "fel", "go", "har", "ji", "lo", "ma", "nes", "prá", "qui", "ñu", "ção"}
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for len(seen) < n {
		w := ""
		for range 2 + rng.IntN(4) {
			w += syllables[rng.IntN(len(syllables))]
		}
		seen[fold(w)] = true
	}
	var list []string
	for w := range seen {
		list = append(list, w)
	}
	slices.Sort(list)
	return list
}

// mistyped makes a slip in a word: any of four at any place.
func mistyped(rng *rand.Rand, w string) string {
	r := []rune(w)
	at := rng.IntN(len(r) - 1)
	switch rng.IntN(4) {
	case 0:
		r[at], r[at+1] = r[at+1], r[at]
	case 1:
		r = slices.Delete(r, at, at+1)
	case 2:
		r = slices.Insert(r, at, 'x')
	case 3:
		r[at] = 'q'
	}
	return string(r)
}

// TestNearWords holds what is found to the distance to each word of the list.
func TestNearWords(t *testing.T) {
	list, rng := madeWords(3000), rand.New(rand.NewPCG(3, 4))
	for range 200 {
		typed := []rune(mistyped(rng, mistyped(rng, list[rng.IntN(len(list))])))
		for most := range 3 {
			var want, got []string
			for _, w := range list {
				if d := syntax.Distance(typed, []rune(w), most); d <= most {
					want = append(want, fmt.Sprint(w, d))
				}
			}
			nearWords(list, typed, most, func(w string, d int) { got = append(got, fmt.Sprint(w, d)) })
			if !slices.Equal(got, want) {
				t.Fatalf("%s within %d: %v, not %v", string(typed), most, got, want)
			}
		}
	}
	if got := beginning([]string{"a", "ab", "abc", "b"}, "ab"); !slices.Equal(got, []string{"ab", "abc"}) {
		t.Error(got)
	}
}

// TestNearWordsLooksAtFew: of a hundred thousand words a slip is looked for
// among few.
func TestNearWordsLooksAtFew(t *testing.T) {
	list, rng := madeWords(100_000), rand.New(rand.NewPCG(5, 6))
	looked := 0
	for range 100 {
		looked += nearWords(list, []rune(mistyped(rng, list[rng.IntN(len(list))])), 1, func(string, int) {})
	}
	if looked > 100*len(list)/50 {
		t.Errorf("%d of %d words are looked at for a slip", looked/100, len(list))
	}
}

// TestManyValues finds each of many values in fields of any size, as often as
// it stands there, and nothing else; a value takes next to no memory of its own.
func TestManyValues(t *testing.T) {
	cat := shop()
	var codes, titles words
	for i := range 30_000 {
		codes = append(codes, fmt.Sprintf("SKU-%05d", i))
		titles = append(titles, fmt.Sprintf("Café No. %d's", i))
	}
	shared := append(slices.Clone(titles), "SKU-00042")
	for i := range cat.Events {
		if cat.Events[i].Name == "order" {
			cat.Events[i].Props = append(cat.Events[i].Props, textField("sku", codes...), textField("title", shared...))
		}
	}
	p := planner(t, cat)
	ix := p.ix
	sku, title := ix.find("order", "sku"), ix.find("order", "title")
	for i := range codes {
		want := []valueRef{{field: sku, code: i}}
		if i == 42 {
			want = append(want, valueRef{field: title, code: 30_000})
		}
		if got := ix.value(fold(codes[i])); !slices.Equal(got, want) {
			t.Fatalf("%s: %v, not %v", codes[i], got, want)
		}
		if got := ix.value(fmt.Sprintf("cafe no %ds", i)); !slices.Equal(got, []valueRef{{field: title, code: i}}) {
			t.Fatalf("title %d: %v", i, got)
		}
	}
	for _, none := range []string{"sku 30000", "sku", "", "cafe"} {
		if got := ix.value(none); len(got) > 0 {
			t.Errorf("%q: %v", none, got)
		}
	}
	if slots := len(ix.values.slots); slots > 4*61_000 {
		t.Errorf("%d slots for some 61,000 values", slots)
	}
	table := newValueTable(ix.fields)
	var folded []byte
	if n := testing.AllocsPerRun(1, func() {
		for i, v := range codes {
			folded = appendFold(folded[:0], v)
			table.enter(sku, i, folded)
		}
	}); n > 10 {
		t.Errorf("%v allocations for 30,000 values", n)
	}
}

// TestFoldBothWays: the quick way and that of Unicode's own tables are one.
func TestFoldBothWays(t *testing.T) {
	slow := func(s string) string {
		return strings.TrimSuffix(string(foldRest(nil, 0, norm.NFD.String(s))), " ")
	}
	for _, s := range []string{
		"Dr. Oetker", "Levi's 501", "7up", "home_decor", "São João", "ÑANDÚ", "straße", "1º-2ª", "ﬁne", "  a  b  ", "Ｗide", "Cafe\u0301 x", "İstanbul", "東京", "a\u00a0b",
		"Ǖ", "\xff\xfeb", "--", "naïve—x",
	} {
		if fold(s) != slow(s) {
			t.Errorf("%q: %q, not %q", s, fold(s), slow(s))
		}
	}
	for r := range rune(0x600) {
		if s := "a" + string(r) + "b"; fold(s) != slow(s) {
			t.Errorf("%q: %q, not %q", s, fold(s), slow(s))
		}
	}
}
