package evals_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// drawer draws calls of the tools over a catalogue: what formulas and
// arguments can say of its names and values.
type drawer struct {
	*rand.Rand
	cat  *model.Catalogue
	kind string // of the last condition
}

func (d *drawer) pick(list ...string) string { return list[d.IntN(len(list))] }

func (d *drawer) event() model.Event { return d.cat.Events[d.IntN(len(d.cat.Events))] }

// field draws one of a kind; false where there is none.
func (d *drawer) field(of []model.Field, kinds ...string) (model.Field, bool) {
	var fit []model.Field
	for _, f := range of {
		for _, k := range kinds {
			if f.Kind == k && (k != "text" && k != "tags" || f.Values != nil && f.Values.Len() > 1) {
				fit = append(fit, f)
			}
		}
	}
	if len(fit) == 0 {
		return model.Field{}, false
	}
	return fit[d.IntN(len(fit))], true
}

func quote(name string) string {
	if _, err := syntax.ParseValue(name); err != nil || name == "segment" {
		return "`" + name + "`"
	}
	return name
}

func (d *drawer) value(f model.Field) string {
	return fmt.Sprintf("%q", f.Values.At(d.IntN(f.Values.Len())))
}

// values are two or three of a field's.
func (d *drawer) values(f model.Field) string {
	order := d.Perm(f.Values.Len())
	var list []string
	for _, i := range order[:min(len(order), 2+d.IntN(2))] {
		list = append(list, fmt.Sprintf("%q", f.Values.At(i)))
	}
	return "(" + strings.Join(list, ", ") + ")"
}

func (d *drawer) op() string { return d.pick(">=", ">", "<=", "<") }

func (d *drawer) number() string { return fmt.Sprint(2 + d.IntN(40)) }

func (d *drawer) money() string { return d.pick("25", "99.5", "250", "1000", "12500", "40000") }

func (d *drawer) day() string { return d.pick("2024-10-05", "2025-01-01", "2025-02-28", "2025-03-31") }

func (d *drawer) window() string {
	return d.pick("", "", "", "last 90d", "last 30d", "last 6mo", "last 1y", "last 2w", "last 3q", "last 12h", "this year", "this month", "this week", "this quarter",
		"last month", "last week", "last quarter", "last year", "today", "yesterday", "2024", "2025", "2025-03", "2024-12", "since 2025-02-01", "before 2025-01-15",
		"from 2025-01-01 to 2025-04-01", "from 2025-02-03 to 2025-02-18", "from 90d ago to 30d ago", "since 45d ago", "before 6mo ago")
}

func (d *drawer) timed() string {
	for {
		if w := d.window(); w != "" {
			return w
		}
	}
}

// where draws a filter over an event's rows, or nothing.
func (d *drawer) where(e model.Event) string {
	if d.IntN(2) == 0 {
		return ""
	}
	f := e.Props
	switch d.IntN(8) {
	case 0:
		if p, ok := d.field(f, "number"); ok {
			return " where " + p.Name + " " + d.op() + " " + fmt.Sprint(2+d.IntN(4))
		}
	case 1:
		if p, ok := d.field(f, "bool"); ok {
			return " where " + p.Name + " = " + d.pick("true", "false")
		}
	case 2:
		if p, ok := d.field(f, "text"); ok {
			return " where " + p.Name + " in " + d.values(p)
		}
	case 3:
		if p, ok := d.field(f, "text"); ok {
			return " where " + p.Name + " != " + d.value(p)
		}
	case 4:
		p, ok := d.field(f, "text")
		if q, also := d.field(f, "text"); ok && also && p.Name != q.Name {
			return " where " + p.Name + " = " + d.value(p) + " and " + q.Name + " = " + d.value(q)
		}
	}
	if p, ok := d.field(f, "text"); ok {
		return " where " + p.Name + " = " + d.value(p)
	}
	return ""
}

// call is a function over an event's rows.
func (d *drawer) call(fn string, e model.Event, property string) string {
	text := quote(e.Name)
	if property != "" {
		text += "." + property
	}
	text += d.where(e)
	if w := d.window(); w != "" {
		text += ", " + w
	}
	return fn + "(" + text + ")"
}

