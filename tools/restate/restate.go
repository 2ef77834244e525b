// Package restate says formulas and tool calls in plain words of the asker's
// language, from templates that are data. The planner can read what it says
// back to the same call.
package restate

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
	"tesela/prompts"
	"tesela/segment/syntax"
)

// words are one language's templates, see prompts/restate.
type words struct {
	Group    string `yaml:"group"`
	Decimal  string `yaml:"decimal"`
	And      string `yaml:"and"`
	Or       string `yaml:"or"`
	Everyone string `yaml:"everyone"`
	Nobody   string `yaml:"nobody"`

	Customers string `yaml:"customers"`

	Count     map[string]string   `yaml:"count"`
	Spent     map[string]string   `yaml:"spent"`
	Compare   map[string]string   `yaml:"compare"`
	Moments   map[string]string   `yaml:"moments"`
	DaysSince map[string]string   `yaml:"days_since"`
	Value     map[string]string   `yaml:"value"`
	Where     map[string]string   `yaml:"where"`
	Window    map[string]string   `yaml:"window"`
	Units     map[string][]string `yaml:"units"`
	Feminine  []string            `yaml:"feminine_units"`
	// FeminineEndings and MasculineEndings tell the gender of names that are
	// not among the nouns, FeminineValues that of the words for functions.
	FeminineEndings  []string `yaml:"feminine_endings"`
	MasculineEndings []string `yaml:"masculine_endings"`
	FeminineValues   []string `yaml:"feminine_values"`

	Months    []string            `yaml:"months"`
	Weekdays  []string            `yaml:"weekdays"` // Monday first
	Parts     map[string]string   `yaml:"time_parts"`
	Bool      map[string]string   `yaml:"bool"`
	Calls     map[string]string   `yaml:"calls"`
	Per       map[string]string   `yaml:"per"`
	Measures  map[string]string   `yaml:"measures"`
	MeasureOf map[string]string   `yaml:"measure_of"`
	Assume    map[string]string   `yaml:"assume"`
	Nouns     map[string][]string `yaml:"nouns"`
	// Statistics are the words for those over customers.
	Statistics map[string]string `yaml:"statistics"`
	// Layers are what the layers are called, Traits the layers of traits.
	Layers map[string]string `yaml:"layers"`
	Traits map[string]string `yaml:"traits"`
	// Labels are what the labels of layers are called, layer by layer.
	Labels map[string]map[string]string `yaml:"labels"`
	// Endings are those whose plural is not plain; the first that fits counts.
	Endings []struct {
		Ends string `yaml:"ends"`
		Many string `yaml:"many"`
	} `yaml:"endings"`
	// plain holds the templates that stand alone.
	plain map[string]string
}

// Restater is safe for concurrent use.
type Restater struct{ langs map[string]*words }

// New reads the templates.
func New() (*Restater, error) {
	r := &Restater{langs: map[string]*words{}}
	for _, lang := range []string{"en", "es", "pt"} {
		raw, err := prompts.Restate.ReadFile("restate/" + lang + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the restatements: %w", err)
		}
		w := &words{plain: map[string]string{}}
		if err := yaml.Unmarshal(raw, w); err != nil {
			return nil, fmt.Errorf("read the restatements in %s: %w", lang, err)
		}
		var all map[string]any
		if err := yaml.Unmarshal(raw, &all); err != nil {
			return nil, fmt.Errorf("read the restatements in %s: %w", lang, err)
		}
		for k, v := range all {
			if s, ok := v.(string); ok {
				w.plain[k] = s
			}
		}
		r.langs[lang] = w
	}
	return r, nil
}

// Formula says who satisfies a formula: "customers with at least 5 orders". An
// unknown language is English.
func (r *Restater) Formula(lang string, f syntax.Formula, cat *model.Catalogue) string {
	return r.saying(lang, cat).who(f)
}

func (r *Restater) saying(lang string, cat *model.Catalogue) *saying {
	w := r.langs[lang]
	if w == nil {
		w = r.langs["en"]
	}
	if cat == nil {
		cat = &model.Catalogue{}
	}
	return &saying{words: w, cat: cat}
}
