package segment

// endsWithout is hasSequence where all steps are of different events and those
// that must not happen come last: then times alone decide. From an event of the
// first step it takes the earliest of each step between, and the latest of the
// last that is in time: the later that is, the fewer events come after it.
func (w *worker) endsWithout(r *sequenceRun, at uint32) bool {
	cursors, nots := w.seq.cursors[:0], w.seq.nots[:0]
	for i, find := range r.finds {
		switch {
		case !r.plan.steps[i].not:
			cursors = append(cursors, w.seq.steps[i].cursor(find.table, at))
		case find != nil:
			nots = append(nots, w.seq.steps[i].cursor(find.table, at))
		}
	}
	w.seq.cursors, w.seq.nots = cursors, nots
	for first := &cursors[0]; first.more(); first.skip() {
		start := first.time()
		if start < r.plan.span.From {
			continue
		}
		if start >= r.plan.span.To {
			return false
		}
		limit := w.limit(start, r.plan.within)
		latest := start
		for i := range cursors[1:] {
			c := &cursors[1+i]
			if !c.skipTo(latest) {
				return false
			}
			latest = c.time()
		}
		if latest > limit || latest >= r.plan.span.To {
			continue
		}
		if len(cursors) > 1 {
			for last := cursors[len(cursors)-1]; last.more(); last.skip() {
				t := last.time()
				if t > limit || t >= r.plan.span.To {
					break
				}
				latest = t
			}
		}
		if !anyAfter(nots, latest, limit) {
			return true
		}
	}
	return false
}

// anyAfter tells whether an event comes after an instant, up to a limit.
func anyAfter(nots []cursor, t, limit int64) bool {
	for _, c := range nots {
		if c.skipTo(t+1) && c.time() <= limit {
			return true
		}
	}
	return false
}
