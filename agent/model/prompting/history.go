package prompting

import (
	"bytes"
	"encoding/json"

	"tesela/agent/model"
)

// DefaultHistory is how many tokens earlier turns may take.
const DefaultHistory = 4000

// Bounds of what is told of results.
const (
	mostResult = 24_000 // bytes of one result of the turn at hand
	mostThin   = 1000   // bytes of an older one, where room is short
)

// unread is what of a result says nothing to a model: how to draw it, and by
// what programs know it again.
var unread = []string{"fingerprint", "chart", "approval"}

// earlier puts the turns before the one at hand into messages of at most about
// budget tokens: the newest as they are, those before them with no more than
// the figures of their results, and the oldest not at all. The newest stays in
// any case, as it is what a follow-up speaks of.
func earlier(past []model.Message, budget int) []Message {
	var turns [][]model.Message
	for _, m := range past {
		if m.Role == model.User || len(turns) == 0 {
			turns = append(turns, nil)
		}
		last := len(turns) - 1
		turns[last] = append(turns[last], m)
	}
	var kept [][]Message
	left, thin := budget*4, false
	for i := len(turns) - 1; i >= 0; i-- {
		told := written(turns[i], thin)
		if !thin && size(told) > left {
			thin = true
			told = written(turns[i], true)
		}
		if left -= size(told); left < 0 && len(kept) > 0 {
			break
		}
		kept = append(kept, told)
	}
	var out []Message
	for i := len(kept) - 1; i >= 0; i-- {
		out = append(out, kept[i]...)
	}
	return out
}

func written(turn []model.Message, thin bool) []Message {
	var out []Message
	for _, m := range turn {
		if thin && m.Role == model.ToolRole {
			m.Result = figures(m.Result)
		}
		out = append(out, messages(m)...)
	}
	return out
}

func size(list []Message) int { return Prompt{Messages: list}.Size() }

// figures is what a follow-up may need of an older result: what it was of and
// its values, where they are not many.
func figures(result json.RawMessage) json.RawMessage {
	var all, few object
	if !json.Valid(result) || all.split(result) != nil {
		return result
	}
	for _, name := range []string{"title", "values", "error"} {
		if v, ok := all.values[name]; ok && len(v) <= mostThin {
			few.set(name, v)
		}
	}
	return few.text()
}

// readable is a result, of valid JSON, without what says nothing to a model,
// and with no more rows than there is room for.
func readable(result json.RawMessage) json.RawMessage {
	var o object
	if o.split(result) != nil {
		return bounded(result)
	}
	before := len(o.names)
	for _, name := range unread {
		o.drop(name)
	}
	if rows := bytes.TrimSpace(o.values["rows"]); len(rows) <= 2 || rows[0] != '[' { // [] or null
		o.drop("columns") // of no rows
	}
	if len(o.names) == before && len(result) <= mostResult {
		return result
	}
	short := o.text()
	if len(short) > mostResult && o.values["rows"] != nil {
		short = fewer(&o)
	}
	// Where it is not the rows, what is longest goes first.
	for gone := []string{}; len(short) > mostResult; {
		longest := ""
		for _, name := range o.names {
			if name != "left_out" && (longest == "" || len(o.values[name]) > len(o.values[longest])) {
				longest = name
			}
		}
		if longest == "" {
			return json.RawMessage(`{"left_out":["all"]}`)
		}
		gone = append(gone, longest)
		o.drop(longest)
		o.set("left_out", plainJSON(gone))
		short = o.text()
	}
	return short
}

// fewer leaves out the last rows, as many as there is no room for, and says how
// many there are in all.
func fewer(o *object) json.RawMessage {
	rows := elements(o.values["rows"])
	if _, said := o.values["rows_total"]; !said {
		o.set("rows_total", plainJSON(len(rows)))
	}
	o.set("rows", json.RawMessage("[]"))
	room := mostResult - len(o.text())
	kept := 0
	for kept < len(rows) && room > len(rows[kept]) {
		room -= len(rows[kept]) + 1
		kept++
	}
	o.set("rows", listJSON(rows[:kept]))
	return o.text()
}

// bounded is a result that is no object, unless it is too long.
func bounded(result json.RawMessage) json.RawMessage {
	if len(result) > mostResult {
		return json.RawMessage(`"too long to show"`)
	}
	return result
}
