package tools

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/measure"
	"tesela/segment/syntax"
)

//go:embed measure.md
var measureText string

// mostRows is how many rows a table of figures has at most.
const mostRows = 1000

func measureSegment(ctx context.Context, c *call, args *MeasureArgs) (*Result, error) {
	q, err := c.query(args)
	if err != nil {
		return nil, err
	}
	if err := c.checkMeasuresPersonal(args); err != nil {
		return nil, err
	}
	plan, err := measure.Compile(ctx, q, c.src, c.at)
	if err != nil {
		return nil, c.wrongMeasure(err, q)
	}
	table, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	r := &Result{Values: map[string]any{}, Units: map[string]string{}}
	keys := len(q.GroupBy) // columns that name the row
	if q.Per != "" {
		keys++
	}
	groups := make([]string, 0, keys)
	for i, col := range table.Columns {
		r.Columns = append(r.Columns, Column{Name: col.Name, Kind: col.Kind, Unit: col.Unit})
		if i < keys {
			groups = append(groups, col.Name)
		}
	}
	figures := figureColumns(r.Columns[min(keys, len(r.Columns)):], len(table.Totals))
	names := make([]string, len(figures))
	for i, col := range figures {
		names[i] = col.Name
		r.Values[col.Name] = table.Totals[i]
		if col.Unit != "" {
			r.Units[col.Name] = col.Unit
		}
	}
	r.Title = c.title(names, groups)
	if keys > 0 {
		r.Rows = table.Rows
		if r.Rows == nil {
			r.Rows = [][]any{}
		}
		r.Chart = chartOf(q, groups, names)
	} else {
		r.Columns = nil
	}
	// Names and groups in the one spelling that the columns have.
	args.Measures = names
	if q.Per != "" && len(groups) > 0 {
		groups = groups[1:]
	}
	args.GroupBy = groups
	if err := c.measuredSegment(ctx, q, r); err != nil {
		return nil, err
	}
	for _, n := range table.Notes {
		c.noteCore(n.Code, n.Args, n.Text)
	}
	if n := len(r.Rows); n > mostRows {
		r.Rows = r.Rows[:mostRows]
		c.note("rows_cut", params{"n": n, "shown": mostRows})
	}
	return r, nil
}

// title names what was measured, in the caller's words where there are any.
func (c *call) title(measures, groups []string) string {
	worded := func(names []string) string {
		words := make([]string, len(names))
		for i, n := range names {
			words[i] = n
			if _, ok := c.box.phrases.Phrases["name_"+n]; ok {
				words[i] = c.say("name_"+n, nil)
			}
		}
		return strings.Join(words, ", ")
	}
	title := worded(measures)
	if len(groups) > 0 {
		title = c.say("title_measure_by", params{"measures": title, "groups": worded(groups)})
	}
	first, size := utf8.DecodeRuneInString(title)
	if len(measures) > 0 && slices.Contains(measure.Names(), measures[0]) {
		return string(unicode.ToUpper(first)) + title[size:]
	}
	return title // a formula or a word of the business keeps its letters
}

// measuredSegment tells whom the figures are about, unless it is everyone.
func (c *call) measuredSegment(ctx context.Context, q measure.Query, r *Result) error {
	if q.Base == nil {
		return nil
	}
	plan, err := segment.Compile(ctx, q.Base, c.src, c.at)
	if err != nil {
		return c.wrong("formula", err, q.Base)
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return err
	}
	c.noteSet(set.Notes())
	s := Segment{Formula: q.Base.String(), Size: set.Len(), Share: share(set.Len(), c.schema.Customers)}
	if saved, ok := q.Base.(*syntax.InSegment); ok && saved.At == nil {
		s.Name = saved.Name
	}
	r.Segments = []Segment{s}
	return nil
}

