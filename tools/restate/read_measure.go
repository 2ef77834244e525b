package restate

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// most reads how many are asked for.
func (rd *reader) most(at int, t string, k func(end, n int)) {
	if end, ok := rd.literally(at, rd.Calls[t+"_1"]); ok && end > at {
		k(end, 1)
	}
	rd.counted1(at, rd.Calls[t], k)
}

// counted1 reads a template whose only slot is a whole number.
func (rd *reader) counted1(at int, t string, k func(end, n int)) {
	n := 0
	rd.match(t, at, func(_ string, at int, k func(end int)) {
		rd.number(at, func(end int, text string) {
			var err error
			if n, err = strconv.Atoi(text); err == nil {
				k(end)
			}
		})
	}, func(end int) { k(end, n) })
}

// measures reads the whole text as a call of measure.
func (rd *reader) measures(k func(tool string, args any)) {
	whole := func(end int, a tools.MeasureArgs) {
		if end == len(rd.text) && len(a.Measures) > 0 {
			k("measure", a)
		}
	}
	var base, who string
	rd.match(rd.Calls["share"], 0, func(name string, at int, k func(end int)) {
		rd.who(at, func(end int, f string) {
			if name == "base" {
				base = f
			} else {
				who = f
			}
			k(end)
		})
	}, func(end int) {
		of := canonical(who)
		a := tools.MeasureArgs{Measures: []string{"customers(" + of + ") / customers"}, Formula: canonical(base)}
		if of == "" || a.Formula == "" {
			return
		}
		whole(end, a)
		if a.Formula == "everyone" {
			a.Formula = ""
			whole(end, a)
		}
	})

	var a tools.MeasureArgs
	optional := func(at int, t string, fill slots, k func(end int), none func()) {
		none()
		k(at)
		rd.match(t, at, fill, k)
	}
	slot := func(name string, at int, k func(end int)) {
		switch name {
		case "measures":
			rd.measureNames(at, func(end int, list []string) { a.Measures = list; k(end) })
		case "by":
			optional(at, rd.Calls["by"], func(_ string, at int, k func(end int)) {
				rd.groups(at, a.Measures, func(end int, list []string) { a.GroupBy = list; k(end) })
			}, k, func() { a.GroupBy = nil })
			a.GroupBy = nil
		case "per":
			a.Per = ""
			k(at)
			for _, p := range slices.Sorted(maps.Keys(rd.Per)) {
				if end, ok := rd.literally(at, rd.Per[p]); ok {
					a.Per = p
					k(end)
					a.Per = ""
				}
			}
		case "window":
			rd.window(at, func(end int, w string) { a.Window = w; k(end) })
			a.Window = ""
		case "where":
			rd.where(at, "", func(end int, f string) { a.Where = f; k(end) })
			a.Where = ""
		case "for":
			optional(at, rd.Calls["for"], func(_ string, at int, k func(end int)) {
				rd.who(at, func(end int, f string) { a.Formula = f; k(end) })
			}, k, func() { a.Formula = "" })
			a.Formula = ""
		case "top":
			a.Top, a.Order = 0, ""
			k(at)
			for _, t := range []string{"top", "bottom"} {
				rd.most(at, t, func(end, n int) {
					a.Top = n
					if t == "bottom" {
						a.Order = "asc"
					}
					k(end)
				})
				a.Top, a.Order = 0, ""
			}
		}
	}
	rd.match(rd.Calls["measure"], 0, slot, func(end int) {
		b := a
		if b.Formula != "" {
			if b.Formula = canonical(b.Formula); b.Formula == "" {
				return
			}
		}
		if b.Where != "" {
			f, err := syntax.ParseFilter(b.Where)
			if err != nil {
				return
			}
			b.Where = f.String()
		}
		whole(end, b)
	})
}

// measureNames reads measures with "and" between them.
func (rd *reader) measureNames(at int, k func(end int, list []string)) {
	rd.measureOrTwo(at, func(end int, m string) {
		k(end, []string{m})
		if after, ok := rd.literally(end, rd.And); ok {
			rd.measureNames(after, func(end int, rest []string) { k(end, append([]string{m}, rest...)) })
		}
	})
}

