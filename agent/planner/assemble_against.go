package planner

import "tesela/segment/syntax"

// bothKnow tells whether both events of a ratio have all that is said of their rows:
// the open rate of a campaign is of what was sent for it.
func (s *parts) bothKnow(where []syntax.Formula) bool {
	m := s.meas[0].meas
	for _, f := range s.filters {
		where = append(where[:len(where):len(where)], f.cond)
	}
	known := true
	for _, f := range where {
		syntax.Walk(f, func(n syntax.Node) bool {
			if name, ok := n.(*syntax.Name); ok {
				known = known && s.p.ix.find(m.event, name.Name) >= 0 && s.p.ix.find(m.against, name.Name) >= 0
			}
			return true
		})
	}
	return known
}

// against tells whether a measure divides by another event's number.
func (s *parts) against() bool { return len(s.meas) > 0 && s.meas[0].meas.against != "" }
