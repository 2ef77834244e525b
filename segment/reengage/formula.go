package reengage

import (
	"strconv"

	"tesela/segment"
	"tesela/segment/engagement"
	"tesela/segment/syntax"
)

// Formulas are who is in each step at the flow's end, in the formula language:
// evaluated as of Query.To, where that is a local midnight, they find just the
// customers of Inside. base narrows them down; nil is everyone. A step that
// nobody can have reached yet is nobody.
func (f *Flow) Formulas(base syntax.Formula, s *segment.Schema) [Steps]syntax.Formula {
	q := f.Query
	played := len(f.Byday) - 1 // days since the first
	var all [Steps]syntax.Formula
	begins := [Steps + 1]int{0, q.LastCall, q.LastCall + q.Remove, never}
	for step := range all {
		if begins[step] > played {
			all[step] = &syntax.Nobody{}
			continue
		}
		parts := []syntax.Formula{f.silent(s, q.Days+begins[step], false)}
		if begins[step+1] <= played {
			parts = append(parts, f.silent(s, q.Days+begins[step+1], true))
		}
		if f.Consent != "" {
			parts = append(parts, &syntax.Compare{Left: &syntax.Name{Name: f.Consent}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}})
		}
		if f.Unsubscribe != "" {
			parts = append(parts, &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: f.Unsubscribe}, Op: syntax.Eq, Right: &syntax.Number{Text: "0"}})
		}
		if base != nil {
			parts = append([]syntax.Formula{base}, parts...)
		}
		all[step] = syntax.All(parts...)
	}
	return all
}

// layerName is the layer that tells who is active.
const layerName = "engagement"

// silent is true of those who were active once but not in the last days; not
// holds of those who were active in them.
func (f *Flow) silent(s *segment.Schema, days int, not bool) syntax.Formula {
	window := &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: days, Unit: syntax.Day}}
	if _, taken := s.Trait(layerName); taken { // formulas then mean the trait
		return f.silentByCounts(window, not)
	}
	layer := &syntax.Name{Name: layerName}
	for _, e := range f.Query.Events {
		layer.Params = append(layer.Params, syntax.Param{Event: e})
	}
	layer.Params = append(layer.Params, syntax.Param{Window: window})
	label := engagement.Disengaged
	if not {
		label = engagement.Engaged
	}
	return &syntax.Compare{Left: layer, Op: syntax.Eq, Right: &syntax.Text{Value: engagement.Labels()[label-1]}}
}

func (f *Flow) silentByCounts(window *syntax.Window, not bool) syntax.Formula {
	count := func(event string, w *syntax.Window, op syntax.Op, n int) syntax.Formula {
		return &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: event, Window: w}, Op: op, Right: &syntax.Number{Text: strconv.Itoa(n)}}
	}
	var once, none, some []syntax.Formula
	for _, e := range f.Query.Events {
		once = append(once, count(e, nil, syntax.Ge, 1))
		none = append(none, count(e, window, syntax.Eq, 0))
		some = append(some, count(e, window, syntax.Ge, 1))
	}
	if not {
		return syntax.Any(some...)
	}
	return syntax.All(append([]syntax.Formula{syntax.Any(once...)}, none...)...)
}
