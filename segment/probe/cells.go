package probe

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// cell gives a value as tool results hold it; nil where unset.
func (x *examination) cell(k column.Kind, d *column.Dict, v cell) any {
	if !v.set {
		return nil
	}
	switch k {
	case column.Text:
		return d.Word(v.code)
	case column.Tags:
		var tags []string
		for _, code := range v.tags {
			tags = append(tags, d.Word(code))
		}
		return strings.Join(tags, ", ")
	case column.Number:
		if n := int64(v.float); float64(n) == v.float {
			return n
		}
		return v.float
	case column.Money:
		return segment.MoneyString(v.whole, x.schema.Digits)
	case column.Bool:
		return v.whole != 0
	case column.Time:
		return time.UnixMicro(v.whole).In(x.schema.Zone).Format(time.RFC3339Nano)
	}
	return time.Unix(0, 0).UTC().AddDate(0, 0, int(v.whole)).Format(time.DateOnly)
}

// literal writes a value as formulas do; "" where it is unset or a number.
func (x *examination) literal(k column.Kind, d *column.Dict, v cell) string {
	if !v.set {
		return ""
	}
	switch k {
	case column.Text:
		return (&syntax.Text{Value: d.Word(v.code)}).String()
	case column.Bool, column.Time, column.Date:
		return fmt.Sprint(x.cell(k, d, v))
	}
	return ""
}

// rat is a number or money in major units; nil where unset or no number.
func (x *examination) rat(k column.Kind, v cell) *big.Rat {
	switch {
	case !v.set:
	case k == column.Number:
		return new(big.Rat).SetFloat64(v.float)
	case k == column.Money:
		return new(big.Rat).Quo(new(big.Rat).SetInt64(v.whole), x.minor())
	}
	return nil
}

// minor is how many minor units one major unit has.
func (x *examination) minor() *big.Rat {
	p := int64(1)
	for range x.schema.Digits {
		p *= 10
	}
	return new(big.Rat).SetInt64(p)
}

// ofRat makes a value of a number; ok is false where the kind cannot hold it.
func (x *examination) ofRat(k column.Kind, r *big.Rat) (v cell, ok bool) {
	switch k {
	case column.Number:
		f, _ := r.Float64()
		return cell{set: true, float: f}, true
	case column.Money:
		m := new(big.Rat).Mul(r, x.minor())
		if m.IsInt() && m.Num().IsInt64() && m.Num().Int64() != column.Unset {
			return cell{set: true, whole: m.Num().Int64()}, true
		}
	}
	return v, false
}

// ofLiteral makes a value of a literal.
func (x *examination) ofLiteral(k column.Kind, d *column.Dict, l syntax.Literal) (v cell, ok bool) {
	switch l := l.(type) {
	case *syntax.Number:
		return x.ofRat(k, l.Rat())
	case *syntax.Bool:
		v = cell{set: true}
		if l.Value {
			v.whole = 1
		}
		return v, k == column.Bool
	case *syntax.Text:
		code, known := d.Code(l.Value)
		switch {
		case known && k == column.Text:
			return cell{set: true, code: code}, true
		case known && k == column.Tags:
			return cell{set: true, tags: []uint32{code}}, true
		}
	case *syntax.Date:
		t, _ := l.Time(x.schema.Zone)
		switch k {
		case column.Time:
			return cell{set: true, whole: t.UnixMicro()}, true
		case column.Date:
			return cell{set: true, whole: dayOf(t.In(x.schema.Zone))}, true
		}
	}
	return v, false
}

// dayOf counts the local day from 1970-01-01.
func dayOf(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// midnight is the first instant of the local day so many days after t's.
func (x *examination) midnight(t time.Time, days int) time.Time {
	y, m, d := t.In(x.schema.Zone).Date()
	day := syntax.Date{Text: time.Date(y, m, d+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
	first, _ := day.Time(x.schema.Zone)
	return first
}

// instants are the times, in microseconds, at which something in the formula
// begins or ends: windows, dates, and the days that days_since looks back to.
func (x *examination) instants() []int64 {
	var all []int64
	last := x.at.Add(-1)
	for _, l := range x.leaves {
		syntax.Walk(l.formula, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Window:
				if s, err := segment.Resolve(n, x.at, x.schema.Zone); err == nil {
					all = append(all, s.From, s.To)
				}
				return false
			case *syntax.Date:
				t, whole := n.Time(x.schema.Zone)
				all = append(all, t.UnixMicro())
				if whole {
					all = append(all, x.midnight(t, 1).UnixMicro())
				}
			case *syntax.Number:
				// Any whole number may be one of days.
				if d := n.Rat(); d.IsInt() && d.Sign() >= 0 && d.Num().IsInt64() && d.Num().Int64() < 100_000 {
					days := int(d.Num().Int64())
					all = append(all, x.midnight(last, -days).UnixMicro(), x.midnight(last, -days+1).UnixMicro(), x.midnight(last, -days-1).UnixMicro())
				}
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}
