package demo

import (
	"context"
	"fmt"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// Holding is what a workspace holds, seen from a demo.
type Holding int

// What Recognise tells.
const (
	Nothing   Holding = iota // no data: Fill may make the demo here
	ThisDemo                 // the demo of these options
	OtherDemo                // a demo of another seed or size, or one that was added to
	OtherData                // data that no demo has
)

// Recognise tells what a workspace holds. It reads the catalogue and one
// customer, not the rows.
func Recognise(ctx context.Context, ws store.Workspace, options Options) (Holding, error) {
	o, err := options.filled()
	if err != nil {
		return 0, err
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for the demo: %w", err)
	}
	s := src.Schema()
	if s.Customers == 0 && len(s.Events) == 0 && len(s.Traits) == 0 {
		return Nothing, nil
	}
	for _, f := range traitFields {
		if t, ok := s.Trait(f.name); !ok || t.Kind != f.kind {
			return OtherData, nil
		}
	}
	// Events are there as soon as somebody had one.
	for _, event := range []string{"visit", "view", "order", "assignment", "send"} {
		if e, _ := s.Event(event); s.Customers >= 1000 && e.Rows == 0 {
			return OtherData, nil
		}
	}
	if s.Customers != o.Customers {
		return OtherDemo, nil
	}
	w, err := newWorld(o.Seed)
	if err != nil {
		return 0, err
	}
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for the demo: %w", err)
	}
	data, err := src.Load(ctx, segment.Need{Traits: []string{"name", "signup"}})
	if err != nil {
		return 0, fmt.Errorf("look for the demo: %w", err)
	}
	// Seeds differ in who signs up when: the first few customers tell.
	for n := range min(8, o.Customers) {
		p := w.person(n)
		if !sameCustomer(ids, data, n, &p) {
			return OtherDemo, nil
		}
	}
	return ThisDemo, nil
}

func sameCustomer(ids *column.Dict, data *column.World, n int, p *person) bool {
	name, signup := data.Traits["name"], data.Traits["signup"]
	return ids.Word(uint32(n+1)) == id(n) && name.Dict.Word(name.Code(n)) == p.name && signup.Int(n) == p.signup
}
