package tools

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
)

//go:embed describe_data.md
var describeDataText string

const (
	exampleCount  = 5  // values shown of a field
	exampleLetter = 40 // letters shown of a value
)

func describeData(ctx context.Context, c *call, _ *DescribeDataArgs) (*Result, error) {
	s := c.schema
	r := &Result{
		Title: c.say("title_describe_data", nil),
		Values: map[string]any{
			"customers": s.Customers, "time_zone": s.Zone.String(), "as_of": c.at.In(s.Zone).Format("2006-01-02T15:04:05Z07:00"),
		},
		Units: map[string]string{"customers": "customers", "events": "events", "rows": "rows"},
		Columns: []Column{
			{Name: "what", Kind: "text"},
			{Name: "name", Kind: "text"},
			{Name: "kind", Kind: "text"},
			{Name: "count", Kind: "count"},
			{Name: "distinct", Kind: "count"},
			{Name: "from", Kind: "text"},
			{Name: "to", Kind: "text"},
			{Name: "examples", Kind: "text"},
			{Name: "stands_for", Kind: "text"},
		},
		Rows: [][]any{},
	}
	if s.Currency != "" {
		r.Values["currency"] = s.Currency
	}
	if from, to := span(s); !from.IsZero() {
		r.Values["from"], r.Values["to"] = localDay(from, s), localDay(to, s)
	}
	events, err := c.describeEvents(ctx, r)
	if err != nil {
		return nil, err
	}
	r.Values["events"] = events
	for _, t := range s.Traits {
		row, err := c.describeField(ctx, "trait", field{segment.FieldRef{Name: t.Name}, t})
		if err != nil {
			return nil, err
		}
		r.Rows = append(r.Rows, row)
	}
	for _, one := range c.saved {
		r.Rows = append(r.Rows, []any{"segment", one.Name, nil, nil, nil, nil, nil, nil, one.Formula})
	}
	r.Rows = append(r.Rows, c.describeLayers()...)
	for _, role := range slices.Sorted(maps.Keys(s.Roles)) {
		r.Rows = append(r.Rows, []any{"role", role, nil, nil, nil, nil, nil, nil, s.Roles[role]})
	}
	for _, w := range s.Words {
		r.Rows = append(r.Rows, []any{"word", w.Word, nil, nil, nil, nil, nil, nil, w.Text})
	}
	if hidden := c.box.personal.among(s); len(hidden) > 0 {
		c.note("personal_hidden", params{"fields": strings.Join(hidden, ", ")})
	}
	if len(s.Events) > 0 && s.Roles["purchase"] == "" {
		c.note("no_roles", nil)
	}
	return r, nil
}

// describeEvents adds a row per event and property, the value "rows", and
// gives how many events there are in all.
func (c *call) describeEvents(ctx context.Context, r *Result) (int, error) {
	need := segment.Need{Events: map[string][]string{}}
	for _, e := range c.schema.Events {
		if e.Tied {
			need.Events[e.Name] = nil
		}
	}
	world, err := c.src.Load(ctx, need)
	if err != nil {
		return 0, err
	}
	events, rows := 0, 0
	for _, e := range c.schema.Events {
		n := e.Rows
		if t := world.Tables[e.Name]; e.Tied && t != nil {
			n = distinctEvents(t)
		}
		events, rows = events+n, rows+e.Rows
		row := []any{"event", e.Name, nil, e.Rows, n, nil, nil, nil, nil}
		if e.Rows > 0 {
			row[5], row[6] = localDay(e.First, c.schema), localDay(e.Last, c.schema)
		}
		r.Rows = append(r.Rows, row)
		for _, p := range e.Props {
			row, err := c.describeField(ctx, "property", field{segment.FieldRef{Event: e.Name, Name: p.Name}, p})
			if err != nil {
				return 0, err
			}
			r.Rows = append(r.Rows, row)
		}
	}
	r.Values["rows"] = rows
	return events, nil
}

// describeLayers makes a row for each layer and score that this data allows.
func (c *call) describeLayers() [][]any {
	if len(c.schema.Events) == 0 {
		return nil
	}
	var rows [][]any
	for _, l := range segment.Analyses().Describe(c.schema) {
		if _, isTrait := c.schema.Trait(l.Name); isTrait {
			continue // formulas mean the trait
		}
		row := []any{"score", l.Name, l.Kind.String(), nil, nil, nil, nil, nil, nil}
		if l.Kind == column.Text {
			row[0], row[4], row[7] = "layer", len(l.Labels), strings.Join(l.Labels, ", ")
		}
		rows = append(rows, row)
	}
	return rows
}

// describeField makes the row of a trait or property.
func (c *call) describeField(ctx context.Context, what string, f field) ([]any, error) {
	row := []any{what, f.ref.String(), f.Kind.String(), f.Set, nil, nil, nil, nil, nil}
	if f.Distinct > 0 {
		row[4] = f.Distinct
	}
	if c.box.personal.is(c.schema, f.ref) {
		return row, nil
	}
	if low, high := extremes(f.Field, c.schema); low != "" {
		row[5], row[6] = low, high
	}
	if f.Kind != column.Text && f.Kind != column.Tags {
		return row, nil
	}
	d, err := c.src.Dict(ctx, f.ref)
	if err != nil {
		return nil, fmt.Errorf("read the values of %s: %w", f.ref, err)
	}
	if row[4] == nil && d.Len() > 0 {
		row[4] = d.Len()
	}
	var examples []string
	for code := 1; code <= min(d.Len(), exampleCount); code++ {
		examples = append(examples, shorten(d.Word(uint32(code)), exampleLetter))
	}
	if len(examples) > 0 {
		row[7] = strings.Join(examples, ", ")
	}
	return row, nil
}

// distinctEvents counts the events of a table whose rows carry event ids.
func distinctEvents(t *column.Table) int {
	n := 0
	seen := map[uint32]bool{}
	for k := range t.Who {
		from, to := t.Starts[k], t.Starts[k+1]
		if t.Scattered {
			clear(seen)
		}
		for i := from; i < to; i++ {
			id := t.IDs[i]
			switch {
			case id == 0:
				n++
			case !t.Scattered:
				if i == from || t.IDs[i-1] != id {
					n++
				}
			case !seen[id]:
				seen[id] = true
				n++
			}
		}
	}
	return n
}

// shorten cuts a text after most letters.
func shorten(s string, most int) string {
	letters := []rune(s)
	if len(letters) <= most {
		return s
	}
	return string(letters[:most-1]) + "…"
}
