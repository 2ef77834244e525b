package tools

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tesela/segment/syntax"
)

//go:embed goals.yaml
var goalsYAML []byte

//go:embed goals_groups.yaml
var goalGroupsYAML []byte

// goalbook is how goals and their groups are said, from the data files.
type goalbook struct {
	Idle      []string              `yaml:"idle"`
	Negations []string              `yaml:"negations"`
	Common    []string              `yaml:"common"`
	Goals     map[string]saidGoal   `yaml:"goals"`
	Groups    map[string]saidGroup  `yaml:"groups"`
	idle      map[string]bool       // by folded word
	patterns  map[string][][]string // by goal: the words of each way to say it
}

// saidGoal is a goal in words; texts are by language.
type saidGoal struct {
	Words  []string            `yaml:"words"`
	Own    bool                `yaml:"own"`
	Name   map[string]string   `yaml:"name"`
	Action map[string]string   `yaml:"action"`
	More   map[string][]string `yaml:"more"`
	Did    map[string]string   `yaml:"did"`
}

// saidGroup is a group's name and why it is proposed, by language.
type saidGroup map[string][]string

func loadGoals() (*goalbook, error) {
	b := &goalbook{idle: map[string]bool{}, patterns: map[string][][]string{}}
	for _, data := range [][]byte{goalsYAML, goalGroupsYAML} {
		if err := yaml.Unmarshal(data, b); err != nil {
			return nil, fmt.Errorf("read how goals are said: %w", err)
		}
	}
	for _, line := range b.Idle {
		for _, w := range strings.Fields(line) {
			b.idle[fold(w)] = true
		}
	}
	for key, g := range b.Goals {
		for _, way := range g.Words {
			var words []string
			for _, w := range strings.Fields(strings.ReplaceAll(way, "-", " ")) {
				stem, prefix := strings.CutSuffix(w, "*")
				if stem = fold(stem); prefix {
					stem += "*"
				}
				words = append(words, stem)
			}
			b.patterns[key] = append(b.patterns[key], words)
		}
	}
	return b, nil
}

// in gives a text in a language, else in English.
func in[T any](texts map[string]T, language string) T {
	if t, ok := texts[language]; ok {
		return t
	}
	return texts["en"]
}

// goalWords are the words of a goal as a person said it: folded, and as they
// were.
type goalWords struct {
	folded, said []string
	used         []bool
}

func wordsOfGoal(text string) *goalWords {
	w := &goalWords{}
	for _, said := range strings.Fields(text) {
		said = strings.Trim(said, `.,;:!?¿¡"'«»“”()[]`)
		for _, f := range strings.Fields(fold(said)) {
			w.folded, w.said = append(w.folded, f), append(w.said, said)
		}
	}
	w.used = make([]bool, len(w.folded))
	return w
}

// goalMatch is a goal that words may mean, and which of them say so.
type goalMatch struct {
	key   string
	score int
	at    []int
}

// match finds the goals that the words may mean, the likeliest first: the one
// whose way of being said has the most letters.
func (b *goalbook) match(w *goalWords) []goalMatch {
	var found []goalMatch
	for _, key := range slices.Sorted(maps.Keys(b.patterns)) {
		best := goalMatch{key: key}
		for _, pattern := range b.patterns[key] {
			if at, score := w.has(pattern); score > best.score {
				best.score, best.at = score, at
			}
		}
		if best.score > 0 {
			found = append(found, best)
		}
	}
	slices.SortStableFunc(found, func(a, b goalMatch) int { return cmp.Compare(b.score, a.score) })
	return found
}

// has tells where the words of a pattern are, each once; a score of 0 is none.
func (w *goalWords) has(pattern []string) (at []int, score int) {
	for _, p := range pattern {
		stem, prefix := strings.CutSuffix(p, "*")
		i := slices.IndexFunc(w.folded, func(f string) bool {
			return f == stem || prefix && strings.HasPrefix(f, stem)
		})
		if i < 0 || slices.Contains(at, i) {
			return nil, 0
		}
		at = append(at, i)
		score += len(stem) + 1
	}
	return at, score
}

// names are the goals' names in a language, in order.
func (b *goalbook) names(language string) []string {
	var names []string
	for _, g := range b.Goals {
		names = append(names, in(g.Name, language))
	}
	slices.Sort(names)
	return names
}

// nearest names goals that have words spelt like the text's, else those that
// are asked for most.
func (b *goalbook) nearest(language, text string) []string {
	var near []string
	w := wordsOfGoal(text)
	for key, patterns := range b.patterns {
		for _, p := range patterns {
			for _, stem := range p {
				stem = strings.TrimSuffix(stem, "*")
				if len(stem) >= 4 && slices.ContainsFunc(w.folded, func(f string) bool { return !b.idle[f] && misspelt(f, stem) }) {
					near = append(near, in(b.Goals[key].Name, language))
				}
			}
		}
	}
	slices.Sort(near)
	if near = slices.Compact(near); len(near) > 0 {
		return near
	}
	for _, key := range b.Common {
		near = append(near, in(b.Goals[key].Name, language))
	}
	return near
}

// misspelt tells whether a word may be another, or begin with it, but for one
// error in each six letters.
func misspelt(word, stem string) bool {
	most := 1 + len(stem)/7
	if len(word) > len(stem)+most {
		word = word[:len(stem)]
	}
	return syntax.Distance([]rune(word), []rune(stem), most) <= most
}

// Goals names the goals that propose_segments knows, in a language.
func Goals(language string) ([]string, error) {
	b, err := loadGoals()
	if err != nil {
		return nil, err
	}
	return b.names(language), nil
}

// NearGoals tells whether words say one of those goals, and if not which are
// near, in a language.
func NearGoals(language, text string) (near []string, known bool, err error) {
	b, err := loadGoals()
	if err != nil {
		return nil, false, err
	}
	if len(b.match(wordsOfGoal(text))) > 0 {
		return nil, true, nil
	}
	return b.nearest(language, text), false, nil
}
