package measure

// flush gives the rows at hand to the streams.
func (w *worker) flush() {
	if len(w.all.rows) == 0 {
		return
	}
	for i, st := range w.scan.streams {
		b := &w.all
		if st.pass != nil || st.span != w.scan.span {
			b = w.pick(st)
		}
		if len(b.rows) > 0 {
			w.stream(i, st, b)
		}
	}
	w.all.reset()
}

// pick picks the rows that a stream wants.
func (w *worker) pick(st *stream) *batch {
	w.some.reset()
	for i, r := range w.all.rows {
		if t := w.all.times[i]; st.span.Has(t) && (st.pass == nil || st.pass(int(r))) {
			w.some.put(r, w.all.who[i], t)
		}
	}
	return &w.some
}

// stream adds rows to a stream's figures at every level.
func (w *worker) stream(i int, st *stream, b *batch) {
	accs := &w.c.accs[i]
	for _, a := range accs[levelAll] {
		if !w.folds(a, levelAll) {
			a.add(block{b.rows, b.who, w.zeros[:len(b.rows)]})
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
	x := w.c.index[l]
	w.cells = extend(w.cells[:0], len(b.keys))
	for i, k := range b.keys {
		w.cells[i] = x.id(k / div)
	}
	for _, a := range accs[l] {
		if !w.folds(a, l) {
			a.grow(len(x.keys))
			a.add(block{b.rows, b.who, w.cells})
		}
	}
}

// number gives each row the key of its cell; a row with several tags comes
// several times.
func (w *worker) number(b *batch) *batch {
	n := len(b.rows)
	b.keys = extend(b.keys[:0], n)
	clear(b.keys)
	if w.calendar != nil {
		for i, t := range b.times {
			b.keys[i] = uint64(w.calendar.at(t))
		}
	}
	for _, g := range w.dims {
		if g.multi {
			continue
		}
		c, of := g.cust, b.who
		switch {
		case c != nil && c.recode == nil:
			for i, who := range of {
				b.keys[i] += g.stride * uint64(c.of[who])
			}
		case c != nil:
			for i, who := range of {
				b.keys[i] += g.stride * uint64(c.at(int(who)))
			}
		default:
			if c = g.rows[w.scan.event]; c != nil {
				for i, r := range b.rows {
					b.keys[i] += g.stride * uint64(c.at(int(r)))
				}
			}
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
				to.put(r, b.who[i], b.times[i])
				to.keys = append(to.keys, b.keys[i]+g.stride*uint64(code))
			})
		}
		b = to
	}
	return b
}
