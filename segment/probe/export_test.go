package probe

import (
	"context"
	"maps"
	"math/big"
	"slices"
	"time"

	"tesela/segment/column"
	"tesela/segment/segmenttest"
)

// Suppose writes a change out into a world as tests have them, so that other
// engines can be asked what it does. The dictionaries are those of src.
func Suppose(w *segmenttest.World, src *segmenttest.Source, who int, edits []Edit) *segmenttest.World {
	p := &person{rows: map[string][]happened{}, traits: map[string]cell{}}
	for _, e := range edits {
		e.do(p)
	}
	out := *w
	out.Customers = slices.Clone(w.Customers)
	traits := maps.Clone(w.Customers[who].Traits)
	for name, v := range p.traits {
		delete(traits, name)
		for _, f := range w.Traits {
			if f.Name == name && v.set {
				traits[name] = plainly(w, src, "", f, v)
			}
		}
	}
	out.Customers[who].Traits = traits
	for event, rows := range p.rows {
		kind, _ := w.Event(event)
		var mine, others []segmenttest.Row
		for _, r := range out.Rows {
			if r.Event == event && r.Customer == who {
				mine = append(mine, r)
			} else {
				others = append(others, r)
			}
		}
		slices.SortStableFunc(mine, func(a, b segmenttest.Row) int { return a.Time.Compare(b.Time) })
		for _, h := range rows {
			r := segmenttest.Row{Event: event, Customer: who, Time: time.UnixMicro(h.time).In(w.Zone), Props: map[string]any{}}
			if h.from >= 0 {
				r.Props = maps.Clone(mine[h.from].Props)
				if h.id != 0 {
					r.ID = mine[h.from].ID
				}
			}
			for name, v := range h.props {
				delete(r.Props, name)
				for _, f := range kind.Props {
					if f.Name == name && v.set {
						r.Props[name] = plainly(w, src, event, f, v)
					}
				}
			}
			others = append(others, r)
		}
		out.Rows = others
	}
	return &out
}

func plainly(w *segmenttest.World, src *segmenttest.Source, event string, f segmenttest.Field, v cell) any {
	word := func(code uint32) string {
		d, err := src.Dict(context.Background(), fieldRef(event, f.Name))
		if err != nil {
			panic(err)
		}
		return d.Word(code)
	}
	switch f.Kind {
	case column.Text:
		return word(v.code)
	case column.Number:
		return v.float
	case column.Money:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(w.Digits)), nil)
		return new(big.Rat).SetFrac(big.NewInt(v.whole), scale)
	case column.Bool:
		return v.whole != 0
	case column.Time:
		return time.UnixMicro(v.whole).In(w.Zone)
	case column.Date:
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(v.whole))
	}
	var tags []string
	for _, code := range v.tags {
		tags = append(tags, word(code))
	}
	return tags
}
