package main

import (
	"fmt"
	"strconv"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
)

func (w *writer) chance(percent int) bool { return w.r.IntN(100) < percent }

func pick[T any](w *writer, of ...T) T { return of[w.r.IntN(len(of))] }

// term writes a formula: conditions under and, or, not.
func (w *writer) term(depth int) (formula, sql string) {
	if depth > 0 && w.chance(45) {
		op := pick(w, "and", "or")
		a, sa := w.term(depth - 1)
		b, sb := w.term(depth - 1)
		return "(" + a + " " + op + " " + b + ")", "(" + sa + " " + strings.ToUpper(op) + " " + sb + ")"
	}
	if w.chance(15) {
		a, sa := w.term(0)
		return "(not " + a + ")", "(NOT " + sa + ")"
	}
	var f, s string
	switch n := w.r.IntN(100); {
	case n < 20:
		f, s = w.field(pick(w, w.traits...))
	case n < 70:
		f, s = w.behaviour()
	case n < 80:
		f, s = w.moment()
	case n < 90:
		f, s = w.ranked()
	default:
		f, s = w.sequence()
	}
	return f, "coalesce((" + s + "), 0)"
}

var compares = []string{"=", "!=", "<", "<=", ">", ">="}

// field writes a condition on a trait or a property of a row.
func (w *writer) field(ref segment.FieldRef) (formula, sql string) {
	col := quoted(ref.Name)
	if w.chance(12) {
		if w.chance(50) {
			return ref.Name + " is set", col + " IS NOT NULL"
		}
		return ref.Name + " is not set", col + " IS NULL"
	}
	switch w.kinds[ref] {
	case column.Text:
		if len(w.values[ref]) == 0 {
			break
		}
		a, b := pick(w, w.values[ref]...), pick(w, w.values[ref]...)
		switch w.r.IntN(6) {
		case 0:
			return fmt.Sprintf(`%s in ("%s", "%s")`, ref.Name, a, b), fmt.Sprintf("%s IN (%s, %s)", col, literal(a), literal(b))
		case 1:
			return fmt.Sprintf(`%s not in ("%s", "%s")`, ref.Name, a, b), fmt.Sprintf("%s NOT IN (%s, %s)", col, literal(a), literal(b))
		case 2:
			return fmt.Sprintf(`%s != "%s"`, ref.Name, a), fmt.Sprintf("%s <> %s", col, literal(a))
		case 3:
			part := []rune(a)
			part = part[:1+w.r.IntN(len(part))]
			if strings.TrimSpace(string(part)) != string(part) {
				part = part[:len(part)-1]
			}
			how := pick(w, "contains", "starts with")
			like := map[string]string{"contains": "%", "starts with": ""}[how] + fold(string(part)) + "%"
			return fmt.Sprintf(`%s %s "%s"`, ref.Name, how, string(part)), fmt.Sprintf("fold(%s) LIKE %s", col, literal(like))
		}
		return fmt.Sprintf(`%s = "%s"`, ref.Name, a), fmt.Sprintf("%s = %s", col, literal(a))
	case column.Bool:
		b := w.r.IntN(2)
		return fmt.Sprintf("%s = %v", ref.Name, b == 1), fmt.Sprintf("%s = %d", col, b)
	case column.Number, column.Money:
		n, op := w.r.IntN(80), pick(w, compares...)
		scale := 1
		if w.kinds[ref] == column.Money {
			scale = 100
		}
		if w.chance(25) {
			return fmt.Sprintf("%s between %d and %d", ref.Name, n, n+20), fmt.Sprintf("%s BETWEEN %d AND %d", col, n*scale, (n+20)*scale)
		}
		return fmt.Sprintf("%s %s %d", ref.Name, op, n), fmt.Sprintf("%s %s %d", col, op, n*scale)
	case column.Date, column.Time:
		day := w.day()
		if w.kinds[ref] == column.Time {
			col = "local_day(" + col + ")"
			col = "CASE WHEN " + quoted(ref.Name) + " IS NOT NULL THEN " + col + " END"
		}
		how := pick(w, "before", "after", "on")
		return fmt.Sprintf("%s %s %s", ref.Name, how, day), fmt.Sprintf("%s %s '%s'", col, map[string]string{"before": "<", "after": ">", "on": "="}[how], day)
	}
	return ref.Name + " is set", col + " IS NOT NULL"
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// day is a date of the data.
func (w *writer) day() string {
	return w.texts(fmt.Sprintf(`SELECT date('%s', '+%d days')`, w.from, w.r.IntN(w.span())))[0]
}

func (w *writer) span() int {
	n, err := strconv.Atoi(w.texts(fmt.Sprintf(`SELECT CAST(julianday(today()) - julianday('%s') AS INTEGER)`, w.from))[0])
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// window writes a window and what it asks of a row; "" is all time.
func (w *writer) window() (formula, sql string) {
	n := 1 + w.r.IntN(6)
	switch w.r.IntN(12) {
	case 0, 1:
		unit := pick(w, "d", "w", "mo", "q", "y", "h")
		n *= map[string]int{"d": 15, "w": 3, "mo": 1, "q": 1, "y": 1, "h": 100}[unit]
		return fmt.Sprintf("last %d%s", n, unit), fmt.Sprintf("at >= ago(%d, '%s')", n, unit)
	case 2:
		unit := pick(w, "d", "w", "mo")
		n *= map[string]int{"d": 20, "w": 4, "mo": 1}[unit]
		return fmt.Sprintf("from %d%s ago to %d%s ago", 2*n, unit, n, unit), fmt.Sprintf("at >= ago(%d, '%s') AND at < ago(%d, '%s')", 2*n, unit, n, unit)
	case 3:
		a, b := w.day(), w.day()
		if a == b {
			break
		}
		a, b = min(a, b), max(a, b)
		return fmt.Sprintf("from %s to %s", a, b), fmt.Sprintf("day >= '%s' AND day < '%s'", a, b)
	case 4:
		d := w.day()
		return "before " + d, fmt.Sprintf("day < '%s'", d)
	case 5:
		d := w.day()
		return "since " + d, fmt.Sprintf("day >= '%s'", d)
	case 6:
		y := w.day()[:4]
		return y, fmt.Sprintf("substr(day, 1, 4) = '%s'", y)
	case 7:
		m := w.day()[:7]
		return m, fmt.Sprintf("substr(day, 1, 7) = '%s'", m)
	case 8:
		switch pick(w, "week", "month", "quarter", "year") {
		case "week":
			return "last week", "iso_week(day) = iso_week(date(today(), '-7 days'))"
		case "month":
			return "last month", "substr(day, 1, 7) = strftime('%Y-%m', today(), 'start of month', '-1 month')"
		case "quarter":
			return "this quarter", "quarter(day) = quarter(today())"
		}
		return "this year", "substr(day, 1, 4) = substr(today(), 1, 4)"
	}
	return "", "1"
}

// rows writes the part of a call after its event: filter and window.
func (w *writer) rows(event string, windows bool) (formula, sql string) {
	sql = "customer = id"
	if len(w.props[event]) > 0 && w.chance(40) {
		f, s := w.field(pick(w, w.props[event]...))
		s = "coalesce((" + s + "), 0)"
		if w.chance(25) {
			g, t := w.field(pick(w, w.props[event]...))
			op := pick(w, "and", "or")
			f, s = f+" "+op+" "+g, "("+s+" "+strings.ToUpper(op)+" coalesce(("+t+"), 0))"
		} else if w.chance(15) {
			f, s = "not "+f, "(NOT "+s+")"
		}
		formula, sql = " where "+f, sql+" AND "+s
	}
	if windows {
		if f, s := w.window(); f != "" {
			formula, sql = formula+", "+f, sql+" AND "+s
		}
	}
	return formula, sql
}

// value writes a figure per customer; scale is what its literals are
// multiplied by in SQL.
func (w *writer) value() (formula, sql string, scale int) {
	event := pick(w, w.events...)
	rest, rows := w.rows(event, true)
	from := " FROM " + quoted(event) + " WHERE " + rows + ")"
	var sums, others []segment.FieldRef
	for _, p := range w.props[event] {
		switch w.kinds[p] {
		case column.Money, column.Number:
			sums = append(sums, p)
		case column.Text:
			others = append(others, p)
		}
	}
	n := w.r.IntN(10)
	if len(sums) > 0 && n < 4 {
		p := pick(w, sums...)
		if scale = 1; w.kinds[p] == column.Money {
			scale = 100
		}
		col := quoted(p.Name)
		fn := pick(w, "sum", "avg", "min", "max")
		sql = map[string]string{
			"sum": "(SELECT coalesce(sum(" + col + "), 0)", "avg": "(SELECT 1.0 * sum(" + col + ") / count(" + col + ")",
			"min": "(SELECT min(" + col + ")", "max": "(SELECT max(" + col + ")",
		}[fn] + from
		return fn + "(" + p.String() + rest + ")", sql, scale
	}
	if len(others) > 0 && n < 5 {
		p := pick(w, others...)
		return "distinct(" + p.String() + rest + ")", "(SELECT count(DISTINCT " + quoted(p.Name) + ")" + from, 1
	}
	switch n {
	case 5:
		what := pick(w, "days", "weeks", "months")
		key := map[string]string{"days": "day", "weeks": "iso_week(day)", "months": "substr(day, 1, 7)"}[what]
		return "active_" + what + "(" + event + rest + ")", "(SELECT count(DISTINCT " + key + ")" + from, 1
	case 6:
		return "days_since(" + event + rest + ")", "(SELECT julianday(today()) - julianday(max(day))" + from, 1
	}
	return "count(" + event + rest + ")", "(SELECT count(DISTINCT event_id)" + from, 1
}

// behaviour compares a figure with a number or with another.
func (w *writer) behaviour() (formula, sql string) {
	f, s, scale := w.value()
	op := pick(w, compares...)
	switch n := w.r.IntN(10); {
	case n == 0:
		return f + " is not set", s + " IS NULL"
	case n == 1:
		return f + " between 1 and 3", fmt.Sprintf("%s BETWEEN %d AND %d", s, scale, 3*scale)
	case n == 2:
		g, t, other := w.value()
		if other != scale { // money is compared with money
			break
		}
		return f + " " + op + " " + g, s + " " + op + " " + t
	case n == 3:
		g, t, other := w.value()
		if scale != 1 || other != 1 {
			break
		}
		return f + " / " + g + " " + op + " 0.5", "2.0 * " + s + " / " + t + " " + op + " 1"
	}
	n := w.r.IntN(6)
	if strings.HasPrefix(f, "days_since") || scale == 100 {
		n *= 30
	}
	return fmt.Sprintf("%s %s %d", f, op, n), fmt.Sprintf("%s %s %d", s, op, n*scale)
}

// moment writes a condition on the first or the latest row.
func (w *writer) moment() (formula, sql string) {
	event := pick(w, w.events...)
	rest, rows := w.rows(event, false)
	if p := w.props[event]; len(p) > 0 && w.chance(50) {
		ref := pick(w, p...)
		if w.kinds[ref] == column.Text && len(w.values[ref]) > 0 {
			v := pick(w, w.values[ref]...)
			fn, order := "latest", "at DESC, row DESC"
			if w.chance(50) {
				fn, order = "earliest", "at, row"
			}
			op := pick(w, "=", "!=")
			return fmt.Sprintf(`%s(%s%s) %s "%s"`, fn, ref, rest, op, v),
				fmt.Sprintf(`(SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1) %s %s`, quoted(ref.Name), quoted(event), rows, order, op, literal(v))
		}
	}
	day := w.day()
	fn := pick(w, "first", "last")
	how := pick(w, "before", "after", "on")
	return fmt.Sprintf("%s(%s%s) %s %s", fn, event, rest, how, day),
		fmt.Sprintf("(SELECT %s(day) FROM %s WHERE %s) %s '%s'", map[string]string{"first": "min", "last": "max"}[fn], quoted(event), rows,
			map[string]string{"before": "<", "after": ">", "on": "="}[how], day)
}

// ranked writes top and bottom, ties in.
func (w *writer) ranked() (formula, sql string) {
	f, s, _ := w.value()
	side, order := "top", "DESC"
	if w.chance(50) {
		side, order = "bottom", "ASC"
	}
	among, where := "", "1"
	if w.chance(40) {
		a, sa := w.field(pick(w, w.traits...))
		among, where = " among ("+a+")", "coalesce(("+sa+"), 0)"
	}
	n := 1 + w.r.IntN(40)
	size, limit := fmt.Sprint(n), fmt.Sprint(n)
	if w.chance(50) {
		size, limit = fmt.Sprintf("%d%%", n), fmt.Sprintf("(n * %d + 99) / 100", n)
	}
	return fmt.Sprintf("%s %s by %s%s", side, size, f, among), fmt.Sprintf(
		`id IN (SELECT who FROM (SELECT who, count(*) OVER () AS n, rank() OVER (ORDER BY v %s) AS place FROM (
			SELECT id AS who, %s AS v FROM customers WHERE %s) WHERE v IS NOT NULL) WHERE place <= %s)`, order, s, where, limit)
}

// sequence writes two events in order, with or without one that must not be.
func (w *writer) sequence() (formula, sql string) {
	a, b, x := pick(w, w.events...), pick(w, w.events...), pick(w, w.events...)
	restA, rowsA := w.rows(a, false)
	n, unit := 1+w.r.IntN(20), pick(w, "d", "h", "w")
	first := fmt.Sprintf(`(SELECT event_id AS e, min(at) AS t, min(row) AS r, later(min(at), %d, '%s') AS until FROM %s WHERE %s GROUP BY event_id) a`, n, unit, quoted(a), rowsA)
	second := fmt.Sprintf(`(SELECT event_id AS e, min(at) AS t, min(row) AS r FROM %s WHERE customer = id GROUP BY event_id) b`, quoted(b))
	other := fmt.Sprintf(`(SELECT event_id AS e, min(at) AS t, min(row) AS r FROM %s WHERE customer = id GROUP BY event_id) x`, quoted(x))
	// after tells whether y comes after x, the stored order breaking ties.
	after := func(y, x string, same bool) string {
		if same {
			return fmt.Sprintf("(%[1]s.t, %[1]s.r) > (%[2]s.t, %[2]s.r)", y, x)
		}
		return fmt.Sprintf("%s.t >= %s.t", y, x)
	}
	within := fmt.Sprintf(", within %d%s)", n, unit)
	switch w.r.IntN(3) {
	case 0:
		return "sequence(" + a + restA + ", " + b + within,
			"EXISTS (SELECT 1 FROM " + first + " JOIN " + second + " ON " + after("b", "a", a == b) + " AND b.t <= until)"
	case 1:
		return "sequence(" + a + restA + ", not " + x + within,
			"EXISTS (SELECT 1 FROM " + first + " WHERE NOT EXISTS (SELECT 1 FROM " + other + " WHERE " + after("x", "a", a == x) + " AND x.t <= until))"
	}
	return "sequence(" + a + restA + ", not " + x + ", " + b + within,
		"EXISTS (SELECT 1 FROM " + first + " JOIN " + second + " ON " + after("b", "a", a == b) + " AND b.t <= until AND NOT EXISTS (SELECT 1 FROM " +
			other + " WHERE " + after("x", "a", a == x) + " AND " + after("b", "x", b == x) + "))"
}
