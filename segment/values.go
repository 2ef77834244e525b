package segment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"time"

	"tesela/segment/column"
)

// ValuePlan is a value per customer, checked, with every time absolute.
type ValuePlan struct {
	plan *Plan
	root *value
}

// Kind is the kind of the result; counts are numbers.
func (p *ValuePlan) Kind() column.Kind { return p.root.kind }

// Warnings are what checking noticed and is no error.
func (p *ValuePlan) Warnings() []Note { return p.plan.notes }

// Need lists the columns the plan reads.
func (p *ValuePlan) Need() Need { return p.plan.need }

// String prints the plan; see Plan.String.
func (p *ValuePlan) String() string {
	w := &printer{plan: p.plan}
	return p.plan.String() + "\nvalue " + w.value(p.root)
}

// Run evaluates the value for every customer.
func (p *ValuePlan) Run(ctx context.Context) (*Values, error) {
	r, err := newRun(ctx, p.plan)
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", p.root.text, err)
	}
	v, err := r.values(ctx, p.root)
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", p.root.text, err)
	}
	v.notes = r.notes()
	return v, nil
}

// Values are one value per customer, set or not.
type Values struct {
	kind   column.Kind
	vec    vec
	dict   *column.Dict
	zone   *time.Location
	digits int
	n      int
	notes  []Note
}

// Notes are the plan's warnings and what came up on the way.
func (v *Values) Notes() []Note { return v.notes }

// N is the number of customers.
func (v *Values) N() int { return v.n }

// Kind is the kind of the values.
func (v *Values) Kind() column.Kind { return v.kind }

// IsSet tells whether customer i has a value.
func (v *Values) IsSet(i int) bool { return v.vec.isSet(i) }

// Compare orders the values of customers i and j: numbers, money and times by
// size, text by its bytes, false before true, unset before all.
func (v *Values) Compare(i, j int) int {
	a, b := v.IsSet(i), v.IsSet(j)
	if !a || !b {
		return compareInts(boolInt(a), boolInt(b))
	}
	switch v.vec.form {
	case inInts:
		return compareInts(v.vec.ints[i], v.vec.ints[j])
	case inFloats:
		return cmp.Compare(v.vec.floats[i], v.vec.floats[j])
	case inCodes:
		return cmp.Compare(v.dict.Word(v.vec.codes[i]), v.dict.Word(v.vec.codes[j]))
	default:
		return v.vec.exactAt(i).compare(v.vec.exactAt(j))
	}
}

// Rat gives a number or money (in major units) exactly; nil where it is unset
// or no number. A figure of a number column is the fraction its float64 is.
func (v *Values) Rat(i int) *big.Rat {
	if v.kind != column.Number && v.kind != column.Money || !v.IsSet(i) {
		return nil
	}
	if v.vec.form == inFloats {
		return new(big.Rat).SetFloat64(v.vec.floats[i]) // nil for an infinity
	}
	return new(big.Rat).Set(v.vec.exactAt(i).rat())
}

// Float gives a number or money (in major units); NaN where Rat is nil.
func (v *Values) Float(i int) float64 {
	if v.kind != column.Number && v.kind != column.Money || !v.IsSet(i) {
		return math.NaN()
	}
	return v.vec.floatAt(i)
}

// Code is a text's code: equal texts have equal codes. It is 0 where the value
// is unset or no text.
func (v *Values) Code(i int) uint32 {
	if v.vec.form != inCodes {
		return 0
	}
	return v.vec.codes[i]
}

// Exact tells that figures are held exactly, not as float64.
func (v *Values) Exact() bool { return v.vec.form != inFloats }

// Cell gives the value as tool results hold it: int64 for whole numbers, else
// float64; money as a decimal string in major units; text; bool; a time as
// RFC 3339 in the workspace's zone; a date as 2011-12-01. Nil where unset.
func (v *Values) Cell(i int) any {
	if !v.IsSet(i) {
		return nil
	}
	switch v.kind {
	case column.Money:
		if v.vec.form == inInts {
			return MoneyString(v.vec.ints[i], v.digits)
		}
		r := v.Rat(i)
		if r == nil {
			return nil
		}
		return decimalString(r, v.digits)
	case column.Number:
		if f := v.Float(i); v.vec.form == inFloats && f == math.Trunc(f) && math.Abs(f) < 1<<62 {
			return int64(f) // as the fraction would tell, at less cost
		}
		r := v.Rat(i)
		if r != nil && r.IsInt() && r.Num().IsInt64() {
			return r.Num().Int64()
		}
		return v.Float(i)
	case column.Bool:
		return v.vec.ints[i] != 0
	case column.Time:
		return time.UnixMicro(v.vec.ints[i]).In(v.zone).Format(time.RFC3339Nano)
	case column.Date:
		y, m, d := dayDate(v.vec.ints[i])
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	default:
		return v.dict.Word(v.vec.codes[i])
	}
}
