package tools

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed phrases*.yaml
var phraseFiles embed.FS

// phrasebook holds all titles and notes; it is data, so that no Go code knows
// a word of any language.
type phrasebook struct {
	Languages map[string]grammar           `yaml:"languages"`
	Phrases   map[string]map[string]phrase `yaml:"phrases"`
}

// grammar is what counts need in a language.
type grammar struct {
	Thousands string `yaml:"thousands"`
	One       []int  `yaml:"one"` // the counts that take the form for one
}

// phrase is a text, or a form for one and one for other counts of a
// parameter, n unless it says which.
type phrase struct{ one, other, by string }

// UnmarshalYAML reads either shape.
func (p *phrase) UnmarshalYAML(read func(any) error) error {
	var text string
	if read(&text) == nil {
		p.one, p.other = text, text
		return nil
	}
	var forms struct{ One, Other, By string }
	if err := read(&forms); err != nil {
		return err
	}
	p.one, p.other, p.by = forms.One, forms.Other, forms.By
	return nil
}

// loadPhrases reads all files of phrases; a key stands in one of them only.
func loadPhrases() (*phrasebook, error) {
	entries, err := phraseFiles.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	all := &phrasebook{Languages: map[string]grammar{}, Phrases: map[string]map[string]phrase{}}
	for _, e := range entries {
		data, err := phraseFiles.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("read phrases: %w", err)
		}
		var b phrasebook
		if err := yaml.Unmarshal(data, &b); err != nil {
			return nil, fmt.Errorf("read %s: %w", e.Name(), err)
		}
		maps.Copy(all.Languages, b.Languages)
		for key, forms := range b.Phrases {
			if _, twice := all.Phrases[key]; twice {
				return nil, fmt.Errorf("read %s: %s is a phrase of another file too", e.Name(), key)
			}
			all.Phrases[key] = forms
		}
	}
	return all, nil
}

// params are the parameters of a phrase by name.
type params map[string]any

// say words a phrase in a language; English where it lacks the language, the
// key where it lacks the phrase.
func (b *phrasebook) say(language, key string, p params) string {
	forms := b.Phrases[key]
	chosen, ok := forms[language]
	if !ok {
		language = "en"
		chosen, ok = forms[language]
	}
	if !ok {
		return key
	}
	g := b.Languages[language]
	text, by := chosen.other, "n"
	if chosen.by != "" {
		by = chosen.by
	}
	if n, counted := p[by].(int); counted && slices.Contains(g.One, n) {
		text = chosen.one
	}
	// One pass, so that braces in a parameter's own text stay as they are.
	var pairs []string
	for name, value := range p {
		s, isText := value.(string)
		if n, isCount := value.(int); isCount {
			s = g.count(n)
		} else if !isText {
			s = fmt.Sprint(value)
		}
		pairs = append(pairs, "{"+name+"}", s)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// count groups a count's digits by threes.
func (g grammar) count(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + g.Thousands + s[at:]
	}
	return s
}
