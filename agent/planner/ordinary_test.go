package planner

import (
	"strings"
	"testing"
)

// Ordinary words are read in all their forms, and none is a word that some
// lexicon says differently of: the file can be read whole.
func TestOrdinaryWords(t *testing.T) {
	if _, err := readOrdinary(); err != nil {
		t.Fatal(err)
	}
	for lang, list := range map[string]string{
		"en": "begins coached weather",
		"es": "empujaron ladran comenzaste ventanas",
		"pt": "comecaram dancou vizinhos cozinhando",
	} {
		for _, w := range strings.Fields(list) {
			if !isOrdinary(lang, w) {
				t.Errorf("%s: %q is no ordinary word", lang, w)
			}
		}
		if isOrdinary(lang, "comprarm") {
			t.Errorf("%s: a slip is an ordinary word", lang)
		}
	}
}

// What somebody typed as it is meant is no slip of a word that looks like it.
func TestOrdinaryWordsAreNoSlips(t *testing.T) {
	p := planner(t, shop())
	for _, q := range []string{"clientes que começaram em março", "clientes que comenzaron en marzo"} {
		lang := "pt"
		if strings.Contains(q, "marzo") {
			lang = "es"
		}
		toks := tokenize(q)
		for _, tok := range toks {
			if strings.HasPrefix(tok.folded, "com") {
				if got := p.meant(tok, []string{lang}); len(got) > 0 {
					t.Errorf("%q is heard as %v", tok.text, got)
				}
			}
		}
	}
}
