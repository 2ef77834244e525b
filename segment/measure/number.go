package measure

import "tesela/segment/column"

// cells gives the rows of a block their cells at a level; rows with several
// tags then come several times. The rows' cells are marked as seen unless some
// figure tells of them.
func (w *worker) cells(l int, b *block, told bool) *block {
	w.nums = extend(w.nums[:0], b.len())
	nums := w.nums
	periods := l == levelCells && w.calendar != nil
	index := w.c.index[l]
	if c := w.onlyCodes(l); c != nil && !periods {
		w.codesOf(c, b, nums)
		b.cells = nums
		if !told {
			for _, c := range nums {
				index.seen[c] = true
			}
		}
		return b
	}
	if periods {
		w.periodsOf(b, nums)
	} else {
		clear(nums)
	}
	if w.dense {
		b, nums = addDims(w, l, b, nums)
		b.cells = nums
		if !told {
			for _, c := range nums {
				index.seen[c] = true
			}
		}
		return b
	}
	w.keys = extend(w.keys[:0], len(nums))
	keys := w.keys
	for i, n := range nums {
		keys[i] = uint64(n)
	}
	b, keys = addDims(w, l, b, keys)
	w.nums = extend(w.nums[:0], len(keys))
	b.cells = w.nums
	index.number(keys, b.cells)
	return b
}

// periodsOf numbers the periods in which rows stand.
func (w *worker) periodsOf(b *block, out []uint32) {
	if p := w.scan.periods; p != nil {
		p.number(b.clock(w.scan.table.Clock), out)
		return
	}
	w.keys = extend(w.keys[:0], len(out))
	w.calendar.number(b.times(w.scan.table), w.keys)
	for i, k := range w.keys {
		out[i] = uint32(k)
	}
}

// onlyCodes are the codes of the rows' only grouping, which then are the cells'
// numbers; nil where it is not so.
func (w *worker) onlyCodes(l int) *codes {
	if !w.dense || w.multi || len(w.dims) != 1 || w.dims[0].cust != nil || w.stride(&w.dims[0], l) != 1 {
		return nil
	}
	return w.dims[0].rows[w.scan.event]
}

// codesOf gives the codes of rows.
func (w *worker) codesOf(c *codes, b *block, dst []uint32) {
	switch {
	case b.rows != nil:
		codesAt(c, b.rows, dst)
	case c.col != nil:
		c.col.CodesFrom(b.from, dst)
		c.recoded(dst)
	default:
		copy(dst, c.of[b.from:])
		c.recoded(dst)
	}
}

// stride is what one code of a grouping weighs in a level's keys.
func (w *worker) stride(g *groupCodes, l int) uint64 {
	if l == levelGroups {
		return g.stride / w.periods
	}
	return g.stride
}

type key interface{ uint32 | uint64 }

// addDims adds the groupings' weights to keys.
func addDims[K key](w *worker, l int, b *block, keys []K) (*block, []K) {
	for i := range w.dims {
		if g := &w.dims[i]; !g.multi {
			addCodes(w, g, K(w.stride(g, l)), b, keys)
		}
	}
	if !w.multi {
		return b, keys
	}
	for i := range w.dims {
		g := &w.dims[i]
		if !g.multi {
			continue
		}
		c, stride := g.cust, K(w.stride(g, l))
		if c == nil {
			c = g.rows[w.scan.event]
		}
		to := &block{w: w, base: b.base, fresh: b.fresh, rows: []int32{}}
		var all []K
		rows, who := b.list(), b.customers()
		to.who = []uint32{}
		for i, r := range rows {
			j := int(r)
			if g.cust != nil {
				j = int(who[i])
			}
			c.each(j, func(code uint32) {
				to.rows = append(to.rows, r)
				to.who = append(to.who, who[i])
				all = append(all, keys[i]+stride*K(code))
			})
		}
		b, keys = to, all
	}
	return b, keys
}

// addCodes adds a grouping's weight to the keys of rows.
func addCodes[K key](w *worker, g *groupCodes, stride K, b *block, keys []K) {
	if c := g.cust; c != nil {
		if b.rows != nil {
			who := b.customers()
			w.codes = extend(w.codes[:0], len(who))
			codesAt(c, who, w.codes)
			for i, code := range w.codes {
				keys[i] += stride * K(code)
			}
			return
		}
		t := w.scan.table
		w.codes = extend(w.codes[:0], w.to-w.from)
		codesAt(c, t.Who[w.from:w.to], w.codes)
		for k, code := range w.codes {
			lo, hi := max(int(t.Starts[w.from+k])-b.from, 0), min(int(t.Starts[w.from+k+1])-b.from, b.n)
			if lo >= hi {
				continue
			}
			add := stride * K(code)
			for i := range keys[lo:hi] {
				keys[lo+i] += add
			}
		}
		return
	}
	c := g.rows[w.scan.event]
	if c == nil {
		return
	}
	if b.rows == nil && c.recode == nil && c.col != nil && c.col.Packed != nil {
		p := c.col.Packed
		switch {
		case p.U8 != nil:
			addXs(keys, p.U8[b.from:], stride)
		case p.U16 != nil:
			addXs(keys, p.U16[b.from:], stride)
		default:
			addXs(keys, p.U32[b.from:], stride)
		}
		return
	}
	w.codes = extend(w.codes[:0], len(keys))
	w.codesOf(c, b, w.codes)
	for i, code := range w.codes {
		keys[i] += stride * K(code)
	}
}

func addXs[K key, T narrow](keys []K, xs []T, stride K) {
	xs = xs[:len(keys)]
	for i, x := range xs {
		keys[i] += stride * K(x)
	}
}

type narrow interface{ uint8 | uint16 | uint32 }

// codesAt sets dst to the codes of customers or rows.
func codesAt[I int32 | uint32](c *codes, which []I, dst []uint32) {
	dst = dst[:len(which)]
	var p *column.Packed
	of := c.of
	if c.col != nil {
		p, of = c.col.Packed, c.col.Codes
	}
	switch {
	case p == nil:
		gather(of, which, dst)
	case p.U8 != nil:
		gather(p.U8, which, dst)
	case p.U16 != nil:
		gather(p.U16, which, dst)
	default:
		gather(p.U32, which, dst)
	}
	c.recoded(dst)
}

func (c *codes) recoded(dst []uint32) {
	if c.recode == nil {
		return
	}
	for i, code := range dst {
		dst[i] = c.recode[code]
	}
}

func gather[T narrow, I int32 | uint32](xs []T, which []I, dst []uint32) {
	for i, k := range which {
		dst[i] = uint32(xs[k])
	}
}

// cellsOf gives customers their cells at a level where customers have one each,
// whose keys are the cells' numbers. Cells of customers with a row that counts
// are marked as seen unless some figure tells of them.
func (w *worker) cellsOf(l int, c *crowd, told bool) {
	if l == levelAll {
		return
	}
	who := w.scan.table.Who[c.from:c.to]
	w.nums = extend(w.nums[:0], len(who))
	clear(w.nums)
	for i := range w.dims {
		g := &w.dims[i]
		stride := uint32(w.stride(g, l))
		w.codes = extend(w.codes[:0], len(who))
		codesAt(g.cust, who, w.codes)
		for k, code := range w.codes {
			w.nums[k] += stride * code
		}
	}
	c.cells = w.nums
	if told {
		return
	}
	seen := w.c.index[l].seen
	for k, cell := range c.cells {
		if lo, hi := c.rows(c.from + k); c.marks == nil && lo < hi || c.marks != nil && countBits(c.marks, lo, hi) > 0 {
			seen[cell] = true
		}
	}
}
