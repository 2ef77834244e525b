package segmenttest

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tesela/segment/column"
)

// Random makes small worlds and formulas that are valid for them, full of
// ties, unset values, rows at T, and days on which the clock changes.
type Random struct {
	*rand.Rand
	w     *World
	at    time.Time
	style style
	// last is which rows the last call went over; others ask for the same.
	last struct{ event, where, window string }
}

// NewRandom gives the same worlds and formulas for the same seed.
func NewRandom(seed uint64) *Random { return &Random{Rand: rand.New(rand.NewPCG(seed, 7))} }

func pick[T any](r *Random, from ...T) T { return from[r.IntN(len(from))] }

func (r *Random) often(percent int) bool { return r.IntN(100) < percent }

// Formula writes a formula for the world made last.
func (r *Random) Formula() string { return r.formula(3) }

// Value writes a value for the world made last.
func (r *Random) Value() string {
	switch r.IntN(4) {
	case 0:
		return r.quantity(2)
	case 1:
		f := r.w.Traits[r.IntN(len(r.w.Traits)-1)] // but tags
		return f.Name
	default:
		text, _ := r.call()
		return text
	}
}

func (r *Random) formula(depth int) string {
	if depth > 0 && r.often(45) {
		switch r.IntN(5) {
		case 0, 1:
			return "(" + r.formula(depth-1) + " and " + r.formula(depth-1) + ")"
		case 2:
			return "(" + r.formula(depth-1) + " or " + r.formula(depth-1) + " or " + r.formula(depth-1) + ")"
		default:
			return "not " + r.formula(depth-1)
		}
	}
	switch r.IntN(14) {
	case 0:
		return r.rank(depth)
	case 1:
		return r.sequence()
	case 2:
		return r.saved(depth)
	case 3, 4:
		return r.quantity(2) + pick(r, " = ", " != ", " < ", " <= ", " > ", " >= ") + r.quantity(2)
	case 5, 6, 7:
		f := r.w.Traits[r.IntN(len(r.w.Traits))]
		return r.condition(f.Name, f, "")
	case 8:
		if r.often(10) {
			return pick(r, "everyone", "nobody")
		}
		return "country" + pick(r, " = ", " != ") + "twin"
	default:
		text, f := r.call()
		return r.condition(text, f, "")
	}
}

func (r *Random) rank(depth int) string {
	among := ""
	if depth > 0 && r.often(40) {
		among = " among (" + r.formula(depth-1) + ")"
	}
	by := r.quantity(1)
	if r.often(20) {
		by = pick(r, "signup", "birthday", "last(order)", "first(visit)", "min(order.due)")
	}
	return pick(r, "top ", "bottom ") + pick(r, "1", "2", "3", "10%", "50%", "33.4%", "100%", "20") + " by " + by + among
}

func (r *Random) sequence() string {
	var steps []string
	for i := range 1 + r.IntN(4) {
		e := r.w.Events[r.IntN(2)]
		step := e.Name + r.where(e)
		if i > 0 && r.often(25) {
			step = "not " + step
		}
		steps = append(steps, step)
	}
	return "sequence(" + strings.Join(steps, ", ") + ", within " + r.duration() + r.window() + ")"
}

func (r *Random) saved(depth int) string {
	if depth < 1 || len(r.w.Saved) > 3 {
		r.w.Saved["never"] = "count(visit) > 100"
		return `segment "never"`
	}
	name := fmt.Sprintf("s%d", len(r.w.Saved))
	r.w.Saved[name] = "nobody" // taken, while its formula is being written
	r.w.Saved[name] = r.formula(depth - 1)
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("segment %q at %s", name, r.date())
	case 1:
		return fmt.Sprintf("%s segment %q within %s", pick(r, "entered", "left"), name, pick(r, "last 3d", "last 30h", "this week", "last 1w", "yesterday"))
	default:
		return fmt.Sprintf("segment %q", name)
	}
}

