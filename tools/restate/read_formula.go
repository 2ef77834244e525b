package restate

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// ops are the comparisons that templates are keyed by.
var ops = []string{">=", ">", "<=", "<", "=", "!="}

// condition reads one condition, as it follows "customers".
func (rd *reader) condition(at int, k func(end int, formula string)) {
	rd.counted(at, k)
	rd.compared(at, k)
	rd.known(at, k)
	rd.ranked(at, k)
	rd.steppedThrough(at, k)
	rd.saved(at, k)
	if end, ok := rd.literally(at, rd.Everyone); ok {
		k(end, "everyone")
	}
	if end, ok := rd.literally(at, rd.Nobody); ok {
		k(end, "nobody")
	}
	inner := ""
	rd.match(rd.plain["not"], at, func(_ string, at int, k func(end int)) {
		rd.formula(at, func(end int, f string) { inner = f; k(end) })
	}, func(end int) { k(end, "not ("+inner+")") })
}

// numbers read n, a and b as figures.
func (rd *reader) numbers(into map[string]string) slots {
	return func(name string, at int, k func(end int)) {
		rd.number(at, func(end int, n string) { into[name] = n; k(end) })
	}
}

// counted reads how often customers did something, what they spent, and how
// long ago they last did it.
func (rd *reader) counted(at int, k func(end int, formula string)) {
	n := map[string]string{}
	for _, op := range append(ops, "=0", ">=1", "between") {
		f := new(frame)
		rd.match(rd.Count[op], at, rd.framed(f, "", rd.numbers(n)), func(end int) {
			switch op {
			case "=0":
				k(end, f.call("count")+" = 0")
			case ">=1":
				k(end, f.call("count")+" >= 1")
			case "between":
				k(end, f.call("count")+" between "+n["a"]+" and "+n["b"])
			default:
				k(end, f.call("count")+" "+op+" "+n["n"])
			}
		})
	}
	role, amount, has := strings.Cut(rd.cat.Roles["amount"], ".")
	for _, op := range append(ops, "between") {
		if !has {
			break
		}
		f := new(frame)
		rd.match(rd.Spent[op], at, rd.framed(f, role, rd.numbers(n)), func(end int) {
			spent := *f
			spent.event, spent.property = role, amount
			if op == "between" {
				k(end, spent.call("sum")+" between "+n["a"]+" and "+n["b"])
			} else {
				k(end, spent.call("sum")+" "+op+" "+n["n"])
			}
		})
	}
	for _, op := range ops {
		f := new(frame)
		rd.match(rd.DaysSince[op], at, rd.framed(f, "", rd.numbers(n)), func(end int) {
			k(end, f.call("days_since")+" "+op+" "+n["n"])
		})
	}
}

// compared reads what is said of a value beside literals and other values.
func (rd *reader) compared(at int, k func(end int, formula string)) {
	var v value
	said := map[string]string{}
	slot := func(name string, at int, k func(end int)) {
		switch name {
		case "value":
			rd.subject(at, func(end int, of value) { v = of; k(end) })
		case "list":
			rd.list(at, v, "", func(end int, text string) { said[name] = text; k(end) })
		case "window":
			rd.window(at, func(end int, text string) {
				if said[name] = text; text != "" {
					k(end)
				}
			})
		default:
			rd.literal(at, v, func(end int, text string) { said[name] = text; k(end) })
		}
	}
	for _, op := range ops {
		rd.match(rd.Compare[op], at, slot, func(end int) { k(end, v.text+" "+op+" "+said["n"]) })
	}
	for _, op := range slices.Sorted(maps.Keys(rd.Moments)) {
		rd.match(rd.Moments[op], at, slot, func(end int) {
			if no, ok := strings.CutPrefix(op, "not "); ok {
				k(end, "not "+v.text+" "+no+" "+said["n"])
				return
			}
			k(end, v.text+" "+op+" "+said["n"])
		})
	}
	rd.match(rd.Compare["between"], at, slot, func(end int) { k(end, v.text+" between "+said["a"]+" and "+said["b"]) })
	rd.match(rd.plain["in"], at, slot, func(end int) { k(end, v.text+" in ("+said["list"]+")") })
	rd.match(rd.plain["not_in"], at, slot, func(end int) { k(end, v.text+" not in ("+said["list"]+")") })
	rd.match(rd.plain["within"], at, slot, func(end int) {
		if w := said["window"]; !strings.HasPrefix(w, "before ") || strings.HasSuffix(w, " ago") { // else it is before a day
			k(end, v.text+" within "+w)
		}
	})
	for _, op := range []string{"before", "after", "on"} {
		rd.match(rd.plain[op], at, slot, func(end int) { k(end, v.text+" "+op+" "+said["a"]) })
	}
}

