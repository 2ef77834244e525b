package feature

import (
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Options say what is built; the zero value is all layers over the last year.
type Options struct {
	// Window is what behaviour is counted over; nil is the last year.
	Window *syntax.Window
	// Always counts over all time; Window is then not used.
	Always bool
	// Layers are those wanted, of Layers(); none is all.
	Layers []string
	// Most is how many features a layer has at most, the more telling ones
	// first; 0 is 20.
	Most int
	// Words are the words of text fields, most used first, by the field as
	// formulas write it (order.category). Without a field's words there are no
	// shares by them; From fills them in.
	Words map[string][]string
	// Except tells fields that are not to be used, such as personal ones;
	// nil excepts none. The fields in the roles name, email and phone never
	// are, and of the one in the role birthday only the age is.
	Except func(segment.FieldRef) bool
}

// Bounds on what is made of one field, so that no field fills a layer.
const (
	defaultMost   = 20
	mostTraits    = 30 // different words of a text trait
	mostPlaces    = 60 // … of a country or city
	mostCategory  = 12 // words of the category that get a share each
	mostWords     = 6  // … of another field
	mostChannels  = 5  // … of a field of the channel layer
	mostTelling   = 60 // different words of a property that shares are made of
	mostTags      = 10
	shareOfLabels = 2 // a text trait has at least this many customers per word
)

// Build lists the features of a catalogue, layer by layer, the more telling
// ones first. It needs no data; see From for shares by word.
func Build(s *segment.Schema, o Options) []Feature {
	b := newBuilder(s, o)
	var all []Feature
	for _, l := range []struct {
		name string
		make func()
	}{
		{Behaviour, b.behaviour},
		{Value, b.value},
		{Product, b.product},
		{Engagement, b.engagement},
		{Channel, b.channel},
		{Demography, b.demography},
	} {
		b.layer, b.made = l.name, nil
		if len(o.Layers) > 0 && !slices.Contains(o.Layers, l.name) {
			continue
		}
		l.make()
		all = append(all, b.made[:min(len(b.made), b.most)]...)
	}
	return all
}

// builder makes the features of a layer.
type builder struct {
	schema *segment.Schema
	o      Options
	window *syntax.Window
	most   int
	layer  string
	made   []Feature
	seen   map[string]bool

	main   string // the event that behaviour is told by: purchases, else visits, else the commonest
	hints  *hints
	except map[string]bool
}

func newBuilder(s *segment.Schema, o Options) *builder {
	b := &builder{schema: s, o: o, most: o.Most, window: o.Window, seen: map[string]bool{}, hints: readHints(), except: map[string]bool{}}
	if b.most <= 0 {
		b.most = defaultMost
	}
	switch {
	case o.Always:
		b.window = nil
	case b.window == nil:
		b.window = &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 1, Unit: syntax.Year}}
	}
	for _, role := range []string{"name", "email", "phone"} {
		if target := s.Roles[role]; target != "" {
			b.except[target] = true
		}
	}
	b.main = b.event("purchase")
	if b.main == "" {
		b.main = b.event("visit")
	}
	if b.main == "" {
		rows := 0
		for _, e := range s.Events {
			if e.Rows > rows {
				b.main, rows = e.Name, e.Rows
			}
		}
	}
	return b
}

// event is the event in a role that has rows; "" for none.
func (b *builder) event(role string) string {
	if e, ok := b.schema.Event(b.schema.Roles[role]); ok && e.Rows > 0 {
		return e.Name
	}
	return ""
}

// prop is the property in a role, with its event.
func (b *builder) prop(role string) (event, prop string, kind column.Kind) {
	e, p, ok := b.schema.Property(b.schema.Roles[role])
	if !ok || e.Rows == 0 || p.Set == 0 {
		return "", "", 0
	}
	return e.Name, p.Name, p.Kind
}

// usable tells whether a field may be told of at all.
func (b *builder) usable(ref segment.FieldRef) bool {
	return !b.except[ref.String()] && !b.hints.id(ref.Name) && (b.o.Except == nil || !b.o.Except(ref))
}

// roleOf is the role that an event plays, "" for none.
func (b *builder) roleOf(event string) string {
	for _, role := range eventRoles {
		if b.schema.Roles[role] == event {
			return role
		}
	}
	return ""
}

var eventRoles = []string{"purchase", "refund", "visit", "cart", "send", "open", "click", "unsubscribe", "survey"}

// add takes a feature, once.
func (b *builder) add(f Feature) {
	f.Layer = b.layer
	if f.Kind == 0 {
		f.Kind = Number
	}
	if key := f.Key(); !b.seen[key] {
		b.seen[key] = true
		b.made = append(b.made, f)
	}
}

func (b *builder) number(v syntax.Value, unit Unit, says Says) {
	b.add(Feature{Value: v, Unit: unit, Says: says})
}

// call is a behaviour function over the window.
func (b *builder) call(fn syntax.Fn, event, prop string, where syntax.Formula) *syntax.Call {
	return &syntax.Call{Fn: fn, Event: event, Property: prop, Where: where, Window: b.window}
}

func (b *builder) count(event string) *syntax.Call { return b.call(syntax.Count, event, "", nil) }

func ratio(a, b syntax.Value) syntax.Value { return &syntax.Arith{Op: '/', Left: a, Right: b} }

// says are the parts of a feature over the window.
func (b *builder) says(form Form, event, prop, word string) Says {
	return Says{Form: form, Event: event, Prop: prop, Word: word, Window: b.window}
}

// share is the part of an event's occurrences that a filter is true of.
func (b *builder) share(form Form, event string, where syntax.Formula, prop, word string) {
	b.number(ratio(b.call(syntax.Count, event, "", where), b.count(event)), Share, b.says(form, event, prop, word))
}

func name(n string) *syntax.Name { return &syntax.Name{Name: n} }

func is(prop, word string) syntax.Formula {
	return &syntax.Compare{Left: name(prop), Op: syntax.Eq, Right: &syntax.Text{Value: word}}
}

func yes(prop string) syntax.Formula {
	return &syntax.Compare{Left: name(prop), Op: syntax.Eq, Right: &syntax.Bool{Value: true}}
}

func (b *builder) recency(event string) {
	v := &syntax.Call{Fn: syntax.DaysSince, Event: event}
	b.number(v, Days, Says{Form: Recency, Event: event})
}

// words shares an event out by the words of a property, the most used first.
func (b *builder) words(e segment.Event, p segment.Field, most int) {
	ref := segment.FieldRef{Event: e.Name, Name: p.Name}
	if p.Kind != column.Text || !b.usable(ref) {
		return
	}
	words := b.o.Words[ref.String()]
	if len(words) < 2 || len(words) > mostTelling {
		return
	}
	for i, w := range words {
		if i == most || len(words) == 2 && i == 1 { // of two words the second says what the first does
			return
		}
		b.share(ShareWord, e.Name, is(p.Name, w), p.Name, w)
	}
}

// plays tells whether a property is what a role maps onto, or is called so on
// another event (view.category where order.category is the category).
func (b *builder) plays(role, prop string) bool {
	target := b.schema.Roles[role]
	return target != "" && (strings.HasSuffix(target, "."+prop) || strings.HasSuffix(target, "."+syntax.Quote(prop)))
}
