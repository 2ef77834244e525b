package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tesela/evals"
	"tesela/tools"
)

// mostMembers is how many ids list_customers gives at most.
const mostMembers = 10_000

// coreSays is what the core comes to for a gold, in the shape of its query's
// result.
func coreSays(ctx context.Context, d *evals.Data, at clock, g evals.Gold, sql *table) (*table, error) {
	tool, args, err := g.Call()
	if err != nil {
		return nil, err
	}
	if tool == "" {
		return nil, errors.New("the gold is no call; sql stands beside count, share, who, list, measure or run")
	}
	formula := g.Count + g.Who
	members := formula != "" && slices.Equal(sql.columns, []string{"id"})
	if members {
		tool = "list_customers"
		if args, err = json.Marshal(tools.ListCustomersArgs{Formula: formula, Limit: mostMembers}); err != nil {
			return nil, err
		}
	}
	r, err := d.Box.Call(ctx, tools.Caller{Language: "en", AsOf: at.now, Person: true}, tool, args)
	if err != nil {
		return nil, err
	}
	switch {
	case members && r.Values["size"] != r.Values["shown"]:
		return nil, fmt.Errorf("there are %v members, more than can be listed", r.Values["size"])
	case members:
	case formula != "":
		return figure("size", r.Values["size"]), nil
	case g.Share != "":
		return figure("share", r.Values["share"]), nil
	case len(r.Columns) == 0:
		return totals(r, sql)
	}
	t := &table{rows: r.Rows}
	for _, c := range r.Columns {
		t.columns = append(t.columns, c.Name)
	}
	return t, nil
}

func figure(name string, value any) *table {
	return &table{columns: []string{name}, rows: [][]any{{value}}}
}

// totals are figures without rows, under the names that the query gives them;
// a single one needs none.
func totals(r *tools.Result, sql *table) (*table, error) {
	t := &table{columns: sql.columns, rows: [][]any{{}}}
	for _, name := range sql.columns {
		value, ok := r.Values[name]
		if !ok && len(sql.columns) == 1 && len(r.Values) == 1 {
			for _, value = range r.Values {
				ok = true
			}
		}
		if !ok {
			return nil, fmt.Errorf("the core has no figure %q; it has %v", name, r.Values)
		}
		t.rows[0] = append(t.rows[0], value)
	}
	return t, nil
}
