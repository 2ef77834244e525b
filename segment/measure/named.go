package measure

import (
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

var names = []string{
	"customers", "buyers", "orders", "revenue", "gross_revenue", "refunds", "aov", "orders_per_buyer",
	"revenue_per_buyer", "repeat_rate", "new_buyers", "items", "days_between",
}

// Names lists the named measures; events and doers take an event, dated a
// trait.
func Names() []string {
	return append(append([]string{}, names...), "events(e)", "doers(e)", "dated(t)")
}

// The roles that named measures go through.
const (
	rolePurchase = "purchase"
	roleAmount   = "amount"
	roleRefund   = "refund"
	roleQuantity = "quantity"
)

// named compiles a named measure:
//
//	customers          of the base
//	buyers             customers with a purchase
//	orders             count(purchase)
//	gross_revenue      sum(purchase.amount)
//	refunds            sum(refund.amount), the refund's property of the same name
//	revenue            gross_revenue - refunds
//	aov                gross_revenue / orders
//	orders_per_buyer   orders / buyers
//	revenue_per_buyer  revenue / buyers
//	repeat_rate        buyers with two purchases or more / buyers
//	new_buyers         customers whose first purchase ever it is
//	items              sum of the purchase's quantity, or its rows where no
//	                   property has the role quantity
//	days_between       mean of the gaps in days between consecutive purchase
//	                   days of a customer, all customers' gaps pooled; both
//	                   days lie in the window, group and period
//	events(e), doers(e)  count(e), customers with an e
//	dated(t)           customers whose date t lies in the window and period
func (b *builder) named(n *syntax.Name) (node, figure, error) {
	if n.Name == "events" || n.Name == "doers" {
		return b.ofEvent(n)
	}
	if n.Name == "dated" {
		return b.dated(n)
	}
	if n.Params != nil {
		return nil, figure{}, b.fail(n.Span, n.Name+" takes no parameters; narrow it with where and window")
	}
	if n.Name == "customers" {
		return b.slot(&slot{fn: fnCustomers, name: n.Name}), figure{kind: kindCount, unit: "customers", additive: true}, nil
	}
	purchase, err := b.roleEvent(n, rolePurchase)
	if err != nil {
		return nil, figure{}, err
	}
	rows := func(fn slotFn, event, prop string, kind column.Kind) node {
		return b.slot(b.rowSlot(fn, event, prop, kind))
	}
	count := figure{kind: kindCount, unit: purchase.Name, additive: true}
	people := figure{kind: kindCount, unit: "customers", additive: true}
	buyers := func() node { return rows(fnDoers, purchase.Name, "", 0) }
	orders := func() node { return rows(fnEvents, purchase.Name, "", 0) }
	over := func(x node, xf figure, y node, yf figure) (node, figure, error) {
		r, f, fault := b.arith('/', x, xf, y, yf)
		if fault != "" {
			return nil, figure{}, b.fail(n.Span, fault)
		}
		return r, f, nil
	}
	switch n.Name {
	case "buyers":
		return buyers(), people, nil
	case "orders":
		return orders(), count, nil
	case "new_buyers":
		return rows(fnFirsts, purchase.Name, "", 0), people, nil
	case "orders_per_buyer":
		return over(orders(), count, buyers(), people)
	case "repeat_rate":
		return over(rows(fnRepeaters, purchase.Name, "", 0), people, buyers(), people)
	case "days_between":
		return arithNode{'/', rows(fnGapDays, purchase.Name, "", 0), rows(fnGaps, purchase.Name, "", 0)},
			figure{kind: kindNumber, unit: "days"}, nil
	case "items":
		return b.items(purchase)
	}
	switch n.Name {
	case "gross_revenue":
		return b.gross(n)
	case "refunds":
		return b.refunds(n, false)
	case "aov":
		x, xf, err := b.gross(n)
		if err != nil {
			return nil, figure{}, err
		}
		return over(x, xf, orders(), count)
	}
	x, xf, err := b.revenue(n)
	if err != nil || n.Name == "revenue" {
		return x, xf, err
	}
	return over(x, xf, buyers(), people) // revenue_per_buyer
}

// rowSlot is a slot over all of an event's rows in the query's window.
func (b *builder) rowSlot(fn slotFn, event, prop string, kind column.Kind) *slot {
	return &slot{fn: fn, event: event, prop: prop, kind: kind, span: b.span, bounded: b.query.Window != nil}
}

func (b *builder) gross(n *syntax.Name) (node, figure, error) {
	event, prop, err := b.amount(n)
	if err != nil {
		return nil, figure{}, err
	}
	return b.slot(b.rowSlot(fnSum, event.Name, prop.Name, prop.Kind)), b.sumFigure(prop), nil
}

func (b *builder) sumFigure(p segment.Field) figure {
	if p.Kind == column.Money {
		return figure{kind: kindMoney, unit: b.schema.Currency, additive: true}
	}
	return figure{kind: kindNumber, additive: true}
}

// refunds sums the refund event's property of the amount's name. Subtracted
// from revenue, they may be missing: a business that knows no refunds has
// none.
func (b *builder) refunds(n *syntax.Name, subtracted bool) (node, figure, error) {
	_, amount, err := b.amount(n)
	if err != nil {
		return nil, figure{}, err
	}
	event, known := b.schema.Event(b.schema.Roles[roleRefund])
	if !known {
		if subtracted {
			return nil, figure{}, nil
		}
		return nil, figure{}, b.missingRole(n, roleRefund)
	}
	prop, ok := event.Prop(amount.Name)
	if !ok || prop.Kind != amount.Kind {
		if subtracted && event.Rows == 0 {
			return nil, figure{}, nil
		}
		return nil, figure{}, b.fail(n.Span, "the refund event "+syntax.Quote(event.Name)+" has no "+amount.Kind.String()+
			" property "+syntax.Quote(amount.Name)+" as the purchase has; import it under that name")
	}
	s := b.rowSlot(fnSum, event.Name, prop.Name, prop.Kind)
	s.refund = subtracted
	return b.slot(s), b.sumFigure(prop), nil
}

func (b *builder) revenue(n *syntax.Name) (node, figure, error) {
	x, xf, err := b.gross(n)
	if err != nil {
		return nil, figure{}, err
	}
	y, _, err := b.refunds(n, true)
	if err != nil {
		return nil, figure{}, err
	}
	if y == nil {
		b.note(newNote(NoteNoRefunds, "measure", n.Name))
		return x, xf, nil
	}
	return arithNode{'-', x, y}, xf, nil
}

func (b *builder) items(purchase segment.Event) (node, figure, error) {
	if event, prop, ok := b.roleProp(roleQuantity); ok && event.Name == purchase.Name && prop.Kind == column.Number {
		return b.slot(b.rowSlot(fnSum, event.Name, prop.Name, prop.Kind)), figure{kind: kindNumber, additive: true}, nil
	}
	b.note(newNote(NoteNoQuantity, "event", purchase.Name))
	return b.slot(b.rowSlot(fnRows, purchase.Name, "", 0)), figure{kind: kindCount, additive: true}, nil
}

// ofEvent is events(e) or doers(e).
func (b *builder) ofEvent(n *syntax.Name) (node, figure, error) {
	name := ""
	if len(n.Params) == 1 && n.Params[0].Key == "" {
		name = n.Params[0].Event
		if t, ok := n.Params[0].Value.(*syntax.Text); ok {
			name = t.Value
		}
	}
	known := make([]string, len(b.schema.Events))
	for i, e := range b.schema.Events {
		known[i] = e.Name
	}
	if name == "" {
		return nil, figure{}, b.fail(n.Span, n.Name+" takes one event: "+n.Name+"("+example(known)+")", known[:min(3, len(known))]...)
	}
	if _, ok := b.schema.Event(name); !ok {
		return nil, figure{}, b.fail(n.Params[0].Span, "no event is called "+syntax.Quote(name), syntax.NearestNames(name, known, 3)...)
	}
	if n.Name == "events" {
		return b.slot(b.rowSlot(fnEvents, name, "", 0)), figure{kind: kindCount, unit: name, additive: true}, nil
	}
	return b.slot(b.rowSlot(fnDoers, name, "", 0)), figure{kind: kindCount, unit: "customers", additive: true}, nil
}

func example(known []string) string {
	if len(known) == 0 {
		return "EVENT"
	}
	return syntax.Quote(known[0])
}

// roleEvent finds the event of a role.
func (b *builder) roleEvent(n *syntax.Name, role string) (segment.Event, error) {
	if e, ok := b.schema.Event(b.schema.Roles[role]); ok {
		return e, nil
	}
	return segment.Event{}, b.missingRole(n, role)
}

// amount finds what purchases cost: a property of money or, where a business
// keeps plain numbers, of numbers.
func (b *builder) amount(n *syntax.Name) (segment.Event, segment.Field, error) {
	e, p, ok := b.roleProp(roleAmount)
	if !ok {
		return e, p, b.missingRole(n, roleAmount)
	}
	if p.Kind != column.Money && p.Kind != column.Number {
		return e, p, b.fail(n.Span, "the role amount is "+syntax.Quote(e.Name)+"."+syntax.Quote(p.Name)+", which is "+p.Kind.String()+", not money; set it anew: tesela catalog --role amount=EVENT.PROPERTY")
	}
	return e, p, nil
}

// roleProp finds the event and property of a role such as amount.
func (b *builder) roleProp(role string) (segment.Event, segment.Field, bool) {
	return propOf(b.schema, b.schema.Roles[role])
}

// propOf splits event.property; either name may hold dots itself.
func propOf(s *segment.Schema, text string) (segment.Event, segment.Field, bool) {
	for _, e := range s.Events {
		for _, event := range []string{e.Name, syntax.Quote(e.Name)} {
			rest, ok := strings.CutPrefix(text, event+".")
			if !ok {
				continue
			}
			for _, p := range e.Props {
				if rest == p.Name || rest == syntax.Quote(p.Name) {
					return e, p, true
				}
			}
		}
	}
	return segment.Event{}, segment.Field{}, false
}

// missingRole says which role a measure lacks and how to set it, with an event
// of this data that could have it.
func (b *builder) missingRole(n *syntax.Name, role string) error {
	target := "EVENT"
	for _, e := range b.schema.Events {
		if e.Name == b.schema.Roles[rolePurchase] && role != roleAmount {
			continue
		}
		for _, p := range e.Props {
			if p.Kind == column.Money {
				target = e.Name
				if role == roleAmount {
					target += "." + p.Name
				}
				return b.roleError(n, role, target)
			}
		}
	}
	if role == roleAmount {
		target = "EVENT.PROPERTY"
	}
	return b.roleError(n, role, target)
}

func (b *builder) roleError(n *syntax.Name, role, target string) error {
	what := "no event is known to be a " + role
	if role == roleAmount {
		what = "no property is known to be the amount of a purchase"
	}
	return &Error{
		Field: "measures", Message: "measure " + quoted(b.text), Role: role,
		Err: &syntax.Error{Span: n.Span, Message: n.Name + " needs the role " + role + ": " + what + "; set it, for instance with: tesela catalog --role " + role + "=" + target},
	}
}
