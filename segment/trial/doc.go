// Package trial finds in any catalogue which campaigns there were, who was
// treated and who was held out, and what came of it: the formulas and values of
// the formula language, taken over the days after a customer was assigned,
// compared by segment/effect. It words nothing; it holds no name of any event
// or arm, those are roles and data (words.yaml).
//
// A customer counts from the assignment on: an outcome over 30 days is its
// formula as of 30 local days after, with `last 30d` put in. What it is adjusted
// by is the same as of the assignment. Segments, layers and behaviour are those
// as of the assignment too; traits have no history and are as they are now.
// Customers whose days are not over at T are left out and counted.
//
// Where the customers of a campaign were assigned at more than so many
// different instants (instantsMost), those of one local day count from the first
// assignment of that day on.
package trial
