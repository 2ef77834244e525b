package profile

import (
	"context"
	"math/big"
	"sort"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// events are a customer's events of one kind, by time.
type events struct {
	event string
	list  []occasion
}

// occasion is one event: its earliest row's time, and what its rows amount to.
type occasion struct {
	time   int64
	amount *big.Rat // nil where none is known
}

// load reads the events of a customer before T, in the order of the catalogue.
func load(ctx context.Context, src segment.Source, at time.Time, who int) ([]events, error) {
	s := src.Schema()
	var need segment.Need
	amounts := map[string]string{}
	for _, e := range s.Events {
		if e.Rows == 0 {
			continue
		}
		need.Add(e.Name, "")
		if name := amountOf(s, e); name != "" {
			need.Add(e.Name, name)
			amounts[e.Name] = name
		}
	}
	if len(need.Events) == 0 {
		return nil, nil
	}
	w, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	var all []events
	for _, e := range s.Events {
		t := w.Tables[e.Name]
		if t == nil {
			continue
		}
		k := sort.Search(len(t.Who), func(i int) bool { return t.Who[i] >= uint32(who) })
		if k == len(t.Who) || t.Who[k] != uint32(who) {
			continue
		}
		found, byID := events{event: e.Name}, map[uint32]int{}
		amount := t.Props[amounts[e.Name]]
		for row := int(t.Starts[k]); row < int(t.Starts[k+1]); row++ {
			if t.Time(row) >= at.UnixMicro() {
				break
			}
			found.add(t, row, amount, s.Digits, byID)
		}
		all = append(all, found)
	}
	return all, ctx.Err()
}

// amountOf is the property that tells what a purchase, or a refund, is worth.
func amountOf(s *segment.Schema, e segment.Event) string {
	of, p, ok := s.Property(s.Roles[amountRole])
	if !ok || p.Kind != column.Money && p.Kind != column.Number {
		return ""
	}
	if of.Name == e.Name {
		return p.Name
	}
	if e.Name == s.Roles[refundRole] {
		if q, ok := e.Prop(p.Name); ok && q.Kind == p.Kind {
			return q.Name
		}
	}
	return ""
}

// add takes a row in: with an id, rows of the same one are one event.
func (e *events) add(t *column.Table, row int, amount *column.Column, digits int, byID map[uint32]int) {
	id := uint32(0)
	if t.IDs != nil {
		id = t.IDs[row]
	}
	at, known := byID[id]
	if id == 0 || !known {
		at = len(e.list)
		e.list = append(e.list, occasion{time: t.Time(row)})
		byID[id] = at
	}
	if amount == nil || !amount.IsSet(row) {
		return
	}
	x := new(big.Rat)
	if amount.Kind == column.Money {
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
		x.SetFrac(big.NewInt(amount.Int(row)), scale)
	} else if x.SetFloat64(amount.Float(row)) == nil {
		return
	}
	if e.list[at].amount == nil {
		e.list[at].amount = new(big.Rat)
	}
	e.list[at].amount.Add(e.list[at].amount, x)
}
