package tools

import (
	"context"
	"strings"

	"tesela/segment/course"
)

// causes adds to each row the condition that turned for most, and keeps all
// of them for the segments.
func (t *tracing) causes(ctx context.Context, r *Result, routes []course.Route) error {
	causes, err := t.moves.Causes(ctx, t.src, routes)
	if err != nil {
		return err
	}
	t.turned = map[course.Route][]course.Cause{}
	r.Columns = append(
		r.Columns,
		Column{Name: "condition", Kind: "text"},
		Column{Name: "turn", Kind: "text"},
		Column{Name: "turned", Kind: "count", Unit: "customers"},
		Column{Name: "decides", Kind: "count", Unit: "customers"},
	)
	several := false
	for k, route := range routes {
		t.turned[route] = causes[k]
		if len(causes[k]) == 0 {
			r.Rows[k] = append(r.Rows[k], nil, nil, nil, nil)
			continue
		}
		first := causes[k][0]
		several = several || len(causes[k]) > 1
		r.Rows[k] = append(r.Rows[k], first.Condition, string(first.Turn), first.N, first.Alone)
	}
	if several {
		t.note("why_first", nil)
	}
	return nil
}

// whyText says all causes of a route in words.
func (t *tracing) whyText(causes []course.Cause, size int) []string {
	var lines []string
	for k, cause := range causes {
		if k > 0 && 10*cause.N < size {
			continue // true of few, and decides nothing for most
		}
		p := params{"condition": cause.Condition, "n": cause.N, "of": size}
		line := t.say("why_"+strings.ReplaceAll(string(cause.Turn), " ", "_"), p)
		if cause.Alone > 0 && cause.Alone < size {
			line += "; " + t.say("why_alone", params{"n": cause.Alone})
		}
		for _, reason := range cause.Reasons {
			was, _ := t.moves.Lapse()
			line += "; " + t.say("why_"+string(reason.Code), params{"n": reason.N, "from": t.dated(t.from), "days": was})
		}
		lines = append(lines, line)
	}
	return lines
}
