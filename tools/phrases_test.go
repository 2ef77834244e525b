package tools

import (
	"regexp"
	"slices"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Every phrase has every language, every form, and the same parameters in
// all of them.
func TestPhrasesAreWholeInEveryLanguage(t *testing.T) {
	b, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Languages) != 3 || len(b.Phrases) < 30 {
		t.Fatalf("%d languages and %d phrases were read", len(b.Languages), len(b.Phrases))
	}
	holes := func(text string) []string {
		found := placeholder.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key, forms := range b.Phrases {
		want := holes(forms["en"].other)
		for language := range b.Languages {
			p := forms[language]
			for _, text := range []string{p.one, p.other} {
				if text == "" {
					t.Errorf("%s: empty in %s", key, language)
				}
				if got := holes(text); !slices.Equal(got, want) {
					t.Errorf("%s: %s has the parameters %v, English %v", key, language, got, want)
				}
			}
		}
		if len(forms) != len(b.Languages) {
			t.Errorf("%s: there in %d languages of %d", key, len(forms), len(b.Languages))
		}
	}
}

func TestSayCountsAsTheLanguageDoes(t *testing.T) {
	b, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language string
		n        int
		want     string
	}{
		{"en", 1, "1 customer without a “city” is left out."},
		{"en", 0, "0 customers without a “city” are left out."},
		{"en", 1234567, "1,234,567 customers without a “city” are left out."},
		{"es", 1, "Queda fuera 1 cliente sin «city»."},
		{"es", 12345, "Quedan fuera 12.345 clientes sin «city»."},
		{"pt", 0, "Fica de fora 0 cliente sem “city”."},
		{"pt", 999, "Ficam de fora 999 clientes sem “city”."},
		{"tlh", 2, "2 customers without a “city” are left out."},
	} {
		if got := b.say(c.language, "unset_excluded", params{"n": c.n, "trait": "city"}); got != c.want {
			t.Errorf("%s, %d: %q, want %q", c.language, c.n, got, c.want)
		}
	}
}

// A parameter that looks like a placeholder is text like any other.
func TestSayTakesParametersAsTheyAre(t *testing.T) {
	b, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	got := b.say("en", "values_cut", params{"n": 5, "shown": "{n}"})
	if want := "Only the best {n} of 5 matches are shown."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
