package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// builder checks a query and makes its plan.
type builder struct {
	ctx    context.Context
	src    segment.Source
	schema *segment.Schema
	at     time.Time
	opts   []segment.Option
	query  Query

	span   segment.Span // the query's window
	text   string       // of the measure at hand
	words  []string     // business words on the way to it
	slots  []*slot
	slotOf map[string]int
	notes  []Note
	// insideEvents are the events that customers(…) and per_customer(…) of
	// the measures speak of.
	insideEvents map[string]bool
}

// A table stays a table.
const (
	maxMeasures = 100
	maxGroupBy  = 8
)

func (b *builder) note(n Note) { b.notes = addNote(b.notes, n) }

func (b *builder) build() (*Plan, error) {
	q := b.query
	b.insideEvents = map[string]bool{}
	p := &Plan{query: q, src: b.src, schema: b.schema, at: b.at, opts: b.opts, per: q.Per}
	switch {
	case len(q.Measures) == 0:
		return nil, &Error{Field: "measures", Message: "no measure is given; name one, such as " + strings.Join(names[:4], ", ")}
	case len(q.Measures) > maxMeasures:
		return nil, &Error{Field: "measures", Message: fmt.Sprintf("%d measures are too many; at most %d go in one table", len(q.Measures), maxMeasures)}
	case q.Per != "" && !slices.Contains(pers, q.Per):
		return nil, &Error{Field: "per", Message: quoted(q.Per) + " is no period; there are " + strings.Join(pers, ", "), Nearest: nearestPer(q.Per)}
	case q.Top < 0:
		return nil, &Error{Field: "top", Message: "top is a number of groups, 1 or more"}
	}
	var err error
	if b.span, err = segment.Resolve(q.Window, b.at, b.schema.Zone); err != nil {
		return nil, &Error{Field: "window", Err: err}
	}
	p.span = b.span
	base := q.Base
	if base == nil {
		base = &syntax.Everyone{}
	}
	if p.base, err = segment.Compile(b.ctx, base, b.src, b.at, b.opts...); err != nil {
		return nil, &Error{Field: "formula", Err: err}
	}
	for _, text := range q.Measures {
		m, err := b.measure(text)
		if err != nil {
			return nil, err
		}
		p.measures = append(p.measures, m)
	}
	if err := b.groups(p); err != nil {
		return nil, err
	}
	if err := b.applyWhere(p); err != nil {
		return nil, err
	}
	if err := b.filters(p); err != nil {
		return nil, err
	}
	if err := b.periods(p); err != nil {
		return nil, err
	}
	b.noteWindow(p)
	p.slots, p.notes = b.slots, b.notes
	return p, nil
}

// filters compiles the filter of every slot over rows.
func (b *builder) filters(p *Plan) error {
	known := map[string]*segment.Filter{}
	for _, s := range b.slots {
		if !s.overRows() || s.where == nil {
			continue
		}
		k := s.event + "\x00" + s.where.String()
		if known[k] == nil {
			e, _ := b.schema.Event(s.event)
			f, err := segment.CompileFilterAt(b.ctx, s.where, e, b.src, b.at)
			if err != nil {
				return &Error{Field: "where", Err: err}
			}
			known[k] = f
		}
		s.filter = known[k]
	}
	return nil
}

// periods checks what goes by period and notes what does not.
func (b *builder) periods(p *Plan) error {
	if p.per == "" {
		return nil
	}
	for _, s := range b.slots {
		switch {
		case s.overRows():
		case p.rowEvent != "":
			b.note(newNote(NoteCustomersWithRows, "event", p.rowEvent, "field", p.per))
		case s.fn == fnCustomers, !s.moves:
			b.note(newNote(NoteConstant, "measure", s.name))
		case folded(p.per):
			return &Error{Field: "per", Message: quoted(s.name) + " has no figure per " + p.per + ": it looks at each customer's whole window, and a " + p.per + " is none; take doers(e) or a measure of rows such as count(e)"}
		}
	}
	if n := periodsIn(p.per, b.calendarSpan()); n > maxPeriods {
		return &Error{Field: "per", Message: fmt.Sprintf("the window has over %d periods of a %s; take longer periods or a shorter window", maxPeriods, p.per)}
	}
	return nil
}

