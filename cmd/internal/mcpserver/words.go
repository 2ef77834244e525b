package mcpserver

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var wordsYAML []byte

// words is what the server says in one language, beside what results and
// answers say themselves.
type words struct {
	Instructions string `yaml:"instructions"`
	// ReadOnly or Writes is said after the instructions.
	ReadOnly  string             `yaml:"read_only"`
	Writes    string             `yaml:"writes"`
	Tools     map[string]string  `yaml:"tools"` // titles
	Resources map[string]told    `yaml:"resources"`
	Says      map[string]string  `yaml:"says"`
	Catalogue map[string]string  `yaml:"catalogue"`
	Prompts   map[string]prompts `yaml:"prompts"`
}

// told is what a listed thing is called and what it is.
type told struct {
	Title       string `yaml:"title"`
	Description string `yaml:"description"`
}

// prompts is a prompt's words.
type prompts struct {
	Title       string            `yaml:"title"`
	Description string            `yaml:"description"`
	Arguments   map[string]string `yaml:"arguments"`
	// Lines are its text. One that names an argument which is not given, or
	// something that the data does not have, is left out.
	Lines []string `yaml:"lines"`
}

// languages are the languages there are words in.
var languages = []string{"en", "es", "pt"}

// loadWords reads the words of all languages.
func loadWords() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the words of the MCP server: %w", err)
	}
	for _, code := range languages {
		if all[code] == nil {
			return nil, fmt.Errorf("read the words of the MCP server: there are none in %s", code)
		}
	}
	return all, nil
}

// say fills a form in the language, English where it has no such language.
func (s *Server) say(language, key string, pairs ...string) string {
	return fill(s.in(language).Says[key], pairs...)
}

// in gives the words of a language, those of the server for any other.
func (s *Server) in(language string) *words {
	if w := s.words[language]; w != nil {
		return w
	}
	return s.words[s.c.Language]
}

// fill puts values in the place of {names}; what is put in is not looked
// through again.
func fill(form string, pairs ...string) string {
	braced := make([]string, len(pairs))
	for i := range pairs {
		if braced[i] = pairs[i]; i%2 == 0 {
			braced[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(braced...).Replace(form)
}
