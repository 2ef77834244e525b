package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/evals"
	"tesela/segment"
	"tesela/segment/column"
)

// periods are a row's by what measure calls them.
var periods = map[string]string{
	"day": "day", "week": "iso_week(day)", "month": "substr(day, 1, 7)", "quarter": "quarter(day)", "year": "substr(day, 1, 4)",
	"weekday": "(strftime('%w', day) + 6) % 7 + 1", "hour": "CAST(substr(local, 12, 2) AS INTEGER)",
}

// figure writes a measure of an event's pooled rows.
func (w *writer) figure(event string) (measure, sql string) {
	var sums, texts []segment.FieldRef
	for _, p := range w.props[event] {
		switch w.kinds[p] {
		case column.Money, column.Number:
			sums = append(sums, p)
		case column.Text:
			texts = append(texts, p)
		}
	}
	switch n := w.r.IntN(9); {
	case n < 4 && len(sums) > 0:
		p := pick(w, sums...)
		fn, col := pick(w, "sum", "avg", "min", "max"), quoted(p.Name)
		sql = fn + "(" + col + ")"
		switch fn {
		case "avg":
			sql = "1.0 * sum(" + col + ") / count(" + col + ")"
		case "sum":
			sql = "coalesce(" + sql + ", 0)"
		}
		if w.kinds[p] == column.Money {
			sql = "money(" + sql + ")"
		}
		return fn + "(" + p.String() + ")", sql
	case n == 4 && len(texts) > 0:
		p := pick(w, texts...)
		return "distinct(" + p.String() + ")", "count(DISTINCT " + quoted(p.Name) + ")"
	case n == 5:
		return "doers(" + event + ")", "count(DISTINCT customer)"
	case n == 6 && len(w.props[event]) > 0:
		f, s := w.field(pick(w, w.props[event]...))
		return "count(" + event + " where " + f + ") / count(" + event + ")",
			"1.0 * count(DISTINCT CASE WHEN " + s + " THEN event_id END) / count(DISTINCT event_id)"
	case n == 7:
		return "count(" + event + ") / doers(" + event + ")", "1.0 * count(DISTINCT event_id) / count(DISTINCT customer)"
	}
	return "count(" + event + ")", "count(DISTINCT event_id)"
}

// measure writes a call of measure with where, window, base, groups and
// periods.
func (w *writer) measure() (args map[string]any, sql string) {
	event := pick(w, w.events...)
	m, figure := w.figure(event)
	args = map[string]any{"measures": []string{m}}
	asks := []string{"1"}
	if props := w.props[event]; len(props) > 0 && w.chance(35) {
		f, s := w.field(pick(w, props...))
		args["where"] = f
		asks = append(asks, "coalesce(("+s+"), 0)")
	}
	if f, s := w.window(); f != "" {
		args["window"] = f
		asks = append(asks, s)
	}
	if w.chance(35) {
		f, s := w.term(1)
		args["formula"] = f
		asks = append(asks, "customer IN (SELECT id FROM customers WHERE "+s+")")
	}
	var keys, names []string
	if w.chance(45) {
		per := pick(w, "day", "week", "month", "quarter", "year", "weekday", "hour")
		args["per"] = per
		keys = append(keys, periods[per])
	}
	groups := w.r.IntN(3)
	for _, ref := range w.groupable(event) {
		if len(names) == groups {
			break
		}
		col := quoted(ref.Name)
		if ref.Event == "" {
			col = "(SELECT " + col + " FROM customers WHERE id = customer)"
		}
		if w.kinds[ref] == column.Bool {
			col = "CASE " + col + " WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
		}
		names, keys = append(names, ref.String()), append(keys, col)
	}
	if len(names) > 0 {
		args["group_by"] = names
	}
	places := make([]string, len(keys))
	for i := range keys {
		places[i] = fmt.Sprint(i + 1)
	}
	sql = "SELECT " + strings.Join(append(slices.Clone(keys), figure), ", ") + " FROM " + quoted(event) + " WHERE " + strings.Join(asks, " AND ")
	if len(places) > 0 {
		sql += " GROUP BY " + strings.Join(places, ", ")
	}
	return args, sql
}

