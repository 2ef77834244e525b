package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// dropOr takes out what a text filters by; those of a value that nothing
// filters by are left out instead: "drop Québec".
func (a *amending) dropOr(text string) ([]model.Call, *model.Decision) {
	calls, dec := a.drop(text)
	if _, taken := a.said.spans["take"]; dec != nil || a.err != nil || !taken {
		return calls, dec
	}
	if _, values := a.named(text); len(values) == 0 {
		return nil, nil
	}
	calls = a.readFollowing(a.p.talk[a.said.lang].frame("without", text))
	if len(calls) != 1 || calls[0].Name != a.last.Name || sameArgs(calls[0].Args, a.last.Args) {
		return nil, nil
	}
	return calls, a.answers("", nil)
}

// sharing are the values of the last question that have all words of a text in
// them, where nothing is called so as a whole: "the Raj bit".
func (a *amending) sharing(text string) map[string]bool {
	said := strings.Fields(fold(text))
	if len(said) == 0 {
		return nil
	}
	found := map[string]bool{}
	look := func(n syntax.Node) bool {
		if t, ok := n.(*syntax.Text); ok {
			words := strings.Fields(fold(t.Value))
			if !slices.ContainsFunc(said, func(w string) bool { return !slices.Contains(words, w) }) {
				found[t.Value] = true
			}
		}
		return true
	}
	syntax.Walk(parseOr(groupOf(a.last)), look)
	if w := whereIn(a.last); w != nil {
		syntax.Walk(w, look)
	}
	if len(found) != 1 {
		return nil
	}
	return found
}

// dropTime takes out a time that is said as the last question has it: "drop
// the 2024 part".
func (a *amending) dropTime(text string) ([]model.Call, *model.Decision) {
	ps := a.chart(text)
	if ps == nil {
		return nil, nil
	}
	of := map[string]bool{}
	for _, n := range ps.cells[0][len(ps.toks)] {
		if n.cat == cWin && n.win != nil {
			of[n.win.String()] = true
		}
	}
	if len(of) == 0 {
		return nil, nil
	}
	return a.ofGroup(func(f syntax.Formula) (syntax.Formula, bool) {
		again, done := parseOr(f.String()), false
		syntax.Walk(again, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.Call); ok && c.Window != nil && of[c.Window.String()] {
				c.Window, done = nil, true
			}
			return true
		})
		return again, done
	}, func(m *tools.MeasureArgs) bool {
		had := of[m.Window]
		if had {
			m.Window = ""
		}
		return had
	})
}

// whereIn is the filter on rows of a measure, nil for none.
func whereIn(call model.Call) syntax.Formula {
	var m tools.MeasureArgs
	if call.Name != "measure" || json.Unmarshal(call.Args, &m) != nil || m.Where == "" {
		return nil
	}
	w, err := syntax.ParseFilter(m.Where)
	if err != nil {
		return nil
	}
	return w
}

// fewer leaves out some of several values that a condition allows: "lose
// Ontario", of "Ontario or Québec".
func (a *amending) fewer(values map[string]bool) ([]model.Call, *model.Decision) {
	if len(values) == 0 {
		return nil, nil
	}
	less := func(f syntax.Formula) bool {
		done := false
		syntax.Walk(f, func(n syntax.Node) bool {
			in, ok := n.(*syntax.In)
			if !ok || in.Not {
				return true
			}
			left := slices.DeleteFunc(slices.Clone(in.List), func(v syntax.Literal) bool {
				t, is := v.(*syntax.Text)
				return is && values[t.Value]
			})
			if len(left) > 0 && len(left) < len(in.List) {
				in.List, done = left, true
			}
			return true
		})
		return done
	}
	return a.ofGroup(func(f syntax.Formula) (syntax.Formula, bool) {
		again := parseOr(f.String())
		done := less(again)
		return parseOr(again.String()), done
	}, func(m *tools.MeasureArgs) bool {
		w, err := syntax.ParseFilter(m.Where)
		if m.Where == "" || err != nil || !less(w) {
			return false
		}
		m.Where = w.String()
		return true
	})
}
