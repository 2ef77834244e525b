package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// SetTrait sets a trait of the listed customers. Only values that differ from
// what is there are stored.
func (b *batch) SetTrait(ctx context.Context, trait string, customers []uint32, values *column.Column) (int, error) {
	doing := "set trait " + trait
	if err := b.usable(ctx); err != nil {
		return 0, err
	}
	ref := segment.FieldRef{Name: trait}
	if err := b.checkTrait(ref, customers, values); err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	now, err := b.current(ctx, trait)
	if err != nil {
		return 0, b.fail(ctx, doing, err)
	}
	// The last set value of each customer, and only where it is news.
	last := make(map[uint32]uint32, len(customers))
	for i, c := range customers {
		if values.IsSet(i) {
			last[c] = uint32(i)
		}
	}
	var changed []uint32
	for i, c := range customers {
		if at, ok := last[c]; ok && at == uint32(i) && !equalCells(now, int(c), values, i) {
			changed = append(changed, uint32(i))
		}
	}
	if len(changed) == 0 {
		return 0, nil
	}
	slices.SortFunc(changed, func(a, b uint32) int { return int(customers[a]) - int(customers[b]) })
	who, starts := owners(gatherBy(customers, changed))
	f := b.cat.fields[ref]
	s := &sheet{order: changed, who: who, starts: starts, names: map[int64]string{}}
	s.add(f.id, "value", values)
	p := &part{of: ref, rows: len(changed), first: math.MaxInt64, last: math.MinInt64}
	if err := b.storePart(ctx, p, s); err != nil {
		return 0, b.fail(ctx, doing, err)
	}
	now = overwrite(now, who, values, changed)
	b.traits[trait] = now
	f.held = 0
	f.count(now, nil)
	return len(changed), nil
}

func (b *batch) checkTrait(ref segment.FieldRef, customers []uint32, values *column.Column) error {
	if ref.Name == "" {
		return errors.New("it has no name")
	}
	if err := b.checkColumn(ref, values, len(customers)); err != nil {
		return err
	}
	return checkCodes("customers", customers, b.Customers().Len()-1)
}

// current is the trait of all customers the batch knows, as it stands.
func (b *batch) current(ctx context.Context, trait string) (*column.Column, error) {
	customers := b.Customers().Len()
	now := b.traits[trait]
	if now == nil {
		var err error
		if now, err = (loader{tx: b.t.conn, cat: b.cat}).trait(ctx, trait, b.cat.fields[segment.FieldRef{Name: trait}]); err != nil {
			return nil, err
		}
	}
	if more := customers - now.Len(); more > 0 {
		now = gatherColumn(now.Kind, []*column.Column{now, blank(now.Kind, more)}, []run{{0, 0, uint32(now.Len())}, {1, 0, uint32(more)}})
	}
	b.traits[trait] = now
	return now, nil
}

// overwrite puts the values at rows in the places of the customers who.
func overwrite(now *column.Column, who []uint32, values *column.Column, rows []uint32) *column.Column {
	if now.Kind == column.Tags {
		var runs []run
		from := uint32(0)
		for i, c := range who {
			runs = append(runs, run{0, from, c}, run{1, rows[i], rows[i] + 1})
			from = c + 1
		}
		runs = append(runs, run{0, from, uint32(now.Len())})
		return gatherColumn(now.Kind, []*column.Column{now, values}, runs)
	}
	for i, c := range who {
		switch row := rows[i]; now.Kind {
		case column.Text:
			now.Codes[c] = values.Codes[row]
		case column.Number:
			now.Floats[c] = values.Floats[row]
		default:
			now.Ints[c] = values.Ints[row]
		}
	}
	return now
}
