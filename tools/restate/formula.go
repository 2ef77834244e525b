package restate

import (
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// saying is one sentence in the making.
type saying struct {
	*words
	cat *model.Catalogue
	// never are the events that counted customers may never have done.
	never []string
	// open says "at any time" where another time is said nearby.
	open bool
	// doers are the events that the formula asks for elsewhere.
	doers map[string]bool
}

// fill puts values into a template's {names}. {m|f} is the masculine or the
// feminine form, by the noun that follows: see agree.
func fill(template string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		template = strings.ReplaceAll(template, "{"+pairs[i]+"}", pairs[i+1])
	}
	return template
}

// who is the customers that satisfy a formula.
func (s *saying) who(f syntax.Formula) string {
	switch f.(type) {
	case nil, *syntax.Everyone:
		return s.Everyone
	case *syntax.Nobody:
		return s.Nobody
	}
	s.open = mixesTimes(f)
	s.doers = required(f)
	return s.Customers + " " + s.say(f)
}

// required are the events that everyone in the formula has done at some time.
func required(f syntax.Formula) map[string]bool {
	out := map[string]bool{}
	parts := []syntax.Formula{f}
	if a, ok := f.(*syntax.And); ok {
		parts = a.Factors
	}
	for _, p := range parts {
		c, ok := p.(*syntax.Compare)
		if !ok {
			continue
		}
		call, ok := c.Left.(*syntax.Call)
		if !ok {
			continue
		}
		n := c.Right.String()
		switch c.Op {
		case syntax.Gt:
			out[call.Event] = true
		case syntax.Ge, syntax.Eq:
			if n != "0" {
				out[call.Event] = true
			}
		}
	}
	return out
}

// mixesTimes tells whether some of the formula's events have a time and others
// none: the latter are then said to be at any time, lest they be taken to
// share it.
func mixesTimes(f syntax.Formula) bool {
	with, without := false, false
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			with = with || c.Window != nil
			without = without || c.Window == nil && isTotal(c.Fn)
		}
		return true
	})
	return with && without
}

// say puts a formula as what follows "customers".
func (s *saying) say(f syntax.Formula) string {
	switch f := f.(type) {
	case *syntax.And:
		return s.join(f.Factors, s.And)
	case *syntax.Or:
		return s.join(f.Terms, s.Or)
	case *syntax.Not:
		return s.negated(f.X)
	case *syntax.Everyone:
		return s.Everyone
	case *syntax.Nobody:
		return s.Nobody
	case *syntax.Compare:
		return s.compare(f)
	case *syntax.Between:
		return s.between(f)
	case *syntax.In:
		t := "in"
		if f.Not {
			t = "not_in"
		}
		return s.aboutValue(s.plain[t], f.Value, "list", s.literals(f.Value, f.List, s.Or))
	case *syntax.IsSet:
		if f.Not {
			// Without a yes is not the same as without an answer, nor is none of what
			// is counted.
			if n, ok := f.Value.(*syntax.Name); ok && (s.kind(n.Name) == "bool" || s.kind(n.Name) == "number") {
				return s.aboutValue(s.plain["unknown"], f.Value)
			}
			return s.aboutValue(s.plain["not_set"], f.Value)
		}
		return s.aboutValue(s.plain["is_set"], f.Value)
	case *syntax.Match:
		t := string(f.Op)
		if f.Not {
			t = "not " + t
		}
		return s.aboutValue(s.plain[t], f.Value, "a", f.Text)
	case *syntax.DateCompare:
		return s.aboutValue(s.plain[string(f.Op)], f.Value, "a", s.date(f.Date.Text))
	case *syntax.Within:
		return s.aboutValue(s.plain["within"], f.Value, "window", s.window(f.Window))
	case *syntax.Anniversary:
		return s.aboutValue(s.plain["anniversary"], f.Value, "a", s.duration(f.Next))
	case *syntax.Rank:
		return s.rank(f)
	case *syntax.Sequence:
		return s.sequence(f)
	case *syntax.InSegment:
		if f.At != nil {
			return fill(s.plain["segment_at"], "a", f.Name, "b", s.date(f.At.Text))
		}
		return fill(s.plain["segment"], "a", f.Name)
	case *syntax.Crossed:
		t := "entered"
		if f.Left {
			t = "left"
		}
		return fill(s.plain[t], "a", f.Name, "window", s.window(f.Window))
	}
	return fill(s.plain["formula"], "a", f.String())
}

// join puts an and inside an or, or the other way round, in brackets, so that
// the sentence has one reading.
func (s *saying) join(parts []syntax.Formula, with string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = s.say(p)
		switch p := p.(type) {
		case *syntax.And, *syntax.Or:
			out[i] = "(" + out[i] + ")"
		case *syntax.Rank: // whose group would go on
			if p.Among != nil {
				out[i] = "(" + out[i] + ")"
			}
		}
	}
	return strings.Join(out, with)
}

