package importer

import (
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// choosePurchase finds the event whose negative rows are refunds: the one
// that has the role, else the one that will be given it.
func (r *run) choosePurchase(names []string) {
	r.refund = roleRefund
	if set := r.schema.Roles[roleRefund]; set != "" {
		r.refund = set
	} else if name, ok := likeliest(words().Events[roleRefund], names); ok {
		r.refund = name
	}
	if set := r.schema.Roles[rolePurchase]; set != "" {
		r.purchase = set
		if r.unpaid(set) {
			r.purchase = r.plan.event
		}
		return
	}
	if name, ok := likeliest(words().Events[rolePurchase], names); ok {
		r.purchase = name
		return
	}
	if r.plan.eventCol < 0 && r.plan.event != r.refund && !r.playsOther(r.plan.event) && r.sells() {
		r.purchase = r.plan.event
	}
}

// sells tells whether the file's rows look like sales whatever their name: they
// have an amount by its first name, a trade's own (a premium), or one by any
// name with what was bought or how many.
func (r *run) sells() bool {
	has := map[string]bool{}
	for _, f := range r.plan.fields {
		if f.trait {
			continue
		}
		if _, ok := takes(snake(f.name)); ok && f.kind == column.Money {
			return true
		}
		for _, role := range []string{roleAmount, roleQuantity, roleProduct} {
			if _, ok := rank(words().Columns[role], snake(f.name)); ok {
				has[role] = true
			}
		}
		if _, ok := rank(words().Columns[roleAmount][:1], snake(f.name)); ok {
			return true
		}
	}
	return has[roleAmount] && (has[roleQuantity] || has[roleProduct])
}

// unpaid tells whether the event that has the purchase's role has no money of its
// own, and the file's rows have: bookings yield to the bills.
func (r *run) unpaid(event string) bool {
	e, ok := r.schema.Event(event)
	if !ok || e.Name == r.plan.event || r.plan.eventCol >= 0 || r.schema.Roles[roleAmount] != "" {
		return false
	}
	for _, p := range e.Props {
		if p.Kind == column.Money {
			return false
		}
	}
	return !r.playsOther(r.plan.event) && r.sells()
}

// playsOther tells whether the lexicon knows an event as something else than
// a purchase.
func (r *run) playsOther(event string) bool {
	for role, list := range words().Events {
		if _, ok := rank(list, event); ok && role != rolePurchase {
			return true
		}
	}
	return false
}

// findSigns finds the fields whose sign tells a refund.
func (r *run) findSigns() {
	r.amount, r.quantity = -1, -1
	find := func(role string, kinds ...column.Kind) int {
		target := r.schema.Roles[role]
		bestAt, bestRank := -1, 0
		for i := range r.fields {
			f := &r.fields[i]
			if f.trait || !slices.Contains(kinds, f.kind) {
				continue
			}
			if target != "" && target == (segment.FieldRef{Event: r.purchase, Name: f.name}).String() {
				return i
			}
			if k, ok := rank(words().Columns[role], snake(f.name)); ok && (bestAt < 0 || k < bestRank) {
				bestAt, bestRank = i, k
			}
		}
		return bestAt
	}
	r.amount = find(roleAmount, column.Money, column.Number)
	r.quantity = find(roleQuantity, column.Number)
}

// negative tells whether the row takes something back.
func (h *hand) negative() bool {
	return isNegative(h.amount, h.values, h.fields) || isNegative(h.quantity, h.values, h.fields)
}

func isNegative(i int, values []value, fields []fieldReader) bool {
	if i < 0 || values[i].status != good {
		return false
	}
	if fields[i].kind == column.Number {
		return values[i].f < 0
	}
	return values[i].i < 0
}

// makePositive gives a refund's amounts and quantity as positive figures.
func (h *hand) makePositive() {
	for i := range h.fields {
		f, v := &h.fields[i], &h.values[i]
		switch {
		case f.trait || v.status != good:
		case f.kind == column.Money:
			if v.i < 0 {
				v.i = -v.i
			}
		case f.kind == column.Number && (i == h.quantity || i == h.amount):
			v.f = math.Abs(v.f)
		}
	}
}
