package measure

// flush gives the rows at hand to the streams.
func (w *worker) flush() {
	b := &w.all
	n := len(b.rows)
	if n == 0 {
		return
	}
	b.run = int(b.rows[n-1]-b.rows[0]) == n-1
	if !w.scan.firsts && w.wantTimes {
		t := w.scan.table
		w.times = extend(w.times[:0], n)
		b.times = w.times
		if b.run {
			t.TimesFrom(int(b.rows[0]), b.times)
		} else {
			for i, r := range b.rows {
				b.times[i] = t.Time(int(r))
			}
		}
	}
	for i, st := range w.scan.streams {
		b := &w.all
		if st.pass != nil || st.span != w.scan.span {
			b = w.pick(i, st)
		}
		if len(b.rows) > 0 {
			w.stream(i, st, b)
		}
	}
	w.all.reset()
}

// pick takes the rows that a stream wants.
func (w *worker) pick(i int, st *stream) *batch {
	to, from := &w.some, &w.all
	to.reset()
	narrower := st.span != w.scan.span
	if mark := w.marks[i]; mark != nil && from.run && !narrower && !w.wantWho && !w.wantTimes {
		first, n := int(from.rows[0]), len(from.rows)
		var bits [blockRows / 64]uint64
		mark(first, first+n, bits[:])
		to.rows = marked(to.rows, bits[:(n+63)/64], first)
		to.run = len(to.rows) > 0 && int(to.rows[len(to.rows)-1]-to.rows[0]) == len(to.rows)-1
		return to
	}
	for i, r := range from.rows {
		if narrower && !st.span.Has(from.times[i]) || st.pass != nil && !st.pass(int(r)) {
			continue
		}
		to.rows = append(to.rows, r)
		if w.wantWho {
			to.who = append(to.who, from.who[i])
		}
		if w.wantTimes {
			to.times = append(to.times, from.times[i])
		}
	}
	return to
}

// stream adds rows to a stream's figures at every level.
func (w *worker) stream(i int, st *stream, b *batch) {
	accs := &w.c.accs[i]
	for _, a := range accs[levelAll] {
		if !w.folds(a, levelAll) {
			a.add(&block{rows: b.rows, run: b.run, who: b.who})
		}
	}
	if !w.has[levelCells] {
		return
	}
	b = w.number(b)
	w.level(levelCells, accs, b, 1)
	if w.has[levelGroups] {
		w.level(levelGroups, accs, b, w.periods)
	}
}

func (w *worker) level(l int, accs *[levels][]acc, b *batch, div uint64) {
	numbered := false
	for _, a := range accs[l] {
		if w.folds(a, l) {
			continue
		}
		if !numbered {
			w.cells = extend(w.cells[:0], len(b.keys))
			w.c.index[l].number(b.keys, div, w.cells)
			numbered = true
		}
		a.grow(len(w.c.index[l].keys))
		a.add(&block{b.rows, b.run, b.who, w.cells})
	}
}

// number gives each row the key of its cell; a row with several tags comes
// several times.
func (w *worker) number(b *batch) *batch {
	n := len(b.rows)
	b.keys = extend(b.keys[:0], n)
	switch {
	case w.scan.periods != nil:
		steps, clock := w.scan.periods, w.scan.table.Clock.U32
		if b.run {
			for i, x := range clock[b.rows[0] : int(b.rows[0])+n] {
				b.keys[i] = uint64(steps.Of(x))
			}
			break
		}
		for i, r := range b.rows {
			b.keys[i] = uint64(steps.Of(clock[r]))
		}
	case w.calendar != nil:
		w.calendar.number(b.times, b.keys)
	default:
		clear(b.keys)
	}
	for _, g := range w.dims {
		if !g.multi {
			w.addCodes(&g, b)
		}
	}
	if !w.multi {
		return b
	}
	turn := 0
	for _, g := range w.dims {
		if !g.multi {
			continue
		}
		to := &w.expanded[turn]
		turn = 1 - turn
		to.reset()
		c := g.cust
		if c == nil {
			c = g.rows[w.scan.event]
		}
		for i, r := range b.rows {
			j := int(r)
			if g.cust != nil {
				j = int(b.who[i])
			}
			c.each(j, func(code uint32) {
				to.rows = append(to.rows, r)
				if w.wantWho {
					to.who = append(to.who, b.who[i])
				}
				to.keys = append(to.keys, b.keys[i]+g.stride*uint64(code))
			})
		}
		b = to
	}
	return b
}

// addCodes adds a grouping's weight to the keys of rows.
func (w *worker) addCodes(g *groupCodes, b *batch) {
	keys, stride := b.keys, g.stride
	if c := g.cust; c != nil {
		if c.recode == nil && c.col == nil {
			for i, who := range b.who[:len(keys)] {
				keys[i] += stride * uint64(c.of[who])
			}
			return
		}
		for i, who := range b.who {
			keys[i] += stride * uint64(c.at(int(who)))
		}
		return
	}
	c := g.rows[w.scan.event]
	switch {
	case c == nil:
	case c.recode == nil && b.run:
		w.cells = extend(w.cells[:0], len(keys))
		of := w.cells
		if c.col != nil {
			c.col.CodesFrom(int(b.rows[0]), of)
		} else {
			copy(of, c.of[b.rows[0]:])
		}
		for i, code := range of {
			keys[i] += stride * uint64(code)
		}
	default:
		for i, r := range b.rows {
			keys[i] += stride * uint64(c.at(int(r)))
		}
	}
}
