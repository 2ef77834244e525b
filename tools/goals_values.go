package tools

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"tesela/prompts"

	"tesela/segment/column"
	"tesela/segment/goal"
)

// Bounds on looking for values in a goal's words.
const (
	valueWords = 4    // words of a value
	valueDict  = 5000 // different words of a field that is looked in
	negationAt = 3    // words before a value that may negate it
)

// saidValue is a value of the data that a goal's words name.
type saidValue struct {
	goal.Value
	not bool
}

// all finds the values of the data that the words beside the goal's own
// name, longest first, and marks those words used.
func (fs *valueFields) all(ctx context.Context, b *goalbook, w *goalWords) ([]saidValue, error) {
	var found []saidValue
	for n := min(valueWords, len(w.folded)); n > 0; n-- {
		for from := 0; from+n <= len(w.folded); from++ {
			free, telling := true, false
			for i := from; i < from+n; i++ {
				free = free && !w.used[i]
				telling = telling || !b.idle[w.folded[i]]
			}
			if !free || !telling {
				continue
			}
			v, ok, err := fs.find(ctx, strings.Join(w.folded[from:from+n], " "))
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			for i := from; i < from+n; i++ {
				w.used[i] = true
			}
			said := saidValue{Value: v}
			said.not = w.negated(b.Negations, from)
			found = append(found, said)
		}
	}
	return found, nil
}

// negated tells whether a negation stands shortly before a word, and marks it
// used.
func (w *goalWords) negated(negations []string, from int) bool {
	for _, n := range negations {
		words := strings.Fields(n)
		for i := max(0, from-negationAt); i+len(words) <= from; i++ {
			if slices.Equal(w.folded[i:i+len(words)], words) {
				for k := range words {
					w.used[i+k] = true
				}
				return true
			}
		}
	}
	return false
}

// valueFields are the fields a goal's words may be values of, the likelier
// first: the place, other traits, what purchases are of, other properties.
type valueFields struct {
	fields    []searched
	countries [][]string // the names of each
	country   string     // the field that plays it
}

func (c *call) valueFields(ctx context.Context) (*valueFields, error) {
	rank := func(f field) int {
		s := c.schema
		switch ref := f.ref.String(); {
		case ref == s.Roles["country"]:
			return 0
		case ref == s.Roles["city"]:
			return 1
		case f.ref.Event == "":
			return 2
		case ref == s.Roles["category"]:
			return 3
		case ref == s.Roles["product"]:
			return 4
		case f.ref.Event == s.Roles["purchase"]:
			return 5
		}
		return 6
	}
	all := &valueFields{country: c.schema.Roles["country"]}
	var err error
	if all.countries, err = countryNames(); err != nil {
		return nil, err
	}
	for _, f := range fields(c.schema) {
		if f.Kind != column.Text || c.box.personal.is(c.schema, f.ref) || f.Set == 0 {
			continue
		}
		d, err := c.src.Dict(ctx, f.ref)
		if err != nil {
			return nil, fmt.Errorf("read the values of %s: %w", f.ref, err)
		}
		if d.Len() > valueDict {
			continue
		}
		words, err := c.box.index.of(ctx, f.ref, d)
		if err != nil {
			return nil, err
		}
		all.fields = append(all.fields, searched{f, words})
	}
	slices.SortStableFunc(all.fields, func(a, b searched) int { return rank(a.field) - rank(b.field) })
	return all, nil
}

// find looks for a value that is spelt so, but for case, accents, an s at the
// end, or the language of a country's name.
func (fs *valueFields) find(ctx context.Context, text string) (goal.Value, bool, error) {
	spellings := []string{text, text + "s", strings.TrimSuffix(text, "s")}
	own := len(spellings)
	for _, names := range fs.countries {
		if slices.ContainsFunc(names[1:], func(n string) bool { return fold(n) == text }) {
			spellings = append(spellings, names...)
		}
	}
	for i, spelling := range spellings {
		for _, f := range fs.fields {
			if i >= own && f.ref.String() != fs.country {
				continue // another name of a country is one only where countries are
			}
			matches, err := f.words.like(ctx, spelling)
			if err != nil {
				return goal.Value{}, false, err
			}
			for _, m := range matches {
				if m.how <= isFolded {
					return goal.Value{Event: f.ref.Event, Field: f.ref.Name, Word: f.words.dict.Word(m.code)}, true, nil
				}
			}
		}
	}
	return goal.Value{}, false, nil
}

// countryNames are the code and the names of countries in the three languages.
func countryNames() ([][]string, error) {
	raw, err := prompts.Lexicon.ReadFile("lexicon/countries.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the names of countries: %w", err)
	}
	var countries map[string]any
	if err := yaml.Unmarshal(raw, &countries); err != nil {
		return nil, fmt.Errorf("read the names of countries: %w", err)
	}
	var all [][]string
	for _, code := range slices.Sorted(maps.Keys(countries)) {
		region, err := language.ParseRegion(code)
		if err != nil {
			continue
		}
		names := []string{code}
		for _, tag := range []language.Tag{language.English, language.Spanish, language.Portuguese} {
			names = append(names, display.Regions(tag).Name(region))
		}
		all = append(all, names)
	}
	return all, nil
}

// nearest names values that the words may be misspelt from.
func (fs *valueFields) nearest(ctx context.Context, words []string) []string {
	var near []string
	for _, text := range words {
		for _, f := range fs.fields {
			matches, err := f.words.misspelt(ctx, text)
			if err != nil {
				return near
			}
			for _, m := range matches {
				if w := f.words.dict.Word(m.code); len(near) < 5 && !slices.Contains(near, w) {
					near = append(near, w)
				}
			}
		}
	}
	return near
}

// some are values that a place may be, a few of the likeliest field.
func (fs *valueFields) some() []string {
	if len(fs.fields) == 0 || fs.fields[0].ref.Event != "" {
		return nil
	}
	var words []string
	for code := 1; code <= min(5, fs.fields[0].words.len()); code++ {
		words = append(words, fs.fields[0].words.dict.Word(uint32(code)))
	}
	return words
}

// text is a value as it was taken, for a note.
func (v saidValue) text() string {
	if v.not {
		return "not " + v.Condition().String()
	}
	return v.Condition().String()
}
