package segmenttest

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Naive evaluates as plainly as the definition of the language reads: one
// customer after the other, loops over all rows, nothing precomputed. It shares
// the syntax tree with other engines and nothing else. It does not check: a
// formula must be valid for its world.
type Naive struct {
	// Alike is how many customers there are just like each, all counted where
	// customers are compared with others; nil: one of each.
	Alike []int
}

// Set implements Engine.
func (e Naive) Set(_ context.Context, f syntax.Formula, w *World, at time.Time) (members []int, _ []segment.Note, err error) {
	defer catch(&err)
	n := naive{w, at, at, e.Alike}
	for i := range w.Customers {
		if n.holds(f, i) {
			members = append(members, i)
		}
	}
	return members, nil, nil
}

// Value implements Engine.
func (e Naive) Value(_ context.Context, v syntax.Value, w *World, at time.Time) (cells []any, err error) {
	defer catch(&err)
	n := naive{w, at, at, e.Alike}
	for i := range w.Customers {
		cells = append(cells, n.cell(v, i))
	}
	return cells, nil
}

// naive is a world seen at an instant; rows from now on do not exist.
type naive struct {
	w       *World
	at, now time.Time
	alike   []int
}

// count is how many customers are just like one.
func (n naive) count(i int) int {
	if n.alike == nil {
		return 1
	}
	return n.alike[i]
}

// unsupported is what catch turns into an error.
type unsupported string

func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case unsupported:
		*err = fmt.Errorf("%s", string(r))
	default:
		panic(r)
	}
}

// civil is a calendar day, as its midnight in UTC.
type civil time.Time

func (n naive) holds(f syntax.Formula, i int) bool {
	value := func(v syntax.Value) any { return n.value(v, i) }
	switch f := f.(type) {
	case *syntax.Rank:
		return n.ranked(f, i)
	case *syntax.Sequence:
		return n.hasSequence(f, i)
	case *syntax.InSegment:
		at := n.at
		if f.At != nil {
			at, _ = n.day(*f.At)
		}
		return n.inSaved(f.Name, at, i)
	case *syntax.Crossed:
		return n.crossed(f, i)
	case *syntax.And:
		for _, p := range f.Factors {
			if !n.holds(p, i) {
				return false
			}
		}
		return true
	case *syntax.Or:
		for _, p := range f.Terms {
			if n.holds(p, i) {
				return true
			}
		}
		return false
	case *syntax.Not:
		return !n.holds(f.X, i)
	}
	return n.test(f, value)
}

// test answers a condition on values, of a customer or of a row.
func (n naive) test(f syntax.Formula, value func(syntax.Value) any) bool {
	switch f := f.(type) {
	case *syntax.And:
		for _, p := range f.Factors {
			if !n.test(p, value) {
				return false
			}
		}
		return true
	case *syntax.Or:
		for _, p := range f.Terms {
			if n.test(p, value) {
				return true
			}
		}
		return false
	case *syntax.Not:
		return !n.test(f.X, value)
	case *syntax.Everyone:
		return true
	case *syntax.Nobody:
		return false
	case *syntax.Compare:
		return n.compare(value(f.Left), f.Op, value(f.Right))
	case *syntax.In:
		x := value(f.Value)
		if x == nil {
			return false
		}
		found := false
		for _, l := range f.List {
			found = found || n.compare(x, syntax.Eq, value(l))
		}
		return found != f.Not
	case *syntax.Between:
		x := value(f.Value)
		return n.compare(x, syntax.Ge, value(f.Low)) && n.compare(x, syntax.Le, value(f.High))
	case *syntax.IsSet:
		return (value(f.Value) != nil) != f.Not
	case *syntax.Match:
		x := value(f.Value)
		if x == nil {
			return false
		}
		return n.matches(x, f) != f.Not
	case *syntax.DateCompare:
		op := map[syntax.DateOp]syntax.Op{syntax.Before: syntax.Lt, syntax.After: syntax.Gt, syntax.On: syntax.Eq}[f.Op]
		return n.compare(value(f.Value), op, value(&f.Date))
	case *syntax.Within:
		x := value(f.Value)
		if x == nil {
			return false
		}
		if d, ok := x.(civil); ok {
			y, m, dd := time.Time(d).Date()
			x = n.wall(y, m, dd, 0, 0, 0)
		}
		return n.inside(x.(time.Time), f.Window)
	case *syntax.Anniversary:
		return n.anniversary(value(f.Value), f.Next)
	}
	panic(unsupported(fmt.Sprintf("not evaluated naively: %s", f)))
}

// matches folds case and accents letter by letter.
func (n naive) matches(x any, f *syntax.Match) bool {
	part := plain(f.Text)
	if tags, ok := x.([]string); ok {
		for _, tag := range tags {
			switch f.Op {
			case syntax.Contains:
				if plain(tag) == part {
					return true
				}
			case syntax.StartsWith:
				if strings.HasPrefix(plain(tag), part) {
					return true
				}
			case syntax.EndsWith:
				if strings.HasSuffix(plain(tag), part) {
					return true
				}
			}
		}
		return false
	}
	text := plain(x.(string))
	switch f.Op {
	case syntax.Contains:
		return strings.Contains(text, part)
	case syntax.StartsWith:
		return strings.HasPrefix(text, part)
	default:
		return strings.HasSuffix(text, part)
	}
}

