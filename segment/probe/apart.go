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
}

// takeApart loads what is needed and keeps the customer's part of it.
func takeApart(ctx context.Context, src segment.Source, need segment.Need, who int) (*apart, error) {
	all, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	schema := *src.Schema()
	schema.Customers = 1
	a := &apart{Source: src, schema: &schema, world: &column.World{Customers: 1, Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}}}
	for name, c := range all.Traits {
		if c == nil || c.Len() <= who {
			continue // unset of everybody, or of this one
		}
		a.world.Traits[name] = slice(c, who, who+1)
	}
	for name, t := range all.Tables {
		if t != nil {
			a.world.Tables[name] = only(t, who)
		}
	}
	return a, nil
}

// Schema implements segment.Source.
func (a *apart) Schema() *segment.Schema { return a.schema }

// Load implements segment.Source.
func (a *apart) Load(context.Context, segment.Need) (*column.World, error) { return a.world, nil }

// supposed is a source in which one customer's data are as supposed and all
// else as it is. Plans made of it see each supposition.
type supposed struct {
	segment.Source
	who int
	// now is what is supposed; nil: nothing.
	now *person
}

// Load implements segment.Source.
func (s *supposed) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	w, err := s.Source.Load(ctx, need)
	if err != nil || s.now == nil {
		return w, err
	}
	out := &column.World{Customers: w.Customers, Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}}
	for _, name := range need.Traits {
		c := w.Traits[name]
		if v, ok := s.now.traits[name]; ok {
			if c == nil {
				if c, err = s.empty(ctx, segment.FieldRef{Name: name}); err != nil {
					return nil, err
				}
			}
			c = withValue(c, s.who, v)
		}
		out.Traits[name] = c
	}
	for event, props := range need.Events {
		t := w.Tables[event]
		rows, touched := s.now.rows[event]
		if !touched {
			out.Tables[event] = t
			continue
		}
		if t == nil {
			t = &column.Table{Event: event, Props: map[string]*column.Column{}}
			for _, p := range props {
				if t.Props[p], err = s.empty(ctx, segment.FieldRef{Event: event, Name: p}); err != nil {
					return nil, err
				}
			}
		}
		out.Tables[event] = splice(t, s.who, rows)
	}
	return out, nil
}

// empty is a column of a field without any value.
func (s *supposed) empty(ctx context.Context, ref segment.FieldRef) (*column.Column, error) {
	f, _ := fieldOf(s.Schema(), ref)
	d, err := dictOf(ctx, s.Source, ref, f.Kind)
	return newColumn(f.Kind, d, 0).Column, err
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
