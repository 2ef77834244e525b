package column

// The figures of a stretch of rows, as plain slices: what a block's work is
// done on where it takes the figures themselves.

// IntsFrom fills dst with the figures of money, bools, times or dates from
// value from on.
func (c *Column) IntsFrom(from int, dst []int64) {
	if c.Packed == nil {
		copy(dst, c.Ints[from:])
		return
	}
	c.Packed.IntsFrom(from, dst)
}

// IntsFrom fills dst with the numbers from number from on; Unset where there
// is none.
func (p *Packed) IntsFrom(from int, dst []int64) {
	switch {
	case p.U8 != nil:
		intsOf(p.U8[from:from+len(dst)], p.Base, p.Step, dst)
	case p.U16 != nil:
		intsOf(p.U16[from:from+len(dst)], p.Base, p.Step, dst)
	default:
		intsOf(p.U32[from:from+len(dst)], p.Base, p.Step, dst)
	}
}

func intsOf[T uint8 | uint16 | uint32](xs []T, base, step int64, dst []int64) {
	dst = dst[:len(xs)]
	for i, x := range xs {
		v := base + step*int64(x)
		if x == 0 {
			v = Unset
		}
		dst[i] = v
	}
}

// XsFrom fills dst with the packed numbers themselves from number from on.
func (p *Packed) XsFrom(from int, dst []uint32) {
	switch {
	case p.U8 != nil:
		for i, x := range p.U8[from : from+len(dst)] {
			dst[i] = uint32(x)
		}
	case p.U16 != nil:
		for i, x := range p.U16[from : from+len(dst)] {
			dst[i] = uint32(x)
		}
	default:
		copy(dst, p.U32[from:])
	}
}

// XsAt fills dst with the packed numbers of rows.
func (p *Packed) XsAt(rows []int32, dst []uint32) {
	dst = dst[:len(rows)]
	switch {
	case p.U8 != nil:
		xsAt(p.U8, rows, dst)
	case p.U16 != nil:
		xsAt(p.U16, rows, dst)
	default:
		xsAt(p.U32, rows, dst)
	}
}

func xsAt[T uint8 | uint16 | uint32](xs []T, rows []int32, dst []uint32) {
	for i, r := range rows {
		dst[i] = uint32(xs[r])
	}
}

// FloatsFrom fills dst with the numbers from value from on.
func (c *Column) FloatsFrom(from int, dst []float64) {
	if c.Packed == nil {
		copy(dst, c.Floats[from:])
		return
	}
	for i := range dst {
		dst[i] = c.Unscaled(c.Packed.X(from + i))
	}
}

// CodesFrom fills dst with the codes from value from on.
func (c *Column) CodesFrom(from int, dst []uint32) {
	if c.Packed == nil {
		copy(dst, c.Codes[from:])
		return
	}
	c.Packed.XsFrom(from, dst)
}

// TimesFrom fills dst with the times of the rows from row from on.
func (t *Table) TimesFrom(from int, dst []int64) {
	if t.Clock == nil {
		copy(dst, t.Times[from:])
		return
	}
	t.Clock.IntsFrom(from, dst)
}

// Plain gives the column's values as slices.
func (c *Column) Plain() *Column {
	if c.Packed == nil {
		return c
	}
	n, plain := c.Len(), *c
	plain.Packed = nil
	switch c.Kind {
	case Text:
		plain.Codes = make([]uint32, n)
		c.CodesFrom(0, plain.Codes)
	case Number:
		plain.Floats = make([]float64, n)
		c.FloatsFrom(0, plain.Floats)
	default:
		plain.Ints = make([]int64, n)
		c.IntsFrom(0, plain.Ints)
	}
	return &plain
}

// Plain gives the world with all values as slices.
func (w *World) Plain() *World {
	plain := &World{Customers: w.Customers, Traits: map[string]*Column{}, Tables: map[string]*Table{}}
	for name, c := range w.Traits {
		plain.Traits[name] = c.Plain()
	}
	for name, t := range w.Tables {
		own := *t
		if own.Clock != nil {
			own.Times = make([]int64, t.Len())
			t.TimesFrom(0, own.Times)
			own.Clock = nil
		}
		own.Props = map[string]*Column{}
		for prop, c := range t.Props {
			own.Props[prop] = c.Plain()
		}
		plain.Tables[name] = &own
	}
	return plain
}
