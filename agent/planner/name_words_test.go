package planner

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// namedShop has goods of a hundred names, and orders and returns of them.
func namedShop() (names words, p func(testing.TB) *Planner) {
	kinds, colours := []string{"Lunch Bag", "Jumbo Bag", "Cake-stand", "Té Tin", "Garland"}, []string{"Red", "Spotty", "Woodland", "Vintage"}
	for i := range 100 {
		names = append(names, fmt.Sprintf("%s %s No %d", kinds[i%5], colours[i/5%4], i))
	}
	cat := shop()
	for i := range cat.Events {
		cat.Events[i].Props = append(cat.Events[i].Props, textField("title", names...))
	}
	return names, func(t testing.TB) *Planner { return planner(t, cat) }
}

// tested is the formula that a call counts.
func tested(t *testing.T, c model.Call) string {
	var args tools.CountSegmentArgs
	if err := json.Unmarshal(c.Args, &args); err != nil {
		t.Fatal(err)
	}
	return args.Formula
}

// TestNamesHolding looks for runs of words of names, and for words that are in
// none side by side, in the index and in each name.
func TestNamesHolding(t *testing.T) {
	names, p := namedShop()
	ix, rng := p(t).ix, rand.New(rand.NewPCG(1, 2))
	for range 500 {
		words := strings.Fields(fold(names[rng.IntN(len(names))]))
		words = words[:len(words)-2] // without its number
		from := rng.IntN(len(words))
		words = words[from : from+1+rng.IntN(len(words)-from)]
		if rng.IntN(3) == 0 {
			words = append(slices.Clone(words), strings.Fields(fold(names[rng.IntN(len(names))]))[0])
		}
		text := strings.Join(words, " ")
		want := slices.ContainsFunc(names, func(n string) bool { return strings.Contains(syntax.Fold(n), text) })
		if !slices.ContainsFunc(words, func(w string) bool { return len(w) >= shortestInPart }) {
			want = false // words of two letters find nothing by themselves
		}
		got := ix.namesHolding(words)
		if want != (len(got) > 0) {
			t.Fatalf("%q: %v, in the names: %v", text, got, want)
		}
		for _, v := range got {
			if f := ix.fields[v.field]; f.name != "title" || !strings.Contains(syntax.Fold(f.values.At(v.code)), text) {
				t.Fatalf("%q: %s %q", text, f.id(), f.values.At(v.code))
			}
		}
	}
}

func TestThingsCalledByWordsOfTheirNames(t *testing.T) {
	_, made := namedShop()
	p := made(t)
	for _, c := range []struct{ question, formula string }{
		{"how many customers bought lunch bags", `count(order where title contains "lunch bag") >= 1`},
		{"quantos clientes compraram jumbo bags", `count(order where title contains "jumbo bag") >= 1`},
		{"clientes que nunca compraron una garland", `count(order where title contains "garland") = 0`},
		{"customers who bought a woodland garland but no lunch bag", `count(order where title contains "woodland" and title contains "garland") >= 1 and count(order where title contains "lunch bag") = 0`},
		{"customers who bought garlands or jumbo bags", `count(order where title contains "garland" or title contains "jumbo bag") >= 1`},
		{`customers who bought "lunch bag"`, `count(order where title contains "lunch bag") >= 1`},
		{"customers with a garland", ``}, // nobody has one: they buy it
		{"who bought a galrand", ``},     // so near a slip is of no word that is only in names
	} {
		o := ask(t, p, nil, c.question)
		got := ""
		if len(o.calls) == 1 {
			got = tested(t, o.calls[0])
		}
		if got != c.formula {
			t.Errorf("%s\n  %s\n  wanted %s", c.question, got, c.formula)
		}
	}
}
