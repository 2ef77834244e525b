package measure

import (
	"math"
	"math/bits"

	"tesela/segment"
	"tesela/segment/column"
)

// stepper numbers the periods of packed times without a look at the calendar:
// by a table of all of them, by the few steps there are, or hours by arithmetic.
type stepper struct {
	table []uint32
	steps *column.Steps
	// ofDay are the periods of the local days that steps number; nil where they
	// number the periods.
	ofDay []uint32
	// Of hours: a unit is a packed step, and time begins with a local midnight
	// so many units before packed time 0. magic is 2^64 by the units of a day.
	magic   uint64
	ahead   []uint64
	offsets *column.Steps // which of ahead holds; nil: the first
}

// daysOf is less than any period lasts, in days: clocks are moved by a day at
// most.
var daysOf = map[string]float64{"day": 0.5, "weekday": 0.5, "week": 5.5, "month": 26, "quarter": 88, "year": 363}

const dayMicros = 86400e6

// newStepper tabulates a calendar over the times of a clock; nil where that
// would be too long.
func newStepper(c *calendar, clock *column.Packed) *stepper {
	if clock == nil || c.n == 0 || len(c.bounds) < 2 {
		return nil
	}
	first, last := c.bounds[0], c.bounds[len(c.bounds)-1]-1
	of := func(t int64) int64 {
		var key [1]uint64
		c.number([]int64{max(first, min(t, last))}, key[:]) // no others are asked for
		return int64(key[0])
	}
	switch {
	case clock.U32 == nil:
		s := &stepper{table: make([]uint32, clock.Most+1)}
		for x := uint32(1); x <= clock.Most; x++ {
			s.table[x] = uint32(of(clock.Of(x)))
		}
		return s
	case c.per == "hour":
		return hourStepper(c, clock)
	}
	if s := dayStepper(c, clock, of); s != nil {
		return s
	}
	if steps := column.NewSteps(clock, int64(daysOf[c.per]*dayMicros), of); steps != nil {
		return &stepper{steps: steps}
	}
	return nil
}

// manyTimes is how many there must be for it to be worth while to number all
// days.
const manyTimes = 1 << 18

// dayStepper finds periods of uneven length by their days, which are numbered
// many at once; nil where they are not.
func dayStepper(c *calendar, clock *column.Packed, of func(t int64) int64) *stepper {
	if c.per == "day" || c.per == "week" || clock.Len() < manyTimes || clock.Most == 0 {
		return nil
	}
	days := newCalendar("day", c.zone, segment.Span{From: clock.Of(max(1, clock.Least)), To: clock.Of(clock.Most) + 1})
	first, last := days.bounds[0], days.bounds[len(days.bounds)-1]-1
	steps := column.NewSteps(clock, dayMicros/2, func(t int64) int64 { return int64(days.bound(max(first, min(t, last)))) })
	if steps == nil || !steps.Quick() {
		return nil
	}
	s := &stepper{steps: steps, ofDay: make([]uint32, len(days.bounds)-1)}
	for i, begin := range days.bounds[:len(days.bounds)-1] {
		s.ofDay[i] = uint32(of(begin))
	}
	return s
}

// hourStepper multiplies instead of dividing (Lemire, Kaser and Kurz, Faster
// remainder by direct computation, 2019): the lower half of a time's product
// with magic is the part of the day that has gone by, as a fraction of 2^64. It
// is too much by less than 2^33, a unit is more than 2^64 / 24 / 2^28.
func hourStepper(c *calendar, clock *column.Packed) *stepper {
	const hour = dayMicros / 24
	if hour%clock.Step != 0 || hour/clock.Step > 1<<24 {
		return nil
	}
	s := &stepper{magic: math.MaxUint64/uint64(dayMicros/clock.Step) + 1}
	least := int64(math.MaxInt64)
	for i, offset := range c.offsets {
		local := (clock.Base%dayMicros+offset)%dayMicros + dayMicros
		s.ahead = append(s.ahead, uint64(local%dayMicros/clock.Step))
		if i > 1 {
			least = min(least, c.bounds[i]-c.bounds[i-1])
		}
	}
	if len(s.ahead) == 1 {
		return s
	}
	last := c.bounds[len(c.bounds)-1] - 1
	s.offsets = column.NewSteps(clock, min(least, 32*dayMicros), func(t int64) int64 {
		return int64(c.bound(max(c.bounds[0], min(t, last))))
	})
	if s.offsets == nil {
		return nil
	}
	return s
}

// number sets dst to the periods of packed times.
func (s *stepper) number(xs, dst []uint32) {
	dst = dst[:len(xs)]
	switch {
	case s.table != nil:
		for i, x := range xs {
			dst[i] = s.table[x]
		}
	case s.steps != nil:
		s.steps.Number(xs, dst)
		if s.ofDay != nil {
			for i, day := range dst {
				dst[i] = s.ofDay[day]
			}
		}
	case s.offsets == nil:
		ahead, magic := s.ahead[0], s.magic
		for i, x := range xs {
			hour, _ := bits.Mul64((uint64(x)+ahead)*magic, 24)
			dst[i] = uint32(hour)
		}
	default:
		s.offsets.Number(xs, dst)
		for i, x := range xs {
			hour, _ := bits.Mul64((uint64(x)+s.ahead[dst[i]])*s.magic, 24)
			dst[i] = uint32(hour)
		}
	}
}

// one is number of a single time; not of hours.
func (s *stepper) one(x uint32) uint32 {
	if s.table != nil {
		return s.table[x]
	}
	n := uint32(s.steps.Of(x))
	if s.ofDay != nil {
		n = s.ofDay[n]
	}
	return n
}
