// Package course follows customers through time: which label of a layer, or
// which side of a segment, each had as of a date (Stand), how they moved from
// one date to another and which condition turned (Trace, Moves.Causes), and how
// a definition reads as of an earlier date (AsOf).
//
// Everything is evaluated through package segment as of the date in question,
// so that rows at or after it do not exist. What a customer is (traits, tags)
// is known only as it is now; Timeless tells where that matters. It words
// nothing for people and knows no customer's id: customers are numbers.
package course
