// Package goal finds the groups of customers that serve a business's goal, and
// sets them in order by figures: how many there are and can be written to, what
// they do anyway, what a change would bring, what past trials showed, and how a
// test would have to look.
//
// Goals and their groups are data (goals.yaml): formulas in which a catalogue's
// roles are put in. Package goal words nothing, and knows neither the events nor
// the goals by name.
package goal

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed goals.yaml
var goalsYAML []byte

// Rank is what the groups of a goal are ordered by.
type Rank string

// The ranks.
const (
	ByGain  Rank = "gain"  // what a change of the outcome brings
	ByStake Rank = "stake" // the sum of a value per customer
	BySafe  Rank = "safe"  // how small a change would show, among those of little of the revenue
)

// What the words of a goal must name.
const (
	Place   = "place"   // a trait's value
	Product = "product" // a property's value
)

// Goal is one thing that may be wanted; see goals.yaml for the fields.
type Goal struct {
	Key     string   `yaml:"-"`
	Outcome []string `yaml:"outcome"`
	Untried bool     `yaml:"untried"`
	Fewer   bool     `yaml:"fewer"`
	Days    int      `yaml:"days"`
	Worth   string   `yaml:"worth"`
	Rank    Rank     `yaml:"rank"`
	Stake   string   `yaml:"stake"`
	Consent bool     `yaml:"consent"`
	Needs   string   `yaml:"needs"`
	Pairs   bool     `yaml:"pairs"`
	Of      []string `yaml:"of"`
	Groups  []Group  `yaml:"groups"`
}

// Group is one group that serves a goal.
type Group struct {
	Name    string `yaml:"name"`
	Formula string `yaml:"formula"`
	// Fallback groups are proposed only where nothing else can be.
	Fallback bool `yaml:"fallback"`
}

// Goals are all goals by key.
func Goals() (map[string]Goal, error) {
	var doc struct {
		Goals map[string]Goal `yaml:"goals"`
	}
	if err := yaml.UnmarshalWithOptions(goalsYAML, &doc, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the goals: %w", err)
	}
	for key, g := range doc.Goals {
		g.Key = key
		if g.Rank == "" {
			g.Rank = ByGain
		}
		for _, other := range g.Of {
			o, ok := doc.Goals[other]
			if !ok {
				return nil, fmt.Errorf("read the goals: %s is of %s, which is none", key, other)
			}
			for _, group := range o.Groups {
				if !slices.ContainsFunc(g.Groups, func(have Group) bool { return have.Name == group.Name }) {
					g.Groups = append(g.Groups, group)
				}
			}
		}
		doc.Goals[key] = g
	}
	return doc.Goals, nil
}

// Keys are the goals' keys, in order.
func Keys(goals map[string]Goal) []string { return slices.Sorted(maps.Keys(goals)) }
