package trial

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"tesela/segment"
)

//go:embed words.yaml
var wordsText []byte

// wordlist is how people name things; see words.yaml.
type wordlist struct {
	Trial        []string `yaml:"trial"`
	Arm          []string `yaml:"arm"`
	ArmTrait     []string `yaml:"arm_trait"`
	Cost         []string `yaml:"cost"`
	Campaign     []string `yaml:"campaign"`
	HeldOut      []string `yaml:"held_out"`
	HeldOutNames []string `yaml:"held_out_names"`
}

// words parses the embedded data once.
var words = sync.OnceValues(func() (*wordlist, error) {
	w := &wordlist{}
	if err := yaml.UnmarshalWithOptions(wordsText, w, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the words of trials: %w", err)
	}
	return w, nil
})

// fold makes texts comparable: see words.yaml.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// likeliest is the field whose name stands highest in a list.
func likeliest(list []string, fields []segment.Field, fits func(segment.Field) bool) (segment.Field, bool) {
	best, at := segment.Field{}, len(list)
	for _, f := range fields {
		if k := slices.Index(list, fold(f.Name)); k >= 0 && k < at && fits(f) {
			best, at = f, k
		}
	}
	return best, at < len(list)
}
