package importer

import (
	"context"
	"math"

	"tesela/segment"
	"tesela/segment/column"
)

// there is what the workspace holds before the import, as far as traits go.
type there struct {
	customers int
	traits    map[string]*column.Column
	// newest, by customer, is the time of the newest row of the file's events.
	newest []int64
}

// whatIsThere brings the traits that the plan sets, so that rows which say
// nothing new can be told; and for traits from event rows the times of the
// rows that are there, so that an older file does not undo a newer one.
func (im *importing) whatIsThere(ctx context.Context) (*there, error) {
	var need segment.Need
	src, err := im.ws.Source(ctx)
	if err != nil {
		return nil, err
	}
	schema := src.Schema()
	for _, f := range im.plan.fields {
		if _, ok := schema.Trait(f.name); ok && f.trait {
			need.Traits = append(need.Traits, f.name)
		}
	}
	if len(need.Traits) == 0 {
		return &there{customers: schema.Customers}, nil
	}
	if !im.plan.customers {
		need.Events = map[string][]string{}
		refund := schema.Roles[roleRefund]
		for _, name := range append(im.eventNames(), refund) {
			if _, ok := schema.Event(name); ok {
				need.Events[name] = nil
			}
		}
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	t := &there{customers: schema.Customers, traits: world.Traits}
	for _, table := range world.Tables {
		for i, who := range table.Who {
			for len(t.newest) <= int(who) {
				t.newest = append(t.newest, math.MinInt64)
			}
			// A customer's rows lie by time.
			t.newest[who] = max(t.newest[who], table.Time(int(table.Starts[i+1])-1))
		}
	}
	return t, nil
}

// holds tells whether the customer's trait is v already.
func (t *there) holds(customer uint32, name string, v *value) bool {
	c := t.traits[name]
	i := int(customer)
	if c == nil || i >= c.Len() || !c.IsSet(i) {
		return false
	}
	switch c.Kind {
	case column.Text:
		return c.Dict.Word(c.Code(i)) == string(v.text)
	case column.Number:
		return c.Float(i) == v.f
	case column.Tags:
		held := map[string]bool{}
		for _, code := range c.TagsAt(i) {
			held[c.Dict.Word(code)] = true
		}
		same, seen := true, map[string]bool{}
		eachTag(v.text, func(tag []byte) {
			seen[string(tag)] = true
			same = same && held[string(tag)]
		})
		return same && len(seen) == len(held)
	default:
		return c.Int(i) == v.i
	}
}

// yieldTo takes back the values of customers of whom newer rows are there
// with a value of the trait.
func (t *traitColumn) yieldTo(there *there) {
	held := there.traits[t.name]
	if held == nil {
		return
	}
	for c, newest := range there.newest {
		if c < len(t.at) && t.at[c] < newest && c < held.Len() && held.IsSet(c) {
			t.at[c] = math.MinInt64
		}
	}
}
