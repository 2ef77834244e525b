package measure

import (
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// applyWhere joins the query's filter to the slots' own, on every event that
// has all the properties it names.
func (b *builder) applyWhere(p *Plan) error {
	for _, s := range b.slots {
		s.where = s.own
	}
	if b.query.Where == nil {
		return nil
	}
	props := propsOf(b.query.Where)
	events := b.eventsMeasured(p)
	if len(events) == 0 {
		return &Error{Field: "where", Message: "a filter is over rows of events, and these measures have none; narrow the customers with a formula instead"}
	}
	filters, err := b.whereByEvent(props, events)
	if err != nil {
		return err
	}
	for _, s := range b.slots {
		f, ok := filters[s.event]
		switch {
		case !s.overRows():
		case ok:
			s.where = both(s.own, f)
		case s.refund:
			s.skip = true
			b.note(newNote(NoteRefundsLeftOut, "event", s.event, "where", b.query.Where.String()))
		default:
			b.note(newNote(NoteWhereSkipped, "event", s.event, "where", b.query.Where.String()))
		}
	}
	p.rowWhere = filters[p.rowEvent]
	p.inside = filters
	if p.rowWhere != nil {
		e, _ := b.schema.Event(p.rowEvent)
		if p.rowFilter, err = segment.CompileFilterAt(b.ctx, p.rowWhere, e, b.src, b.at); err != nil {
			return &Error{Field: "where", Err: err}
		}
	}
	return nil
}

// eventsMeasured are the events the measures take rows of, in the order of the
// catalogue.
func (b *builder) eventsMeasured(p *Plan) []segment.Event {
	var events []segment.Event
	for _, e := range b.schema.Events {
		used := b.insideEvents[e.Name] || e.Name == p.rowEvent
		for _, s := range b.slots {
			used = used || s.overRows() && s.event == e.Name
		}
		if used {
			events = append(events, e)
		}
	}
	return events
}

// whereByEvent gives the filter as each event takes it. A value that one
// measured event has and another lacks is no error: none of the other's rows
// equal it.
func (b *builder) whereByEvent(props []string, events []segment.Event) (map[string]syntax.Formula, error) {
	filters := map[string]syntax.Formula{}
	var faults []error
	var later []segment.Event
	apt := 0
	for _, e := range events {
		if !hasAll(e, props) {
			continue
		}
		apt++
		if _, err := segment.CompileFilterAt(b.ctx, b.query.Where, e, b.src, b.at); err != nil {
			if !isFault(err) {
				return nil, &Error{Field: "where", Err: err}
			}
			faults = append(faults, err)
			later = append(later, e)
			continue
		}
		filters[e.Name] = b.query.Where
	}
	if apt == 0 {
		return nil, b.noProperty(props, events)
	}
	if len(filters) == 0 {
		return nil, &Error{Field: "where", Err: faults[0]}
	}
	for i, e := range later {
		f, err := b.adapt(b.query.Where, e)
		if err != nil {
			return nil, err
		}
		if _, err := segment.CompileFilterAt(b.ctx, f, e, b.src, b.at); err != nil {
			return nil, &Error{Field: "where", Err: faults[i]}
		}
		filters[e.Name] = f
	}
	return filters, nil
}

func hasAll(e segment.Event, props []string) bool {
	for _, p := range props {
		if _, ok := e.Prop(p); !ok && !segment.IsTimePart(p) {
			return false
		}
	}
	return true
}

// noProperty says which property of the filter no measured event has.
func (b *builder) noProperty(props []string, events []segment.Event) error {
	var known, who []string
	for _, e := range events {
		who = append(who, syntax.Quote(e.Name))
		for _, f := range e.Props {
			if !slices.Contains(known, f.Name) {
				known = append(known, f.Name)
			}
		}
	}
	for _, p := range props {
		if slices.Contains(known, p) {
			continue
		}
		hint := ""
		if _, ok := b.schema.Trait(p); ok {
			hint = "; it is a trait of customers: narrow the customers with a formula instead"
		}
		return &Error{
			Field: "where", Message: "no measured event (" + strings.Join(who, ", ") + ") has a property " + syntax.Quote(p) + hint,
			Nearest: syntax.NearestNames(p, known, 3),
		}
	}
	return &Error{Field: "where", Message: "no measured event (" + strings.Join(who, ", ") + ") has all the properties of the filter: " + strings.Join(props, ", ")}
}

// propsOf are the properties a filter names, each once, in the text's order.
func propsOf(f syntax.Formula) []string {
	var props []string
	syntax.Walk(f, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.Name); ok && !slices.Contains(props, p.Name) {
			props = append(props, p.Name)
		}
		return true
	})
	return props
}

