package measure

import "tesela/segment/column"

// eventsAcc counts distinct events, the customers who have one and those who
// have two. Rows come by customer, so the last event and customer seen in a
// cell tell whether the next is new.
type eventsAcc struct {
	ids       []uint32 // nil: every row is its own event
	scattered bool
	cells     []eventCell
	seen      map[uint64]struct{} // scattered: cell and id of the customer at hand
	whose     uint32
}

type eventCell struct {
	who, id, run             uint32 // who is the customer + 1
	events, doers, repeaters int64
}

func (a *eventsAcc) grow(n int)     { a.cells = extend(a.cells, n) }
func (a *eventsAcc) folds() folding { return foldsCustomers }
func (a *eventsAcc) crowds() bool   { return a.ids == nil || !a.scattered }

func (a *eventsAcc) addCrowd(c *crowd) {
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		n := int64(countBits(c.fresh, lo, hi))
		cell := &a.cells[c.cell(k)]
		cell.events += n
		cell.doers += int64(uint64(-n) >> 63)
		cell.repeaters += int64(uint64(1-n) >> 63)
	}
}

func (a *eventsAcc) add(b *block) {
	who := b.customers()
	if a.ids != nil && a.scattered {
		a.addScattered(b)
		return
	}
	if a.ids == nil {
		for i, who := range who {
			a.cells[b.cell(i)].count(who + 1)
		}
		return
	}
	for i, r := range b.list() {
		c := &a.cells[b.cell(i)]
		who, id := who[i]+1, a.ids[r]
		if c.who == who && id != 0 && c.id == id {
			continue
		}
		c.id = id
		c.count(who)
	}
}

func (c *eventCell) count(who uint32) {
	if c.who != who {
		c.who, c.run = who, 0
	}
	c.run++
	c.events++
	switch c.run {
	case 1:
		c.doers++
	case 2:
		c.repeaters++
	}
}

func (a *eventsAcc) addScattered(b *block) {
	customers := b.customers()
	for i, r := range b.list() {
		who, id := customers[i]+1, a.ids[r]
		if id != 0 {
			if a.whose != who {
				a.whose = who
				if a.seen == nil || len(a.seen) > 256 {
					a.seen = map[uint64]struct{}{}
				} else {
					clear(a.seen)
				}
			}
			k := uint64(b.cell(i))<<32 | uint64(id)
			if _, ok := a.seen[k]; ok {
				continue
			}
			a.seen[k] = struct{}{}
		}
		a.cells[b.cell(i)].count(who)
	}
}

func (a *eventsAcc) merge(o acc, to []uint32) {
	for i, c := range o.(*eventsAcc).cells {
		t := &a.cells[target(to, i)]
		t.events += c.events
		t.doers += c.doers
		t.repeaters += c.repeaters
	}
}

func (a *eventsAcc) tell(seen []bool) {
	for i, c := range a.cells {
		seen[i] = seen[i] || c.events > 0
	}
}

func (a *eventsAcc) read(s *slot, cell int) value {
	if cell >= len(a.cells) {
		return intValue(0)
	}
	c := a.cells[cell]
	switch s.fn {
	case fnDoers, fnFirsts:
		return intValue(c.doers)
	case fnRepeaters:
		return intValue(c.repeaters)
	}
	return intValue(c.events)
}

// edgeAcc keeps the earliest or latest row. Among rows of the same time the
// earliest is the first, the latest the last in the table.
type edgeAcc struct {
	table *column.Table
	last  bool
	best  []int32 // row + 1
	show  func(s *slot, row int) value
}

func (a *edgeAcc) grow(n int)     { a.best = extend(a.best, n) }
func (a *edgeAcc) folds() folding { return foldsAlways }

func (a *edgeAcc) put(c uint32, r int32) {
	old := a.best[c] - 1
	if old >= 0 {
		t, o := a.table.Time(int(r)), a.table.Time(int(old))
		if t == o {
			t, o = int64(r), int64(old)
		}
		if a.last == (t < o) {
			return
		}
	}
	a.best[c] = r + 1
}

func (a *edgeAcc) add(b *block) {
	for i, r := range b.list() {
		a.put(b.cell(i), r)
	}
}

func (a *edgeAcc) merge(o acc, to []uint32) {
	for i, r := range o.(*edgeAcc).best {
		if r > 0 {
			a.put(target(to, i), r-1)
		}
	}
}

func (a *edgeAcc) read(s *slot, cell int) value {
	if cell >= len(a.best) || a.best[cell] == 0 {
		return value{}
	}
	return a.show(s, int(a.best[cell]-1))
}

// whoAcc lists the customers of each cell, ascending.
type whoAcc struct{ list [][]uint32 }

func (a *whoAcc) grow(n int)     { a.list = extend(a.list, n) }
func (a *whoAcc) folds() folding { return foldsNever }
func (a *whoAcc) inOrder()       {}

func (a *whoAcc) add(b *block) {
	for i, who := range b.customers() {
		c := b.cell(i)
		l := a.list[c]
		if n := len(l); n == 0 || l[n-1] != who {
			a.list[c] = append(l, who)
		}
	}
}

func (a *whoAcc) merge(o acc, to []uint32) {
	for i, l := range o.(*whoAcc).list {
		a.list[target(to, i)] = append(a.list[target(to, i)], l...)
	}
}

func (a *whoAcc) read(_ *slot, cell int) value {
	if cell >= len(a.list) {
		return intValue(0)
	}
	return intValue(int64(len(a.list[cell])))
}
