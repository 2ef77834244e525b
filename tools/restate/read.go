package restate

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// Holds tells whether a trait (event "") or an event's property has a value.
type Holds func(event, field, value string) bool

// Read is Call backwards: the one call that is said in just these words; not
// ok for other texts, and where two calls are said alike. It is no reading of
// questions: a word more or less and it knows nothing. Its calls are those
// that count, list, measure, show layers and compare groups.
func (r *Restater) Read(lang, text string, cat *model.Catalogue, holds Holds) (tool string, args json.RawMessage, ok bool) {
	text = capital(strings.TrimSpace(text))
	found := map[string]bool{}
	try := func(name string, a any) {
		raw, err := json.Marshal(a)
		if err != nil || found[name+string(raw)] {
			return
		}
		if said, _ := r.Call(lang, name, raw, cat); said == text {
			tool, args, found[name+string(raw)] = name, raw, true
		}
	}
	for _, t := range []string{text, small(text)} {
		rd := newReader(r.saying(lang, cat), t, holds)
		if rd.calls(try); rd.steps > mostSteps {
			return "", nil, false
		}
	}
	return tool, args, len(found) == 1
}

// Who is what Formula says, backwards: the one formula that is said so.
func (r *Restater) Who(lang, text string, cat *model.Catalogue, holds Holds) (f syntax.Formula, ok bool) {
	rd := newReader(r.saying(lang, cat), text, holds)
	found := map[string]bool{}
	rd.who(0, func(at int, formula string) {
		if at != len(text) {
			return
		}
		parsed, err := syntax.Parse(formula)
		if err != nil || found[parsed.String()] {
			return
		}
		if r.Formula(lang, parsed, cat) == text {
			f, found[parsed.String()] = parsed, true
		}
	})
	return f, len(found) == 1 && rd.steps <= mostSteps
}

func small(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// mostSteps bounds what is tried of one text: a restatement takes a few
// thousand steps.
const mostSteps = 150_000

// reader reads a text by the templates that say formulas. Each method reads
// one thing from a place on and hands every way to read it to its
// continuation, with where it ends: the templates' slots touch one another, so
// only the whole sentence tells where one ended. Things are read as the text of
// formulas.
type reader struct {
	*saying
	text   string
	holds  Holds
	steps  int
	parts  map[string][]part
	events []string
	traits []string
	props  []string
	fields map[[2]string]model.Field
}

// part is a piece of a template: texts of which one stands there, or a slot.
type part struct {
	texts []string
	slot  string
}

func newReader(s *saying, text string, holds Holds) *reader {
	rd := &reader{saying: s, text: text, holds: holds, parts: map[string][]part{}, fields: map[[2]string]model.Field{}}
	for _, f := range s.cat.Traits {
		rd.traits = append(rd.traits, f.Name)
		rd.fields[[2]string{"", f.Name}] = f
	}
	seen := map[string]bool{}
	for _, e := range s.cat.Events {
		rd.events = append(rd.events, e.Name)
		for _, f := range e.Props {
			rd.fields[[2]string{e.Name, f.Name}] = f
			if !seen[f.Name] {
				seen[f.Name] = true
				rd.props = append(rd.props, f.Name)
			}
		}
	}
	return rd
}

// template is a text cut into its parts.
func (rd *reader) template(t string) []part {
	if list, ok := rd.parts[t]; ok {
		return list
	}
	var list []part
	for rest := t; rest != ""; {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			list = append(list, part{texts: []string{rest}})
			break
		}
		if i > 0 {
			list = append(list, part{texts: []string{rest[:i]}})
		}
		name, after, _ := strings.Cut(rest[i+1:], "}")
		if strings.Contains(name, "|") {
			list = append(list, part{texts: strings.Split(name, "|")})
		} else {
			list = append(list, part{slot: name})
		}
		rest = after
	}
	rd.parts[t] = list
	return list
}

// slots reads what stands for a template's {name}.
type slots func(name string, at int, k func(end int))

// match reads a template; "" is never there.
func (rd *reader) match(t string, at int, fill slots, k func(end int)) {
	if t != "" {
		rd.matchParts(rd.template(t), at, fill, k)
	}
}

