package goal

import (
	"regexp"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Value is a value of the data that a goal speaks of: of a trait (Event "") or
// of an event's property.
type Value struct{ Event, Field, Word string }

// Condition is what the value says of a customer: that the trait is it, or that
// an event ever had it.
func (v Value) Condition() syntax.Formula {
	is := v.is()
	if v.Event == "" {
		return is
	}
	return &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: v.Event, Where: is}, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}}
}

func (v Value) is() syntax.Formula {
	return &syntax.Compare{Left: &syntax.Name{Name: v.Field}, Op: syntax.Eq, Right: &syntax.Text{Value: v.Word}}
}

// names are what stands for the placeholders of templates in a catalogue.
type names struct {
	texts   map[string]string
	missing map[string]bool // roles that were asked for and are not there
}

// eventRoles and fieldRoles are the roles that templates may name.
var (
	eventRoles = []string{"purchase", "visit", "cart", "send", "open", "click", "unsubscribe", "refund", "survey"}
	fieldRoles = []string{"amount", "quantity", "category", "product", "score"}
)

// namesOf looks the catalogue up.
func namesOf(s *segment.Schema, v *Value) *names {
	n := &names{texts: map[string]string{}, missing: map[string]bool{}}
	for _, role := range eventRoles {
		if e, ok := s.Event(s.Roles[role]); ok && e.Rows > 0 {
			n.texts[role] = syntax.Quote(e.Name)
		}
	}
	for _, role := range fieldRoles {
		if e, p, ok := s.Property(s.Roles[role]); ok && e.Rows > 0 {
			n.texts[role] = syntax.Quote(e.Name) + "." + syntax.Quote(p.Name)
		}
	}
	if t, ok := s.Trait(s.Roles["consent"]); ok && t.Kind == column.Bool {
		n.texts["consent"] = syntax.Quote(t.Name) + " = true"
	}
	if p := partOf(s); p != "" {
		n.texts["part"] = syntax.Quote(p)
	}
	if v == nil {
		return n
	}
	if v.Event == "" {
		n.texts["where"] = v.is().String()
		return n
	}
	n.texts["has"], n.texts["event"] = v.is().String(), syntax.Quote(v.Event)
	for _, e := range s.Events {
		p, ok := e.Prop(v.Field)
		if ok && e.Name != v.Event && p.Kind == column.Text && e.Rows > 0 && looks(s, e.Name) {
			n.texts["viewed"], n.texts["seen"] = syntax.Quote(e.Name), v.is().String()
			break
		}
	}
	return n
}

// looks tells events that customers do without buying: none of purchases,
// refunds and what is done to them.
func looks(s *segment.Schema, event string) bool {
	for _, role := range []string{"purchase", "refund", "send", "open", "click", "unsubscribe"} {
		if s.Roles[role] == event {
			return false
		}
	}
	return true
}

// partOf is a money property of purchases that some have and some have not; ""
// where there is none.
func partOf(s *segment.Schema) string {
	e, ok := s.Event(s.Roles["purchase"])
	if !ok {
		return ""
	}
	i := slices.IndexFunc(e.Props, func(p segment.Field) bool {
		return p.Kind == column.Money && p.Set > 0 && p.Set < e.Rows-e.Rows/20
	})
	if i < 0 {
		return ""
	}
	return e.Props[i].Name
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts names into a template; ok is false where a role is missing.
func (n *names) fill(template string) (text string, ok bool) {
	ok = true
	text = placeholder.ReplaceAllStringFunc(template, func(p string) string {
		name := strings.Trim(p, "{}")
		t, found := n.texts[name]
		if !found {
			ok = false
			n.missing[name] = true
		}
		return t
	})
	return text, ok
}
