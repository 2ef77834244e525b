package suggest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// slot gives what a slot of a move stands for, nil where the last call has no
// such thing.
func (l *last) slot(name string, layers map[string]string) any {
	switch name {
	case "formula":
		if l.formula == nil {
			return nil
		}
		return l.formula.String()
	case "measures", "group_by":
		if list := l.list(name); len(list) > 0 {
			return list
		}
		return nil
	case "where", "window":
		return given(l.text(name))
	case "per_was":
		return given(l.text("per"))
	case "trait":
		return l.named1(fields(l.data.Traits, l.spoken))
	case "property":
		return l.named1(l.properties())
	case "per":
		return given(l.per())
	case "before":
		return given(before(l.text("window")))
	case "spend":
		return given(l.spend(""))
	case "measure":
		return given(l.ranking())
	case "largest":
		return given(l.largest())
	case "layer":
		return given(l.layer(layers))
	case "label":
		return given(l.label(layers))
	case "segment":
		if l.result == nil || len(l.result.Segments) == 0 {
			return nil
		}
		return given(l.result.Segments[0].Formula)
	}
	return nil
}

// given is a text, nil for none.
func given(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (l *last) spoken(name string) bool { return l.named[name] }

// named1 is the first of some fields, which the words then name.
func (l *last) named1(names []string) any {
	if len(names) == 0 {
		return nil
	}
	l.field = noun(l.say, l.language, names[0])
	return names[0]
}

// properties are those of the measured event that are worth a table.
func (l *last) properties() []string {
	event := l.event()
	i := slices.IndexFunc(l.data.Events, func(e model.Event) bool { return e.Name == event })
	if i < 0 {
		return nil
	}
	names := fields(l.data.Events[i].Props, func(p string) bool { return l.named[event+"."+p] || l.named[p] })
	for i, n := range names {
		names[i] = event + "." + n
	}
	return names
}

// event is what was measured, "" where nothing tells.
func (l *last) event() string {
	for _, m := range l.list("measures") {
		if v, err := syntax.ParseMeasure(m); err == nil {
			event := ""
			syntax.Walk(v, func(n syntax.Node) bool {
				if c, ok := n.(*syntax.Call); ok && event == "" {
					event = c.Event
				}
				return event == ""
			})
			if event != "" {
				return event
			}
		}
	}
	return l.data.Roles["purchase"]
}

// per is the period that a course over the window is read by; "" where it is
// one already.
func (l *last) per() string {
	if l.text("per") != "" {
		return ""
	}
	w, err := syntax.ParseWindow(l.text("window"))
	if err != nil || w.Kind != syntax.WindowLast {
		if err == nil && w.Kind == syntax.WindowPeriod && (strings.HasSuffix(w.Period, "week") || strings.HasSuffix(w.Period, "day")) {
			return "day"
		}
		return "month"
	}
	days := map[syntax.Unit]int{"d": 1, "w": 7, "mo": 30, "q": 91, "y": 365}[w.Duration.Unit] * w.Duration.N
	switch {
	case days == 0:
		return "hour"
	case days <= 31:
		return "day"
	case days <= 120:
		return "week"
	}
	return "month"
}

// before is the window before one: as long and just before, or the same a year
// earlier; "" where there is none to compare with.
func before(window string) string {
	w, err := syntax.ParseWindow(window)
	if err != nil {
		return ""
	}
	switch w.Kind {
	case syntax.WindowLast:
		d := w.Duration
		twice := d
		twice.N *= 2
		return fmt.Sprintf("from %s ago to %s ago", twice, d)
	case syntax.WindowPeriod:
		if rest, ok := strings.CutPrefix(w.Period, "this "); ok {
			return "last " + rest
		}
		year, rest, _ := strings.Cut(w.Period, "-")
		n, err := strconv.Atoi(year)
		if err != nil {
			return ""
		}
		if rest != "" {
			return fmt.Sprintf("%d-%s", n-1, rest)
		}
		return strconv.Itoa(n - 1)
	}
	return ""
}

// spend is what a customer spent, as a value; "" without such a role.
func (l *last) spend(window string) string {
	amount := l.data.Roles["amount"]
	if amount == "" {
		return ""
	}
	return "sum(" + amount + window + ")"
}

// ranking is the first measure as a value that customers can be ranked by.
func (l *last) ranking() string {
	list := l.list("measures")
	if len(list) == 0 || l.text("where") != "" {
		return ""
	}
	window := l.text("window")
	within := window
	if within != "" {
		within = ", " + within
	}
	switch purchase := l.data.Roles["purchase"]; list[0] {
	case "revenue", "gross_revenue":
		return l.spend(within)
	case "orders":
		if purchase == "" {
			return ""
		}
		return "count(" + purchase + within + ")"
	}
	v, err := syntax.ParseValue(list[0])
	if _, plain := v.(*syntax.Call); err != nil || !plain || window != "" {
		return ""
	}
	return v.String()
}

// largest narrows the group to the first of the groups that the answer lists.
func (l *last) largest() string {
	by := l.list("group_by")
	if len(by) != 1 || l.text("per") != "" || l.result == nil || len(l.result.Columns) == 0 || l.result.Columns[0].Name != by[0] {
		return ""
	}
	i := slices.IndexFunc(l.data.Traits, func(f model.Field) bool { return f.Name == by[0] && f.Kind == "text" && f.Values != nil })
	if i < 0 {
		return ""
	}
	for _, row := range l.result.Rows {
		if value, ok := row[0].(string); ok && value != "" {
			l.field, l.value = noun(l.say, l.language, by[0]), value
			return l.and(syntax.Quote(by[0]) + " = " + syntax.QuoteText(value))
		}
	}
	return ""
}

// layer is the layer that was asked about, as it is with no parameters given.
func (l *last) layer(layers map[string]string) string {
	for name := range l.args {
		if name != "formula" {
			return ""
		}
	}
	return layers[l.tool]
}

// label narrows the group to the label of the layer that brings most, or, where
// that is not told, that most of it have.
func (l *last) label(layers map[string]string) string {
	layer := l.layer(layers)
	if layer == "" || l.result == nil {
		return ""
	}
	column := func(name string) int {
		for i, c := range l.result.Columns {
			if c.Name == name {
				return i
			}
		}
		return -1
	}
	label, by := column("label"), column("revenue")
	if by < 0 {
		by = column("customers")
	}
	if label < 0 || by < 0 {
		return ""
	}
	best, most := "", 0.0
	for _, row := range l.result.Rows {
		name, ok := row[label].(string)
		if n, err := number(row[by]); ok && err == nil && n > most {
			best, most = name, n
		}
	}
	if best == "" {
		return ""
	}
	l.value = best
	return l.and(layer + " = " + syntax.QuoteText(best))
}
