package prompting

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
)

// Bounds of the summary.
const (
	mostMatches = 20 // values of the question that are listed
	fewValues   = 12 // a field with no more is listed whole
	someValues  = 6  // of a field with more
	mostValue   = 80 // bytes of a value
	mostName    = 80 // bytes of a name
)

// summary is the data in lines, as far as they fit.
type summary struct {
	left  int // tokens
	floor int // of them that are kept for what comes after
	parts map[int][]string
	cut   bool
}

// take makes room for a line, if there is any.
func (s *summary) take(line string) bool {
	cost := Tokens(len(line) + 1)
	if cost > s.left-s.floor {
		s.cut = true
		return false
	}
	s.left -= cost
	return true
}

// add puts a line into a part of the summary if there is room for it.
func (s *summary) add(part int, line string) {
	if s.take(line) {
		s.parts[part] = append(s.parts[part], line)
	}
}

// summarise tells of the data in at most about budget tokens, what the question
// is about before the rest. Nothing of a customer is in it: the catalogue holds
// no values of personal fields.
func summarise(c *model.Catalogue, ix *valueIndex, question string, budget int) string {
	s := &summary{left: budget, parts: map[int][]string{}}
	words := map[string]bool{}
	for _, w := range split(question) {
		words[w] = true
	}
	matches := ix.find(question)

	line := fmt.Sprintf("%d customers", c.Customers)
	if !c.From.IsZero() {
		line += fmt.Sprintf("; events from %s to %s", c.From.UTC().Format("2006-01-02"), c.To.UTC().Format("2006-01-02"))
	}
	if c.Zone != "" {
		line += "; time zone " + text(c.Zone)
	}
	if c.Currency != "" {
		line += "; money in " + text(c.Currency)
	}
	const whole, values, glossary, traits, events, segments = 0, 1, 2, 3, 4, 5
	s.add(whole, line)

	seen := map[string]bool{}
	for _, m := range matches {
		line := "- " + text(m.phrase) + " is " + ix.fields[m.field].path() + " = " + text(m.value)
		if !seen[line] && len(seen) < mostMatches {
			seen[line] = true
			s.add(values, line)
		}
	}
	s.floor = budget * 6 / 10
	for _, word := range ordered(c.Words, words) {
		s.add(glossary, "- "+text(word)+": "+code(c.Words[word]))
	}
	s.floor = budget * 4 / 10
	roles := map[string]string{}
	for _, role := range slices.Sorted(maps.Keys(c.Roles)) {
		roles[c.Roles[role]] = strings.TrimPrefix(roles[c.Roles[role]]+", "+role, ", ")
	}
	relevance := make([]int, len(ix.fields))
	for i, f := range ix.fields {
		if roles[f.ref()] != "" {
			relevance[i] = 1
		}
		if named(f.Name, words) || f.event != "" && named(f.event, words) {
			relevance[i] = 2
		}
	}
	for _, m := range matches {
		relevance[m.field] = 3
	}
	eventLines := map[string][]string{}
	for _, e := range c.Events {
		line := "- event " + name(e.Name) + " (" + strconv.Itoa(e.Rows) + " rows"
		if e.Tied {
			line += ", one event may have several"
		}
		line += ")" + plays(roles[e.Name])
		if s.take(line) {
			eventLines[e.Name] = []string{line}
		}
	}
	s.floor = budget / 20
	order := make([]int, len(ix.fields))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return relevance[b] - relevance[a] })
	told := make([]string, len(ix.fields))
	for _, i := range order {
		f := ix.fields[i]
		short := "- " + f.path() + ": " + f.Kind + plays(roles[f.ref()])
		for _, line := range []string{short + f.holds(relevance[i] > 0), short} {
			if told[i] == "" && s.take(line) {
				told[i] = line
			}
		}
	}
	left := 0
	for i, f := range ix.fields {
		switch {
		case told[i] == "":
			left++
		case f.event == "":
			s.parts[traits] = append(s.parts[traits], told[i])
		default:
			eventLines[f.event] = append(eventLines[f.event], told[i])
		}
	}
	for _, e := range c.Events {
		s.parts[events] = append(s.parts[events], eventLines[e.Name]...)
	}
	s.floor = 0
	for _, one := range c.Segments {
		s.add(segments, "- "+text(one))
	}

	var b strings.Builder
	for part, title := range []string{
		"", "Words of the question that are values here", "Business words and what they stand for",
		"Traits of customers", "Events and their properties, by their full names (inside a function's `where` without the event)", "Saved segments",
	} {
		if len(s.parts[part]) == 0 {
			continue
		}
		if title != "" {
			b.WriteString(title + ":\n")
		}
		b.WriteString(strings.Join(s.parts[part], "\n") + "\n")
	}
	switch {
	case left > 0:
		fmt.Fprintf(&b, "… and %d more fields: describe_data lists them.\n", left)
	case s.cut:
		b.WriteString("… and more: describe_data lists it.\n")
	}
	return b.String()
}