// quantity is a number or money.
func (r *Random) quantity(depth int) string {
	if depth > 0 && r.often(35) {
		return "(" + r.quantity(depth-1) + pick(r, " + ", " - ", " * ", " / ") + r.quantity(depth-1) + ")"
	}
	for {
		switch r.IntN(4) {
		case 0:
			return r.numberText()
		case 1:
			return pick(r, "age", "budget")
		}
		if text, f := r.call(); f.Kind == column.Number || f.Kind == column.Money {
			return text
		}
	}
}

func (r *Random) numberText() string {
	if r.often(15) { // a figure of the world itself
		return strings.TrimPrefix(new(big.Rat).SetFrac64(pick(r, r.style.money...), 100).FloatString(2), "-")
	}
	return pick(r, "0", "1", "2", "3", "0.1", "0.3", "0.5", "2.5", "10", "25.5", "7", "1000000000000", "0.333333333333333333333")
}

// call is a behaviour function and what kind of field it gives.
func (r *Random) call() (string, Field) {
	e := r.w.Events[r.IntN(len(r.w.Events))]
	where, window := r.where(e), r.window()
	if again, ok := r.w.Event(r.last.event); ok && r.often(30) {
		e, where, window = again, r.last.where, r.last.window
	}
	r.last.event, r.last.where, r.last.window = e.Name, where, window
	simple := func(fn string, k column.Kind) (string, Field) {
		return fn + "(" + e.Name + where + window + ")", Field{Kind: k}
	}
	switch r.IntN(9) {
	case 0, 1:
		return simple("count", column.Number)
	case 2:
		return simple(pick(r, "first", "last"), column.Time)
	case 3:
		return simple(pick(r, "days_since", "active_days", "active_weeks", "active_months"), column.Number)
	}
	p := e.Props[r.IntN(len(e.Props))]
	fns := []string{"distinct"}
	out := Field{Kind: column.Number}
	if p.Kind != column.Tags {
		fns = append(fns, "earliest", "latest")
	}
	switch p.Kind {
	case column.Number, column.Money:
		fns = append(fns, "sum", "sum", "avg", "min", "max")
	case column.Time, column.Date:
		fns = append(fns, "min", "max")
	}
	fn := pick(r, fns...)
	if fn != "distinct" {
		out = p
	}
	return fn + "(" + e.Name + "." + p.Name + where + window + ")", Field{Name: e.Name + "." + out.Name, Kind: out.Kind}
}

func (r *Random) where(e Kind) string {
	if r.often(60) {
		return ""
	}
	var parts []string
	for range 1 + r.IntN(2) {
		if r.often(15) {
			parts = append(parts, r.timePart())
			continue
		}
		if e.Tied && r.often(10) { // two properties of the row
			parts = append(parts, pick(r, "sent", "due")+pick(r, " = ", " != ", " < ", " <= ", " > ", " >= ")+pick(r, "sent", "due"))
			continue
		}
		p := e.Props[r.IntN(len(e.Props))]
		part := r.condition(p.Name, Field{Name: e.Name + "." + p.Name, Kind: p.Kind}, "in")
		if r.often(20) {
			part = "not " + part
		}
		parts = append(parts, part)
	}
	return " where " + strings.Join(parts, pick(r, " and ", " or "))
}

// timePart asks for a part of a row's time.
func (r *Random) timePart() string {
	name := pick(r, "weekday", "hour", "month")
	n := r.IntN(map[string]int{"weekday": 9, "hour": 25, "month": 14}[name])
	return pick(r,
		fmt.Sprintf("%s %s %d", name, pick(r, "=", "!=", "<", "<=", ">", ">="), n),
		fmt.Sprintf("%s %sin (%d, %d)", name, pick(r, "", "not "), n, r.IntN(24)),
		fmt.Sprintf("%s between %d and %d", name, n/2, n),
		name+" is set",
	)
}

