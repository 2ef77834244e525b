package measure

import (
	"math/big"
	"time"

	"tesela/segment"
)

// node computes a figure from slots. at gives the slots' values in one cell.
type node interface {
	eval(at func(slot int) value) value
	// String prints the node with slots by number.
	String() string
}

type slotNode int

func (s slotNode) eval(at func(int) value) value { return at(int(s)) }

type constNode struct{ r *big.Rat }

func (c constNode) eval(func(int) value) value { return value{set: true, r: c.r} }

type arithNode struct {
	op          byte
	left, right node
}

// eval is exact. Anything with an unset part, and a division by zero, is
// unset.
func (a arithNode) eval(at func(int) value) value {
	x, y := a.left.eval(at), a.right.eval(at)
	if !x.set || !y.set || x.cell != nil || y.cell != nil {
		return value{}
	}
	r := new(big.Rat)
	switch a.op {
	case '+':
		r.Add(x.rat(), y.rat())
	case '-':
		r.Sub(x.rat(), y.rat())
	case '*':
		r.Mul(x.rat(), y.rat())
	case '/':
		if y.rat().Sign() == 0 {
			return value{}
		}
		r.Quo(x.rat(), y.rat())
	}
	return value{set: true, r: r}
}

// scaleNode multiplies by a constant: between major and minor units.
type scaleNode struct {
	x  node
	by *big.Rat
}

func (s scaleNode) eval(at func(int) value) value {
	v := s.x.eval(at)
	if !v.set {
		return v
	}
	return value{set: true, r: new(big.Rat).Mul(v.rat(), s.by)}
}

// timeNode shows an instant in the zone; dayNode a date.
type timeNode struct {
	x    node
	zone *time.Location
}

func (t timeNode) eval(at func(int) value) value {
	v := t.x.eval(at)
	if v.set && v.cell == nil {
		v.cell = time.UnixMicro(v.n).In(t.zone).Format(time.RFC3339Nano)
	}
	return v
}

type dateNode struct{ x node }

func (d dateNode) eval(at func(int) value) value {
	v := d.x.eval(at)
	if v.set && v.cell == nil {
		v.cell = segment.Day(v.n).String()
	}
	return v
}

// sinceNode counts whole local days from an instant's day to the last day
// before T.
type sinceNode struct {
	x    node
	days *calendar
	last segment.Day
}

func (s sinceNode) eval(at func(int) value) value {
	v := s.x.eval(at)
	if v.set {
		v = intValue(int64(s.last - s.days.day(v.n)))
	}
	return v
}

// pow10 is ten to the power of a currency's decimals.
func pow10(digits int) *big.Rat {
	p := big.NewInt(1)
	for range max(0, digits) {
		p.Mul(p, big.NewInt(10))
	}
	return new(big.Rat).SetInt(p)
}

func literal(r *big.Rat) (node, figure) {
	return constNode{r}, figure{kind: kindNumber, constant: true}
}

// arith combines two figures and says what kind comes out, or why not.
func (b *builder) arith(op byte, l node, lf figure, r node, rf figure) (node, figure, string) {
	numeric := func(k string) bool {
		return k == kindCount || k == kindNumber || k == kindMoney || k == kindRate
	}
	if !numeric(lf.kind) || !numeric(rf.kind) {
		return nil, figure{}, "arithmetic takes numbers and money"
	}
	n := arithNode{op, l, r}
	f := figure{kind: kindNumber, constant: lf.constant && rf.constant}
	lm, rm := lf.kind == kindMoney, rf.kind == kindMoney
	major := pow10(b.schema.Digits)
	switch op {
	case '+', '-':
		switch {
		case lm && !rm && rf.constant:
			n.right, rm = scaleNode{r, major}, true
		case rm && !lm && lf.constant:
			n.left, lm = scaleNode{l, major}, true
		}
		if lm != rm {
			return nil, figure{}, "money and a plain number cannot be added or subtracted"
		}
		f.additive = lf.additive && rf.additive
		switch {
		case lm:
			f.kind, f.unit = kindMoney, b.schema.Currency
		case lf.kind == rf.kind && lf.unit == rf.unit:
			f.kind, f.unit = lf.kind, lf.unit
		case lf.kind == kindCount && rf.kind == kindCount:
			f.kind = kindCount
		}
	case '*':
		if lm && rm {
			return nil, figure{}, "money cannot be multiplied by money"
		}
		if lm || rm {
			f.kind, f.unit = kindMoney, b.schema.Currency
		}
		f.additive = lf.additive && rf.constant || lf.constant && rf.additive
	case '/':
		f.additive = lf.additive && rf.constant
		switch {
		case lm && !rm:
			f.kind, f.unit = kindMoney, b.schema.Currency
		case rm && !lm:
			return scaleNode{n, major}, f, ""
		case lm && rm, lf.kind == kindCount && rf.kind == kindCount && lf.unit == rf.unit && lf.unit != "":
			f.kind = kindRate
		}
	}
	return n, f, ""
}

// dayCount is a calendar of days that needs no bounds, and the last day before
// an instant.
func dayCount(zone *time.Location, at time.Time) (*calendar, segment.Day) {
	c := newCalendar("day", zone, segment.Span{})
	return c, c.day(microsOf(at) - 1)
}
