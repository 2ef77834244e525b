package tools

import (
	"encoding/json"

	"tesela/segment/syntax"
)

// Quick tells whether a call gives one figure from about one look at the rows,
// so that it may be made for what is only offered. What enters or leaves a
// segment takes a look for each day.
func Quick(tool string, args json.RawMessage) bool {
	var formula string
	switch tool {
	case "count_segment":
		var a CountSegmentArgs
		if json.Unmarshal(args, &a) != nil {
			return false
		}
		formula = a.Formula
	case "measure":
		var a MeasureArgs
		if json.Unmarshal(args, &a) != nil || len(a.Measures) != 1 || len(a.GroupBy) > 0 || a.Per != "" {
			return false
		}
		if formula = a.Formula; formula == "" {
			return true
		}
	default:
		return false
	}
	f, err := syntax.Parse(formula)
	if err != nil {
		return false
	}
	quick := true
	syntax.Walk(f, func(n syntax.Node) bool {
		if _, crossed := n.(*syntax.Crossed); crossed {
			quick = false
		}
		return quick
	})
	return quick
}
