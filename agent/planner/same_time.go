package planner

import (
	"tesela/segment/syntax"
	"tesela/tools"
)

// inSameTime holds a figure that is asked for behind a count of people to the
// time and the rows by which those people were counted, where it is of the same
// event: "how many ordered in May?", "and how many orders?".
func (p *parse) inSameTime(a tools.MeasureArgs, f syntax.Formula) tools.MeasureArgs {
	event := p.measuredEvent(a.Measures)
	var of *syntax.Call
	several := false
	var others []syntax.Formula
	for _, part := range factors(f) {
		c := saysDid(part)
		if c != nil && c.Event == event {
			several = several || of != nil
			of = c
		}
		if compare, is := part.(*syntax.Compare); !is || c == nil || c.Event != event || !implicit(compare) {
			others = append(others, part)
		}
	}
	if event == "" || of == nil || several {
		return a
	}
	if a.Window == "" {
		a.Window = windowText(of.Window)
	}
	if of.Where != nil && a.Where == "" {
		a.Where = of.Where.String()
	}
	// Who did it at all is who there are rows of.
	if a.Formula = ""; len(others) > 0 {
		a.Formula = syntax.All(others...).String()
	}
	return a
}

func windowText(w *syntax.Window) string {
	if w == nil {
		return ""
	}
	return w.String()
}

// onlyWindow is the one time that a formula speaks of, nil for none or several.
func onlyWindow(f syntax.Formula) *syntax.Window {
	var found *syntax.Window
	several := false
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			several = several || found != nil && (c.Window == nil || c.Window.String() != found.String())
			if c.Window != nil {
				found = c.Window
			}
		}
		return true
	})
	if several {
		return nil
	}
	return found
}
