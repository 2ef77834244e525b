package tools

// The arguments of the tools that ask what a definition does to people.

// DiffSegmentsArgs compares two definitions.
type DiffSegmentsArgs struct {
	From   string `json:"from" jsonschema:"the first segment, in the formula language"`
	To     string `json:"to" jsonschema:"the second segment, in the formula language"`
	Sample int    `json:"sample,omitempty" min:"1" max:"1000" jsonschema:"also this many ids of customers gained and lost; none when left out"`
}

// CheckSensitivityArgs moves the thresholds of a formula.
type CheckSensitivityArgs struct {
	Formula   string   `json:"formula" jsonschema:"the segment, in the formula language"`
	Threshold int      `json:"threshold,omitempty" min:"1" max:"1000" jsonschema:"only this number or length of time, counted from 1 in the order of the formula's text; all when left out"`
	To        []string `json:"to,omitempty" max:"50" jsonschema:"values to move the threshold to, such as 55d or 4, instead of steps around it; with threshold only, or where the formula has just one"`
}

// FindNearMissesArgs finds who fails by one condition.
type FindNearMissesArgs struct {
	Formula string `json:"formula" jsonschema:"the segment, in the formula language"`
	Sample  int    `json:"sample,omitempty" min:"1" max:"1000" jsonschema:"also this many ids of customers for each condition; none when left out"`
}

// ExplainCustomerArgs explains why a customer is in a segment or out of it, or
// tells what is known of the customer.
type ExplainCustomerArgs struct {
	Customer string `json:"customer" jsonschema:"the customer's id"`
	Formula  string `json:"formula,omitempty" jsonschema:"the segment, in the formula language; when left out, everything known of the customer: what they did and when, where they stand now and stood a year ago, which saved segments they are in and why"`
	Events   int    `json:"events,omitempty" min:"1" max:"100" jsonschema:"with a formula: show at most this many of the deciding events of each condition; 3 when left out"`
}
