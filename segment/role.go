package segment

import (
	"strings"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// The roles that the core itself goes through; see Schema.Roles.
const (
	rolePurchase = "purchase"
	roleAmount   = "amount"
	roleRefund   = "refund"
	roleSend     = "send"
	roleTrial    = "trial"
	roleArm      = "arm"
)

// RoleError says that what was asked for goes through a role that the
// catalogue maps to nothing: the data lacks it, not the formula.
type RoleError struct {
	Role  string
	For   string // the layer that needs it
	Fault *syntax.Error
}

// Error says which role is missing and how to set it.
func (e *RoleError) Error() string { return e.Fault.Error() }

// Unwrap gives the place in the formula.
func (e *RoleError) Unwrap() error { return e.Fault }

// missingRole is the error of a layer that needs a role.
func missingRole(layer, role, what, target string) error {
	return &RoleError{Role: role, For: layer, Fault: &syntax.Error{
		Message: layer + " needs the role " + role + ": " + what + "; set it, for instance with: tesela catalog --role " + role + "=" + target,
	}}
}

// Property splits event.property as Roles has it; either name may itself hold
// dots, or stand in back quotes.
func (s *Schema) Property(text string) (Event, Field, bool) {
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
	return Event{}, Field{}, false
}

// commerce is what layers about purchases go through.
type commerce struct {
	purchase     Event
	amountOf     Event
	amount       Field
	refund       Event
	refundAmount Field
	refunds      bool // there is a refund event with amounts
}

// commerceOf finds the events of a schema's roles for a layer.
func commerceOf(s *Schema, layer string) (commerce, error) {
	var c commerce
	var ok bool
	if c.purchase, ok = s.Event(s.Roles[rolePurchase]); !ok {
		target := "EVENT"
		if e, _, ok := firstMoney(s); ok {
			target = e.Name
		}
		return c, missingRole(layer, rolePurchase, "no event is known to be a purchase", target)
	}
	if c.amountOf, c.amount, ok = s.Property(s.Roles[roleAmount]); !ok {
		target := "EVENT.PROPERTY"
		if e, p, ok := firstMoney(s); ok {
			target = e.Name + "." + p.Name
		}
		return c, missingRole(layer, roleAmount, "no property is known to be the amount of a purchase", target)
	}
	if k := c.amount.Kind; k != column.Money && k != column.Number {
		return c, &syntax.Error{Message: "the role amount is " + s.Roles[roleAmount] + ", which is " + k.String() + ", not money; set it anew: tesela catalog --role amount=EVENT.PROPERTY"}
	}
	if c.refund, ok = s.Event(s.Roles[roleRefund]); !ok {
		return c, nil
	}
	c.refundAmount, ok = c.refund.Prop(c.amount.Name)
	if c.refunds = ok && c.refundAmount.Kind == c.amount.Kind; !c.refunds && c.refund.Rows > 0 {
		return c, &syntax.Error{Message: "the refund event " + syntax.Quote(c.refund.Name) + " has no " + c.amount.Kind.String() +
			" property " + syntax.Quote(c.amount.Name) + " as the purchase has; import it under that name"}
	}
	return c, nil
}

// firstMoney finds an event's property that could be what purchases cost.
func firstMoney(s *Schema) (Event, Field, bool) {
	for _, e := range s.Events {
		for _, p := range e.Props {
			if p.Kind == column.Money {
				return e, p, true
			}
		}
	}
	return Event{}, Field{}, false
}