// trait draws a condition on a trait.
func (d *drawer) trait() string {
	of := d.cat.Traits
	switch d.IntN(12) {
	case 0, 1:
		if f, ok := d.field(of, "text"); ok {
			d.kind = "trait ="
			return quote(f.Name) + " = " + d.value(f)
		}
	case 2:
		if f, ok := d.field(of, "text"); ok {
			d.kind = "trait !="
			return quote(f.Name) + " != " + d.value(f)
		}
	case 3:
		if f, ok := d.field(of, "text"); ok {
			d.kind = "trait in"
			return quote(f.Name) + " in " + d.values(f)
		}
	case 4:
		if f, ok := d.field(of, "text"); ok {
			d.kind = "trait not in"
			return quote(f.Name) + " not in " + d.values(f)
		}
	case 5, 6:
		f := of[d.IntN(len(of))]
		d.kind = "trait set"
		return quote(f.Name) + " is " + d.pick("", "not ") + "set"
	case 7:
		if f, ok := d.field(of, "number"); ok {
			d.kind = "trait number"
			if d.IntN(4) == 0 {
				return quote(f.Name) + " between 3 and " + d.pick("10", "250", "12000")
			}
			return quote(f.Name) + " " + d.op() + " " + d.number()
		}
	case 8:
		if f, ok := d.field(of, "bool"); ok {
			d.kind = "trait bool"
			return quote(f.Name) + " = " + d.pick("true", "false")
		}
	case 9, 10:
		if f, ok := d.field(of, "date", "time"); ok {
			switch d.IntN(4) {
			case 0:
				d.kind = "trait within"
				return quote(f.Name) + " within " + d.pick("2024", "2025-03", "last 90d", "last month", "this year")
			case 1:
				d.kind = "trait anniversary"
				return quote(f.Name) + " anniversary within next " + d.pick("7d", "2w", "30d", "1mo")
			}
			d.kind = "trait date"
			return quote(f.Name) + " " + d.pick("before", "after", "on") + " " + d.day()
		}
	}
	f, _ := d.field(of, "text")
	d.kind = "trait contains"
	return quote(f.Name) + " " + d.pick("contains", "starts with", "ends with") + ` "` + d.pick("ar", "ma", "ov") + `"`
}

// behaviour draws a condition on what customers did.
func (d *drawer) behaviour() string {
	e := d.event()
	figure, hasFigure := d.field(e.Props, "number", "money")
	text, hasText := d.field(e.Props, "text")
	if e.Name == strings.Split(d.cat.Roles["amount"], ".")[0] && d.IntN(2) == 0 {
		figure.Name, hasFigure = strings.Split(d.cat.Roles["amount"], ".")[1], true
	}
	switch d.IntN(16) {
	case 0:
		d.kind = "count = 0"
		return d.call("count", e, "") + " = 0"
	case 1:
		d.kind = "count >= 1"
		return d.call("count", e, "") + " >= 1"
	case 2:
		d.kind = "count between"
		return d.call("count", e, "") + " between 2 and 5"
	case 3:
		if hasFigure {
			d.kind = "sum"
			if d.IntN(4) == 0 {
				return d.call("sum", e, figure.Name) + " between 100 and 2500"
			}
			return d.call("sum", e, figure.Name) + " " + d.op() + " " + d.money()
		}
	case 4:
		if hasFigure {
			d.kind = "avg min max"
			return d.call(d.pick("avg", "min", "max"), e, figure.Name) + " " + d.op() + " " + d.number()
		}
	case 5:
		if hasText {
			d.kind = "distinct"
			return d.call("distinct", e, text.Name) + " " + d.op() + " " + d.pick("2", "3", "4")
		}
	case 6:
		d.kind = "first last"
		return d.call(d.pick("first", "last"), e, "") + d.pick(" before ", " after ", " on ") + d.day()
	case 7:
		d.kind = "first last within"
		return d.pick("first", "last") + "(" + quote(e.Name) + ") within " + d.pick("2024", "2025-03", "last 90d", "last month")
	case 8:
		if hasText {
			d.kind = "earliest latest"
			return d.call(d.pick("earliest", "latest"), e, text.Name) + " = " + d.value(text)
		}
	case 9:
		d.kind = "days_since"
		return "days_since(" + quote(e.Name) + d.where(e) + ") " + d.op() + " " + d.number()
	case 10:
		d.kind = "active"
		return d.call("active_"+d.pick("days", "weeks", "months"), e, "") + " " + d.op() + " " + d.pick("2", "3", "6")
	case 11:
		if hasText {
			d.kind = "share"
			of := quote(e.Name) + " where " + text.Name + " = " + d.value(text)
			return "count(" + of + ") / count(" + quote(e.Name) + ") " + d.op() + " " + d.pick("0.5", "0.25", "0.1")
		}
	case 12:
		if hasFigure {
			d.kind = "more than before"
			c := quote(e.Name) + "." + figure.Name
			return "sum(" + c + ", last 90d) " + d.op() + " " + d.pick("", "0.5 * ", "2 * ") + "sum(" + c + ", from 180d ago to 90d ago)"
		}
	case 13:
		d.kind = "sequence"
		second, not := d.event(), ""
		if d.IntN(3) == 0 {
			not = "not " + quote(d.event().Name) + ", "
		}
		w := ""
		if d.IntN(3) == 0 {
			w = ", " + d.timed()
		}
		return "sequence(" + quote(e.Name) + d.where(e) + ", " + not + quote(second.Name) + d.where(second) + ", within " + d.pick("1d", "7d", "2w", "30d", "12h") + w + ")"
	case 14:
		d.kind = "rank"
		by := d.call("count", e, "")
		if hasFigure && d.IntN(2) == 0 {
			by = d.call("sum", e, figure.Name)
		}
		among := ""
		if d.IntN(4) == 0 {
			among = " among (" + d.trait() + ")"
			d.kind = "rank among"
		}
		return d.pick("top", "bottom") + " " + d.pick("10%", "5%", "20", "100") + " by " + by + among
	}
	d.kind = "count"
	return d.call("count", e, "") + " " + d.op() + " " + d.number()
}

