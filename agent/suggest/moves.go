package suggest

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tesela/prompts"
)

// moves are what makes sense to ask: after each tool, and at first.
type moves struct {
	Layers map[string]string `yaml:"layers"` // tool → name of its layer
	Next   map[string][]move `yaml:"next"`
	Always []move            `yaml:"always"` // where Next has too few
	First  []move            `yaml:"first"`
}

// move is a next call with slots for what it takes from the last one; a first
// question has only words.
type move struct {
	Say   string         `yaml:"say"`
	Tool  string         `yaml:"tool"`
	Needs []string       `yaml:"needs"`
	Args  map[string]any `yaml:"args"`
}

// words are the texts of a language by the names that moves give them, and
// the words for none and no beside a masculine and a feminine noun.
type words struct {
	Texts map[string]string `yaml:"texts"`
	None  [2]string         `yaml:"none"`
	No    [2]string         `yaml:"no"`
}

const movesFile = "suggest/moves.yaml"

// readMoves reads the moves and the words of all languages; a move without
// words in one of them is a fault.
func readMoves() (*moves, map[string]words, error) {
	m := &moves{}
	if err := readYAML(movesFile, m); err != nil {
		return nil, nil, err
	}
	files, err := fs.Glob(prompts.Suggest, "suggest/??.yaml")
	if err != nil {
		return nil, nil, err
	}
	all := map[string]words{}
	for _, f := range files {
		var w words
		if err := readYAML(f, &w); err != nil {
			return nil, nil, err
		}
		all[strings.TrimSuffix(path.Base(f), ".yaml")] = w
	}
	for language, w := range all {
		for _, list := range append(slices.Collect(maps.Values(m.Next)), m.Always, m.First) {
			for _, x := range list {
				if w.Texts[x.Say] == "" {
					return nil, nil, fmt.Errorf("read what to suggest: %s.yaml has no words for %q", language, x.Say)
				}
			}
		}
	}
	return m, all, nil
}

func readYAML(name string, into any) error {
	text, err := fs.ReadFile(prompts.Suggest, name)
	if err == nil {
		err = yaml.UnmarshalWithOptions(text, into, yaml.DisallowUnknownField())
	}
	if err != nil {
		return fmt.Errorf("read what to suggest: %s: %w", name, err)
	}
	return nil
}
