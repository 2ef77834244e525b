package course

import (
	"math/big"

	"tesela/segment"
	"tesela/segment/syntax"
)

// daysSince is the value as a call of days_since, nil for others.
func daysSince(v syntax.Value) *syntax.Call {
	if call, ok := v.(*syntax.Call); ok && call.Fn == syntax.DaysSince {
		return call
	}
	return nil
}

// latest is the time of the latest row that days_since counts from.
func (r *rewriter) latest(v *syntax.Call) *syntax.Call {
	call := r.call(v)
	call.Fn = syntax.Last
	return call
}

// days rewrites days_since(…) against a number as the date it stands for; nil
// for other comparisons. Where then moves in whole days, the number does
// instead.
func (r *rewriter) days(f *syntax.Compare) syntax.Formula {
	call, op := daysSince(f.Left), f.Op
	number, ok := f.Right.(*syntax.Number)
	if call == nil || !ok {
		call, op = daysSince(f.Right), mirrored[f.Op]
		if number, ok = f.Left.(*syntax.Number); call == nil || !ok {
			return nil
		}
	}
	n := number.Rat()
	if r.wholeDays() {
		since := DaysBetween(r.p.At.Add(-1), r.p.Now.Add(-1), r.schema.Zone)
		text, exact := decimal(new(big.Rat).Add(n, big.NewRat(int64(since), 1)))
		if !exact {
			r.fail()
			return f
		}
		return &syntax.Compare{Left: r.call(call), Op: op, Right: &syntax.Number{Text: text}}
	}
	return r.dated(call, op, n)
}

// mirrored are the comparisons seen from the other side.
var mirrored = map[syntax.Op]syntax.Op{
	syntax.Eq: syntax.Eq, syntax.Ne: syntax.Ne, syntax.Lt: syntax.Gt, syntax.Le: syntax.Ge, syntax.Gt: syntax.Lt, syntax.Ge: syntax.Le,
}

// dated is days_since(…) op n as of then, by the day of the latest row.
func (r *rewriter) dated(call *syntax.Call, op syntax.Op, n *big.Rat) syntax.Formula {
	last := r.latest(call)
	set := &syntax.IsSet{Value: last}
	whole := new(big.Int).Div(n.Num(), n.Denom()) // rounded down
	if !n.IsInt() {
		switch op { // days are whole, so more than 58.4 of them are more than 58
		case syntax.Eq:
			return &syntax.Nobody{}
		case syntax.Ne:
			return set
		case syntax.Ge:
			op = syntax.Gt
		case syntax.Lt:
			op = syntax.Le
		}
	}
	const most = 3_000_000 // days that dates reach
	if !whole.IsInt64() || whole.Int64() > most || whole.Int64() < -most {
		if (op == syntax.Gt || op == syntax.Ge || op == syntax.Ne) == (whole.Sign() < 0) || op == syntax.Ne {
			return set
		}
		return &syntax.Nobody{}
	}
	day := dayOf(r.p.At.Add(-1), r.schema.Zone) - segment.Day(whole.Int64())
	compare := func(op syntax.DateOp, day segment.Day) syntax.Formula {
		if y, _, _ := day.Date(); y < 1 || y > 9999 {
			r.fail()
		}
		return &syntax.DateCompare{Value: last, Op: op, Date: syntax.Date{Text: day.String()}}
	}
	switch op {
	case syntax.Gt:
		return compare(syntax.Before, day)
	case syntax.Ge:
		return compare(syntax.Before, day+1)
	case syntax.Lt:
		return compare(syntax.After, day)
	case syntax.Le:
		return compare(syntax.After, day-1)
	case syntax.Eq:
		return compare(syntax.On, day)
	}
	return syntax.All(set, &syntax.Not{X: compare(syntax.On, day)})
}

func (r *rewriter) in(f *syntax.In) syntax.Formula {
	call := daysSince(f.Value)
	if call == nil {
		return &syntax.In{Value: r.value(f.Value), Not: f.Not, List: f.List}
	}
	var terms []syntax.Formula
	for _, l := range f.List {
		op := syntax.Eq
		if f.Not {
			op = syntax.Ne
		}
		one := r.days(&syntax.Compare{Left: call, Op: op, Right: l})
		if one == nil {
			r.fail()
			return f
		}
		terms = append(terms, one)
	}
	if f.Not {
		return syntax.All(terms...)
	}
	return syntax.Any(terms...)
}

func (r *rewriter) between(f *syntax.Between) syntax.Formula {
	call := daysSince(f.Value)
	if call == nil {
		return &syntax.Between{Value: r.value(f.Value), Low: f.Low, High: f.High}
	}
	low := r.days(&syntax.Compare{Left: call, Op: syntax.Ge, Right: f.Low})
	high := r.days(&syntax.Compare{Left: call, Op: syntax.Le, Right: f.High})
	if low == nil || high == nil {
		r.fail()
		return f
	}
	return syntax.All(low, high)
}

// decimal writes a fraction as formulas write numbers, where they can.
func decimal(x *big.Rat) (text string, exact bool) {
	if x.IsInt() {
		return x.Num().String(), true
	}
	n, ok := x.FloatPrec()
	return x.FloatString(n), ok
}
