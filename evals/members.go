package evals

import (
	"context"
	"encoding/json"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// formulaMembers are the ids of a formula's customers.
func formulaMembers(ctx context.Context, source segment.Source, at time.Time, formula string) (map[string]bool, error) {
	f, err := syntax.Parse(formula)
	if err != nil {
		return nil, err
	}
	plan, err := segment.Compile(ctx, f, source, at)
	if err != nil {
		return nil, err
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := source.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	members := make(map[string]bool, set.Len())
	set.Each(func(i int) { members[ids.Word(uint32(i+1))] = true })
	return members, nil
}

// formulaOf is the formula of a call that has one.
func formulaOf(args json.RawMessage) string {
	var a struct {
		Formula string `json:"formula"`
	}
	if json.Unmarshal(args, &a) != nil {
		return ""
	}
	return a.Formula
}

func sameMembers(a map[string]bool, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, id := range b {
		if !a[id] {
			return false
		}
	}
	return true
}
