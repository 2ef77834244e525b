package bench

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tesela/segment"
	"tesela/segment/measure"
)

// CheckFormula tells how the engines differ on a formula; nil where they have
// the very same members.
func (e *Engines) CheckFormula(ctx context.Context, f Formula) (size int, err error) {
	ours, err := e.Segment(ctx, f)
	if err != nil {
		return 0, fmt.Errorf("%s: Tesela: %w", f.Name, err)
	}
	theirs, err := e.DuckMembers(ctx, f)
	if err != nil {
		return 0, fmt.Errorf("%s: DuckDB: %w", f.Name, err)
	}
	if !ours.Equal(theirs) {
		return 0, fmt.Errorf("%s: Tesela has %d members, DuckDB %d; only Tesela %s, only DuckDB %s\n%s", f.Name,
			ours.Len(), theirs.Len(), some(ours.AndNot(theirs)), some(theirs.AndNot(ours)), f.Text)
	}
	return ours.Len(), nil
}

func some(s *segment.Set) string {
	var first []string
	s.Each(func(i int) {
		if len(first) < 5 {
			first = append(first, strconv.Itoa(i))
		}
	})
	return fmt.Sprintf("%d [%s]", s.Len(), strings.Join(first, " "))
}

// CheckMeasure tells how the engines differ on a measure; nil where they give
// the same rows. Rates and means, which DuckDB has as float64, may differ in
// the last bits.
func (e *Engines) CheckMeasure(ctx context.Context, m Measure) (rows int, err error) {
	ours, err := e.Figures(ctx, m)
	if err != nil {
		return 0, fmt.Errorf("%s: Tesela: %w", m.Name, err)
	}
	theirs, err := e.DuckFigures(ctx, m)
	if err != nil {
		return 0, fmt.Errorf("%s: DuckDB: %w", m.Name, err)
	}
	mine := ours.Rows
	if len(m.GroupBy) == 0 && m.Per == "" {
		mine = [][]any{ours.Totals}
	}
	if err := sameRows(ours.Columns, mine, theirs); err != nil {
		return 0, fmt.Errorf("%s: %w", m.Name, err)
	}
	return len(mine), nil
}

// sameRows compares tables without regard to the order of rows.
func sameRows(columns []measure.Column, ours, theirs [][]any) error {
	if len(ours) != len(theirs) {
		return fmt.Errorf("Tesela has %d rows, DuckDB %d", len(ours), len(theirs))
	}
	keys := 0
	for keys < len(columns) && !figure(columns, keys) {
		keys++
	}
	sorted := func(rows [][]any) [][]any {
		rows = slices.Clone(rows)
		slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(keyOf(a, keys), keyOf(b, keys)) })
		return rows
	}
	ours, theirs = sorted(ours), sorted(theirs)
	for i, row := range ours {
		for k, cell := range row {
			kind := ""
			if k < len(columns) {
				kind = columns[k].Kind
			}
			if len(row) != len(theirs[i]) || !sameCell(kind, cell, theirs[i][k]) {
				return fmt.Errorf("Tesela has %v, DuckDB %v", row, theirs[i])
			}
		}
	}
	return nil
}

// figure tells whether a column is a measure: groups and periods of these
// questions are texts and hours.
func figure(columns []measure.Column, i int) bool {
	return columns[i].Kind != "text" && columns[i].Name != "hour"
}

func keyOf(row []any, keys int) string {
	var b strings.Builder
	for _, cell := range row[:min(keys, len(row))] {
		fmt.Fprintf(&b, "%v\x00", cell)
	}
	return b.String()
}

func sameCell(kind string, ours, theirs any) bool {
	if ours == nil || theirs == nil {
		return ours == nil && theirs == nil
	}
	if b, ok := theirs.(*big.Int); ok {
		theirs = b.Int64()
	}
	if kind == "money" {
		n, ok := theirs.(int64)
		return ok && fmt.Sprint(ours) == cents(n)
	}
	a, isA := number(ours)
	b, isB := number(theirs)
	if isA && isB {
		return a == b || math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b))
	}
	return fmt.Sprint(ours) == fmt.Sprint(theirs)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case int32:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