func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// compare is false where either side is unset.
func (n naive) compare(a any, op syntax.Op, b any) bool {
	if a == nil || b == nil {
		return false
	}
	c, ordered := n.order(a, b)
	switch op {
	case syntax.Eq:
		return c == 0
	case syntax.Ne:
		return c != 0
	case syntax.Lt:
		return ordered && c < 0
	case syntax.Le:
		return ordered && c <= 0
	case syntax.Gt:
		return ordered && c > 0
	default:
		return ordered && c >= 0
	}
}

// order compares two set values: -1, 0 or 1.
func (n naive) order(a, b any) (c int, ordered bool) {
	switch x := a.(type) {
	case string:
		if norm.NFC.String(x) == norm.NFC.String(b.(string)) {
			return 0, false
		}
		return 1, false
	case bool:
		if x == b.(bool) {
			return 0, false
		}
		return 1, false
	case time.Time:
		switch y := b.(type) {
		case time.Time:
			return x.Compare(y), true
		case civil:
			return n.instantAndDay(x, y), true
		}
	case civil:
		switch y := b.(type) {
		case civil:
			return time.Time(x).Compare(time.Time(y)), true
		case time.Time:
			return -n.instantAndDay(y, x), true
		}
	case *big.Rat:
		if y, ok := b.(*big.Rat); ok {
			return x.Cmp(y), true
		}
	}
	x, y := number(a), number(b)
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// instantAndDay: before the day's first midnight, in the day, or after it.
func (n naive) instantAndDay(t time.Time, d civil) int {
	y, m, dd := time.Time(d).Date()
	switch {
	case t.Before(n.wall(y, m, dd, 0, 0, 0)):
		return -1
	case t.Before(n.wall(y, m, dd+1, 0, 0, 0)):
		return 0
	}
	return 1
}

func number(x any) float64 {
	switch x := x.(type) {
	case float64:
		return x
	case *big.Rat:
		f, _ := x.Float64()
		return f
	}
	panic(unsupported(fmt.Sprintf("%T is no number", x)))
}

func (n naive) arith(op byte, a, b any) any {
	if a == nil || b == nil {
		return nil
	}
	x, exact1 := a.(*big.Rat)
	y, exact2 := b.(*big.Rat)
	if exact1 && exact2 {
		switch op {
		case '+':
			return new(big.Rat).Add(x, y)
		case '-':
			return new(big.Rat).Sub(x, y)
		case '*':
			return new(big.Rat).Mul(x, y)
		}
		if y.Sign() == 0 {
			return nil
		}
		return new(big.Rat).Quo(x, y)
	}
	p, q := number(a), number(b)
	var r float64
	switch op {
	case '+':
		r = p + q
	case '-':
		r = p - q
	case '*':
		r = p * q
	default:
		r = p / q
	}
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return nil
	}
	return r
}

// anniversary walks through the days from the one that contains T.
func (n naive) anniversary(x any, next syntax.Duration) bool {
	var month time.Month
	var day int
	switch x := x.(type) {
	case nil:
		return false
	case civil:
		_, month, day = time.Time(x).Date()
	case time.Time:
		_, month, day = x.In(n.w.Zone).Date()
	}
	end := n.shift(n.at, next.N, next.Unit)
	y, m, d := n.at.In(n.w.Zone).Date()
	for k := 0; k < 1500; k++ {
		start := n.wall(y, m, d+k, 0, 0, 0)
		if !start.Before(end) {
			return false
		}
		ty, tm, td := time.Date(y, m, d+k, 0, 0, 0, 0, time.UTC).Date()
		if tm == month && td == day {
			return true
		}
		leap := time.Date(ty, 2, 29, 0, 0, 0, 0, time.UTC).Day() == 29
		if month == time.February && day == 29 && !leap && tm == time.February && td == 28 {
			return true
		}
	}
	return false
}

// cell prints a value as tools do.
func (n naive) cell(v syntax.Value, i int) any {
	switch x := n.value(v, i).(type) {
	case time.Time:
		return x.In(n.w.Zone).Format(time.RFC3339Nano)
	case civil:
		return time.Time(x).Format(time.DateOnly)
	case float64:
		if n.isMoney(v) {
			return new(big.Rat).SetFloat64(x).FloatString(n.w.Digits)
		}
		if x == math.Trunc(x) && math.Abs(x) < 1<<62 {
			return int64(x)
		}
		return x
	case *big.Rat:
		switch {
		case n.isMoney(v):
			return x.FloatString(n.w.Digits)
		case x.IsInt() && x.Num().IsInt64():
			return x.Num().Int64()
		}
		f, _ := x.Float64()
		return f
	default:
		return x
	}
}

// isMoney follows the units: money times or over a number is money.
func (n naive) isMoney(v syntax.Value) bool {
	switch v := v.(type) {
	case *syntax.Arith:
		l, r := n.isMoney(v.Left), n.isMoney(v.Right)
		switch v.Op {
		case '*':
			return l != r
		case '/':
			return l && !r
		}
		return l || r
	case *syntax.Name:
		for _, t := range n.w.Traits {
			if t.Name == v.Name {
				return t.Kind == column.Money
			}
		}
	case *syntax.Call:
		e, _ := n.w.Event(v.Event)
		for _, p := range e.Props {
			if p.Name == v.Property {
				return p.Kind == column.Money && v.Fn != syntax.Distinct
			}
		}
	}
	return false
}
