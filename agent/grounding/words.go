package grounding

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
)

//go:embed words.yaml
var wordsYAML []byte

// words are one language's; words.yaml says what each key means.
type words struct {
	Numbers    map[string]float64  `yaml:"numbers"`
	Scales     map[string]float64  `yaml:"scales"`
	Joiners    []string            `yaml:"joiners"`
	Articles   []string            `yaml:"articles"`
	Fractions  map[string]float64  `yaml:"fractions"`
	PartMarks  []string            `yaml:"part_marks"`
	OneIn      []string            `yaml:"one_in"`
	Percent    []string            `yaml:"percent"`
	Points     []string            `yaml:"points"`
	Nearly     []string            `yaml:"nearly"`
	Down       []string            `yaml:"down"`
	Up         []string            `yaml:"up"`
	To         []string            `yaml:"to"`
	Bounds     []string            `yaml:"bounds"`
	With       []string            `yaml:"with"`
	Between    []string            `yaml:"between"`
	OrMore     []string            `yaml:"or_more"`
	None       []string            `yaml:"none"`
	Times      []string            `yaml:"times"`
	Multiples  []string            `yaml:"multiples"`
	Multiplied map[string]float64  `yaml:"multiplied"`
	Durations  map[string]string   `yaml:"durations"`
	Currencies map[string][]string `yaml:"currencies"`
	Quarter    []string            `yaml:"quarter"`
	Week       []string            `yaml:"week"`

	nouns   map[string]string   // a counted noun → its unit
	symbols map[string][]string // a sign of money → its currencies
	months  map[string]int
	days    []string
}

var loadWords = sync.OnceValues(func() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the words of figures: %w", err)
	}
	symbols := map[string][]string{}
	for _, code := range wording.Codes() {
		w := all[code]
		if w == nil {
			return nil, fmt.Errorf("read the words of figures: there are none in %s", code)
		}
		lang, err := wording.For(code)
		if err != nil {
			return nil, err
		}
		w.nouns = map[string]string{}
		for unit, forms := range lang.Units {
			for _, f := range forms {
				w.nouns[strings.ToLower(f)] = unit
			}
		}
		w.months = map[string]int{}
		for i, m := range lang.Months {
			w.months[strings.ToLower(m)] = i + 1
		}
		for _, d := range lang.Weekdays {
			w.days = append(w.days, strings.ToLower(d))
		}
		for currency, symbol := range lang.Symbols {
			if !slices.Contains(symbols[symbol], currency) {
				symbols[symbol] = append(symbols[symbol], currency)
			}
		}
	}
	for _, w := range all {
		w.symbols = symbols
	}
	return all, nil
})

// after finds which of some phrases tokens begin with and how many tokens it
// takes; 0 for none. Longer ones count first.
func after(tokens []token, phrases []string) int {
	best := 0
	for _, p := range phrases {
		parts := strings.Fields(p)
		if len(parts) <= best || len(parts) > len(tokens) {
			continue
		}
		same := true
		for i, part := range parts {
			same = same && tokens[i].low == part
		}
		if same {
			best = len(parts)
		}
	}
	return best
}

// before tells whether the tokens end with one of the phrases.
func before(tokens []token, phrases []string) bool {
	for _, p := range phrases {
		n := len(strings.Fields(p))
		if n <= len(tokens) && after(tokens[len(tokens)-n:], []string{p}) == n {
			return true
		}
	}
	return false
}
