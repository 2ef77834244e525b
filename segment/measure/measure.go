// Package measure takes figures over a base of customers: named measures such
// as revenue, or expressions in the functions of the formula language, over
// the rows of all its customers pooled, in groups and periods.
//
// A Query is plain data. Compile checks it against the catalogue and makes a
// Plan, data too, with every window resolved to absolute times; Run loads the
// columns the plan names, goes over each event's rows once for all measures
// and groups together, and gives a Table. The package words nothing (notes
// carry codes) and draws nothing.
//
// # What a measure is taken over
//
// A call such as sum(order.amount) goes over the rows of the base's customers
// that lie in the query's window and pass the query's where; a window or where
// of its own narrows further. Inside customers(…) and per_customer(…) calls
// keep a window of their own as it is written; count, sum, avg, min, max,
// distinct and active_* without one take the query's window, or the period's
// where figures go per period, and the query's where. Calls that find a time
// (first, last, earliest, latest, days_since) are left as they are.
//
// Money is computed exactly in integers of the minor unit, arithmetic between
// figures exactly in fractions; a figure of money is rounded half away from
// zero to the minor unit at the very end. A division by zero is unset.
package measure

import (
	"context"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Query says what to measure.
type Query struct {
	// Measures are names (revenue, events(visit), a business word) or
	// expressions, at least one. The first orders the rows.
	Measures []string
	// Base is the customers measured; nil is everyone.
	Base syntax.Formula
	// Where filters rows. It applies to every event that has all the
	// properties it names; at least one measured event must.
	Where syntax.Formula
	// Window is the time measured; nil is all time before T.
	Window *syntax.Window
	// GroupBy are traits (country), properties of one event
	// (order.category), or values per customer of the formula language.
	GroupBy []string
	// Per is "", day, week, month, quarter, year, weekday or hour.
	Per string
	// Top keeps only the first so many groups; 0 keeps all.
	Top int
	// Ascending puts the smallest figure first.
	Ascending bool
	// Shares adds a column <measure>_share, the group's part of the total,
	// after each measure that can be parted.
	Shares bool
}

// Table is the figures. Columns are the period if there is one, the groups in
// the query's order, then the measures, each followed by its share if asked.
type Table struct {
	Columns []Column
	// Rows hold cells as tools' results want them: money a decimal string in
	// major units, counts and whole numbers int64, other numbers and rates
	// float64, texts, times and dates string, bools bool, unset nil. There
	// are none where the query has neither groups nor periods.
	//
	// Rows are ordered by the first measure, then by the groups' names; with
	// periods by time first, unless Top without groups asks for the best
	// periods.
	Rows [][]any
	// Totals are the measures over the whole base, ungrouped: one cell for
	// each of Query.Measures, shares left out.
	Totals []any
	Notes  []Note
}

// Column describes one column. Kind is text, count, number, money, rate, date,
// time or bool. Unit is the currency for money, "customers" for numbers of
// customers, an event's name for numbers of such events, "days" for days. A
// column of periods has the query's Per as name and unit: days are of kind
// date, weekdays (ISO, 1 is Monday) and hours (0 to 23) of kind number, others
// text keyed 2011-W09, 2011-03, 2011-Q1, 2011.
type Column struct {
	Name, Kind, Unit string
}

// Note is what a reader must know to read the figures right.
type Note = segment.Note

// Plan is a checked query at an instant, with all windows in absolute times.
type Plan struct {
	query    Query
	src      segment.Source
	schema   *segment.Schema
	at       time.Time
	opts     []segment.Option
	span     segment.Span
	base     *segment.Plan
	dims     []dim
	per      string
	measures []measure
	slots    []*slot
	// rowEvent is the event whose properties group ("" if none do).
	rowEvent string
	// rowWhere filters its rows where customers are counted by their rows.
	rowWhere  syntax.Formula
	rowFilter *segment.Filter
	// inside is the query's where as each event takes it.
	inside map[string]syntax.Formula
	notes  []Note
	// chunkRows is how many rows one part of a scan has; 0 for as many as is
	// fast.
	chunkRows int
}

// measure is one column: its name and how it is computed from slots.
type measure struct {
	name string
	node node
	fig  figure
}

// Compile checks a query and plans it as of the instant at. Faults of the
// query are of type *Error, which names the field at fault.
func Compile(ctx context.Context, q Query, src segment.Source, at time.Time, opts ...segment.Option) (*Plan, error) {
	b := &builder{ctx: ctx, src: src, schema: src.Schema(), at: at, opts: opts, query: q, slotOf: map[string]int{}}
	return b.build()
}
