package measure

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// dim is one thing to group by: a trait, a property of rows, or a value per
// customer of the formula language.
type dim struct {
	name  string // as the column is called
	trait string
	prop  string // of the plan's rowEvent
	value *segment.ValuePlan
	kind  column.Kind
}

// groups checks what to group by.
func (b *builder) groups(p *Plan) error {
	if len(b.query.GroupBy) > maxGroupBy {
		return &Error{Field: "group_by", Message: fmt.Sprintf("%d groupings are too many; at most %d cross", len(b.query.GroupBy), maxGroupBy)}
	}
	for _, text := range b.query.GroupBy {
		text = strings.TrimSpace(text)
		d, event, err := b.dim(text)
		if err != nil {
			return err
		}
		if event != "" && p.rowEvent != "" && event != p.rowEvent {
			return &Error{Field: "group_by", Message: fmt.Sprintf("rows of %s and of %s cannot be crossed; group by properties of one event",
				syntax.Quote(p.rowEvent), syntax.Quote(event))}
		}
		if slices.ContainsFunc(p.dims, func(o dim) bool { return o.name == d.name }) {
			return &Error{Field: "group_by", Message: quoted(d.name) + " is there twice"}
		}
		if event != "" {
			p.rowEvent = event
		}
		p.dims = append(p.dims, d)
	}
	b.noteDims(p)
	return nil
}

func (b *builder) dim(text string) (dim, string, error) {
	bare := strings.Trim(text, "`")
	for _, name := range []string{text, bare} {
		if f, ok := b.schema.Trait(name); ok {
			return dim{name: f.Name, trait: f.Name, kind: f.Kind}, "", nil
		}
	}
	if e, f, ok := propOf(b.schema, text); ok {
		return dim{name: e.Name + "." + f.Name, prop: f.Name, kind: f.Kind}, e.Name, nil
	}
	if v, err := syntax.ParseValue(text); err == nil && text != "" {
		plan, err := segment.CompileValue(b.ctx, v, b.src, b.at, b.opts...)
		if err == nil {
			return dim{name: v.String(), value: plan, kind: plan.Kind()}, "", nil
		}
		var role *segment.RoleError
		if errors.As(err, &role) {
			return dim{}, "", &Error{Field: "group_by", Message: quoted(text), Role: role.Role, Err: err}
		}
		if !unknownName(v) || !isFault(err) {
			return dim{}, "", &Error{Field: "group_by", Message: quoted(text), Err: err}
		}
	}
	return dim{}, "", b.noGroup(bare)
}

// unknownName tells a bare name that no layer has.
func unknownName(v syntax.Value) bool {
	n, ok := v.(*syntax.Name)
	return ok && n.Params == nil && segment.Analyses()[n.Name] == nil
}

// noGroup names what one could have meant: properties of that very name
// first.
func (b *builder) noGroup(text string) error {
	var known, same []string
	for _, t := range b.schema.Traits {
		known = append(known, t.Name)
	}
	for _, l := range segment.Analyses().Describe(b.schema) {
		known = append(known, l.Name)
	}
	last := text[strings.LastIndexByte(text, '.')+1:]
	for _, e := range b.schema.Events {
		for _, p := range e.Props {
			full := e.Name + "." + p.Name
			known = append(known, full)
			if p.Name == last {
				same = append(same, full)
			}
		}
	}
	for _, n := range syntax.NearestNames(text, known, 5) {
		if !slices.Contains(same, n) {
			same = append(same, n)
		}
	}
	return &Error{Field: "group_by", Message: "no trait, event property or layer is called " + quoted(text) +
		"; write a trait such as country, event.property, or a layer such as lifecycle", Nearest: same[:min(5, len(same))]}
}

// noteDims says how rows and customers fall into groups.
func (b *builder) noteDims(p *Plan) {
	if p.rowEvent == "" {
		return
	}
	own, _ := b.schema.Event(p.rowEvent)
	for _, d := range p.dims {
		if d.prop == "" {
			continue
		}
		for _, s := range b.slots {
			if !s.overRows() {
				b.note(newNote(NoteCustomersWithRows, "event", p.rowEvent, "field", d.name))
				continue
			}
			e, _ := b.schema.Event(s.event)
			switch {
			case s.event == p.rowEvent:
			case p.hasDim(e, d):
				b.note(newNote(NoteSameProperty, "event", s.event, "field", d.prop))
			default:
				b.note(newNote(NoteNoProperty, "event", s.event, "field", d.prop))
			}
			if e.Tied && p.hasDim(e, d) && (s.fn == fnEvents || s.fn == fnRepeaters) {
				b.note(newNote(NoteCountsInEach, "event", s.event, "field", d.name))
			}
		}
		if !own.Tied && d.kind == column.Tags {
			b.note(newNote(NoteCountsInEach, "event", p.rowEvent, "field", d.name))
		}
	}
}

// labels are the values of a grouping by code; code 0 is unset.
type labels struct {
	kind   column.Kind
	digits int
	zone   func(int64) string
	words  []string // text and tags; shared, not to be changed
	dict   *column.Dict
	extra  map[string]uint32 // words of further events
	ints   []int64
	floats []float64
	intOf  map[int64]uint32
	fltOf  map[float64]uint32
	values *segment.Values // a value per customer: code is rank in reps
	reps   []int
}

// size is the number of codes, unset included.
func (l *labels) size() int {
	switch {
	case l.values != nil:
		return len(l.reps) + 1
	case l.kind == column.Text || l.kind == column.Tags:
		return l.dict.Len() + 1 + len(l.words)
	case l.kind == column.Number:
		return len(l.floats) + 1
	}
	return len(l.ints) + 1
}

// cell shows a code.
func (l *labels) cell(code uint32) any {
	if code == 0 {
		return nil
	}
	switch {
	case l.values != nil:
		return l.values.Cell(l.reps[code-1])
	case l.kind == column.Text || l.kind == column.Tags:
		return l.word(code)
	case l.kind == column.Number:
		return render(floatValue(l.floats[code-1]), kindNumber, 0)
	}
	v := l.ints[code-1]
	switch l.kind {
	case column.Money:
		return segment.MoneyString(v, l.digits)
	case column.Bool:
		return v != 0
	case column.Date:
		return segment.Day(v).String()
	}
	return l.zone(v)
}

func (l *labels) word(code uint32) string {
	if n := uint32(l.dict.Len()); code > n {
		return l.words[code-n-1]
	}
	return l.dict.Word(code)
}

// compare orders codes by what they show: texts by bytes, the rest by value;
// unset comes last.
func (l *labels) compare(a, b uint32) int {
	if a == b {
		return 0
	}
	if a == 0 {
		return 1
	}
	if b == 0 {
		return -1
	}
	switch {
	case l.values != nil:
		return l.values.Compare(l.reps[a-1], l.reps[b-1])
	case l.kind == column.Text || l.kind == column.Tags:
		return strings.Compare(l.word(a), l.word(b))
	case l.kind == column.Number:
		return cmp.Compare(l.floats[a-1], l.floats[b-1])
	}
	return cmp.Compare(l.ints[a-1], l.ints[b-1])
}

// kindOf is the kind of a grouping's column.
func (l *labels) columnKind() string {
	switch l.kind {
	case column.Number:
		return kindNumber
	case column.Money:
		return kindMoney
	case column.Bool:
		return kindBool
	case column.Date:
		return kindDate
	case column.Time:
		return kindTime
	}
	return kindText
}

// compareCells orders finished cells of one kind.
func compareCells(a, b any) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok && x != y {
			if x {
				return 1
			}
			return -1
		}
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	}
	return 0
}
