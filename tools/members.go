package tools

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

// Members is all customers of a segment, by id, for exports. It is no tool:
// a person asks for it, so it may show personal traits and has no bound.
type Members struct {
	Formula string   // canonical
	Size    int      // all members
	Columns []Column // id, then the traits
	// Rows are cells as results have them, ordered by id.
	Rows [][]any
}

// ListMembers evaluates a formula to its members with some of their traits;
// limit 0 is all. Faults are as those of Runner.Call, of the fields formula
// and with.
func ListMembers(ctx context.Context, ws store.Workspace, who Caller, formula string, with []string, limit int) (*Members, error) {
	b := NewBox(ws)
	if b.broken != nil {
		return nil, b.broken
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return nil, err
	}
	c := &call{box: b, who: who, tool: "segment members", src: src, schema: src.Schema(), at: who.AsOf}
	if c.at.IsZero() {
		c.at = c.schema.Now()
	}
	f, err := c.formula("formula", formula)
	if err != nil {
		return nil, err
	}
	plan, err := segment.Compile(ctx, f, src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	args := &ListCustomersArgs{With: slices.Clone(with)}
	traits, err := c.shownTraits(args)
	if err != nil {
		return nil, err
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	world, err := src.Load(ctx, segment.Need{Traits: args.With})
	if err != nil {
		return nil, err
	}
	m := &Members{Formula: f.String(), Size: set.Len(), Columns: []Column{{Name: "id", Kind: "text"}}}
	for _, t := range traits {
		m.Columns = append(m.Columns, Column{Name: t.Name, Kind: cellKind(t.Kind), Unit: unitOf(t.Kind, c.schema)})
	}
	if limit <= 0 || limit > m.Size {
		limit = m.Size
	}
	order := customerOrder{ids: ids}
	for _, i := range best(members(set), limit, order.before) {
		row := []any{order.id(i)}
		for _, t := range traits {
			row = append(row, cellOf(world.Traits[t.Name], i, c.schema))
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// Definition checks a formula that is to be saved under a name and gives its
// canonical text. A definition that reaches itself is refused.
func Definition(ctx context.Context, ws store.Workspace, who Caller, name, formula string) (string, error) {
	b := NewBox(ws)
	if b.broken != nil {
		return "", b.broken
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return "", err
	}
	c := &call{box: b, who: who, tool: "segment save", src: src, schema: src.Schema(), at: who.AsOf}
	if c.at.IsZero() {
		c.at = c.schema.Now()
	}
	f, err := c.definition(ctx, name, formula)
	if err != nil {
		return "", err
	}
	return f.String(), nil
}

// definition checks a formula in the argument formula that is to be saved
// under a name.
func (c *call) definition(ctx context.Context, name, formula string) (syntax.Formula, error) {
	f, err := c.formula("formula", formula)
	if err != nil {
		return nil, err
	}
	if path := reaches(c.src, f, name, nil); path != nil {
		return nil, c.fault("formula", "a segment cannot be part of its own definition: %s", pathText(append([]string{name}, path...)))
	}
	if _, err := segment.Compile(ctx, f, c.src, c.at); err != nil {
		return nil, c.wrong("formula", err, f)
	}
	return f, nil
}
