package restate

import (
	"slices"
	"strconv"
	"strings"
	"time"

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
func (s *saying) agree(t, name string) string {
	feminine := slices.Contains(s.Nouns[name], "f")
	if end := s.plain["feminine_ending"]; len(s.Nouns[name]) == 0 && end != "" {
		feminine = strings.HasSuffix(name, end)
	}
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

// about fills a template that says something of a value.
func (s *saying) aboutValue(t string, v syntax.Value, pairs ...string) string {
	name := ""
	switch v := v.(type) {
	case *syntax.Name:
		name = v.Name
	case *syntax.Call:
		name = v.Event
	}
	return fill(s.agree(t, name), append(pairs, "value", s.value(v))...)
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
		if t := s.Value[string(v.Fn)]; t != "" {
			return s.about(t, v)
		}
	case *syntax.Number, *syntax.Text, *syntax.Date, *syntax.Bool:
		return s.literal(v)
	}
	return v.String()
}

// literal prints a constant in the language's own way; text is bare.
func (s *saying) literal(v syntax.Value) string {
	switch v := v.(type) {
	case *syntax.Number:
		return s.number(v.Text)
	case *syntax.Text:
		return v.Value
	case *syntax.Date:
		return v.Text
	case *syntax.Bool:
		return s.Bool[strconv.FormatBool(v.Value)]
	}
	return s.value(v)
}

func (s *saying) literals(list []syntax.Literal, with string) string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = s.literal(l)
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
				return fill(s.Where["true"], "property", s.value(f.Left))
			}
			return fill(s.Where["false"], "property", s.value(f.Left))
		}
		if t := s.Where[string(f.Op)]; t != "" {
			return fill(t, "property", s.value(f.Left), "a", s.literal(f.Right))
		}
	case *syntax.In:
		if !f.Not {
			return fill(s.Where["in"], "property", s.value(f.Value), "list", s.literals(f.List, s.Or))
		}
	case *syntax.Between:
		return fill(s.Where["between"], "property", s.value(f.Value), "a", s.literal(f.Low), "b", s.literal(f.High))
	case *syntax.IsSet:
		if f.Not {
			return fill(s.Where["false"], "property", s.value(f.Value))
		}
		return fill(s.Where["true"], "property", s.value(f.Value))
	}
	return fill(s.Where["other"], "a", f.String())
}

// noun is a name as the language has it, else the name itself with spaces.
func (s *saying) noun(name string, many bool) string {
	if forms := s.Nouns[name]; len(forms) >= 2 {
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
		return fill(s.Window["before"], "a", s.point(w.From, false))
	case syntax.WindowSince:
		return fill(s.Window["since"], "a", s.point(w.From, false))
	case syntax.WindowFromTo:
		return fill(s.Window["from_to"], "a", s.point(w.From, false), "b", s.point(w.To, true))
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
			return d.AddDate(0, 0, -1).Format("2006-01-02")
		}
	}
	return p.Date.Text
}
