package segment

import "tesela/segment/syntax"

// Note is something a reader of a result should know and that is no error: a
// window without data, ties that came into a top ten.
type Note struct {
	// Code names what it is about: window_ahead, window_before_data,
	// window_empty, ties, future_date; of layers rfm_scored, rfm_scored_in,
	// lapse_found, lapse_least, lapse_no_gaps, lapse_set, lifecycle_rules,
	// engagement_events, value_tiers.
	Code string
	// Args are the figures and texts the note speaks of, by name.
	Args map[string]any
	// Span is where in the formula; zero inside a saved segment.
	Span syntax.Span
	// Text says it in English.
	Text string
}