// ordered lists the glossary's words, those of the question first.
func ordered(glossary map[string]string, words map[string]bool) []string {
	list := slices.Sorted(maps.Keys(glossary))
	slices.SortStableFunc(list, func(a, b string) int {
		switch x, y := named(a, words), named(b, words); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return list
}

// named tells whether some word of the question is one of a name's, or begins
// alike: "orders" and "order", "countries" and "country".
func named(name string, words map[string]bool) bool {
	for _, part := range split(strings.ReplaceAll(name, "_", " ")) {
		if words[part] {
			return true
		}
		for w := range words {
			if n := min(len(w), len(part)) - 1; n >= 4 && w[:n] == part[:n] {
				return true
			}
		}
	}
	return false
}

func plays(roles string) string {
	if roles == "" {
		return ""
	}
	return ", the role of " + text(roles)
}

// ref is the field as roles name it.
func (f namedField) ref() string {
	if f.event == "" {
		return f.Name
	}
	return f.event + "." + f.Name
}

// path is the field as formulas write it.
func (f namedField) path() string {
	if f.event == "" {
		return name(f.Name)
	}
	return name(f.event) + "." + name(f.Name)
}

// holds says what a field's values are: all, where they are few, else the
// first and how many there are; more of a field that matters.
func (f namedField) holds(matters bool) string {
	if f.Values == nil {
		switch {
		case f.Low != "" && f.High != "":
			return ", " + f.Low + " to " + f.High
		case f.Kind == "text" || f.Kind == "tags":
			return ", values not shown"
		}
		return ""
	}
	n, most := f.Values.Len(), fewValues
	if n > fewValues {
		most = someValues
		if matters {
			most = fewValues
		}
	}
	var list []string
	for i := range min(n, most) {
		list = append(list, text(f.Values.At(i)))
	}
	line := ": " + strings.Join(list, ", ")
	if n == 0 {
		return ", no values"
	}
	if n > most {
		line += fmt.Sprintf(" … (%d values)", n)
	}
	return line
}

// text quotes what the data wrote so that it ends nothing: quotes, line breaks
// and angle brackets are escaped.
func text(s string) string {
	return escaped(oneLine(s, mostValue))
}

// escaped is a text as a JSON string that closes no tag.
func escaped(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // & stays as formulas need it
	if err := e.Encode(s); err != nil {
		return `""`
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "</", `\u003c/`)
}

// name writes a name as formulas do: plain, or in back quotes.
func name(s string) string {
	plain := s != ""
	for i, r := range s {
		plain = plain && (r == '_' || r >= 'a' && r <= 'z' || i > 0 && r >= '0' && r <= '9')
	}
	if plain && len(s) <= mostName {
		return s
	}
	return "`" + strings.ReplaceAll(inner(s, mostName), "`", "") + "`"
}

// code writes a formula as code; it may be long, as it is a person's own.
func code(s string) string { return "`" + strings.ReplaceAll(inner(s, 4*mostValue), "`", "'") + "`" }

// inner is a text escaped as in quotes, quotes themselves left as they are.
func inner(s string, most int) string {
	quoted := escaped(oneLine(s, most))
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
