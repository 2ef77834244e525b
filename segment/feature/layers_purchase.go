package feature

import (
	"strconv"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// behaviour is when, how often and in what way customers do the main thing.
func (b *builder) behaviour() {
	e, ok := b.schema.Event(b.main)
	if !ok {
		return
	}
	b.recency(b.main)
	b.number(b.count(b.main), Count, b.says(CountOf, b.main, "", ""))
	b.number(b.call(syntax.ActiveMonths, b.main, "", nil), Count, b.says(ActiveMonths, b.main, "", ""))
	if p := b.event("purchase"); p != "" {
		for _, role := range []string{"visit", "cart"} {
			if v := b.event(role); v != "" {
				s := b.says(Per, v, "", "")
				s.Of = p
				b.number(ratio(b.count(v), b.count(p)), Plain, s)
			}
		}
		if r := b.event("refund"); r != "" {
			s := b.says(Per, r, "", "")
			s.Of = p
			b.number(ratio(b.count(r), b.count(p)), Plain, s)
		}
	}
	b.flags(e)
	b.share(ShareWeekend, b.main, &syntax.In{Value: name("weekday"), List: []syntax.Literal{whole(6), whole(7)}}, "", "")
	for _, h := range [][2]int{{6, 11}, {12, 17}, {18, 23}, {0, 5}} {
		where := &syntax.Between{Value: name("hour"), Low: whole(h[0]), High: whole(h[1])}
		b.share(ShareHours, b.main, where, "", strconv.Itoa(h[0])+"-"+strconv.Itoa(h[1]))
	}
	b.add(Feature{Value: &syntax.Call{Fn: syntax.First, Event: b.main}, Unit: Days, Says: Says{Form: SinceFirst, Event: b.main}, span: true})
	for m := 12; m < 24; m += 3 {
		months := []int{(m-1)%12 + 1, m%12 + 1, (m+1)%12 + 1}
		where := &syntax.In{Value: name("month"), List: []syntax.Literal{whole(months[0]), whole(months[1]), whole(months[2])}}
		b.share(ShareMonths, b.main, where, "", strconv.Itoa(months[0])+"-"+strconv.Itoa(months[2]))
	}
}

func whole(n int) *syntax.Number { return &syntax.Number{Text: strconv.Itoa(n)} }

// flags are the shares in which a bool property is true, or one that not all
// have (a discount) is set.
func (b *builder) flags(e segment.Event) {
	for _, p := range e.Props {
		ref := segment.FieldRef{Event: e.Name, Name: p.Name}
		switch {
		case !b.usable(ref):
		case p.Kind == column.Bool:
			b.share(ShareTrue, e.Name, yes(p.Name), p.Name, "")
		case (p.Kind == column.Money || p.Kind == column.Number) && p.Set > 0 && p.Set < e.Rows-e.Rows/20:
			b.share(ShareSet, e.Name, &syntax.IsSet{Value: name(p.Name)}, p.Name, "")
		}
	}
}

// value is what customers spend, and how.
func (b *builder) value() {
	event, amount, kind := b.prop("amount")
	money := Plain
	if kind == column.Money {
		money = Money
	}
	ok := event != "" && (kind == column.Money || kind == column.Number)
	if v, err := b.schema.Revenue(b.window); err == nil && ok {
		b.number(v, money, b.says(Revenue, event, amount, ""))
	}
	if ok {
		total := b.call(syntax.Sum, event, amount, nil)
		b.number(ratio(total, b.count(event)), money, b.says(Basket, event, amount, ""))
		if qe, quantity, qk := b.prop("quantity"); qe == event && qk == column.Number {
			b.number(ratio(b.call(syntax.Sum, event, quantity, nil), b.count(event)), Plain, b.says(Items, event, quantity, ""))
			s := b.says(UnitPrice, event, amount, "")
			s.Of = quantity
			b.number(ratio(total, b.call(syntax.Sum, event, quantity, nil)), money, s)
		}
		b.number(b.call(syntax.Max, event, amount, nil), money, b.says(Largest, event, amount, ""))
		recent := &syntax.Call{Fn: syntax.Sum, Event: event, Property: amount, Window: &syntax.Window{Duration: syntax.Duration{N: 90, Unit: syntax.Day}}}
		b.number(ratio(recent, total), Share, b.says(ShareRecent, event, amount, ""))
		b.rates(event, amount)
	}
	for _, e := range b.schema.Events {
		if e.Rows == 0 || e.Name == event || b.roleOf(e.Name) != "" || b.machinery(e) {
			continue
		}
		for _, p := range e.Props {
			if p.Kind == column.Money && p.Set > 0 && b.usable(segment.FieldRef{Event: e.Name, Name: p.Name}) {
				b.number(b.call(syntax.Sum, e.Name, p.Name, nil), Money, b.says(Sum, e.Name, p.Name, ""))
			}
		}
	}
}

// rates are other money of purchases, as parts of the amount, and the means of
// their numbers.
func (b *builder) rates(event, amount string) {
	e, _ := b.schema.Event(event)
	for _, p := range e.Props {
		if p.Name == amount || p.Set == 0 || !b.usable(segment.FieldRef{Event: event, Name: p.Name}) || b.plays("quantity", p.Name) {
			continue
		}
		switch {
		case p.Kind == column.Money && p.Set < e.Rows: // a part of some: a discount, a tip
			s := b.says(Rate, event, p.Name, "")
			s.Of = amount
			b.number(ratio(b.call(syntax.Sum, event, p.Name, nil), b.call(syntax.Sum, event, amount, nil)), Plain, s)
		case p.Kind == column.Money, p.Kind == column.Number:
			unit := Plain
			if p.Kind == column.Money {
				unit = Money
			}
			b.number(b.call(syntax.Avg, event, p.Name, nil), unit, b.says(Mean, event, p.Name, ""))
		}
	}
}

// product is what customers buy, and else use.
func (b *builder) product() {
	for _, role := range []string{"product", "category"} {
		if e, p, _ := b.prop(role); e != "" {
			b.number(b.call(syntax.Distinct, e, p, nil), Count, b.says(Distinct, e, p, ""))
		}
	}
	catEvent, cat, _ := b.prop("category")
	if e, ok := b.schema.Event(catEvent); ok {
		if p, ok := e.Prop(cat); ok {
			b.words(e, p, mostCategory)
		}
	}
	told := map[string]bool{}
	for _, e := range b.inOrder() {
		if b.machinery(e) || b.roleOf(e.Name) == "refund" || b.roleOf(e.Name) == "cart" {
			continue
		}
		for _, p := range e.Props {
			if b.plays("product", p.Name) || b.plays("category", p.Name) || b.hints.channel(p.Name) || told[p.Name] {
				continue
			}
			n := len(b.made)
			b.words(e, p, mostWords)
			told[p.Name] = len(b.made) > n
		}
	}
}

// inOrder are the events with rows, the main one first.
func (b *builder) inOrder() []segment.Event {
	var all []segment.Event
	if e, ok := b.schema.Event(b.main); ok {
		all = append(all, e)
	}
	for _, e := range b.schema.Events {
		if e.Rows > 0 && e.Name != b.main {
			all = append(all, e)
		}
	}
	return all
}
