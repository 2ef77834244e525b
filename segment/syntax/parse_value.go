package syntax

import "math/big"

// maxWhole bounds the digits of a whole count, so that it fits an int64.
const maxWhole = 18

var hundred = big.NewRat(100, 1)

// value parses a value and insists that it is one.
func (p *parser) value(want string) (Value, error) {
	n, err := p.sum(want)
	if err != nil {
		return nil, err
	}
	return p.mustValue(n)
}

// wholeValue parses a value that is a text of its own, and so explains a
// comparison after it.
func (p *parser) wholeValue() (Value, error) {
	n, err := p.or("a value")
	if err != nil {
		return nil, err
	}
	return p.mustValue(n)
}

func (p *parser) mustValue(n Node) (Value, error) {
	if v, ok := n.(Value); ok {
		return v, nil
	}
	return nil, p.fail(n.Pos(), "expected a value, found the condition %s", shorten(n.String()))
}

// sum and product parse arithmetic, left to right.
func (p *parser) sum(want string) (Node, error) { return p.arith("+", "-", want, p.product) }

func (p *parser) product(want string) (Node, error) { return p.arith("*", "/", want, p.atom) }

func (p *parser) arith(op1, op2, want string, part func(string) (Node, error)) (Node, error) {
	start := p.peek().span.From
	left, err := part(want)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		op := p.peek()
		if !op.is(op1) && !op.is(op2) {
			return left, nil
		}
		if n == maxChain {
			return nil, p.fail(op.span, "a sum or product has at most %d operators", maxChain)
		}
		l, err := p.mustValue(left)
		if err != nil {
			return nil, err
		}
		if p.filter {
			return nil, p.fail(op.span, `"where" compares a property with a value: arithmetic stands outside of it`)
		}
		p.take()
		next, err := part(`a value after "` + op.text + `"`)
		if err != nil {
			return nil, err
		}
		r, err := p.mustValue(next)
		if err != nil {
			return nil, err
		}
		left = &Arith{Span: p.from(start), Op: op.text[0], Left: l, Right: r}
	}
}

// dateSlip refuses a date in another order than year-month-day, and a month,
// which stands only in windows: as arithmetic they would mean something quite
// different in silence. The first number was just taken, its sign is next.
func (p *parser) dateSlip() error {
	if p.at == 0 || !p.peek().is("-") && !p.peek().is("/") {
		return nil
	}
	one, sign, two := p.toks[p.at-1], p.peek(), p.after()
	if one.kind != tokNumber || two.kind != tokNumber || !joined(one, sign) || !joined(sign, two) {
		return nil
	}
	short := func(s string) bool { return len(s) <= 2 && allDigits(s) }
	if p.at+3 < len(p.toks) {
		again, three := p.toks[p.at+2], p.toks[p.at+3]
		if again.is(sign.text) && three.kind == tokNumber && joined(two, again) && joined(again, three) && short(two.text) &&
			(isYear(one.text) && short(three.text) || short(one.text) && isYear(three.text)) {
			at := Span{one.span.From, three.span.To}
			return p.fail(at, `%s looks like a date, which is written year-month-day, as in 2011-05-01; to calculate put spaces around %q`, p.src[at.From:at.To], sign.text)
		}
	}
	if sign.text == "-" && isYear(one.text) && isMonth(two.text) {
		at := Span{one.span.From, two.span.To}
		return p.fail(at, `%[1]s is a month, which stands only in windows, as in within %[1]s; to subtract put spaces around "-"`, p.src[at.From:at.To])
	}
	return nil
}

func isYear(s string) bool { return len(s) == 4 && allDigits(s) && s != "0000" }

func isMonth(s string) bool { return len(s) == 2 && allDigits(s) && s >= "01" && s <= "12" }

// atom parses a literal, a name, a call, or anything in brackets.
func (p *parser) atom(want string) (Node, error) {
	t := p.peek()
	switch t.kind {
	case tokNumber, tokString, tokDate:
		return p.literal(want)
	case tokQuoted:
		return p.named(want)
	case tokWord:
		switch {
		case t.text == "true" || t.text == "false":
			return p.literal(want)
		case p.after().is("(") && callable(t.text):
			return p.function(t)
		}
		return p.named(want)
	case tokSign:
		switch t.text {
		case "-":
			if p.after().kind == tokNumber {
				return p.literal(want)
			}
			return nil, p.fail(t.span, `"-" stands before a number or between two values: for the negative of a value write 0 - …`)
		case "(":
			return p.brackets(want)
		case ")":
			return nil, p.unexpected(want)
		}
	}
	return nil, p.unexpected(want)
}

