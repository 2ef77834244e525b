package tools

// The arguments of the tools that explain groups and look for new ones.

// ExplainSegmentArgs asks what sets a segment apart.
type ExplainSegmentArgs struct {
	Formula string   `json:"formula" jsonschema:"the segment, in the formula language"`
	Against string   `json:"against,omitempty" jsonschema:"whom to set it against, in the formula language; all other customers when left out"`
	Layers  []string `json:"layers,omitempty" max:"20" jsonschema:"only these layers of traits, such as behaviour, value, product, engagement, channel or demography; all when left out"`
	Top     int      `json:"top,omitempty" min:"1" max:"100" jsonschema:"at most this many differences; 12 when left out"`
}

// CompareSegmentsArgs sets two segments side by side.
type CompareSegmentsArgs struct {
	A      string   `json:"a" jsonschema:"the first segment, in the formula language"`
	B      string   `json:"b" jsonschema:"the second segment, in the formula language"`
	Layers []string `json:"layers,omitempty" max:"20" jsonschema:"only these layers of traits; all when left out"`
	Top    int      `json:"top,omitempty" min:"1" max:"100" jsonschema:"at most this many differences; 12 when left out"`
}

// FindMicrosegmentsArgs asks for micro-segments.
type FindMicrosegmentsArgs struct {
	Formula string   `json:"formula,omitempty" jsonschema:"the customers to part, in the formula language; everyone when left out"`
	Layers  []string `json:"layers,omitempty" max:"12" jsonschema:"layers to cluster in, in order: a built-in one by its name (behaviour, value, product, engagement, channel, demography), or one of your own as name: VALUE; VALUE; … with values of the formula language; those the data tells most in when left out"`
	Goal    string   `json:"goal,omitempty" jsonschema:"what the groups are for, in words; ranks them"`
	MinSize int      `json:"min_size,omitempty" min:"1" max:"100000000" jsonschema:"groups of fewer customers are merged into the nearest; the larger of 50 and 0.5% of the customers when left out"`
	MaxK    int      `json:"max_k,omitempty" min:"2" max:"8" jsonschema:"at most this many clusters in a layer; 8 when left out"`
	Top     int      `json:"top,omitempty" min:"1" max:"200" jsonschema:"show at most this many; all when left out"`
}

// ProposeSegmentsArgs asks for groups that serve a goal.
type ProposeSegmentsArgs struct {
	Goal    string `json:"goal" jsonschema:"what is to be reached, in words, such as win back, raise the order value, launch in Portugal, fewer unsubscribes, test a price safely"`
	Formula string `json:"formula,omitempty" jsonschema:"choose among these customers only, in the formula language; everyone when left out"`
	MinSize int    `json:"min_size,omitempty" min:"1" max:"100000000" jsonschema:"groups of fewer customers are not proposed; the larger of 50 and 0.5% of the customers when left out"`
	Top     int    `json:"top,omitempty" min:"1" max:"20" jsonschema:"propose at most this many; 5 when left out"`
}
