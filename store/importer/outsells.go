package importer

import (
	"context"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
)

// outsells tells whether the file's rows, of an event that is new, are likelier
// what the business sells than those that have the purchase's role: they are
// called a purchase and those are not, or both are called by a trade's own words
// and these bring more money. Which file came first says nothing.
func (r *run) outsells(ctx context.Context, schema *segment.Schema) (bool, error) {
	mine, holder := r.plan.event, schema.Roles[rolePurchase]
	if r.plan.customers || r.plan.eventCol >= 0 || holder == "" || holder == mine || r.playsOther(mine) || heldOrLost(mine) || !r.sells() {
		return false, nil
	}
	if e, ok := r.schema.Event(mine); ok && e.Rows > 0 {
		return false, nil // whoever gave the role knew of these
	}
	if called(holder) {
		return false, nil
	}
	if called(mine) || heldOrLost(holder) {
		return true, nil
	}
	theirs, paid := propAt(schema, holder, schema.Roles[roleAmount])
	ours, takes := propAt(schema, mine, r.propOf(schema, roleAmount, mine))
	if !paid || !takes {
		return false, nil
	}
	took, returns := 0.0, false
	for i := range r.tables[mine].cols {
		if c := &r.tables[mine].cols[i]; c.ref.Name == ours && c.Column != nil {
			took, returns = added(c.Column)
		}
	}
	if returns {
		return false, nil // they are stored as they stand by now
	}
	src, err := r.ws.Source(ctx)
	if err != nil {
		return false, err
	}
	world, err := src.Load(ctx, segment.Need{Events: map[string][]string{holder: {theirs}}})
	if err != nil {
		return false, err
	}
	before, _ := added(world.Tables[holder].Props[theirs])
	return took > before, nil
}

// propAt is the name of the event's property that a role's target is.
func propAt(schema *segment.Schema, event, target string) (name string, ok bool) {
	e, ok := schema.Event(event)
	if !ok {
		return "", false
	}
	for _, p := range e.Props {
		if (segment.FieldRef{Event: event, Name: p.Name}).String() == target {
			return p.Name, true
		}
	}
	return "", false
}

// added is the sum of a column of figures, and whether some are negative.
func added(c *column.Column) (sum float64, negative bool) {
	if c == nil {
		return 0, false
	}
	for i := range c.Len() {
		if !c.IsSet(i) {
			continue
		}
		v := 0.0
		switch c.Kind {
		case column.Money:
			v = float64(c.Int(i))
		case column.Number:
			v = 100 * c.Float(i)
		}
		sum, negative = sum+v, negative || v < 0
	}
	return sum, negative
}

// called tells whether an event is called a purchase whatever the trade.
func called(event string) bool {
	_, ok := rank(words().Events[rolePurchase], event)
	return ok
}

// heldOrLost tells whether the name of an event says that its money is no
// takings: a quote, a claim, a security deposit, a damage.
func heldOrLost(event string) bool {
	return slices.ContainsFunc(strings.Split(event, "_"), func(w string) bool {
		return slices.ContainsFunc(words().NotSales, func(x string) bool { return w == x || w == x+"s" || w == x+"es" })
	})
}
