package measure

import (
	"fmt"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// slotFn is what a slot keeps per cell.
type slotFn string

// The slots over rows. Money sums are in minor units, times in microseconds.
const (
	fnRows      slotFn = "rows"      // rows
	fnEvents    slotFn = "events"    // distinct events
	fnFresh     slotFn = "fresh"     // the same, by the rows they begin with
	fnDoers     slotFn = "doers"     // distinct customers
	fnRepeaters slotFn = "repeaters" // customers with two events or more
	fnFirsts    slotFn = "firsts"    // customers whose first event ever it is
	fnSum       slotFn = "sum"       // of a property's set values
	fnSet       slotFn = "set"       // rows with a set value
	fnMin       slotFn = "min"
	fnMax       slotFn = "max"
	fnDistinct  slotFn = "distinct"
	fnDays      slotFn = "active_days"
	fnWeeks     slotFn = "active_weeks"
	fnMonths    slotFn = "active_months"
	fnFirst     slotFn = "first" // time of the earliest row
	fnLast      slotFn = "last"
	fnEarliest  slotFn = "earliest" // the property on it
	fnLatest    slotFn = "latest"
	fnGapDays   slotFn = "gap_days" // days between consecutive days of a customer, summed
	fnGaps      slotFn = "gaps"     // and how many such gaps

	// The slots over customers.
	fnCustomers slotFn = "customers"
	fnOf        slotFn = "customers_of"
	fnPer       slotFn = "per_customer"
)

// slot is one aggregate, kept for every cell of the table.
type slot struct {
	fn          slotFn
	event, prop string
	kind        column.Kind // of prop, or of a per_customer value
	own         syntax.Formula
	where       syntax.Formula // own and the query's, as it is applied
	span        segment.Span
	bounded     bool // a window was given
	refund      bool // subtracted refunds: left out where a filter cannot apply
	skip        bool // no rows at all
	filter      *segment.Filter
	at          syntax.Span // where in the measure's text

	// customers_of and per_customer
	formula syntax.Formula
	value   syntax.Value
	stat    string
	inside  []string // the events it speaks of
	moves   bool     // has calls that take the query's window
	name    string
	// trait is the date that customers are counted by: those who have it in the
	// time measured.
	trait string
}

func (s *slot) overRows() bool {
	return s.fn != fnCustomers && s.fn != fnOf && s.fn != fnPer
}

// key tells equal slots.
func (s *slot) key() string { return s.String() }

// String prints the slot with its window in absolute times.
func (s *slot) String() string {
	switch s.fn {
	case fnCustomers:
		return "customers of the base"
	case fnOf:
		return "customers(" + s.formula.String() + ")"
	case fnPer:
		return "per_customer(" + s.value.String() + ", " + s.stat + ")"
	}
	var t strings.Builder
	fmt.Fprintf(&t, "%s of %s", s.fn, syntax.Quote(s.event))
	if s.prop != "" {
		t.WriteString("." + syntax.Quote(s.prop))
	}
	where := s.where
	if where == nil {
		where = s.own
	}
	if where != nil {
		t.WriteString(" where " + where.String())
	}
	fmt.Fprintf(&t, " in %s", s.span)
	if s.refund {
		t.WriteString(" (refunds)")
	}
	if s.skip {
		t.WriteString(" (left out)")
	}
	return t.String()
}

func (s slotNode) String() string  { return fmt.Sprintf("#%d", int(s)+1) }
func (c constNode) String() string { return c.r.RatString() }
func (a arithNode) String() string {
	return "(" + a.left.String() + " " + string(a.op) + " " + a.right.String() + ")"
}
func (s scaleNode) String() string { return "(" + s.x.String() + " * " + s.by.RatString() + ")" }
func (t timeNode) String() string  { return "time(" + t.x.String() + ")" }
func (d dateNode) String() string  { return "date(" + d.x.String() + ")" }
func (s sinceNode) String() string { return "days_since(" + s.x.String() + ")" }

func intersect(a, b segment.Span) segment.Span {
	s := segment.Span{From: max(a.From, b.From), To: min(a.To, b.To)}
	if s.From > s.To {
		s.From = s.To
	}
	return s
}
