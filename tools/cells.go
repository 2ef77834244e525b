package tools

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// cellOf gives value i of a column as a cell of a result: nil where unset,
// money as a decimal string, times in the workspace's zone.
func cellOf(c *column.Column, i int, s *segment.Schema) any {
	if !c.IsSet(i) {
		return nil
	}
	switch c.Kind {
	case column.Text:
		return c.Dict.Word(c.Code(i))
	case column.Number:
		return c.Float(i)
	case column.Bool:
		return c.Int(i) != 0
	case column.Tags:
		var tags []string
		for _, code := range c.TagsAt(i) {
			tags = append(tags, c.Dict.Word(code))
		}
		return strings.Join(tags, ", ")
	default:
		return literal(c.Kind, c.Int(i), s)
	}
}

// literal writes a value of an ordered kind, in the units of column.Column
// (numbers as float64 bits), as formulas and results write it.
func literal(kind column.Kind, v int64, s *segment.Schema) string {
	switch kind {
	case column.Number:
		return strconv.FormatFloat(math.Float64frombits(uint64(v)), 'f', -1, 64)
	case column.Money:
		return segment.MoneyString(v, s.Digits)
	case column.Bool:
		return strconv.FormatBool(v != 0)
	case column.Time:
		return time.UnixMicro(v).In(s.Zone).Format(time.RFC3339Nano)
	case column.Date:
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(v)).Format(time.DateOnly)
	}
	return ""
}

// extremes gives a field's bounds as literals, "" where there are none.
func extremes(f segment.Field, s *segment.Schema) (low, high string) {
	if f.Set == 0 {
		return "", ""
	}
	return literal(f.Kind, f.Low, s), literal(f.Kind, f.High, s)
}

// localDay is the day of an instant in the workspace's zone.
func localDay(t time.Time, s *segment.Schema) string { return t.In(s.Zone).Format(time.DateOnly) }

// unitOf is what a kind's cells are counted in, "" for nothing.
func unitOf(kind column.Kind, s *segment.Schema) string {
	if kind == column.Money {
		return s.Currency
	}
	return ""
}

// cellKind is the kind of a result's column that shows a field: tags are
// joined into one text.
func cellKind(kind column.Kind) string {
	if kind == column.Tags {
		return column.Text.String()
	}
	return kind.String()
}