// subject reads a value that something is said of: no mere figure.
func (rd *reader) subject(at int, k func(end int, v value)) {
	rd.value(at, func(end int, v value) {
		if _, err := strconv.ParseFloat(v.text, 64); err != nil {
			k(end, v)
		}
	})
}

// known reads whether a value is set or yes, and what its text holds.
func (rd *reader) known(at int, k func(end int, formula string)) {
	var v value
	a := ""
	slot := func(name string, at int, k func(end int)) {
		if name == "value" {
			rd.subject(at, func(end int, of value) { v = of; k(end) })
			return
		}
		rd.quoted(at, func(end int, text string) { a = text; k(end) })
	}
	rd.match(rd.plain["is_set"], at, slot, func(end int) { k(end, v.text+" is set") })
	rd.match(rd.plain["not_set"], at, slot, func(end int) {
		k(end, v.text+" is not set")
		if rd.fields[v.field].Kind == "bool" {
			k(end, "not "+v.text+" = true")
		}
	})
	rd.match(rd.plain["unknown"], at, slot, func(end int) { k(end, v.text+" is not set") })
	yesOrNo := func(end int, answer string) {
		if rd.fields[v.field].Kind == "bool" {
			k(end, v.text+" = "+answer)
		}
	}
	rd.match(rd.plain["true"], at, slot, func(end int) { yesOrNo(end, "true") })
	rd.match(rd.plain["false"], at, slot, func(end int) { yesOrNo(end, "false") })
	for _, op := range []string{"contains", "starts with", "ends with"} {
		rd.match(rd.plain[op], at, slot, func(end int) { k(end, v.text+" "+op+" "+(&syntax.Text{Value: a}).String()) })
		rd.match(rd.plain["not "+op], at, slot, func(end int) { k(end, v.text+" not "+op+" "+(&syntax.Text{Value: a}).String()) })
	}
	d := ""
	rd.match(rd.plain["anniversary"], at, func(name string, at int, k func(end int)) {
		if name == "value" {
			slot(name, at, k)
			return
		}
		rd.duration(at, func(end int, text string) { d = text; k(end) })
	}, func(end int) { k(end, v.text+" anniversary within next "+d) })
}

// quoted reads any text up to where a quotation mark follows.
func (rd *reader) quoted(at int, k func(end int, text string)) {
	if i := strings.IndexAny(rd.text[at:], "”»\""); i > 0 {
		k(at+i, rd.text[at:at+i])
	}
}

// ranked reads "in the top 20 by spend among customers with …".
func (rd *reader) ranked(at int, k func(end int, formula string)) {
	for _, t := range []string{"top", "bottom", "top_percent", "bottom_percent"} {
		n, by := "", ""
		rd.match(rd.plain[t], at, func(name string, at int, k func(end int)) {
			if name == "value" {
				rd.value(at, func(end int, v value) { by = v.text; k(end) })
				return
			}
			rd.number(at, func(end int, text string) { n = text; k(end) })
			rd.match(rd.plain["percent"], at, func(_ string, at int, k func(end int)) {
				rd.number(at, func(end int, text string) { n = text + "%"; k(end) })
			}, k)
		}, func(end int) {
			text := strings.TrimSuffix(t, "_percent") + " " + n + " by " + by
			k(end, text)
			_, mid, _ := strings.Cut(rd.plain["among"], "{a}")
			mid, _, _ = strings.Cut(mid, "{b}")
			after, ok := rd.literally(end, mid)
			if !ok {
				return
			}
			if in, ok := rd.literally(after, "("); ok {
				rd.who(in, func(end int, f string) {
					if out, ok := rd.literally(end, ")"); ok {
						k(out, text+" among ("+f+")")
					}
				})
			}
			rd.who(after, func(end int, f string) { k(end, text+" among ("+f+")") })
		})
	}
}

