package syntax

import "fmt"

const windowForms = "a window such as last 90d, from 180d ago to 90d ago, before 2011-05-01, since 30d ago, this month, 2011 or 2011-05"

// window parses a window; next is a form of parameters only.
func (p *parser) window() (*Window, error) {
	t := p.peek()
	w := &Window{}
	var err error
	switch {
	case t.is("last"):
		p.take()
		if n := p.peek(); n.kind == tokWord && calendarPeriods[n.text] {
			p.take()
			w.Kind, w.Period = WindowPeriod, "last "+n.text
			break
		}
		if p.peek().kind != tokNumber {
			return nil, p.unexpected(`a duration such as 90d, or week, month, quarter or year, after "last"`, p.spelled("1", p.peek())...)
		}
		w.Kind = WindowLast
		w.Duration, err = p.duration()
	case t.is("this"):
		p.take()
		n := p.peek()
		if n.kind != tokWord || !calendarPeriods[n.text] {
			return nil, p.unexpected(`week, month, quarter or year after "this"`)
		}
		p.take()
		w.Kind, w.Period = WindowPeriod, "this "+n.text
	case t.is("today"), t.is("yesterday"):
		p.take()
		w.Kind, w.Period = WindowPeriod, t.text
	case t.is("before"), t.is("since"):
		p.take()
		w.Kind = WindowBefore
		if t.text == "since" {
			w.Kind = WindowSince
		}
		w.From, err = p.point(t.text)
	case t.is("from"):
		p.take()
		w.Kind = WindowFromTo
		if w.From, err = p.point("from"); err != nil {
			return nil, err
		}
		if !p.accept("to") {
			return nil, p.unexpected(`"to" and the end of the window`, `an open end is written "since"`)
		}
		w.To, err = p.point("to")
	case t.kind == tokNumber:
		w.Kind = WindowPeriod
		w.Period, err = p.yearOrMonth()
	default:
		return nil, p.noWindow()
	}
	if err != nil {
		return nil, err
	}
	w.Span = p.from(t.span.From)
	return w, nil
}

func (p *parser) noWindow() *Error {
	t := p.peek()
	switch {
	case t.is("next"):
		return p.unexpected(windowForms, `what comes next is not in the data; "next" stands in scores such as intent(order, next 30d) and in "anniversary within next"`)
	case t.is("within"), t.is("in"), t.is("during"), t.is("past"):
		return p.unexpected(windowForms, `leave out "`+t.text+`"`)
	case t.is("after"):
		return p.unexpected(windowForms, `write "since"`)
	case t.is("on"), t.kind == tokDate:
		return p.unexpected(windowForms, "a single day is written from that date to the next, as in from 2011-05-01 to 2011-05-02; for a time value use on")
	}
	return p.unexpected(windowForms)
}

// yearOrMonth parses 2011 and 2011-05.
func (p *parser) yearOrMonth() (string, error) {
	t := p.peek()
	next := p.after()
	if next.kind == tokWord { // a bare duration, glued or apart
		text := p.src[t.span.From:t.span.To]
		if unit, ok := unitOf(next.text); ok {
			return "", p.fail(Span{t.span.From, next.span.To}, "expected a window, found a duration: write last %s%s", text, unit)
		}
	}
	if !isYear(t.text) {
		return "", p.unexpected(windowForms)
	}
	p.take()
	if !p.peek().is("-") {
		if next := p.peek(); next.kind == tokWord && joined(t, next) {
			return "", p.glued(t, next)
		}
		return t.text, nil
	}
	minus, month := p.peek(), p.after()
	at := Span{t.span.From, month.span.To}
	if !joined(t, minus) || !joined(minus, month) || month.kind != tokNumber || !isMonth(month.text) {
		return "", p.fail(at, "a month is written as year and month with two digits, as in 2011-05, not %s", shorten(p.src[at.From:at.To]))
	}
	p.take()
	p.take()
	if next := p.peek(); joined(month, next) && (next.kind == tokWord || next.is("-")) {
		return "", p.fail(at, "expected the end of the month %s, found %s", p.src[at.From:at.To], p.show(next))
	}
	return t.text + "-" + month.text, nil
}

// point parses a date or `duration ago`.
func (p *parser) point(after string) (Point, error) {
	t := p.peek()
	expected := fmt.Sprintf("a date such as 2011-05-01 or a duration such as 30d ago after %q", after)
	switch {
	case t.kind == tokDate:
		d, err := p.date()
		return Point{Span: d.Span, Date: &d}, err
	case t.kind == tokNumber && isYear(t.text) && p.after().kind != tokWord:
		return Point{}, p.unexpected(expected, "write its first day, as in "+t.text+"-01-01")
	case t.kind != tokNumber || p.after().kind != tokWord:
		return Point{}, p.unexpected(expected)
	}
	d, err := p.duration()
	if err != nil {
		return Point{}, err
	}
	if !p.accept("ago") {
		return Point{}, p.unexpected(`"ago" after the duration`)
	}
	return Point{Span: p.from(t.span.From), Ago: &d}, nil
}

const units = "min, h, d, w, mo, q or y"

// duration parses a whole number and its unit, together or apart.
func (p *parser) duration() (Duration, error) {
	t := p.peek()
	if t.kind != tokNumber {
		return Duration{}, p.unexpected("a duration such as 90d")
	}
	word := p.after()
	unit := Unit(word.text)
	limit, ok := unitLimits[unit]
	if word.kind != tokWord || !ok {
		return Duration{}, p.noUnit(t, word)
	}
	text, fault := canonicalNumber(t.text)
	n := 0
	if fault == "" && allDigits(text) && len(text) <= maxWhole {
		for _, c := range text {
			n = n*10 + int(c-'0')
		}
	}
	if n < 1 {
		return Duration{}, p.fail(t.span, "a duration is a whole number of units from 1, not %s", shorten(t.text))
	}
	if n > limit {
		return Duration{}, p.fail(t.span, "a duration is at most ten thousand years: %s%s is too long", text, unit)
	}
	p.take()
	p.take()
	return Duration{Span: p.from(t.span.From), N: n, Unit: unit}, nil
}

// noUnit is the error for a number that should be a duration.
func (p *parser) noUnit(number, word token) *Error {
	if word.kind != tokWord || !joined(number, word) && reserved[word.text] {
		return p.fail(number.span, "expected a duration such as 90d, found %s: the unit is missing, one of %s", number.text, units)
	}
	at := Span{number.span.From, word.span.To}
	if s := p.spelled(number.text, word); len(s) > 0 {
		return p.fail(at, "%s", s[0])
	}
	if word.text == "m" {
		return p.fail(at, "m may be minutes or months: write %[1]smin or %[1]smo", number.text)
	}
	return p.fail(at, "unknown unit %s: units are %s", p.show(word), units)
}

// spelled hints at the short form of a unit that was spelled out.
func (p *parser) spelled(number string, word token) []string {
	if unit, ok := unitSlips[word.text]; ok && word.kind == tokWord {
		return []string{fmt.Sprintf("units are written short: write %s%s", number, unit)}
	}
	return nil
}

// unitOf reads a unit, spelled out or short.
func unitOf(word string) (Unit, bool) {
	if _, ok := unitLimits[Unit(word)]; ok {
		return Unit(word), true
	}
	u, ok := unitSlips[word]
	return u, ok
}
