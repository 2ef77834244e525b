package segment

import "slices"

// Add asks for an event's times and, unless prop is "", for a property.
func (n *Need) Add(event, prop string) {
	if n.Events == nil {
		n.Events = map[string][]string{}
	}
	props := n.Events[event]
	if prop != "" && !slices.Contains(props, prop) {
		props = append(props, prop)
		slices.Sort(props)
	}
	n.Events[event] = props
}

// AddTrait asks for a trait.
func (n *Need) AddTrait(name string) {
	if !slices.Contains(n.Traits, name) {
		n.Traits = append(n.Traits, name)
		slices.Sort(n.Traits)
	}
}

// Merge asks for all that o asks for.
func (n *Need) Merge(o Need) {
	for _, t := range o.Traits {
		n.AddTrait(t)
	}
	for e, props := range o.Events {
		n.Add(e, "")
		for _, p := range props {
			n.Add(e, p)
		}
	}
}
