package bench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// Floor is what a loop written for one question alone takes over the same rows
// in plain slices, on one core: how far down the engine could get. Loops know
// what the engine must find out: that ids are neighbours, that amounts are
// set, that days are UTC.
type Floor struct {
	Name string  `json:"name"`
	CPU  float64 `json:"cpu_ms"` // the least of several
}

// floorLoops are by the names of Formulas and Measures.
var floorLoops = []struct {
	name string
	loop func(w *column.World, set *segment.Set) // measures leave the set alone
}{
	{"frequency", func(w *column.World, set *segment.Set) {
		t := w.Tables["order"]
		for k, who := range t.Who {
			n, last := 0, uint32(0)
			for _, id := range t.IDs[t.Starts[k]:t.Starts[k+1]] {
				if id != last {
					n, last = n+1, id
				}
			}
			if n >= 5 {
				set.Add(int(who))
			}
		}
	}},
	{"inactive 60 days", func(w *column.World, set *segment.Set) {
		t, limit := w.Tables["order"], End.AddDate(0, 0, -61).UnixMicro()
		for k, who := range t.Who {
			if t.Times[t.Starts[k+1]-1] < limit {
				set.Add(int(who))
			}
		}
	}},
	{"spend over a threshold", func(w *column.World, set *segment.Set) {
		t, limit := w.Tables["order"], End.AddDate(-1, 0, 0).UnixMicro()
		amount := t.Props["amount"].Ints
		for k, who := range t.Who {
			sum := int64(0)
			for i := int(t.Starts[k+1]) - 1; i >= int(t.Starts[k]) && t.Times[i] >= limit; i-- {
				sum += amount[i]
			}
			if sum > 50000 {
				set.Add(int(who))
			}
		}
	}},
	{"frequency with filter", frequencyWithFilter},
	{"sequence without an order", sequenceWithoutOrder},
	{"visits by hour", func(w *column.World, _ *segment.Set) {
		var hours [24]int
		for _, at := range w.Tables["visit"].Times {
			hours[uint64(at)/3600e6%24]++
		}
	}},
	{"revenue by month and category", func(w *column.World, _ *segment.Set) {
		t := w.Tables["order"]
		first := time.UnixMicro(slices.Min(t.Times)).UTC().Truncate(24 * time.Hour)
		var months []int
		for d := first; d.Before(End); d = d.AddDate(0, 0, 1) {
			months = append(months, (d.Year()-first.Year())*12+int(d.Month())-1)
		}
		sums := make([]int64, 16*(months[len(months)-1]+1))
		codes, amount := t.Props["category"].Codes, t.Props["amount"].Ints
		from := first.UnixMicro()
		for i, at := range t.Times {
			sums[months[uint64(at-from)/uint64(day)]<<4|int(codes[i]&15)] += amount[i]
		}
	}},
}

// frequencyWithFilter goes over the categories first, all customers together,
// and over the rest of a row only where that passes.
func frequencyWithFilter(w *column.World, set *segment.Set) {
	t, limit := w.Tables["order"], End.AddDate(0, -6, 0).UnixMicro()
	shoes, _ := t.Props["category"].Dict.Code("Shoes")
	codes, amount := t.Props["category"].Codes, t.Props["amount"].Ints
	const stretch = 1 << 14
	picked := make([]uint32, stretch)
	k, whose, n, last := 0, -1, 0, uint32(0)
	for from := 0; from < len(codes); from += stretch {
		m := 0
		for i, c := range codes[from:min(from+stretch, len(codes))] {
			picked[m] = uint32(from + i)
			if c == shoes {
				m++
			}
		}
		for _, row := range picked[:m] {
			if amount[row] <= 5000 || t.Times[row] < limit {
				continue
			}
			for t.Starts[k+1] <= row {
				k++
			}
			if k != whose {
				whose, n, last = k, 0, 0
			}
			if t.IDs[row] != last {
				n, last = n+1, t.IDs[row]
			}
			if n == 2 {
				set.Add(int(t.Who[k]))
			}
		}
	}
}

// sequenceWithoutOrder starts from the few recent visits and moves along the
// other two tables, looking nobody up.
func sequenceWithoutOrder(w *column.World, set *segment.Set) {
	v, c, o := w.Tables["visit"], w.Tables["cart"], w.Tables["order"]
	limit := End.AddDate(0, 0, -30).UnixMicro()
	shoes, _ := v.Props["section"].Dict.Code("Shoes")
	sections := v.Props["section"].Codes
	// rows moves the cursor to a customer and gives the rows' times.
	rows := func(t *column.Table, at *int, who uint32) []int64 {
		for *at < len(t.Who) && t.Who[*at] < who {
			*at++
		}
		if *at == len(t.Who) || t.Who[*at] != who {
			return nil
		}
		return t.Times[t.Starts[*at]:t.Starts[*at+1]]
	}
	ordered := func(times []int64, after, upto int64) bool {
		return slices.ContainsFunc(times, func(at int64) bool { return at > after && at <= upto })
	}
	carts, orders := 0, 0
	for k, who := range v.Who {
		for i := int(v.Starts[k+1]) - 1; i >= int(v.Starts[k]) && v.Times[i] >= limit; i-- {
			if sections[i] != shoes {
				continue
			}
			from, upto := v.Times[i], v.Times[i]+day
			for _, cart := range rows(c, &carts, who) {
				if cart >= from && cart <= upto && !ordered(rows(o, &orders, who), cart, upto) {
					set.Add(int(who))
				}
			}
		}
	}
}

// unpacked has the columns of a world as plain slices.
func unpacked(w *column.World) *column.World {
	out := &column.World{Customers: w.Customers, Tables: map[string]*column.Table{}}
	for name, t := range w.Tables {
		own := *t
		own.Props = map[string]*column.Column{}
		if own.Clock = nil; t.Clock != nil {
			for i := range t.Len() {
				own.Times = append(own.Times, t.Time(i))
			}
		}
		for prop, c := range t.Props {
			plain := &column.Column{Kind: c.Kind, Dict: c.Dict}
			for i := range c.Len() {
				if c.Kind == column.Text {
					plain.Codes = append(plain.Codes, c.Code(i))
				} else {
					plain.Ints = append(plain.Ints, c.Int(i))
				}
			}
			own.Props[prop] = plain
		}
		out.Tables[name] = &own
	}
	return out
}

// RunFloors times the loops, those of formulas after a look at whether they
// are right.
func (e *Engines) RunFloors(ctx context.Context, times int, tell func(Floor)) ([]Floor, error) {
	var need segment.Need
	for _, c := range [][2]string{{"order", "category"}, {"order", "amount"}, {"visit", "section"}, {"cart", ""}} {
		need.Add(c[0], c[1])
	}
	w, err := e.src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	w = unpacked(w)
	var out []Floor
	for _, f := range floorLoops {
		set := segment.NewSet(w.Customers)
		f.loop(w, set)
		if formula, err := findFormula(f.name); err == nil {
			want, err := e.Segment(ctx, formula)
			if err != nil {
				return nil, err
			}
			if !want.Equal(set) {
				return nil, fmt.Errorf("the loop for %q finds %d members, not %d", f.name, set.Len(), want.Len())
			}
		}
		least := time.Duration(math.MaxInt64)
		for range times {
			before := cpuTime()
			f.loop(w, segment.NewSet(w.Customers))
			least = min(least, cpuTime()-before)
		}
		one := Floor{f.name, millis(least)}
		tell(one)
		out = append(out, one)
	}
	return out, ctx.Err()
}
