// Package segmenttest holds every engine that evaluates formulas to one suite
// of cases, and gives tests small worlds to ask about. It is for tests only.
//
// A test file is made of lines. A line that starts in the first column is a
// command; an indented line is a row of the table above it; blank lines and
// lines that start with # are passed over.
//
//	load                             forget the world and begin a new one
//	zone Europe/London               default UTC
//	currency EUR 2                   and the decimals of its minor unit; default GBP 2
//	role purchase order              a role and what it maps onto
//	save NAME = FORMULA              a saved segment
//	customers country:text age:number
//	  ana Germany 34                 id, then the traits in order
//	  "bo b" - -                     - is unset; quotes may hold spaces
//	event order id amount:money tags:tags
//	  ana 2011-12-01T10:00 o1 10.00 gift|first
//	at 2011-12-10                    T for what follows
//	eval FORMULA -> ana "bo b"       the members in the order of the table, or none
//	eval_value VALUE -> ana=3        the values that are set, as tools print them, or none
//	error FORMULA -> part of the message
//	error_value VALUE -> part of the message
//	note FORMULA -> ties window_ahead    the codes of the notes, or none
//
// The word id after an event's name says that rows carry event ids, which then
// stand after the time; an id of - is an event of its own. Kinds are those of
// column.ParseKind. Times are RFC 3339, or wall time of the zone: 2011-12-01
// or 2011-12-01T10:00. Rows are stored in the order in which they are written.
// What stands right of the last -> is expected.
//
// Expectations are worked out by hand from the definition of the language,
// never copied from an engine.
//
// Naive is a second engine, written as plainly as the definition reads, and
// Random makes worlds and formulas for it to agree on with others. A World
// prints itself in the language above, so that a failure can be kept as a case.
// NewSource gives a World as a segment.Source to tests of other packages.
package segmenttest