// negated says the complement of a formula.
func (s *saying) negated(x syntax.Formula) string {
	if c, ok := x.(*syntax.Compare); ok && c.Op == syntax.Eq {
		if b, ok := c.Right.(*syntax.Bool); ok && b.Value {
			return s.aboutValue(s.plain["not_set"], c.Left)
		}
	}
	if c, ok := x.(*syntax.Compare); ok && s.isTime(c.Left) && s.isTime(c.Right) {
		if t := s.Moments["not "+string(c.Op)]; t != "" {
			return s.aboutValue(t, c.Left, "n", s.amount(c.Left, c.Right))
		}
	}
	return fill(s.plain["not"], "a", s.say(x))
}

func (s *saying) compare(c *syntax.Compare) string {
	n := s.amount(c.Left, c.Right)
	_, plain := c.Right.(*syntax.Number)
	// A figure that is computed has a time of its own, which would run into that
	// of the sentence.
	if call, ok := c.Left.(*syntax.Call); ok && plain {
		switch {
		case call.Fn == syntax.Count:
			return s.counted(call, c.Op, n)
		case call.Fn == syntax.Sum && s.isSpend(call):
			if t := s.Spent[string(c.Op)]; t != "" {
				if (c.Op == syntax.Lt || c.Op == syntax.Le) && !s.doers[call.Event] {
					s.never = append(s.never, call.Event)
				}
				return s.about(t, call, "n", n)
			}
		case call.Fn == syntax.DaysSince:
			if t := s.DaysSince[string(c.Op)]; t != "" {
				return s.about(t, call, "n", n)
			}
		}
	}
	if b, ok := c.Right.(*syntax.Bool); ok {
		if b.Value == (c.Op == syntax.Eq) {
			return s.aboutValue(s.plain["true"], c.Left)
		}
		return s.aboutValue(s.plain["false"], c.Left)
	}
	t := s.Compare[string(c.Op)]
	if m := s.Moments[string(c.Op)]; m != "" && s.isTime(c.Left) && s.isTime(c.Right) {
		t = m
	}
	return s.aboutValue(t, c.Left, "n", n)
}

// isTime tells whether a value is when something was first or last done.
func (s *saying) isTime(v syntax.Value) bool {
	call, ok := v.(*syntax.Call)
	return ok && (call.Fn == syntax.First || call.Fn == syntax.Last)
}

// counted is "with at least 5 orders", "without orders".
func (s *saying) counted(call *syntax.Call, op syntax.Op, n string) string {
	t := s.Count[string(op)]
	switch {
	case n == "0" && (op == syntax.Eq || op == syntax.Le) || n == "1" && op == syntax.Lt:
		t = s.Count["=0"]
	case n == "1" && op == syntax.Ge || n == "0" && op == syntax.Gt:
		t = s.Count[">=1"]
	case n == "1":
		t = strings.ReplaceAll(t, "{events}", "{event}")
	}
	if (op == syntax.Lt || op == syntax.Le || op == syntax.Eq && n == "0") && !s.doers[call.Event] {
		s.never = append(s.never, call.Event)
	}
	return s.about(t, call, "n", n)
}

func (s *saying) between(b *syntax.Between) string {
	lo, hi := s.amount(b.Value, b.Low), s.amount(b.Value, b.High)
	if call, ok := b.Value.(*syntax.Call); ok {
		switch {
		case call.Fn == syntax.Count:
			return s.about(s.Count["between"], call, "a", lo, "b", hi)
		case call.Fn == syntax.Sum && s.isSpend(call):
			return s.about(s.Spent["between"], call, "a", lo, "b", hi)
		}
	}
	return s.aboutValue(s.Compare["between"], b.Value, "a", lo, "b", hi)
}

func (s *saying) rank(f *syntax.Rank) string {
	t := "top"
	if f.Bottom {
		t = "bottom"
	}
	n := s.number(f.N.Text)
	if f.Percent {
		n = fill(s.plain["percent"], "n", n)
		t += "_percent"
	}
	text := fill(s.plain[t], "n", n, "value", s.value(f.By))
	if f.Among != nil {
		text = fill(s.plain["among"], "a", text, "b", s.who(f.Among))
	}
	return text
}

func (s *saying) sequence(f *syntax.Sequence) string {
	steps := make([]string, len(f.Steps))
	for i, st := range f.Steps {
		steps[i] = s.noun(st.Event, false) + s.where(st.Event, st.Where)
		if st.Not {
			steps[i] = fill(s.plain["sequence_not"], "a", steps[i])
		}
	}
	return fill(s.plain["sequence"], "a", strings.Join(steps, s.plain["sequence_then"]), "b", s.duration(f.Within), "window", s.window(f.Window))
}
