package probe

import (
	"context"

	"tesela/segment"
	"tesela/segment/column"
)

// apart is a source with one customer in it, everybody else taken away.
type apart struct {
	segment.Source
	schema *segment.Schema
	world  *column.World
	// clocks are how everybody's times are held, by event; nil: any may be.
	clocks map[string]*column.Packed
}

// takeApart loads what is needed and keeps the customer's part of it.
func takeApart(ctx context.Context, src segment.Source, need segment.Need, who int) (*apart, error) {
	all, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	schema := *src.Schema()
	schema.Customers = 1
	a := &apart{Source: src, schema: &schema, clocks: map[string]*column.Packed{}, world: &column.World{Customers: 1, Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}}}
	for name, c := range all.Traits {
		if c == nil || c.Len() <= who {
			continue // unset of everybody, or of this one
		}
		a.world.Traits[name] = slice(c, who, who+1)
	}
	for name, t := range all.Tables {
		if t != nil {
			a.world.Tables[name], a.clocks[name] = only(t, who), t.Clock
		}
	}
	return a, nil
}

// Schema implements segment.Source.
func (a *apart) Schema() *segment.Schema { return a.schema }

// Load implements segment.Source.
func (a *apart) Load(context.Context, segment.Need) (*column.World, error) { return a.world, nil }

// supposed is a source in which one customer's data are as supposed and all
// else as it is. Plans made of it see each supposition. Where something is
// supposed the customer is the last.
type supposed struct {
	segment.Source
	who  int
	rest *rest
	// now is what is supposed; nil: nothing.
	now *person
}

// Load implements segment.Source.
func (s *supposed) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	if s.now == nil {
		return s.Source.Load(ctx, need)
	}
	if s.rest == nil {
		s.rest = newRest(s.Source, s.who)
	}
	return s.rest.with(ctx, need, s.now)
}

// CustomerIDs implements segment.Source.
func (s *supposed) CustomerIDs(ctx context.Context) (*column.Dict, error) {
	if s.now == nil || s.rest == nil {
		return s.Source.CustomerIDs(ctx)
	}
	return s.rest.customerIDs(ctx)
}

// place is the customer's number in what is loaded.
func (s *supposed) place() int {
	if s.now == nil {
		return s.who
	}
	return s.Schema().Customers - 1
}

// fieldOf finds a trait or a property.
func fieldOf(s *segment.Schema, ref segment.FieldRef) (segment.Field, bool) {
	if ref.Event == "" {
		return s.Trait(ref.Name)
	}
	e, _ := s.Event(ref.Event)
	return e.Prop(ref.Name)
}

// dictOf gives the words of a field that has words.
func dictOf(ctx context.Context, src segment.Source, ref segment.FieldRef, k column.Kind) (*column.Dict, error) {
	if k != column.Text && k != column.Tags {
		return nil, nil
	}
	return src.Dict(ctx, ref)
}