// brackets parses what is in brackets, formula or value.
func (p *parser) brackets(want string) (Node, error) {
	open := p.take()
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	n, err := p.or(want)
	if err != nil {
		return nil, err
	}
	expected := `"and", "or" or ")"`
	if _, ok := n.(Value); ok {
		expected = `a comparison or ")"`
	}
	return n, p.closing(open, expected)
}

// literal parses a number, text, date, true or false.
func (p *parser) literal(want string) (Literal, error) {
	t := p.peek()
	switch {
	case t.kind == tokNumber || t.is("-") && p.after().kind == tokNumber:
		return p.number()
	case t.kind == tokString:
		p.take()
		return &Text{Span: t.span, Value: t.text}, nil
	case t.kind == tokDate:
		d, err := p.date()
		return &d, err
	case t.is("true") || t.is("false"):
		p.take()
		return &Bool{Span: t.span, Value: t.text == "true"}, nil
	case t.is("null"):
		return nil, p.unexpected(want, `a missing value is tested by "is not set"`)
	case t.kind == tokWord && !reserved[t.text]:
		return nil, p.unexpected(want, `a text stands in double quotes: `+QuoteText(p.src[t.span.From:t.span.To]))
	}
	return nil, p.unexpected(want)
}

// number parses a number with its sign.
func (p *parser) number() (*Number, error) {
	start := p.peek().span.From
	sign := ""
	if p.accept("-") {
		sign = "-"
	}
	t := p.take()
	if next := p.peek(); next.kind == tokWord && joined(t, next) {
		return nil, p.glued(t, next)
	}
	text, fault := canonicalNumber(sign + t.text)
	if fault != "" {
		return nil, p.fail(t.span, "%s", fault)
	}
	if err := p.dateSlip(); err != nil {
		return nil, err
	}
	return &Number{Span: p.from(start), Text: text}, nil
}

// glued is the error for letters right after a number that is no duration.
func (p *parser) glued(number, word token) *Error {
	at := Span{number.span.From, word.span.To}
	text := shorten(p.src[at.From:at.To])
	if _, ok := unitLimits[Unit(word.text)]; ok {
		return p.fail(at, "%s is a duration, which stands only in windows, as in last %s", text, text)
	}
	if word.text[0] == 'e' && (len(word.text) == 1 || allDigits(word.text[1:])) {
		return p.fail(at, "%s: write the number out, without an exponent", text)
	}
	return p.fail(at, "%s is neither a number nor a name: a name that begins with a digit stands in back quotes", text)
}

// date parses a date or an instant.
func (p *parser) date() (Date, error) {
	t := p.peek()
	if t.kind != tokDate {
		if t.kind == tokString && dateLen(t.text) == len(t.text) && t.text != "" {
			return Date{}, p.unexpected("a date", "a date stands without quotes")
		}
		return Date{}, p.unexpected("a date such as 2011-12-01")
	}
	p.take()
	if next := p.peek(); joined(t, next) && (next.kind == tokWord || next.kind == tokNumber) || next.kind == tokNumber {
		return Date{}, p.unexpected("the end of the date", "with a time it is written 2011-12-01T10:30:00Z")
	}
	return Date{Span: t.span, Text: t.text}, nil
}

// name parses a bare or quoted name.
func (p *parser) name(want string) (string, Span, error) {
	t := p.peek()
	if t.kind == tokQuoted {
		p.take()
		return t.text, t.span, nil
	}
	if t.kind != tokWord {
		return "", t.span, p.unexpected(want)
	}
	raw := p.src[t.span.From:t.span.To]
	switch {
	case t.text == "and" || t.text == "or":
		return "", t.span, p.unexpected(want)
	case reserved[t.text]:
		return "", t.span, p.unexpected(want, t.text+" is a word of the language; as a name it stands in back quotes: `"+raw+"`")
	case raw == t.text && bare(raw):
		p.take()
		return raw, t.span, nil
	case bare(t.text):
		return "", t.span, p.fail(t.span, "bare names are in lower case: write %s, or `%s` in back quotes if the name has capitals, or %q in double quotes if it is a text", t.text, raw, raw)
	}
	return "", t.span, p.fail(t.span, "a name with other letters than a to z stands in back quotes: `%s`; a text in double quotes: %q", raw, raw)
}
