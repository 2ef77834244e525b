package measure

import (
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// measure compiles the text of one measure.
func (b *builder) measure(text string) (measure, error) {
	text = strings.TrimSpace(text)
	b.text = text
	if w, ok := b.word(text); ok && !slices.Contains(names, text) {
		n, f, err := b.wordNode(w)
		return measure{text, n, f}, err
	}
	v, err := syntax.ParseMeasure(text)
	if err != nil {
		return measure{}, &Error{Field: "measures", Message: "measure " + quoted(text), Err: err}
	}
	n, f, err := b.node(v)
	if err != nil {
		return measure{}, err
	}
	if f.constant {
		return measure{}, b.fail(v.Pos(), "a measure needs a figure of the data, such as count(…), not just a number")
	}
	return measure{v.String(), n, f}, nil
}

func quoted(s string) string { return "“" + s + "”" }

// fail makes an error at a place of the measure's text.
func (b *builder) fail(at syntax.Span, message string, nearest ...string) error {
	return &Error{Field: "measures", Message: "measure " + quoted(b.text), Err: &syntax.Error{Span: at, Message: message, Nearest: nearest}}
}

func (b *builder) wrap(err error) error {
	return &Error{Field: "measures", Message: "measure " + quoted(b.text), Err: err}
}

func (b *builder) node(v syntax.Value) (node, figure, error) {
	switch v := v.(type) {
	case *syntax.Number:
		n, f := literal(v.Rat())
		return n, f, nil
	case *syntax.Arith:
		l, lf, err := b.node(v.Left)
		if err != nil {
			return nil, figure{}, err
		}
		r, rf, err := b.node(v.Right)
		if err != nil {
			return nil, figure{}, err
		}
		n, f, fault := b.arith(v.Op, l, lf, r, rf)
		if fault != "" {
			return nil, figure{}, b.fail(v.Span, fault)
		}
		return n, f, nil
	case *syntax.Call:
		return b.call(v)
	case *syntax.CustomersOf:
		if _, err := segment.Compile(b.ctx, v.Formula, b.src, b.at, b.opts...); err != nil {
			return nil, figure{}, b.wrap(err)
		}
		return b.customerSlot(&slot{fn: fnOf, formula: v.Formula, name: v.String(), at: v.Span},
			figure{kind: kindCount, unit: "customers", additive: true})
	case *syntax.PerCustomer:
		return b.perCustomer(v)
	case *syntax.Name:
		return b.name(v)
	}
	return nil, figure{}, b.fail(v.Pos(), "a measure is made of numbers: names of measures, functions of events, and arithmetic")
}

// call pools a behaviour function over the rows of all customers.
func (b *builder) call(c *syntax.Call) (node, figure, error) {
	checked, err := segment.CompileValue(b.ctx, c, b.src, b.at, b.opts...)
	if err != nil {
		return nil, figure{}, b.wrap(err)
	}
	for _, n := range checked.Warnings() {
		b.note(n)
	}
	span, err := segment.Resolve(c.Window, b.at, b.schema.Zone)
	if err != nil {
		return nil, figure{}, b.wrap(err)
	}
	s := slot{
		event: c.Event, prop: c.Property, own: c.Where, at: c.Span,
		span: intersect(span, b.span), bounded: c.Window != nil || b.query.Window != nil,
	}
	e, _ := b.schema.Event(c.Event)
	p, _ := e.Prop(c.Property)
	s.kind = p.Kind
	f := figure{kind: kindNumber}
	switch p.Kind {
	case column.Money:
		f = figure{kind: kindMoney, unit: b.schema.Currency}
	case column.Time:
		f.kind = kindTime
	case column.Date:
		f.kind = kindDate
	case column.Text:
		f.kind = kindText
	case column.Bool:
		f.kind = kindBool
	}
	use := func(fn slotFn) node {
		t := s
		t.fn = fn
		return b.slot(&t)
	}
	switch c.Fn {
	case syntax.Count:
		return use(fnEvents), figure{kind: kindCount, unit: c.Event, additive: true}, nil
	case syntax.Sum:
		f.additive = true
		return use(fnSum), f, nil
	case syntax.Avg:
		return arithNode{'/', use(fnSum), use(fnSet)}, f, nil
	case syntax.Distinct:
		return use(fnDistinct), figure{kind: kindCount, additive: true}, nil
	case syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		return use(slotFn(c.Fn)), figure{kind: kindCount, unit: strings.TrimPrefix(string(c.Fn), "active_")}, nil
	case syntax.Min, syntax.Max, syntax.Earliest, syntax.Latest:
		n := use(slotFn(c.Fn))
		switch f.kind {
		case kindTime:
			n = timeNode{n, b.schema.Zone}
		case kindDate:
			n = dateNode{n}
		}
		return n, f, nil
	case syntax.First, syntax.Last:
		return timeNode{use(slotFn(c.Fn)), b.schema.Zone}, figure{kind: kindTime}, nil
	case syntax.DaysSince:
		days, last := dayCount(b.schema.Zone, b.at)
		return sinceNode{use(fnLast), days, last}, figure{kind: kindNumber, unit: "days"}, nil
	}
	return nil, figure{}, b.fail(c.Span, "no function is called "+string(c.Fn))
}

// perCustomer is a statistic over the base's set values.
func (b *builder) perCustomer(v *syntax.PerCustomer) (node, figure, error) {
	plan, err := segment.CompileValue(b.ctx, v.Value, b.src, b.at, b.opts...)
	if err != nil {
		return nil, figure{}, b.wrap(err)
	}
	if !validStatistic(v.Statistic) {
		return nil, figure{}, b.fail(v.Span, "no statistic is called "+v.Statistic+"; there are "+strings.Join(statistics, ", "),
			syntax.NearestNames(v.Statistic, append([]string{"p10", "p90"}, statistics...), 3)...)
	}
	s := &slot{fn: fnPer, value: v.Value, stat: v.Statistic, kind: plan.Kind(), name: v.String(), at: v.Span}
	f := figure{kind: kindNumber, additive: v.Statistic == "sum"}
	switch s.kind {
	case column.Number:
	case column.Money:
		f.kind, f.unit = kindMoney, b.schema.Currency
	case column.Time, column.Date:
		f.kind = kindTime
		if s.kind == column.Date {
			f.kind = kindDate
		}
		if v.Statistic == "mean" || v.Statistic == "sum" {
			return nil, figure{}, b.fail(v.Span, "times have no "+v.Statistic+"; take median, min, max or p10…p99")
		}
	default:
		return nil, figure{}, b.fail(v.Value.Pos(), v.Value.String()+" is no number, so it has no statistic; count customers by it with customers and a grouping")
	}
	return b.customerSlot(s, f)
}

// customerSlot adds a slot over customers and finds out whether the query's
// window moves what is inside.
func (b *builder) customerSlot(s *slot, f figure) (node, figure, error) {
	var inside syntax.Node = s.formula
	if s.fn == fnPer {
		inside = s.value
	}
	syntax.Walk(inside, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			b.insideEvents[c.Event] = true
			if !slices.Contains(s.inside, c.Event) {
				s.inside = append(s.inside, c.Event)
			}
			s.moves = s.moves || c.Window == nil && takesWindow(c.Fn)
		}
		if q, ok := n.(*syntax.Sequence); ok {
			s.moves = s.moves || q.Window == nil
		}
		return true
	})
	if s.moves && b.query.Window != nil {
		b.note(newNote(NoteWindowInside, "measure", s.name))
	}
	return b.slot(s), f, nil
}

