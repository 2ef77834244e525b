package importer

import (
	"bytes"
	"math"
	"unicode/utf8"
)

// order is how a date of figures alone is written.
type order uint8

const (
	anyOrder order = iota // year first, or a month in words
	dayFirst
	monthFirst
)

// moment is a date or a time as it is written, before any time zone.
type moment struct {
	year, month, day int
	// micros since midnight; clock tells that a time of day was written.
	micros int64
	clock  bool
	// zoned: the text carries its offset (seconds east).
	zoned  bool
	offset int
	// order that this text proves; anyOrder where it proves none. slashed
	// tells that it is of the kind whose order must be known, even that the
	// two figures could be swapped.
	order   order
	slashed bool
	either  bool
	// plain: figures alone (YYYYMMDD or an epoch), a date only by context.
	plain bool
	// epoch: micros holds the instant since 1970 and the date is not set.
	epoch bool
}

const (
	second = int64(1e6)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// parseMoment reads a date or time as people and programs write them. Where
// the order of day and month is open it is read by the given order, and
// fails where that cannot be.
func parseMoment(b []byte, by order) (m moment, ok bool) {
	if len(b) >= 10 && b[4] == '-' && b[7] == '-' {
		if y, ok1 := digits4(b); ok1 {
			mo, ok2 := digits2(b[5:])
			d, ok3 := digits2(b[8:])
			if ok2 && ok3 {
				m = moment{year: y, month: mo, day: d}
				return m, m.sound() && m.readClock(b[10:])
			}
		}
	}
	if m, ok = parseFigures(b); ok {
		return m, true
	}
	m = moment{}
	rest, ok := m.readDate(b, by)
	if !ok || !m.sound() {
		return m, false
	}
	return m, m.readClock(rest)
}

// parseFigures reads YYYYMMDD, YYYYMMDDhhmmss and epochs in seconds, milli-,
// micro- and nanoseconds, told apart by their size.
func parseFigures(b []byte) (m moment, ok bool) {
	neg := len(b) > 1 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	n := 0
	var v uint64
	for n < len(b) && b[n]-'0' <= 9 && n < 19 {
		v = v*10 + uint64(b[n]-'0')
		n++
	}
	fraction := b[n:]
	if n == 0 || len(fraction) > 0 && (fraction[0] != '.' || n > 11 || len(fraction) > 10) {
		return m, false
	}
	if len(fraction) == 0 && !neg {
		switch n {
		case 8:
			m = moment{year: int(v / 10000), month: int(v / 100 % 100), day: int(v % 100), plain: true}
			if m.year >= 1800 && m.year < 2200 && m.sound() {
				return m, true
			}
		case 14:
			date, clock := v/1e6, v%1e6
			m = moment{
				year: int(date / 10000), month: int(date / 100 % 100), day: int(date % 100), plain: true, clock: true,
				micros: int64(clock/10000)*hour + int64(clock/100%100)*minute + int64(clock%100)*second,
			}
			if m.year >= 1900 && m.year < 2200 && m.sound() && clock/10000 < 24 && clock/100%100 < 60 && clock%100 < 60 {
				return m, true
			}
		}
	}
	m = moment{plain: true, epoch: true, clock: true}
	switch {
	case v < 1e8 || v > math.MaxInt64:
		return m, false // too few figures for an epoch of our days
	case v < 1e11:
		m.micros = int64(v) * second
		unit := second / 10
		for i := 1; i < len(fraction); i++ {
			if fraction[i]-'0' > 9 {
				return m, false
			}
			m.micros += int64(fraction[i]-'0') * unit
			unit /= 10
		}
	case len(fraction) > 0:
		return m, false
	case v < 1e14:
		m.micros = int64(v) * 1000
	case v < 1e17:
		m.micros = int64(v)
	default:
		m.micros = int64(v / 1000)
	}
	if neg {
		m.micros = -m.micros
	}
	return m, true
}

// Days of a spreadsheet count from 1899-12-30; 1970-01-01 is the 25569th.
// Those of 1954 to 2119 are told from other figures.
const (
	serialEpoch = 25569
	serialFirst = 20000
	serialLast  = 80000
)

// parseSerial reads a spreadsheet's time, such as 45292.5 for noon of
// 2024-01-01, as microseconds of local time.
func parseSerial(b []byte) (local int64, ok bool) {
	d, ok := parsePlain(b)
	if !ok || d.scale > 12 || len(b) < 5 {
		return 0, false
	}
	unit := pow10[d.scale]
	if d.mant < serialFirst*unit || d.mant >= serialLast*unit {
		return 0, false
	}
	whole, rest := d.mant/unit, d.mant%unit
	// To the second: a spreadsheet's fractions of a day are not exacter.
	seconds := int64(math.Round(float64(rest) / float64(unit) * 86400))
	return (whole-serialEpoch)*day + seconds*second, true
}

// readDate reads figures and month names parted by / . - or blanks.
func (m *moment) readDate(b []byte, by order) (rest []byte, ok bool) {
	var value [3]int
	var width [3]int
	named, parts := -1, 0
	for parts < 3 {
		b = bytes.TrimLeft(b, " ")
		if parts > 0 && len(b) > 0 && (b[0] == '/' || b[0] == '.' || b[0] == '-' || b[0] == ',') {
			b = bytes.TrimLeft(b[1:], " ")
		}
		n := 0
		for n < len(b) && b[n]-'0' <= 9 && n < 5 {
			value[parts] = value[parts]*10 + int(b[n]-'0')
			n++
		}
		if n == 0 {
			for n < len(b) {
				r, size := utf8.DecodeRune(b[n:])
				if r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x80 {
					break
				}
				n += size
			}
			if n == 0 {
				return b, false
			}
			word := bytes.ToLower(b[:n])
			if string(word) == "de" || string(word) == "of" { // 3 de mayo de 2011
				b = b[n:]
				continue
			}
			month, known := words().months[string(word)]
			if !known {
				if parts == 0 && named < 0 && n < len(b) && (b[n] == ',' || b[n] == ' ') && n <= 9 {
					b = bytes.TrimLeft(b[n:], ", ") // a weekday
					named = -2
					continue
				}
				return b, false
			}
			value[parts], named = month, parts
		} else if n < len(b) && parts < 2 && named != parts-1 && hasOrdinal(b[n:]) {
			n += 2
		}
		width[parts] = n
		b = b[n:]
		parts++
	}
	switch {
	case named == 0: // Dec 1, 2010
		m.month, m.day, m.year = value[0], value[1], fullYear(value[2], width[2])
	case named == 1 && width[0] == 4: // 2010-Dec-01
		m.year, m.month, m.day = value[0], value[1], value[2]
	case named == 1: // 1-Dec-10
		m.day, m.month, m.year = value[0], value[1], fullYear(value[2], width[2])
	case named == 2:
		return b, false
	case width[0] == 4: // 2010/12/1
		m.year, m.month, m.day = value[0], value[1], value[2]
	case width[0] > 2 || width[1] > 2 || width[2] != 2 && width[2] != 4:
		return b, false
	default:
		m.slashed = true
		m.year = fullYear(value[2], width[2])
		first, next := value[0], value[1]
		switch {
		case first > 12:
			m.order = dayFirst
		case next > 12:
			m.order = monthFirst
		default:
			m.either = true
		}
		if by == anyOrder {
			by = m.order
		}
		if by == monthFirst {
			m.month, m.day = first, next
		} else {
			m.day, m.month = first, next
		}
	}
	return b, true
}

func hasOrdinal(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch string(b[:2]) {
	case "st", "nd", "rd", "th", "º ", "ª ":
		return true
	}
	return false
}

// fullYear takes 69 for 1969 and 68 for 2068, as Unix does.
func fullYear(v, width int) int {
	switch {
	case width > 2:
		return v
	case v >= 69:
		return 1900 + v
	default:
		return 2000 + v
	}
}

var monthDays = [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// sound tells whether the date is one of the calendar.
func (m *moment) sound() bool {
	if m.epoch {
		return true
	}
	if m.year < 1 || m.year > 9999 || m.month < 1 || m.month > 12 || m.day < 1 {
		return false
	}
	last := monthDays[m.month-1]
	if m.month == 2 && m.year%4 == 0 && (m.year%100 != 0 || m.year%400 == 0) {
		last = 29
	}
	return m.day <= last
}

// days since 1970-01-01 of the date as written (of the UTC day of an epoch).
// The arithmetic is Howard Hinnant's days_from_civil.
func (m *moment) days() int64 {
	if m.epoch {
		d := m.micros / day
		if m.micros%day < 0 {
			d--
		}
		return d
	}
	y, mo := int64(m.year), int64(m.month)
	if mo <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*((mo+9)%12)+2)/5 + int64(m.day) - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// instant in microseconds since 1970 UTC; local times are those of the zone.
func (m *moment) instant(z *zone) int64 {
	switch {
	case m.epoch:
		return m.micros
	case m.zoned:
		return m.days()*day + m.micros - int64(m.offset)*second
	default:
		return z.utc(m.days()*day + m.micros)
	}
}
