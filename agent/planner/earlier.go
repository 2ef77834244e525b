package planner

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tesela/segment/syntax"
	"tesela/tools"
)

// earlier is the period before that of the last question, where a text asks
// for it ("the year before"), as one that every language reads: 2024, 2024-03;
// "" where it does not, or the last question is of no such period.
func (a *amending) earlier(text string) string {
	unit := ""
	toks := tokenize(text)
	for _, lang := range languages {
		for u, list := range a.p.talk[lang].earlier {
			if n := matchAny(toks, list); n > 0 && n == len(toks) {
				unit = u
			}
		}
	}
	if unit == "" {
		return ""
	}
	w := a.window()
	if w == nil {
		return ""
	}
	year, month := 0, 0
	now := a.r.AsOf
	switch period := w.Period; {
	case strings.HasSuffix(period, " year"):
		year = now.Year()
	case strings.HasSuffix(period, " month"):
		year, month = now.Year(), int(now.Month())
	default:
		if n, err := fmt.Sscanf(period, "%d-%d", &year, &month); n == 0 || year < 1000 || err != nil && n > 1 {
			return ""
		}
	}
	at := time.Date(year, time.Month(max(month, 1)), 1, 0, 0, 0, 0, time.UTC)
	back := func(unit string) {
		if unit == "year" {
			at = at.AddDate(-1, 0, 0)
		} else {
			at = at.AddDate(0, -1, 0)
		}
	}
	if strings.HasPrefix(w.Period, "last ") {
		back(strings.TrimPrefix(w.Period, "last "))
	}
	if month == 0 && unit == "month" {
		return "" // the month before a year
	}
	back(unit)
	if month == 0 {
		return at.Format("2006")
	}
	return at.Format("2006-01")
}

// window is the time of the last question, nil where it has none or several.
func (a *amending) window() *syntax.Window {
	if a.last.Name != "measure" {
		return onlyWindow(parseOr(groupOf(a.last)))
	}
	var m tools.MeasureArgs
	if json.Unmarshal(a.last.Args, &m) != nil || m.Window == "" {
		return nil
	}
	w, err := syntax.ParseWindow(m.Window)
	if err != nil {
		return nil
	}
	return w
}
