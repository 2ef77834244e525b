package tools

// The arguments of the tools that tell what an action did, and what to try.

// MeasureEffectArgs asks what a campaign or another action did.
type MeasureEffectArgs struct {
	Campaign string   `json:"campaign,omitempty" jsonschema:"the campaign by name, as the data has it; every campaign, a row each, when left out"`
	Outcome  string   `json:"outcome,omitempty" jsonschema:"what is looked at after it: a formula (a rate) or a value (a mean) over the days after, without a window of its own; whether there was a purchase when left out"`
	Days     int      `json:"days,omitempty" min:"1" max:"3650" jsonschema:"how many days after it count; 30 when left out"`
	By       []string `json:"by,omitempty" max:"3" jsonschema:"break it down by these: a trait or a layer as it was before, or formulas of segments"`
	Formula  string   `json:"formula,omitempty" jsonschema:"among these customers only, in the formula language, as they were before it; everyone when left out"`
	Treated  string   `json:"treated,omitempty" jsonschema:"who was treated, in the formula language, where the data has no hold-out: they are set against comparable others"`
	Date     string   `json:"date,omitempty" jsonschema:"when it happened, with treated, or where a trait tells the arms"`
	HeldOut  []string `json:"held_out,omitempty" max:"20" jsonschema:"the arms that were not treated, by their labels; known words such as control or held out when left out"`
	Plain    bool     `json:"plain,omitempty" jsonschema:"leave the figures as they are, not adjusted by the same figure in as many days before (CUPED)"`
}

// RecommendActionsArgs asks which action helps whom.
type RecommendActionsArgs struct {
	Formula string   `json:"formula,omitempty" jsonschema:"for these customers only, in the formula language; everyone when left out"`
	By      []string `json:"by,omitempty" max:"3" jsonschema:"the groups: a trait or a layer, or formulas of segments; lifecycle when left out"`
	Outcome string   `json:"outcome,omitempty" jsonschema:"what an action is to raise: a formula (a rate) or a value (a mean); whether there was a purchase when left out"`
	Days    int      `json:"days,omitempty" min:"1" max:"3650" jsonschema:"how many days after an action count; 30 when left out"`
	Date    string   `json:"date,omitempty" jsonschema:"when it happened, where a trait tells the arms"`
	HeldOut []string `json:"held_out,omitempty" max:"20" jsonschema:"the arms that were not treated, by their labels; known words such as control or held out when left out"`
}

// PlanTestArgs asks how large a test must be.
type PlanTestArgs struct {
	Formula string  `json:"formula,omitempty" jsonschema:"the customers to test on, in the formula language; everyone when left out"`
	Outcome string  `json:"outcome,omitempty" jsonschema:"what is to be raised: a formula (a rate) or a value (a mean) over the days of the test; whether there was a purchase when left out"`
	Days    int     `json:"days,omitempty" min:"1" max:"3650" jsonschema:"how many days the test runs; 30 when left out"`
	Lift    float64 `json:"lift,omitempty" jsonschema:"the relative change it must show, such as 0.1 for a tenth; the smallest that would show when left out"`
	Power   float64 `json:"power,omitempty" jsonschema:"the chance that it shows, in 0.5…0.99; 0.8 when left out"`
	HoldOut float64 `json:"hold_out,omitempty" jsonschema:"the share that is held out, in 0.01…0.99; 0.5 when left out, or as small as suffices where lift is given"`
	Name    string  `json:"name,omitempty" jsonschema:"a name for the test; the same name splits the same way for ever"`
}

// ReviewContactsArgs asks how often customers are contacted, and by what at once.
type ReviewContactsArgs struct {
	Formula string `json:"formula,omitempty" jsonschema:"these customers only, in the formula language; everyone when left out"`
	Window  string `json:"window,omitempty" jsonschema:"the time looked at; last 90d when left out"`
	Show    string `json:"show,omitempty" enum:"contacts,overlap" jsonschema:"contacts (default): how many got how many, and what came of contacts after so many; overlap: pairs of campaigns and who got both"`
	More    int    `json:"more,omitempty" min:"1" max:"100000" jsonschema:"also the segment of those who got more than so many; the number that 5% got more than when left out"`
}
