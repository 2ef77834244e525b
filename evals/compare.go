package evals

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"tesela/tools"
)

// Same tells whether a call's result comes to the figures of a gold's. Titles,
// notes and names of columns do not count, nor do columns that come after
// those of the gold.
func Same(g Gold, want *tools.Result, tool string, got *tools.Result) bool {
	switch {
	case got == nil:
		return false
	case g.Tool != "":
		return tool == g.Tool
	case g.Count != "":
		return equal(want.Values["size"], single(tool, got, "size"))
	case g.Share != "":
		return equal(want.Values["share"], single(tool, got, "share"))
	case g.Who != "":
		return equal(want.Values["size"], single(tool, got, "size")) ||
			tool == "list_customers" && equal(want.Values["size"], got.Values["size"])
	case g.List != nil:
		return tool == "list_customers" && sameList(g, want, got)
	}
	if len(want.Rows) == 0 && len(want.Values) == 1 {
		for _, v := range want.Values {
			return equal(v, single(tool, got, "size")) || equal(v, single(tool, got, "share"))
		}
	}
	return tool == "measure" && sameTable(g, want, got)
}

// single is the one figure of a result: a segment's size or share, or a
// measure that is not broken down.
func single(tool string, r *tools.Result, of string) any {
	switch {
	case tool == "count_segment":
		return r.Values[of]
	case tool == "measure" && len(r.Rows) == 0 && len(r.Values) == 1:
		for _, v := range r.Values {
			return v
		}
	}
	return nil
}

// sameList compares the ids, in order where they are ranked. Who stands
// within a tie at the end is the tools' own affair, so values are compared where ids differ.
func sameList(g Gold, want, got *tools.Result) bool {
	if g.First {
		return len(want.Rows) > 0 && len(got.Rows) > 0 && want.Rows[0][0] == got.Rows[0][0]
	}
	if g.List["limit"] == nil && g.List["by"] == nil {
		return equal(want.Values["size"], got.Values["size"])
	}
	if g.List["limit"] != nil && len(want.Rows) != len(got.Rows) {
		return false
	}
	for i := range min(len(want.Rows), len(got.Rows)) {
		a, b := want.Rows[i], got.Rows[i]
		tie := g.List["by"] != nil && len(a) > 1 && len(b) > 1 && equal(a[1], b[1])
		if a[0] != b[0] && !tie {
			return false
		}
	}
	return len(got.Rows) > 0
}

// sameTable compares a measure: its totals where it has no rows, else its
// rows by their keys.
func sameTable(g Gold, want, got *tools.Result) bool {
	if len(want.Rows) == 0 {
		if len(got.Rows) > 0 || len(want.Values) > len(got.Values) {
			return false
		}
		for name, v := range want.Values {
			if !slices.ContainsFunc(values(got, name), func(w any) bool { return equal(v, w) }) {
				return false
			}
		}
		return true
	}
	if g.First {
		return len(got.Rows) > 0 && sameRow(want, want.Rows[0], got, got.Rows[0])
	}
	if len(want.Rows) != len(got.Rows) {
		return false
	}
	rows := map[string][]any{}
	for _, row := range got.Rows {
		rows[key(got, row)] = row
	}
	for _, row := range want.Rows {
		other, ok := rows[key(want, row)]
		if !ok || !sameRow(want, row, got, other) {
			return false
		}
	}
	return true
}

// values are the totals that may stand for a named one: that of the same
// name, else any.
func values(r *tools.Result, name string) []any {
	if v, ok := r.Values[name]; ok {
		return []any{v}
	}
	var all []any
	for _, v := range r.Values {
		all = append(all, v)
	}
	return all
}

func sameRow(wantIn *tools.Result, want []any, gotIn *tools.Result, got []any) bool {
	if key(wantIn, want) != key(gotIn, got) {
		return false
	}
	a, b := figures(wantIn, want), figures(gotIn, got)
	if len(a) > len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// isKey tells a column that names a group or period from one of figures.
func isKey(c tools.Column) bool {
	return c.Kind == "text" || c.Kind == "date" || c.Kind == "time" || c.Kind == "bool" || c.Kind == "tags"
}

// keyCount is how many of the first columns name the group.
func keyCount(r *tools.Result) int {
	n := 0
	for n < len(r.Columns) && isKey(r.Columns[n]) {
		n++
	}
	// A group may be a number, such as an age: one key there is at least.
	return max(n, 1)
}

func key(r *tools.Result, row []any) string {
	k := ""
	for _, cell := range row[:min(keyCount(r), len(row))] {
		k += fmt.Sprint(cell) + "\x00"
	}
	return k
}

func figures(r *tools.Result, row []any) []any { return row[min(keyCount(r), len(row)):] }

// equal compares two cells: figures by value, to within rounding.
func equal(a, b any) bool {
	if a == nil || b == nil {
		return false
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x == y || math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), math.Abs(y))
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	return x, err == nil
}

// Trivial says what makes a gold's figures worthless for telling right from
// wrong: nobody is in it, or nothing is in its table; "" for none. Counting
// everyone is asked for on purpose.
func Trivial(g Gold, r *tools.Result) string {
	formula := g.Count + g.Share + g.Who
	switch {
	case formula != "":
		size, _ := number(r.Values["size"])
		base, _ := number(r.Values["base"])
		if size == 0 || size == base && formula != "everyone" {
			return fmt.Sprintf("%s has %v of %v customers", formula, size, base)
		}
	case g.List != nil && len(r.Rows) == 0:
		return "the list is empty"
	case g.Measure != nil:
		for _, v := range r.Values {
			if x, ok := number(v); !ok || x == 0 {
				return fmt.Sprintf("the measure comes to %v", v)
			}
		}
		if (g.Measure["group_by"] != nil || g.Measure["per"] != nil) && len(r.Rows) < 1 {
			return "the measure has no rows"
		}
	}
	return ""
}
