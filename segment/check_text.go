package segment

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

func (c *compiler) match(f *syntax.Match) cond {
	v := c.value(f.Value)
	if v == nil {
		return condConst(false)
	}
	part := syntax.Fold(f.Text)
	text := fmt.Sprintf("%s%s %s", negated(f.Not), f.Op, quote(f.Text))
	switch {
	case v.kind == column.Text && v.literal():
		return condConst(matches(f.Op, syntax.Fold(v.word), part) != f.Not)
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
				nearOrFew(e, v.dict, f.Text)
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
		if pass(syntax.Fold(d.Word(code))) {
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
			nearOrFew(e, v.dict, text)
		}
	}
	return codes
}

// fewWords is how many values are so few that all can be named.
const fewWords = 8

// nearOrFew names the values nearest to one that is not there; where none is
// near and they are few, all of them.
func nearOrFew(e *syntax.Error, d *column.Dict, text string) {
	e.Nearest = nearestValues(d, text)
	if len(e.Nearest) > 0 || d.Len() > fewWords {
		return
	}
	var all []string
	for code := range d.Len() {
		all = append(all, quote(d.Word(uint32(code+1))))
	}
	slices.Sort(all)
	if len(all) > 0 {
		e.Message += "; there is " + strings.Join(all, ", ")
	}
}

// ownName is the name of a value's column, without what is done with it.
func ownName(v *value) string {
	if v.name != "" {
		return syntax.Quote(v.name)
	}
	return v.text
}