// query reads the arguments' texts and makes them canonical in place.
func (c *call) query(args *MeasureArgs) (measure.Query, error) {
	q := measure.Query{Per: args.Per, Top: args.Top, Ascending: args.Order == "asc", Shares: args.Shares}
	for i, text := range args.Measures {
		text = strings.TrimSpace(text)
		if text == "" {
			return q, c.fault("measures", "measure %d is empty; expected a name such as revenue or an expression", i+1)
		}
		if v, err := syntax.ParseMeasure(text); err == nil {
			text = v.String()
		}
		args.Measures[i] = text
	}
	q.Measures = args.Measures
	if strings.TrimSpace(args.Formula) != "" {
		f, err := c.formula("formula", args.Formula)
		if err != nil {
			return q, err
		}
		args.Formula = f.String()
		if _, all := f.(*syntax.Everyone); !all {
			q.Base = f
		}
	} else {
		args.Formula = (&syntax.Everyone{}).String()
	}
	if args.Where = strings.TrimSpace(args.Where); args.Where != "" {
		f, err := syntax.ParseFilter(args.Where)
		if err != nil {
			return q, c.wrong("where", err, nil)
		}
		args.Where = f.String()
		q.Where = f
	}
	if args.Window = strings.TrimSpace(args.Window); args.Window != "" {
		w, err := syntax.ParseWindow(args.Window)
		if err != nil {
			return q, c.wrong("window", err, nil)
		}
		args.Window = w.String()
		q.Window = w
	}
	for i, g := range args.GroupBy {
		args.GroupBy[i] = strings.TrimSpace(g)
	}
	q.GroupBy = args.GroupBy
	if args.Order == "" {
		args.Order = "desc"
	}
	return q, nil
}

// figureColumns gives the column of each measure; those of shares stand
// between them.
func figureColumns(cols []Column, measures int) []Column {
	var found []Column
	for i, col := range cols {
		if len(found) == measures {
			break
		}
		if i > 0 && len(found) > 0 && col.Kind == "rate" && col.Name == found[len(found)-1].Name+"_share" {
			continue
		}
		found = append(found, col)
	}
	return found
}

// chartOf suggests lines over periods, a map of two groups, else bars.
func chartOf(q measure.Query, groups, names []string) *Chart {
	if len(names) == 0 {
		return nil
	}
	chart := &Chart{Type: "bar", X: groups[0], Y: names[0]}
	switch cyclic := q.Per == "weekday" || q.Per == "hour"; {
	case q.Per != "" && len(groups) == 2 && cyclic, q.Per == "" && len(groups) == 2:
		chart.Type, chart.Series = "heatmap", groups[1]
	case q.Per != "" && !cyclic && len(groups) <= 2:
		chart.Type = "line"
		if len(groups) == 2 {
			chart.Series = groups[1]
		}
	case len(groups) > 2:
		return nil // nothing draws three keys readably
	}
	return chart
}

// wrongMeasure turns a fault of a query into an *ArgumentError, or a
// *CannotError where the data lacks what the measure is made of.
func (c *call) wrongMeasure(err error, q measure.Query) error {
	if role := c.missingRole(err); role != nil {
		return role
	}
	var fault *measure.Error
	if !errors.As(err, &fault) {
		if q.Base != nil {
			return c.wrong("formula", err, q.Base)
		}
		return err
	}
	if fault.Role != "" {
		return &CannotError{
			Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": fault.Role},
			Message: c.say("cannot_role", params{"role": fault.Role, "measures": strings.Join(q.Measures, ", ")}),
		}
	}
	e := &ArgumentError{Tool: c.tool, Field: fault.Field, Message: fault.Message, Nearest: fault.Nearest, Err: err}
	if fault.Err != nil {
		var node syntax.Node
		switch {
		case fault.Field == "formula" && q.Base != nil:
			node = q.Base
		case fault.Field == "where" && q.Where != nil:
			node = q.Where
		}
		var inner *ArgumentError
		cause := fault.Err.Error()
		if errors.As(c.wrong(fault.Field, fault.Err, node), &inner) {
			cause = inner.Message
			e.Nearest = append(slices.Clone(e.Nearest), inner.Nearest...)
		}
		if e.Message != "" {
			e.Message += ": "
		}
		e.Message += cause
	}
	return e
}
