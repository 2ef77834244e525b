package segment

import (
	"fmt"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

var flipped = map[syntax.Op]syntax.Op{
	syntax.Eq: syntax.Eq, syntax.Ne: syntax.Ne,
	syntax.Lt: syntax.Gt, syntax.Le: syntax.Ge, syntax.Gt: syntax.Lt, syntax.Ge: syntax.Le,
}

func (c *compiler) compare(f *syntax.Compare) cond {
	l, r := c.value(f.Left), c.value(f.Right)
	if _, ok := flipped[f.Op]; !ok {
		c.fail(f.Span, "%q is no comparison; use = != < <= > >=", string(f.Op))
		return condConst(false)
	}
	if l == nil || r == nil || !c.comparable(l, f.Op, r) {
		return condConst(false)
	}
	op := f.Op
	if l.literal() && !r.literal() {
		l, r, op = r, l, flipped[op]
	}
	switch {
	case l.literal():
		return c.compareLiterals(l, op, r)
	case r.literal():
		return c.compareLiteral(l, op, r)
	}
	for _, v := range []*value{l, r} {
		if v.origin == fromTime {
			c.fail(v.span, "%s is a part of the row's time; compare it with a number", v.text)
			return condConst(false)
		}
	}
	cc := condCompare{op: op, left: l, right: r, calendar: c.calendar}
	if l.kind == column.Text && l.dict != r.dict {
		cc.recode = make([]uint32, r.dict.Len()+1)
		for code := range cc.recode[1:] {
			cc.recode[code+1], _ = l.dict.Code(r.dict.Word(uint32(code + 1)))
		}
	}
	return cc
}

// comparable tells whether two kinds can be compared so, or notes why not.
func (c *compiler) comparable(l *value, op syntax.Op, r *value) bool {
	for _, v := range []*value{l, r} {
		if v.kind == column.Tags {
			c.fail(v.span, "%s is tags; ask for one of them with `%s contains \"…\"`", v.text, v.text)
			return false
		}
	}
	equal := op == syntax.Eq || op == syntax.Ne
	switch {
	case l.numeric() && r.numeric(), l.temporal() && r.temporal():
		return true
	case l.kind == r.kind && equal:
		return true
	case l.kind == column.Text && r.kind == column.Text:
		c.fail(r.span, "%s is text, which has no order; use =, != or contains", textSide(l, r).text)
	case l.kind == column.Bool && r.kind == column.Bool:
		c.fail(r.span, "%s is true or false, which have no order; use = or !=", l.text)
	default:
		c.fail(r.span, "%s is %s and %s is %s; they cannot be compared%s", l.text, kindPhrase(l.kind), r.text, kindPhrase(r.kind), remedy(l, r))
	}
	return false
}

func textSide(l, r *value) *value {
	if l.literal() {
		return r
	}
	return l
}

// remedy says how to write a literal of the kind the other side has.
func remedy(l, r *value) string {
	if l.literal() {
		l, r = r, l
	}
	if !r.literal() {
		return ""
	}
	switch {
	case l.kind == column.Text:
		return "; write text in double quotes"
	case l.temporal() && r.kind == column.Text:
		return "; write a date without quotes, as 2011-12-01"
	case l.temporal():
		return "; write a date as 2011-12-01"
	case l.numeric() && r.kind == column.Text:
		return "; write a number without quotes"
	case l.kind == column.Bool:
		return "; write true or false"
	}
	return ""
}

func (c *compiler) compareLiterals(l *value, op syntax.Op, r *value) cond {
	switch {
	case l.numeric():
		if l.rat == nil || r.rat == nil {
			return condConst(false)
		}
		iv, neg := intervalOf(op, r.rat)
		return condConst(iv.has(exactOf(l.rat)) != neg)
	case l.temporal():
		at := l.lo
		v := &value{kind: column.Time}
		if l.whole {
			v.kind, at = column.Date, l.day
		} else if r.whole {
			return c.compareLiterals(r, flipped[op], l)
		}
		rg, neg := c.timeRange(v, r, op)
		return condConst((rg.lo <= at && at <= rg.hi) != neg)
	case l.kind == column.Text:
		return condConst((l.word == r.word) == (op == syntax.Eq))
	default:
		return condConst((l.yes == r.yes) == (op == syntax.Eq))
	}
}

func (c *compiler) compareLiteral(v *value, op syntax.Op, lit *value) cond {
	text := fmt.Sprintf("%s %s", op, lit.text)
	switch {
	case v.numeric():
		if lit.rat == nil {
			return condConst(false)
		}
		iv, neg := intervalOf(op, lit.rat)
		return condTest{v, numberTest(v, []interval{iv}, neg), text}
	case v.temporal():
		r, neg := c.timeRange(v, lit, op)
		return condTest{v, test{kind: onInts, ints: []intRange{r}, neg: neg}, text}
	case v.kind == column.Text:
		codes := c.codes(v, lit.word, lit.span)
		return condTest{v, test{kind: onCodes, codes: newCodeSet(codes), neg: op == syntax.Ne}, text}
	default:
		b := boolInt(lit.yes)
		return condTest{v, test{kind: onInts, ints: []intRange{{b, b}}, neg: op == syntax.Ne}, text}
	}
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
