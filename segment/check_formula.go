package segment

import (
	"fmt"
	"math/big"
	"strings"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// formula checks a formula. After a fault that was noted it gives a constant,
// so that checking goes on.
func (c *compiler) formula(f syntax.Formula) cond {
	switch f := f.(type) {
	case *syntax.Or:
		return condOr{c.formulas(f.Terms)}
	case *syntax.And:
		return condAnd{c.formulas(f.Factors)}
	case *syntax.Not:
		return condNot{c.formula(f.X)}
	case *syntax.Everyone:
		return condConst(true)
	case *syntax.Nobody:
		return condConst(false)
	case *syntax.Compare:
		return c.compare(f)
	case *syntax.In:
		return c.in(f)
	case *syntax.Between:
		return c.between(f)
	case *syntax.IsSet:
		return c.isSet(f)
	case *syntax.Match:
		return c.match(f)
	case *syntax.DateCompare:
		return c.dateCompare(f)
	case *syntax.Within:
		return c.within(f)
	case *syntax.Anniversary:
		return c.anniversary(f)
	case *syntax.Rank, *syntax.Sequence, *syntax.InSegment, *syntax.Crossed:
		if c.event != nil {
			c.fail(f.Pos(), "%s is about a customer; inside where, a row's properties are asked for", f)
			return condConst(false)
		}
		return c.whole(f)
	default:
		c.fail(syntax.Span{}, "a condition is missing")
		return condConst(false)
	}
}

func (c *compiler) formulas(fs []syntax.Formula) []cond {
	parts := make([]cond, len(fs))
	for i, f := range fs {
		parts[i] = c.formula(f)
	}
	return parts
}

// whole checks the conditions that look at more than one customer or row.
func (c *compiler) whole(f syntax.Formula) cond {
	switch f := f.(type) {
	case *syntax.Rank:
		return c.rank(f)
	case *syntax.InSegment:
		return c.inSegment(f)
	case *syntax.Sequence:
		return c.sequence(f)
	case *syntax.Crossed:
		return c.crossed(f)
	}
	return condConst(false)
}

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

// codes finds a text among a value's own; one that the data lacks is a fault
// that names the nearest.
func (c *compiler) codes(v *value, text string, at syntax.Span) []uint32 {
	if v.dict == nil {
		return nil
	}
	codes := codesOf(v.dict, text)
	if len(codes) == 0 {
		e := c.fail(at, "no %s is %s", ownName(v), quote(text))
		switch {
		case text == "":
			e.Message += fmt.Sprintf("; for customers without one write `%s is not set`", v.text)
		case v.dict.Len() == 0:
			e.Message += ": it has no values yet"
		default:
			e.Nearest = nearestValues(v.dict, text)
		}
	}
	return codes
}

// ownName is the name of a value's column, without what is done with it.
func ownName(v *value) string {
	if v.name != "" {
		return syntax.Quote(v.name)
	}
	return v.text
}

// literalFor checks one literal of a list or a range against a value.
func (c *compiler) literalFor(v *value, l syntax.Literal, op syntax.Op) *value {
	lit := c.literal(l)
	if lit == nil || v == nil || !c.comparable(v, op, lit) {
		return nil
	}
	return lit
}

func (c *compiler) in(f *syntax.In) cond {
	v := c.value(f.Value)
	t := test{neg: f.Not}
	var codes []uint32
	var ivs []interval
	texts := make([]string, 0, len(f.List))
	any := false
	for _, l := range f.List {
		lit := c.literalFor(v, l, syntax.Eq)
		if lit == nil {
			continue
		}
		texts = append(texts, lit.text)
		if v.literal() {
			any = any || bool(c.compareLiterals(v, syntax.Eq, lit).(condConst))
			continue
		}
		switch {
		case v.numeric():
			ivs = append(ivs, interval{lo: lit.rat, hi: lit.rat})
		case v.temporal():
			r, _ := c.timeRange(v, lit, syntax.Eq)
			t.ints = append(t.ints, r)
		case v.kind == column.Text:
			codes = append(codes, c.codes(v, lit.word, lit.span)...)
		default:
			b := boolInt(lit.yes)
			t.ints = append(t.ints, intRange{b, b})
		}
	}
	if v == nil {
		return condConst(false)
	}
	if v.literal() {
		return condConst(any != f.Not && (!v.numeric() || v.rat != nil))
	}
	switch {
	case v.numeric():
		t = numberTest(v, ivs, f.Not)
	case v.kind == column.Text:
		t.kind, t.codes = onCodes, newCodeSet(codes)
	default:
		t.kind = onInts
	}
	return condTest{v, t, negated(f.Not) + "in (" + strings.Join(texts, ", ") + ")"}
}

func negated(not bool) string {
	if not {
		return "not "
	}
	return ""
}

func (c *compiler) between(f *syntax.Between) cond {
	v := c.value(f.Value)
	lo, hi := c.literalFor(v, f.Low, syntax.Ge), c.literalFor(v, f.High, syntax.Le)
	if v == nil || lo == nil || hi == nil {
		return condConst(false)
	}
	if v.literal() {
		return condAnd{[]cond{c.compareLiterals(v, syntax.Ge, lo), c.compareLiterals(v, syntax.Le, hi)}}
	}
	text := fmt.Sprintf("between %s and %s", lo.text, hi.text)
	var t test
	empty := false
	if v.numeric() {
		t = numberTest(v, []interval{{lo: lo.rat, hi: hi.rat}}, false)
		empty = lo.rat.Cmp(hi.rat) > 0
	} else {
		from, _ := c.timeRange(v, lo, syntax.Ge)
		to, _ := c.timeRange(v, hi, syntax.Le)
		t = test{kind: onInts, ints: []intRange{{from.lo, to.hi}}}
		empty = from.lo > to.hi
	}
	if empty {
		c.note("empty_range", f.Span, map[string]any{"low": lo.text, "high": hi.text}, "nothing lies between %s and %s: the lower end comes first", lo.text, hi.text)
	}
	return condTest{v, t, text}
}

func (c *compiler) isSet(f *syntax.IsSet) cond {
	v := c.value(f.Value)
	if v == nil {
		return condConst(false)
	}
	if v.literal() {
		return condConst((v.numeric() && v.rat == nil) == f.Not)
	}
	t := cond(condTest{v, test{kind: onSet}, "is set"})
	if f.Not {
		t = condNot{t}
	}
	return t
}

func (c *compiler) match(f *syntax.Match) cond {
	v := c.value(f.Value)
	if v == nil {
		return condConst(false)
	}
	part := Fold(f.Text)
	text := fmt.Sprintf("%s%s %s", negated(f.Not), f.Op, quote(f.Text))
	switch {
	case v.kind == column.Text && v.literal():
		return condConst(matches(f.Op, Fold(v.word), part) != f.Not)
	case v.kind == column.Text:
		codes, _ := c.matching(v.dict, func(w string) bool { return matches(f.Op, w, part) })
		return condTest{v, test{kind: onCodes, codes: newCodeSet(codes), neg: f.Not}, text}
	case v.kind == column.Tags:
		whole := func(w string) bool { return w == part }
		if f.Op != syntax.Contains {
			whole = func(w string) bool { return matches(f.Op, w, part) }
		}
		codes, ok := c.matching(v.dict, whole)
		if ok && len(codes) == 0 && f.Op == syntax.Contains {
			e := c.fail(f.Span, "no tag in %s is %s", ownName(v), quote(f.Text))
			if v.dict != nil {
				e.Nearest = nearestValues(v.dict, f.Text)
			}
		}
		return condTest{v, test{kind: onTags, codes: newCodeSet(codes), neg: f.Not}, text}
	}
	c.fail(f.Span, "%s is %s; `%s` asks about text", v.text, kindPhrase(v.kind), f.Op)
	return condConst(false)
}

// matching finds the words that pass when folded; a word is folded once, not
// once a row. ok is false when it could not look.
func (c *compiler) matching(d *column.Dict, pass func(folded string) bool) (codes []uint32, ok bool) {
	if d == nil {
		return nil, false
	}
	for code := uint32(1); int(code) <= d.Len(); code++ {
		if code%4096 == 0 && c.cancelled() {
			return nil, false
		}
		if pass(Fold(d.Word(code))) {
			codes = append(codes, code)
		}
	}
	return codes, true
}

func (c *compiler) cancelled() bool {
	if err := c.ctx.Err(); err != nil && c.err == nil {
		c.err = err
	}
	return c.err != nil
}

func exactNumber(n syntax.Number) (*big.Rat, bool) { return new(big.Rat).SetString(n.Text) }
