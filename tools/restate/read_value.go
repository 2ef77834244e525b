package restate

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tesela/segment/syntax"
)

// frame is a call of a behaviour function in the making.
type frame struct{ event, property, where, window string }

// call is the frame as text.
func (f *frame) call(fn string) string {
	text := fn + "(" + bare(f.event)
	if f.property != "" {
		text += "." + bare(f.property)
	}
	if f.where != "" {
		text += " where " + f.where
	}
	if f.window != "" {
		text += ", " + f.window
	}
	return text + ")"
}

// bare is a name as formulas write it.
func bare(name string) string { return (&syntax.Name{Name: name}).String() }

// value is a value read, and what must be known of it to read what it is
// compared with.
type value struct {
	text  string
	field [2]string // whose values it has; the name of a layer or trait, or event and property
	frame *frame    // of a count or sum without a time of its own
	fn    string
	share bool
}

// slots of a frame; of says which event a template that names none is about.
func (rd *reader) framed(f *frame, of string, other slots) slots {
	return func(name string, at int, k func(end int)) {
		old := *f
		defer func() { *f = old }()
		switch name {
		case "event", "events":
			rd.noun(at, rd.events, func(end int, name string) {
				f.event = name
				if _, has := rd.fields[[2]string{name, f.property}]; f.property == "" || has {
					k(end)
				}
			})
		case "property", "properties":
			rd.noun(at, rd.props, func(end int, name string) {
				f.property = name
				if _, has := rd.fields[[2]string{f.event, name}]; f.event == "" || has {
					k(end)
				}
			})
		case "where":
			event := f.event
			if event == "" {
				event = of
			}
			rd.where(at, event, func(end int, text string) { f.where = text; k(end) })
		case "window":
			rd.window(at, func(end int, text string) { f.window = text; k(end) })
		default:
			if other != nil {
				other(name, at, k)
			}
		}
	}
}

// valueFns are the functions that the templates of values name.
var valueFns = []string{
	"count", "sum", "avg", "min", "max", "avg" + lineSuffix, "min" + lineSuffix, "max" + lineSuffix, "distinct", "first", "last", "earliest", "latest", "days_since", "active_days", "active_weeks", "active_months",
}

// functions reads a function of an event. The frame is the caller's until it returns.
func (rd *reader) functions(at int, k func(end int, fn string, f *frame)) {
	for _, named := range valueFns {
		f, t, fn := new(frame), rd.Value[named], strings.TrimSuffix(named, lineSuffix)
		rd.match(t, at, rd.framed(f, "", nil), func(end int) {
			if strings.Contains(t, "{propert") != (f.property != "") || ofRows(syntax.Fn(fn)) && tied(rd.cat, f.event) != (fn != named) {
				return
			}
			k(end, fn, f)
		})
	}
}

// layerNames are the layers and scores that there are in all data.
var layerNames = []string{"rfm", "lifecycle", "engagement", "value_tier", "rfm_r", "rfm_f", "rfm_m", "churn_risk", "p_alive"}

// value reads a value: one, or two with an operation between them.
func (rd *reader) value(at int, k func(end int, v value)) {
	rd.operand(at, func(end int, v value) {
		k(end, v)
		for _, op := range []string{"+", "-", "*", "/"} {
			_, mid, _ := strings.Cut(rd.Value[op], "{a}")
			mid, _, _ = strings.Cut(mid, "{b}")
			if after, ok := rd.literally(end, mid); ok && mid != "" {
				rd.operand(after, func(end int, w value) {
					k(end, value{text: "(" + v.text + ") " + op + " (" + w.text + ")"})
				})
			}
		}
	})
}

// operand reads a value that is no computation, or one in brackets.
func (rd *reader) operand(at int, k func(end int, v value)) {
	if in, ok := rd.literally(at, "("); ok {
		rd.value(in, func(end int, v value) {
			if out, ok := rd.literally(end, ")"); ok {
				k(out, value{text: "(" + v.text + ")"})
			}
		})
		return
	}
	rd.number(at, func(end int, n string) { k(end, value{text: n}) })
	rd.noun(at, rd.traits, func(end int, name string) { k(end, value{text: bare(name), field: [2]string{"", name}}) })
	rd.layer(at, func(end int, name string) {
		v := value{text: name, field: [2]string{"", name}}
		k(end, v)
		rd.match(rd.Value["at"], end, func(_ string, at int, k func(end int)) {
			rd.date(at, func(end int, d string) { v.text = name + "(at: " + d + ")"; k(end) })
		}, func(end int) { k(end, v) })
		if after, ok := rd.literally(end, " "); ok {
			rd.ago(after, func(end int, ago string) {
				v.text = name + "(at: " + ago + ")"
				k(end, v)
			})
		}
	})
	role, amount, _ := strings.Cut(rd.cat.Roles["amount"], ".")
	rd.functions(at, func(end int, fn string, f *frame) {
		held := *f
		v := value{text: f.call(fn), fn: fn}
		if fn == "earliest" || fn == "latest" {
			v.field = [2]string{f.event, f.property}
		}
		if f.window == "" && (fn == "count" || fn == "sum") {
			v.frame = &held
		}
		k(end, v)
		rd.per(end, v, k)
	})
	if amount != "" {
		f := &frame{}
		rd.match(rd.Value["spent"], at, rd.framed(f, role, nil), func(end int) {
			held := *f
			held.event, held.property = role, amount
			v := value{text: held.call("sum"), fn: "sum"}
			if held.window == "" {
				v.frame = &held
			}
			k(end, v)
			rd.per(end, v, k)
		})
	}
	f := &frame{}
	rd.match(rd.Value["share"], at, rd.framed(f, "", nil), func(end int) {
		whole := *f
		whole.where = ""
		k(end, value{text: f.call("count") + " / " + whole.call("count"), share: true})
	})
}

