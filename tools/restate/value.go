package restate

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// about fills a template that speaks of an event.
func (s *saying) about(t string, c *syntax.Call, pairs ...string) string {
	window := s.window(c.Window)
	if c.Window == nil && s.open && isTotal(c.Fn) {
		window = s.Window["ever"]
	}
	pairs = append(pairs, "event", s.noun(c.Event, false), "events", s.noun(c.Event, true),
		"where", s.where(c.Event, c.Where), "window", window, "property", s.noun(c.Property, false), "properties", s.noun(c.Property, true))
	of := c.Event
	if c.Fn == syntax.Distinct {
		of = c.Property
	}
	return fill(s.agree(t, of), pairs...)
}

// isTotal tells the functions that add up over a time from those that look for
// one moment.
func isTotal(fn syntax.Fn) bool {
	return fn == syntax.Count || fn == syntax.Sum || fn == syntax.Distinct
}

// agree chooses the forms of a template, {masculine|feminine}, by the noun of a
// name.
func (s *saying) agree(t, name string) string { return choose(t, s.feminine(name)) }

// feminine tells the gender of a name's noun. Of a name that is no word of the
// language the first part tells: it is the noun where names are in a language
// that puts it first.
func (s *saying) feminine(name string) bool {
	if forms := s.nounForms(name); len(forms) > 0 {
		return slices.Contains(forms, "f")
	}
	first, _, _ := strings.Cut(name, "_")
	if len(s.Nouns[first]) > 0 {
		return slices.Contains(s.Nouns[first], "f")
	}
	ends := func(e string) bool { return strings.HasSuffix(first, e) }
	return slices.ContainsFunc(s.FeminineEndings, ends) && !slices.ContainsFunc(s.MasculineEndings, ends)
}

// choose puts one of the forms of each {masculine|feminine} in its place.
func choose(t string, feminine bool) string {
	for {
		i := strings.IndexByte(t, '|')
		if i < 0 {
			return t
		}
		from, to := strings.LastIndexByte(t[:i], '{'), strings.IndexByte(t[i:], '}')
		if from < 0 || to < 0 {
			return t
		}
		form := t[from+1 : i]
		if feminine {
			form = t[i+1 : i+to]
		}
		t = t[:from] + form + t[i+to+1:]
	}
}

// aboutValue fills a template that says something of a value.
func (s *saying) aboutValue(t string, v syntax.Value, pairs ...string) string {
	feminine := false
	switch v := v.(type) {
	case *syntax.Name:
		feminine = s.Layers[v.Name] == "" && s.feminine(v.Name)
	case *syntax.Call: // the noun that the value's words begin with
		switch v.Fn {
		case syntax.First, syntax.Last:
			feminine = s.feminine(v.Event)
		case syntax.Min, syntax.Max, syntax.Earliest, syntax.Latest:
			feminine = s.feminine(v.Property)
		default:
			feminine = slices.Contains(s.FeminineValues, string(v.Fn))
		}
	}
	return fill(choose(t, feminine), append(pairs, "value", s.value(v))...)
}

// isSpend tells whether a sum is of the money that purchases are made for.
func (s *saying) isSpend(c *syntax.Call) bool { return s.cat.Roles["amount"] == c.Event+"."+c.Property }

// value names what is compared.
func (s *saying) value(v syntax.Value) string {
	switch v := v.(type) {
	case *syntax.Name:
		return s.named(v)
	case *syntax.Arith:
		return s.arith(v)
	case *syntax.Call:
		if v.Fn == syntax.Sum && s.isSpend(v) {
			return s.about(s.Value["spent"], v)
		}
		if t := s.Value[s.valueKey(v)]; t != "" {
			return s.about(t, v)
		}
	case *syntax.Number, *syntax.Text, *syntax.Date, *syntax.Bool:
		return s.literal(v)
	}
	return v.String()
}

// valueKey names the template of a function. Where an event may have several rows, as
// an order its items, its average, least and most are those of a row, and say so.
func (s *saying) valueKey(c *syntax.Call) string {
	if ofRows(c.Fn) && tied(s.cat, c.Event) {
		return string(c.Fn) + lineSuffix
	}
	return string(c.Fn)
}

// lineSuffix marks the templates that speak of the rows of an event.
const lineSuffix = "_line"

