package tools

import (
	"context"
	_ "embed"
	"slices"

	"tesela/segment/course"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed review_segments.md
var reviewSegmentsText string

// What is said of a saved segment. The first that fits is its state.
const (
	stateBroken    = "broken"    // its formula no longer fits the data
	stateDead      = "dead"      // nobody is in it
	stateEveryone  = "everyone"  // nearly everybody is
	stateDuplicate = "duplicate" // the customers of another
	stateClose     = "close"     // nearly those of another
	stateTiny      = "tiny"      // fewer customers than min_size
	stateUnused    = "unused"    // no kept answer and no other segment uses it
	stateContained = "contained" // all its customers are in another
	stateFine      = "fine"
)

// The thresholds of a review: from which share on a segment is nearly
// everybody, and from which overlap on (Jaccard) two are nearly the same.
const (
	nearlyEveryone = 0.95
	nearlySame     = 0.8
)

// monthsBack is how far back the end of an empty segment is looked for.
const monthsBack = 24

func reviewSegments(ctx context.Context, c *call, args *ReviewSegmentsArgs) (*Result, error) {
	saved := c.saved
	if args.MinSize == 0 {
		args.MinSize = max(50, (c.schema.Customers+199)/200)
	}
	seen, err := course.FirstSeen(ctx, c.src)
	if err != nil {
		return nil, err
	}
	p := &portfolio{call: c, args: args, saved: saved}
	list := make([]course.Holding, len(saved))
	for i, s := range saved {
		list[i].Name = s.Name
		if f, ok := c.src.Saved(s.Name); ok {
			list[i].Formula = f
		} else {
			list[i].Formula, list[i].Err = syntax.Parse(s.Formula)
		}
	}
	quarter := syntax.Duration{N: 3, Unit: syntax.Month}
	before := course.Back(c.at, quarter, c.schema.Zone)
	ends, _ := course.Ends(course.Back(c.at, syntax.Duration{N: monthsBack, Unit: syntax.Month}, c.schema.Zone), c.at, "month", c.schema.Zone, monthsBack+2)
	past := pastOf(ends)
	if p.held, err = course.Portfolio(ctx, c.src, list, seen, c.at, before, past); err != nil {
		return nil, err
	}
	if p.pairs, err = course.Overlaps(ctx, p.held); err != nil {
		return nil, err
	}
	if p.used, err = c.lastUses(ctx, saved); err != nil {
		return nil, err
	}
	p.judge()
	r := &Result{
		Title:  c.say("title_review_segments", nil),
		Values: map[string]any{"segments": len(saved)},
		Units:  map[string]string{},
		Columns: []Column{
			{Name: "segment", Kind: "text"},
			{Name: "customers", Kind: "count", Unit: "customers"},
			{Name: "share", Kind: "rate"},
			{Name: "growth", Kind: "rate"},
			{Name: "last_used", Kind: "date"},
			{Name: "state", Kind: "text"},
			{Name: "other", Kind: "text"},
			{Name: "both", Kind: "count", Unit: "customers"},
			{Name: "jaccard", Kind: "rate"},
		},
		Rows: [][]any{},
	}
	p.rows(r)
	p.merges(r)
	p.notes(course.DateAt(before, c.at, c.schema.Zone))
	return r, nil
}

// portfolio is a review under way; all lists go by the saved segments' places.
type portfolio struct {
	*call
	args   *ReviewSegmentsArgs
	saved  []store.Segment
	held   []course.Holding
	pairs  []course.Overlap
	used   []use
	states []string
	// other is for each segment the one it is nearest to, as a pair, or -1.
	nearest []int
}

// judge finds each segment's state and the pair that says most of it.
func (p *portfolio) judge() {
	p.states, p.nearest = make([]string, len(p.held)), make([]int, len(p.held))
	for i, h := range p.held {
		p.nearest[i] = slices.IndexFunc(p.pairs, func(o course.Overlap) bool { return o.A == i || o.B == i })
		size := 0
		if h.Now != nil {
			size = h.Now.Len()
		}
		same, close, inside := -1, -1, -1
		for k, o := range p.pairs {
			if o.A != i && o.B != i {
				continue
			}
			switch {
			case o.InA && o.InB:
				same = first(same, k)
			case o.Jaccard >= nearlySame:
				close = first(close, k)
			case o.InB && o.A == i || o.InA && o.B == i:
				inside = first(inside, k)
			}
		}
		state := stateFine
		switch {
		case h.Err != nil:
			state = stateBroken
		case size == 0:
			state = stateDead
		case float64(size) >= nearlyEveryone*float64(p.schema.Customers):
			state = stateEveryone
		case same >= 0:
			state, p.nearest[i] = stateDuplicate, same
		case close >= 0:
			state, p.nearest[i] = stateClose, close
		case size < p.args.MinSize:
			state = stateTiny
		case p.used[i].never():
			state = stateUnused
		case inside >= 0:
			state, p.nearest[i] = stateContained, inside
		}
		p.states[i] = state
	}
}

// first keeps a place that was found already.
func first(had, found int) int {
	if had >= 0 {
		return had
	}
	return found
}

func (p *portfolio) rows(r *Result) {
	counts := map[string]int{}
	for i, h := range p.held {
		counts[p.states[i]]++
		row := []any{h.Name, nil, nil, nil, p.used[i].cell(p.schema), p.states[i], nil, nil, nil}
		if h.Err == nil {
			n := h.Now.Len()
			row[1], row[2] = n, share(n, p.schema.Customers)
			if h.Before > 0 {
				row[3] = float64(n)/float64(h.Before) - 1
			}
		}
		if k := p.nearest[i]; k >= 0 {
			o := p.pairs[k]
			row[6], row[7], row[8] = p.held[o.A+o.B-i].Name, o.Both, o.Jaccard
		}
		r.Rows = append(r.Rows, row)
	}
	for _, state := range []string{stateBroken, stateDead, stateEveryone, stateDuplicate, stateClose, stateTiny, stateUnused, stateContained, stateFine} {
		r.Values[state] = counts[state]
	}
}
