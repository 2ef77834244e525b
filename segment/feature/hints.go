package feature

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tesela/segment/syntax"
)

//go:embed hints.yaml
var hintsYAML []byte

// hints tell by the words in a field's name which layer it goes to.
type hints struct {
	IDs      []string `yaml:"ids"`
	Channels []string `yaml:"channels"`
	Consents []string `yaml:"consents"`
}

// readHints reads the list; without it fields go by their kind alone.
func readHints() *hints {
	h := &hints{}
	if err := yaml.Unmarshal(hintsYAML, h); err != nil {
		return &hints{}
	}
	return h
}

func has(list []string, field string) bool {
	parts := strings.FieldsFunc(syntax.Fold(field), func(r rune) bool {
		return r == '_' || r == ' ' || r == '-' || r == '.'
	})
	return slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(list, p) })
}

func (h *hints) id(field string) bool      { return has(h.IDs, field) }
func (h *hints) channel(field string) bool { return has(h.Channels, field) }
func (h *hints) consent(field string) bool { return has(h.Consents, field) }