// both joins two filters with and.
func both(a, b syntax.Formula) syntax.Formula {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	var all []syntax.Formula
	for _, f := range []syntax.Formula{a, b} {
		if and, ok := f.(*syntax.And); ok {
			all = append(all, and.Factors...)
		} else {
			all = append(all, f)
		}
	}
	return &syntax.And{Factors: all}
}

// adapt writes a filter for an event whose data lacks some of its texts: what
// equals one of them is nothing, what differs from it is all that is set.
func (b *builder) adapt(f syntax.Formula, e segment.Event) (syntax.Formula, error) {
	switch f := f.(type) {
	case *syntax.And:
		all, err := b.adaptAll(f.Factors, e)
		return &syntax.And{Factors: all}, err
	case *syntax.Or:
		all, err := b.adaptAll(f.Terms, e)
		return &syntax.Or{Terms: all}, err
	case *syntax.Not:
		x, err := b.adapt(f.X, e)
		return &syntax.Not{X: x}, err
	case *syntax.Compare:
		for _, side := range [][2]syntax.Value{{f.Left, f.Right}, {f.Right, f.Left}} {
			name, ok1 := side[0].(*syntax.Name)
			text, ok2 := side[1].(*syntax.Text)
			if !ok1 || !ok2 || f.Op != syntax.Eq && f.Op != syntax.Ne {
				continue
			}
			has, err := b.hasText(e, name.Name, text.Value)
			if err != nil {
				return nil, err
			}
			if !has {
				return setOr(name, f.Op == syntax.Ne), nil
			}
		}
	case *syntax.In:
		name, ok := f.Value.(*syntax.Name)
		if !ok {
			return f, nil
		}
		var kept []syntax.Literal
		for _, l := range f.List {
			if text, ok := l.(*syntax.Text); ok {
				has, err := b.hasText(e, name.Name, text.Value)
				if err != nil {
					return nil, err
				}
				if !has {
					continue
				}
			}
			kept = append(kept, l)
		}
		if len(kept) == 0 {
			return setOr(name, f.Not), nil
		}
		return &syntax.In{Value: f.Value, Not: f.Not, List: kept}, nil
	}
	return f, nil
}

func (b *builder) adaptAll(fs []syntax.Formula, e segment.Event) ([]syntax.Formula, error) {
	all := make([]syntax.Formula, len(fs))
	for i, f := range fs {
		var err error
		if all[i], err = b.adapt(f, e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// setOr is `name is set`, or a filter that nothing passes.
func setOr(name *syntax.Name, set bool) syntax.Formula {
	is := &syntax.IsSet{Value: name}
	if set {
		return is
	}
	return &syntax.And{Factors: []syntax.Formula{is, &syntax.IsSet{Value: name, Not: true}}}
}

func (b *builder) hasText(e segment.Event, prop, text string) (bool, error) {
	f, _ := e.Prop(prop)
	if f.Kind != column.Text && f.Kind != column.Tags {
		return true, nil
	}
	d, err := b.src.Dict(b.ctx, segment.FieldRef{Event: e.Name, Name: prop})
	if err != nil {
		return false, err
	}
	_, ok := d.Code(text)
	return ok, nil
}
