// Package syntax is the text of the formula language: its tree, parser and
// canonical printer. It knows nothing of data: names are names until package
// segment checks them against a catalogue.
//
// Print(Parse(x)) is canonical and Parse(Print(tree)) is the same tree.
//
// Spelling, where it is not plain: keywords are read in any case, bare names
// in lower case only; a word of the language is a name in back quotes, a
// function's name also where no bracket follows it; inside back quotes two
// stand for one. Names and texts are put in NFC, instants in UTC, numbers
// without idle zeros. A chain of and in and, or of or in or, is one node.
// 2011-05 is a month in windows and refused elsewhere, unless spaces around
// the minus make it a subtraction. Texts may be 1 MiB long and nest 200 deep.
package syntax

// Span is a half-open range of byte offsets in the text a node was parsed
// from. Nodes made by hand have the zero Span. Equal ignores spans.
type Span struct{ From, To int }

// Node is any part of the tree. String prints canonical, parseable text.
type Node interface {
	Pos() Span
	String() string
}

// Pos returns the span itself, so that embedding Span makes a Node.
func (s Span) Pos() Span { return s }

// Formula is a yes-or-no question about one customer, or, inside where, about
// one row (the values are then Names of properties and literals only).
type Formula interface {
	Node
	formula()
}

// Or holds two terms or more; no term is itself an Or.
type Or struct {
	Span
	Terms []Formula
}

// And holds two factors or more; no factor is itself an And.
type And struct {
	Span
	Factors []Formula
}

// Not is the plain complement of X.
type Not struct {
	Span
	X Formula
}

// Op is a comparison: = != < <= > >=.
type Op string

// The six comparisons.
const (
	Eq Op = "="
	Ne Op = "!="
	Lt Op = "<"
	Le Op = "<="
	Gt Op = ">"
	Ge Op = ">="
)

// Compare is `left op right`.
type Compare struct {
	Span
	Left  Value
	Op    Op
	Right Value
}

// In is `value [not] in (literal, …)`; List is never empty.
type In struct {
	Span
	Value Value
	Not   bool
	List  []Literal
}

// Between is `value between low and high`, both ends in.
type Between struct {
	Span
	Value     Value
	Low, High Literal
}

// IsSet is `value is [not] set`.
type IsSet struct {
	Span
	Value Value
	Not   bool
}

// MatchOp is a test on text that folds case and accents.
type MatchOp string

// The tests on text.
const (
	Contains   MatchOp = "contains"
	StartsWith MatchOp = "starts with"
	EndsWith   MatchOp = "ends with"
)

// Match is `value [not] contains "text"` and its kin.
type Match struct {
	Span
	Value Value
	Not   bool
	Op    MatchOp
	Text  string
}

// DateOp places a time against a date.
type DateOp string

// The comparisons with a date.
const (
	Before DateOp = "before"
	After  DateOp = "after"
	On     DateOp = "on"
)

// DateCompare is `value before|after|on date`.
type DateCompare struct {
	Span
	Value Value
	Op    DateOp
	Date  Date
}

// Within is `value within window`.
type Within struct {
	Span
	Value  Value
	Window *Window
}

// Anniversary is `value anniversary within next duration`.
type Anniversary struct {
	Span
	Value Value
	Next  Duration
}

// Rank is `top|bottom N[%] by value [among (formula)]`.
type Rank struct {
	Span
	Bottom  bool
	Percent bool
	// N is a whole number, or with Percent any number in (0, 100].
	N     Number
	By    Value
	Among Formula // nil: everyone
}

// Step is one step of a Sequence.
type Step struct {
	Span
	Not   bool
	Event string
	Where Formula // nil: every row
	// EventAt says where the event's name stands.
	EventAt Span
}

// Sequence is `sequence(step, …, within duration[, window])`.
type Sequence struct {
	Span
	Steps  []Step
	Within Duration
	Window *Window // nil: all rows before T
}

// InSegment is `segment "name" [at date]`.
type InSegment struct {
	Span
	Name string
	At   *Date // nil: at T
}

// Crossed is `entered|left segment "name" within window`.
type Crossed struct {
	Span
	Left   bool
	Name   string
	Window *Window
}

// Everyone and Nobody are the two constant formulas.
type (
	Everyone struct{ Span }
	Nobody   struct{ Span }
)

// Value is a figure, text or time per customer (inside where: per row).
type Value interface {
	Node
	value()
}

// Literal is a Number, Text, Date or Bool.
type Literal interface {
	Value
	literal()
}

// Number is an exact decimal in canonical text: no leading zeros, no trailing
// zeros after the point, "-" before negatives, never "-0".
type Number struct {
	Span
	Text string
}

