package evals

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"tesela/tools"
)

// Differs says how a call's result differs from what is wanted; "" for not at
// all. Titles, notes and names of columns do not count, nor do columns that come
// after those wanted.
func Differs(w want, tool string, args json.RawMessage, got *tools.Result) string {
	near := comparison{w.Tolerance}
	same := false
	switch {
	case got == nil:
		return "it has no result"
	case w.Tool != "":
		same = tool == w.Tool
	case w.Formula != "":
		same = sameFormula(w.Formula, formulaOf(args))
	case w.Figure != nil:
		same = near.figure(w, tool, got)
	case w.Table != nil:
		same = near.table(w, asTable(w.Table, got), got)
	case w.Count != "":
		same = near.equal(w.size(), single(tool, got, "size"))
	case w.Share != "":
		same = near.equal(w.result.Values["share"], single(tool, got, "share"))
	case w.Who != "" || w.Gold.Members != nil:
		same = near.equal(w.size(), single(tool, got, "size")) ||
			tool == "list_customers" && near.equal(w.size(), got.Values["size"])
	case w.List != nil:
		same = tool == "list_customers" && near.list(w, got)
	case len(w.result.Rows) == 0 && len(w.result.Values) == 1:
		v := w.result.Values[sorted(w.result.Values)[0]]
		same = near.equal(v, single(tool, got, "size")) || near.equal(v, single(tool, got, "share"))
	case w.Run != nil && tool != w.Run.Tool && tool != "measure":
		return fmt.Sprintf("a call of %s where %s is due", tool, w.Run.Tool)
	case w.Measure != nil && tool != "measure" && !isLayerTool(tool):
		return fmt.Sprintf("a call of %s where measure is due", tool)
	default:
		same = near.table(w, w.result, got)
	}
	switch {
	case same:
		return ""
	case w.Tool != "":
		return fmt.Sprintf("a call of %s where %s is due", tool, w.Tool)
	case w.Formula != "":
		return "another formula"
	}
	return "other figures"
}

// isLayerTool tells whether a tool's table has a row for each label of a
// layer, as a measure by that layer has.
func isLayerTool(tool string) bool {
	return slices.Contains([]string{"score_rfm", "stage_lifecycle", "stage_engagement", "tier_value"}, tool)
}

// size is how many members are wanted.
func (w want) size() any {
	if w.Gold.Members != nil {
		return int64(len(w.Gold.Members))
	}
	return w.result.Values["size"]
}

// comparison compares figures to within a part of them.
type comparison struct{ tolerance float64 }

// figure finds a figure said outright: the only one of the result, or that
// of its first row where only that counts.
func (n comparison) figure(w want, tool string, got *tools.Result) bool {
	if w.First {
		return len(got.Rows) > 0 && slices.ContainsFunc(got.Rows[0], func(c any) bool { return n.equal(w.Figure, c) })
	}
	return n.equal(w.Figure, single(tool, got, "size")) || n.equal(w.Figure, single(tool, got, "share")) ||
		tool == "list_customers" && n.equal(w.Figure, got.Values["size"])
}

// asTable gives rows said outright the columns of a result.
func asTable(rows [][]any, like *tools.Result) *tools.Result {
	return &tools.Result{Columns: like.Columns, Rows: rows}
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

// list compares the ids, in order where they are ranked. Who stands within a
// tie at the end is the tools' own affair, so values are compared where ids differ.
func (n comparison) list(w want, got *tools.Result) bool {
	if w.First {
		return len(w.result.Rows) > 0 && len(got.Rows) > 0 && w.result.Rows[0][0] == got.Rows[0][0]
	}
	if w.List["limit"] == nil && w.List["by"] == nil {
		size := w.result.Values["size"]
		if w.members != nil {
			size = len(w.members)
		}
		return n.equal(size, got.Values["size"])
	}
	if w.List["limit"] != nil && len(w.result.Rows) != len(got.Rows) {
		return false
	}
	for i := range min(len(w.result.Rows), len(got.Rows)) {
		a, b := w.result.Rows[i], got.Rows[i]
		tie := w.List["by"] != nil && len(a) > 1 && len(b) > 1 && n.equal(a[1], b[1])
		if a[0] != b[0] && !tie {
			return false
		}
	}
	return len(got.Rows) > 0
}

// table compares totals where no rows are wanted, else rows by their keys, in
// their order where that counts.
func (n comparison) table(w want, due, got *tools.Result) bool {
	if len(due.Rows) == 0 {
		if len(got.Rows) > 0 || len(due.Values) > len(got.Values) {
			return false
		}
		for name, v := range due.Values {
			if !slices.ContainsFunc(values(got, name), func(w any) bool { return n.equal(v, w) }) {
				return false
			}
		}
		return true
	}
	if w.First {
		return len(got.Rows) > 0 && n.row(due, due.Rows[0], got, got.Rows[0])
	}
	if len(due.Rows) != len(got.Rows) {
		return false
	}
	if w.Ordered {
		for i, row := range due.Rows {
			if !n.row(due, row, got, got.Rows[i]) {
				return false
			}
		}
		return true
	}
	rows := map[string][][]any{} // several rows may bear one name
	for _, row := range got.Rows {
		k := key(got, row)
		rows[k] = append(rows[k], row)
	}
	for _, row := range due.Rows {
		k := key(due, row)
		at := slices.IndexFunc(rows[k], func(other []any) bool { return n.row(due, row, got, other) })
		if at < 0 {
			return false
		}
		rows[k] = slices.Delete(slices.Clone(rows[k]), at, at+1)
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

func (n comparison) row(dueIn *tools.Result, due []any, gotIn *tools.Result, got []any) bool {
	if key(dueIn, due) != key(gotIn, got) {
		return false
	}
	a, b := figures(dueIn, due), figures(gotIn, got)
	if len(a) > len(b) {
		return false
	}
	for i := range a {
		if !n.equal(a[i], b[i]) {
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

// equal compares two cells: figures by value, to within rounding and the
// tolerance. Unset is like unset only.
func (n comparison) equal(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x == y || math.Abs(x-y) <= max(n.tolerance, 1e-9)*math.Abs(x)
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
	case uint64:
		return float64(n), true
	case bool:
		return 0, false
	}
	x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	return x, err == nil
}
