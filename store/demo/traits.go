package demo

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// traits in the order of traitSheet.add's values.
var traitFields = []field{
	{name: "name", kind: column.Text},
	{name: "email", kind: column.Text},
	{name: "phone", kind: column.Text},
	{name: "birthday", kind: column.Date},
	{name: "gender", kind: column.Text},
	{name: "country", kind: column.Text},
	{name: "city", kind: column.Text},
	{name: "language", kind: column.Text},
	{name: "signup", kind: column.Time},
	{name: "channel", kind: column.Text},
	{name: "tier", kind: column.Text},
	{name: "household_size", kind: column.Number},
	{name: "consent_email", kind: column.Bool},
	{name: "consent_sms", kind: column.Bool},
	{name: "tags", kind: column.Tags},
}

// traitSheet collects set trait values until they go to the batch.
type traitSheet struct {
	who    [][]uint32
	values []*column.Column
	dicts  []*column.Interner
}

func newTraitSheet(b store.Batch) (*traitSheet, error) {
	s := &traitSheet{
		who: make([][]uint32, len(traitFields)), values: make([]*column.Column, len(traitFields)),
		dicts: make([]*column.Interner, len(traitFields)),
	}
	for i, f := range traitFields {
		ref := segment.FieldRef{Name: f.name}
		if err := b.Declare(ref, f.kind); err != nil {
			return nil, fmt.Errorf("declare %s: %w", ref, err)
		}
		if f.kind == column.Text || f.kind == column.Tags {
			s.dicts[i] = b.Words(ref)
		}
	}
	s.clear()
	return s, nil
}

func (s *traitSheet) clear() {
	for i, f := range traitFields {
		s.who[i] = nil
		s.values[i] = &column.Column{Kind: f.kind}
		if f.kind == column.Tags {
			s.values[i].TagStarts = []uint32{0}
		}
	}
}

// add notes a customer's traits as they stand at the end of the two years.
func (s *traitSheet) add(w *world, customer uint32, l *life) {
	i := 0
	put := func(set bool, value func(c *column.Column)) {
		if set {
			s.who[i] = append(s.who[i], customer)
			value(s.values[i])
		}
		i++
	}
	text := func(set bool, word func() string) {
		dict := s.dicts[i]
		put(set, func(c *column.Column) { c.Codes = append(c.Codes, dict.Code([]byte(word()))) })
	}
	whole := func(set bool, v int64) { put(set, func(c *column.Column) { c.Ints = append(c.Ints, v) }) }
	consent := func(a yesNo) {
		v := int64(0)
		if a == yes {
			v = 1
		}
		whole(a != unset, v)
	}

	land := &w.shop.Countries[l.country]
	text(true, func() string { return l.name })
	text(l.email != "", func() string { return l.email })
	text(l.phone != "", func() string { return l.phone })
	whole(l.birthday != 0, int64(firstUnixDay+l.birthday))
	text(l.gender >= 0, func() string { return w.shop.Genders[l.gender] })
	text(true, func() string { return land.Name })
	text(l.city >= 0, func() string { return land.Cities[l.city] })
	text(true, func() string { return land.Language })
	whole(true, l.signup)
	text(true, func() string { return w.shop.Channels[l.channel] })
	tier := l.tier()
	text(tier >= 0, func() string { return w.shop.Tiers[tier] })
	put(l.household > 0, func(c *column.Column) { c.Floats = append(c.Floats, float64(l.household)) })
	consent(l.mailed)
	consent(l.byText)
	tags := s.dicts[i]
	put(len(l.tags) > 0, func(c *column.Column) {
		from := len(c.TagCodes)
		for _, t := range l.tags {
			c.TagCodes = append(c.TagCodes, tags.Code([]byte(w.shop.Tags[t])))
		}
		slices.Sort(c.TagCodes[from:])
		c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
	})
}

// tier of the loyalty scheme: by purchases made, or −1 without any.
func (l *life) tier() int {
	made := 0
	for _, o := range l.orders {
		if !o.lost {
			made++
		}
	}
	switch {
	case made == 0:
		return -1
	case made < 4:
		return 0
	case made < 8:
		return 1
	}
	return 2
}

// flush hands the traits to the batch.
func (s *traitSheet) flush(ctx context.Context, b store.Batch) error {
	for i, f := range traitFields {
		if len(s.who[i]) == 0 {
			continue
		}
		if uint64(len(s.values[i].TagCodes)) > math.MaxUint32 {
			return fmt.Errorf("store the demo's %s: too many values at once", f.name)
		}
		if _, err := b.SetTrait(ctx, f.name, s.who[i], s.values[i]); err != nil {
			return fmt.Errorf("store the demo's %s: %w", f.name, err)
		}
	}
	s.clear()
	return nil
}
