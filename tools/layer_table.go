package tools

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/measure"
	"tesela/segment/syntax"
)

// layerAsk asks for a layer's labels over a base of customers.
type layerAsk struct {
	layer   *syntax.Name
	formula *string        // the argument; made canonical
	window  *syntax.Window // of the revenue; nil is all time
	// more are further measures by column name.
	more []layerMeasure
	// present leaves out labels that nobody has.
	present bool
}

type layerMeasure struct{ column, measure string }

// unlabelled is the key of customers without a label.
const unlabelled = ""

// layerTable makes the result that tools of layers share: a row for each
// label, in the layer's own order, with customers, share of those that have a
// label, and what they brought in where the data tells. It gives how many
// customers of the base have no label.
func (c *call) layerTable(ctx context.Context, ask layerAsk) (*Result, int, error) {
	labels, ok := segment.Analyses().Labels(c.schema, ask.layer)
	if !ok {
		if _, isTrait := c.schema.Trait(ask.layer.Name); isTrait {
			return nil, 0, c.fault("", "the data has a trait called %s, which formulas mean by that name; rename the trait to have the analysis", ask.layer.Name)
		}
		return nil, 0, c.wrongLayer(ctx, ask.layer)
	}
	q := measure.Query{Measures: []string{"customers"}, GroupBy: []string{ask.layer.String()}, Window: ask.window}
	columns := []string{"customers"}
	if _, err := c.schema.Revenue(nil); err == nil {
		q.Measures = append(q.Measures, "revenue", "revenue / customers")
		columns = append(columns, "revenue", "revenue_per_customer")
	}
	for _, m := range ask.more {
		q.Measures, columns = append(q.Measures, m.measure), append(columns, m.column)
	}
	if strings.TrimSpace(*ask.formula) == "" {
		*ask.formula = (&syntax.Everyone{}).String()
	}
	f, err := c.formula("formula", *ask.formula)
	if err != nil {
		return nil, 0, err
	}
	*ask.formula = f.String()
	if _, all := f.(*syntax.Everyone); !all {
		q.Base = f
	}
	plan, err := measure.Compile(ctx, q, c.src, c.at)
	if err != nil {
		return nil, 0, c.wrongMeasure(err, q)
	}
	table, err := plan.Run(ctx)
	if err != nil {
		return nil, 0, err
	}
	r := &Result{
		Values:  map[string]any{"customers": table.Totals[0]},
		Units:   map[string]string{"customers": "customers"},
		Columns: []Column{{Name: "label", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}, {Name: "share", Kind: "rate"}},
		Rows:    [][]any{},
		Chart:   &Chart{Type: "bar", X: "label", Y: "customers"},
	}
	for i, name := range columns[1:] {
		col := table.Columns[i+2]
		r.Columns = append(r.Columns, Column{Name: name, Kind: col.Kind, Unit: col.Unit})
	}
	if len(columns) > 1 && columns[1] == "revenue" {
		r.Values["revenue"] = table.Totals[1]
		if unit := table.Columns[2].Unit; unit != "" {
			r.Units["revenue"] = unit
		}
	}
	without := c.labelRows(r, table, labels, ask.present)
	if err := c.measuredSegment(ctx, q, r); err != nil {
		return nil, 0, err
	}
	for _, n := range table.Notes {
		if n.Code != measure.NoteUnsetGroup { // customers without a label have no row
			c.noteCore(n.Code, n.Args, n.Text)
		}
		for _, key := range []string{"days", "gaps", "percentile"} {
			if figure, ok := n.Args[key]; ok && strings.HasPrefix(n.Code, "lapse_") {
				r.Values["lapse_"+key] = figure
			}
		}
	}
	return r, without, nil
}

// labelRows fills in the rows in the order of the labels, and gives how many
// customers have none.
func (c *call) labelRows(r *Result, table *measure.Table, labels []string, present bool) int {
	found := map[string][]any{}
	labelled, without := 0, 0
	for _, row := range table.Rows {
		n := int(row[1].(int64))
		if label, ok := row[0].(string); ok {
			found[label] = row
			labelled += n
		} else {
			found[unlabelled], without = row, n
		}
	}
	for _, label := range labels {
		row, ok := found[label]
		if !ok {
			if present {
				continue
			}
			row = make([]any, len(table.Columns))
			row[1] = int64(0)
			for i, col := range r.Columns {
				if col.Name == "revenue" {
					row[i-1] = c.zero(col.Kind)
				}
			}
		}
		r.Rows = append(r.Rows, slices.Concat([]any{label, row[1], share(int(row[1].(int64)), labelled)}, row[2:]))
	}
	return without
}

// zero is nothing as a cell.
func (c *call) zero(kind string) any {
	if kind == "money" {
		return segment.MoneyString(0, c.schema.Digits)
	}
	return int64(0)
}

// wrongLayer is the fault of a layer that cannot be had.
func (c *call) wrongLayer(ctx context.Context, layer *syntax.Name) error {
	_, err := segment.CompileValue(ctx, layer, c.src, c.at)
	if role := c.missingRole(err); role != nil {
		return role
	}
	faults := syntaxErrors(err)
	if len(faults) == 0 {
		return err
	}
	e := c.fault("", "%s", faults[0].Message)
	e.Nearest = faults[0].Nearest
	return e
}

// missingRole is the refusal of what a role that is missing is needed for; nil
// for other errors.
func (c *call) missingRole(err error) error {
	var role *segment.RoleError
	if !errors.As(err, &role) {
		return nil
	}
	return &CannotError{
		Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": role.Role},
		Message: c.say("cannot_role", params{"role": role.Role, "measures": role.For}),
	}
}

// layerWindow reads a window in an argument and makes it canonical; nil where
// there is none.
func (c *call) layerWindow(argument string, text *string) (*syntax.Window, error) {
	if *text = strings.TrimSpace(*text); *text == "" {
		return nil, nil
	}
	w, err := syntax.ParseWindow(*text)
	if err == nil {
		_, err = segment.Resolve(w, c.at, c.schema.Zone)
	}
	if err != nil {
		return nil, c.wrong(argument, err, nil)
	}
	*text = w.String()
	return w, nil
}

// wholeParam is a parameter of a whole number.
func wholeParam(key string, n int) syntax.Param {
	return syntax.Param{Key: key, Value: &syntax.Number{Text: strconv.Itoa(n)}}
}

// noteRevenue says of which time the revenue is.
func (c *call) noteRevenue(r *Result, w *syntax.Window) {
	switch _, there := r.Values["revenue"]; {
	case !there:
	case w == nil:
		c.note("revenue_ever", nil)
	default:
		c.note("revenue_in", params{"window": w.String()})
	}
}
