package reengage

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// play is a flow being played.
type play struct {
	*Flow
	*clock
	active, bought, sent, left []*column.Table
	consent                    *column.Column
}

// never is a day that does not come.
const never = math.MaxInt32

// blockCustomers are played at a time; a multiple of 64, so that no two blocks
// share a word of a set.
const blockCustomers = 4096

// run plays all customers. Counts are whole numbers, so that it is the same in
// whatever order they are added up.
func (p *play) run(ctx context.Context, customers int) error {
	p.Byday = make([]Day, p.last-p.first+1)
	for k := range p.Byday {
		p.Byday[k].At = time.UnixMicro(p.midnights[p.first+k-1]).In(p.zone)
	}
	for k := range p.Inside {
		p.Inside[k] = segment.NewSet(customers)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	var together sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			w := &worker{play: p, days: make([][Steps]Step, len(p.Byday))}
			for ctx.Err() == nil {
				lo := int(next.Add(blockCustomers)) - blockCustomers
				if lo >= customers {
					break
				}
				w.block(lo, min(customers, lo+blockCustomers))
			}
			together.Lock()
			defer together.Unlock()
			w.addTo(p.Flow)
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, d := range p.Byday {
		for k := range d.Steps {
			p.Steps[k].add(d.Steps[k])
		}
	}
	p.Backlog = p.Byday[0].Steps[Message].Entered
	return nil
}

func (s *Step) add(o Step) {
	s.Entered += o.Entered
	s.CameBack += o.CameBack
	s.Unsubscribed += o.Unsubscribed
	s.Waiting += o.Waiting
	s.Bought += o.Bought
	s.Sent += o.Sent
}

// worker plays blocks of customers.
type worker struct {
	*play
	days                     [][Steps]Step
	customers, barred, never int

	acts, buys, sends, leaves []int32 // days of the customer at hand, from the first on
}

func (w *worker) addTo(f *Flow) {
	for k := range w.days {
		for step := range w.days[k] {
			f.Byday[k].Steps[step].add(w.days[k][step])
		}
	}
	f.Customers += w.customers
	f.Barred += w.barred
	f.Never += w.never
}

// cursor goes over the customers of some tables.
type cursor struct {
	tables []*column.Table
	at     []int
}

func newCursor(tables []*column.Table, lo int) cursor {
	c := cursor{tables: tables, at: make([]int, len(tables))}
	for k, t := range tables {
		c.at[k] = sort.Search(len(t.Who), func(i int) bool { return int(t.Who[i]) >= lo })
	}
	return c
}

// days lists the days from the first on that have rows of customer i, each
// once, and gives the day of the latest row before it: -1 where that is too
// long ago to matter, never where there is none.
func (c *cursor) days(w *worker, i int, to []int32) (days []int32, before int32) {
	days, before = to[:0], never
	for k, t := range c.tables {
		if c.at[k] >= len(t.Who) || int(t.Who[c.at[k]]) != i {
			continue
		}
		s, e := int(t.Starts[c.at[k]]), int(t.Starts[c.at[k]+1])
		c.at[k]++
		from := s + sort.Search(e-s, func(r int) bool { return t.Time(s+r) >= w.begin })
		if from > s {
			if day := int32(w.day(t.Time(from - 1))); before == never || day > before {
				before = day
			}
		}
		for r := from; r < e; r++ {
			at := t.Time(r)
			if at >= w.end {
				break
			}
			days = append(days, int32(w.day(at)))
		}
	}
	slices.Sort(days)
	return slices.Compact(days), before
}

func (w *worker) block(lo, hi int) {
	active, bought, sent, left := newCursor(w.active, lo), newCursor(w.bought, lo), newCursor(w.sent, lo), newCursor(w.left, lo)
	for i := lo; i < hi; i++ {
		var before, gone int32
		w.acts, before = active.days(w, i, w.acts)
		w.buys, _ = bought.days(w, i, w.buys)
		w.sends, _ = sent.days(w, i, w.sends)
		w.leaves, gone = left.days(w, i, w.leaves)
		if w.Query.Base != nil && !w.Query.Base.Has(i) {
			continue
		}
		leaves := int32(never)
		switch {
		case gone != never, w.Consent != "" && (w.consent == nil || !w.consent.IsSet(i) || w.consent.Int(i) == 0):
			leaves = -1
		case len(w.leaves) > 0:
			leaves = w.leaves[0]
		}
		w.customer(i, before, leaves)
	}
}

// customer plays one customer, whose latest activity before the first day was
// on the day before, and who may be written to up to the day leaves.
func (w *worker) customer(i int, before, leaves int32) {
	acts := w.acts
	if before == never {
		if len(acts) == 0 {
			w.never++
			return
		}
		before, acts = acts[0], acts[1:]
	}
	entered := false
	for {
		// The first day before which the silence was long enough.
		day := max(int32(w.first), before+int32(w.Query.Days)+1)
		if len(acts) > 0 && acts[0] < day {
			before, acts = acts[0], acts[1:]
			continue
		}
		if day > int32(w.last) {
			break
		}
		back := int32(never)
		if len(acts) > 0 {
			back = acts[0]
		}
		if leaves < day {
			w.barred++
		} else {
			entered = true
			w.flow(i, day, back, leaves)
		}
		if back == never {
			break
		}
		before, acts = back, acts[1:]
	}
	if entered {
		w.customers++
	}
}

// flow plays one way through the steps from a day on.
func (w *worker) flow(i int, day, back, leaves int32) {
	due := [Steps]int32{int32(w.Query.LastCall), int32(w.Query.Remove), never}
	for step, wait := range due {
		until := int32(never) // the next step
		if wait != never {
			until = day + wait
		}
		s := &w.days[int(day)-w.first][step]
		s.Entered++
		if has(w.buys, day, until) {
			s.Bought++
		}
		if has(w.sends, day, until) {
			s.Sent++
		}
		switch {
		case back < until && back <= leaves:
			s.CameBack++
			return
		case leaves < until:
			s.Unsubscribed++
			return
		case until > int32(w.last):
			s.Waiting++
			w.Inside[step].Add(i)
			return
		}
		day = until
	}
}

// has tells whether one of the days lies in [from, to).
func has(days []int32, from, to int32) bool {
	k, _ := slices.BinarySearch(days, from)
	return k < len(days) && days[k] < to
}
