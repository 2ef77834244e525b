package segmenttest

import "fmt"

// Crowd is a world of many customers who are copies of a few, so that an
// engine works on all of its blocks and ways of finding rows while a plain
// evaluation goes over the few.
type Crowd struct {
	Few, Many *World
	// Of is which of the few each of the many is a copy of.
	Of []int
	// Alike is how many copies there are of each.
	Alike []int
}

// Crowd makes the world made last into one of n customers. Some of the few are
// common there and some rare, and most, in some worlds, never did anything.
func (r *Random) Crowd(n int) Crowd {
	few := r.w
	few.Customers = append(few.Customers, Customer{ID: "nobody", Traits: map[string]any{}})
	many := *few
	many.Customers, many.Rows = nil, nil
	c := Crowd{Few: few, Many: &many, Alike: make([]int, len(few.Customers))}
	rows := make([][]Row, len(few.Customers))
	for _, row := range few.Rows {
		rows[row.Customer] = append(rows[row.Customer], row)
	}
	idle := pick(r, 0, 50, 90, 99)
	rare := pick(r, 1, 1, 30)
	for i := range n {
		of := r.IntN(len(few.Customers))
		if of%2 == 0 && r.IntN(rare) > 0 || r.often(idle) || len(rows[of]) > 50 && r.often(95) {
			of = len(few.Customers) - 1
		}
		if i < len(few.Customers) { // one of each, so that all values are there
			of = i
		}
		c.Of = append(c.Of, of)
	}
	r.Shuffle(n, func(i, j int) { c.Of[i], c.Of[j] = c.Of[j], c.Of[i] })
	for i, of := range c.Of {
		c.Alike[of]++
		many.Customers = append(many.Customers, Customer{ID: fmt.Sprintf("m%d", i), Traits: few.Customers[of].Traits})
		for _, row := range rows[of] {
			row.Customer = i
			many.Rows = append(many.Rows, row)
		}
	}
	return c
}

// Widen adds one customer more, of so many rows of an event, no two alike in
// anything, so that columns and dictionaries are wide. It is no copy of any:
// where customers are compared with others the few tell nothing any more.
func (r *Random) Widen(c Crowd, event string, rows int) {
	e, _ := c.Many.Event(event)
	who := len(c.Many.Customers)
	c.Many.Customers = append(c.Many.Customers, Customer{ID: "wide", Traits: map[string]any{}})
	for k := range rows {
		row := Row{Event: event, Customer: who, Time: r.time(), Props: r.values(e.Props)}
		if e.Tied {
			row.ID = fmt.Sprintf("w%d", k/2)
		}
		for _, p := range e.Props {
			if text, ok := row.Props[p.Name].(string); ok {
				row.Props[p.Name] = fmt.Sprintf("%s %d", text, k)
			}
		}
		c.Many.Rows = append(c.Many.Rows, row)
	}
}