// steppedThrough reads a sequence of events.
func (rd *reader) steppedThrough(at int, k func(end int, formula string)) {
	steps, within, window := "", "", ""
	rd.match(rd.plain["sequence"], at, func(name string, at int, k func(end int)) {
		switch name {
		case "a":
			rd.step(at, func(end int, text string) { steps = text; k(end) })
		case "b":
			rd.duration(at, func(end int, text string) { within = text; k(end) })
		default:
			rd.window(at, func(end int, text string) { window = text; k(end) })
		}
	}, func(end int) {
		text := "sequence(" + steps + ", within " + within
		if window != "" {
			text += ", " + window
		}
		k(end, text+")")
	})
}

// step reads an event of a sequence, and those that follow.
func (rd *reader) step(at int, k func(end int, text string)) {
	event := func(at int, not string, k func(end int, text string)) {
		rd.noun(at, rd.events, func(end int, name string) {
			rd.where(end, name, func(end int, where string) {
				text := not + bare(name)
				if where != "" {
					text += " where " + where
				}
				k(end, text)
			})
		})
	}
	then := func(end int, text string) {
		k(end, text)
		if after, ok := rd.literally(end, rd.plain["sequence_then"]); ok {
			rd.step(after, func(end int, rest string) { k(end, text+", "+rest) })
		}
	}
	event(at, "", then)
	not := ""
	rd.match(rd.plain["sequence_not"], at, func(_ string, at int, k func(end int)) {
		event(at, "not ", func(end int, text string) { not = text; k(end) })
	}, func(end int) { then(end, not) })
}

// saved reads who is in, came into or left a saved segment.
func (rd *reader) saved(at int, k func(end int, formula string)) {
	for _, t := range []string{"segment", "segment_at", "entered", "left"} {
		name, b, window := "", "", ""
		rd.match(rd.plain[t], at, func(slot string, at int, k func(end int)) {
			switch slot {
			case "a":
				rd.quoted(at, func(end int, text string) { name = (&syntax.Text{Value: text}).String(); k(end) })
			case "b":
				rd.date(at, func(end int, text string) { b = text; k(end) })
			default:
				rd.window(at, func(end int, text string) { window = text; k(end) })
			}
		}, func(end int) {
			switch t {
			case "segment":
				k(end, "segment "+name)
			case "segment_at":
				k(end, "segment "+name+" at "+b)
			default:
				k(end, t+" segment "+name+" within "+window)
			}
		})
	}
}

// where reads filters over an event's rows, each with its leading space, or
// none.
func (rd *reader) where(at int, event string, k func(end int, filter string)) {
	k(at, "")
	rd.filter(at, event, func(end int, f string) { rd.filters(end, event, f, k) })
}

func (rd *reader) filters(at int, event, so string, k func(end int, filter string)) {
	k(at, so)
	rd.filter(at, event, func(end int, f string) { rd.filters(end, event, so+" and "+f, k) })
}

