package feature

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// From is Build with the words that the data holds as of an instant, so that
// there are shares by them.
func From(ctx context.Context, src segment.Source, at time.Time, o Options) ([]Feature, error) {
	s := src.Schema()
	b := newBuilder(s, o)
	words := map[string][]string{}
	for ref, w := range o.Words {
		words[ref] = w
	}
	for _, e := range s.Events {
		for _, p := range e.Props {
			if err := gather(ctx, src, at, b, segment.FieldRef{Event: e.Name, Name: p.Name}, p, words); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range s.Traits {
		if err := gather(ctx, src, at, b, segment.FieldRef{Name: f.Name}, f, words); err != nil {
			return nil, err
		}
	}
	o.Words = words
	return Build(s, o), nil
}

// gather finds a field's words where they are few.
func gather(ctx context.Context, src segment.Source, at time.Time, b *builder, ref segment.FieldRef, f segment.Field, words map[string][]string) error {
	if f.Kind != column.Text && f.Kind != column.Tags || f.Set == 0 || !b.usable(ref) || words[ref.String()] != nil {
		return nil
	}
	d, err := src.Dict(ctx, ref)
	if err != nil {
		return fmt.Errorf("words of %s: %w", ref, err)
	}
	if d.Len() > mostDict {
		return nil
	}
	found, err := mostUsed(ctx, src, at, ref, d)
	if err != nil {
		return fmt.Errorf("words of %s: %w", ref, err)
	}
	words[ref.String()] = found
	return nil
}

// mostDict bounds the fields that are counted out at all.
const mostDict = 5000

// mostUsed are the words of a field that the rows before an instant (or the
// customers) have, by how many have them, then by the word.
func mostUsed(ctx context.Context, src segment.Source, at time.Time, ref segment.FieldRef, d *column.Dict) ([]string, error) {
	var need segment.Need
	if ref.Event == "" {
		need.AddTrait(ref.Name)
	} else {
		need.Add(ref.Event, ref.Name)
	}
	w, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	times := make([]int, d.Len()+1)
	c, before := w.Traits[ref.Name], func(int) bool { return true }
	if ref.Event != "" {
		t := w.Tables[ref.Event]
		if t == nil {
			return nil, nil
		}
		end := at.UnixMicro()
		c, before = t.Props[ref.Name], func(row int) bool { return t.Time(row) < end }
	}
	if c == nil {
		return nil, nil
	}
	for i := range c.Len() {
		if i%65536 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch {
		case !before(i):
		case c.Kind == column.Tags:
			for _, code := range c.TagsAt(i) {
				times[code]++
			}
		default:
			times[c.Code(i)]++
		}
	}
	var codes []uint32
	for code := 1; code < len(times); code++ {
		if times[code] > 0 {
			codes = append(codes, uint32(code))
		}
	}
	slices.SortFunc(codes, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(times[y], times[x]), cmp.Compare(d.Word(x), d.Word(y)))
	})
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = d.Word(code)
	}
	return words, nil
}
