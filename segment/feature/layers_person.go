package feature

import (
	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// engagement is how customers answer when written to, and what they do beside
// the main thing.
func (b *builder) engagement() {
	send, open, click := b.event("send"), b.event("open"), b.event("click")
	if v := b.event("visit"); v != "" && v != b.main {
		b.recency(v)
		b.number(b.count(v), Count, b.says(CountOf, v, "", ""))
		b.number(b.call(syntax.ActiveMonths, v, "", nil), Count, b.says(ActiveMonths, v, "", ""))
	}
	for _, of := range [][2]string{{open, send}, {click, open}} {
		if of[0] != "" && of[1] != "" {
			s := b.says(Per, of[0], "", "")
			s.Of = of[1]
			b.number(ratio(b.count(of[0]), b.count(of[1])), Plain, s)
		}
	}
	for _, e := range []string{open, click} {
		if e != "" {
			b.recency(e)
		}
	}
	for _, role := range []string{"send", "unsubscribe", "cart"} {
		if e := b.event(role); e != "" {
			b.number(b.count(e), Count, b.says(CountOf, e, "", ""))
		}
	}
	if e, p, k := b.prop("score"); k == column.Number {
		b.number(b.call(syntax.Avg, e, p, nil), Plain, b.says(Mean, e, p, ""))
		b.number(&syntax.Call{Fn: syntax.Latest, Event: e, Property: p}, Plain, Says{Form: Latest, Event: e, Prop: p})
	}
	for _, e := range b.inOrder() {
		if e.Name == b.main || b.roleOf(e.Name) != "" || b.machinery(e) {
			continue
		}
		b.number(b.count(e.Name), Count, b.says(CountOf, e.Name, "", ""))
		b.recency(e.Name)
		b.flags(e)
		for _, p := range e.Props {
			if p.Kind == column.Number && p.Set > 0 && b.usable(segment.FieldRef{Event: e.Name, Name: p.Name}) {
				b.number(b.call(syntax.Avg, e.Name, p.Name, nil), Plain, b.says(Mean, e.Name, p.Name, ""))
			}
		}
	}
}

// machinery tells events that campaigns write of themselves (who was to get
// what) from what customers do.
func (b *builder) machinery(e segment.Event) bool {
	_, campaign, ok := b.schema.Property(b.schema.Roles["campaign"])
	if !ok {
		return false
	}
	_, has := e.Prop(campaign.Name)
	return has
}

// channel is how customers come and may be reached.
func (b *builder) channel() {
	for _, role := range []string{"channel", "consent"} {
		if f, ok := b.schema.Trait(b.schema.Roles[role]); ok {
			b.trait(f, mostTraits)
		}
	}
	for _, f := range b.schema.Traits {
		if b.reaches(f) {
			b.trait(f, mostTraits)
		}
	}
	told := map[string]bool{}
	for _, e := range b.inOrder() {
		if role := b.roleOf(e.Name); b.machinery(e) || role != "" && role != "purchase" && role != "visit" {
			continue
		}
		for _, p := range e.Props {
			if !b.hints.channel(p.Name) || told[p.Name] || b.plays("product", p.Name) || b.plays("category", p.Name) {
				continue
			}
			n := len(b.made)
			b.words(e, p, mostChannels)
			told[p.Name] = len(b.made) > n
		}
	}
}

// reaches tells traits of the channel layer.
func (b *builder) reaches(f segment.Field) bool {
	switch {
	case f.Name == b.schema.Roles["channel"], f.Name == b.schema.Roles["consent"]:
		return true
	case f.Kind != column.Bool && f.Kind != column.Text:
		return false
	}
	return b.hints.consent(f.Name) || b.hints.channel(f.Name)
}

// demography is who customers are.
func (b *builder) demography() {
	s := b.schema
	for _, role := range []string{"country", "city"} {
		if f, ok := s.Trait(s.Roles[role]); ok {
			b.trait(f, mostPlaces)
		}
	}
	if f, ok := s.Trait(s.Roles["birthday"]); ok && f.Set > 0 && (f.Kind == column.Date || f.Kind == column.Time) {
		b.add(Feature{Value: name(f.Name), Unit: Years, Says: Says{Form: Age, Prop: f.Name}, span: true})
		b.except[f.Name] = true
	}
	if f, ok := s.Trait(s.Roles["signup"]); ok {
		b.trait(f, mostTraits)
	}
	for _, f := range s.Traits {
		if !b.reaches(f) {
			b.trait(f, mostTraits)
		}
	}
	for _, f := range s.Traits {
		ref := segment.FieldRef{Name: f.Name}
		if f.Kind != column.Tags || !b.usable(ref) {
			continue
		}
		for i, w := range b.o.Words[ref.String()] {
			if i == mostTags {
				break
			}
			has := &syntax.Match{Value: name(f.Name), Op: syntax.Contains, Text: w}
			b.add(Feature{Value: name(f.Name), If: has, Kind: Category, Says: Says{Form: Tag, Prop: f.Name, Word: w}})
		}
	}
}

// trait is a trait as it is, where it has few enough words.
func (b *builder) trait(f segment.Field, most int) {
	if f.Set == 0 || !b.usable(segment.FieldRef{Name: f.Name}) {
		return
	}
	t := Feature{Value: name(f.Name), Says: Says{Form: Trait, Prop: f.Name}}
	switch f.Kind {
	case column.Text:
		if n := b.different(f); n < 2 || n > most || n*shareOfLabels > f.Set {
			return
		}
		t.Kind, t.text = Category, true
	case column.Bool:
		t.Kind = Category
	case column.Money:
		t.Unit = Money
	case column.Time, column.Date:
		t.Unit, t.Says.Form, t.span = Days, Since, true
	case column.Tags:
		return
	}
	b.add(t)
}

// different is how many words a text trait has; 0 where that is not known.
func (b *builder) different(f segment.Field) int {
	if words, ok := b.o.Words[segment.FieldRef{Name: f.Name}.String()]; ok {
		return len(words)
	}
	return f.Distinct
}
