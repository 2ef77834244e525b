package planner

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// stemmers by language; a language without one is compared unstemmed.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem,
	"es": spanish.Stem,
	"pt": portuguese.Stem,
}

// stem brings each word of a folded phrase to its stem in a language.
func stem(lang, phrase string) string {
	f := stemmers[lang]
	if f == nil {
		return phrase
	}
	if !strings.Contains(phrase, " ") {
		return stemWord(f, phrase)
	}
	words := strings.Fields(phrase)
	for i, w := range words {
		words[i] = stemWord(f, w)
	}
	return strings.Join(words, " ")
}

func stemWord(f func(*snowballstem.Env) bool, w string) string {
	if len(w) < 3 {
		return w
	}
	env := snowballstem.NewEnv(w)
	f(env)
	s := env.Current()
	// Accents are folded before stemming, so some endings stay: the last
	// vowel carries gender and number only.
	if n := len(s); n > 4 && strings.IndexByte("aeo", s[n-1]) >= 0 {
		s = s[:n-1]
	}
	return s
}
