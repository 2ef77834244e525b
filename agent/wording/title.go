package wording

import (
	"regexp"
	"strings"
)

// Title names a column or value: in the language's words where they are
// known, else as the data calls it, made readable. A measure of one thing is
// said in words, as "Customers with visit"; a longer expression stays as it is.
func (l *Language) Title(name string) string {
	if t, ok := l.Titles[name]; ok {
		return t
	}
	if base, ok := strings.CutSuffix(name, "_share"); ok {
		return Fill(l.ShareOf, "title", l.Title(base))
	}
	if t := l.measure(name); t != "" {
		return t
	}
	if strings.ContainsAny(name, "()\"'`=<>*/+ ") {
		return name
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if t, ok := l.Titles[name[i+1:]]; ok {
			return t
		}
		name = name[i+1:]
	}
	return Capital(plain(name))
}

var (
	ofEvent    = regexp.MustCompile(`^(\w+)\((\w+)(?:\.(\w+))?\)$`)
	ofCustomer = regexp.MustCompile(`^per_customer\((.+), (\w+)\)$`)
)

// measure words a measure of one event, property or date, such a figure of
// each customer taken together, and a ratio or difference of two; "" for all
// else.
func (l *Language) measure(name string) string {
	if m := ofCustomer.FindStringSubmatch(name); m != nil {
		value := l.Title(m[1])
		if form := l.Statistics[m[2]]; form != "" && value != m[1] {
			return Fill(form, "title", value)
		}
		return ""
	}
	for _, op := range []string{" / ", " - "} {
		a, b, ok := strings.Cut(name, op)
		if !ok {
			continue
		}
		if strings.Contains(b, op) {
			return ""
		}
		x, y := l.Title(a), l.Title(b)
		if strings.ContainsAny(a+b, "\"=<>") || l.Titles[a] == "" && x == a || l.Titles[b] == "" && y == b {
			return ""
		}
		return x + op + y
	}
	m := ofEvent.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	form := l.MeasureOf[m[1]]
	if m[3] != "" {
		form = l.MeasureOf[m[1]+" property"]
	}
	return Capital(Fill(form, "name", plain(m[2]), "property", plain(m[3])))
}

// plain is a name of the data's as words.
func plain(name string) string { return strings.TrimSpace(strings.ReplaceAll(name, "_", " ")) }
