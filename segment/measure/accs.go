package measure

import (
	"math"

	"tesela/segment"
	"tesela/segment/column"
)

// accs makes empty figures for a stream.
func (r *run) accs(s *scan, st *stream, level int) []acc {
	all := make([]acc, len(st.specs))
	for i, spec := range st.specs {
		all[i] = r.newAcc(s, spec, level)
	}
	return all
}

func (r *run) newAcc(s *scan, spec accSpec, level int) acc {
	t := s.table
	c := t.Props[spec.prop]
	switch spec.fn {
	case fnCustomers:
		return &whoAcc{}
	case fnEvents:
		return &eventsAcc{ids: t.IDs, scattered: t.Scattered}
	case fnFresh:
		return &freshAcc{total: level == levelAll}
	case fnGaps:
		return &gapsAcc{table: t, days: r.days, steps: s.days}
	case fnFirst, fnLast:
		return &edgeAcc{table: t, last: spec.fn == fnLast, show: r.shower(t)}
	case fnSum:
		if c.Kind == column.Number {
			return &floatSumAcc{col: c}
		}
		if c.Packed != nil && !r.multi && sumsFit(c.Packed, t.Len()) {
			return newPackedSum(c.Packed)
		}
		return &intSumAcc{col: c}
	case fnMin, fnMax:
		if c.Kind == column.Number {
			return &floatExtremeAcc{col: c, most: spec.fn == fnMax}
		}
		return &extremeAcc{col: c, most: spec.fn == fnMax}
	case fnDays, fnWeeks, fnMonths:
		return r.activeAcc(s, spec.fn)
	case fnDistinct:
		return r.distinctOf(c)
	}
	return &rowsAcc{}
}

// bitsMost is the most bits that the distinct values of all cells may take.
const bitsMost = 1 << 25

// inBits tells whether a set of bits for each cell serves n different codes.
func (r *run) inBits(n int) bool {
	return uint64(n+64) <= bitsMost/min(bitsMost, r.keySpan(levelCells))
}

func (r *run) distinctOf(c *column.Column) acc {
	switch c.Kind {
	case column.Text:
		if n := c.Dict.Len(); r.inBits(n) {
			return newDistinct(uint32(n), c.Packed, func(b *block) []uint32 { return b.codes(c) })
		}
		return loose(func(row int, visit func(uint64)) {
			if code := c.Code(row); code != 0 {
				visit(uint64(code))
			}
		})
	case column.Tags:
		return loose(func(row int, visit func(uint64)) {
			for _, t := range c.TagsAt(row) {
				visit(uint64(t))
			}
		})
	case column.Number:
		return loose(func(row int, visit func(uint64)) {
			if v := c.Float(row); v == v {
				visit(math.Float64bits(v + 0)) // -0 + 0 is 0
			}
		})
	}
	return loose(func(row int, visit func(uint64)) {
		if v := c.Int(row); v != column.Unset {
			visit(uint64(v))
		}
	})
}

func loose(values func(row int, visit func(uint64))) acc {
	return &looseAcc{values: values, seen: map[looseKey]struct{}{}}
}

// activeAcc gathers the local days, ISO weeks or months of rows.
func (r *run) activeAcc(s *scan, fn slotFn) acc {
	t, days := s.table, r.days
	number := func(day segment.Day) int64 {
		switch fn {
		case fnWeeks:
			return int64(day.PeriodStart("week")+3) / 7
		case fnMonths:
			y, m, _ := day.Date()
			return int64(y)*12 + int64(m)
		}
		return int64(day)
	}
	first, n := number(days.first), int64(len(days.bounds))
	if n > 0 && r.inBits(int(n)) {
		numbers := make([]uint32, n)
		for i := range numbers {
			numbers[i] = uint32(number(days.first+segment.Day(i))-first) + 1
		}
		return newDistinct(uint32(n)+1, nil, func(b *block) []uint32 {
			w := b.w
			w.codes = extend(w.codes[:0], b.len())
			if s.days != nil {
				s.days.number(b.xs(t.Clock), w.codes)
				for i, day := range w.codes {
					w.codes[i] = numbers[day]
				}
				return w.codes
			}
			for i, row := range b.list() {
				w.codes[i] = numbers[days.day(t.Time(int(row)))-days.first]
			}
			return w.codes
		})
	}
	return loose(func(row int, visit func(uint64)) { visit(uint64(number(days.day(t.Time(row))))) })
}

// shower reads a time or a property off the earliest or latest row.
func (r *run) shower(t *column.Table) func(s *slot, row int) value {
	return func(s *slot, row int) value {
		if s.prop == "" {
			return intValue(t.Time(row))
		}
		c := t.Props[s.prop]
		if !c.IsSet(row) {
			return value{}
		}
		switch c.Kind {
		case column.Number:
			return floatValue(c.Float(row))
		case column.Text:
			return value{set: true, cell: c.Dict.Word(c.Code(row))}
		case column.Bool:
			return value{set: true, cell: c.Int(row) != 0}
		}
		return intValue(c.Int(row))
	}
}
