package syntax

import (
	"fmt"
	"strings"
)

// named parses a name: a trait, layer or score with or without parameters;
// inside where, a property.
func (p *parser) named(want string) (Node, error) {
	start := p.peek().span.From
	name, at, err := p.name(want)
	if err != nil {
		return nil, err
	}
	next := p.peek()
	switch {
	case next.is(".") && p.filter:
		return nil, p.fail(next.span, `inside "where" a property stands alone: leave out "%s."`, Quote(name))
	case next.is("."):
		return nil, p.fail(next.span, `a property of an event needs a function around it, such as sum(%[1]s.…), latest(%[1]s.…) or count(%[1]s where …)`, Quote(name))
	case next.is("(") && p.filter:
		return nil, p.fail(Span{at.From, next.span.To}, `"where" tests the properties of one row: %s(…) cannot stand in it`, Quote(name))
	case next.is("("):
		params, err := p.params(name, at)
		if err != nil {
			return nil, err
		}
		return &Name{Span: p.from(start), Name: name, Params: params}, nil
	}
	return &Name{Span: at, Name: name}, nil
}

// params parses the parameters of a name in their brackets; empty brackets
// are as none.
func (p *parser) params(name string, at Span) ([]Param, error) {
	open := p.take()
	if p.accept(")") {
		return nil, nil
	}
	var params []Param
	for {
		a, err := p.param()
		if err != nil {
			return nil, err
		}
		params = append(params, a)
		if t := p.peek(); a.Event != "" && (t.is(".") || t.is("where")) {
			return nil, p.noFunction(name, at)
		}
		if !p.accept(",") {
			return params, p.closing(open, `"," or ")" after the parameter`)
		}
	}
}

// noFunction is the error for a name whose brackets hold what only those of a
// behaviour function can.
func (p *parser) noFunction(name string, at Span) *Error {
	e := p.fail(at, "%s is not a function over the rows of an event: those are %s", Quote(name), strings.Join(Functions(), ", "))
	if fn, ok := functionSlips[name]; ok {
		e.Nearest = []string{string(fn)}
		return e
	}
	e.Nearest = NearestNames(name, Functions(), 3)
	return e
}

func (p *parser) param() (Param, error) {
	start := p.peek().span.From
	var a Param
	var err error
	if t := p.peek(); (t.kind == tokWord || t.kind == tokQuoted) && p.after().is(":") {
		if t.kind == tokQuoted {
			a.Key = t.text
		} else if a.Key, _, err = p.key(t); err != nil {
			return a, err
		}
		p.take()
		p.take()
	}
	t := p.peek()
	switch {
	case t.is("next"):
		p.take()
		var d Duration
		if d, err = p.duration(); err == nil {
			a.Window = &Window{Span: p.from(t.span.From), Kind: WindowNext, Duration: d}
		}
	case p.windowStarts(a.Key):
		a.Window, err = p.window()
	case t.kind == tokQuoted || t.kind == tokWord && t.text != "true" && t.text != "false":
		a.Event, _, err = p.name("an event, a window or a value")
	case a.Key != "" && a.Key != "window" && t.kind == tokNumber && p.after().kind == tokWord:
		var when Point
		if when, err = p.point(a.Key + ":"); err == nil {
			a.Ago = when.Ago
		}
	default:
		a.Value, err = p.literal("a parameter: an event, a window such as last 90d, or a value such as bins: 3")
	}
	a.Span = p.from(start)
	return a, err
}

// key is a parameter's name, for which words of the language will do.
func (p *parser) key(t token) (string, Span, error) {
	if raw := p.src[t.span.From:t.span.To]; !bare(raw) {
		return "", t.span, p.fail(t.span, "the names of parameters are in lower case, not %s", raw)
	}
	return t.text, t.span, nil
}

// windowStarts tells whether a window is next, in a parameter of that key.
func (p *parser) windowStarts(key string) bool {
	t := p.peek()
	if t.kind == tokWord {
		switch t.text {
		case "last", "from", "before", "since", "today", "yesterday", "this":
			return true
		}
		return false
	}
	if t.kind != tokNumber || !isYear(t.text) {
		return false
	}
	if key == "" || key == "window" {
		return true
	}
	// Under another key only a month is a window: 2011 may be any number.
	return p.after().is("-")
}

