package segment

import (
	"math"

	"tesela/segment/column"
)

// eval answers a condition for the block's customers, one bit each. Bits past
// the block's end may hold anything.
func (w *worker) eval(c cond, out []uint64) error {
	switch c := c.(type) {
	case condConst:
		fill := uint64(0)
		if c {
			fill = math.MaxUint64
		}
		for k := range out {
			out[k] = fill
		}
	case condAnd:
		return w.evalAll(c.parts, c.order, out, false)
	case condOr:
		return w.evalAll(c.parts, c.order, out, true)
	case condNot:
		if err := w.eval(c.part, out); err != nil {
			return err
		}
		for k := range out {
			out[k] = ^out[k]
		}
	case condMember:
		copy(out, w.stages[c.stage].words[w.lo/64:(w.hi+63)/64])
	case condTest:
		if t := w.traits[c.value.id]; t != nil && (c.value.origin == fromTrait || c.value.origin == fromLayer) {
			testMarker(&c.test, t)(&w.marking, w.lo, w.hi, out)
			return nil
		}
		if c.test.kind == onExact {
			if ok, err := w.testQuotients(&c.test, c.value, out); ok || err != nil {
				return err
			}
		}
		v, err := w.value(c.value)
		if err != nil {
			return err
		}
		testAll(&c.test, v, w.hi-w.lo, out)
	case condCompare:
		if ok, err := w.compareQuotients(&c, out); ok || err != nil {
			return err
		}
		l, err := w.value(c.left)
		if err != nil {
			return err
		}
		r, err := w.value(c.right)
		if err != nil {
			return err
		}
		pair := c.pair()
		each(w.hi-w.lo, out, func(i int) bool { return pair(l, r, i) })
	case condSequence:
		return w.sequence(c.index, out)
	}
	return nil
}

// evalAll joins the parts with `and`, or with `or`. Each part is asked about
// those customers only whose answer is still open, as far as it can tell.
func (w *worker) evalAll(parts []cond, order []int, out []uint64, or bool) error {
	if len(parts) == 0 {
		return w.eval(condConst(!or), out)
	}
	if err := w.eval(parts[order[0]], out); err != nil {
		return err
	}
	outer := w.only
	answer, open := w.mask(len(out)), w.mask(len(out))
	defer func() {
		w.only = outer
		w.masks = append(w.masks, answer, open)
	}()
	for _, k := range order[1:] {
		if settled(out, w.hi-w.lo, or) {
			return nil
		}
		for i, word := range out {
			if or {
				word = ^word
			}
			if outer != nil {
				word &= outer[i]
			}
			open[i] = word
		}
		w.only = open
		if err := w.eval(parts[k], answer); err != nil {
			return err
		}
		for i, word := range answer {
			if or {
				out[i] |= word
			} else {
				out[i] &= word
			}
		}
	}
	return nil
}

func settled(out []uint64, n int, full bool) bool {
	for k, word := range out {
		want := uint64(0)
		if rest := n - k<<6; rest < 64 {
			word &= 1<<rest - 1
			if full {
				want = 1<<rest - 1
			}
		} else if full {
			want = math.MaxUint64
		}
		if word != want {
			return false
		}
	}
	return true
}

// mask lends a block of bits; give it back by appending it to masks.
func (w *worker) mask(n int) []uint64 {
	if k := len(w.masks); k > 0 {
		m := w.masks[k-1]
		w.masks = w.masks[:k-1]
		return m[:n]
	}
	return make([]uint64, blockSize/64)[:n]
}

// each sets bit i of n to what answer says.
func each(n int, out []uint64, answer func(i int) bool) {
	for k := range out {
		word := uint64(0)
		for i := k << 6; i < min(n, (k+1)<<6); i++ {
			if answer(i) {
				word |= 1 << (i & 63)
			}
		}
		out[k] = word
	}
}

func testAll(t *test, v *vec, n int, out []uint64) {
	switch t.kind {
	case onSet:
		each(n, out, v.isSet)
	case onInts:
		if len(t.ints) == 1 && !t.neg {
			column.MarkInts(v.ints[:n], t.ints[0].lo, t.ints[0].hi, out)
			return
		}
		each(n, out, func(i int) bool { return t.holdsInt(v.ints[i]) })
	case onFloats:
		each(n, out, func(i int) bool { return t.holdsFloat(v.floats[i]) })
	case onExact:
		each(n, out, func(i int) bool { return t.holdsExact(v.exactAt(i)) })
	case onCodes:
		each(n, out, func(i int) bool { return t.holdsCode(v.codes[i]) })
	case onTags:
		each(n, out, func(i int) bool { return t.holdsTags(v.tagCodes[v.tagStarts[i]:v.tagStarts[i+1]]) })
	case onDays, onTimes:
		each(n, out, func(i int) bool { return t.holdsDay(v.ints[i]) })
	}
}

// value gives a value's figures for the block's customers.
func (w *worker) value(v *value) (*vec, error) {
	if v.literal() {
		return w.literal(v), nil
	}
	out := &w.vecs[v.id]
	if w.have[v.id] {
		return out, nil
	}
	n := w.hi - w.lo
	switch v.origin {
	case fromTrait, fromLayer:
		if c := w.traits[v.id]; c != nil {
			out.unpack(c, v.den, w.lo, w.hi)
			break
		}
		*out = w.columns[v.id].slice(w.lo, w.hi)
	case fromScan:
		if err := w.scan(v.scan); err != nil {
			return nil, err
		}
		*out = w.scans[v.scan].out[v.agg]
	case fromArith:
		if err := w.arith(v, out, n); err != nil {
			return nil, err
		}
	}
	w.have[v.id] = true
	return out, nil
}

// literal repeats a constant, for a whole block whatever its size.
func (w *worker) literal(v *value) *vec {
	out := w.constants[v]
	if out != nil {
		return out
	}
	out = &vec{}
	w.constants[v] = out
	out.reset(v.form, 1, blockSize, false)
	for i := range blockSize {
		switch {
		case v.numeric():
			out.exacts[i] = exactOf(v.rat)
		case v.kind == column.Bool:
			out.ints[i] = boolInt(v.yes)
		case v.kind == column.Date:
			out.ints[i] = v.day
		case v.kind == column.Time:
			out.ints[i] = v.lo
		default:
			out.codes[i] = 1
		}
	}
	return out
}

func (w *worker) arith(v *value, out *vec, n int) error {
	l, err := w.value(v.left)
	if err != nil {
		return err
	}
	r, err := w.value(v.right)
	if err != nil {
		return err
	}
	out.form, out.den = v.form, v.den
	if v.form == inFloats {
		out.floats = sized(out.floats, n)
		for i := range n {
			out.floats[i] = floatArith(v.op, l.floatAt(i), r.floatAt(i))
		}
		return nil
	}
	out.exacts = sized(out.exacts, n)
	for i := range n {
		out.exacts[i] = l.exactAt(i).arith(v.op, r.exactAt(i))
	}
	return nil
}

// floatArith computes on float64; NaN is unset, and so is what has no finite
// figure.
func floatArith(op byte, a, b float64) float64 {
	var x float64
	switch op {
	case '+':
		x = a + b
	case '-':
		x = a - b
	case '*':
		x = a * b
	default:
		if b == 0 {
			return math.NaN()
		}
		x = a / b
	}
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}
