package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tesela/evals"
)

// apart tells how the core's table differs from the query's; "" for not at
// all. Columns that come after those of the query do not count.
func apart(g evals.Gold, sql, core *table) string {
	if len(sql.rows) != len(core.rows) {
		more := ""
		if slices.Equal(sql.columns, []string{"id"}) {
			more = ": " + others(sql, core)
		}
		return fmt.Sprintf("SQL has %d rows, the core %d%s", len(sql.rows), len(core.rows), more)
	}
	if len(sql.columns) > len(core.columns) {
		return fmt.Sprintf("SQL has the columns %v, the core %v", sql.columns, core.columns)
	}
	a, b := sql.rows, core.rows
	if !ranked(g) {
		a, b = inOrder(a, len(sql.columns)), inOrder(b, len(sql.columns))
	}
	for i := range a {
		for j := range sql.columns {
			if len(b[i]) <= j || !same(a[i][j], b[i][j]) {
				return fmt.Sprintf("row %d: SQL has %s, the core %s", i+1, show(a[i]), show(b[i]))
			}
		}
	}
	return ""
}

// others names ids that only one of two sets has.
func others(sql, core *table) string {
	side := map[string]int{}
	for _, row := range sql.rows {
		side[fmt.Sprint(row[0])]++
	}
	for _, row := range core.rows {
		side[fmt.Sprint(row[0])] -= 2
	}
	var onlySQL, onlyCore []string
	for id, n := range side {
		switch n {
		case 1:
			onlySQL = append(onlySQL, id)
		case -2:
			onlyCore = append(onlyCore, id)
		}
	}
	slices.Sort(onlySQL)
	slices.Sort(onlyCore)
	return fmt.Sprintf("only SQL has %s; only the core %s", few(onlySQL), few(onlyCore))
}

func few(ids []string) string {
	if len(ids) > 5 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:5], " "), len(ids)-5)
	}
	return "(" + strings.Join(ids, " ") + ")"
}

// ranked tells whether the order of the rows is part of the gold.
func ranked(g evals.Gold) bool {
	return g.Ordered || g.First || g.List["by"] != nil || g.Measure["top"] != nil
}

func inOrder(rows [][]any, columns int) [][]any {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b []any) int {
		return strings.Compare(show(a[:min(columns, len(a))]), show(b[:min(columns, len(b))]))
	})
	return sorted
}

// show prints a row so that equal rows of either side print alike.
func show(row []any) string {
	texts := make([]string, len(row))
	for i, cell := range row {
		texts[i] = fmt.Sprint(cell)
		if x, ok := number(cell); ok {
			texts[i] = strconv.FormatFloat(x, 'g', 10, 64)
		}
		if cell == nil {
			texts[i] = "null"
		}
	}
	return "[" + strings.Join(texts, " | ") + "]"
}

// same compares two cells: figures by value, to within the rounding of the
// last binary digits.
func same(a, b any) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x == y || math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), math.Abs(y))
	}
	return !okX && !okY && fmt.Sprint(a) == fmt.Sprint(b)
}

// number reads a figure.
func number(cell any) (float64, bool) {
	switch v := cell.(type) {
	case nil, bool:
		return 0, false
	case string:
		x, err := strconv.ParseFloat(v, 64)
		return x, err == nil && strings.Trim(v, "-0123456789.") == ""
	}
	x, err := strconv.ParseFloat(fmt.Sprint(cell), 64)
	return x, err == nil
}

// stale tells what keeps a kept result from being the fresh one. A suite that
// asks nothing keeps nothing.
func stale(a *audited, gold, spec, data string, fresh *table) string {
	k := a.kept.Golds[gold]
	switch {
	case len(a.suite.Cases) == 0:
		return ""
	case k == nil:
		return "no result is kept"
	case k.SQL != evals.SQLSum(a.suite.Golds[gold].SQL):
		return "its SQL was changed after its result was kept"
	case k.On[spec] == nil:
		return "no result is kept on " + spec
	case k.On[spec].Data != data:
		return "the data was changed after its result was kept"
	}
	kept := k.On[spec]
	was, err := json.Marshal(kept.Rows)
	if err != nil {
		return err.Error()
	}
	is, err := json.Marshal(fresh.rows)
	if err != nil {
		return err.Error()
	}
	if !slices.Equal(kept.Columns, fresh.columns) || string(was) != string(is) {
		return fmt.Sprintf("the kept result (%d rows) is not what the SQL gives (%d rows)", len(kept.Rows), len(fresh.rows))
	}
	return ""
}
