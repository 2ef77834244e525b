package report

import (
	_ "embed"
	"fmt"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
)

//go:embed words.yaml
var wordsYAML []byte

// words is what a report says in one language.
type words struct {
	Brand       string            `yaml:"brand"`
	Kinds       map[string]string `yaml:"kinds"`
	Sections    map[string]string `yaml:"sections"`
	Statuses    map[string]string `yaml:"statuses"`
	Understood  string            `yaml:"understood"`
	Assumptions string            `yaml:"assumptions"`
	Notes       string            `yaml:"notes"`
	Part        string            `yaml:"part"`
	Personal    string            `yaml:"personal"`
	Withheld    string            `yaml:"withheld"`
	Would       string            `yaml:"would"`
	Failed      string            `yaml:"failed"`
	MoreRows    string            `yaml:"more_rows"`
	Method      string            `yaml:"method"`
	AsOf        string            `yaml:"as_of"`
	Formula     string            `yaml:"formula"`
	Data        string            `yaml:"data"`
	Result      string            `yaml:"result"`
	Model       string            `yaml:"model"`
	Program     string            `yaml:"program"`
	Answer      string            `yaml:"answer"`
	Command     string            `yaml:"command"`
}

// loadWords reads the texts of all languages.
var loadWords = sync.OnceValues(func() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the report's words: %w", err)
	}
	for _, code := range wording.Codes() {
		if all[code] == nil {
			return nil, fmt.Errorf("read the report's words: there are none in %s", code)
		}
	}
	return all, nil
})

// harmless drops what could steer whoever reads the file or turn the direction
// of writing around a text; the template has seen to markup.
func harmless(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar, r == '\ufeff', r == '\u2028', r == '\u2029':
		return -1
	}
	return r
}
