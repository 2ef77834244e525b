package tools

// The arguments of the tools that write.

// SaveSegmentArgs keeps a definition under a name.
type SaveSegmentArgs struct {
	Name    string `json:"name" jsonschema:"what the segment is to be called; one of the same name is replaced"`
	Formula string `json:"formula" jsonschema:"the segment, in the formula language"`
	Text    string `json:"text,omitempty" jsonschema:"what the segment is, in words; the formula in words when left out"`
}

// DeleteSegmentArgs forgets a saved definition.
type DeleteSegmentArgs struct {
	Name string `json:"name" jsonschema:"the saved segment to forget"`
}

// SetWordArgs says what a business word stands for.
type SetWordArgs struct {
	Word    string `json:"word" jsonschema:"the business word, such as VIP or GGR"`
	Meaning string `json:"meaning,omitempty" jsonschema:"the formula or the measure it stands for, such as top 5% by sum(order.amount) or sum(bet.amount); the word is forgotten when left out"`
}

// ExportSegmentArgs writes the customers of a segment to a file.
type ExportSegmentArgs struct {
	Formula string   `json:"formula" jsonschema:"the segment: a formula, or the name of a saved one"`
	Format  string   `json:"format,omitempty" enum:"csv,json,markdown" jsonschema:"csv when left out"`
	File    string   `json:"file,omitempty" jsonschema:"the name of the file, without folders; made from the segment's when left out"`
	With    []string `json:"with,omitempty" max:"20" jsonschema:"traits to write beside the id; personal ones only when a person asked for them"`
}

// TagCustomersArgs gives the customers of a segment a tag.
type TagCustomersArgs struct {
	Formula string `json:"formula" jsonschema:"the segment: a formula, or the name of a saved one"`
	Tag     string `json:"tag" jsonschema:"the tag to give"`
	Trait   string `json:"trait,omitempty" jsonschema:"the trait of tags; the only one there is, or tags, when left out"`
}
