package probe

import (
	"context"
	"fmt"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Account is why a customer is in a segment or out of it.
type Account struct {
	Formula    syntax.Formula
	In         bool
	Conditions []Verdict // in the order of the text, each once
	// Change is the smallest that turns membership round. Nil: none was found
	// among changes of this customer's own data, and Flips says which
	// conditions would have to turn out otherwise.
	Change *Counterfactual
	// Flips are the fewest conditions that decide, as numbers of Conditions:
	// with them turned round, and the others as they are, so is membership.
	// Nil where nothing decides.
	Flips []int
	Notes []segment.Note
}

// Verdict is what one condition says of the customer.
type Verdict struct {
	Condition syntax.Formula
	// Via are the saved segments it belongs to, outermost first.
	Via   []string
	Holds bool
	// Figures are the values it asks for, as they are for the customer; Needs
	// is what it asks of the first: ">= 3".
	Figures []FigureOf
	Needs   string
	// Evidence are the events that decide, for each function in it and each
	// step of a sequence.
	Evidence []Evidence
	// Others tells that other customers' data decide too.
	Others bool
}

// FigureOf is a value of the customer.
type FigureOf struct {
	Value syntax.Value
	Kind  column.Kind
	Cell  any // as tool results hold it; nil: unset
}

// Why explains one customer, by number. Faults of the formula are as those of
// segment.Compile. Shown bounds the events that are told of each condition.
func Why(ctx context.Context, f syntax.Formula, src segment.Source, at time.Time, who, shown int) (*Account, error) {
	plan, err := segment.Compile(ctx, f, src, at)
	if err != nil {
		return nil, err
	}
	if who < 0 || who >= src.Schema().Customers {
		return nil, fmt.Errorf("explain customer: there is no number %d", who)
	}
	tree, leaves := split(f, src)
	x, err := newExamination(ctx, src, at, who, leaves)
	if err != nil {
		return nil, err
	}
	truth, err := x.truth(ctx, nil)
	if err != nil {
		return nil, err
	}
	a := &Account{Formula: f, In: tree.holds(truth), Notes: plan.Warnings()}
	for i, l := range leaves {
		v := Verdict{Condition: l.formula, Via: l.via, Holds: truth[i], Others: l.others}
		if err := x.figures(ctx, l, &v); err != nil {
			return nil, err
		}
		if v.Evidence, err = x.evidence(ctx, l, shown); err != nil {
			return nil, err
		}
		a.Conditions = append(a.Conditions, v)
	}
	return a, x.search(ctx, tree, truth, a)
}

// figures gives the values that a condition asks for.
func (x *examination) figures(ctx context.Context, l leaf, v *Verdict) error {
	values, needs := asked(l)
	v.Needs = needs
	src, who := segment.Source(x.alone), 0
	if l.others {
		src, who = x.src, x.who
	}
	for _, value := range values {
		plan, err := segment.CompileValue(ctx, value, src, x.at)
		if err != nil {
			continue // tags have no one value
		}
		all, err := plan.Run(ctx)
		if err != nil {
			return err
		}
		v.Figures = append(v.Figures, FigureOf{value, all.Kind(), all.Cell(who)})
	}
	return nil
}

// asked are the values in a condition that are no literals, and what is asked
// of the first.
func asked(l leaf) (values []syntax.Value, needs string) {
	after := func(v syntax.Value) string {
		if at := v.Pos(); at.To < len(l.text) {
			return l.text[at.To+1:]
		}
		return ""
	}
	switch f := l.formula.(type) {
	case *syntax.Compare:
		_, left := f.Left.(syntax.Literal)
		_, right := f.Right.(syntax.Literal)
		switch {
		case left && right:
		case left:
			return []syntax.Value{f.Right}, string(flipped[f.Op]) + " " + f.Left.String()
		case right:
			return []syntax.Value{f.Left}, after(f.Left)
		default:
			return []syntax.Value{f.Left, f.Right}, after(f.Left)
		}
	case *syntax.In:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.Between:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.IsSet:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.Match:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.DateCompare:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.Within:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.Anniversary:
		return []syntax.Value{f.Value}, after(f.Value)
	case *syntax.Rank:
		return []syntax.Value{f.By}, l.text[:max(0, f.By.Pos().From-len(" by "))]
	}
	return nil, l.text
}