// ofRows tells the functions that look at each row by itself.
func ofRows(fn syntax.Fn) bool { return fn == syntax.Avg || fn == syntax.Min || fn == syntax.Max }

// tied tells whether one such event may have several rows.
func tied(cat *model.Catalogue, event string) bool {
	return slices.ContainsFunc(cat.Events, func(e model.Event) bool { return e.Name == event && e.Tied })
}

// literal prints a constant in the language's own way; text is bare.
func (s *saying) literal(v syntax.Value) string {
	switch v := v.(type) {
	case *syntax.Number:
		return s.number(v.Text)
	case *syntax.Text:
		return v.Value
	case *syntax.Date:
		return s.date(v.Text)
	case *syntax.Bool:
		return s.Bool[strconv.FormatBool(v.Value)]
	}
	return s.value(v)
}

// literals lists what a value is held against.
func (s *saying) literals(of syntax.Value, list []syntax.Literal, with string) string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = s.told(of, l)
	}
	if len(out) > 2 {
		return strings.Join(out[:len(out)-1], ", ") + with + out[len(out)-1]
	}
	return strings.Join(out, with)
}

// number groups the digits of a canonical number.
func (s *saying) number(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, frac, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && len(whole) > 3; i -= 3 {
		whole = whole[:i] + s.Group + whole[i:]
	}
	if frac != "" {
		return sign + whole + s.Decimal + frac
	}
	return sign + whole
}

// where says a filter over the rows of an event; those of several (event "")
// have no properties that are known.
func (s *saying) where(event string, f syntax.Formula) string {
	if text, ok := s.timePart(event, f); ok {
		return text
	}
	switch f := f.(type) {
	case nil:
		return ""
	case *syntax.And:
		parts := make([]string, len(f.Factors))
		for i, x := range f.Factors {
			parts[i] = s.where(event, x)
		}
		return strings.Join(parts, "")
	case *syntax.Compare:
		if b, ok := f.Right.(*syntax.Bool); ok {
			if b.Value == (f.Op == syntax.Eq) {
				return fill(s.Where["true"], "property", s.property(f.Left))
			}
			return fill(s.Where["false"], "property", s.property(f.Left))
		}
		if t := s.Where[string(f.Op)]; t != "" {
			return fill(t, "property", s.property(f.Left), "a", s.literal(f.Right))
		}
	case *syntax.In:
		t := s.Where["in"]
		if f.Not {
			t = s.Where["not_in"]
		}
		return fill(t, "property", s.property(f.Value), "list", s.literals(nil, f.List, s.Or))
	case *syntax.Match:
		op := string(f.Op)
		if f.Not {
			op = "not " + op
		}
		if t := s.Where[op]; t != "" {
			return fill(t, "property", s.property(f.Value), "t", f.Text)
		}
	case *syntax.Or:
		if of, parts := containing(f); of != nil {
			return fill(s.Where["contains any"], "property", s.property(of), "list", s.eitherText(parts))
		}
	case *syntax.Between:
		return fill(s.Where["between"], "property", s.property(f.Value), "a", s.literal(f.Low), "b", s.literal(f.High))
	case *syntax.IsSet:
		if f.Not {
			return fill(s.Where["false"], "property", s.property(f.Value))
		}
		return fill(s.Where["true"], "property", s.property(f.Value))
	}
	return fill(s.Where["other"], "a", f.String())
}

// containing tells what texts a filter finds in one property; nil where it is
// not just that.
func containing(f *syntax.Or) (of syntax.Value, parts []string) {
	for _, x := range f.Terms {
		m, ok := x.(*syntax.Match)
		if !ok || m.Op != syntax.Contains || m.Not || of != nil && !syntax.Equal(of, m.Value) {
			return nil, nil
		}
		of, parts = m.Value, append(parts, m.Text)
	}
	return of, parts
}

// eitherText lists texts, each in quotation marks.
func (s *saying) eitherText(texts []string) string {
	marked := make([]string, len(texts))
	for i, t := range texts {
		marked[i] = fill(s.Where["text"], "t", t)
	}
	last := len(marked) - 1
	return strings.Join(marked[:last], ", ") + s.Or + marked[last]
}

// property is a property's name; it is none of a layer.
func (s *saying) property(v syntax.Value) string {
	if n, ok := v.(*syntax.Name); ok && n.Params == nil {
		return s.noun(n.Name, false)
	}
	return s.value(v)
}