func (rd *reader) matchParts(parts []part, at int, fill slots, k func(end int)) {
	if rd.steps++; rd.steps > mostSteps {
		return
	}
	if len(parts) == 0 {
		k(at)
		return
	}
	if parts[0].slot != "" {
		fill(parts[0].slot, at, func(end int) { rd.matchParts(parts[1:], end, fill, k) })
		return
	}
	for i, text := range parts[0].texts {
		if i > 0 && text == parts[0].texts[0] {
			continue
		}
		if end, ok := rd.literally(at, text); ok {
			rd.matchParts(parts[1:], end, fill, k)
		}
	}
}

func (rd *reader) literally(at int, text string) (end int, ok bool) {
	return at + len(text), strings.HasPrefix(rd.text[at:], text)
}

// noun reads one of the names, in the singular or the plural.
func (rd *reader) noun(at int, names []string, k func(end int, name string)) {
	for _, name := range names {
		one, many := rd.saying.noun(name, false), rd.saying.noun(name, true)
		if end, ok := rd.literally(at, one); ok {
			k(end, name)
		}
		if end, ok := rd.literally(at, many); ok && many != one {
			k(end, name)
		}
	}
}

// calls reads the whole text as a call.
func (rd *reader) calls(k func(tool string, args any)) {
	whole := func(end int, tool string, args any) {
		if end == len(rd.text) {
			k(tool, args)
		}
	}
	var who, by string
	slot := func(name string, at int, k func(end int)) {
		switch name {
		case "who":
			rd.who(at, func(end int, f string) { who = f; k(end) })
		case "value":
			rd.value(at, func(end int, v value) { by = v.text; k(end) })
		}
	}
	rd.match(rd.Calls["count_segment"], 0, slot, func(end int) {
		if f := canonical(who); end == len(rd.text) && f != "" {
			k("count_segment", tools.CountSegmentArgs{Formula: f})
		}
	})
	rd.match(rd.Calls["list_customers"], 0, slot, func(end int) {
		if f := canonical(who); end == len(rd.text) && f != "" {
			k("list_customers", tools.ListCustomersArgs{Formula: f})
		}
	})
	for _, t := range []string{"list_by", "list_by_ascending"} {
		rd.match(rd.Calls[t], 0, slot, func(end int) {
			a := tools.ListCustomersArgs{Formula: canonical(who), By: canonicalValue(by), Ascending: t == "list_by_ascending"}
			if a.Formula == "" || a.By == "" {
				return
			}
			whole(end, "list_customers", a)
			rd.most(end, "top", func(end, n int) {
				a.Limit = n
				whole(end, "list_customers", a)
			})
		})
	}
	rd.measures(k)
	rd.layerTables(k)
	rd.comparedGroups(k)
}

// canonical is a formula in the printer's text, "" where it is none.
func canonical(text string) string {
	f, err := syntax.Parse(text)
	if err != nil {
		return ""
	}
	return f.String()
}

func canonicalValue(text string) string {
	v, err := syntax.ParseValue(text)
	if err != nil {
		return ""
	}
	return v.String()
}

// who reads "customers with …".
func (rd *reader) who(at int, k func(end int, formula string)) {
	if end, ok := rd.literally(at, rd.Everyone); ok {
		k(end, "everyone")
	}
	if end, ok := rd.literally(at, rd.Nobody); ok {
		k(end, "nobody")
	}
	if end, ok := rd.literally(at, rd.Customers+" "); ok {
		rd.formula(end, k)
	}
}

// formula reads a condition, or several with one word between them.
func (rd *reader) formula(at int, k func(end int, formula string)) {
	rd.unit(at, func(end int, f string) {
		k(end, f)
		rd.more(end, f, rd.And, " and ", k)
		rd.more(end, f, rd.Or, " or ", k)
	})
}

func (rd *reader) more(at int, so, word, op string, k func(end int, formula string)) {
	if after, ok := rd.literally(at, word); ok {
		rd.unit(after, func(end int, f string) {
			k(end, so+op+f)
			rd.more(end, so+op+f, word, op, k)
		})
	}
}

// unit is a condition, or several in brackets.
func (rd *reader) unit(at int, k func(end int, formula string)) {
	if in, ok := rd.literally(at, "("); ok {
		rd.formula(in, func(end int, f string) {
			if out, ok := rd.literally(end, ")"); ok {
				k(out, "("+f+")")
			}
		})
		return
	}
	rd.condition(at, k)
}
