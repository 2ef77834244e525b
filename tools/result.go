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
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Unit string `json:"unit,omitempty"`
}

// Segment is a group of customers that a result names.
type Segment struct {
	Name    string  `json:"name"`
	Formula string  `json:"formula"`
	Text    string  `json:"text"`
	Size    int     `json:"size"`
	Share   float64 `json:"share"`
}

// Chart says how the rows are best drawn: which columns lie on which axis.
type Chart struct {
	Type   string `json:"type"`             // bar, line, heatmap, sankey, scatter
	X      string `json:"x"`                // column of categories or periods
	Y      string `json:"y"`                // column of figures
	Series string `json:"series,omitempty"` // column that splits lines or bars
}
