package trial

import (
	"fmt"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// DefaultDays is how many days after the assignment count, where none are
// given.
const DefaultDays = 30

// Figure is what is looked at per customer: a formula, whose share of customers
// is a rate, or a value, whose mean is told. Windows are put in by Over.
type Figure struct {
	// Name is bought, purchases or revenue for those that every answer has, ""
	// for the caller's own.
	Name    string
	Formula syntax.Formula
	Value   syntax.Value
}

// The names of the figures that go by roles.
const (
	Bought    = "bought"
	Purchases = "purchases"
	Revenue   = "revenue"
)

// Rate tells that the figure is a share of customers.
func (f Figure) Rate() bool { return f.Formula != nil }

// String is the figure in the formula language, without windows.
func (f Figure) String() string {
	if f.Rate() {
		return f.Formula.String()
	}
	return f.Value.String()
}

// ParseFigure reads a formula or a value. Faults are *syntax.Error; a window
// is one, as Over puts the days in.
func ParseFigure(text string) (Figure, error) {
	formula, err := syntax.Parse(text)
	f := Figure{Formula: formula}
	if err != nil {
		value, other := syntax.ParseValue(text)
		if other != nil {
			return Figure{}, err
		}
		f = Figure{Value: value}
	}
	return f, f.windowless()
}

// windowless refuses windows that were written.
func (f Figure) windowless() error {
	var found *syntax.Window
	f.walk(func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			if n.Window != nil && found == nil {
				found = n.Window
			}
		case *syntax.Sequence:
			if n.Window != nil && found == nil {
				found = n.Window
			}
		}
		return true
	})
	if found == nil {
		return nil
	}
	return &syntax.Error{Span: found.Span, Message: fmt.Sprintf("the outcome is taken over the days after; leave `%s` out of it and give the days apart", found)}
}

func (f Figure) walk(visit func(syntax.Node) bool) {
	if f.Rate() {
		syntax.Walk(f.Formula, visit)
		return
	}
	syntax.Walk(f.Value, visit)
}

// Over is the figure over the last so many days.
func (f Figure) Over(days int) (Figure, error) {
	out := Figure{Name: f.Name}
	var err error
	if f.Rate() {
		out.Formula, err = syntax.Parse(f.Formula.String())
	} else {
		out.Value, err = syntax.ParseValue(f.Value.String())
	}
	if err != nil {
		return out, fmt.Errorf("read the outcome %s again: %w", f, err)
	}
	out.walk(func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			n.Window = lastDays(days)
		case *syntax.Sequence:
			n.Window = lastDays(days)
		}
		return true
	})
	return out, nil
}

func lastDays(n int) *syntax.Window {
	return &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: n, Unit: syntax.Day}}
}

// BoughtFigure is whether there was a purchase. It goes by the role.
func BoughtFigure(s *segment.Schema) (Figure, error) {
	count, err := purchases(s)
	if err != nil {
		return Figure{}, err
	}
	return Figure{Name: Bought, Formula: &syntax.Compare{Left: count, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}}}, nil
}

func purchases(s *segment.Schema) (*syntax.Call, error) {
	e, ok := s.Event(s.Roles[RolePurchase])
	if !ok {
		return nil, &segment.RoleError{Role: RolePurchase, For: "the outcome", Fault: &syntax.Error{
			Message: "no event is known to be a purchase; say what the outcome is, or set the role: tesela catalog --role purchase=EVENT",
		}}
	}
	return &syntax.Call{Fn: syntax.Count, Event: e.Name}, nil
}

// figures are what a query looks at: its outcome, or whether there was a
// purchase, then purchases and revenue where the roles are there. The second
// figure is where revenue stands, or -1.
func figures(s *segment.Schema, outcome *Figure) ([]Figure, int, error) {
	var all []Figure
	if outcome != nil {
		all = append(all, *outcome)
	} else {
		bought, err := BoughtFigure(s)
		if err != nil {
			return nil, -1, err
		}
		all = append(all, bought)
	}
	if count, err := purchases(s); err == nil && outcome == nil {
		all = append(all, Figure{Name: Purchases, Value: count})
	}
	value, err := s.Revenue(nil)
	if err != nil {
		return all, -1, nil
	}
	return append(all, Figure{Name: Revenue, Value: value}), len(all), nil
}

// numeric tells whether a value's mean can be taken.
func numeric(k column.Kind) bool {
	return k == column.Number || k == column.Money || k == column.Bool
}