// function parses a behaviour function or one of the two of measures.
func (p *parser) function(word token) (Node, error) {
	p.take()
	open := p.take()
	if p.filter {
		return nil, p.fail(Span{word.span.From, open.span.To}, `"where" tests the properties of one row: %s(…) cannot stand in it`, word.text)
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if fn, ok := functions[word.text]; ok {
		return p.call(fn, word, open)
	}
	if !p.measure {
		return nil, p.fail(word.span, "%s(…) stands only in measures, not in formulas about one customer; a trait of that name stands in back quotes: `%s`", word.text, word.text)
	}
	p.measure = false
	defer func() { p.measure = true }()
	if word.text == customersWord {
		f, err := p.formula()
		if err != nil {
			return nil, err
		}
		if err := p.closing(open, `"and", "or" or ")"`); err != nil {
			return nil, err
		}
		return &CustomersOf{Span: p.from(word.span.From), Formula: f}, nil
	}
	v, err := p.value("a value")
	if err != nil {
		return nil, err
	}
	if !p.accept(",") {
		return nil, p.unexpected(`"," and a statistic`, statistics)
	}
	t := p.peek()
	if t.kind != tokWord || !isStatistic(t.text) {
		return nil, p.unexpected("a statistic", statistics)
	}
	p.take()
	if err := p.closing(open, `")"`); err != nil {
		return nil, err
	}
	return &PerCustomer{Span: p.from(word.span.From), Value: v, Statistic: t.text}, nil
}

const statistics = "mean, median, p10 to p99, sum, min or max"

func isStatistic(s string) bool {
	switch s {
	case "mean", "median", "sum", "min", "max":
		return true
	}
	return len(s) == 3 && s[0] == 'p' && allDigits(s[1:]) && s[1] != '0'
}

// call parses the inside of a behaviour function's brackets.
func (p *parser) call(fn Fn, word, open token) (Node, error) {
	x := &Call{Fn: fn}
	if t := p.peek(); t.is("*") {
		return nil, p.unexpected(fmt.Sprintf("an event in %s(…)", fn), fmt.Sprintf("name what is counted, as in %s(order)", fn))
	}
	var err error
	if x.Event, x.EventAt, err = p.name(fmt.Sprintf("an event in %s(…)", fn)); err != nil {
		return nil, err
	}
	if p.accept(".") {
		if x.Property, x.PropertyAt, err = p.name("a property of " + Quote(x.Event)); err != nil {
			return nil, err
		}
	}
	expected := `"where", ", window" or ")"`
	if x.Property == "" {
		expected = `".", "where", ", window" or ")"`
	}
	if p.accept("where") {
		if x.Where, err = p.where(); err != nil {
			return nil, err
		}
		expected = `"and", "or", ", window" or ")"`
	}
	if p.accept(",") {
		if p.peek().is("where") {
			return nil, p.unexpected("a window", `"where" follows the event without a comma and stands before the window`)
		}
		if x.Window, err = p.window(); err != nil {
			return nil, err
		}
		expected = `")"`
		if p.peek().is("where") {
			return nil, p.unexpected(expected, `"where" stands before the window, as in count(order where …, last 90d)`)
		}
	}
	if x.Where == nil && x.Window == nil && !p.peek().is(")") {
		if err := p.noCall(expected); err != nil {
			return nil, err
		}
	}
	if err := p.closing(open, expected); err != nil {
		return nil, err
	}
	x.Span = p.from(word.span.From)
	return x, nil
}

// noCall is the error for what follows the event or property of a call and
// looks like a where or a window; nil for anything else.
func (p *parser) noCall(expected string) error {
	t := p.peek()
	if t.comparison() {
		return p.unexpected(expected, `conditions on rows stand after "where"`)
	}
	if t.kind != tokWord && t.kind != tokQuoted {
		return nil
	}
	switch t.text {
	case "last", "from", "before", "since", "this", "today", "yesterday", "within":
		return p.unexpected(expected, "a comma stands before the window")
	case "and", "or", "by", "among":
		return nil
	}
	return p.unexpected(expected, `conditions on rows stand after "where"`)
}

// noComparison is the error for a value that stands where a condition should.
func (p *parser) noComparison(v Value) *Error {
	const expected = "a comparison (=, !=, <, <=, >, >=, in, between, is set, contains, before, within)"
	switch x := v.(type) {
	case *Name:
		next := p.peek()
		if x.Params == nil {
			if _, ok := functions[x.Name]; ok && (next.kind == tokWord || next.kind == tokQuoted) && !reserved[next.text] {
				return p.unexpected(expected+" after "+Quote(x.Name), fmt.Sprintf("a function has brackets, as in %s(order)", x.Name))
			}
		}
		if next.is("like") || next.is("ilike") {
			return p.unexpected(expected+" after "+Quote(x.Name), `write "contains", "starts with" or "ends with"`)
		}
		if next.kind == tokEnd || next.is("and") || next.is("or") || next.is(")") {
			return p.unexpected(expected+" after "+Quote(x.Name), "a yes-or-no trait is written "+Quote(x.Name)+" = true")
		}
	case *Bool:
		word := "nobody"
		if x.Value {
			word = "everyone"
		}
		return p.fail(x.Span, `a formula for all customers or none is "everyone" or "nobody": write %q`, word)
	}
	return p.unexpected(expected + " after " + shorten(v.String()))
}