// layer reads the name of a layer or score that no trait has.
func (rd *reader) layer(at int, k func(end int, name string)) {
	for _, name := range layerNames {
		if end, ok := rd.literally(at, rd.named(&syntax.Name{Name: name})); ok && !rd.isTrait(name) {
			k(end, name)
		}
	}
}

// per reads what a figure is of each of: "spend per order in 2025".
func (rd *reader) per(at int, v value, k func(end int, v value)) {
	_, mid, _ := strings.Cut(rd.Value["per"], "{a}")
	mid, _, _ = strings.Cut(mid, "{b}")
	after, ok := rd.literally(at, mid)
	if v.frame == nil || mid == "" || !ok {
		return
	}
	each := func(end int, by frame, fn string) {
		rd.window(end, func(end int, w string) {
			top := *v.frame
			top.window, by.window = w, w
			k(end, value{text: top.call(v.fn) + " / " + by.call(fn)})
		})
	}
	rd.noun(after, []string{v.frame.event}, func(end int, name string) { each(end, frame{event: name}, "count") })
	rd.noun(after, rd.props, func(end int, name string) { each(end, frame{event: v.frame.event, property: name}, "sum") })
}

// literal reads what a value is compared with: a number, a date, a text that
// it may have, or another value.
func (rd *reader) literal(at int, of value, k func(end int, text string)) {
	if of.share {
		part := ""
		rd.match(rd.plain["percent"], at, func(_ string, at int, next func(end int)) {
			rd.number(at, func(end int, n string) {
				if r, ok := new(big.Rat).SetString(n); ok {
					part = strings.TrimSuffix(strings.TrimRight(r.Quo(r, big.NewRat(100, 1)).FloatString(8), "0"), ".")
					next(end)
				}
			})
		}, func(end int) { k(end, part) })
	}
	rd.date(at, k)
	if of.field[1] != "" {
		rd.texts(at, of.field, k)
	}
	rd.value(at, func(end int, v value) { k(end, v.text) })
}

// texts reads a text that a field has.
func (rd *reader) texts(at int, field [2]string, k func(end int, text string)) {
	if field[0] == "" && slices.Contains(layerNames, field[1]) {
		for _, label := range rd.labels(field[1]) {
			if end, ok := rd.literally(at, rd.labelled(field[1], label)); ok {
				k(end, (&syntax.Text{Value: label}).String())
			}
		}
		return
	}
	f, ok := rd.fields[field]
	if !ok || f.Kind != "text" && f.Kind != "tags" {
		return
	}
	for end := at + 1; end <= len(rd.text); end++ {
		if end < len(rd.text) {
			if !utf8.RuneStart(rd.text[end]) {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(rd.text[end:]); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
				continue
			}
		}
		rd.steps++
		if text := rd.text[at:end]; f.Values == nil || rd.holds(field[0], field[1], text) {
			k(end, (&syntax.Text{Value: text}).String())
		}
	}
}

// list reads two literals or more: "A or B", "A, B or C".
func (rd *reader) list(at int, of value, before string, k func(end int, text string)) {
	rd.literal(at, of, func(end int, text string) {
		if before != "" {
			k(end, before+text)
		}
		for _, sep := range []string{", ", rd.Or} {
			if after, ok := rd.literally(end, sep); ok {
				rd.list(after, of, before+text+", ", k)
			}
		}
	})
}

// number reads digits with the language's signs.
func (rd *reader) number(at int, k func(end int, n string)) {
	digits := func(from int) int {
		i := from
		for i < len(rd.text) && rd.text[i] >= '0' && rd.text[i] <= '9' {
			i++
		}
		return i
	}
	start := at
	if at < len(rd.text) && rd.text[at] == '-' {
		start++
	}
	end := digits(start)
	if end == start {
		return
	}
	n := rd.text[at:end]
	for rd.Group != "" && strings.HasPrefix(rd.text[end:], rd.Group) && digits(end+len(rd.Group)) == end+len(rd.Group)+3 {
		n += rd.text[end+len(rd.Group) : end+len(rd.Group)+3]
		end += len(rd.Group) + 3
	}
	if after := end + len(rd.Decimal); strings.HasPrefix(rd.text[end:], rd.Decimal) && digits(after) > after {
		n += "." + rd.text[after:digits(after)]
		end = digits(after)
	}
	k(end, n)
}

