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
		return c.or(c.formulas(f.Terms))
	case *syntax.And:
		return c.and(c.formulas(f.Factors))
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
		return c.and([]cond{c.compareLiterals(v, syntax.Ge, lo), c.compareLiterals(v, syntax.Le, hi)})
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

func exactNumber(n syntax.Number) (*big.Rat, bool) { return new(big.Rat).SetString(n.Text) }