// layered draws a condition on a layer or a saved segment.
func (d *drawer) layered() string {
	layers := [][2]string{
		{"rfm", "Champions"},
		{"rfm", "Loyal"},
		{"rfm", "Potential Loyalist"},
		{"rfm", "New"},
		{"rfm", "Promising"},
		{"rfm", "Need Attention"},
		{"rfm", "About To Sleep"},
		{"rfm", "At Risk"},
		{"rfm", "Cannot Lose"},
		{"rfm", "Hibernating"},
		{"rfm", "Lost"},
		{"lifecycle", "prospect"},
		{"lifecycle", "new"},
		{"lifecycle", "active"},
		{"lifecycle", "star"},
		{"lifecycle", "reactivated"},
		{"lifecycle", "at risk"},
		{"lifecycle", "churned"},
		{"engagement", "engaged"},
		{"engagement", "disengaged"},
		{"engagement", "never"},
		{"value_tier", "top"},
		{"value_tier", "middle"},
		{"value_tier", "low"},
	}
	l := layers[d.IntN(len(layers))]
	switch d.IntN(8) {
	case 0:
		d.kind = "score"
		return d.pick("rfm_r", "rfm_f", "rfm_m") + " " + d.op() + " " + d.pick("2", "3", "4")
	case 1:
		d.kind = "layer !="
		return l[0] + ` != "` + l[1] + `"`
	case 2:
		d.kind = "layer at"
		return l[0] + "(at: " + d.pick("2025-01-01", "90d ago") + `) = "` + l[1] + `"`
	}
	d.kind = "layer " + l[0]
	return l[0] + ` = "` + l[1] + `"`
}

// saved draws a condition on a saved segment.
func (d *drawer) saved() string {
	name := fmt.Sprintf("%q", d.cat.Segments[d.IntN(len(d.cat.Segments))])
	switch d.IntN(3) {
	case 0:
		d.kind = "segment"
		return "segment " + name + d.pick("", " at 2025-01-01")
	default:
		d.kind = "entered left"
		return d.pick("entered", "left") + " segment " + name + " within " + d.pick("last 30d", "last month", "2025", "this quarter")
	}
}

func (d *drawer) condition() string {
	switch n := d.IntN(20); {
	case n < 7:
		return d.trait()
	case n < 16:
		return d.behaviour()
	case n < 18:
		return d.layered()
	case len(d.cat.Segments) > 0:
		return d.saved()
	}
	return d.layered()
}

