package planner

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// shown are the groups that the last answer showed, in its order.
func shown(history []model.Message) []tools.Segment {
	for i := len(history) - 1; i >= 0; i-- {
		m := history[i]
		if m.Role != model.ToolRole {
			continue
		}
		var r struct {
			Segments []tools.Segment `json:"segments"`
		}
		if json.Unmarshal(m.Result, &r) == nil && len(r.Segments) > 0 {
			return r.Segments
		}
		// Keeping one of them leaves the others to be named.
		if !slices.ContainsFunc(history[:i], func(h model.Message) bool {
			return slices.ContainsFunc(h.Calls, func(c model.Call) bool { return c.ID == m.CallID && isOrder(c.Name) })
		}) {
			return nil
		}
	}
	return nil
}

// shownBefore is the formula of a group that the last answer showed, by its
// place ("the second one") or by its name; "" for none.
func (a *asking) shownBefore(text string) string {
	return a.w.shownBefore(shown(a.r.Messages[:a.q]), text)
}

func (w *toolWords) shownBefore(list []tools.Segment, text string) string {
	if len(list) == 0 {
		return ""
	}
	valid := func(s tools.Segment) string {
		if f, err := syntax.Parse(s.Formula); err == nil {
			return f.String()
		}
		return ""
	}
	toks := tokenize(text)
	for len(toks) > 0 && isPause(toks[len(toks)-1]) {
		toks = toks[:len(toks)-1]
	}
	for n, p := range w.nth {
		m := &fitting{toks: toks, question: text, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
		if !p.match(m, 0, func(end int) bool { return end == len(toks) }) {
			continue
		}
		switch {
		case n == 0:
			return valid(list[len(list)-1])
		case n <= len(list):
			return valid(list[n-1])
		}
		return ""
	}
	for _, s := range list {
		if s.Name != "" && fold(s.Name) == fold(strings.Trim(text, "\"“”«»' ")) {
			return valid(s)
		}
	}
	return ""
}

// readPlaces takes up the ways to say which of several is meant; the last one
// has number 0.
func (w *toolWords) readPlaces(lists map[string]pattern) {
	w.nth = append(w.nth, lists["nth_last"])
	for n := 1; lists["nth_"+strconv.Itoa(n)] != nil; n++ {
		w.nth = append(w.nth, lists["nth_"+strconv.Itoa(n)])
	}
}
