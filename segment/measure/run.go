package measure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// run is one evaluation of a plan.
type run struct {
	plan     *Plan
	world    *column.World
	base     *segment.Set
	everyone bool
	end      int64 // T
	notes    []Note

	dims     []groupCodes
	multi    bool
	calendar *calendar // nil without periods
	periods  uint64    // at least 1; a key's period is key % periods
	groups   uint64    // keys of groups are below it
	has      [levels]bool
	whole    [levels]bool // all rows of a customer lie in one cell
	dense    bool         // keys are the cells' numbers
	index    [levels]*cellIndex
	scans    []*scan
	places   []place // by slot
	people   people
	days     *calendar // local days of all rows, where a slot asks for them
}

// Run takes the measures.
func (p *Plan) Run(ctx context.Context) (*Table, error) {
	r := &run{plan: p, end: microsOf(p.at), notes: append([]Note{}, p.notes...), periods: 1, groups: 1}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	for _, s := range r.scans {
		if s.table == nil || s.span.Empty() {
			continue
		}
		if err := r.scanAll(ctx, s); err != nil {
			return nil, err
		}
	}
	if err := r.gatherPeople(ctx); err != nil {
		return nil, err
	}
	return r.tabulate(ctx)
}

func (r *run) prepare(ctx context.Context) error {
	p := r.plan
	var err error
	if r.base, err = p.base.Run(ctx); err != nil {
		return fmt.Errorf("find the customers measured: %w", err)
	}
	for _, n := range r.base.Notes() {
		r.notes = addNote(r.notes, n)
	}
	r.everyone = r.base.Len() == r.base.N()
	if r.world, err = p.src.Load(ctx, p.need()); err != nil {
		return fmt.Errorf("load what the measures need: %w", err)
	}
	if err := r.bindDims(ctx); err != nil {
		return err
	}
	r.planScans()
	if err := r.bindCalendar(ctx); err != nil {
		return err
	}
	return r.shape()
}

// shape lays out the keys of cells: the period weighs 1, the groups more.
func (r *run) shape() error {
	r.has[levelAll] = true
	r.has[levelCells] = len(r.dims) > 0 || r.calendar != nil
	r.has[levelGroups] = len(r.dims) > 0 && r.calendar != nil
	if r.calendar != nil {
		r.periods = uint64(max(1, r.calendar.n))
	}
	weight := r.periods
	for i := range r.dims {
		g := &r.dims[i]
		g.stride = weight
		size := uint64(g.labels.size())
		if weight > math.MaxInt64/size {
			return &Error{Field: "group_by", Message: "these groups and periods cross in too many ways; take fewer of them"}
		}
		weight *= size
		r.multi = r.multi || g.multi
	}
	r.groups = weight / r.periods
	most := 0
	for _, s := range r.scans {
		if s.table != nil {
			most = max(most, s.table.Len())
		}
	}
	r.dense = r.keySpan(levelCells) <= uint64(max(fewKeys, most/8))
	traits := !slices.ContainsFunc(r.dims, func(g groupCodes) bool { return g.cust == nil })
	r.whole = [levels]bool{levelAll: true, levelGroups: traits, levelCells: traits && r.calendar == nil}
	for l := levelGroups; l < levels; l++ {
		if r.has[l] {
			r.index[l] = newIndex(r.keySpan(l), r.dense, nil)
		}
	}
	return nil
}

func (r *run) keySpan(level int) uint64 {
	if level == levelGroups {
		return r.groups
	}
	return r.groups * r.periods
}

// planScans puts the slots over rows into scans and streams.
func (r *run) planScans() {
	r.places = make([]place, len(r.plan.slots))
	tagged := slices.ContainsFunc(r.dims, func(g groupCodes) bool { return g.multi })
	once := !slices.ContainsFunc(r.dims, func(g groupCodes) bool { return g.cust == nil || g.multi }) &&
		!slices.ContainsFunc(r.plan.slots, func(s *slot) bool { return s.fn == fnFirsts && s.filter != nil })
	for i, s := range r.plan.slots {
		if !s.overRows() || s.skip {
			r.places[i].none = true
			continue
		}
		firsts := s.fn == fnFirsts
		r.places[i] = r.place(s.event, firsts, s.filter, s.span, specOf(s, r.world.Tables[s.event], tagged, firsts && once))
	}
	r.people.place.none = true
	if r.plan.rowEvent != "" {
		for _, s := range r.plan.slots {
			if !s.overRows() {
				r.people.place = r.place(r.plan.rowEvent, false, r.plan.rowFilter, r.plan.span, accSpec{fn: fnCustomers})
				break
			}
		}
	}
	for _, s := range r.scans {
		s.span, s.once = s.streams[0].span, s.firsts && once
		for _, st := range s.streams {
			s.span = unite(s.span, st.span)
		}
		if t := s.table; t != nil && t.IDs != nil && !t.Scattered {
			if s.begins = t.Firsts; s.begins == nil {
				s.begins = make([]uint64, t.Len()/64+2)
				t.FindFirsts(0, len(t.Who), s.begins)
			}
		}
	}
}

func (r *run) place(event string, firsts bool, f *segment.Filter, span segment.Span, spec accSpec) place {
	var at place
	for at.scan = 0; at.scan < len(r.scans); at.scan++ {
		if s := r.scans[at.scan]; s.event == event && s.firsts == firsts {
			break
		}
	}
	if at.scan == len(r.scans) {
		s := &scan{event: event, firsts: firsts, table: r.world.Tables[event]}
		if s.table != nil && s.table.Len() == 0 {
			s.table = nil
		}
		r.scans = append(r.scans, s)
	}
	s := r.scans[at.scan]
	for at.stream = 0; at.stream < len(s.streams); at.stream++ {
		if st := s.streams[at.stream]; st.filter == f && st.span == span {
			break
		}
	}
	if at.stream == len(s.streams) {
		s.streams = append(s.streams, &stream{filter: f, span: span})
	}
	st := s.streams[at.stream]
	for at.acc = 0; at.acc < len(st.specs); at.acc++ {
		if st.specs[at.acc] == spec {
			return at
		}
	}
	st.specs = append(st.specs, spec)
	return at
}

