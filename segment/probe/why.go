package probe

import (
	"context"
	"fmt"
	"slices"
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

// examination looks at one customer, as he is and as he might be.
type examination struct {
	src    segment.Source
	schema *segment.Schema
	at     time.Time
	who    int
	leaves []leaf

	alone *apart
	dicts map[segment.FieldRef]*column.Dict // of the fields the conditions read
	// own answers for the conditions that this customer's data decide, world
	// for those that others' do too.
	own, world  *supposed
	ownPlan     *segment.Plan
	worldPlan   *segment.Plan
	ownLeaves   []int
	worldLeaves []int
	marks       []int64 // see instants
	runs        int     // suppositions tried, and of those with everybody
	worldRuns   int
}

func newExamination(ctx context.Context, src segment.Source, at time.Time, who int, leaves []leaf) (*examination, error) {
	x := &examination{src: src, schema: src.Schema(), at: at, who: who, leaves: leaves}
	var own, world []syntax.Formula
	for i, l := range leaves {
		if l.others {
			world, x.worldLeaves = append(world, l.formula), append(x.worldLeaves, i)
		} else {
			own, x.ownLeaves = append(own, l.formula), append(x.ownLeaves, i)
		}
	}
	// What the conditions read is read of everybody once, then only of one.
	plan, err := segment.CompileEach(ctx, append(append([]syntax.Formula(nil), own...), world...), src, at)
	if err != nil {
		return nil, err
	}
	need := plan.Need()
	for _, l := range leaves {
		for _, event := range x.eventsBehind(l) {
			need.Add(event, "")
		}
	}
	if err := x.words(ctx, need); err != nil {
		return nil, err
	}
	if x.alone, err = takeApart(ctx, src, need, who); err != nil {
		return nil, fmt.Errorf("load the customer's data: %w", err)
	}
	x.own, x.world = &supposed{Source: x.alone}, &supposed{Source: src, who: who}
	if x.ownPlan, err = segment.CompileEach(ctx, own, x.own, at); err != nil {
		return nil, err
	}
	if x.worldPlan, err = segment.CompileEach(ctx, world, x.world, at); err != nil {
		return nil, err
	}
	x.marks = x.instants()
	return x, nil
}

// words loads the words of the fields that the conditions read.
func (x *examination) words(ctx context.Context, need segment.Need) error {
	x.dicts = map[segment.FieldRef]*column.Dict{}
	load := func(ref segment.FieldRef) (err error) {
		f, _ := fieldOf(x.schema, ref)
		x.dicts[ref], err = dictOf(ctx, x.src, ref, f.Kind)
		return err
	}
	for _, name := range need.Traits {
		if err := load(fieldRef("", name)); err != nil {
			return err
		}
	}
	for event, props := range need.Events {
		for _, p := range props {
			if err := load(fieldRef(event, p)); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventsBehind are events that a condition depends on without naming them: all
// there are for layers and scores, those of the definition for saved segments.
func (x *examination) eventsBehind(l leaf) []string {
	var events []string
	add := func(name string) {
		if !slices.Contains(events, name) {
			events = append(events, name)
		}
	}
	var look func(f syntax.Formula, via []string)
	look = func(f syntax.Formula, via []string) {
		saved := func(name string) {
			if g, ok := x.src.Saved(name); ok && !slices.Contains(via, name) {
				syntax.Walk(g, func(n syntax.Node) bool {
					switch n := n.(type) {
					case *syntax.Call:
						add(n.Event)
					case *syntax.Step:
						add(n.Event)
					}
					return true
				})
				look(g, append(slices.Clone(via), name))
			}
		}
		syntax.Walk(f, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Call, *syntax.Step:
				return false // names in there are properties
			case *syntax.Name:
				if _, trait := x.schema.Trait(n.Name); !trait {
					// Purchases first: most layers are about them.
					if e, ok := x.schema.Event(x.schema.Roles["purchase"]); ok {
						add(e.Name)
					}
					for _, e := range x.schema.Events {
						add(e.Name)
					}
				}
			case *syntax.InSegment:
				saved(n.Name)
			case *syntax.Crossed:
				saved(n.Name)
			}
			return true
		})
	}
	look(l.formula, l.via)
	return events
}

// truth tells what each condition says, with the customer as supposed; nil: as
// he is.
func (x *examination) truth(ctx context.Context, p *person) ([]bool, error) {
	truth := make([]bool, len(x.leaves))
	if err := x.ownTruth(ctx, p, truth); err != nil {
		return nil, err
	}
	return truth, x.worldTruth(ctx, p, truth)
}

func (x *examination) ownTruth(ctx context.Context, p *person, truth []bool) error {
	if len(x.ownLeaves) == 0 {
		return ctx.Err()
	}
	x.own.now = p
	sets, err := x.ownPlan.RunEach(ctx)
	if err != nil {
		return err
	}
	for k, i := range x.ownLeaves {
		truth[i] = sets[k].Has(0)
	}
	return nil
}

func (x *examination) worldTruth(ctx context.Context, p *person, truth []bool) error {
	if len(x.worldLeaves) == 0 {
		return nil
	}
	x.world.now = p
	x.worldRuns++
	sets, err := x.worldPlan.RunEach(ctx)
	if err != nil {
		return err
	}
	for k, i := range x.worldLeaves {
		truth[i] = sets[k].Has(x.who)
	}
	return nil
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
