package tools

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tesela/segment"
)

//go:embed personal.yaml
var personalYAML []byte

// personalNames tells personal fields from others, from the data file.
type personalNames struct {
	Roles    []string `yaml:"roles"`
	Traits   []string `yaml:"traits"`
	Anywhere []string `yaml:"anywhere"`
}

func loadPersonal() (*personalNames, error) {
	var p personalNames
	if err := yaml.Unmarshal(personalYAML, &p); err != nil {
		return nil, fmt.Errorf("read the list of personal fields: %w", err)
	}
	return &p, nil
}

// is tells whether a field's values are a customer's personal data.
func (p *personalNames) is(s *segment.Schema, f segment.FieldRef) bool {
	target, other := f.String(), false
	for role, t := range s.Roles {
		if t != target {
			continue
		}
		if slices.Contains(p.Roles, role) {
			return true
		}
		other = true
	}
	if other {
		return false
	}
	name := strings.ReplaceAll(fold(f.Name), " ", "_")
	return slices.Contains(p.Anywhere, name) || f.Event == "" && slices.Contains(p.Traits, name)
}

// among lists the personal fields of the schema, traits first.
func (p *personalNames) among(s *segment.Schema) []string {
	var found []string
	for _, f := range fields(s) {
		if p.is(s, f.ref) {
			found = append(found, f.ref.String())
		}
	}
	return found
}

// field is a trait or property with its reference.
type field struct {
	ref segment.FieldRef
	segment.Field
}

// fields lists all traits, then each event's properties, in schema order.
func fields(s *segment.Schema) []field {
	var all []field
	for _, t := range s.Traits {
		all = append(all, field{segment.FieldRef{Name: t.Name}, t})
	}
	for _, e := range s.Events {
		for _, p := range e.Props {
			all = append(all, field{segment.FieldRef{Event: e.Name, Name: p.Name}, p})
		}
	}
	return all
}
