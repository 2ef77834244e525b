package planner

import (
	"sync"

	"tesela/prompts"
)

// ordinary are the words of each language that prompts/lexicon/common.yaml lists,
// in all their forms, by the language's code: whoever types one means it.
// A file that cannot be read has none: the linter tells what is wrong with it.
var ordinary = sync.OnceValue(func() map[string]map[string]bool {
	out, err := readOrdinary()
	if err != nil {
		return nil
	}
	return out
})

func readOrdinary() (map[string]map[string]bool, error) {
	var doc map[string]struct {
		Verbs []string `yaml:"verbs"`
		Words []string `yaml:"words"`
	}
	if err := readYAML(prompts.Lexicon, "lexicon/common.yaml", &doc); err != nil {
		return nil, err
	}
	verbs, err := conjugations()
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]bool{}
	for lang, d := range doc {
		words := map[string]bool{}
		for _, v := range d.Verbs {
			forms, err := verbs.forms(lang, v, "~")
			if err != nil {
				return nil, err
			}
			for _, f := range append(forms, v) {
				words[fold(f)] = true
			}
		}
		for _, w := range d.Words {
			words[fold(w)] = true
		}
		out[lang] = words
	}
	return out, nil
}

// isOrdinary tells whether a folded word is an ordinary one of a language.
func isOrdinary(lang, w string) bool {
	words := ordinary()[lang]
	return words[w] || words[singular(lang, w)]
}
