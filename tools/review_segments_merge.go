package tools

import (
	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/syntax"
)

// mostMerges is how many merges are proposed.
const mostMerges = 10

// merges proposes for duplicates to keep one, for nearly equal segments the
// both of them in one, and for tiny ones that lie mostly in another to widen
// that. A segment is part of one proposal only.
func (p *portfolio) merges(r *Result) {
	taken := make([]bool, len(p.held))
	propose := func(key string, keep, drop int, f syntax.Formula, set *segment.Set) {
		if len(r.Segments) == mostMerges || taken[keep] || taken[drop] {
			return
		}
		taken[keep], taken[drop] = true, true
		n := set.Len()
		a, b := p.held[keep], p.held[drop]
		both := a.Now.And(b.Now).Len()
		s := Segment{
			Name: a.Name + " + " + b.Name, Formula: f.String(), Size: n, Share: share(n, p.schema.Customers),
			Text: p.say(key, params{"keep": a.Name, "go": b.Name, "n": n, "both": both}),
			Overlaps: []Overlap{
				{Name: a.Name, Both: a.Now.Len(), Share: share(a.Now.Len(), n), Of: 1},
				{Name: b.Name, Both: b.Now.Len(), Share: share(b.Now.Len(), n), Of: 1},
			},
		}
		r.Segments = append(r.Segments, s)
	}
	whole := func(i int) bool { return p.states[i] == stateEveryone }
	for _, o := range p.pairs {
		keep, drop := p.keeper(o)
		a, b := p.held[keep], p.held[drop]
		switch {
		case whole(o.A) || whole(o.B):
		case o.InA && o.InB:
			propose("merge_same", keep, drop, a.Formula, a.Now)
		case o.Jaccard >= nearlySame && (o.InA || o.InB): // one of them is both
			big := p.held[o.A]
			if o.InB {
				big = p.held[o.B]
			}
			propose("merge_close", keep, drop, big.Formula, big.Now)
		case o.Jaccard >= nearlySame:
			propose("merge_close", keep, drop, syntax.Any(a.Formula, b.Formula), a.Now.Or(b.Now))
		}
	}
	for i, h := range p.held {
		if p.states[i] != stateTiny || taken[i] {
			continue
		}
		best := -1
		for k, o := range p.pairs {
			other := o.A + o.B - i
			if (o.A == i || o.B == i) && !whole(other) && !taken[other] && 2*o.Both >= h.Now.Len() && h.Now.Len() < p.held[other].Now.Len() &&
				(best < 0 || o.Both > p.pairs[best].Both) {
				best = k
			}
		}
		if best < 0 {
			continue
		}
		into := p.pairs[best].A + p.pairs[best].B - i
		big := p.held[into]
		if p.pairs[best].Both == h.Now.Len() {
			propose("merge_inside", into, i, big.Formula, big.Now)
		} else {
			propose("merge_tiny", into, i, syntax.Any(big.Formula, h.Formula), big.Now.Or(h.Now))
		}
	}
	r.Values["merges"] = len(r.Segments)
}

// keeper tells of two segments which to keep: the one that is used, else the
// one used last, else the one that was saved first.
func (p *portfolio) keeper(o course.Overlap) (keep, drop int) {
	a, b := p.used[o.A], p.used[o.B]
	switch {
	case len(a.by) > 0 != (len(b.by) > 0):
		if len(b.by) > 0 {
			return o.B, o.A
		}
	case !a.last.Equal(b.last):
		if b.last.After(a.last) {
			return o.B, o.A
		}
	case p.saved[o.B].Created.Before(p.saved[o.A].Created):
		return o.B, o.A
	}
	return o.A, o.B
}

// toldOverlaps is how many overlaps are told as notes.
const toldOverlaps = 5

// notes say why segments are what they are, and how segments overlap.
func (p *portfolio) notes(before course.Point) {
	if len(p.held) == 0 {
		p.note("review_none", nil)
		return
	}
	for i, h := range p.held {
		switch {
		case p.states[i] == stateBroken:
			reason := h.Err.Error()
			if faults := syntaxErrors(h.Err); len(faults) > 0 {
				reason = faults[0].Message
			}
			if !p.who.Person && h.Formula != nil && p.mentionsPersonal(h.Formula) {
				reason = p.say("review_personal", nil)
			}
			p.note("review_broken", params{"segment": h.Name, "reason": reason})
		case p.states[i] == stateDead && h.Lasting.IsZero():
			p.note("review_never", params{"segment": h.Name, "n": monthsBack})
		case p.states[i] == stateDead:
			p.note("review_dead", params{"segment": h.Name, "date": localDay(h.Lasting, p.schema)})
		}
	}
	told := 0
	for _, o := range p.pairs {
		key := "review_overlap"
		a, b := p.held[o.A], p.held[o.B]
		switch {
		case o.InA && o.InB && syntax.Equal(a.Formula, b.Formula):
			key = "review_equal"
		case o.InA && o.InB:
			key = "review_same"
		case o.InB:
			key = "review_inside"
		case o.InA:
			key, a, b = "review_inside", b, a
		case o.Jaccard < 0.2:
			continue
		}
		if told++; told > toldOverlaps {
			p.note("review_more", nil)
			break
		}
		p.note(key, params{"a": a.Name, "b": b.Name, "both": o.Both, "percent": percentText(o.Jaccard)})
	}
	p.note("review_growth", params{"date": before.String()})
	p.note("review_states", params{"n": p.args.MinSize, "everyone": percentText(nearlyEveryone), "close": percentText(nearlySame)})
	var nodes []syntax.Node
	for _, h := range p.held {
		if h.Err == nil {
			nodes = append(nodes, h.Formula)
		}
	}
	p.noteTimeless(nodes...)
}