// formula draws one; its kind is that of its condition or how several are
// joined.
func (d *drawer) formula() string {
	var parts []syntax.Formula
	for len(parts) == 0 || len(parts) < 3 && d.IntN(2) == 0 {
		f, err := syntax.Parse(d.condition())
		if err != nil {
			panic(err)
		}
		// Two conditions on one thing may imply each other.
		apart := true
		for _, p := range parts {
			apart = apart && !shares(p, f)
		}
		if apart {
			parts = append(parts, f)
		}
	}
	if len(parts) == 1 {
		if d.IntN(10) == 0 {
			d.kind = "not"
			return (&syntax.Not{X: parts[0]}).String()
		}
		return parts[0].String()
	}
	switch d.IntN(6) {
	case 0:
		d.kind = "or"
		return (&syntax.Or{Terms: parts}).String()
	case 1:
		if len(parts) == 3 {
			d.kind = "and or"
			return (&syntax.And{Factors: []syntax.Formula{parts[0], &syntax.Or{Terms: parts[1:]}}}).String()
		}
	case 2:
		d.kind = "and not"
		return (&syntax.And{Factors: []syntax.Formula{parts[0], &syntax.Not{X: parts[1]}}}).String()
	}
	d.kind = "and"
	return syntax.All(parts...).String()
}

// shares tells whether two conditions speak of one name.
func shares(a, b syntax.Formula) bool {
	names := map[string]bool{}
	of := func(f syntax.Formula, seen func(string) bool) bool {
		hit := false
		syntax.Walk(f, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Call:
				hit = hit || seen(n.Event)
				return false
			case *syntax.Sequence:
				for _, s := range n.Steps {
					hit = hit || seen(s.Event)
				}
				return false
			case *syntax.Name:
				hit = hit || seen(n.Name)
			}
			return true
		})
		return hit
	}
	of(a, func(s string) bool { names[s] = true; return false })
	return of(b, func(s string) bool { return names[s] })
}

// measure draws measures in groups and periods.
func (d *drawer) measure() tools.MeasureArgs {
	e := d.event()
	a := tools.MeasureArgs{Measures: []string{d.pick("customers", "buyers", "orders", "revenue", "gross_revenue", "aov", "orders_per_buyer",
		"revenue_per_buyer", "repeat_rate", "new_buyers", "days_between")}}
	d.kind = "measure " + a.Measures[0]
	figure, ok := d.field(e.Props, "number", "money")
	switch d.IntN(6) {
	case 0:
		if e.Name != d.cat.Roles["purchase"] { // which are the orders
			a.Measures[0], d.kind = "events("+quote(e.Name)+")", "measure events"
		}
	case 1:
		if ok {
			a.Measures[0], d.kind = d.pick("sum", "avg")+"("+quote(e.Name)+"."+figure.Name+")", "measure sum avg"
		}
	}
	if d.IntN(12) == 0 {
		a.Measures[0], d.kind = "per_customer("+d.call("count", e, "")+", "+d.pick("mean", "median", "sum", "min", "max")+")", "measure per_customer"
	} else if f, ok := d.field(e.Props, "text"); ok && d.IntN(12) == 0 {
		a.Measures[0], d.kind = "count("+quote(e.Name)+" where "+f.Name+" = "+d.value(f)+") / count("+quote(e.Name)+")", "measure share"
	}
	if v, err := syntax.ParseMeasure(a.Measures[0]); err == nil {
		a.Measures[0] = v.String()
	}
	if f, ok := d.field(e.Props, "text"); ok && a.Measures[0] != "customers" && d.IntN(4) == 0 {
		a.GroupBy = []string{quote(e.Name) + "." + f.Name}
	} else if d.IntN(2) == 0 {
		if f, ok := d.field(d.cat.Traits, "text", "bool"); ok {
			a.GroupBy = []string{quote(f.Name)}
		}
	} else if d.IntN(4) == 0 {
		a.GroupBy = []string{d.pick("rfm", "lifecycle", "engagement", "value_tier")}
	}
	if a.Measures[0] == "customers" || a.Measures[0] == "buyers" {
		if a.GroupBy == nil {
			a.GroupBy = []string{"lifecycle"}
		}
	} else {
		if d.IntN(2) == 0 {
			a.Per = d.pick("month", "week", "year", "quarter", "day", "weekday", "hour")
		}
		a.Window = d.window()
	}
	if a.GroupBy != nil && a.Per == "" && d.IntN(3) == 0 {
		a.Top = 1 + d.IntN(9)
		if d.IntN(3) == 0 {
			a.Order = "asc"
		}
	}
	if d.IntN(4) == 0 {
		kind := d.kind
		a.Formula = d.trait()
		f, err := syntax.Parse(a.Formula)
		if err != nil {
			panic(err)
		}
		a.Formula, d.kind = f.String(), kind
	}
	return a
}
