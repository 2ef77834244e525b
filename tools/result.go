// Package tools holds what a model may call: typed arguments in, one result
// shape out. Tools compute through segment and its analyses; they render
// nothing and word nothing beyond titles and notes.
package tools

// ResultFormat is the version of Result's shape, kept with each answer.
const ResultFormat = 1

// Result is what every tool returns; front ends and models render it.
type Result struct {
	Title    string            `json:"title"`
	Values   map[string]any    `json:"values,omitempty"`
	Units    map[string]string `json:"units,omitempty"`
	Columns  []Column          `json:"columns,omitempty"`
	Rows     [][]any           `json:"rows,omitempty"`
	Segments []Segment         `json:"segments,omitempty"`
	Chart    *Chart            `json:"chart,omitempty"`
	// Notes are what a reader must know to read the figures right: defaults
	// taken, ties, double counting. In the caller's language.
	Notes       []string `json:"notes,omitempty"`
	Fingerprint string   `json:"fingerprint"`
	// Approval is set where nothing has happened yet: the result tells what a
	// tool that writes would do, and this, handed back as Caller.Approved, lets
	// it do just that.
	Approval string `json:"approval,omitempty"`
}

// Column describes one column of Rows. Kind is one of text, count, number,
// money, rate, date, time, bool. Cells: money a decimal string in major
// units, counts integers, rates fractions in 0…1, unset null.
// A column whose Unit is UnitOfRow has figures of a unit for each row.
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Unit string `json:"unit,omitempty"`
	// Detail marks what a program or a page shows and a terminal leaves out.
	Detail bool `json:"detail,omitempty"`
}

// UnitOfRow is the unit of columns whose figures differ in unit from row to
// row: that of a row stands in its column of this name: rate for shares, the
// currency's code for money, else what is counted.
const UnitOfRow = "unit"

// Segment is a group of customers that a result names. What a tool does not
// tell of it is left out.
type Segment struct {
	Name    string  `json:"name"`
	Formula string  `json:"formula"`
	Text    string  `json:"text"`
	Size    int     `json:"size"`
	Share   float64 `json:"share"`

	Stage        string   `json:"stage,omitempty"`         // label of the life cycle
	Revenue      string   `json:"revenue,omitempty"`       // decimal string in major units
	RevenueShare *float64 `json:"revenue_share,omitempty"` // of the base's revenue
	PerHead      string   `json:"per_head,omitempty"`      // revenue per member, a decimal string
	Growth       *float64 `json:"growth,omitempty"`        // of the size, against the date that a note names; 0.1 is a tenth more
	Precision    *float64 `json:"precision,omitempty"`     // share of the formula's members that are in the group
	Recall       *float64 `json:"recall,omitempty"`        // share of the group that the formula finds
	Stability    *float64 `json:"stability,omitempty"`     // agreement under resampling, 1 is the same every time
	// Apart is what sets the group apart, strongest first, in words with figures.
	Apart    []string  `json:"apart,omitempty"`
	Overlaps []Overlap `json:"overlaps,omitempty"`
	// Action is what to do with the group, and Evidence the figures behind it.
	Action   string   `json:"action,omitempty"`
	Evidence string   `json:"evidence,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

// Overlap tells how much of a group is in a saved segment.
type Overlap struct {
	Name  string  `json:"name"`
	Both  int     `json:"both"`  // customers in both
	Share float64 `json:"share"` // of the group
	Of    float64 `json:"of"`    // of the saved segment
}

// Chart says how the rows are best drawn: which columns lie on which axis.
type Chart struct {
	Type   string `json:"type"`             // bar, line, heatmap, sankey, scatter
	X      string `json:"x"`                // column of categories or periods
	Y      string `json:"y"`                // column of figures
	Series string `json:"series,omitempty"` // column that splits lines or bars
}
