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
	own, world *supposed
	ownPlan    *segment.Plan
	worldPlan  *segment.Plan
	ownLeaves  []int
	// places are those of tops and bottoms, by condition; nil for others.
	places      []*place
	worldLeaves []int
	marks       []int64 // see instants
	runs        int     // suppositions tried, and of those with everybody
	worldRuns   int
	// worldRunsMost bounds worldRuns.
	worldRunsMost int
}

func newExamination(ctx context.Context, src segment.Source, at time.Time, who int, leaves []leaf) (*examination, error) {
	x := &examination{src: src, schema: src.Schema(), at: at, who: who, leaves: leaves}
	var all, own, world []syntax.Formula
	for _, l := range leaves {
		all = append(all, l.formula)
	}
	// What the conditions read is read of everybody once, then only of one.
	plan, err := segment.CompileEach(ctx, all, src, at)
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
	for i, l := range leaves {
		p, err := x.newPlace(ctx, l)
		if err != nil {
			return nil, err
		}
		x.places = append(x.places, p)
		switch {
		case p != nil && p.alone:
		case l.others:
			world, x.worldLeaves = append(world, l.formula), append(x.worldLeaves, i)
		default:
			own, x.ownLeaves = append(own, l.formula), append(x.ownLeaves, i)
		}
	}
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
	x.own.now = p
	for i, at := range x.places {
		if at == nil || !at.alone {
			continue
		}
		var err error
		if truth[i], err = at.holds(ctx); err != nil {
			return err
		}
	}
	if len(x.ownLeaves) == 0 {
		return ctx.Err()
	}
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
		truth[i] = sets[k].Has(x.world.place())
	}
	return nil
}
