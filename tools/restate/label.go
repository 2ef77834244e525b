package restate

import (
	"maps"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// labels are those of a layer, in a fixed order.
func (s *saying) labels(layer string) []string {
	return slices.Sorted(maps.Keys(s.Labels[layer]))
}

// labelled is a layer's label in the words of the language; one that is not
// known is itself.
func (s *saying) labelled(layer, label string) string {
	if said := s.Labels[layer][label]; said != "" {
		return said
	}
	return label
}

// told is a literal that a value is held against: of a layer, its label.
func (s *saying) told(of syntax.Value, v syntax.Value) string {
	name, ok := of.(*syntax.Name)
	text, isText := v.(*syntax.Text)
	if ok && isText && !s.isTrait(name.Name) {
		return s.labelled(name.Name, text.Value)
	}
	return s.literal(v)
}

func (s *saying) isTrait(name string) bool {
	for _, f := range s.cat.Traits {
		if f.Name == name {
			return true
		}
	}
	return false
}

// kind is that of a trait, "" for what is none.
func (s *saying) kind(name string) string {
	for _, f := range s.cat.Traits {
		if f.Name == name {
			return f.Kind
		}
	}
	return ""
}

// group is what a measure is broken down by: a trait, a layer or a property.
// One whose word something else may have is said with its event.
func (s *saying) group(g string, measures []string) string {
	event, name, isProperty := strings.Cut(g, ".")
	if !isProperty {
		name = strings.Trim(g, "`")
		if l := s.Layers[name]; l != "" && !s.isTrait(name) {
			return l
		}
		return s.noun(name, false)
	}
	event, name = strings.Trim(event, "`"), strings.Trim(name, "`")
	word := s.noun(name, false)
	if s.near(name, measures) == event && !s.isTrait(name) {
		return word
	}
	return fillGroup(s, word, event)
}

func fillGroup(s *saying, word, event string) string {
	return fill(s.plain["property_of"], "property", word, "events", s.noun(event, true))
}

// near is the event whose property is meant by the bare name, beside measures:
// the one that is measured, else the purchase, else the only one.
func (s *saying) near(name string, measures []string) string {
	has := map[string]bool{}
	for _, e := range s.cat.Events {
		for _, p := range e.Props {
			if p.Name == name {
				has[e.Name] = true
			}
		}
	}
	for _, m := range measures {
		v, err := syntax.ParseMeasure(m)
		if err != nil {
			continue
		}
		event := ""
		switch v := v.(type) {
		case *syntax.Call:
			event = v.Event
		case *syntax.Name:
			if len(v.Params) == 1 {
				event = v.Params[0].Event
			}
		}
		if has[event] {
			return event
		}
	}
	if p := s.cat.Roles["purchase"]; has[p] || len(has) != 1 {
		return p
	}
	for e := range has {
		return e
	}
	return ""
}
