// Package column holds the data the core computes on: traits of all customers,
// and the rows of one event type sorted by customer and time. It knows no
// formulas and no store.
//
// # How columns lie in memory
//
// What limits a question is how many bytes it reads, so figures take as few as
// they can: dictionary codes, money, dates, times and numbers of few decimals
// are whole numbers in a frame of reference (Packed), x for Base + Step·x in
// one, two or four bytes, and 0 for unset. An order line of three properties so
// takes about fourteen bytes. Loops need not unpack: a comparison with literals
// is a range of x, which Mark tests for 64 rows at a time into one bit each, 32
// bytes to an instruction where the processor can; sums and numbers of
// different values are taken over x. What changes with the local day is
// looked up by the packed time (Steps).
//
// Firsts has a bit for each row that begins an event, so that events are
// counted by counting bits. What follows from times alone and serves every
// question about them (times in two bytes, each customer's first and last,
// where days, weeks and months begin) is in the table's Index, made as it is
// needed. What has no packed form (wide figures, numbers of many decimals,
// tags) stays in plain slices; the methods of Column and Table read either.
package column

import "math"

// Kind is the type of a trait or property.
type Kind uint8

// The kinds. Money is integers of the currency's minor unit, Time
// microseconds since 1970 UTC, Date days since 1970-01-01, Bool 0 or 1.
const (
	Text Kind = iota + 1
	Number
	Money
	Bool
	Time
	Date
	Tags
)

var kindNames = [...]string{"", "text", "number", "money", "bool", "time", "date", "tags"}

// String gives the kind's name as flags and JSON spell it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind?"
}

// ParseKind is the inverse of String; ok is false for an unknown name.
func ParseKind(s string) (k Kind, ok bool) {
	for i, n := range kindNames {
		if i > 0 && n == s {
			return Kind(i), true
		}
	}
	return 0, false
}

// Unset marks a missing value in Column.Ints.
const Unset = math.MinInt64

// Column is one trait of all customers, or one property of all rows of a
// Table, in their order. Either Packed or exactly one of the value slices is
// in use: a Source packs what it can, others build slices. Code, Int, Float and
// TagsAt read either.
type Column struct {
	Kind Kind
	// Packed stands for Codes, Ints or Floats in fewer bytes: codes, whole
	// numbers, or numbers times Scale.
	Packed *Packed
	Scale  float64
	// Codes (Text) index Dict; 0 is unset.
	Codes []uint32
	// Ints (Money, Bool, Time, Date); Unset is unset.
	Ints []int64
	// Floats (Number); NaN is unset.
	Floats []float64
	// TagStarts (Tags) has one entry more than there are values; the tags of
	// value i are TagCodes[TagStarts[i]:TagStarts[i+1]], ascending, distinct.
	// A value without tags is unset.
	TagStarts []uint32
	TagCodes  []uint32
	// Dict (Text, Tags) gives the words of the codes.
	Dict *Dict
}

// Len is the number of values, set or not.
func (c *Column) Len() int {
	if c.Packed != nil {
		return c.Packed.Len()
	}
	switch c.Kind {
	case Text:
		return len(c.Codes)
	case Number:
		return len(c.Floats)
	case Tags:
		return max(0, len(c.TagStarts)-1)
	default:
		return len(c.Ints)
	}
}

// IsSet tells whether value i is there.
func (c *Column) IsSet(i int) bool {
	if c.Packed != nil {
		return c.Packed.X(i) != 0
	}
	switch c.Kind {
	case Text:
		return c.Codes[i] != 0
	case Number:
		return !math.IsNaN(c.Floats[i])
	case Tags:
		return c.TagStarts[i] < c.TagStarts[i+1]
	default:
		return c.Ints[i] != Unset
	}
}

// Code is the code of text i, 0 where it is unset.
func (c *Column) Code(i int) uint32 {
	if c.Packed != nil {
		return c.Packed.X(i)
	}
	return c.Codes[i]
}

// Int is the figure i of money, bools, times or dates; Unset where it is unset.
func (c *Column) Int(i int) int64 {
	if c.Packed != nil {
		return c.Packed.At(i)
	}
	return c.Ints[i]
}

// Float is number i, NaN where it is unset.
func (c *Column) Float(i int) float64 {
	if c.Packed == nil {
		return c.Floats[i]
	}
	return c.Unscaled(c.Packed.X(i))
}

// Unscaled is the number that x stands for in a packed column of numbers.
func (c *Column) Unscaled(x uint32) float64 {
	if x == 0 {
		return math.NaN()
	}
	return float64(c.Packed.Of(x)) / c.Scale
}

// TagsAt are the codes of the tags of value i, ascending.
func (c *Column) TagsAt(i int) []uint32 { return c.TagCodes[c.TagStarts[i]:c.TagStarts[i+1]] }

// Table is the rows of one event type, sorted by customer, then time, then
// the order in which they were stored.
type Table struct {
	Event string
	// Who holds the customers that have rows, ascending. The rows of Who[i]
	// are Starts[i] up to Starts[i+1]; len(Starts) = len(Who)+1. Both are as
	// long as the event is common, so rare events cost by their rows.
	Who    []uint32
	Starts []uint32
	// Times are microseconds since 1970 UTC. Clock, where it is not nil, holds
	// them in fewer bytes and Times is nil; Time reads either.
	Times []int64
	Clock *Packed
	// IDs tie the rows of one event together: rows of the same customer with
	// the same code are one event. Nil where every row is its own event, and
	// where a source was asked for Firsts alone; see Tied.
	// Code 0 is a row without an id, which is its own event.
	IDs []uint32
	// Firsts has a bit for each row that is the first of its event; it may be
	// nil where IDs is not. See FindFirsts.
	Firsts []uint64
	// Scattered is set where the rows of some event are not neighbours.
	Scattered bool
	// Index is made as questions need it; nil where nobody keeps it for the
	// next one.
	Index *Index
	// IDDict gives the ids' text; nil unless asked for.
	IDDict *Dict
	// Props are the loaded properties by name.
	Props map[string]*Column
}

// Len is the number of rows.
func (t *Table) Len() int {
	if t.Clock != nil {
		return t.Clock.Len()
	}
	return len(t.Times)
}

// Tied tells that several rows may be one event.
func (t *Table) Tied() bool { return t.IDs != nil || t.Firsts != nil }

// Continues tells that a row, not a customer's first, is of the same event as
// the row before, where the rows of events are neighbours.
func (t *Table) Continues(row int) bool {
	if t.Firsts != nil {
		return t.Firsts[row>>6]>>(row&63)&1 == 0
	}
	return row > 0 && t.IDs != nil && t.IDs[row] != 0 && t.IDs[row] == t.IDs[row-1]
}

// Time is the time of a row.
func (t *Table) Time(row int) int64 {
	if t.Clock != nil {
		return t.Clock.At(row)
	}
	return t.Times[row]
}

// World is the data one evaluation needs: customers numbered 0…Customers-1,
// the traits and the tables it asked for.
type World struct {
	Customers int
	Traits    map[string]*Column
	Tables    map[string]*Table
}