// bindCalendar finds out which periods there are: those of the windows asked
// for, and where none was, those from the first to the last row.
func (r *run) bindCalendar(ctx context.Context) error {
	days := false
	for _, s := range r.plan.slots {
		switch s.fn {
		case fnDays, fnWeeks, fnMonths, fnGapDays, fnGaps:
			days = true
		}
	}
	per := r.plan.per
	if per == "" && !days {
		return nil
	}
	var asked, rows segment.Span
	extents := map[string]segment.Span{}
	add := func(event string, span segment.Span, bounded bool) {
		have, ok := extents[event]
		if !ok {
			have = r.extent(event, r.world.Tables[event])
			extents[event] = have
		}
		have = intersect(have, span)
		rows = unite(rows, have)
		switch {
		case !bounded || span.Empty():
			asked = unite(asked, have)
		case span.From > minTime:
			asked = unite(asked, span)
		case !have.Empty():
			asked = unite(asked, segment.Span{From: have.From, To: span.To})
		}
	}
	if r.plan.query.Window != nil {
		add("", r.plan.span, true) // its empty ends too
	}
	inside := false
	for _, s := range r.plan.slots {
		if s.overRows() {
			add(s.event, s.span, s.bounded)
		}
		inside = inside || !s.overRows()
	}
	if inside {
		r.insideSpans(add)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if days {
		r.days = newCalendar("day", r.plan.schema.Zone, rows)
		for _, s := range r.scans {
			if s.table != nil && slices.ContainsFunc([]slotFn{fnGaps, fnDays, fnWeeks, fnMonths}, s.asks) {
				s.days = newStepper(r.days, s.table.Clock)
			}
		}
	}
	if per == "" {
		return nil
	}
	if n := periodsIn(per, asked); n > maxPeriods {
		return &Error{Field: "per", Message: fmt.Sprintf("the rows span over %d periods of a %s; take longer periods or a shorter window", maxPeriods, per)}
	}
	r.calendar = newCalendar(per, r.plan.schema.Zone, asked)
	for _, s := range r.scans {
		if s.table != nil {
			s.periods = newStepper(r.calendar, s.table.Clock)
		}
	}
	r.notePartial(asked)
	return nil
}

// insideSpans adds what slots over customers look at, so that they have
// periods too.
func (r *run) insideSpans(add func(event string, span segment.Span, bounded bool)) {
	bounded := r.plan.query.Window != nil
	if r.plan.rowEvent != "" {
		add(r.plan.rowEvent, r.plan.span, bounded)
		return
	}
	if bounded {
		return
	}
	var events []string
	dates := false
	for _, s := range r.plan.slots {
		if s.trait != "" {
			dates = true
			add("", intersect(datesSpan(r.plan.schema, s.trait), r.plan.span), true)
		}
	}
	for _, s := range r.plan.slots {
		if s.overRows() {
			return
		}
		if s.trait != "" {
			continue
		}
		events = append(events, s.inside...)
	}
	for _, e := range r.plan.schema.Events {
		if e.Rows > 0 && !dates && (len(events) == 0 || slices.Contains(events, e.Name)) {
			s := segment.Span{From: e.First.UnixMicro(), To: e.Last.UnixMicro() + 1}
			add("", intersect(s, r.plan.span), true)
		}
	}
}

// notePartial notes the periods at either end that are measured in part.
func (r *run) notePartial(asked segment.Span) {
	c := r.calendar
	if folded(c.per) || c.n == 0 {
		return
	}
	from, to := c.bounds[0], c.bounds[c.n]
	if s := r.plan.span; r.plan.query.Window != nil && s.From > from {
		from = s.From
	}
	if s := r.plan.span; s.To < to && s.To > c.bounds[c.n-1] {
		to = s.To
	}
	ends := []int{0}
	if c.n > 1 {
		ends = append(ends, c.n-1)
	}
	for _, i := range ends {
		whole := c.span(i)
		part := intersect(whole, segment.Span{From: from, To: to})
		if part != whole && !part.Empty() {
			r.notes = addNote(r.notes, newNote(NotePartial, "period", c.key(i), "from", c.moment(part.From, 0), "to", c.moment(part.To, 1)))
		}
	}
}

// extent spans the rows of the base's customers before T.
func (r *run) extent(event string, t *column.Table) segment.Span {
	var all segment.Span
	if t == nil {
		return all
	}
	if e, ok := r.plan.schema.Event(event); ok && r.everyone && e.Rows == t.Len() && e.Rows > 0 {
		// The catalogue knows of all rows.
		if from, to := e.First.UnixMicro(), e.Last.UnixMicro(); to < r.end && from <= to {
			return segment.Span{From: from, To: to + 1}
		}
	}
	for k, who := range t.Who {
		if !r.everyone && !r.base.Has(int(who)) {
			continue
		}
		lo, hi := within(t, int(t.Starts[k]), int(t.Starts[k+1]), segment.Span{From: math.MinInt64, To: r.end})
		if lo < hi {
			all = unite(all, segment.Span{From: t.Time(lo), To: t.Time(hi-1) + 1})
		}
	}
	return all
}