// takesWindow tells the functions that, inside customers(…) and
// per_customer(…), take the query's window. The others find a time and would
// find another one.
func takesWindow(f syntax.Fn) bool {
	switch f {
	case syntax.First, syntax.Last, syntax.Earliest, syntax.Latest, syntax.DaysSince:
		return false
	}
	return true
}

// slot adds a slot unless an equal one is there.
func (b *builder) slot(s *slot) node {
	k := s.key()
	if i, ok := b.slotOf[k]; ok {
		return slotNode(i)
	}
	b.slots = append(b.slots, s)
	b.slotOf[k] = len(b.slots) - 1
	return slotNode(len(b.slots) - 1)
}

// name resolves a name in a measure: a named measure, then a business word.
func (b *builder) name(n *syntax.Name) (node, figure, error) {
	if slices.Contains(names, n.Name) || n.Name == "events" || n.Name == "doers" || n.Name == "dated" {
		return b.named(n)
	}
	if w, ok := b.word(n.Name); ok && n.Params == nil {
		return b.wordNode(w)
	}
	if f, ok := b.schema.Trait(n.Name); ok {
		hint := "group by it"
		if f.Kind == column.Number || f.Kind == column.Money {
			hint += ", or write per_customer(" + syntax.Quote(f.Name) + ", mean)"
		}
		return nil, figure{}, b.fail(n.Span, n.String()+" is a trait, not a measure: "+hint)
	}
	if _, ok := b.schema.Event(n.Name); ok {
		return nil, figure{}, b.fail(n.Span, n.String()+" is an event, not a measure: write count("+n.String()+")")
	}
	known := Names()
	for _, w := range b.schema.Words {
		known = append(known, w.Word)
	}
	return nil, figure{}, b.fail(n.Span, "no measure is called "+n.String(), syntax.NearestNames(n.Name, known, 3)...)
}

// word finds a business word, also in another case.
func (b *builder) word(text string) (segment.Word, bool) {
	for _, w := range b.schema.Words {
		if w.Word == text {
			return w, true
		}
	}
	for _, w := range b.schema.Words {
		if strings.EqualFold(w.Word, text) {
			return w, true
		}
	}
	return segment.Word{}, false
}

// wordNode compiles what a business word stands for: a measure, or a formula,
// whose customers are counted.
func (b *builder) wordNode(w segment.Word) (node, figure, error) {
	if slices.Contains(b.words, w.Word) {
		return nil, figure{}, b.fail(syntax.Span{}, "the word "+quoted(w.Word)+" stands for itself: "+strings.Join(append(b.words, w.Word), " → "))
	}
	b.words = append(b.words, w.Word)
	defer func() { b.words = b.words[:len(b.words)-1] }()
	if other, ok := b.word(strings.TrimSpace(w.Text)); ok {
		return b.wordNode(other)
	}
	v, err := syntax.ParseMeasure(w.Text)
	if err != nil {
		f, ferr := syntax.Parse(w.Text)
		if ferr != nil {
			return nil, figure{}, b.wrap(err)
		}
		v = &syntax.CustomersOf{Formula: f}
	}
	n, f, err := b.node(v)
	if err == nil {
		b.note(newNote(NoteWord, "word", w.Word, "text", v.String()))
	}
	return n, f, err
}
