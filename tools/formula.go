package tools

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/syntax"
)

// formula parses the formula in an argument. A business word that stands for
// a formula may take its place.
func (c *call) formula(argument, text string) (syntax.Formula, error) {
	f, err := syntax.Parse(text)
	if err == nil {
		return f, nil
	}
	if meaning, ok := c.word(text); ok {
		if f, wordErr := syntax.Parse(meaning); wordErr == nil {
			return f, nil
		}
	}
	return nil, c.wrong(argument, err, nil)
}

// word gives what a business word stands for, however it is spelt.
func (c *call) word(text string) (meaning string, ok bool) {
	sought := fold(text)
	for _, w := range c.schema.Words {
		if sought != "" && fold(w.Word) == sought {
			return w.Text, true
		}
	}
	return "", false
}

// wrong turns the faults of a formula into an *ArgumentError with their
// positions, or in a *CannotError where a role is missing; other errors stay as
// they are. Values of personal fields never
// come back as suggestions, unless to a person.
func (c *call) wrong(argument string, err error, n syntax.Node) error {
	if role := c.missingRole(err); role != nil {
		return role
	}
	faults := syntaxErrors(err)
	if len(faults) == 0 {
		return err
	}
	e := &ArgumentError{Tool: c.tool, Field: argument, Err: err}
	var messages []string
	for _, f := range faults {
		if !c.who.Person && n != nil && c.testsPersonal(n, f.Span) {
			messages = append(messages, fmt.Sprintf("at %d: no customer has this value, or it cannot be compared so; the values of personal fields are not shown", f.Span.From+1))
			continue
		}
		messages = append(messages, fmt.Sprintf("at %d: %s", f.Span.From+1, f.Message))
		for _, near := range f.Nearest {
			if !slices.Contains(e.Nearest, near) {
				e.Nearest = append(e.Nearest, near)
			}
		}
	}
	e.Message = strings.Join(messages, "; ")
	return e
}

// syntaxErrors finds all positioned faults in an error, in order.
func syntaxErrors(err error) []*syntax.Error {
	var one *syntax.Error
	var many interface{ Unwrap() []error }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var all []*syntax.Error
		for _, part := range many.Unwrap() {
			all = append(all, syntaxErrors(part)...)
		}
		if len(all) > 0 {
			return all
		}
	}
	if errors.As(err, &one) {
		return []*syntax.Error{one}
	}
	return nil
}

// testsPersonal tells whether the place of a fault lies in a condition on a
// personal field whose name is itself right.
func (c *call) testsPersonal(n syntax.Node, place syntax.Span) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		at := n.Pos()
		if _, isFormula := n.(syntax.Formula); !isFormula || place.From < at.From || place.To > at.To {
			return true
		}
		switch n.(type) {
		case *syntax.And, *syntax.Or, *syntax.Not:
			return true
		}
		if c.mentionsPersonal(n) {
			found = true
		}
		return true
	})
	return found
}

// mentionsPersonal tells whether a personal field is named under n, as a trait
// or as a property of the event around it.
func (c *call) mentionsPersonal(n syntax.Node) bool { return c.personalIn(n) != "" }

// personalIn gives the first personal field named under n, or "".
func (c *call) personalIn(n syntax.Node) string {
	found := ""
	see := func(ref segment.FieldRef) {
		if found == "" && c.isField(ref) && c.box.personal.is(c.schema, ref) {
			found = ref.String()
		}
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			see(segment.FieldRef{Name: n.Name})
			for _, e := range c.schema.Events {
				see(segment.FieldRef{Event: e.Name, Name: n.Name})
			}
		case *syntax.Call:
			see(segment.FieldRef{Event: n.Event, Name: n.Property})
		}
		return true
	})
	return found
}

func (c *call) isField(ref segment.FieldRef) bool {
	if ref.Event == "" {
		_, ok := c.schema.Trait(ref.Name)
		return ok
	}
	e, ok := c.schema.Event(ref.Event)
	if ok {
		_, ok = e.Prop(ref.Name)
	}
	return ok
}

// ErrPersonal is beneath the fault of a call that would show personal values.
var ErrPersonal = errors.New("personal data")

// refusePersonal is the fault of asking to see a personal field's values.
func (c *call) refusePersonal(argument, field string) error {
	f := c.fault(argument, "%s is personal data: it is shown only when a person asks for it (tesela segment members … --with %s), never through a tool call", field, field)
	f.Err = ErrPersonal
	return f
}

// noteSet passes on what the core says of a set.
func (c *call) noteSet(notes []segment.Note) {
	for _, n := range notes {
		c.noteCore(n.Code, n.Args, n.Text)
	}
}

// noteCore words a note of the core or of an analysis in the caller's
// language; its own English text where no phrase is kept for the code.
func (c *call) noteCore(code string, args map[string]any, text string) {
	p := params{}
	for k, v := range args {
		switch v := v.(type) {
		case int64:
			p[k] = int(v)
		case int32:
			p[k] = int(v)
		default:
			p[k] = v
		}
	}
	key := "core_" + code
	if _, ok := c.box.phrases.Phrases[key]; !ok && text != "" {
		c.noteText(text)
		return
	}
	c.note(key, p)
}
