package syntax

import (
	"fmt"
	"strings"
)

const (
	// maxText bounds a formula's text and maxDepth the nesting in it, so that
	// hostile input costs neither time nor stack.
	maxText  = 1 << 20
	maxDepth = 200
	// maxChain bounds the operators of one sum or product, whose tree is as
	// deep as it is long.
	maxChain = 1000
)

// Parse reads a formula. The error is an *Error.
func Parse(text string) (Formula, error) {
	return read(text, "a formula", `count(order) >= 1`, (*parser).formula)
}

// ParseFilter reads what stands after where: a formula over properties. The
// error is an *Error.
func ParseFilter(text string) (Formula, error) {
	return read(text, "a filter", `category = "Shoes"`, func(p *parser) (Formula, error) {
		p.filter = true
		if p.peek().is("where") {
			return nil, p.fail(p.peek().span, `leave out "where": the filter is what stands after it`)
		}
		return p.formula()
	})
}

// ParseValue reads a value, such as sum(order.amount, last 1y). The error is
// an *Error.
func ParseValue(text string) (Value, error) {
	return read(text, "a value", `sum(order.amount, last 1y)`, (*parser).wholeValue)
}

// ParseMeasure reads a value that may also hold customers(formula) and
// per_customer(value, statistic). The error is an *Error.
func ParseMeasure(text string) (Value, error) {
	return read(text, "a measure", `revenue`, func(p *parser) (Value, error) {
		p.measure = true
		return p.wholeValue()
	})
}

// ParseWindow reads a window, such as last 90d; next, which only parameters
// have, is refused. The error is an *Error.
func ParseWindow(text string) (*Window, error) {
	return read(text, "a window", `last 90d`, (*parser).window)
}

// ParseDuration reads a duration, such as 90d. The error is an *Error.
func ParseDuration(text string) (*Duration, error) {
	return read(text, "a duration", `90d`, func(p *parser) (*Duration, error) {
		d, err := p.duration()
		if err != nil {
			return nil, err
		}
		return &d, nil
	})
}

// ParseDate reads a date or an instant. The error is an *Error.
func ParseDate(text string) (*Date, error) {
	return read(text, "a date", `2011-12-01`, func(p *parser) (*Date, error) {
		d, err := p.date()
		if err != nil {
			return nil, err
		}
		return &d, nil
	})
}

// read parses the whole text with one rule.
func read[T any](text, what, example string, rule func(*parser) (T, error)) (T, error) {
	var none T
	if len(text) > maxText {
		return none, &Error{Span: Span{maxText, len(text)}, Message: fmt.Sprintf("the text is longer than %d bytes", maxText)}
	}
	p := &parser{src: text, toks: lex(text)}
	if p.peek().kind == tokEnd {
		return none, p.fail(p.peek().span, "expected %s, found nothing: write one such as %s", what, example)
	}
	x, err := rule(p)
	if err != nil {
		return none, err
	}
	if t := p.peek(); t.kind != tokEnd {
		return none, p.trailing(what)
	}
	return x, nil
}

// parser walks the tokens once, never back: brackets may open a formula or a
// value, so the rules below give either and the caller says which it needs.
type parser struct {
	src   string
	toks  []token
	at    int
	depth int
	// filter: inside where, values are properties and literals only.
	filter bool
	// measure: customers(…) and per_customer(…) are allowed.
	measure bool
}

func (p *parser) peek() token { return p.toks[p.at] }

// after is the token after the next one.
func (p *parser) after() token { return p.toks[min(p.at+1, len(p.toks)-1)] }

func (p *parser) take() token {
	t := p.toks[p.at]
	if p.at < len(p.toks)-1 {
		p.at++
	}
	return t
}

// accept takes the sign or keyword if it is next.
func (p *parser) accept(text string) bool {
	if p.peek().is(text) {
		p.take()
		return true
	}
	return false
}

// from is the span from a start to the end of the last token taken.
func (p *parser) from(start int) Span {
	if p.at == 0 {
		return Span{start, start}
	}
	return Span{start, p.toks[p.at-1].span.To}
}

// joined tells whether token b follows a without white space.
func joined(a, b token) bool { return a.span.To == b.span.From && b.kind != tokEnd }

// enter goes one level deeper; the caller leaves by p.depth--.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.fail(p.peek().span, "the formula is nested more than %d levels deep: save a part as a segment and refer to that", maxDepth)
	}
	return nil
}

func (p *parser) fail(at Span, format string, args ...any) *Error {
	return &Error{Span: at, Message: fmt.Sprintf(format, args...)}
}

// unexpected says what was expected instead of the next token.
func (p *parser) unexpected(expected string, hints ...string) *Error {
	t := p.peek()
	if t.kind == tokBad {
		return t.err
	}
	m := "expected " + expected + ", found " + p.show(t)
	if len(hints) > 0 {
		m += ": " + strings.Join(hints, "; ")
	}
	return p.fail(t.span, "%s", m)
}

// show names a token as it was written.
func (p *parser) show(t token) string {
	switch t.kind {
	case tokEnd:
		return "the end"
	case tokString:
		return "the text " + shorten(p.src[t.span.From:t.span.To])
	case tokQuoted:
		return "the name " + shorten(p.src[t.span.From:t.span.To])
	case tokNumber, tokDate:
		return shorten(p.src[t.span.From:t.span.To])
	}
	return `"` + shorten(p.src[t.span.From:t.span.To]) + `"`
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// closing takes the bracket that closes the one at open.
func (p *parser) closing(open token, expected string) error {
	if p.accept(")") {
		return nil
	}
	if t := p.peek(); t.kind == tokEnd {
		return p.fail(t.span, `expected %s, found the end: the "(" at %d is never closed`, expected, open.span.From+1)
	}
	return p.unexpected(expected)
}

// trailing is the error for what follows a complete text.
func (p *parser) trailing(what string) *Error {
	t := p.peek()
	expected := "the end of " + what
	if what == "a formula" || what == "a filter" {
		expected = `"and", "or" or the end`
	}
	prev := p.toks[max(p.at-1, 0)]
	switch {
	case t.is(")"):
		return p.unexpected(expected, `no bracket is open here`)
	case t.is(",") && prev.kind == tokNumber && p.after().kind == tokNumber:
		return p.unexpected(expected, "write numbers without signs between the thousands")
	case t.kind == tokNumber && prev.kind == tokNumber:
		return p.unexpected(expected, "write numbers without spaces between the thousands")
	case t.is("where"):
		return p.unexpected(expected, `"where" stands inside the brackets, as in count(order where …)`)
	case t.is("last"), t.is("from"), t.is("since"), t.is("this"), t.is(","):
		if what == "a formula" {
			return p.unexpected(expected, "a window stands inside the brackets, as in count(order, last 90d)")
		}
	case t.is("%"):
		return p.unexpected(expected, `a share is a number such as 0.5; "%" stands only after top and bottom`)
	}
	if t.comparison() && (what == "a formula" || what == "a filter") {
		return p.unexpected(expected, `a condition is not compared again: join two conditions with "and"`)
	}
	return p.unexpected(expected)
}