// measureOrTwo reads a measure, or two with an operation between them: "orders
// divided by buyers", "total minutes per visit".
func (rd *reader) measureOrTwo(at int, k func(end int, m string)) {
	between := func(op string) string {
		_, mid, _ := strings.Cut(rd.Value[op], "{a}")
		mid, _, _ = strings.Cut(mid, "{b}")
		return mid
	}
	try := func(end int, m string) {
		if v, err := syntax.ParseMeasure(m); err == nil {
			k(end, v.String())
		}
	}
	rd.oneMeasure(at, func(end int, m string) {
		k(end, m)
		for _, op := range []string{"+", "-", "*", "/"} {
			if after, ok := rd.literally(end, between(op)); ok && after > end {
				rd.oneMeasure(after, func(end int, n string) { try(end, "("+m+") "+op+" ("+n+")") })
			}
		}
		if after, ok := rd.literally(end, between("per")); ok && after > end {
			rd.noun(after, rd.events, func(end int, name string) { try(end, "("+m+") / count("+bare(name)+")") })
		}
	})
}

// oneMeasure reads a single measure.
func (rd *reader) oneMeasure(at int, one func(end int, m string)) {
	for _, m := range slices.Sorted(maps.Keys(rd.Measures)) {
		if end, ok := rd.literally(at, rd.measureName(m)); ok {
			one(end, m)
		}
	}
	orders := rd.measureName("orders")
	for _, m := range []string{"events", "doers"} {
		event := ""
		rd.match(rd.MeasureOf[m], at, func(_ string, at int, k func(end int)) {
			rd.noun(at, rd.events, func(end int, name string) { event = name; k(end) })
		}, func(end int) {
			if rd.text[at:end] != orders { // which is the shorter word for it
				one(end, m+"("+bare(event)+")")
			}
		})
	}
	trait := ""
	rd.match(rd.MeasureOf["dated"], at, func(_ string, at int, k func(end int)) {
		rd.noun(at, rd.traits, func(end int, name string) { trait = name; k(end) })
	}, func(end int) { one(end, "dated("+bare(trait)+")") })
	if end, ok := rd.literally(at, strings.TrimSpace(fill(rd.Value["spent"], "where", "", "window", ""))); ok && rd.cat.Roles["amount"] != "" {
		one(end, canonicalValue("sum("+rd.cat.Roles["amount"]+")"))
	}
	rd.computed(at, one)
	rd.functions(at, func(end int, fn string, f *frame) {
		if fn != "count" && f.where == "" && f.window == "" { // a count is an event's measure
			one(end, f.call(fn))
		}
	})
}

// computed reads measures that are expressions: shares and figures per customer.
// How many satisfy a formula is counted.
func (rd *reader) computed(at int, k func(end int, measure string)) {
	try := func(end int, text string) {
		if v, err := syntax.ParseMeasure(text); err == nil {
			k(end, v.String())
		}
	}
	f := new(frame)
	rd.match(rd.Value["share"], at, rd.framed(f, "", nil), func(end int) {
		whole := *f
		if whole.where = ""; f.where != "" && f.window == "" { // the call has the time
			try(end, f.call("count")+" / "+whole.call("count"))
		}
	})
	statistic, of := "", ""
	rd.match(rd.plain["per_customer"], at, func(name string, at int, k func(end int)) {
		if name == "value" {
			rd.value(at, func(end int, v value) { of = v.text; k(end) })
			return
		}
		for _, s := range sortedKeys(rd.Statistics) {
			if end, ok := rd.literally(at, rd.Statistics[s]); ok {
				statistic = s
				k(end)
			}
		}
	}, func(end int) { try(end, "per_customer("+of+", "+statistic+")") })
}

// groups reads what a measure is broken down by.
func (rd *reader) groups(at int, measures []string, k func(end int, list []string)) {
	one := func(end int, name string) {
		k(end, []string{name})
		if after, ok := rd.literally(end, rd.And); ok {
			rd.groups(after, measures, func(end int, rest []string) { k(end, append([]string{name}, rest...)) })
		}
	}
	seen := map[string]bool{}
	try := func(g string) {
		if end, ok := rd.literally(at, rd.group(g, measures)); ok && !seen[g] {
			seen[g] = true
			one(end, g)
		}
	}
	for _, name := range rd.traits {
		try(bare(name))
	}
	for _, name := range layerNames {
		try(name)
	}
	for _, e := range rd.cat.Events {
		for _, p := range e.Props {
			try(bare(e.Name) + "." + bare(p.Name))
		}
	}
}

// whole reads a whole number into n for as long as its continuation runs.
func (rd *reader) whole(at int, n *int, k func(end int)) {
	rd.number(at, func(end int, text string) { rd.keep(text, n, func() { k(end) }) })
}

func (rd *reader) keep(text string, n *int, k func()) {
	if v, err := strconv.Atoi(text); err == nil {
		*n = v
		k()
		*n = 0
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
