package tools

import (
	"strings"

	"tesela/segment"
	"tesela/segment/syntax"
)

// checkMeasuresPersonal refuses breakdowns and figures that would show the
// values of personal fields.
func (c *call) checkMeasuresPersonal(args *MeasureArgs) error {
	if c.who.Person {
		return nil
	}
	for _, g := range args.GroupBy {
		for _, f := range fields(c.schema) {
			if strings.ReplaceAll(g, "`", "") == f.ref.String() && c.box.personal.is(c.schema, f.ref) {
				return c.refusePersonal("group_by", f.ref.String())
			}
		}
		if v, err := syntax.ParseValue(g); err == nil && c.personalIn(v) != "" {
			return c.refusePersonal("group_by", c.personalIn(v))
		}
	}
	for _, m := range args.Measures {
		v, err := syntax.ParseMeasure(m)
		if meaning, ok := c.word(m); ok {
			v, err = syntax.ParseMeasure(meaning)
		}
		if err != nil {
			continue // the compiler says what is wrong
		}
		if field := c.revealed(v); field != "" {
			return c.refusePersonal("measures", field)
		}
	}
	return nil
}

// revealed gives the personal field whose values a measure would show, or "".
// Counting by personal fields (email is set, distinct(order.phone)) shows
// none.
func (c *call) revealed(v syntax.Value) string {
	found := ""
	syntax.Walk(v, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CustomersOf:
			return false
		case *syntax.PerCustomer:
			if f := c.personalIn(n.Value); f != "" {
				found = f
			}
		case *syntax.Call:
			ref := segment.FieldRef{Event: n.Event, Name: n.Property}
			if n.Fn != syntax.Count && n.Fn != syntax.Distinct && c.isField(ref) && c.box.personal.is(c.schema, ref) {
				found = ref.String()
			}
		}
		return true
	})
	return found
}
