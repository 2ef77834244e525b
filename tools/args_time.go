package tools

// The arguments of the tools that follow groups through time.

// TraceMigrationArgs compares a layer with itself at two dates.
type TraceMigrationArgs struct {
	Layer   string `json:"layer,omitempty" jsonschema:"the layer, such as lifecycle, rfm, value_tier or engagement, with its parameters if any; lifecycle when left out"`
	Segment string `json:"segment,omitempty" jsonschema:"instead of a layer: a segment in the formula language, whose members are followed in and out"`
	From    string `json:"from,omitempty" jsonschema:"the earlier date, such as 2011-06-01 or 90d ago; 3mo ago when left out"`
	To      string `json:"to,omitempty" jsonschema:"the later date; now when left out"`
	Formula string `json:"formula,omitempty" jsonschema:"follow only these customers, in the formula language, as of the later date; everyone when left out"`
	Left    string `json:"left,omitempty" jsonschema:"only those who had this label at the earlier date"`
	Entered string `json:"entered,omitempty" jsonschema:"only those who have this label at the later date"`
	Why     bool   `json:"why,omitempty" jsonschema:"also tell which condition flipped for those who moved"`
	Predict bool   `json:"predict,omitempty" jsonschema:"also tell where those who are there now are likely to be after as long again, from past moves"`
}

// TraceDriftArgs follows a segment's size, or a layer's mix, through time.
type TraceDriftArgs struct {
	Segment string `json:"segment,omitempty" jsonschema:"the segment, in the formula language; give this or layer, lifecycle when both are left out"`
	Layer   string `json:"layer,omitempty" jsonschema:"the layer whose mix is followed, with its parameters if any"`
	From    string `json:"from,omitempty" jsonschema:"the first date, such as 2011-01-01 or 12mo ago; 12 periods ago when left out"`
	To      string `json:"to,omitempty" jsonschema:"the last date; now when left out"`
	Per     string `json:"per,omitempty" enum:"day,week,month,quarter,year" jsonschema:"how far the dates lie apart; month when left out"`
	Formula string `json:"formula,omitempty" jsonschema:"among these customers only, in the formula language; everyone when left out"`
}

// BacktestSegmentArgs asks whether a segment would have come before something.
type BacktestSegmentArgs struct {
	Formula string `json:"formula" jsonschema:"the segment, in the formula language, evaluated at each past date"`
	Outcome string `json:"outcome,omitempty" jsonschema:"what it is to come before, in the formula language, true of a customer from some date on; lifecycle = \"churned\" when left out"`
	From    string `json:"from,omitempty" jsonschema:"the first date, such as 2011-01-01 or 1y ago; 1y ago when left out"`
	To      string `json:"to,omitempty" jsonschema:"the last date that still leaves the horizon; as late as the data allows when left out"`
	Horizon string `json:"horizon,omitempty" jsonschema:"how soon after the date the outcome must come, such as 90d; 90d when left out"`
	Per     string `json:"per,omitempty" enum:"day,week,month,quarter,year" jsonschema:"how far the dates lie apart; month when left out"`
}

// ReviewSegmentsArgs reviews all saved segments.
type ReviewSegmentsArgs struct {
	MinSize int `json:"min_size,omitempty" min:"1" max:"100000000" jsonschema:"segments of fewer customers count as tiny; the larger of 50 and 0.5% of the customers when left out"`
}

// SimulateReengagementArgs runs the re-engagement flow over the past.
type SimulateReengagementArgs struct {
	Formula  string   `json:"formula,omitempty" jsonschema:"the customers to run it on, in the formula language; everyone when left out"`
	Events   []string `json:"events,omitempty" max:"50" jsonschema:"the events that count as activity; all that customers do when left out"`
	Days     int      `json:"days,omitempty" min:"1" max:"3650" jsonschema:"days without activity that make a customer disengaged; 60 when left out"`
	LastCall int      `json:"last_call,omitempty" min:"1" max:"3650" jsonschema:"days after the re-engagement message until the last call; 30 when left out"`
	Remove   int      `json:"remove,omitempty" min:"1" max:"3650" jsonschema:"days after the last call until removal is proposed; 30 when left out"`
	From     string   `json:"from,omitempty" jsonschema:"the day the flow would have begun, such as 2011-06-01 or 90d ago; 3mo ago when left out"`
	To       string   `json:"to,omitempty" jsonschema:"the day until which it is followed; now when left out"`
}
