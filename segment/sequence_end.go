package segment

// endsWithout is hasSequence where all steps are of different events and those
// that must not happen come last: then times alone decide. From an event of the
// first step it takes the earliest of each step between, and the latest of the
// last that is in time: the later that is, the fewer events come after it.
func (w *worker) endsWithout(r *sequenceRun, at int) bool {
	lists, nots := w.seq.times[:0], w.seq.nots[:0]
	for i := range r.finds {
		switch {
		case !r.plan.steps[i].not:
			lists = append(lists, w.seq.steps[i].of(at))
		case r.finds[i] != nil:
			nots = append(nots, w.seq.steps[i].of(at))
		}
	}
	w.seq.times, w.seq.nots = lists, nots
	for _, start := range lists[0] {
		if start < r.plan.span.From {
			continue
		}
		if start >= r.plan.span.To {
			return false
		}
		t := start
		for i := 1; i < len(lists); i++ {
			if lists[i] = since(lists[i], t); len(lists[i]) == 0 {
				return false
			}
			t = lists[i][0]
		}
		if t >= r.plan.span.To || t-start > r.most {
			continue
		}
		limit := w.limit(start, r.plan.within)
		if t > limit {
			continue
		}
		if n := len(lists); n > 1 {
			for _, later := range lists[n-1] {
				if later > limit || later >= r.plan.span.To {
					break
				}
				t = later
			}
		}
		if !anyAfter(nots, t, limit) {
			return true
		}
	}
	return false
}

// since leaves the times from an instant on.
func since(times []int64, t int64) []int64 {
	for len(times) > 0 && times[0] < t {
		times = times[1:]
	}
	return times
}

// anyAfter tells whether an event comes after an instant, up to a limit.
func anyAfter(nots [][]int64, t, limit int64) bool {
	for _, times := range nots {
		if rest := since(times, t+1); len(rest) > 0 && rest[0] <= limit {
			return true
		}
	}
	return false
}