// date reads a day.
func (rd *reader) date(at int, k func(end int, text string)) {
	var d, m, y int
	rd.match(rd.plain["date"], at, func(name string, at int, k func(end int)) {
		if name == "m" {
			for i, word := range rd.Months {
				if end, ok := rd.literally(at, word); ok {
					m = i + 1
					k(end)
				}
			}
			return
		}
		end := at
		for end < len(rd.text) && end < at+4 && rd.text[end] >= '0' && rd.text[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(rd.text[at:end])
		switch {
		case err != nil:
			return
		case name == "d":
			d = n
		default:
			y = n
		}
		k(end)
	}, func(end int) {
		day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
		if day.Day() == d { // there is such a day
			k(end, day.Format(time.DateOnly))
		}
	})
}

// duration reads "3 months".
func (rd *reader) duration(at int, k func(end int, d string)) {
	rd.number(at, func(end int, n string) {
		after, ok := rd.literally(end, " ")
		if !ok {
			return
		}
		for _, u := range []syntax.Unit{"min", "h", "d", "w", "mo", "q", "y"} {
			for _, form := range rd.Units[string(u)] {
				if end, ok := rd.literally(after, form); ok {
					k(end, n+string(u))
				}
			}
		}
	})
}

func (rd *reader) ago(at int, k func(end int, text string)) {
	text := ""
	rd.match(rd.Window["ago"], at, func(_ string, at int, k func(end int)) {
		rd.duration(at, func(end int, d string) { text = d + " ago"; k(end) })
	}, func(end int) { k(end, text) })
}

// point reads an end of a window; the last day of one is said, and the day
// after it is meant.
func (rd *reader) point(at int, last bool, k func(end int, text string)) {
	rd.ago(at, k)
	rd.date(at, func(end int, text string) {
		if d, err := time.Parse(time.DateOnly, text); last && err == nil {
			text = d.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		k(end, text)
	})
}

var periods = []string{"today", "yesterday", "this week", "this month", "this quarter", "this year", "last week", "last month", "last quarter", "last year"}

// window reads a time with its leading space, or nothing.
func (rd *reader) window(at int, k func(end int, text string)) {
	k(at, "")
	if at == len(rd.text) || rd.text[at] != ' ' {
		return
	}
	for _, p := range periods {
		if end, ok := rd.literally(at, rd.Window[p]); ok && rd.Window[p] != "" {
			k(end, p)
		}
	}
	if end, ok := rd.literally(at, rd.Window["ever"]); ok {
		k(end, "")
	}
	var a, b string
	slot := func(name string, at int, k func(end int)) {
		switch name {
		case "d":
			rd.duration(at, func(end int, d string) { a = d; k(end) })
			for _, u := range []syntax.Unit{"min", "h", "d", "w", "mo", "q", "y"} {
				if end, ok := rd.literally(at, rd.saying.unit(u)); ok {
					a = "1" + string(u)
					k(end)
				}
			}
		case "a":
			rd.point(at, false, func(end int, text string) { a = text; k(end) })
		case "b":
			rd.point(at, true, func(end int, text string) { b = text; k(end) })
		}
	}
	done := map[string]bool{}
	for _, t := range []string{"last", "last_f", "last_1", "last_1_f"} {
		if done[rd.Window[t]] {
			continue
		}
		done[rd.Window[t]] = true
		rd.match(rd.Window[t], at, slot, func(end int) { k(end, "last "+a) })
	}
	rd.match(rd.Window["from_to"], at, slot, func(end int) { k(end, "from "+a+" to "+b) })
	rd.match(rd.Window["from_to_day"], at, slot, func(end int) { k(end, "from "+a+" to "+b) })
	for _, day := range []string{"", "_day"} {
		rd.match(rd.Window["before"+day], at, slot, func(end int) { k(end, "before "+a) })
		rd.match(rd.Window["since"+day], at, slot, func(end int) { k(end, "since "+a) })
	}
	year := func(name string, at int, k func(end int)) {
		switch {
		case name == "m":
			for i, m := range rd.Months {
				if end, ok := rd.literally(at, m); ok {
					a = strconv.Itoa(i + 1)
					k(end)
				}
			}
		case len(rd.text) >= at+4:
			if _, err := strconv.ParseUint(rd.text[at:at+4], 10, 16); err == nil {
				b = rd.text[at : at+4]
				k(at + 4)
			}
		}
	}
	rd.match(rd.Window["year"], at, year, func(end int) { k(end, b) })
	rd.match(rd.Window["month"], at, year, func(end int) {
		if len(a) == 1 {
			a = "0" + a
		}
		k(end, b+"-"+a)
	})
}