// statistic writes a measure over customers: how many satisfy a formula, or a
// statistic of a figure that each of them has.
func (w *writer) statistic() (args map[string]any, sql string) {
	base, group := "1", "'all'"
	args = map[string]any{}
	if w.chance(40) {
		f, s := w.term(0)
		args["formula"], base = f, s
	}
	if w.chance(60) {
		ref := pick(w, w.traits...)
		if w.kinds[ref] == column.Text && len(w.values[ref]) > 0 && len(w.values[ref]) < 40 {
			args["group_by"], group = []string{ref.String()}, quoted(ref.Name)
		}
	}
	head := "SELECT "
	if args["group_by"] != nil {
		head += "g, "
	}
	if w.chance(30) {
		f, s := w.term(1)
		args["measures"] = []string{"customers(" + f + ") / customers"}
		return args, head + "1.0 * sum(x) / count(*) FROM (SELECT " + group + " AS g, " + s + " AS x FROM customers WHERE " + base + ") GROUP BY g"
	}
	f, s, scale := w.value()
	stat := pick(w, "mean", "median", "sum", "min", "max", "p10", "p25", "p90", "p99")
	args["measures"] = []string{"per_customer(" + f + ", " + stat + ")"}
	figure := map[string]string{
		"mean": "avg(x)", "sum": "sum(x)", "min": "min(x)", "max": "max(x)",
		"median": "avg(CASE WHEN r IN ((n + 1) / 2, (n + 2) / 2) THEN x END)",
	}[stat]
	if figure == "" { // the nearest rank
		figure = "min(CASE WHEN r * 100 >= n * " + stat[1:] + " THEN x END)"
	}
	if scale == 100 {
		figure = "money(" + figure + ")"
	}
	return args, head + figure + ` FROM (SELECT g, x, row_number() OVER (PARTITION BY g ORDER BY x) AS r, count(*) OVER (PARTITION BY g) AS n
		FROM (SELECT ` + group + " AS g, " + s + " AS x FROM customers WHERE " + base + ") WHERE x IS NOT NULL) GROUP BY g"
}

// groupable are the fields to break an event's rows down by, in some order.
func (w *writer) groupable(event string) []segment.FieldRef {
	var refs []segment.FieldRef
	for _, ref := range append(slices.Clone(w.traits), w.props[event]...) {
		if w.kinds[ref] == column.Bool || w.kinds[ref] == column.Text && len(w.values[ref]) < 40 {
			refs = append(refs, ref)
		}
	}
	w.r.Shuffle(len(refs), func(i, j int) { refs[i], refs[j] = refs[j], refs[i] })
	return refs
}

// withoutEmpty drops rows that say that there is nothing: SQL has no groups
// and periods without rows.
func withoutEmpty(t *table) *table {
	kept := &table{columns: t.columns}
	for _, row := range t.rows {
		last := row[len(row)-1]
		if x, ok := number(last); last == nil || ok && x == 0 {
			continue
		}
		kept.rows = append(kept.rows, row)
	}
	return kept
}

// Measures at random come to the same figures by SQL.
func TestRandomMeasures(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, spec := range []string{"demo:customers=300", "casino", "gym", "saas", "traps"} {
		t.Run(spec, func(t *testing.T) {
			w, d := newWriter(t, spec, seedOf(t))
			rows := 0
			for i := range formulas(t) {
				args, sql := w.measure()
				if i%3 == 0 {
					args, sql = w.statistic()
				}
				got, err := w.e.query(ctx, sql)
				if err != nil {
					t.Fatalf("%v\n%s\n%v", args, sql, err)
				}
				core, err := coreSays(ctx, d, clock{d.AsOf}, evals.Gold{Measure: args}, got)
				if err != nil {
					t.Errorf("%v\n%v", args, err)
					continue
				}
				if len(core.rows) >= 1000 {
					continue // cut
				}
				if len(got.rows) == 0 && args["group_by"] == nil { // SQL has no group of nobody
					got.rows = [][]any{make([]any, len(got.columns))}
				}
				if amiss := apart(evals.Gold{}, withoutEmpty(got), withoutEmpty(core)); amiss != "" {
					t.Errorf("%v\n%s\n%s", args, sql, amiss)
				}
				rows += len(got.rows)
			}
			t.Logf("%d measures, %d rows", formulas(t), rows)
		})
	}
}