// Text is a string literal, in Unicode NFC.
type Text struct {
	Span
	Value string
}

// Date is `2011-12-01` or an RFC 3339 instant, kept as canonical text.
type Date struct {
	Span
	Text string
}

// Bool is true or false.
type Bool struct {
	Span
	Value bool
}

// Arith is `left op right` with op one of + - * /.
type Arith struct {
	Span
	Op          byte
	Left, Right Value
}

// Name is a bare name, or a name with parameters: a trait, a layer or a
// score; inside where, a property. Which it is, checking decides.
type Name struct {
	Span
	Name   string
	Params []Param // nil for a bare name
}

// Param is one parameter of a Name: `[key:] value`. Exactly one of Event,
// Value, Window, Ago is set; a bare word is an Event. A whole number of four digits
// that has no key, or the key "window", is a year, and so a Window.
type Param struct {
	Span
	Key    string // "" when positional
	Event  string
	Value  Literal
	Window *Window   // also `next 30d`, see Window.Next
	Ago    *Duration // a point in time, under a key: `at: 90d ago`
}

// Fn is a behaviour function.
type Fn string

// The behaviour functions.
const (
	Count        Fn = "count"
	Sum          Fn = "sum"
	Avg          Fn = "avg"
	Min          Fn = "min"
	Max          Fn = "max"
	Distinct     Fn = "distinct"
	First        Fn = "first"
	Last         Fn = "last"
	Earliest     Fn = "earliest"
	Latest       Fn = "latest"
	DaysSince    Fn = "days_since"
	ActiveDays   Fn = "active_days"
	ActiveWeeks  Fn = "active_weeks"
	ActiveMonths Fn = "active_months"
)

// Call is a behaviour function over the rows of an event.
type Call struct {
	Span
	Fn       Fn
	Event    string
	Property string  // "" when none is given
	Where    Formula // nil: every row
	Window   *Window // nil: all rows before T
	// EventAt and PropertyAt say where the two names stand.
	EventAt, PropertyAt Span
}

// CustomersOf is `customers(formula)`: how many of the base satisfy it.
// Only in measures.
type CustomersOf struct {
	Span
	Formula Formula
}

// PerCustomer is `per_customer(value, statistic)` with a statistic of mean,
// median, p10…p99, sum, min, max. Only in measures.
type PerCustomer struct {
	Span
	Value     Value
	Statistic string
}

// WindowKind tells the forms of a window apart.
type WindowKind uint8

// The forms of a window.
const (
	WindowLast   WindowKind = iota // last Duration
	WindowFromTo                   // from From to To
	WindowBefore                   // before From
	WindowSince                    // since From
	WindowPeriod                   // Period
	WindowNext                     // next Duration (parameters of scores only)
)

// Window is a half-open span of time relative to T.
type Window struct {
	Span
	Kind     WindowKind
	Duration Duration // WindowLast, WindowNext
	From, To Point    // From also serves WindowBefore and WindowSince
	// Period is one of today, yesterday, this|last week|month|quarter|year,
	// a year "2011" or a month "2011-05".
	Period string
}

// Point is a date, or a duration before T.
type Point struct {
	Span
	Date *Date     // nil: Ago
	Ago  *Duration // nil: Date
}

// Unit is a unit of durations.
type Unit string

// The units: minutes and hours are exact, the others go by the calendar.
const (
	Minute  Unit = "min"
	Hour    Unit = "h"
	Day     Unit = "d"
	Week    Unit = "w"
	Month   Unit = "mo"
	Quarter Unit = "q"
	Year    Unit = "y"
)

// Duration is a whole number of units, at least 1.
type Duration struct {
	Span
	N    int
	Unit Unit
}

func (*Or) formula()          {}
func (*And) formula()         {}
func (*Not) formula()         {}
func (*Compare) formula()     {}
func (*In) formula()          {}
func (*Between) formula()     {}
func (*IsSet) formula()       {}
func (*Match) formula()       {}
func (*DateCompare) formula() {}
func (*Within) formula()      {}
func (*Anniversary) formula() {}
func (*Rank) formula()        {}
func (*Sequence) formula()    {}
func (*InSegment) formula()   {}
func (*Crossed) formula()     {}
func (*Everyone) formula()    {}
func (*Nobody) formula()      {}

func (*Number) value()      {}
func (*Text) value()        {}
func (*Date) value()        {}
func (*Bool) value()        {}
func (*Arith) value()       {}
func (*Name) value()        {}
func (*Call) value()        {}
func (*CustomersOf) value() {}
func (*PerCustomer) value() {}

func (*Number) literal() {}
func (*Text) literal()   {}
func (*Date) literal()   {}
func (*Bool) literal()   {}