// filter reads one.
func (rd *reader) filter(at int, event string, k func(end int, filter string)) {
	if at == len(rd.text) || rd.text[at] != ' ' {
		return
	}
	names := rd.props
	if event != "" {
		names = nil
		for _, p := range rd.props {
			if _, ok := rd.fields[[2]string{event, p}]; ok {
				names = append(names, p)
			}
		}
	}
	property := ""
	of := func() value {
		for _, e := range rd.cat.Events { // of any event that has it
			if _, ok := rd.fields[[2]string{e.Name, property}]; ok && (event == "" || event == e.Name) {
				return value{field: [2]string{e.Name, property}}
			}
		}
		return value{}
	}
	said := map[string]string{}
	slot := func(name string, at int, k func(end int)) {
		switch name {
		case "property":
			rd.noun(at, names, func(end int, name string) { property = name; k(end) })
		case "list":
			rd.list(at, of(), "", func(end int, text string) { said[name] = text; k(end) })
		case "t":
			rd.quoted(at, func(end int, text string) { said[name] = (&syntax.Text{Value: text}).String(); k(end) })
		default:
			rd.literal(at, of(), func(end int, text string) { said[name] = text; k(end) })
		}
	}
	for _, op := range ops {
		rd.match(rd.Where[op], at, slot, func(end int) { k(end, bare(property)+" "+op+" "+said["a"]) })
	}
	rd.match(rd.Where["in"], at, slot, func(end int) { k(end, bare(property)+" in ("+said["list"]+")") })
	rd.match(rd.Where["not_in"], at, slot, func(end int) { k(end, bare(property)+" not in ("+said["list"]+")") })
	rd.match(rd.Where["between"], at, slot, func(end int) { k(end, bare(property)+" between "+said["a"]+" and "+said["b"]) })
	for _, op := range []string{"contains", "starts with", "ends with"} {
		rd.match(rd.Where[op], at, slot, func(end int) { k(end, bare(property)+" "+op+" "+said["t"]) })
	}
	rd.match(rd.Where["true"], at, slot, func(end int) {
		if rd.fields[of().field].Kind == "bool" {
			k(end, bare(property)+" = true")
		} else {
			k(end, bare(property)+" is set")
		}
	})
	rd.match(rd.Where["false"], at, slot, func(end int) {
		if rd.fields[of().field].Kind == "bool" {
			k(end, bare(property)+" = false")
		} else {
			k(end, bare(property)+" is not set")
		}
	})
	rd.timeParts(at, k)
}

// timeParts reads a filter by a part of the row's time: on Saturday.
func (rd *reader) timeParts(at int, k func(end int, filter string)) {
	for _, name := range []string{"weekday", "hour", "month"} {
		words := map[string][]string{"weekday": rd.Weekdays, "month": rd.Months}[name]
		var a, b, list string
		one := func(at int, k func(end int, n string)) {
			for i, w := range words {
				if end, ok := rd.literally(at, w); ok {
					k(end, strconv.Itoa(i+1))
				}
			}
			if name == "hour" && len(rd.text) >= at+2 {
				if n, err := strconv.Atoi(rd.text[at : at+2]); err == nil && n >= 0 {
					k(at+2, strconv.Itoa(n))
				}
			}
		}
		var several func(at int, so string, k func(end int))
		several = func(at int, so string, k func(end int)) {
			one(at, func(end int, n string) {
				list = so + n
				k(end)
				for _, sep := range slices.Compact([]string{", ", rd.Or}) {
					if after, ok := rd.literally(end, sep); ok {
						several(after, so+n+", ", k)
					}
				}
			})
		}
		slot := func(slot string, at int, k func(end int)) {
			switch slot {
			case "a":
				one(at, func(end int, n string) { a = n; k(end) })
			case "b":
				one(at, func(end int, n string) { b = n; k(end) })
			case "list":
				several(at, "", k)
			}
		}
		for _, op := range ops {
			rd.match(rd.Parts[name+" "+op], at, slot, func(end int) { k(end, name+" "+op+" "+a) })
		}
		rd.match(rd.Parts[name+" in"], at, slot, func(end int) { k(end, name+" in ("+list+")") })
		rd.match(rd.Parts[name+" between"], at, slot, func(end int) { k(end, name+" between "+a+" and "+b) })
	}
}
