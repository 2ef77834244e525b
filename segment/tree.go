package segment

import (
	"math/big"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// The checked tree: names are resolved, kinds agree, times are absolute.

// form is how a value's figures are held while evaluating.
type form uint8

const (
	inInts   form = iota + 1 // int64, column.Unset is unset; numbers are ints/den
	inFloats                 // float64, NaN is unset
	inCodes                  // codes of dict, 0 is unset
	inExact                  // exact
	inTags                   // a trait's or property's tags
)

// origin tells where a value comes from.
type origin uint8

const (
	fromLiteral origin = iota + 1
	fromTrait
	fromProp
	fromScan
	fromArith
	fromLayer
	fromTime
)

// value is a checked value per customer, or per row inside where.
type value struct {
	kind   column.Kind
	form   form
	origin origin
	den    int64 // inInts numbers and money: figures are ints/den
	dict   *column.Dict
	text   string // canonical text of the source
	span   syntax.Span

	id int // position in the plan's values; equal values share it

	// fromLiteral. A nil rat is unset. A date literal is the half-open range
	// [lo, hi) of microseconds, and names the day if whole.
	rat    *big.Rat
	word   string
	yes    bool
	lo, hi int64
	day    int64
	whole  bool

	name string // fromTrait, fromProp, fromLayer, fromTime

	scan, agg int // fromScan

	op          byte // fromArith
	left, right *value

	layer *layerCall // fromLayer

	part *timePart // fromTime
}

func (v *value) literal() bool { return v.origin == fromLiteral }

func (v *value) numeric() bool { return v.kind == column.Number || v.kind == column.Money }

func (v *value) temporal() bool { return v.kind == column.Time || v.kind == column.Date }

// scan is one pass over the rows of an event within a span that pass a
// filter; aggregates that ask for the same rows share it.
type scan struct {
	event  string
	filter *Filter // nil: every row
	where  string  // the filter's canonical text, "" without one
	span   Span
	aggs   []agg
	uses   int // how many places in the formulas ask for its figures
}

// agg is one figure taken in a scan.
type agg struct {
	fn   syntax.Fn
	prop string
	form form
	den  int64
	zero bool  // 0, not unset, without rows
	day  int64 // days_since: the day counted to
}

// cond is a checked condition.
type cond interface{ print(p *printer) }

type (
	condConst bool
	// condAnd and condOr print their parts as written and evaluate them in
	// order, the cheapest first.
	condAnd struct {
		parts []cond
		order []int
	}
	condOr struct {
		parts []cond
		order []int
	}
	condNot struct{ part cond }
	// condTest compares a value with what is known beforehand.
	condTest struct {
		value *value
		test  test
		text  string // what the test asks, canonical, times absolute
	}
	// condCompare compares two values of each customer.
	condCompare struct {
		op          syntax.Op
		left, right *value
		recode      []uint32  // texts of two dictionaries: right's codes in left's
		calendar    *calendar // a time with a date: by local days
	}
	// condMember asks for membership of a set that was found before.
	condMember struct{ stage int }
)