func (r *Random) window() string {
	if r.often(40) {
		return ""
	}
	return ", " + r.plainWindow()
}

func (r *Random) plainWindow() string {
	point := func() string {
		if r.often(50) {
			return r.date()
		}
		return r.duration() + " ago"
	}
	switch r.IntN(6) {
	case 0, 1:
		return "last " + r.duration()
	case 2:
		return "from " + point() + " to " + point()
	case 3:
		return "before " + point()
	case 4:
		return "since " + point()
	}
	y, m, _ := r.at.Date()
	return pick(r, "today", "yesterday", "this week", "last week", "this month", "last month", "this quarter",
		"last quarter", "this year", "last year", fmt.Sprint(y), fmt.Sprint(y-1), fmt.Sprintf("%d-%02d", y, m), fmt.Sprintf("%d-%02d", y, 1+r.IntN(12)))
}

func (r *Random) duration() string {
	return fmt.Sprint(1+r.IntN(3)*r.IntN(8)) + pick(r, "min", "h", "h", "d", "d", "d", "w", "mo", "q", "y")
}

func (r *Random) date() string {
	t := r.time()
	if r.often(70) {
		return t.In(r.w.Zone).Format(time.DateOnly)
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}

// condition asks something that fits a value's kind.
func (r *Random) condition(value string, f Field, inWhere string) string {
	if r.often(10) {
		return value + pick(r, " is set", " is not set")
	}
	cmp := pick(r, " = ", " != ", " < ", " <= ", " > ", " >= ")
	not := pick(r, "", "", "not ")
	switch f.Kind {
	case column.Number, column.Money:
		switch r.IntN(4) {
		case 0:
			return value + " " + not + "in (" + r.numberText() + ", " + r.numberText() + ", 1)"
		case 1:
			return value + " between " + r.numberText() + " and " + r.numberText()
		}
		return value + cmp + r.numberText()
	case column.Bool:
		return value + pick(r, " = ", " != ") + pick(r, "true", "false")
	case column.Tags:
		tags := r.present(f)
		if len(tags) == 0 || r.often(30) {
			return value + " " + not + pick(r, "starts with ", "ends with ") + pick(r, `"v"`, `"gold"`, `"UBER"`)
		}
		return fmt.Sprintf("%s %scontains %q", value, not, pick(r, tags...))
	case column.Text:
		texts := r.present(f)
		if len(texts) == 0 || r.often(40) {
			return fmt.Sprintf("%s %s%s %q", value, not, pick(r, "contains", "starts with", "ends with"), pick(r, "a", "CAF", "SAO", "es", "ße", "é", "日"))
		}
		if r.often(50) {
			return fmt.Sprintf("%s%s%q", value, pick(r, " = ", " != "), pick(r, texts...))
		}
		return fmt.Sprintf("%s %sin (%q, %q)", value, not, pick(r, texts...), pick(r, texts...))
	}
	switch r.IntN(6) {
	case 0:
		return value + cmp + r.date()
	case 1:
		return value + " " + not + "in (" + r.date() + ", " + r.date() + ")"
	case 2:
		return value + " between " + r.date() + " and " + r.date()
	case 3:
		if inWhere == "" {
			return value + " within " + r.plainWindow()
		}
	case 4:
		if inWhere == "" {
			return value + " anniversary within next " + fmt.Sprint(1+r.IntN(9)) + pick(r, "h", "d", "d", "w", "mo")
		}
	}
	return value + pick(r, " before ", " after ", " on ") + r.date()
}

// present lists the texts or tags that a field has in this world, sorted.
func (r *Random) present(f Field) []string {
	var all []string
	add := func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []string:
			all = append(all, v...)
		}
	}
	if event, prop, ok := strings.Cut(f.Name, "."); ok {
		for _, row := range r.w.Rows {
			if row.Event == event {
				add(row.Props[prop])
			}
		}
	} else {
		for _, c := range r.w.Customers {
			add(c.Traits[f.Name])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