// noteWindow notes a window that no row can lie in, with the codes that
// formulas use.
func (b *builder) noteWindow(p *Plan) {
	w := b.query.Window
	if w == nil {
		return
	}
	n := Note{Span: w.Span, Args: map[string]any{"window": w.String()}}
	if b.span.Empty() {
		n.Code, n.Text = "window_empty", w.String()+" ends before it begins: nothing is in it"
		if b.span.To == microsOf(b.at) {
			n.Code, n.Text = "window_ahead", w.String()+" lies wholly after the data's end: nothing is in it"
		}
		b.note(n)
		return
	}
	var first *segment.Event
	for _, e := range b.eventsMeasured(p) {
		if e.Rows > 0 && (first == nil || e.First.Before(first.First)) {
			first = &e
		}
	}
	if first != nil && b.span.To <= first.First.UnixMicro() {
		day := first.First.In(b.schema.Zone).Format(time.DateOnly)
		n.Code, n.Text = "window_before_data", w.String()+" ends before the first "+first.Name+", of "+day
		n.Args["event"], n.Args["first"] = first.Name, first.First
		b.note(n)
	}
}

// calendarSpan is the time that the slots' own bounds cover, as far as it is
// known before data is loaded.
func (b *builder) calendarSpan() segment.Span {
	var all segment.Span
	for _, s := range b.slots {
		if s.overRows() && s.bounded && s.span.From > minTime && !s.span.Empty() {
			all = unite(all, s.span)
		}
	}
	return all
}

// minTime is the earliest beginning a calendar can have, the year 1.
const minTime = -62_135_596_800_000_000

func unite(a, b segment.Span) segment.Span {
	if a.Empty() {
		return b
	}
	if b.Empty() {
		return a
	}
	return segment.Span{From: min(a.From, b.From), To: max(a.To, b.To)}
}

// need lists the columns of the plan.
func (p *Plan) need() segment.Need {
	traits := map[string]bool{}
	events := map[string]map[string]bool{}
	add := func(event, prop string) {
		if events[event] == nil {
			events[event] = map[string]bool{}
		}
		if prop != "" {
			events[event][prop] = true
		}
	}
	for _, s := range p.slots {
		if !s.overRows() {
			continue
		}
		add(s.event, s.prop)
		if s.filter != nil {
			for _, f := range s.filter.Props() {
				add(s.event, f)
			}
		}
	}
	if p.rowEvent != "" {
		add(p.rowEvent, "")
		if f := p.rowFilter; f != nil {
			for _, prop := range f.Props() {
				add(p.rowEvent, prop)
			}
		}
	}
	for _, d := range p.dims {
		switch {
		case d.trait != "":
			traits[d.trait] = true
		case d.prop != "":
			for event := range events {
				if e, _ := p.schema.Event(event); p.hasDim(e, d) {
					add(event, d.prop)
				}
			}
		}
	}
	n := segment.Need{Events: map[string][]string{}}
	for t := range traits {
		n.Traits = append(n.Traits, t)
	}
	slices.Sort(n.Traits)
	for e, props := range events {
		list := make([]string, 0, len(props))
		for prop := range props {
			list = append(list, prop)
		}
		slices.Sort(list)
		n.Events[e] = list
	}
	return n
}

// hasDim tells whether an event's rows carry the property of a grouping: the
// grouping's own event, or one with a property of the same name and kind.
func (p *Plan) hasDim(e segment.Event, d dim) bool {
	f, ok := e.Prop(d.prop)
	return ok && f.Kind == d.kind
}

// isFault tells a fault of names or values from one of the source.
func isFault(err error) bool {
	var se *syntax.Error
	return errors.As(err, &se)
}