// noun is a name as the language has it, else the name itself with spaces.
func (s *saying) noun(name string, many bool) string {
	if forms := s.nounForms(name); len(forms) >= 2 {
		if many {
			return forms[1]
		}
		return forms[0]
	}
	plain := strings.ReplaceAll(name, "_", " ")
	if !many || strings.HasSuffix(plain, s.plain["plural"]) {
		return plain
	}
	for _, e := range s.Endings {
		if stem, ok := strings.CutSuffix(plain, e.Ends); ok {
			return stem + e.Many
		}
	}
	return plain + s.plain["plural"]
}

// nounForms are those of a name, or of what it is the plain plural of: a table
// of orders is called so. Empty where the language has neither.
func (s *saying) nounForms(name string) []string {
	if forms := s.Nouns[name]; len(forms) > 0 {
		return forms
	}
	one, _ := strings.CutSuffix(name, "s")
	return s.Nouns[one]
}

func (s *saying) duration(d syntax.Duration) string {
	forms := s.Units[string(d.Unit)]
	if len(forms) < 2 {
		return d.String()
	}
	if d.N == 1 {
		return "1 " + forms[0]
	}
	return s.number(strconv.Itoa(d.N)) + " " + forms[1]
}

// unit is the name of one unit of time.
func (s *saying) unit(u syntax.Unit) string {
	if forms := s.Units[string(u)]; len(forms) > 0 {
		return forms[0]
	}
	return string(u)
}

// window says a time, with a leading space; no window says nothing.
func (s *saying) window(w *syntax.Window) string {
	if w == nil {
		return ""
	}
	switch w.Kind {
	case syntax.WindowLast:
		t := s.Window["last"]
		if s.Window["last_f"] != "" && slices.Contains(s.Feminine, string(w.Duration.Unit)) {
			t = s.Window["last_f"]
		}
		if w.Duration.N == 1 {
			t1 := s.Window["last_1"]
			if s.Window["last_1_f"] != "" && slices.Contains(s.Feminine, string(w.Duration.Unit)) {
				t1 = s.Window["last_1_f"]
			}
			return fill(t1, "d", s.unit(w.Duration.Unit))
		}
		return fill(t, "d", s.duration(w.Duration))
	case syntax.WindowNext:
		return fill(s.Window["next"], "d", s.duration(w.Duration))
	case syntax.WindowBefore:
		return fill(s.ofPoint("before", w.From), "a", s.point(w.From, false))
	case syntax.WindowSince:
		return fill(s.ofPoint("since", w.From), "a", s.point(w.From, false))
	case syntax.WindowFromTo:
		return fill(s.ofPoint("from_to", w.From), "a", s.point(w.From, false), "b", s.point(w.To, true))
	}
	if t := s.Window[w.Period]; t != "" {
		return t
	}
	if y, m, ok := strings.Cut(w.Period, "-"); ok {
		if k, err := strconv.Atoi(m); err == nil && k >= 1 && k <= len(s.Months) {
			return fill(s.Window["month"], "m", s.Months[k-1], "y", y)
		}
	}
	return fill(s.Window["year"], "a", w.Period)
}

// point says an end of a window. Ends are exclusive in formulas and inclusive
// in speech: up to midnight of 1 April is "to 31 March".
func (s *saying) point(p syntax.Point, end bool) string {
	if p.Ago != nil {
		return fill(s.Window["ago"], "d", s.duration(*p.Ago))
	}
	if end {
		if d, err := time.Parse("2006-01-02", p.Date.Text); err == nil {
			return s.date(d.AddDate(0, 0, -1).Format("2006-01-02"))
		}
	}
	return s.date(p.Date.Text)
}

// ofPoint is the template of a time before or since a point: some languages
// say a day otherwise than a while ago.
func (s *saying) ofPoint(t string, p syntax.Point) string {
	if day := s.Window[t+"_day"]; p.Date != nil && day != "" {
		return day
	}
	return s.Window[t]
}

// date is a day as the language writes it; an instant is left as it is.
func (s *saying) date(text string) string {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return fill(s.plain["date"], "d", strconv.Itoa(d.Day()), "m", s.Months[d.Month()-1], "y", strconv.Itoa(d.Year()))
}
