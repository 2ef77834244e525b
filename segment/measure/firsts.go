package measure

// firsts gives the first events ever of the customers at hand to the streams,
// those of the base's customers that fall in the scan's span. The rows of an
// event all stand in its time, that of its earliest row; where they share a cell
// as customers do, and nothing is asked of them, the earliest does for all.
func (w *worker) firsts() {
	t := w.scan.table
	rows, at := w.rows[:0], w.listed[:0]
	w.who = w.who[:0]
	one := w.scan.once
	for k := w.from; k < w.to; k++ {
		lo, hi := int(t.Starts[k]), int(t.Starts[k+1])
		if lo == hi || !w.everyone && !w.base.Has(int(t.Who[k])) {
			continue
		}
		if w.span != nil && !w.scan.span.Has(t.Time(lo)) {
			continue
		}
		rows, at, w.who = append(rows, int32(lo)), append(at, int32(lo)), append(w.who, t.Who[k])
		if one || t.IDs == nil || t.IDs[lo] == 0 {
			continue
		}
		for r := lo + 1; r < hi; r++ {
			if t.IDs[r] == t.IDs[lo] && t.Time(r) < w.end {
				rows, at, w.who = append(rows, int32(r)), append(at, int32(lo)), append(w.who, t.Who[k])
			} else if !t.Scattered {
				break
			}
		}
	}
	w.rows, w.listed = rows, at
	for i := range w.tasks {
		b := block{w: w, base: w.lo, rows: rows, at: at, who: w.who}
		if filter := w.tasks[i].filter; filter != nil || w.tasks[i].span != nil {
			b = w.pass(&w.tasks[i], w.scan.streams[i], b)
		}
		if len(b.rows) > 0 {
			w.give(&w.tasks[i], b)
		}
	}
}

// pass takes the rows of first events that a stream wants.
func (w *worker) pass(k *task, st *stream, b block) block {
	n := words(w.hi - w.lo)
	if k.filter != nil {
		w.marks = extend(w.marks[:0], n)
		k.filter(w.lo, w.hi, w.marks)
	}
	to := b
	to.rows, to.at, to.who = []int32{}, []int32{}, []uint32{}
	for i, r := range b.rows {
		j := int(r) - w.lo
		if k.filter != nil && w.marks[j>>6]>>(j&63)&1 == 0 || k.span != nil && !st.span.Has(w.scan.table.Time(int(b.at[i]))) {
			continue
		}
		to.rows, to.at, to.who = append(to.rows, r), append(to.at, b.at[i]), append(to.who, b.who[i])
	}
	return to
}
