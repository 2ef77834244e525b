package planner

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"

	"tesela/prompts"
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
	ends := plurals()[lang]
	if !strings.Contains(phrase, " ") {
		return stemWord(f, ends, phrase)
	}
	words := strings.Fields(phrase)
	for i, w := range words {
		words[i] = stemWord(f, ends, w)
	}
	return strings.Join(words, " ")
}

// plurals are the endings that the stemmers miss once accents are folded, from
// prompts/lexicon/plurals.yaml. A file that cannot be read has none: the tests
// see to it that it can.
var plurals = sync.OnceValue(func() map[string][][2]string {
	var doc map[string][][2]string
	if err := readYAML(prompts.Lexicon, "lexicon/plurals.yaml", &doc); err != nil {
		return nil
	}
	return doc
})

func stemWord(f func(*snowballstem.Env) bool, ends [][2]string, w string) string {
	if len(w) < 3 {
		return w
	}
	for _, e := range ends {
		if len(w) > len(e[0])+1 && strings.HasSuffix(w, e[0]) {
			w = w[:len(w)-len(e[0])] + e[1]
			break
		}
	}
	env := snowballstem.NewEnv(w)
	f(env)
	s := env.Current()
	// "eu comi" is said of no customer; of nouns "-i" and "-u" are no endings.
	if end := w[len(w)-1]; s == w[:len(w)-1] && (end == 'i' || end == 'u') {
		return w
	}
	// Accents are folded before stemming, so some endings stay: the last
	// vowel carries gender and number only.
	if n := len(s); n > 4 && strings.IndexByte("aeo", s[n-1]) >= 0 {
		s = s[:n-1]
	}
	return s
}

// singular brings a folded plural to its singular, as its endings have it.
func singular(lang, w string) string {
	if len(w) < 5 || w[len(w)-1] != 's' {
		return w
	}
	for _, e := range plurals()[lang] {
		if strings.HasSuffix(w, e[0]) {
			return w[:len(w)-len(e[0])] + e[1]
		}
	}
	return w[:len(w)-1]
}

// pluralsOf are the plurals that a folded word may have in a language, by its
// endings turned round.
func pluralsOf(lang, w string) []string {
	var found []string
	for _, e := range plurals()[lang] {
		if body, ok := strings.CutSuffix(w, e[1]); ok && body != "" && singular(lang, body+e[0]) == w {
			found = append(found, body+e[0])
		}
	}
	if len(found) == 0 && !strings.HasSuffix(w, "s") {
		found = append(found, w+"s")
	}
	return found
}
