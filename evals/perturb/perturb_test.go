package perturb

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
)

// example is a line of testdata/KIND.yaml: a question and what it becomes, the
// same where it must be left alone. All were read by hand: the noise is of
// its kind and the meaning is what it was.
type example struct {
	ID    string `yaml:"id"`
	Seed  int    `yaml:"seed"`
	From  string `yaml:"from"`
	Comes string `yaml:"comes"` // empty: to what it was
}

// examples are those of a kind, by language.
func examples(t testing.TB, kind string) map[string][]example {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + kind + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list map[string][]example
	if err := yaml.UnmarshalWithOptions(raw, &list, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return list
}

var shown = []string{"typos", "accents", "case", "numbers", "reorder", "mix", "politeness"}

func noise(t testing.TB) *Noise {
	t.Helper()
	n, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestExamples(t *testing.T) {
	n := noise(t)
	for _, kind := range shown {
		for lang, list := range examples(t, kind) {
			changed := 0
			for _, e := range list {
				want := e.Comes
				if want == "" {
					want = e.From
				} else {
					changed++
				}
				got, kinds := n.Apply(e.From, []string{kind}, Options{Lang: lang, ID: e.ID, Seed: e.Seed})
				if got != want {
					t.Errorf("%s %s %s:\n  from %s\n  want %s\n  got  %s", kind, lang, e.ID, e.From, want, got)
				}
				if told := len(kinds) > 0; told != (got != e.From) {
					t.Errorf("%s: %q became %q, and it is told that %v changed it", kind, e.From, got, kinds)
				}
			}
			if changed < 30 {
				t.Errorf("%s %s: only %d examples change", kind, lang, changed)
			}
		}
	}
}

// everyQuestion calls f with all questions of the examples.
func everyQuestion(t *testing.T, f func(lang, text string)) {
	t.Helper()
	for _, kind := range shown {
		for lang, list := range examples(t, kind) {
			for _, e := range list {
				f(lang, e.From)
			}
		}
	}
}

func TestNumbersKeepTheirValue(t *testing.T) {
	n := noise(t)
	changed := 0
	everyQuestion(t, func(lang, text string) {
		for seed := range 3 {
			got, kinds := n.Apply(text, []string{"numbers"}, Options{Lang: lang, ID: text, Seed: seed})
			if was, is := figuresOf(lang, text), figuresOf(lang, got); !slices.Equal(was, is) {
				t.Errorf("%s: %q has %v, %q has %v", lang, text, was, got, is)
			}
			changed += len(kinds)
		}
	})
	if changed < 200 {
		t.Errorf("only %d changed", changed)
	}
}

// TestEveryNumber writes each number there is a way for and reads it back.
func TestEveryNumber(t *testing.T) {
	n := noise(t)
	for _, lang := range languages {
		written := 0
		for v := range 1_000_000 {
			if v >= 1000 && v%1000 != 0 {
				continue
			}
			s, ok := n.langs[lang].numbers.write(v)
			if !ok || v == 1 {
				continue
			}
			written++
			if got := figuresOf(lang, s); len(got) != 1 || got[0] != v {
				t.Errorf("%s: %d is written %q, which reads as %v", lang, v, s, got)
			}
		}
		if written < 1500 {
			t.Errorf("%s: only %d numbers are written", lang, written)
		}
	}
}

func TestAccentsDifferInMarksOnly(t *testing.T) {
	n := noise(t)
	everyQuestion(t, func(lang, text string) {
		for seed := range 4 {
			got, _ := n.Apply(text, []string{"accents"}, Options{Lang: lang, ID: text, Seed: seed})
			if withoutMarks(got) != withoutMarks(text) {
				t.Errorf("%q became %q", text, got)
			}
		}
	})
}

func withoutMarks(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestCaseDiffersInCaseOnly(t *testing.T) {
	n := noise(t)
	everyQuestion(t, func(lang, text string) {
		for _, kind := range []string{"case", "lower", "upper"} {
			if got, _ := n.Apply(text, []string{kind}, Options{Lang: lang, ID: text}); !strings.EqualFold(got, text) {
				t.Errorf("%s: %q became %q", kind, text, got)
			}
		}
	})
}

// TestTyposAreFew: at most two words differ, each by a slip or two of letters
// inside it, and no word that is known comes of it.
func TestTyposAreFew(t *testing.T) {
	n := noise(t)
	known := func(w string) bool { return strings.ContainsAny(w, "e") } // half of all words
	everyQuestion(t, func(lang, text string) {
		got, _ := n.Apply(text, []string{"typos"}, Options{Lang: lang, ID: text, Known: known})
		was, is := strings.Fields(text), strings.Fields(got)
		if len(was) != len(is) {
			t.Fatalf("%q became %q", text, got)
		}
		differ := 0
		for i := range was {
			if was[i] == is[i] {
				continue
			}
			differ++
			letters := utf8.RuneCountInString(is[i]) - utf8.RuneCountInString(was[i])
			if utf8.RuneCountInString(was[i]) < 5 || letters < -1 || letters > 1 || strings.ContainsAny(was[i], "0123456789_@\"") || strings.Contains(is[i], "e") {
				t.Errorf("%q became %q in %q", was[i], is[i], text)
			}
		}
		if differ > 2 {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// TestReorderedHasTheSameWords: what moves is there before and after, but for
// the words of asking.
func TestReorderedHasTheSameWords(t *testing.T) {
	n := noise(t)
	asking := map[string]bool{}
	for _, w := range strings.Fields("tell me can could you let know show dime decime quiero saber me gustaria puedes mostrar dar muestrame mostrame muestrenme dame diga diz pode mostre mostra da de gostaria queria quero") {
		asking[w] = true
	}
	letters := regexp.MustCompile(`[\p{L}\p{N}]+`)
	words := func(s string) []string {
		list := letters.FindAllString(strings.ToLower(withoutMarks(s)), -1)
		list = slices.DeleteFunc(list, func(w string) bool { return asking[w] })
		slices.Sort(list)
		return list
	}
	everyQuestion(t, func(lang, text string) {
		for seed := range 3 {
			got, _ := n.Apply(text, []string{"reorder"}, Options{Lang: lang, ID: text, Seed: seed})
			if !slices.Equal(words(text), words(got)) {
				t.Errorf("%q became %q", text, got)
			}
		}
	})
}

func TestTheSameEverywhere(t *testing.T) {
	a, b := noise(t), noise(t)
	everyQuestion(t, func(lang, text string) {
		o := Options{Lang: lang, ID: text, Seed: 7}
		x, kinds := a.Apply(text, shown, o)
		y, again := b.Apply(text, backwards(shown), o)
		if x != y || !slices.Equal(kinds, again) {
			t.Errorf("%q became %q and %q", text, x, y)
		}
	})
}

func TestCheck(t *testing.T) {
	if err := Check([]string{"typos", "upper"}); err != nil {
		t.Error(err)
	}
	if err := Check([]string{"typos", "shouting"}); err == nil || !strings.Contains(err.Error(), "shouting") || !strings.Contains(err.Error(), "politeness") {
		t.Errorf("an unknown kind: %v", err)
	}
	if got, kinds := noise(t).Apply("Quantos?", []string{"shouting"}, Options{Lang: "pt"}); got != "Quantos?" || len(kinds) > 0 {
		t.Errorf("an unknown kind did %v: %s", kinds, got)
	}
	if got, kinds := noise(t).Apply("Combien?", Kinds, Options{Lang: "fr"}); got != "Combien?" || len(kinds) > 0 {
		t.Errorf("an unknown language had %v: %s", kinds, got)
	}
}

// TestLeftAlone: what no noise of any kind and seed may touch.
func TestLeftAlone(t *testing.T) {
	n := noise(t)
	for _, c := range []struct{ lang, text, part string }{
		{"en", `customers who bought "Red Ten Kettles" 5 times`, `"Red Ten Kettles"`},
		{"es", `¿cuántos compraron «Té de las cinco» tres veces?`, `«Té de las cinco»`},
		{"pt", `clientes da campanha 'promoção de maio' em 2025`, `'promoção de maio'`},
		{"en", "orders of spring_sale_10 in 2025-03", "spring_sale_10"},
		{"en", "orders of spring_sale_10 in 2025-03", "2025-03"},
		{"en", "what did p00001 buy on 5/3/2025", "p00001"},
		{"en", "what did p00001 buy on 5/3/2025", "5/3/2025"},
		{"es", "pedido 10452 de ana.lopez@example.com", "ana.lopez@example.com"},
		{"es", "pedido 10452 de ana.lopez@example.com", "10452"},
		{"pt", "receita do 3º trimestre de 2025 do 85123A", "3º"},
		{"pt", "receita do 3º trimestre de 2025 do 85123A", "85123A"},
		{"en", "signups on the 2nd of May", "2nd"},
		{"es", "ventas del 28 de noviembre", "28"},
		{"pt", "vendas de 5 de março de 2024", "2024"},
		{"en", "revenue in 2025", "2025"},
	} {
		for seed := range 30 {
			for _, kinds := range append([][]string{shown}, slices.Collect(slices.Chunk(Kinds, 1))...) {
				if got, _ := n.Apply(c.text, kinds, Options{Lang: c.lang, Seed: seed}); !strings.Contains(got, c.part) {
					t.Fatalf("%s of %q came to %q", kinds, c.text, got)
				}
			}
		}
	}
}

// FuzzApply: whatever comes in, valid text in normal form comes out, the same
// each time, with its quotations whole.
func FuzzApply(f *testing.F) {
	n := noise(f)
	for _, s := range []string{
		"", " ", "\"", "''", "¿?", "10%", "mil", "\xff\xfe", "e\u0301e\u0301e\u0301 \u0301", "İstanbul ŉ ß ǅ", "« \u0338 »",
		"a 'b c' d's", "twenty-", "1.000.000 euros", "in 2025", "99999999999999999999", "please", "dos mil mil", "10 % 10 percent",
		"how many customers bought \"Ten Green Bottles\" 1000 times in the last 10 days?",
		"\u1100\u1161\u11a8 one hundred 가각", "𝟙𝟘 orders", "ⅷ ⅷ", "a\u200db",
	} {
		f.Add(s, int8(3))
	}
	quotation := regexp.MustCompile(`"[^"]*"`)
	f.Fuzz(func(t *testing.T, text string, seed int8) {
		for _, lang := range languages {
			for _, kinds := range append([][]string{shown}, slices.Collect(slices.Chunk(shown, 1))...) {
				o := Options{Lang: lang, ID: "x", Seed: int(seed)}
				got, changed := n.Apply(text, kinds, o)
				if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
					t.Fatalf("%v of %q came to %q", kinds, text, got)
				}
				if again, _ := n.Apply(text, kinds, o); again != got {
					t.Fatalf("%v of %q came to %q and %q", kinds, text, got, again)
				}
				plain := norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD"))
				if (got != plain) != (len(changed) > 0) && len(changed) < 2 {
					t.Fatalf("%q became %q by %v", plain, got, changed)
				}
				if !strings.ContainsAny(text, "'‘’“”«»`") && utf8.ValidString(text) {
					for _, q := range quotation.FindAllString(plain, -1) {
						if !strings.Contains(got, q) {
							t.Fatalf("%v of %q came to %q without %s", kinds, text, got, q)
						}
					}
				}
			}
		}
	})
}

func backwards(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
