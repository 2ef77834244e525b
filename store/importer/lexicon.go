package importer

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/currency"
)

//go:embed lexicon.yaml
var lexiconText []byte

// lexicon is what the importer knows of how people name columns and write
// values. It is data: see lexicon.yaml.
type lexicon struct {
	// Columns: by part of a mapping or role, the names columns have, the
	// likeliest first, without underscores.
	Columns map[string][]string `yaml:"columns"`
	// Events: by role, the names events have.
	Events map[string][]string `yaml:"events"`
	// People are the words for whose rows they are.
	People []string `yaml:"people"`
	// Takings are the words for what a trade is paid, the likeliest first, and
	// NotTaken those beside which they are not.
	Takings  []string `yaml:"takings"`
	NotTaken []string `yaml:"not_taken"`
	// NotSales are names of events whose money is no takings.
	NotSales []string `yaml:"not_sales"`
	// DullFiles are words of files' names that say nothing of their rows.
	DullFiles []string `yaml:"dull_files"`
	// Hints: by kind, the words in a column's name that suggest it.
	Hints map[string][]string `yaml:"hints"`
	True  []string            `yaml:"true"`
	False []string            `yaml:"false"`
	// Missing are the texts that stand for no value.
	Missing []string `yaml:"missing"`
	// MissingText are those that do so even where text is expected.
	MissingText []string          `yaml:"missing_text"`
	Signs       map[string]string `yaml:"signs"`
	Months      []string          `yaml:"months"` // "1 january", …
	MonthFirst  []string          `yaml:"month_first_zones"`
	Zones       []string          `yaml:"zones"`
	// Wrappers are the parts of an answer that holds rows.
	Wrappers []string `yaml:"wrappers"`

	yes, no, missing, missingText map[string]bool
	months                        map[string]int
	starts                        [256]bool // first bytes of texts for missing
}

// readLexicon parses the embedded data once.
var readLexicon = sync.OnceValues(func() (*lexicon, error) {
	l := &lexicon{}
	if err := yaml.Unmarshal(lexiconText, l); err != nil {
		return nil, fmt.Errorf("read the importer's lexicon: %w", err)
	}
	set := func(words []string) map[string]bool {
		m := make(map[string]bool, len(words))
		for _, w := range words {
			m[w] = true
		}
		return m
	}
	l.yes, l.no, l.missing, l.missingText = set(l.True), set(l.False), set(l.Missing), set(l.MissingText)
	for _, w := range append(l.Missing, l.MissingText...) {
		l.starts[w[0]] = true
	}
	l.months = map[string]int{}
	for i, names := range l.Months {
		for _, n := range strings.Fields(names) {
			l.months[n] = i + 1
		}
	}
	if len(l.Months) != 12 {
		return nil, fmt.Errorf("read the importer's lexicon: %d months", len(l.Months))
	}
	return l, nil
})

// words is the lexicon; the embedded data is checked by a test.
func words() *lexicon {
	l, err := readLexicon()
	if err != nil {
		return &lexicon{}
	}
	return l
}

// knownSign tells whether a text is a currency's sign or code.
func knownSign(s string) bool {
	_, ok := signCurrency(s)
	return ok
}

// signCurrency gives the currency a sign stands for; "" where it is shared by
// several.
func signCurrency(s string) (code string, ok bool) {
	s = strings.TrimSpace(s)
	if code, ok = words().Signs[s]; ok {
		return code, true
	}
	if len(s) == 3 {
		if u, err := currency.ParseISO(s); err == nil {
			return u.String(), true
		}
	}
	return "", false
}

// isMissing tells whether a text stands for no value where a figure, a time
// or an id is expected.
func (l *lexicon) isMissing(b []byte) bool {
	return len(b) == 0 || l.starts[b[0]] && len(b) <= longestMissing && l.missing[string(b)]
}

// isMissingText is isMissing where text is expected.
func (l *lexicon) isMissingText(b []byte) bool {
	return len(b) == 0 || l.starts[b[0]] && len(b) <= longestMissing && l.missingText[string(b)]
}

// longestMissing bounds the texts that stand for no value, so that longer
// ones need not be looked up.
const longestMissing = 12

// rank tells whether a name is one of a list of the lexicon's, and how far up
// it stands (0 is likeliest).
func rank(list []string, name string) (int, bool) {
	key := squash(name)
	if day, ok := strings.CutPrefix(name, "dt_"); ok {
		key = "data" + squash(day) // dt_nascimento
	}
	if i := slices.Index(list, key); i >= 0 {
		return i, true
	}
	if k := strings.LastIndexByte(name, '_'); k > 0 && len(name)-k == 4 { // price_usd
		if _, err := currency.ParseISO(name[k+1:]); err == nil {
			i := slices.Index(list, squash(name[:k]))
			return max(i, 0), i >= 0
		}
	}
	return 0, false
}

// squash drops the underscores of a snake-case name.
func squash(name string) string { return strings.ReplaceAll(name, "_", "") }

// hinted tells whether one of the words of one of the snake-case names
// suggests a kind. A hint with $ counts as the last word only.
func (l *lexicon) hinted(kind string, names ...string) bool {
	for _, name := range names {
		for _, h := range l.Hints[kind] {
			word, last := strings.CutSuffix(h, "$")
			if name == word || strings.HasSuffix(name, "_"+word) ||
				!last && (strings.HasPrefix(name, word+"_") || strings.Contains(name, "_"+word+"_")) {
				return true
			}
		}
	}
	return false
}
