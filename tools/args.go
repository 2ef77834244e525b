package tools

// The arguments of the tools. Tags say what schemas and validation need beside
// the Go type: enum the closed lists, min and max the bounds of whole numbers
// and of the lengths of lists. A field without omitempty must be given.

// DescribeDataArgs asks what the data holds.
type DescribeDataArgs struct{}

// FindValuesArgs looks a text up among names and values.
type FindValuesArgs struct {
	Text  string `json:"text" jsonschema:"what to look for; case, accents and small typing errors do not matter"`
	Field string `json:"field,omitempty" jsonschema:"a trait (country) or event property (order.category) to look in; all when left out"`
	Limit int    `json:"limit,omitempty" min:"1" max:"1000" jsonschema:"at most this many values, 20 when left out"`
}

// CountSegmentArgs counts the customers that satisfy a formula.
type CountSegmentArgs struct {
	Formula string `json:"formula" jsonschema:"the segment, in the formula language"`
}

// ListCustomersArgs lists customers of a segment.
type ListCustomersArgs struct {
	Formula   string   `json:"formula" jsonschema:"the segment, in the formula language"`
	By        string   `json:"by,omitempty" jsonschema:"a value of the formula language to rank by, such as sum(order.amount, last 1y)"`
	Ascending bool     `json:"ascending,omitempty" jsonschema:"smallest value first"`
	Limit     int      `json:"limit,omitempty" min:"1" max:"10000" jsonschema:"at most this many customers, 20 when left out"`
	With      []string `json:"with,omitempty" max:"20" jsonschema:"traits to show beside the id; personal ones only when a person asked for them"`
}

// MeasureArgs takes measures over a segment, in groups and periods.
type MeasureArgs struct {
	Measures []string `json:"measures" min:"1" max:"20" jsonschema:"named measures (customers, buyers, orders, revenue, gross_revenue, refunds, aov, orders_per_buyer, revenue_per_buyer, repeat_rate, new_buyers, items, days_between, events(e), doers(e), dated(t) for customers by a date of theirs) or expressions such as count(order where gift = true) / count(order)"`
	Formula  string   `json:"formula,omitempty" jsonschema:"the customers to measure, in the formula language; everyone when left out"`
	Where    string   `json:"where,omitempty" jsonschema:"a filter over properties of the rows measured, as after where in a formula"`
	Window   string   `json:"window,omitempty" jsonschema:"the time measured, as in formulas: last 90d, 2011-11, from 2011-01-01 to 2011-04-01; all time when left out"`
	GroupBy  []string `json:"group_by,omitempty" max:"3" jsonschema:"traits (country), event properties (order.category) or layers to break down by"`
	Per      string   `json:"per,omitempty" enum:"day,week,month,quarter,year,weekday,hour" jsonschema:"day, week, month, quarter, year, weekday or hour"`
	Top      int      `json:"top,omitempty" min:"1" max:"1000" jsonschema:"only this many groups"`
	Order    string   `json:"order,omitempty" enum:"desc,asc" jsonschema:"desc (default) or asc, by the first measure"`
	Shares   bool     `json:"shares,omitempty" jsonschema:"also each group's share of the whole"`
}

// ScoreRFMArgs scores customers by recency, frequency and money.
type ScoreRFMArgs struct {
	Formula string `json:"formula,omitempty" jsonschema:"the customers to show, in the formula language; everyone when left out"`
	Bins    int    `json:"bins,omitempty" min:"3" max:"5" jsonschema:"scores go from 1 to 3, 4 or 5; 5 when left out"`
	Window  string `json:"window,omitempty" jsonschema:"the time whose purchases count, such as last 1y; all time when left out"`
}

// StageLifecycleArgs puts customers in stages of the life cycle.
type StageLifecycleArgs struct {
	Formula     string `json:"formula,omitempty" jsonschema:"the customers to show, in the formula language; everyone when left out"`
	LapseDays   int    `json:"lapse_days,omitempty" min:"1" max:"36500" jsonschema:"days without a purchase after which a customer has churned; taken from the data when left out"`
	New         string `json:"new,omitempty" jsonschema:"how long a customer is new from the first purchase on, such as last 30d, which it is when left out"`
	StarPercent int    `json:"star_percent,omitempty" min:"1" max:"100" jsonschema:"how many percent of the active are stars; 10 when left out"`
}

// StageEngagementArgs tells who is active.
type StageEngagementArgs struct {
	Formula string   `json:"formula,omitempty" jsonschema:"the customers to show, in the formula language; everyone when left out"`
	Events  []string `json:"events,omitempty" max:"50" jsonschema:"the events that count as activity; all that customers do when left out"`
	Window  string   `json:"window,omitempty" jsonschema:"the time in which an event makes a customer engaged; last 60d when left out"`
}

// TierValueArgs parts customers by revenue.
type TierValueArgs struct {
	Formula    string `json:"formula,omitempty" jsonschema:"the customers to show, in the formula language; everyone when left out"`
	TopPercent int    `json:"top_percent,omitempty" min:"1" max:"99" jsonschema:"percent of customers in the top tier; 20 when left out"`
	LowPercent int    `json:"low_percent,omitempty" min:"1" max:"99" jsonschema:"percent of customers in the low tier; 50 when left out"`
	Window     string `json:"window,omitempty" jsonschema:"the time that revenue is taken in; last 1y when left out"`
}
