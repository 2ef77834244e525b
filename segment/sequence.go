package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// sequencePlan is a sequence with its window made absolute.
type sequencePlan struct {
	steps  []sequenceStep
	within syntax.Duration
	span   Span
	end    int64 // T: rows from here on do not exist
	text   string
}

type sequenceStep struct {
	not    bool
	event  string
	filter *Filter
	where  string
}

// condSequence asks whether a customer has the sequence.
type condSequence struct{ index int }

func (q *sequencePlan) String() string {
	var b strings.Builder
	for i, s := range q.steps {
		if i > 0 {
			b.WriteString(", ")
		}
		if s.not {
			b.WriteString("not ")
		}
		b.WriteString(syntax.Quote(s.event))
		if s.where != "" {
			b.WriteString(" where " + s.where)
		}
	}
	return fmt.Sprintf("%s, within %s, %s, events before %s", b.String(), q.within, q.span, microsString(q.end))
}

// sequenceRun is a sequence bound to a world. Steps of the same event have
// the same table number.
type sequenceRun struct {
	plan   *sequencePlan
	tables []*column.Table
	number []int
	pass   []func(int) bool
	// finds are the scans for the steps' rows; nil finds nothing.
	finds []*boundScan
	// inner tells of which steps rows other than an event's first are found.
	inner []bool
	// plain tells that times alone decide: no `not`, each step of another kind.
	plain bool
	// notLast tells that they do though there are `not` steps: these come last.
	notLast bool
	// most is more than may lie between the first event and the last.
	most int64
	// musts are the steps that must happen, those of the fewest rows first: who
	// lacks one need not be asked about the others.
	musts []int
}

func newSequenceRun(q *sequencePlan, world *column.World, indexed map[string]bool) *sequenceRun {
	r := &sequenceRun{plan: q, plain: true, notLast: true, most: longest(q.within)}
	numbers := map[string]int{}
	for i, s := range q.steps {
		t := world.Tables[s.event]
		if t != nil && t.Len() == 0 {
			t = nil
		}
		if _, ok := numbers[s.event]; !ok {
			numbers[s.event] = len(numbers)
		} else {
			r.plain, r.notLast = false, false
		}
		r.tables, r.number = append(r.tables, t), append(r.number, numbers[s.event])
		var pass func(int) bool
		if t != nil && s.filter != nil {
			pass = s.filter.Bind(t)
		}
		r.pass = append(r.pass, pass)
		span := q.span
		if s.not || t != nil && t.Tied() { // an event's time is its earliest row's, and another may pass
			span.To = q.end
		}
		r.plain = r.plain && !s.not && t != nil && !t.Scattered
		r.notLast = r.notLast && (t == nil || !t.Scattered) && (s.not || i == 0 || !q.steps[i-1].not)
		find := bindScan(&scan{event: s.event, filter: s.filter, span: span}, t, indexed[s.event])
		inner := find != nil && t.Tied()
		if inner && s.filter == nil && t.Firsts != nil && !t.Scattered {
			find.filter, inner = firstsMarker(t), false
		}
		r.finds, r.inner = append(r.finds, find), append(r.inner, inner)
	}
	for i, s := range q.steps {
		if !s.not {
			r.musts = append(r.musts, i)
		}
	}
	rows := func(i int) int {
		if r.tables[i] == nil {
			return 0
		}
		return r.tables[i].Len()
	}
	slices.SortStableFunc(r.musts, func(a, b int) int { return cmp.Compare(rows(a), rows(b)) })
	return r
}

// happening is one event of a customer: its time is its earliest row's.
type happening struct {
	time  int64
	table int
	row   int // the earliest row, which places it among events of its table
}

// before tells that a comes before b in time, or was stored before it.
func (a happening) before(b happening) bool {
	return a.time < b.time || a.time == b.time && a.table == b.table && a.row < b.row
}

// follows tells that b may be the step after a: not earlier, and another
// event. Of two events of different kinds at one time either may come first.
func (a happening) follows(b happening) bool {
	return b.time > a.time || b.time == a.time && (a.table != b.table || b.row > a.row)
}

// sequenceScratch is the memory of one worker.
type sequenceScratch struct {
	lists  [][]happening
	chosen []happening
	failed map[[2]int]bool
	byID   map[uint32]int
	steps  []stepEvents
	// times and nots are lists of one customer's times, of steps that must
	// happen and of those that must not.
	times, nots [][]int64
}

