package drawing

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
)

//go:embed words.yaml
var wordsYAML []byte

// words is what charts say in one language.
type words struct {
	MoreDrawn string            `yaml:"more_drawn"`
	AsOf      string            `yaml:"as_of"`
	Told      string            `yaml:"told"`  // letters told of instead of written
	Chart     map[string]string `yaml:"chart"` // what each kind shows, for who cannot see it
}

// loadWords reads the texts of all languages.
var loadWords = sync.OnceValues(func() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the words of charts: %w", err)
	}
	for _, code := range wording.Codes() {
		if all[code] == nil {
			return nil, fmt.Errorf("read the words of charts: there are none in %s", code)
		}
	}
	return all, nil
})

// wordsFor are the texts of a language.
func wordsFor(lang *wording.Language) (*words, error) {
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	return all[lang.Code], nil
}
