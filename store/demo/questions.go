package demo

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed questions.yaml
var questionsYAML []byte

// Questions gives good first questions on the demo in a language: en, es or
// pt; none for another.
func Questions(language string) ([]string, error) {
	var all map[string][]string
	if err := yaml.Unmarshal(questionsYAML, &all); err != nil {
		return nil, fmt.Errorf("read the demo's questions.yaml: %w", err)
	}
	return all[language], nil
}