// hasSequence tells whether the customer at a place of the block has the
// sequence: it tries the events that match the steps, in time order.
func (w *worker) hasSequence(r *sequenceRun, at int) bool {
	for len(w.seq.lists) < len(r.tables) {
		w.seq.lists = append(w.seq.lists, nil)
	}
	for i := range r.tables {
		list := w.seq.lists[i][:0]
		switch find := r.finds[i]; {
		case find == nil:
		case find.table.Scattered:
			list = w.scattered(r, i, uint32(w.lo+at), list)
		default:
			s := &w.seq.steps[i]
			for k := s.first[at]; k < s.end[at]; k++ {
				list = append(list, happening{s.times[k], r.number[i], int(s.rows[k])})
			}
		}
		w.seq.lists[i] = list
		if len(list) == 0 && !r.plan.steps[i].not {
			return false
		}
	}
	if w.seq.failed == nil {
		w.seq.failed = map[[2]int]bool{}
	}
	for i, a := range w.seq.lists[0] {
		if !r.plan.span.Has(a.time) {
			continue
		}
		if i%64 == 63 && w.ctx.Err() != nil {
			return false // the run ends with the context's error
		}
		limit := w.limit(a.time, r.plan.within)
		if len(w.seq.failed) > 0 {
			clear(w.seq.failed)
		}
		w.seq.chosen = append(w.seq.chosen[:0], a)
		if w.follow(r, 0, limit) {
			return true
		}
	}
	return false
}

// longest is more than a duration takes, in microseconds, whatever clocks and
// calendars do.
func longest(d syntax.Duration) int64 {
	days := map[syntax.Unit]int{syntax.Day: 1, syntax.Week: 7, syntax.Month: 31, syntax.Quarter: 92, syntax.Year: 366}[d.Unit]
	if days == 0 {
		days = 1 // hours and minutes
	}
	return (int64(bounded(d.N, days, 366*shiftYears)) + 3) * dayMicros
}

// limit is the last instant for the steps after one at t.
func (w *worker) limit(t int64, within syntax.Duration) int64 {
	switch within.Unit {
	case syntax.Day:
		return w.plan.calendar.later(t, bounded(within.N, 1, 366*shiftYears))
	case syntax.Week:
		return w.plan.calendar.later(t, bounded(within.N, 7, 366*shiftYears))
	}
	return micros(ahead(time.UnixMicro(t), within, w.plan.schema.Zone))
}

// follow looks for the steps after step k, whose event was chosen last.
func (w *worker) follow(r *sequenceRun, k int, limit int64) bool {
	next := k + 1
	for next < len(r.tables) && r.plan.steps[next].not {
		next++
	}
	prev := w.seq.chosen[len(w.seq.chosen)-1]
	if next == len(r.tables) {
		for i := k + 1; i < next; i++ {
			end := happening{time: min(limit, math.MaxInt64-1) + 1, table: -1}
			if anyBetween(w.seq.lists[i], prev, end) {
				return false
			}
		}
		return true
	}
	list := w.seq.lists[next]
	from := sort.Search(len(list), func(i int) bool { return list[i].time >= prev.time })
	for i := from; i < len(list) && list[i].time <= limit; i++ {
		b := list[i]
		if !r.plan.span.Has(b.time) || !w.fresh(b) || w.seq.failed[[2]int{next, i}] || w.broken(r, k, next, prev, b) {
			continue
		}
		w.seq.chosen = append(w.seq.chosen, b)
		if w.follow(r, next, limit) {
			return true
		}
		w.seq.chosen = w.seq.chosen[:len(w.seq.chosen)-1]
		if b.time > prev.time {
			w.seq.failed[[2]int{next, i}] = true // what came before made no difference
		}
	}
	return false
}

// fresh tells that b may come after all events chosen so far.
func (w *worker) fresh(b happening) bool {
	for _, a := range w.seq.chosen {
		if !a.follows(b) {
			return false
		}
	}
	return true
}

// broken tells whether a `not` step happened between a and b.
func (w *worker) broken(r *sequenceRun, k, next int, a, b happening) bool {
	for i := k + 1; i < next; i++ {
		if anyBetween(w.seq.lists[i], a, b) {
			return true
		}
	}
	return false
}

func anyBetween(list []happening, a, b happening) bool {
	from := sort.Search(len(list), func(i int) bool { return list[i].time >= a.time })
	for _, x := range list[from:] {
		if x.time > b.time {
			return false
		}
		if a.before(x) && x.before(b) {
			return true
		}
	}
	return false
}

// scattered lists the events before T that match step i, in time order, where
// an event's rows are no neighbours.
func (w *worker) scattered(r *sequenceRun, i int, who uint32, list []happening) []happening {
	t, pass := r.tables[i], r.pass[i]
	k := sort.Search(len(t.Who), func(k int) bool { return t.Who[k] >= who })
	if k == len(t.Who) || t.Who[k] != who {
		return list
	}
	start, end := bounds(t, int(t.Starts[k]), int(t.Starts[k+1]), Span{math.MinInt64, r.plan.end})
	if w.seq.byID == nil {
		w.seq.byID = map[uint32]int{}
	}
	clear(w.seq.byID)
	passed := map[int]bool{}
	for row := start; row < end; row++ {
		earliest := row
		if id := t.IDs[row]; id != 0 {
			if e, ok := w.seq.byID[id]; ok {
				earliest = e
			} else {
				w.seq.byID[id] = row
			}
		}
		if pass == nil || pass(row) {
			passed[earliest] = true
		}
	}
	for row := start; row < end; row++ {
		if passed[row] {
			list = append(list, happening{t.Time(row), r.number[i], row})
		}
	}
	return list
}
