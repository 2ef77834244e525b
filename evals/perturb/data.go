package perturb

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

//go:embed data
var files embed.FS

// languages are those that have a file.
var languages = []string{"en", "es", "pt"}

// language is what data/LANG.yaml says, made ready.
type language struct {
	code    string
	near    map[rune][]rune // keys beside a key
	wrong   map[rune][]rune // what a letter is written as with a wrong accent
	numbers numerals
	moves   []move
	openers []string
	court   courtesies
	same    map[string][]string // phrases that say the same, by each of them
}

// file is the form of data/LANG.yaml.
type file struct {
	Keyboard   []string            `yaml:"keyboard"`
	Wrong      map[string][]string `yaml:"wrong_accents"`
	Numbers    numerals            `yaml:"numbers"`
	Reorder    reorderFile         `yaml:"reorder"`
	Politeness courtesies          `yaml:"politeness"`
}

type reorderFile struct {
	Parts   map[string]string `yaml:"parts"`
	Unless  map[string]string `yaml:"unless"`
	Openers []string          `yaml:"openers"`
	Moves   []struct {
		From   string   `yaml:"from"`
		To     string   `yaml:"to"`
		Unless []string `yaml:"unless"`
	} `yaml:"moves"`
}

// mixRow is a word in each language, by its code, each with the other ways to
// write it. Where there is "of", it is taken from those languages only.
type mixRow map[string][]string

// New reads the data.
func New() (*Noise, error) {
	n := &Noise{langs: map[string]*language{}}
	for _, code := range languages {
		l, err := readLanguage(code)
		if err != nil {
			return nil, fmt.Errorf("read the noise of %s: %w", code, err)
		}
		n.langs[code] = l
	}
	raw, err := files.ReadFile("data/mix.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the words to mix: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(raw, &n.mix, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the words to mix: %w", err)
	}
	for _, row := range n.mix {
		for _, code := range languages {
			if len(row[code]) == 0 {
				return nil, fmt.Errorf("read the words to mix: %v has none in %s", row, code)
			}
		}
	}
	return n, nil
}

func readLanguage(code string) (*language, error) {
	raw, err := files.ReadFile("data/" + code + ".yaml")
	if err != nil {
		return nil, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(raw, &f, yaml.Strict()); err != nil {
		return nil, err
	}
	l := &language{code: code, numbers: f.Numbers, openers: f.Reorder.Openers, court: f.Politeness, wrong: map[rune][]rune{}}
	l.near = neighbours(f.Keyboard)
	for letter, marks := range f.Wrong {
		r, _ := utf8.DecodeRuneInString(letter)
		for _, m := range marks {
			w, _ := utf8.DecodeRuneInString(m)
			l.wrong[r] = append(l.wrong[r], w)
		}
	}
	if err := l.numbers.ready(); err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	if l.moves, err = f.Reorder.moves(); err != nil {
		return nil, fmt.Errorf("reorder: %w", err)
	}
	return l, nil
}

// neighbours finds the letters beside each letter of a keyboard, whose rows
// are each shifted by half a key to the right.
func neighbours(keyboard []string) map[rune][]rune {
	near := map[rune][]rune{}
	beside := func(a, b rune) {
		near[a] = append(near[a], b)
		near[b] = append(near[b], a)
	}
	var above []rune
	for _, text := range keyboard {
		row := []rune(text)
		for i, r := range row {
			if i > 0 {
				beside(r, row[i-1])
			}
			for _, j := range []int{i, i + 1} {
				if j < len(above) {
					beside(r, above[j])
				}
			}
		}
		above = row
	}
	for r := range near {
		slices.Sort(near[r])
	}
	return near
}

// part is where a fragment stands in a pattern: {time}.
var part = regexp.MustCompile(`\{([a-z_]+)\}`)

// fill puts the parts in their places, parts within parts too.
func fill(pattern string, parts map[string]string) (string, error) {
	for range 4 {
		missing := ""
		pattern = part.ReplaceAllStringFunc(pattern, func(m string) string {
			p, ok := parts[strings.Trim(m, "{}")]
			if !ok {
				missing = m
			}
			return "(?:" + p + ")"
		})
		if missing != "" {
			return "", fmt.Errorf("there is no part %s", missing)
		}
	}
	return pattern, nil
}

// compile reads a pattern with parts; spaces stand for any, and case does not
// matter.
func compile(pattern string, parts map[string]string) (*regexp.Regexp, error) {
	filled, err := fill(pattern, parts)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(`(?i)` + filled)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	return re, nil
}

// moves makes the rules ready.
func (f reorderFile) moves() ([]move, error) {
	var list []move
	for _, m := range f.Moves {
		from, err := compile("^"+m.From+"$", f.Parts)
		if err != nil {
			return nil, err
		}
		rule := move{from: from, to: m.To}
		for _, name := range m.Unless {
			pattern, ok := f.Unless[name]
			if !ok {
				return nil, fmt.Errorf("there is no bar called %s", name)
			}
			bar, err := compile(pattern, f.Parts)
			if err != nil {
				return nil, err
			}
			rule.unless = append(rule.unless, bar)
		}
		list = append(list, rule)
	}
	return list, nil
}
